"""The files of opened bids, for the committee that judges them and the supervisor that watches it.

They are answered as bytes to a program, never as a page: no browser shows them as ours, runs a
script in them or guesses what they are. What a supervisor reads is recorded, as all its looking is.
"""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping
from contextlib import AsyncExitStack
from typing import Annotated, Any

from fastapi import APIRouter, Path
from starlette.requests import Request
from starlette.responses import Response, StreamingResponse
from starlette.types import Receive, Scope, Send

from project.state import ProjectState
from record.errors import Busy, NotFound, Refused
from rooms.opened_files import Reader, readable, readable_bid, reader_of
from web.deps import ProjectId, ServicesDep, Visitor, Who, project_state, roles_in
from web.downloads import DocumentId, SectionName
from web.exports import note_view
from web.file_names import saved_as
from web.opened_packages import PIECE, OpenedFile, OpenedPackage, pieces_of
from web.ranges import Span, span_of
from web.readers import Content
from web.services import Services

router = APIRouter(tags=["evaluation"])
FILES = "/api/projects/{project}/sections/{section}/bids/{bid}/files"
FileNumber = Annotated[int, Path(ge=0, le=100_000)]
PATIENCE_SECONDS = 60
"""How long whoever reads may leave a piece waiting, and how long it waits for its turn."""
POLICY = "sandbox; default-src 'none'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'"

Still = Callable[[], Awaitable[bool]]


@router.get(FILES)
async def list_files(
    services: ServicesDep, who: Who, project: ProjectId, section: SectionName, bid: DocumentId
) -> dict[str, Any]:
    """List what the package of an opened bid holds, and which bids of its bidder may be read."""
    state, package = await _package(services, who, (project, section, bid))
    bids = readable(state, section)
    return {
        "bid": bid,
        "envelopes": [
            {"envelope": state.opening.bids[one].place[1], "bid": one}
            for one, judged in bids.items()
            if judged == bids[bid]
        ],
        "items": [_told(n, one) for n, one in enumerate(package.files)],
    }


@router.head(FILES + "/{n}")
async def ask_file(
    services: ServicesDep,
    who: Who,
    project: ProjectId,
    section: SectionName,
    bid: DocumentId,
    n: FileNumber,
) -> Response:
    """Tell the size and the hash of a file without reading it."""
    _, package = await _package(services, who, (project, section, bid))
    wanted = _file(package, n)
    whole = Span(0, wanted.size, is_part=False)
    return Response(None, headers=_headers(wanted, whole))


@router.get(FILES + "/{n}")
async def read_file(
    request: Request,
    services: ServicesDep,
    who: Who,
    project: ProjectId,
    section: SectionName,
    bid: DocumentId,
    n: FileNumber,
) -> Response:
    """Read a file of an opened bid, or one part of it; decrypted as it is read."""
    rate = services.settings.limits.file_reads_by_account
    services.rates.take("file", who.account, rate)
    _, package = await _package(services, who, (project, section, bid))
    wanted = _file(package, n)
    asked, condition = request.headers.get("range"), request.headers.get("if-range")
    span = span_of(asked, condition, _etag(wanted), wanted.size)

    async def still() -> bool:
        try:
            await _may_read(services, who, project, section)
        except Refused:
            return False
        return True

    async with AsyncExitStack() as stack:
        try:
            async with asyncio.timeout(PATIENCE_SECONDS):
                await services.readings.take(who.account, stack)
        except TimeoutError:
            raise Busy("reading.too_many") from None
        content = await services.packages.content(package, n)
        stack.callback(content.close)
        if span.end - span.begin <= PIECE:
            part = await services.workers.run_reading(content.read, span.begin, span.end)
            return Response(part, 206 if span.is_part else 200, _headers(wanted, span))
        pieces = _pieces(services, content, span, still)
        # what cannot be read at all is refused in words, before anything is answered
        first = await anext(pieces, b"")
        answer = Reading(first, pieces, span, _headers(wanted, span))
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


async def _package(
    services: Services, who: Visitor, name: tuple[str, str, str]
) -> tuple[ProjectState, OpenedPackage]:
    """Return a package for somebody who may read it; a supervisor's reading is recorded first.

    Refusals: those of `reader_of`, bids.unknown, reading.lost, reading.damaged.
    """
    project, section, bid = name
    state, reader = await _may_read(services, who, project, section)
    readable_bid(state, section, bid)
    if reader == "supervisor":
        await note_view(services, state, who, "files")
    return state, await services.packages.package(state.opening, bid)


async def _may_read(
    services: Services, who: Visitor, project: str, section: str
) -> tuple[ProjectState, Reader]:
    state = await project_state(services, project)
    return state, reader_of(state, section, who.account, roles_in(state, who.account))


def _file(package: OpenedPackage, n: int) -> OpenedFile:
    if n >= len(package.files):
        raise NotFound("reading.no_such_file")
    return package.files[n]


def _told(n: int, one: OpenedFile) -> dict[str, str | int]:
    return {"n": n, "path": one.path, "size": one.size, "sha256": one.sha256, "kind": one.kind}


def _etag(wanted: OpenedFile) -> str:
    return f'"{wanted.sha256}"'


def _headers(wanted: OpenedFile, span: Span) -> dict[str, str]:
    return {
        **saved_as(wanted.path.rpartition("/")[2]),
        **span.headers(wanted.size),
        "content-type": "application/octet-stream",
        "content-security-policy": POLICY,
        "cache-control": "no-store",
        "etag": _etag(wanted),
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
