"""The policy of the sealing worker: WebAssembly there, and nowhere else."""

from pathlib import Path

import pytest
from starlette.applications import Starlette
from starlette.routing import Mount
from starlette.testclient import TestClient

from web.static_files import Static


@pytest.fixture
def files(tmp_path: Path) -> TestClient:
    (tmp_path / "dist").mkdir()
    for name in ("bidder-worker-ABCDEFGH.js", "bidder-ABCDEFGH.js"):
        (tmp_path / "dist" / name).write_text("1")
    return TestClient(Starlette(routes=[Mount("/static", Static(directory=tmp_path))]))


def test_only_the_sealing_worker_may_run_webassembly(files: TestClient) -> None:
    worker = files.get("/static/dist/bidder-worker-ABCDEFGH.js")
    policy = worker.headers["content-security-policy"]
    assert "script-src 'self' 'wasm-unsafe-eval';" in policy
    assert "'unsafe-eval'" not in policy
    assert "connect-src 'self'" in policy
    page = files.get("/static/dist/bidder-ABCDEFGH.js")
    assert "content-security-policy" not in page.headers
