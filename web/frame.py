"""What stands around every answer: an id, the security headers, and a plain answer for a bug.

Plain ASGI, so that bodies stream through it; it must not read a body or a header's secret.
"""

import time
from collections.abc import Callable, Iterator, Mapping

import structlog
from starlette.requests import Request
from starlette.responses import Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from crypto.random import fresh
from web.problems import internal

_log = structlog.get_logger("web")

POLICY = (
    "default-src 'self'; script-src 'self'; style-src 'self'; img-src 'self' data: blob:; "
    "worker-src 'self'; connect-src 'self'; object-src 'none'; base-uri 'none'; "
    "form-action 'self'; frame-ancestors 'none'; require-trusted-types-for 'script'; "
    "report-uri /api/csp-reports"
)
IDS = 512
"""How many requests' ids are drawn at once: asking the system for each costs more than the id."""
HEADERS: Mapping[str, str] = {
    "content-security-policy": POLICY,
    "x-content-type-options": "nosniff",
    "referrer-policy": "no-referrer",
    "cross-origin-opener-policy": "same-origin",
    "cross-origin-resource-policy": "same-origin",
    "permissions-policy": "camera=(), geolocation=(), microphone=(), payment=(), usb=()",
    "cache-control": "no-store",
}


class Frame:
    """Wraps an application.

    Args:
        app: what is wrapped.
        is_https: whether browsers are told to stay with TLS.
        bug: answers what went wrong inside.
    """

    def __init__(
        self,
        app: ASGIApp,
        *,
        is_https: bool,
        bug: Callable[[Request, Exception], Response] = internal,
    ) -> None:
        self._app = app
        self._bug = bug
        self._ids = _ids()
        headers = dict(HEADERS)
        if is_https:
            headers["strict-transport-security"] = "max-age=31536000; includeSubDomains"
        self._headers = [(name.encode(), value.encode()) for name, value in headers.items()]

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer a request, framed; anything that is no request passes through."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        scope["request_id"] = next(self._ids)
        begun, answered = time.monotonic_ns(), 0

        async def framed(message: Message) -> None:
            nonlocal answered
            if message["type"] == "http.response.start":
                answered = message["status"]
                self._add_headers(message, scope["request_id"])
            await send(message)

        try:
            await self._app(scope, receive, framed)
        except Exception as error:
            if answered:
                raise
            await self._bug(Request(scope, receive), error)(scope, receive, framed)
        finally:
            _log.info(
                "request",
                request=scope["request_id"],
                method=scope["method"],
                path=scope["path"],
                status=answered,
                ms=(time.monotonic_ns() - begun) // 1_000_000,
            )

    def _add_headers(self, message: Message, request_id: str) -> None:
        """Add what every answer says, where the answer does not say it otherwise itself."""
        headers = list(message.get("headers", ()))
        said = {name for name, _ in headers}
        headers += [header for header in self._headers if header[0] not in said]
        headers.append((b"x-request-id", request_id.encode()))
        message["headers"] = headers


def _ids() -> Iterator[str]:
    """Return ids for requests without end, none of which tells how many came before."""
    while True:
        drawn = fresh(8 * IDS)
        yield from (drawn[at : at + 8].hex() for at in range(0, len(drawn), 8))
