"""How the session's events reach its state; a fold alone, it judges nothing."""

from collections.abc import Mapping
from dataclasses import replace
from typing import Final

from opening.events import (
    BidReadOut,
    FilesChecked,
    LineConfirmed,
    ObjectionAnswered,
    ObjectionRaised,
    SecretReleased,
    SessionAnnounced,
    SessionPaused,
    SessionResumed,
    SignedIn,
    WindowEnded,
    WindowExtended,
    WindowOpened,
)
from opening.readout import objection_place
from opening.stages import session_at, within
from opening.state import Objection, OpeningState, Place, Remark, Session, Stage
from record.events import Event, Stamp

HallEvent = (
    SignedIn
    | FilesChecked
    | SessionAnnounced
    | WindowOpened
    | WindowExtended
    | WindowEnded
    | SecretReleased
    | BidReadOut
    | LineConfirmed
    | ObjectionRaised
    | ObjectionAnswered
    | SessionPaused
    | SessionResumed
)

_OwnEvent = SecretReleased | BidReadOut | LineConfirmed

_FrameEvent = (
    SignedIn | FilesChecked | SessionAnnounced | ObjectionRaised | SessionPaused | SessionResumed
)

_WindowEvent = WindowOpened | WindowExtended | WindowEnded

STAGE_OF: Final[Mapping[str, Stage]] = {
    "secrets": "secrets",
    "draw": "draw",
    "confirm": "confirm",
    "objections": "objections",
}
"""Window -> the stage that begins when it opens."""

_MOMENTS: Final[Mapping[type[Event], str]] = {
    SignedIn: "sign_in/{0.role}/{0.account}",
    FilesChecked: "files",
    SessionAnnounced: "announced",
    WindowEnded: "ended/{0.window}",
}
"""Event -> the name under which its moment is kept."""


def evolve_hall(state: OpeningState, event: HallEvent, stamp: Stamp) -> OpeningState:
    """Fold one event in. Never refuses: what is in the record has happened."""
    if isinstance(event, _OwnEvent):
        return _own(state, event, stamp)
    if isinstance(event, ObjectionAnswered):
        return _answered(state, event, stamp)
    return _placed(state, event, stamp)


def noted(state: OpeningState, place: Place, what: str, stamp: Stamp) -> OpeningState:
    """Return the state with the moment of a step kept."""
    return within(state, place, moments={**session_at(state, place).moments, what: stamp.at})


def _own(state: OpeningState, event: _OwnEvent, stamp: Stamp) -> OpeningState:
    """Fold an event about one bid."""
    bid = state.bids.get(event.bid)
    if bid is None:
        return state
    place, session = bid.place, session_at(state, bid.place)
    match event:
        case SecretReleased():
            return within(state, place, secrets={**session.secrets, event.bid: event.secret})
        case BidReadOut():
            moved = within(state, place, read_out=(*session.read_out, event.bid))
            return noted(moved, place, f"read_out/{event.bid}", stamp)
        case LineConfirmed():
            moved = within(state, place, confirmed=(*session.confirmed, event.bid))
            return noted(moved, place, f"confirmed/{event.bid}", stamp)


def _placed(state: OpeningState, event: _FrameEvent | _WindowEvent, stamp: Stamp) -> OpeningState:
    place: Place = (event.section, event.envelope)
    session = session_at(state, place)
    if isinstance(event, _FrameEvent):
        changed = _framed(session, event, stamp)
    else:
        changed = _windowed(session, event, stamp)
    moved = replace(state, sessions={**state.sessions, place: changed})
    moment = _MOMENTS.get(type(event))
    return moved if moment is None else noted(moved, place, moment.format(event), stamp)


def _framed(session: Session, event: _FrameEvent, stamp: Stamp) -> Session:
    match event:
        case SignedIn():
            return replace(session, sign_ins=(*session.sign_ins, event))
        case FilesChecked():
            return replace(session, intact=event.intact, lost=event.lost)
        case SessionAnnounced():
            bids = tuple(bidder.bid for bidder in event.bidders)
            return replace(session, stage="announced", announced=bids)
        case ObjectionRaised():
            raised = Objection(event.objection, event.organisation, event.text, stamp)
            return replace(session, objections={**session.objections, event.objection: raised})
        case SessionPaused():
            remark = Remark(stamp.at, "paused", event.reason)
            return replace(session, paused=stamp.at, remarks=(*session.remarks, remark))
        case SessionResumed():
            later = {name: at + event.shift for name, at in session.windows.items()}
            remarks = (*session.remarks, Remark(stamp.at, "resumed"))
            return replace(session, paused=None, windows=later, remarks=remarks)


def _windowed(session: Session, event: _WindowEvent, stamp: Stamp) -> Session:
    match event:
        case WindowOpened():
            windows = {**session.windows, event.window: event.until}
            return replace(session, stage=STAGE_OF[event.window], windows=windows)
        case WindowExtended():
            windows = {**session.windows, event.window: event.until}
            remark = Remark(stamp.at, f"extended/{event.window}", event.reason)
            return replace(session, windows=windows, remarks=(*session.remarks, remark))
        case WindowEnded():
            left = {name: at for name, at in session.windows.items() if name != event.window}
            return replace(session, windows=left)


def _answered(state: OpeningState, event: ObjectionAnswered, stamp: Stamp) -> OpeningState:
    place = objection_place(state, event.objection)
    if place is None:
        return state
    objections = session_at(state, place).objections
    answered = replace(objections[event.objection], answer=event.answer)
    moved = noted(state, place, f"answered/{event.objection}", stamp)
    return within(moved, place, objections={**objections, event.objection: answered})
