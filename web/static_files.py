"""What browsers load: built code and styles by names that change with them, and a few pictures.

It must serve nothing that is not in the folder of static files.
"""

from collections.abc import MutableMapping
from pathlib import Path
from typing import Any

from starlette.datastructures import Headers
from starlette.exceptions import HTTPException
from starlette.responses import Response
from starlette.staticfiles import StaticFiles

from web.frame import POLICY
from web.packing import takes

FOLDER = Path(__file__).parent / "static"
_FOR_GOOD = "public, max-age=31536000, immutable"
_SAME_NAME = (".json", ".map", ".html", ".sha256")
"""How built files end that keep their name when they change."""
_FOR_AN_HOUR = "public, max-age=3600"
_SEALING_WORKER = "dist/bidder-worker-"
_WORKER_POLICY = POLICY.replace("script-src 'self'", "script-src 'self' 'wasm-unsafe-eval'")
"""The one program that may run WebAssembly: a module it writes itself, to hash what it seals."""
_TYPES = {".js": "text/javascript; charset=utf-8", ".css": "text/css; charset=utf-8"}
"""Endings of built files that the build packs."""
_PACKINGS = {"br": ".br", "gzip": ".gz"}
"""The packings the build makes, the tighter first, and how their files end."""


class Static(StaticFiles):
    """Static files, packed where they can be; those named by their hash may be kept for good."""

    async def get_response(self, path: str, scope: MutableMapping[str, Any]) -> Response:
        """Return a file, with how long it may be kept."""
        answer = await self._packed(path, scope) or await super().get_response(path, scope)
        is_built = path.startswith("dist/") and not path.endswith(_SAME_NAME)
        answer.headers["cache-control"] = _FOR_GOOD if is_built else _FOR_AN_HOUR
        if path.startswith(_SEALING_WORKER):
            answer.headers["content-security-policy"] = _WORKER_POLICY
        return answer

    async def _packed(self, path: str, scope: MutableMapping[str, Any]) -> Response | None:
        """Return a built file as it was packed, the way the browser likes best."""
        kind = _TYPES.get(path[path.rfind(".") :]) if path.startswith("dist/") else None
        accepted = Headers(scope=scope).get("accept-encoding", "")
        for packing, ending in _PACKINGS.items():
            if kind is None or not takes(accepted, packing):
                continue
            try:
                answer = await super().get_response(path + ending, scope)
            except HTTPException:
                continue
            told = {"content-type": kind, "content-encoding": packing, "vary": "accept-encoding"}
            answer.headers.update(told)
            return answer
        return None


def static_files() -> Static:
    """Return the application that serves the folder."""
    FOLDER.mkdir(exist_ok=True)
    return Static(directory=FOLDER)
