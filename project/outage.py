"""What an outage shortly before a deadline sets off: the close waits for the clerk; pure.

The service measures when it was away; these rules say whether that counts and for how long.
"""

from opening.terms import DeadlineMoved
from project.commands import DecideOutage, NoteOutage
from project.events import OutageDecided, OutageNoted
from project.state import Outage, ProjectState
from record.errors import NotValid, OutOfOrder, TooLate
from record.rules import Given

Spans = tuple[tuple[int, int], ...]
"""(from, until) in ms, in which the service was not answering."""


def note_outage(state: ProjectState, command: NoteOutage, given: Given) -> tuple[OutageNoted, ...]:
    """Record that the service was away shortly before the deadline that has now come.

    Refusals: project.outage_early, project.outage_noted, project.no_outage.
    """
    terms = state.opening.sections[command.section].terms
    if given.received < terms.deadline:
        raise OutOfOrder("project.outage_early")
    if noted(state, command.section) is not None:
        raise OutOfOrder("project.outage_noted")
    spans = counting(state, command.section, given.facts.away)
    if not spans:
        raise OutOfOrder("project.no_outage")
    event = OutageNoted(
        section=command.section,
        since=min(since for since, _ in spans),
        until=max(until for _, until in spans),
        decide_by=given.received + terms.periods.decision,
    )
    return (event,)


def decide_outage(
    state: ProjectState, command: DecideOutage, given: Given
) -> tuple[OutageDecided | DeadlineMoved, ...]:
    """Extend for everyone, or close.

    Refusals: project.no_outage, project.outage_decided, project.outage_over,
    project.outage_deadline.
    """
    outage = noted(state, command.section)
    if outage is None:
        raise OutOfOrder("project.no_outage")
    if outage.decision is not None:
        raise OutOfOrder("project.outage_decided")
    if given.received >= outage.decide_by:
        raise TooLate("project.outage_over")
    decided = OutageDecided(
        section=command.section, decision=command.decision, reason=command.reason
    )
    if command.decision == "close":
        if command.deadline is not None:
            raise NotValid("project.outage_deadline")
        return (decided,)
    if command.deadline is None or command.deadline <= given.received:
        raise NotValid("project.outage_deadline")
    return (decided, DeadlineMoved(section=command.section, deadline=command.deadline))


def noted(state: ProjectState, section: str) -> Outage | None:
    """Return the outage noted for the deadline in force, if any."""
    outage = state.outages.get(section)
    deadline = state.opening.sections[section].terms.deadline
    return outage if outage is not None and outage.deadline == deadline else None


def counting(state: ProjectState, section: str, away: Spans) -> Spans:
    """Return those spans that touch the last stretch before the deadline."""
    terms = state.opening.sections[section].terms
    if terms.periods.outage == 0:
        return ()
    begin = terms.deadline - terms.periods.outage
    return tuple(span for span in away if span[0] < terms.deadline and span[1] > begin)


def to_note(state: ProjectState, section: str, now: int, away: Spans) -> bool:
    """Tell whether an outage of the deadline just passed is still to be noted."""
    passed = now >= state.opening.sections[section].terms.deadline
    return passed and noted(state, section) is None and bool(counting(state, section, away))


def awaited(state: ProjectState, section: str, now: int) -> int | None:
    """Return until when the close waits for the clerk's decision; None when it does not."""
    outage = noted(state, section)
    if outage is None or outage.decision is not None or now >= outage.decide_by:
        return None
    return outage.decide_by


def check_close(state: ProjectState, section: str, given: Given) -> None:
    """Refuse to close while an outage is to be noted or decided.

    Refusals: project.outage_not_noted, project.outage_undecided.
    """
    if to_note(state, section, given.received, given.facts.away):
        raise OutOfOrder("project.outage_not_noted")
    until = awaited(state, section, given.received)
    if until is not None:
        raise OutOfOrder("project.outage_undecided", until=until)
