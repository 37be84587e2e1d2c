from typing import Any

import pytest

from opening.commands import CloseBids
from opening.messages import Periods
from opening.terms import DeadlineMoved
from project import outage
from project.commands import DecideOutage, NoteOutage
from project.events import OutageDecided, OutageNoted
from record.errors import NotValid, OutOfOrder, TooLate
from record.rules import Command
from tests.project import world as w

NOTE = NoteOutage(section=w.SECTION)
CLOSE = CloseBids(section=w.SECTION, envelope=1)
WAIT = 30 * w.MINUTE
AWAY = ((w.DEADLINE - 5 * w.MINUTE, w.DEADLINE + 2 * w.MINUTE),)


def decision(choice: Any, **changes: Any) -> Command:
    return DecideOutage(section=w.SECTION, decision=choice, reason="A power cut", **changes)


def back(away: outage.Spans = AWAY, **changes: Any) -> w.World:
    """Return an open section just after its deadline, the service back from an outage."""
    world = w.published(**changes)
    world.now = max(w.DEADLINE, away[-1][1])
    return world


def noted() -> w.World:
    world = back()
    world.does("service", NOTE, away=AWAY)
    return world


def test_an_outage_across_the_deadline_is_noted_with_the_time_to_decide() -> None:
    world = back()
    (event,) = world.does("service", NOTE, away=AWAY)
    assert event == OutageNoted(
        section=w.SECTION, since=AWAY[0][0], until=AWAY[0][1], decide_by=AWAY[0][1] + WAIT
    )


@pytest.mark.parametrize(
    "span",
    [
        (w.DEADLINE - 11 * w.MINUTE, w.DEADLINE - 10 * w.MINUTE),
        (w.DEADLINE, w.DEADLINE + w.MINUTE),
    ],
)
def test_an_outage_at_another_time_does_not_count(span: tuple[int, int]) -> None:
    world = back((span,))
    with pytest.raises(OutOfOrder, match=r"project\.no_outage"):
        world.does("service", NOTE, away=(span,))
    assert world.does("service", CLOSE, away=(span,))


def test_an_outage_that_touches_the_last_ten_minutes_counts() -> None:
    span = (w.DEADLINE - 20 * w.MINUTE, w.DEADLINE - 10 * w.MINUTE + 1)
    world = back((span,))
    assert world.does("service", NOTE, away=(span,))


def test_several_outages_are_noted_as_one() -> None:
    spans = ((w.DEADLINE - 9, w.DEADLINE - 8), (w.DEADLINE - 5, w.DEADLINE - 3))
    world = back(spans)
    (event,) = world.does("service", NOTE, away=spans)
    assert isinstance(event, OutageNoted)
    assert (event.since, event.until) == (w.DEADLINE - 9, w.DEADLINE - 3)


def test_no_outage_counts_where_the_terms_say_so() -> None:
    world = back(periods=Periods(outage=0))
    with pytest.raises(OutOfOrder, match=r"project\.no_outage"):
        world.does("service", NOTE, away=AWAY)
    assert world.does("service", CLOSE, away=AWAY)


def test_an_outage_is_noted_once_and_not_before_the_deadline() -> None:
    world = back()
    world.now = w.DEADLINE - 1
    with pytest.raises(OutOfOrder, match=r"project\.outage_early"):
        world.does("service", NOTE, away=AWAY)
    world.now = w.DEADLINE
    world.does("service", NOTE, away=AWAY)
    with pytest.raises(OutOfOrder, match=r"project\.outage_noted"):
        world.does("service", NOTE, away=AWAY)


def test_the_close_waits_until_the_outage_is_noted_and_decided() -> None:
    world = back()
    with pytest.raises(OutOfOrder, match=r"project\.outage_not_noted"):
        world.does("service", CLOSE, away=AWAY)
    world.does("service", NOTE, away=AWAY)
    with pytest.raises(OutOfOrder, match=r"project\.outage_undecided"):
        world.does("service", CLOSE, away=AWAY)
    world.does("clerk", decision("close"))
    assert world.does("service", CLOSE, away=AWAY)


def test_without_a_decision_it_closes_after_the_wait() -> None:
    world = noted()
    world.now += WAIT
    with pytest.raises(TooLate, match=r"project\.outage_over"):
        world.does("clerk", decision("close"))
    assert world.does("service", CLOSE, away=AWAY)


def test_an_extension_moves_the_deadline_for_everyone() -> None:
    world = noted()
    later = world.now + w.DAY
    events = world.does("clerk", decision("extend", deadline=later))
    assert events == (
        OutageDecided(section=w.SECTION, decision="extend", reason="A power cut"),
        DeadlineMoved(section=w.SECTION, deadline=later),
    )
    assert outage.noted(world.state, w.SECTION) is None
    world.now = later
    assert world.does("service", CLOSE, away=AWAY)


@pytest.mark.parametrize(
    "wrong",
    [
        decision("extend"),
        decision("extend", deadline=AWAY[0][1]),
        decision("close", deadline=AWAY[0][1] + w.DAY),
    ],
)
def test_an_extension_has_a_deadline_to_come_and_a_close_has_none(wrong: Command) -> None:
    with pytest.raises(NotValid, match=r"project\.outage_deadline"):
        noted().does("clerk", wrong)


def test_an_outage_is_decided_once_and_only_where_there_was_one() -> None:
    with pytest.raises(OutOfOrder, match=r"project\.no_outage"):
        back().does("clerk", decision("close"))
    world = noted()
    world.does("clerk", decision("close"))
    with pytest.raises(OutOfOrder, match=r"project\.outage_decided"):
        world.does("clerk", decision("close"))
