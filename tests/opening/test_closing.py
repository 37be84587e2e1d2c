import pytest

from crypto import sealing
from opening import closing
from opening.commands import ApproveContinuation, CloseBids
from opening.events import BidsClosed, SectionFailed
from opening.messages import EnvelopeNumber
from opening.state import Place
from opening.terms import DeadlineMoved, SectionSuspended, SectionTerminated
from record.errors import NotFound, OutOfOrder
from tests.opening.refusals import refused
from tests.opening.world import DEADLINE, FIRST, HOUR, SECOND, SECTION, SERVICE, World


@pytest.fixture
def world() -> World:
    return World().open_up()


@pytest.fixture
def double() -> World:
    return World(envelopes=2).open_up()


def close(world: World, envelope: EnvelopeNumber = 1, section: str = SECTION) -> BidsClosed:
    events = world.do(SERVICE, CloseBids(section=section, envelope=envelope))
    assert isinstance(events[0], BidsClosed)
    return events[0]


def approve(world: World, section: str = SECTION) -> None:
    command = ApproveContinuation(section=section, approval="某批〔2026〕1号", reason="重招仍不足")
    world.do(world.clerk.actor, command)


def statuses(world: World, place: Place) -> list[str]:
    return [bid.status for bid in world.state.bids.values() if bid.place == place]


def test_the_close_fixes_the_list_of_every_bid_ever_admitted(world: World) -> None:
    for bidder in (1, 2, 3):
        world.bid(bidder)
    replaced = world.bid(2)
    world.withdraw(2, replaced)
    last = world.bid(2)
    world.now = DEADLINE
    event = close(world)
    admitted = list(world.state.bids.values())
    assert [bid.status for bid in admitted] == [
        "live",
        "superseded",
        "live",
        "withdrawn",
        "live",
    ]
    rows = [(bid.stamp.seq, bid.bid, bid.status, bid.stmt) for bid in admitted]
    assert event.list == sealing.close_list(rows).hex()
    assert (event.count, event.deadline) == (3, DEADLINE)
    assert event.key_id == world.state.keys[FIRST].key_id
    session = world.state.sessions[FIRST]
    assert session.stage == "closed"
    assert session.closed is not None
    assert session.closed.count == 3
    assert world.state.bids[last].status == "live"
    assert world.folded() == world.state


def test_nothing_closes_before_the_deadline_in_force(world: World) -> None:
    world.now = DEADLINE - 1
    with refused(OutOfOrder, "bids.before_deadline"):
        close(world)
    world.happened(DeadlineMoved(section=SECTION, deadline=DEADLINE + HOUR))
    world.now = DEADLINE
    with refused(OutOfOrder, "bids.before_deadline"):
        close(world)
    world.now = DEADLINE + HOUR
    assert close(world).deadline == DEADLINE + HOUR


def test_a_place_closes_once(world: World) -> None:
    world.close()
    with refused(OutOfOrder, "bids.already_closed"):
        close(world)


def test_a_place_that_takes_no_bids_does_not_close(world: World) -> None:
    world.now = DEADLINE
    with refused(OutOfOrder, "bids.not_open"):
        close(world, 2)
    with refused(NotFound, "bids.no_such_section"):
        close(world, section="s9")
    world.happened(SectionSuspended(section=SECTION, reason="投诉"))
    with refused(OutOfOrder, "bids.not_open"):
        close(world)


def test_a_terminated_section_does_not_close(world: World) -> None:
    world.happened(SectionTerminated(section=SECTION, reason="撤项"))
    world.now = DEADLINE
    with refused(OutOfOrder, "bids.not_open"):
        close(world)


def test_a_section_before_its_notice_does_not_close() -> None:
    world = World().bind()
    world.terms()
    world.now = DEADLINE
    with refused(OutOfOrder, "bids.not_open"):
        close(world)


# Two envelopes


def test_the_envelopes_close_in_their_order(double: World) -> None:
    double.now = DEADLINE
    with refused(OutOfOrder, "bids.close_in_order"):
        close(double, 2)
    close(double, 1)
    close(double, 2)


def test_a_bid_without_its_other_half_is_neither_counted_nor_listed(double: World) -> None:
    for envelope in (1, 2):
        double.bid(1, envelope)
    double.bid(2, 1)
    double.bid(3, 2)
    double.now = DEADLINE
    assert close(double, 1).count == 1
    assert close(double, 2).count == 1
    assert statuses(double, FIRST) == ["live", "incomplete"]
    assert statuses(double, SECOND) == ["live", "incomplete"]
    assert double.folded() == double.state


def test_a_bid_whose_other_half_was_withdrawn_and_not_made_again_is_incomplete(
    double: World,
) -> None:
    double.bid(1, 1)
    double.withdraw(1, double.bid(1, 2))
    double.bid(1, 1)
    double.now = DEADLINE
    assert close(double, 1).count == 0
    assert statuses(double, FIRST) == ["withdrawn", "incomplete"]
    assert close(double, 2).count == 0
    assert statuses(double, SECOND) == ["withdrawn"]


def test_the_list_of_a_place_may_be_empty(world: World) -> None:
    world.now = DEADLINE
    event = close(world)
    assert (event.count, event.list) == (0, closing.close_list(()).hex())


# Enough bidders


@pytest.mark.parametrize("bidders", [2, 3])
def test_the_section_fails_with_fewer_bidders_than_the_minimum(bidders: int) -> None:
    world = World().open_up()
    for bidder in range(1, bidders + 1):
        world.bid(bidder)
        world.bid(bidder)
    world.now = DEADLINE
    events = world.do(SERVICE, CloseBids(section=SECTION, envelope=1))
    failed = SectionFailed(section=SECTION, count=bidders, minimum=3)
    assert list(events[1:]) == ([failed] if bidders < 3 else [])
    assert world.state.sections[SECTION].failed == (bidders < 3)


def test_only_the_first_envelope_decides_whether_a_section_fails(double: World) -> None:
    double.close()
    events = [event for event, _ in double.record if isinstance(event, SectionFailed)]
    assert len(events) == 1
    assert statuses(double, SECOND) == []


def test_a_failed_section_goes_on_with_an_approval(world: World) -> None:
    with refused(OutOfOrder, "bids.not_failed"):
        approve(world)
    with refused(NotFound, "bids.no_such_section"):
        approve(world, "s9")
    world.bid(1)
    world.close()
    approve(world)
    assert world.state.sections[SECTION].approved
    with refused(OutOfOrder, "bids.already_approved"):
        approve(world)


def test_there_is_nothing_to_go_on_with_where_nobody_bid(world: World) -> None:
    world.close()
    with refused(OutOfOrder, "bids.nothing_to_open"):
        approve(world)
