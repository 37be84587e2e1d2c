"""A project's record as one file that proves itself, for whoever may have it, when they may.

An allow-list by type of event: what has no row is shown as its leaf alone. Before every section is
closed nobody who must not know how many bids there are gets it at all. Once every session is over
everybody may have it, signed in or not, unless a section ended whose bidders were never announced.
"""

import asyncio
from collections.abc import AsyncIterator, Callable, Iterator
from functools import partial
from pathlib import Path
from typing import Annotated, Literal

from fastapi import APIRouter, Query
from starlette.requests import Request
from starlette.responses import Response, StreamingResponse

from crypto.hashing import H
from crypto.notes import VerifierKey
from crypto.random import fresh
from evaluation.blind_events import AliasesDrawn
from evaluation.discussion_events import Said
from evaluation.events import EvaluationEvent, MarksSubmitted, RuleSet, StageDecided
from evaluation.reevaluation_events import (
    MarksGivenAgain,
    PublicationRestored,
    PublicationWithdrawn,
)
from evaluation.result_events import Awarded, CandidatesPublished
from evaluation.state import Evaluation
from opening import events as opening
from opening.bids import is_closed
from opening.checks_bids import read_bid
from opening.envelopes import read
from opening.messages import Withdraw
from project import events as project_events
from project.commands import RecordView
from project.parse import EVENTS, parse_event
from project.phases import Phase, phase
from project.state import ProjectState
from project.supervision import HOUR, already_viewed
from record.entries import Entry
from record.errors import NotAllowed, NotFound, OutOfOrder
from record.events import Actor, Event
from record.export import About, Attachment, Scope, export
from record.rules import Given
from web.attachment_files import attachment_paths
from web.deps import Perhaps, ProjectId, ServicesDep, Visitor, address_of, project_state, roles_in
from web.file_names import number_of, saved_as
from web.moments import named
from web.problems import NotSignedIn
from web.services import Services
from web.witness import NOBODY

router = APIRouter(tags=["projects"])

CHUNK = 1 << 20
TRUSTED = frozenset({"custodian", "timekeeper", "supervisor"})
"""Seats that may know how many bids there are as soon as a section is closed."""
SEALED = frozenset({"clerk", "supervisor"})
WITHOUT_OFFICE = frozenset({"bidder"})
"""Seats that see of the record what everybody sees."""
OPEN = (
    RuleSet,
    StageDecided,
    CandidatesPublished,
    PublicationWithdrawn,
    PublicationRestored,
    Awarded,
)
"""What of an evaluation everybody may know; objections to its result are as secret as the rest."""
SECRET = (MarksSubmitted, AliasesDrawn)
"""What is opened to nobody before the marks of a committee are locked, or the section is ended."""
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
    request: Request,
    services: ServicesDep,
    who: Perhaps,
    project: ProjectId,
    *,
    files: Annotated[bool, Query()] = False,
) -> Response:
    """Return the export: checked offline by the verifier; with `files=1` the sealed files too."""
    if who is None:
        rate = services.settings.limits.records_by_address
        services.rates.take("record", address_of(request), rate)
    pieces = await exported(services, who, project, files=files)
    state = await project_state(services, project)
    name = f"record {number_of(state)} {named(services.clock.now())}.tar"
    return StreamingResponse(pieces, media_type="application/x-tar", headers=saved_as(name))


async def exported(
    services: Services, who: Visitor | None, project: str, *, files: bool = False
) -> AsyncIterator[bytes]:
    """Return the bytes of a project's export for somebody who may have it.

    Args:
        services: whose record it is.
        who: asks, None where nobody is signed in; a supervisor's or administrator's asking is
            recorded.
        project: its id.
        files: whether sealed files come along.

    Raises:
        NotFound, NotSignedIn, NotAllowed, OutOfOrder: it is not for this visitor, or not yet.
    """
    state = await project_state(services, project)
    if who is None and not is_public(state):
        raise NotSignedIn("web.sign_in_first")
    roles = _roles(state, who)
    _check_may_export(state, roles, files=files)
    if who is not None and roles & {"supervisor", "administrator"}:
        await note_view(services, state, who)
    scope = Scope(
        shows=partial(_shows, state, roles, _who_bid(state)),
        traces=lambda _: "supervisor" in roles,
        documents=[
            *_documents(
                services,
                state,
                tender=who is not None,
                reports=partial(_may_have_report, roles),
            )
        ],
        sealed=[*_sealed(services, state)] if files else [],
    )
    key = services.settings.witness_vkey
    about = About(
        log=services.sequencer.log_key,
        witness=VerifierKey.decode(key) if key else NOBODY,
        service=services.keys.refusal_spki,
    )
    return export(services.store, project, about, scope)


Subject = Literal["timeline", "export", "hall", "files"]


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
    if (roles & TRUSTED and any(closed)) or ("clerk" in roles and closed and all(closed)):
        return
    if not ended:
        raise OutOfOrder("web.record_not_yet")
    if not roles - WITHOUT_OFFICE and not _all_announced(state):
        raise NotAllowed("web.record_names_bidders")


def is_public(state: ProjectState) -> bool:
    """Tell whether everybody may have a project's record: all is over, all who bid are announced.

    Who bid in a section that ended unopened is nobody's business: it is tendered again.
    """
    return state.notice is not None and _all_ended(state) and _all_announced(state)


def _roles(state: ProjectState, who: Visitor | None) -> frozenset[str]:
    if who is None:
        return frozenset()
    return roles_in(state, who.account) | (who.roles & {"administrator"})


def _all_announced(state: ProjectState) -> bool:
    """Tell whether every section in which somebody bid has published minutes."""
    sessions = state.opening.sessions
    bid_in = {bid.place[0] for bid in state.opening.bids.values()}
    first = [sessions.get((section, 1)) for section in bid_in]
    return all(session is not None and session.stage == "ended" for session in first)


def _who_bid(state: ProjectState) -> frozenset[str]:
    """Return the organisations that minutes name: those whose bids were admitted or refused."""
    admitted = {bid.organisation for bid in state.opening.bids.values()}
    return frozenset(admitted | {one.organisation for one in state.opening.refused})


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


def _shows(
    state: ProjectState, roles: frozenset[str], who_bid: frozenset[str], entry: Entry
) -> bool:
    """Tell whether an entry is opened to somebody with these roles."""
    if entry.written.type not in EVENTS:
        return False
    event = parse_event(entry.written.type, entry.written.body)
    is_hidden = not roles - WITHOUT_OFFICE and _is_of_a_looker_on(state, who_bid, event)
    return not is_hidden and _is_in_confidence(state, roles, event)


def _is_in_confidence(state: ProjectState, roles: frozenset[str], event: Event) -> bool:
    """Tell whether an entry is opened, those of committees by rules of their own."""
    if isinstance(event, EvaluationEvent) and not isinstance(event, OPEN):
        return _is_evaluated(state, roles, event)
    if getattr(event, "role", None) == "expert":
        return bool(roles & (TRUSTED | {"clerk"}))
    return _is_time_for(state, roles, event)


def _is_time_for(state: ProjectState, roles: frozenset[str], event: Event) -> bool:
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


def _is_evaluated(state: ProjectState, roles: frozenset[str], event: EvaluationEvent) -> bool:
    """Tell whether an event of a committee is opened: its names and what it said are secret.

    Marks, and whose blind part an alias stands for, are opened to nobody before every member's are
    locked, the report stands without them, or the section is ended and nobody marks any more; a
    key holder needs all the rest, as the second envelopes are opened on it. The clerk has it once
    the report stands, but never what members said to each other.
    """
    found = state.evaluation.evaluations.get(event.section)
    if found is None:
        return False
    if isinstance(event, SECRET) and not _is_marked(state, found):
        return False
    if isinstance(event, MarksGivenAgain) and not _is_given(state, found, event):
        return False
    if isinstance(event, Said):
        return bool(roles & TRUSTED)
    return _may_have_report(roles, found)


def _is_marked(state: ProjectState, found: Evaluation) -> bool:
    """Tell whether no mark comes any more that one could be influenced in."""
    is_ended = state.opening.sections[found.committee.section].terminated
    return found.marking.is_locked or found.report.is_finished or is_ended


def _is_given(state: ProjectState, found: Evaluation, event: MarksGivenAgain) -> bool:
    """Tell whether marks given again are open: all are in, or nobody can be asked for them anew.

    A re-evaluation that was given up could be ordered again, for the same marks.
    """
    about = (one for one in found.reevaluations if one.reevaluation == event.reevaluation)
    if any(one.is_locked for one in about):
        return True
    return phase(state.opening, event.section) in {Phase.AWARDED, Phase.TERMINATED}


def _is_of_a_looker_on(state: ProjectState, who_bid: frozenset[str], event: object) -> bool:
    """Tell whether an event tells of somebody who took part as a bidder and never bid."""
    if not _tells_a_bidder(event):
        return False
    who = state.opening.known.get((getattr(event, "account", ""), "bidder"))
    return who is not None and who.organisation not in who_bid


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


def _documents(
    services: Services,
    state: ProjectState,
    *,
    tender: bool,
    reports: Callable[[Evaluation], bool],
) -> Iterator[Attachment]:
    """Return the files that the record names, each once: documents, minutes, attachments, facts.

    Args:
        services: whose files.
        state: of the project.
        tender: whether tender documents come along, which are fetched after signing in alone.
        reports: whether an evaluation's report comes along, and what is attached to answers.
    """
    named = {one.sha256 for one in state.documents.values() if one.published and tender}
    for session in state.opening.sessions.values():
        if session.minutes is not None:
            named |= {session.minutes.facts, session.minutes.pdf}
    for found in state.evaluation.evaluations.values():
        every = [found.report, *(one.report for one in found.reevaluations)]
        for report in every if reports(found) else ():
            named |= {report.facts, report.pdf} - {""}
    paths = {one: services.files.document(one) for one in named}
    for found in state.evaluation.evaluations.values():
        if reports(found):
            paths |= attachment_paths(services.files.attachments, found)
    for sha256, path in sorted(paths.items()):
        if path is not None:
            yield Attachment(sha256, path.stat().st_size, partial(_pieces, path))


def _may_have_report(roles: frozenset[str], found: Evaluation) -> bool:
    return bool(roles & TRUSTED) or ("clerk" in roles and found.report.is_finished)


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
