import pytest

from opening import rules
from opening.state import OpeningState
from record.events import Event, Stamp
from tests.opening.day import Day
from tests.opening.world import PROJECT


@pytest.fixture(scope="module")
def record() -> list[tuple[Event, Stamp]]:
    day = Day(co_open=True)
    bids = day.objecting()
    day.answer(day.object(1, "异议"))
    day.ended()
    assert len(day.session().opened) == len(bids)
    return day.record


def fold(entries: list[tuple[Event, Stamp]]) -> OpeningState:
    state = OpeningState(PROJECT)
    for event, stamp in entries:
        state = rules.evolve(state, event, stamp)  # type: ignore[arg-type]  # any event
    return state


def test_a_fold_never_refuses_even_where_one_entry_is_missing(
    record: list[tuple[Event, Stamp]],
) -> None:
    for missing in range(len(record)):
        assert fold(record[:missing] + record[missing + 1 :]).project == PROJECT


def test_every_event_comes_back_from_its_bytes(record: list[tuple[Event, Stamp]]) -> None:
    for event, _ in record:
        assert type(event).from_body(event.body()) == event
