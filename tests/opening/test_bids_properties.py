from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from opening import bids, closing
from opening.state import OpeningState
from record.errors import Refused
from tests.opening.world import FIRST, HOUR, SECOND, SECTION, World

ACTS = st.lists(
    st.tuples(
        st.sampled_from(["bid", "bid", "bid", "withdraw", "old", "wait", "close"]),
        st.integers(1, 3),
        st.integers(1, 2),
    ),
    max_size=14,
)


@pytest.fixture(scope="module")
def opened() -> World:
    return World(envelopes=2).open_up()


def copy(world: World) -> World:
    """Return a world that goes its own way from here."""
    return replace(world, record=list(world.record), sealed=dict(world.sealed))


def act(world: World, what: str, bidder: int, envelope: int) -> None:
    """Do something a bidder or the service might do; a refusal leaves no trace."""
    before = world.state
    place = (FIRST, SECOND)[envelope - 1]
    organisation = world.bidder[bidder].organisation
    try:
        match what:
            case "bid":
                world.bid(bidder, envelope)
            case "withdraw":
                last = bids.last_bid(world.state, place, organisation)
                world.withdraw(bidder, last.bid if last else "0" * 32)
            case "old":
                world.withdraw(bidder, next(iter(world.state.bids), "0" * 32))
            case "wait":
                world.now += 90 * HOUR
            case _:
                world.close()
    except Refused:
        assert world.state == before


def check_invariants(state: OpeningState) -> None:
    owners = [(bid.place, bid.organisation) for bid in state.bids.values() if bid.status == "live"]
    assert len(owners) == len(set(owners)), "a bidder has at most one live bid at a place"
    assert len(state.encs) == len(state.bids), "no encapsulated key is ever used twice"
    seqs = [bid.stamp.seq for bid in state.bids.values()]
    assert seqs == sorted(seqs), "bids stand in the record's order"
    for place, owner in {(bid.place, bid.organisation) for bid in state.bids.values()}:
        revisions = [
            bid.revision
            for bid in state.bids.values()
            if (bid.place, bid.organisation) == (place, owner)
        ]
        assert revisions == list(range(1, len(revisions) + 1)), "revisions have no gaps"


@settings(max_examples=25, deadline=None)
@given(acts=ACTS)
def test_whatever_bidders_do_the_record_folds_to_the_same_sound_state(
    opened: World, acts: list[tuple[str, int, int]]
) -> None:
    world = copy(opened)
    for what, bidder, envelope in acts:
        act(world, what, bidder, envelope)
        check_invariants(world.state)
    assert world.folded() == world.state
    world.now = max(world.now, world.state.sections[SECTION].terms.deadline)
    if not bids.is_closed(world.state, SECTION):
        world.close()
    for place in (FIRST, SECOND):
        closed = world.state.sessions[place].closed
        assert closed is not None
        live = {bid.organisation for bid in bids.live_bids(world.state, place)}
        assert closed.count == len(live)
        listed = tuple(bid for bid in world.state.bids.values() if bid.place == place)
        assert closed.list == closing.close_list(listed).hex()
    both = [
        {bid.organisation for bid in bids.live_bids(world.state, place)}
        for place in (FIRST, SECOND)
    ]
    assert both[0] == both[1], "two envelopes are one submission"


@settings(max_examples=25, deadline=None)
@given(acts=ACTS, data=st.data())
def test_the_fold_never_raises_in_whatever_order_events_come(
    opened: World, acts: list[tuple[str, int, int]], data: st.DataObject
) -> None:
    world = copy(opened)
    for what, bidder, envelope in acts:
        act(world, what, bidder, envelope)
    shuffled = World(envelopes=2)
    some = data.draw(st.permutations(world.record))[: data.draw(st.integers(0, 60))]
    for event, stamp in some:
        shuffled.happened(event, stamp.actor)
    assert len(shuffled.record) == len(some)
