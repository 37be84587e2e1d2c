"""Files to fetch and tender documents to bring; who may have which is looked up, never guessed.

Nothing is served so that a browser would show it as a page of ours: always an attachment, never
sniffed. The clerk is not told who fetched what before the close; the record is.
"""

import asyncio
import hashlib
from collections.abc import AsyncIterator
from pathlib import Path as FilePath
from typing import Annotated

from fastapi import APIRouter, Path
from starlette.requests import ClientDisconnect, Request
from starlette.responses import FileResponse, JSONResponse, Response

from crypto.random import fresh
from opening.stages import session_at
from project.commands import RecordFetch
from project.questions import already_fetched
from record.errors import NotAllowed, NotFound, NotValid
from record.events import Actor
from record.rules import Given
from web.deps import Perhaps, ProjectId, ServicesDep, Visitor, Who, project_state, roles_in
from web.file_names import number_of, saved_as
from web.moments import named
from web.services import Services

router = APIRouter(tags=["files"])
DocumentId = Annotated[str, Path(pattern=r"^[0-9a-f]{32}$")]
EnvelopeName = Annotated[int, Path(ge=1, le=2)]
SectionName = Annotated[str, Path(pattern=r"^[a-z0-9][a-z0-9-]{0,31}$")]
BLOCK = 1 << 20


@router.post("/api/documents")
async def bring_document(request: Request, services: ServicesDep, who: Who) -> Response:
    """Bring the bytes of a tender document; the command that adds it names size and hash."""
    if "clerk" not in who.roles:
        raise NotAllowed("documents.not_a_clerk")
    draft = await asyncio.to_thread(services.files.begin_document)
    try:
        async for block in blocks(request):
            await asyncio.to_thread(draft.write, block)
        size, sha256 = await asyncio.to_thread(draft.keep)
    except ClientDisconnect:
        raise NotValid("web.body_cut") from None
    finally:
        await asyncio.to_thread(draft.drop)
    return JSONResponse({"size": size, "sha256": sha256}, 201)


@router.get("/api/projects/{project}/documents/{document}")
async def fetch_document(
    services: ServicesDep, who: Who, project: ProjectId, document: DocumentId
) -> Response:
    """Fetch a tender document; a bidder's fetching is recorded, for amendments to reach it."""
    state = await project_state(services, project)
    found = state.documents.get(document)
    roles = roles_in(state, who.account)
    if found is None or not (found.published or "clerk" in roles):
        raise NotFound("documents.unknown")
    path = services.files.document(found.sha256)
    if path is None:
        raise NotFound("documents.lost", name=found.name)
    if "bidder" in roles and not already_fetched(state, document, who.organisation):
        await _record_fetch(services, project, document, who)
    return attachment(path, found.name)


@router.get("/api/projects/{project}/bids/{bid}/sealed")
async def fetch_sealed(
    services: ServicesDep, who: Who, project: ProjectId, bid: DocumentId
) -> Response:
    """Fetch one's own sealed file back."""
    state = await project_state(services, project)
    found = state.opening.bids.get(bid)
    bound = state.opening.participants.get((who.account, "bidder"))
    if found is None or bound is None or bound.organisation != found.organisation:
        raise NotFound("bids.unknown")
    path = services.files.sealed(found.root)
    if not path.exists():
        raise NotFound("bids.file_lost")
    number, (section, envelope) = number_of(state), found.place
    at = named(found.stamp.at)
    return attachment(path, f"{number} {section}-{envelope} {bid[:8]} {at}.sealed")


@router.get("/api/projects/{project}/sections/{section}/{envelope}/minutes/{form}")
async def fetch_minutes(
    services: ServicesDep,
    who: Perhaps,
    project: ProjectId,
    section: SectionName,
    envelope: EnvelopeName,
    form: str,
) -> Response:
    """Fetch the minutes of a session as `pdf`, or their facts as `json`.

    Whoever takes part may have them once they are drawn up; everybody, signed in or not, once the
    session has ended, which publishes them.
    """
    state = await project_state(services, project)
    session = session_at(state.opening, (section, 2 if envelope == 2 else 1))
    minutes = session.minutes
    is_published = session.stage == "ended"
    takes_part = who is not None and bool(roles_in(state, who.account))
    if minutes is None or not (is_published or takes_part):
        raise NotFound("minutes.not_yet")
    sha256 = {"pdf": minutes.pdf, "json": minutes.facts}.get(form)
    path = services.files.document(sha256) if sha256 else None
    if path is None:
        raise NotFound("minutes.not_yet")
    number = number_of(state)
    opened = named(state.opening.sections[section].terms.deadline)
    return attachment(path, f"开标记录 {number} {section}-{envelope} {opened}.{form}")


def attachment(path: FilePath, name: str) -> FileResponse:
    """Return a file to be saved under a name of any script."""
    return FileResponse(path, media_type="application/octet-stream", headers=saved_as(name))


async def _record_fetch(services: Services, project: str, document: str, who: Visitor) -> None:
    """Record that an organisation fetched a document, once however often it does."""
    command = RecordFetch(document=document, organisation=who.organisation)
    name = f"fetch/{document[:16]}/{who.organisation}"
    given = Given(
        actor=Actor(Actor.SERVICE),
        received=services.clock.now(),
        command_id=name,
        fresh=fresh(32),
    )
    digest = hashlib.sha256(command.model_dump_json().encode()).digest()
    await services.desk.submit(project, command, given, digest=digest, trace=who.trace)


async def blocks(request: Request) -> AsyncIterator[bytearray]:
    """Yield a body in blocks of about a MiB as it arrives; the last one may be shorter."""
    block = bytearray()
    async for piece in request.stream():
        block += piece
        if len(block) >= BLOCK:
            yield block
            block = bytearray()
    if block:
        yield block
