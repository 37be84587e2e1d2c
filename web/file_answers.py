"""Answers one file of an opened package, or one part of it, decrypted as it is read.

It decides nothing about who may read. Under which name and tag a file goes its caller says: what
belongs to a blind part must not go by its own.
"""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping
from contextlib import AsyncExitStack
from dataclasses import dataclass
from typing import Any

from starlette.requests import Request
from starlette.responses import Response, StreamingResponse
from starlette.types import Receive, Scope, Send

from record.errors import Busy
from web.deps import Visitor
from web.file_names import saved_as
from web.opened_packages import PIECE, OpenedPackage, pieces_of
from web.ranges import Span, span_of
from web.readers import Content
from web.services import Services

PATIENCE_SECONDS = 60
"""How long whoever reads may leave a piece waiting, and how long it waits for its turn."""
POLICY = "sandbox; default-src 'none'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'"

Still = Callable[[], Awaitable[bool]]


@dataclass(frozen=True, slots=True)
class Named:
    """As what a file is answered: under which name, and by which tag it is known again."""

    name: str
    tag: str

    @property
    def etag(self) -> str:
        """The tag, with its quotes."""
        return f'"{self.tag}"'


def take_turn(services: Services, who: Visitor) -> None:
    """Count a reading against what one account may read."""
    services.rates.take("file", who.account, services.settings.limits.file_reads_by_account)


def described(size: int, named: Named) -> Response:
    """Return what tells of a file without reading it."""
    return Response(None, headers=_headers(size, named, Span(0, size, is_part=False)))


async def answered(
    request: Request,
    services: Services,
    who: Visitor,
    wanted: tuple[OpenedPackage, int, Named],
    still: Still,
) -> Response:
    """Return a file, or the part of it that a request asks for.

    Args:
        request: names the part.
        services: which read.
        who: reads.
        wanted: the package, the file by its place there, and as what it goes.
        still: whether whoever reads still may.
    """
    package, place, named = wanted
    size = package.files[place].size
    asked, condition = request.headers.get("range"), request.headers.get("if-range")
    span = span_of(asked, condition, named.etag, size)
    headers = _headers(size, named, span)
    async with AsyncExitStack() as stack:
        try:
            async with asyncio.timeout(PATIENCE_SECONDS):
                await services.readings.take(who.account, stack)
        except TimeoutError:
            raise Busy("reading.too_many") from None
        content = await services.packages.content(package, place)
        stack.callback(content.close)
        if span.end - span.begin <= PIECE:
            part = await services.workers.run_reading(content.read, span.begin, span.end)
            return Response(part, 206 if span.is_part else 200, headers)
        pieces = _pieces(services, content, span, still)
        # what cannot be read at all is refused in words, before anything is answered
        first = await anext(pieces, b"")
        answer = Reading(first, pieces, span, headers)
        answer.stack = stack.pop_all()
        return answer


class Reading(StreamingResponse):
    """A file on its way; lets go of it when it is through, or when nobody takes it any longer."""

    stack: AsyncExitStack

    def __init__(
        self, first: bytes, rest: AsyncIterator[bytes], span: Span, headers: Mapping[str, str]
    ) -> None:
        status = 206 if span.is_part else 200
        super().__init__(_joined(first, rest), status, headers)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Send the answer; one piece is not waited for without end."""

        async def sent(message: Any) -> None:
            async with asyncio.timeout(PATIENCE_SECONDS):
                await send(message)

        async with self.stack:
            await super().__call__(scope, receive, sent)


class Cut(Exception):
    """An answer that had begun cannot go on: the line is cut, so that it is not taken for whole."""


def _headers(size: int, named: Named, span: Span) -> dict[str, str]:
    return {
        **saved_as(named.name),
        **span.headers(size),
        "content-type": "application/octet-stream",
        "content-security-policy": POLICY,
        "cache-control": "no-store",
        "etag": named.etag,
    }


async def _pieces(
    services: Services, content: Content, span: Span, still: Still
) -> AsyncIterator[bytes]:
    """Give a part of a file piece by piece, for as long as the reader has the right to it."""
    for at, end in pieces_of(span.begin, span.end):
        if at > span.begin and not await still():
            raise Cut
        yield await services.workers.run_reading(content.read, at, end)


async def _joined(first: bytes, rest: AsyncIterator[bytes]) -> AsyncIterator[bytes]:
    yield first
    async for piece in rest:
        yield piece
