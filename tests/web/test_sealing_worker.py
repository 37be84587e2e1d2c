"""The policy of the sealing worker: WebAssembly there, and nowhere else."""

import asyncio
from pathlib import Path

from starlette.datastructures import Headers

from web.static_files import Static


def headers(folder: Path, name: str) -> Headers:
    """Return what a built file is served with."""
    path = folder / "dist" / name
    path.parent.mkdir(exist_ok=True)
    path.write_text("1")
    scope = {"type": "http", "method": "GET", "headers": []}
    return asyncio.run(Static(directory=folder).get_response(f"dist/{name}", scope)).headers


def test_only_the_sealing_worker_may_run_webassembly(tmp_path: Path) -> None:
    policy = headers(tmp_path, "bidder-worker-ABCDEFGH.js")["content-security-policy"]
    assert "script-src 'self' 'wasm-unsafe-eval';" in policy
    assert "connect-src 'self'" in policy
    assert "content-security-policy" not in headers(tmp_path, "bidder-ABCDEFGH.js")
