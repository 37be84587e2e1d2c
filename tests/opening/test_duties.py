import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from opening.commands import CloseBids, ExpireCeremony, PauseSession
from opening.duties import duties
from opening.events import CeremonyExpired
from opening.state import OpeningState
from opening.terms import DeadlineMoved, SectionResumed, SectionSuspended, SectionTerminated
from tests.opening.day import Day
from tests.opening.world import DEADLINE, FIRST, HOUR, MINUTE, SECOND


def due(day: Day) -> list[str]:
    return [name for name, _ in duties(day.state, day.now).do]


def test_nothing_is_due_in_an_empty_project() -> None:
    empty = duties(OpeningState("0" * 32), DEADLINE)
    assert (empty.do, empty.again) == ((), None)


def test_bids_are_closed_at_the_deadline_both_envelopes_in_order() -> None:
    day = Day(envelopes=2)
    day.opened_up()
    day.now = DEADLINE - 1
    assert duties(day.state, day.now).do == ()
    assert duties(day.state, day.now).again == DEADLINE
    day.now = DEADLINE
    assert due(day) == ["close/s1/1", "close/s1/2"]
    assert day.do_duties() == ["close/s1/1", "close/s1/2", "files/s1/1"]


def test_a_moved_deadline_moves_the_close() -> None:
    day = Day()
    day.opened_up()
    day.happened(DeadlineMoved(section="s1", deadline=DEADLINE + HOUR))
    assert duties(day.state, DEADLINE).do == ()
    assert duties(day.state, DEADLINE).again == DEADLINE + HOUR


def test_nothing_is_closed_before_bids_are_taken() -> None:
    day = Day()
    day.bind()
    day.terms()
    assert duties(day.state, DEADLINE).do == ()


def test_a_ceremony_expires_when_somebody_misses_its_step() -> None:
    day = Day()
    day.bind()
    day.terms()
    sid = day.start()
    day.join(sid, 0)
    joins_by = day.attempt(sid).start.join_by
    assert duties(day.state, day.now).again == joins_by
    assert day.at(joins_by) == [f"expire/{sid[:32]}/join"]
    event = day.record[-1][0]
    assert isinstance(event, CeremonyExpired)
    assert event.missing == (1, 2, 3)
    assert duties(day.state, day.now).do == ()


def test_a_later_step_expires_at_its_own_time() -> None:
    day = Day()
    day.bind()
    day.terms()
    sid = day.start()
    day.each(day.join, sid)
    start = day.attempt(sid).start
    assert duties(day.state, start.join_by).do == ()
    ((name, command),) = duties(day.state, start.deal_by).do
    assert name == f"expire/{sid[:32]}/deal"
    assert command == ExpireCeremony(sid=sid)


def test_files_are_due_after_the_close_and_for_second_envelopes_after_the_decision() -> None:
    day = Day(envelopes=2)
    day.opened_up()
    day.close_now()
    assert due(day) == ["files/s1/1"]
    day.do_duties()
    assert due(day) == []
    day.passed_on(1)
    assert due(day) == ["files/s1/2"]


def test_bodies_are_due_after_the_release_one_by_one() -> None:
    day = Day()
    bids = day.ordered()
    day.partials()
    assert due(day) == []
    day.release()
    names = [f"body/{bid}" for bid in bids.values()]
    assert due(day) == names
    day.duty(duties(day.state, day.now).do[1][1])
    assert due(day) == [names[0], names[2]]


def test_windows_end_by_themselves() -> None:
    day = Day(co_open=True)
    day.announced()
    day.window("secrets")
    until = day.session().windows["secrets"]
    assert duties(day.state, until - 1).do == ()
    assert duties(day.state, until - 1).again == until
    assert day.at(until) == ["end/s1/1/secrets"]


def test_a_draw_is_sealed_as_soon_as_all_have_committed() -> None:
    day = Day()
    day.decrypted()
    day.read()
    draw = day.start_draw()
    for who in day.drawers:
        assert due(day) == []
        day.commit(who, draw)
    assert due(day) == [f"seal/{draw}"]


def test_the_minutes_wait_for_answers() -> None:
    day = Day()
    day.objecting()
    objection = day.object(1, "异议")
    assert day.at(day.session().windows["objections"]) == ["end/s1/1/objections"]
    day.answer(objection)
    assert due(day) == ["minutes/s1/1"]


def test_while_a_session_is_paused_nothing_of_it_is_due() -> None:
    day = Day()
    day.objecting()
    until = day.session().windows["objections"]
    day.do(day.clerk.actor, PauseSession(section="s1", envelope=1, reason="断电"))
    assert duties(day.state, until + HOUR).do == ()
    assert duties(day.state, until).again is None


def test_in_a_suspended_or_terminated_section_nothing_is_due() -> None:
    day = Day()
    day.opened_up()
    day.happened(SectionSuspended(section="s1", reason="投诉"))
    assert duties(day.state, DEADLINE).do == ()
    day.happened(SectionResumed(section="s1", shift=MINUTE))
    assert duties(day.state, DEADLINE + MINUTE).do == (
        ("close/s1/1", CloseBids(section="s1", envelope=1)),
    )
    day.happened(SectionTerminated(section="s1", reason="取消"))
    assert duties(day.state, DEADLINE + MINUTE).do == ()


def test_every_duty_has_an_id_that_fits_a_command() -> None:
    day = Day(envelopes=2, co_open=True)
    day.objecting()
    day.ended()
    day.passed_on(1, 2)
    day.do_duties()
    assert day.done
    assert all(len(name) <= 64 for name in day.done)
    assert len(set(day.done)) == len(day.done), "a duty is done once"


@settings(max_examples=20, deadline=None)
@given(
    lost=st.sets(st.integers(1, 3)),
    silent=st.sets(st.integers(1, 3)),
    stages=st.integers(0, 6),
    hours=st.integers(0, 2),
)
def test_once_everything_due_is_done_nothing_is_due_at_the_same_moment(
    lost: set[int], silent: set[int], stages: int, hours: int
) -> None:
    day = Day(minimum=1, co_open=True)
    bids = day.opened_up()
    day.gone.update(bids[bidder] for bidder in lost)
    day.at(DEADLINE)
    for stage in ("announce", "secrets", "order", "read", "confirm", "objections")[:stages]:
        walk(day, stage, {bidder: bid for bidder, bid in bids.items() if bidder not in silent})
        assert due(day) == []
    day.at(day.now + hours * HOUR)
    assert duties(day.state, day.now).do == ()
    assert day.folded() == day.state


def walk(day: Day, stage: str, speaking: dict[int, str]) -> None:
    """Go one stage on, where the session has it: with nothing to open it skips some."""
    session = day.session()
    match stage:
        case "announce":
            day.announce()
        case "secrets" if session.stage == "announced":
            day.window("secrets")
            for bidder, bid in speaking.items():
                if bid in (session.intact or ()):
                    day.release_secret(bidder, bid)
            day.at(day.session().windows.get("secrets", day.now))
        case "order" if session.stage == "secrets":
            day.order()
            day.decrypt(FIRST)
        case "read" if session.opened:
            day.read()
            day.draw()
        case "confirm" if session.stage in {"read_out", "draw"}:
            day.window("confirm")
            day.at(day.session().windows.get("confirm", day.now))
        case "objections" if session.stage == "confirm":
            day.window("objections")


@pytest.mark.parametrize("place", [FIRST, SECOND])
def test_a_failed_section_has_nothing_left_to_do(place: tuple[str, int]) -> None:
    day = Day(envelopes=place[1])
    day.open_up()
    day.bid(1)
    day.at(DEADLINE)
    assert duties(day.state, DEADLINE + HOUR).do == ()
    assert duties(day.state, DEADLINE + HOUR).again is None
