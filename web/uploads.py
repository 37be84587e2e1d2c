"""A tus 1.0 server for sealed files: core, creation, checksum, expiration and termination.

Whoever has no right to an upload is answered before a byte of its body is read. An offset is told
only after the bytes before it are durable, and it is the size of the file. A newer request for an
upload takes it over from an older one, whose line may be dead; the older one keeps what it wrote.
It must not know what the bytes mean. Source: tus.io, resumable upload protocol 1.0.0.
"""

import asyncio
import base64
import binascii
import hmac
from collections.abc import AsyncIterator, Callable, Coroutine
from email.utils import formatdate
from typing import Annotated, Any

from fastapi import APIRouter, Depends, Path
from fastapi.routing import APIRoute
from starlette.requests import ClientDisconnect, Request
from starlette.responses import Response

from crypto.random import fresh
from project.state import ProjectState
from record.errors import NotAllowed, NotFound, NotValid, OutOfOrder, Refused, TooLate
from web.deps import ServicesDep, Visitor, Who, project_state
from web.files import Files, Part, Upload
from web.holds import Hold, Locked
from web.problems import problem
from web.services import Services

VERSION = "1.0.0"
EXTENSIONS = "creation,creation-with-upload,checksum,expiration,termination"
BLOCK = 2 << 20
FLUSH = 16 << 20
"""How many bytes are written before they are flushed while more arrive."""
PIECES = 256
"""The most pieces of a block, however small: the system takes about a thousand at once."""
QUIET_SECONDS = 60
"""How long a part may bring no byte before its line counts as dead."""
_CONTENT = "application/offset+octet-stream"


class TusRoute(APIRoute):
    """A route whose refusals say which version is spoken, as the protocol wants of answers."""

    def get_route_handler(self) -> Callable[[Request], Coroutine[Any, Any, Response]]:
        """Return the usual handler, with that said."""
        handle = super().get_route_handler()

        async def spoken(request: Request) -> Response:
            try:
                return await handle(request)
            except Refused as refused:
                answer = problem(request, refused)
            answer.headers["tus-resumable"] = VERSION
            answer.headers["tus-version"] = VERSION
            return answer

        return spoken


router = APIRouter(prefix="/api/uploads", tags=["uploads"], route_class=TusRoute)
UploadId = Annotated[str, Path(pattern=r"^[0-9a-f]{32}$")]


class WrongVersion(NotValid):
    """The client speaks another version of tus."""

    status = 412


class TooLarge(NotValid):
    """The file announced is larger than any the section takes."""

    status = 413


class WrongContent(NotValid):
    """A part is not said to be one."""

    status = 415


class WrongChecksum(NotValid):
    """The bytes that arrived are not the ones that were sent."""

    status = 460


async def tus(request: Request) -> None:
    """Refuse another version of the protocol; `uploads.version`."""
    if request.headers.get("tus-resumable") != VERSION:
        raise WrongVersion("uploads.version", version=VERSION)


Tus = Depends(tus)


@router.options("")
async def options(services: ServicesDep) -> Response:
    """Tell what this server can do."""
    return _answer(
        204,
        {
            "Tus-Version": VERSION,
            "Tus-Extension": EXTENSIONS,
            "Tus-Max-Size": str(services.settings.limits.sealed_file),
            "Tus-Checksum-Algorithm": "sha256",
        },
    )


@router.post("", dependencies=[Tus])
async def create(request: Request, services: ServicesDep, who: Who) -> Response:
    """Create an upload for a sealed file; the body, if any, is its first part.

    The metadata names `project`, `section` and `envelope`.
    """
    about = _announced(request, who, services.clock.now())
    state = await project_state(services, about.project)
    check_right(state, about, services)
    await asyncio.to_thread(services.files.create, about)
    headers = {
        "Location": f"/api/uploads/{about.upload}",
        "Upload-Expires": _expires(about, services),
    }
    if request.headers.get("content-type") == _CONTENT:
        async with services.holds.take(about.upload) as hold:
            offset = await _receive(request, services, about, 0, hold)
        headers["Upload-Offset"] = str(offset)
    return _answer(201, headers)


@router.head("/{upload}", dependencies=[Tus])
async def head(upload: UploadId, services: ServicesDep, who: Who) -> Response:
    """Tell how much is kept; an older request that still writes is ended first."""
    about = await _own(services, upload, who)
    async with services.holds.take(upload):
        offset = await asyncio.to_thread(services.files.offset, upload)
    return _answer(
        200,
        {
            "Upload-Offset": str(offset),
            "Upload-Length": str(about.length),
            "Upload-Expires": _expires(about, services),
        },
    )


@router.patch("/{upload}", dependencies=[Tus])
async def patch(request: Request, upload: UploadId, services: ServicesDep, who: Who) -> Response:
    """Append a part."""
    about = await _own(services, upload, who)
    if request.headers.get("content-type") != _CONTENT:
        raise WrongContent("uploads.content_type", wanted=_CONTENT)
    offset = _number(request, "upload-offset")
    check_right(await project_state(services, about.project), about, services)
    async with services.holds.take(upload) as hold:
        offset = await _receive(request, services, about, offset, hold)
    headers = {"Upload-Offset": str(offset), "Upload-Expires": _expires(about, services)}
    return _answer(204, headers)


@router.delete("/{upload}", dependencies=[Tus])
async def terminate(upload: UploadId, services: ServicesDep, who: Who) -> Response:
    """Drop an upload and its bytes."""
    await _own(services, upload, who)
    async with services.holds.take(upload):
        await asyncio.to_thread(services.files.drop, upload)
    return _answer(204, {})


def check_right(state: ProjectState, about: Upload, services: Services) -> None:
    """Check that the uploader may bring a sealed file of that length there, now.

    Raises:
        NotAllowed: `uploads.not_a_bidder`.
        NotFound: `uploads.no_such_section`.
        OutOfOrder: `uploads.not_open`.
        TooLate: `uploads.late`.
        TooLarge: `uploads.too_large`.
    """
    bidder = state.opening.participants.get((about.account, "bidder"))
    if bidder is None or bidder.organisation != about.organisation:
        raise NotAllowed("uploads.not_a_bidder")
    section = state.opening.sections.get(about.section)
    if section is None or about.envelope > section.terms.envelopes:
        raise NotFound("uploads.no_such_section", section=about.section)
    if services.clock.now() >= section.terms.deadline:
        raise TooLate("uploads.late", deadline=section.terms.deadline)
    if not section.taking_bids or section.suspended is not None or section.terminated:
        raise OutOfOrder("uploads.not_open")
    most = min(section.terms.max_size, services.settings.limits.sealed_file)
    if about.length > most:
        raise TooLarge("uploads.too_large", most=most)


async def _receive(
    request: Request, services: Services, about: Upload, offset: int, hold: Hold
) -> int:
    """Write a body behind `offset`; returns the offset reached, durable.

    Of a part that came with a checksum all is kept or nothing: half of it proves nothing.
    """
    checksum = _checksum(request)
    files: Files = services.files
    part = await asyncio.to_thread(files.part, about, offset, hashed=checksum is not None)
    is_right = False
    try:
        await _write(request, part, hold)
        digest = part.digest.digest() if part.digest is not None else b""
        is_right = checksum is None or hmac.compare_digest(digest, checksum)
        if not is_right:
            raise WrongChecksum("uploads.checksum")
    finally:
        kept = is_right or checksum is None
        reached = await asyncio.shield(asyncio.to_thread(_end, part, kept=kept))
    if reached == about.length:
        check_right(await project_state(services, about.project), about, services)
        await asyncio.to_thread(files.measure, about.upload)
    return reached


def _end(part: Part, *, kept: bool) -> int:
    """Close a part whose bytes are kept or not; returns the offset reached, durable."""
    if not kept:
        part.take_back()
    return part.close()


async def _write(request: Request, part: Part, hold: Hold) -> None:
    """Copy the body into the part, reading the next block while the last one is written.

    Raises:
        Locked: `uploads.taken_over`; a newer request came, or nothing arrived for too long.
        NotValid: `uploads.cut`; the line broke, what arrived is kept.
    """
    behind = Behind(part)
    try:
        async with asyncio.timeout(QUIET_SECONDS) as scope:
            hold.scope = scope
            async for pieces in _blocks(request):
                await behind.take(pieces)
                if hold.waiting == 0:
                    scope.reschedule(behind.loop.time() + QUIET_SECONDS)
    except TimeoutError:
        raise Locked("uploads.taken_over") from None
    except ClientDisconnect:
        raise NotValid("uploads.cut") from None
    finally:
        hold.scope = None
        await behind.end()


class Behind:
    """Writes, hashes and flushes a part on threads, one block while the next arrives.

    Flushing as it goes leaves little to wait for at the end: on the disks measured the last
    flush took as long as writing.

    Args:
        part: written by nobody else meanwhile.
    """

    def __init__(self, part: Part) -> None:
        self.loop = asyncio.get_running_loop()
        self._part = part
        self._flushed = part.offset
        self._writing: list[asyncio.Future[None]] = []
        self._flushing: asyncio.Future[None] | None = None

    async def take(self, pieces: list[bytes]) -> None:
        """Begin with the next block once the one before it is written."""
        for running in self._writing:
            await asyncio.shield(running)
        run, part = self.loop.run_in_executor, self._part
        if self._flushing is not None and self._flushing.done():
            self._flushing.result()  # the system tells of a failed flush only once
            self._flushing = None
        if self._flushing is None and part.offset - self._flushed >= FLUSH:
            self._flushed = part.offset
            self._flushing = run(None, part.flush)
        self._writing = [run(None, part.write, *pieces), run(None, part.hash, *pieces)]

    async def end(self) -> None:
        """Wait for all that is under way, and raise what any of it did."""
        running = [*self._writing, *([self._flushing] if self._flushing else [])]
        for outcome in await asyncio.gather(*running, return_exceptions=True):
            if outcome is not None:
                raise outcome


async def _blocks(request: Request) -> AsyncIterator[list[bytes]]:
    """Yield the body in blocks of about a MiB; the last one before a broken line too.

    A block is the pieces as they arrived: putting them together would copy each byte once more.
    """
    pieces: list[bytes] = []
    size = 0
    try:
        async for piece in request.stream():
            pieces.append(piece)
            size += len(piece)
            if size >= BLOCK or len(pieces) >= PIECES:
                yield pieces
                pieces, size = [], 0
    except ClientDisconnect:
        if pieces:
            yield pieces
        raise
    if pieces:
        yield pieces


def _announced(request: Request, who: Visitor, now: int) -> Upload:
    """Read what a new upload is for.

    Raises:
        NotValid: `uploads.metadata`, `uploads.header`.
    """
    told = _metadata(request.headers.get("upload-metadata", ""))
    try:
        project, section, envelope = told["project"], told["section"], int(told["envelope"])
    except (KeyError, ValueError):
        raise NotValid("uploads.metadata") from None
    if len(project) != 32 or envelope not in (1, 2):
        raise NotValid("uploads.metadata")
    return Upload(
        upload=fresh(16).hex(),
        account=who.account,
        organisation=who.organisation,
        project=project,
        section=section,
        envelope=envelope,
        length=_number(request, "upload-length"),
        created=now,
    )


def _metadata(text: str) -> dict[str, str]:
    """Read an Upload-Metadata header: pairs of a key and a base64 value; `uploads.metadata`."""
    told: dict[str, str] = {}
    for pair in text.split(","):
        key, _, value = pair.strip().partition(" ")
        try:
            told[key] = base64.b64decode(value, validate=True).decode()
        except (binascii.Error, UnicodeDecodeError):
            raise NotValid("uploads.metadata") from None
    return told


def _checksum(request: Request) -> bytes | None:
    """Return the SHA-256 a part was sent with, if any; `uploads.checksum_algorithm`."""
    text = request.headers.get("upload-checksum")
    if text is None:
        return None
    algorithm, _, value = text.partition(" ")
    try:
        digest = base64.b64decode(value, validate=True)
    except binascii.Error:
        digest = b""
    if algorithm != "sha256" or len(digest) != 32:
        raise NotValid("uploads.checksum_algorithm")
    return digest


def _number(request: Request, header: str) -> int:
    """Return a header that counts bytes; `uploads.header`."""
    text = request.headers.get(header, "")
    if not (text.isascii() and text.isdigit() and len(text) <= 16):
        raise NotValid("uploads.header", header=header)
    return int(text)


async def _own(services: Services, upload: str, who: Visitor) -> Upload:
    """Return an upload of the visitor's own; to everybody else there is none."""
    about = await asyncio.to_thread(services.files.about, upload)
    if about.account != who.account:
        raise NotFound("uploads.unknown")
    return about


def _expires(about: Upload, services: Services) -> str:
    moment = about.created + services.settings.limits.unfinished_age
    return formatdate(moment // 1000, usegmt=True)


def _answer(status: int, headers: dict[str, str]) -> Response:
    return Response(status_code=status, headers={"Tus-Resumable": VERSION, **headers})
