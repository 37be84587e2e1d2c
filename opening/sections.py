"""How the terms of a section reach the opening's state; a fold alone, it judges nothing."""

from dataclasses import replace

from opening.state import OpeningState, Section, Session
from opening.terms import (
    BidsOpenedUp,
    BidsPassedOn,
    BidsSuperseded,
    DeadlineMoved,
    SectionResumed,
    SectionSuspended,
    SectionTerminated,
    TermsEvent,
    TermsSet,
)
from record.events import Stamp


def evolve_terms(state: OpeningState, event: TermsEvent, stamp: Stamp) -> OpeningState:
    """Fold one event in. Never refuses: what is in the record has happened."""
    if isinstance(event, TermsSet):
        found = state.sections.get(event.section)
        section = Section(terms=event) if found is None else replace(found, terms=event)
        return _put(state, section)
    section_now = state.sections.get(event.section)
    if section_now is None:
        return state
    if isinstance(event, SectionResumed):
        return _resumed(state, section_now, event.shift)
    if isinstance(event, BidsSuperseded):
        return _superseded(state, event.section)
    return _put(state, _changed(section_now, event, stamp))


def awarded(state: OpeningState, section: str) -> OpeningState:
    """Return the state with a section that has its winner."""
    found = state.sections.get(section)
    return state if found is None else _put(state, replace(found, awarded=True))


def _changed(
    section: Section,
    event: BidsOpenedUp | DeadlineMoved | SectionSuspended | SectionTerminated | BidsPassedOn,
    stamp: Stamp,
) -> Section:
    match event:
        case BidsOpenedUp():
            return replace(section, taking_bids=True)
        case DeadlineMoved():
            return _with_deadline(section, event.deadline)
        case SectionSuspended():
            return replace(section, suspended=stamp.at)
        case SectionTerminated():
            return replace(section, terminated=True)
        case BidsPassedOn():
            return replace(section, passed_on=event.organisations)


def _superseded(state: OpeningState, section: str) -> OpeningState:
    """Let no bid of a section count that stands now; its bidder may submit a next revision."""
    bids = {
        name: replace(bid, status="superseded")
        if bid.place[0] == section and bid.status == "live"
        else bid
        for name, bid in state.bids.items()
    }
    return replace(state, bids=bids)


def _resumed(state: OpeningState, section: Section, shift: int) -> OpeningState:
    """Let a section go on: what had not passed at the suspension comes this much later."""
    since = section.suspended
    terms = section.terms
    moved = {
        name: moment + shift
        for name, moment in (
            ("question_deadline", terms.question_deadline),
            ("deadline", terms.deadline),
        )
        if since is not None and since < moment
    }
    resumed = replace(section, terms=terms.model_copy(update=moved), suspended=None)
    sessions = {
        place: _shifted(session, shift) if place[0] == section.terms.section else session
        for place, session in state.sessions.items()
    }
    return replace(_put(state, resumed), sessions=sessions)


def _shifted(session: Session, shift: int) -> Session:
    """Shift the open windows of a session; a paused one shifts them itself when it resumes."""
    if session.paused is not None:
        return session
    windows = {window: until + shift for window, until in session.windows.items()}
    return replace(session, windows=windows)


def _with_deadline(section: Section, deadline: int) -> Section:
    return replace(section, terms=section.terms.model_copy(update={"deadline": deadline}))


def _put(state: OpeningState, section: Section) -> OpeningState:
    return replace(state, sections={**state.sections, section.terms.section: section})
