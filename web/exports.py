"""A project's record as one file that proves itself, for whoever may have it, when they may.

An allow-list by type of event: what has no row is shown as its leaf alone. Before every section is
closed nobody who must not know how many bids there are gets it at all.
"""

import asyncio
from collections.abc import AsyncIterator, Callable, Iterator
from functools import partial
from pathlib import Path
from typing import Annotated, Literal

from fastapi import APIRouter, Query
from starlette.responses import Response, StreamingResponse

from crypto.hashing import H
from crypto.notes import VerifierKey
from crypto.random import fresh
from opening import events as opening
from opening.bids import is_closed
from opening.checks_bids import read_bid
from opening.envelopes import read
from opening.messages import Withdraw
from project import events as project_events
from project.commands import RecordView
from project.parse import EVENTS, parse_event
from project.state import ProjectState
from project.supervision import HOUR, already_viewed
from record.entries import Entry
from record.errors import NotAllowed, NotFound, OutOfOrder
from record.events import Actor
from record.export import About, Attachment, Scope, export
from record.rules import Given
from web.deps import ProjectId, ServicesDep, Visitor, Who, project_state, roles_in
from web.services import Services
from web.witness import NOBODY

router = APIRouter(tags=["projects"])

CHUNK = 1 << 20
TRUSTED = frozenset({"custodian", "timekeeper", "supervisor"})
"""Seats that may know how many bids there are as soon as a section is closed."""
SEALED = frozenset({"clerk", "supervisor"})
SUPERVISED = (
    project_events.QuestionAsked,
    project_events.DocumentFetched,
    project_events.RecordViewed,
)
"""Who asked, who fetched, who looked: for the supervisor, and for those who hold the keys.

A key holder acts only on a record of which nothing is hidden: among hidden entries a withdrawal
could be, and its bid would be opened.
"""


@router.get("/api/projects/{project}/record")
async def record(
    services: ServicesDep,
    who: Who,
    project: ProjectId,
    *,
    files: Annotated[bool, Query()] = False,
) -> Response:
    """Return the export: checked offline by the verifier; with `files=1` the sealed files too."""
    name = f'attachment; filename="record-{project}.tar"'
    return StreamingResponse(
        await exported(services, who, project, files=files),
        media_type="application/x-tar",
        headers={"content-disposition": name},
    )


async def exported(
    services: Services, who: Visitor, project: str, *, files: bool = False
) -> AsyncIterator[bytes]:
    """Return the bytes of a project's export for somebody who may have it.

    Args:
        services: whose record it is.
        who: asks; a supervisor's or administrator's asking is recorded.
        project: its id.
        files: whether sealed files come along.

    Raises:
        NotFound, NotAllowed, OutOfOrder: it is not for this visitor, or not yet.
    """
    state = await project_state(services, project)
    roles = roles_in(state, who.account) | (who.roles & {"administrator"})
    _check_may_export(state, roles, files=files)
    if roles & {"supervisor", "administrator"}:
        await note_view(services, state, who)
    scope = Scope(
        shows=partial(_shows, state, roles),
        traces=lambda _: "supervisor" in roles,
        documents=[*_documents(services, state)],
        sealed=[*_sealed(services, state)] if files else [],
    )
    key = services.settings.witness_vkey
    about = About(
        log=services.sequencer.log_key,
        witness=VerifierKey.decode(key) if key else NOBODY,
        service=services.keys.refusal_spki,
    )
    return export(services.store, project, about, scope)


Subject = Literal["timeline", "export", "hall"]


async def note_view(
    services: Services, state: ProjectState, who: Visitor, subject: Subject = "export"
) -> None:
    """Record that somebody looked at others' data, once an hour."""
    now = services.clock.now()
    if already_viewed(state, who.account, subject, now):
        return
    command = RecordView(account=who.account, subject=subject)
    command_id = f"view/{subject}/{now // HOUR}/{H('viewer', who.account.encode())[:8].hex()}"
    given = Given(Actor(Actor.SERVICE), now, command_id, fresh(32))
    digest = H("viewed", command_id.encode())
    await services.desk.submit(state.project, command, given, digest=digest, trace=who.trace)


def _check_may_export(state: ProjectState, roles: frozenset[str], *, files: bool) -> None:
    if state.notice is None and not roles:
        raise NotFound("web.no_such_project")
    sections = state.opening.sections
    closed = [is_closed(state.opening, name) or one.terminated for name, one in sections.items()]
    ended = _all_ended(state)
    if files and not (ended and roles & (SEALED | {"administrator"})):
        raise NotAllowed("web.sealed_files_not_yours")
    if ended or (roles & TRUSTED and any(closed)) or ("clerk" in roles and closed and all(closed)):
        return
    raise OutOfOrder("web.record_not_yet")


def _all_ended(state: ProjectState) -> bool:
    """Tell whether every section's session is over, or never comes."""

    def over(name: str) -> bool:
        section = state.opening.sections[name]
        if section.terminated or (section.failed and not section.approved):
            return True
        last = state.opening.sessions.get((name, section.terms.envelopes))
        return last is not None and last.stage == "ended"

    sections = state.opening.sections
    return bool(sections) and all(over(name) for name in sections)


def _shows(state: ProjectState, roles: frozenset[str], entry: Entry) -> bool:
    """Tell whether an entry is opened to somebody with these roles."""
    if entry.written.type not in EVENTS:
        return False
    event = parse_event(entry.written.type, entry.written.body)
    if isinstance(event, SUPERVISED):
        return bool(roles & TRUSTED) and (_all_closed(state) or "supervisor" in roles)
    section = None
    match event:
        case opening.BidAdmitted():
            section = read_bid(event.envelope).params.section
        case opening.BidWithdrawn():
            bid = state.opening.bids.get(read(event.envelope, Withdraw).bid)
            section = bid.place[0] if bid is not None else None
        case opening.SignedIn():
            section = event.section
        case opening.BidRefused():
            return _all_closed(state) or "supervisor" in roles
        case opening.BidOpened() | opening.BidSpoiled():
            return _is_read_out(state, event.bid) or bool(roles & TRUSTED)
        case _:
            return _all_closed(state) or not _tells_a_bidder(event)
    return section is None or is_closed(state.opening, section) or _all_closed(state)


def _tells_a_bidder(event: object) -> bool:
    role = getattr(event, "role", None)
    return role == "bidder"


def _all_closed(state: ProjectState) -> bool:
    sections = state.opening.sections
    return all(is_closed(state.opening, name) or one.terminated for name, one in sections.items())


def _is_read_out(state: ProjectState, bid: str) -> bool:
    found = state.opening.bids.get(bid)
    session = state.opening.sessions.get(found.place) if found is not None else None
    return session is not None and (bid in session.read_out or session.stage == "ended")


def _documents(services: Services, state: ProjectState) -> Iterator[Attachment]:
    """Return the files that the record names, each once: documents, minutes and their facts."""
    named = {one.sha256 for one in state.documents.values() if one.published}
    for session in state.opening.sessions.values():
        if session.minutes is not None:
            named |= {session.minutes.facts, session.minutes.pdf}
    for sha256 in sorted(named):
        path = services.files.document(sha256)
        if path is not None:
            yield Attachment(sha256, path.stat().st_size, partial(_pieces, path))


def _sealed(services: Services, state: ProjectState) -> Iterator[Attachment]:
    for bid in state.opening.bids.values():
        path = services.files.sealed(bid.root)
        if path.exists():
            yield Attachment(bid.bid, bid.size, partial(_pieces, path))


async def _pieces(path: Path) -> AsyncIterator[bytes]:
    file = await asyncio.to_thread(path.open, "rb", buffering=0)
    with file:
        reading: Callable[[], bytes] = partial(file.read, CHUNK)
        while piece := await asyncio.to_thread(reading):
            yield piece
