from opening.events import SessionEnded
from tests.opening.day import Day
from tests.opening.world import SECOND


def test_a_session_runs_from_the_lobby_to_its_end() -> None:
    day = Day()
    bids = day.objecting()
    day.ended()
    session = day.session()
    assert session.stage == "ended"
    assert list(session.opened) == list(bids.values())
    assert session.read_out == tuple(bids.values())
    assert day.folded() == day.state


def test_with_co_opening_it_runs_the_same() -> None:
    day = Day(co_open=True)
    bids = day.objecting()
    day.ended()
    assert list(day.session().opened) == list(bids.values())
    assert day.folded() == day.state


def test_of_second_envelopes_only_those_let_through_are_opened() -> None:
    day = Day(envelopes=2)
    day.objecting()
    day.ended()
    day.passed_on(1, 3)
    day.do_duties()
    day.announce(SECOND)
    day.order(SECOND)
    day.decrypt(SECOND)
    day.finish_reading(SECOND)
    day.ended(SECOND)
    opened = [day.state.bids[bid].organisation for bid in day.session(SECOND).opened]
    assert opened == [day.bidder[1].organisation, day.bidder[3].organisation]
    assert day.folded() == day.state


def test_who_did_not_sign_is_named_at_the_end() -> None:
    day = Day()
    day.drawn_minutes()
    day.sign_minutes(day.clerk)
    day.sign_minutes(day.bidder[2])
    (ended,) = day.end()
    assert isinstance(ended, SessionEnded)
    assert ended.unsigned == (day.bidder[1].organisation, day.bidder[3].organisation)
