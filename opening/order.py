"""The rule for the opening list: a function of the record and of nothing else.

Clerk, custodians, timekeeper and service all call it; it must not know who asks, or the time.
"""

from opening.messages import OrderedBid
from opening.stages import session_at
from opening.state import OpeningState, Place, SealedBid


def due_bids(state: OpeningState, place: Place) -> tuple[SealedBid, ...]:
    """Return the bids whose opening is due at a place, in the record's order.

    Those are the bids `live` at the close; of second envelopes only those whose bidder the
    recorded decision let through and whose first envelope was opened. Before the close, and for
    second envelopes before the decision, there are none. Whether they still can be opened is
    another matter: see `opening_list`.
    """
    if session_at(state, place).closed is None:
        return ()
    live = tuple(b for b in state.bids.values() if b.place == place and b.status == "live")
    if place[1] == 1:
        return live
    passed = set(state.sections[place[0]].passed_on or ()) & _opened_first(state, place[0])
    return tuple(bid for bid in live if bid.organisation in passed)


def openable_bids(state: OpeningState, place: Place) -> tuple[SealedBid, ...]:
    """Return the due bids that can be opened: the file is there, a bidder's secret released."""
    session = session_at(state, place)
    return tuple(
        bid
        for bid in due_bids(state, place)
        if bid.bid not in lost_bids(state, place)
        and (bid.secret_commit is None or bid.bid in session.secrets)
    )


def opening_list(state: OpeningState, place: Place) -> tuple[OrderedBid, ...]:
    """Return the list that an order of this place must name, exactly and in this order.

    A bid whose sealed file was lost, or whose bidder kept its secret, is not on it: its cause is
    on the record instead, and it stays sealed for ever.
    """
    return tuple(
        OrderedBid(bid=bid.bid, seq=bid.stamp.seq, enc=bid.enc.hex(), stmt=bid.stmt.hex())
        for bid in openable_bids(state, place)
    )


def lost_bids(state: OpeningState, place: Place) -> frozenset[str]:
    """Return the bids whose files were found lost between the close and the order."""
    return frozenset(lost.bid for lost in session_at(state, place).lost)


def _opened_first(state: OpeningState, section: str) -> set[str]:
    opened = session_at(state, (section, 1)).opened
    return {state.bids[bid].organisation for bid in opened}
