"""What the service itself must do next for the opening, and when to look again; pure.

The command of a duty has an id derived from what it is for, so that a restart, or two runners, do
each once. It must not do anything: whoever runs duties measures, opens, renders and submits.
"""

from collections.abc import Iterator
from dataclasses import dataclass

from opening import transcripts
from opening.commands import (
    CloseBids,
    DrawUpMinutes,
    EndWindow,
    ExpireCeremony,
    RecordBody,
    RecordFiles,
    SealDraw,
)
from opening.decryption import unopened_bids
from opening.draw import missing_parties, running_draw
from opening.stages import session_at
from opening.state import OpeningState, Place, Section, Session
from record.rules import Command


@dataclass(frozen=True, slots=True)
class Due:
    """What is due now, in this order, and when something may become due by time alone.

    Args:
        do: (command id, command).
        again: ms UTC; None when only another entry can make something due.
    """

    do: tuple[tuple[str, Command], ...]
    again: int | None


@dataclass(frozen=True, slots=True)
class _Task:
    """One duty, and from when on it is due."""

    name: str
    command: Command
    at: int


def duties(state: OpeningState, now: int) -> Due:
    """Return what is due at a moment, ms UTC.

    Doing what is due may make the next thing due (a close, then its files); once all of that is
    done nothing is due at the same moment. Nothing is due in a section that is suspended or
    terminated, nor in a session that is paused, bids' close apart.
    """
    tasks = [*_ceremonies(state), *_sections(state)]
    later = [task.at for task in tasks if task.at > now]
    return Due(
        do=tuple((task.name, task.command) for task in tasks if task.at <= now),
        again=min(later, default=None),
    )


def _ceremonies(state: OpeningState) -> Iterator[_Task]:
    for attempt in state.attempts.values():
        section = state.sections.get(attempt.start.section)
        if attempt.status != "open" or section is None or not _goes_on(section):
            continue
        step = transcripts.step(attempt)
        deadline = transcripts.step_deadline(attempt.start, step)
        # A command id has at most 64 characters: half of the sid names the attempt well enough.
        name = f"expire/{attempt.sid[:32]}/{step}"
        yield _Task(name, ExpireCeremony(sid=attempt.sid), deadline)


def _sections(state: OpeningState) -> Iterator[_Task]:
    for name, section in state.sections.items():
        if not _goes_on(section):
            continue
        for place in _places(name, section):
            session = session_at(state, place)
            if session.closed is None:
                yield from _closing(section, place, state)
            elif session.paused is None:
                yield from _session(state, section, place, session)


def _closing(section: Section, place: Place, state: OpeningState) -> Iterator[_Task]:
    if section.taking_bids and place in state.keys:
        command = CloseBids(section=place[0], envelope=place[1])
        yield _Task(f"close/{_path(place)}", command, section.terms.deadline)


def _session(
    state: OpeningState, section: Section, place: Place, session: Session
) -> Iterator[_Task]:
    where = {"section": place[0], "envelope": place[1]}
    if session.stage == "closed" and session.intact is None and _may_open(section, place):
        yield _Task(f"files/{_path(place)}", RecordFiles.model_validate(where), 0)
    if session.release is not None:
        for bid in unopened_bids(session):
            yield _Task(f"body/{bid}", RecordBody(bid=bid), 0)
    yield from _windows(state, place, session)
    yield from _draw(session)
    if _awaits_minutes(session):
        yield _Task(f"minutes/{_path(place)}", DrawUpMinutes.model_validate(where), 0)


def _windows(state: OpeningState, place: Place, session: Session) -> Iterator[_Task]:
    for window, until in session.windows.items():
        draw = running_draw(session) if window == "draw" else None
        if window == "draw" and (draw is None or not missing_parties(state, draw)):
            continue
        name = f"end/draw/{draw.draw}" if draw else f"end/{_path(place)}/{window}"
        command = EndWindow.model_validate(
            {"section": place[0], "envelope": place[1], "window": window}
        )
        yield _Task(name, command, until)


def _draw(session: Session) -> Iterator[_Task]:
    draw = running_draw(session)
    if draw is not None and draw.root is None and draw.commits.keys() == set(draw.parties):
        yield _Task(f"seal/{draw.draw}", SealDraw(draw=draw.draw), 0)


def _awaits_minutes(session: Session) -> bool:
    answered = all(objection.answer is not None for objection in session.objections.values())
    return session.stage == "objections" and not session.windows and answered


def _goes_on(section: Section) -> bool:
    return section.suspended is None and not section.terminated


def _may_open(section: Section, place: Place) -> bool:
    passed = place[1] == 1 or section.passed_on is not None
    return passed and (section.approved or not section.failed)


def _places(name: str, section: Section) -> tuple[Place, ...]:
    first: Place = (name, 1)
    second: Place = (name, 2)
    return (first, second) if section.terms.envelopes == 2 else (first,)


def _path(place: Place) -> str:
    return f"{place[0]}/{place[1]}"
