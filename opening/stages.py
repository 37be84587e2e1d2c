"""What may go on in which stage of a session, as literal tables, and the guards that read them.

It must not make events.
"""

from collections.abc import Mapping
from dataclasses import replace
from typing import Any, Final

from opening.commands import (
    AnnounceSession,
    AnswerObjection,
    AtPlace,
    CommitDraw,
    ConfirmLine,
    DrawUpMinutes,
    EndSession,
    EndWindow,
    ExtendWindow,
    IssueOrder,
    PauseSession,
    PostPartial,
    RaiseObjection,
    ReadOut,
    RecordBody,
    RecordFiles,
    ReleaseKey,
    ReleaseSecret,
    RevealDraw,
    SealDraw,
    SignIn,
    SignMinutes,
    StartDraw,
    Window,
)
from opening.state import Draw, OpeningState, Place, Section, Session, Stage
from record.errors import NotFound, OutOfOrder, TooLate
from record.rules import Command, Given

_PUBLIC: Final[tuple[Stage, ...]] = (
    "announced",
    "secrets",
    "decrypting",
    "read_out",
    "draw",
    "confirm",
    "objections",
)
"""From the announcement to the objections: what the hall sees."""

ALLOWED: Final[Mapping[type[Command], tuple[Stage, ...]]] = {
    SignIn: ("lobby", "closed", *_PUBLIC),
    RecordFiles: ("closed",),
    AnnounceSession: ("closed",),
    ReleaseSecret: ("closed", "announced", "secrets"),
    ExtendWindow: _PUBLIC,
    EndWindow: _PUBLIC,
    IssueOrder: ("announced", "secrets"),
    PostPartial: ("decrypting",),
    ReleaseKey: ("decrypting",),
    RecordBody: ("decrypting",),
    ReadOut: ("read_out",),
    StartDraw: ("read_out", "draw"),
    CommitDraw: ("draw",),
    SealDraw: ("draw",),
    RevealDraw: ("draw",),
    ConfirmLine: ("confirm",),
    RaiseObjection: ("objections",),
    AnswerObjection: ("objections",),
    PauseSession: _PUBLIC,
    DrawUpMinutes: ("objections",),
    SignMinutes: ("minutes",),
    EndSession: ("minutes",),
}
"""Command -> the stages in which it may be given."""

OPENS: Final[Mapping[Window, tuple[Stage, ...]]] = {
    "secrets": ("announced",),
    "draw": (),
    "confirm": ("read_out", "draw"),
    "objections": ("confirm",),
}
"""Window -> the stages in which it may be opened; a draw opens its own."""


def place_of(command: AtPlace) -> Place:
    """Return the place a command is about."""
    return (command.section, command.envelope)


def session_at(state: OpeningState, place: Place) -> Session:
    """Return the session of a place; one nobody has touched is in its lobby."""
    return state.sessions.get(place, _UNTOUCHED)


def within(state: OpeningState, place: Place, **changes: Any) -> OpeningState:
    """Return the state with one session changed; for folds."""
    session = replace(session_at(state, place), **changes)
    return replace(state, sessions={**state.sessions, place: session})


def section_at(state: OpeningState, place: Place) -> Section:
    """Return the section of a place, unless it was terminated.

    Refusals: opening.no_such_section, opening.no_such_envelope, opening.terminated.
    """
    section = state.sections.get(place[0])
    if section is None:
        raise NotFound("opening.no_such_section", section=place[0])
    if place[1] > section.terms.envelopes:
        raise NotFound("opening.no_such_envelope", section=place[0], envelope=place[1])
    if section.terminated:
        raise OutOfOrder("opening.terminated", section=place[0])
    return section


def running(
    state: OpeningState, place: Place, command: Command | None = None
) -> tuple[Section, Session]:
    """Return section and session of a place where this command may be given now.

    Refusals: those of `section_at`, opening.suspended, opening.paused, opening.wrong_stage.
    """
    section, session = section_at(state, place), session_at(state, place)
    if section.suspended is not None:
        raise OutOfOrder("opening.suspended", section=place[0])
    if session.paused is not None:
        raise OutOfOrder("opening.paused")
    if command is not None:
        check_stage(session, ALLOWED[type(command)])
    return section, session


def check_stage(session: Session, wanted: tuple[Stage, ...]) -> None:
    """Refuse what does not belong to the stage the session is in.

    Refusals: opening.wrong_stage.
    """
    if session.stage not in wanted:
        raise OutOfOrder("opening.wrong_stage", stage=session.stage, wanted=list(wanted))


def check_window(session: Session, window: Window, given: Given) -> None:
    """Refuse what has a window while that is not open.

    Refusals: opening.window_not_open, opening.window_over.
    """
    until = session.windows.get(window)
    if until is None:
        raise OutOfOrder("opening.window_not_open", window=window)
    if given.received >= until:
        raise TooLate("opening.window_over", window=window, until=until)


def check_may_open(section: Section, place: Place) -> None:
    """Refuse to open what failed, or was not yet let through to its second envelope.

    Refusals: opening.section_failed, opening.not_passed_on.
    """
    if section.failed and not section.approved:
        raise OutOfOrder("opening.section_failed", section=place[0])
    if place[1] == 2 and section.passed_on is None:
        raise OutOfOrder("opening.not_passed_on", section=place[0])


def order_place(state: OpeningState, opening_id: str) -> Place:
    """Return the place an order is for.

    Refusals: opening.no_such_order.
    """
    place = ordered_place(state, opening_id)
    if place is None:
        raise NotFound("opening.no_such_order", opening_id=opening_id)
    return place


def ordered_place(state: OpeningState, opening_id: str) -> Place | None:
    """Return the place an order is for, if there is such an order; for folds."""
    places = (place for place, found in state.sessions.items() if found.opening_id == opening_id)
    return next(places, None)


def find_draw(state: OpeningState, draw: str) -> tuple[Place, Draw]:
    """Return a draw and its place.

    Refusals: draw.not_found.
    """
    place = draw_place(state, draw)
    if place is None:
        raise NotFound("draw.not_found", draw=draw)
    return place, state.sessions[place].draws[draw]


def draw_place(state: OpeningState, draw: str) -> Place | None:
    """Return where a draw is held, if there is such a draw; for folds."""
    return next((place for place, found in state.sessions.items() if draw in found.draws), None)


_UNTOUCHED: Final = Session()
