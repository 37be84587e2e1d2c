"""HTTP as the client speaks it: JSON, problems, patience; it must not know any command.

Whatever carries a command id, or only reads, is sent again when the line breaks: the service
answers the same for the same id.
"""

import asyncio
import json
from collections.abc import AsyncIterable, AsyncIterator, Mapping
from contextlib import asynccontextmanager
from types import TracebackType
from typing import Any, Self

import httpx

from client import clock
from client.errors import Declined, Unreachable

PATIENCE = 30.0
"""For how long a request is tried again, seconds."""
_FIRST_PAUSE = 0.1
_LONGEST_PAUSE = 2.0
_AGAIN = frozenset({429, 502, 503, 504})
_TIMEOUT = httpx.Timeout(60.0, connect=5.0)


class Service:
    """A connection to one service, with or without somebody signed in."""

    def __init__(self, server: str, token: str = "", *, patience: float = PATIENCE) -> None:
        self.server = server.rstrip("/")
        self.patience = patience
        self._http = httpx.AsyncClient(
            base_url=self.server, timeout=_TIMEOUT, headers={"accept-language": "en"}
        )
        self.sign(token)

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        await self._http.aclose()

    def sign(self, token: str) -> None:
        """Ask in the name of whoever holds this session's token from now on."""
        self._http.headers.pop("authorization", None)
        if token:
            self._http.headers["authorization"] = "Bearer " + token

    async def get(self, path: str, **params: str | int) -> Any:
        """Read JSON."""
        answer = await self.request("GET", path, params=params)
        return answer.json()

    async def get_bytes(self, path: str, **params: str | int) -> bytes:
        """Read a body as it is."""
        return (await self.request("GET", path, params=params)).content

    async def post(self, path: str, value: Any, *, command_id: str = "") -> Any:
        """Send JSON; with a command id it is sent again until it is answered."""
        body = json.dumps(value, ensure_ascii=False).encode()
        return await self.post_body(path, body, command_id=command_id)

    async def post_body(self, path: str, body: bytes, *, command_id: str = "") -> Any:
        """Send bytes of JSON unchanged; with a command id they are sent until answered."""
        headers = {"content-type": "application/json"}
        if command_id:
            headers["idempotency-key"] = command_id
        answer = await self.request(
            "POST", path, content=body, headers=headers, again=bool(command_id)
        )
        return answer.json() if answer.content else None

    async def request(
        self,
        method: str,
        path: str,
        *,
        content: bytes | AsyncIterable[bytes] | None = None,
        headers: Mapping[str, str] | None = None,
        params: Mapping[str, str | int] | None = None,
        again: bool = True,
    ) -> httpx.Response:
        """Send a request and return an answer that is no refusal.

        Args:
            method: of HTTP.
            path: from the server's root.
            content: the body; may be iterated once for each time it is sent.
            headers: besides the usual ones.
            params: of the query; never anything secret.
            again: whether it may be sent more than once.

        Raises:
            Declined: the service refused.
            Unreachable: there was no answer, however often it was tried.
        """
        until = clock.ticks() + self.patience
        pause = _FIRST_PAUSE
        while True:
            try:
                answer = await self._http.request(
                    method, path, content=content, headers=headers, params=params
                )
            except httpx.TransportError as error:
                if not again or clock.ticks() + pause > until:
                    raise Unreachable("no answer from " + self.server, repr(error)) from error
            else:
                if answer.status_code not in _AGAIN or clock.ticks() + pause > until:
                    check(answer)
                    return answer
                pause = max(pause, float(answer.headers.get("retry-after") or 0))
            await asyncio.sleep(pause)
            pause = min(2 * pause, _LONGEST_PAUSE)

    @asynccontextmanager
    async def streaming(self, path: str, **params: str | int) -> AsyncIterator[httpx.Response]:
        """Read a long body piece by piece.

        Raises:
            Declined: the service refused.
            Unreachable: the line broke.
        """
        try:
            async with self._http.stream("GET", path, params=params) as answer:
                if answer.is_error:
                    await answer.aread()
                check(answer)
                yield answer
        except httpx.TransportError as error:
            raise Unreachable("no answer from " + self.server, repr(error)) from error


def check(answer: httpx.Response) -> None:
    """Raise what a refusal says; `Declined`."""
    if not answer.is_error:
        return
    try:
        problem = answer.json()
    except ValueError:
        problem = {}
    if not isinstance(problem, dict):
        problem = {}
    code = str(problem.get("code", f"http.{answer.status_code}"))
    detail = str(problem.get("detail", answer.reason_phrase))
    raise Declined(answer.status_code, code, detail, problem)
