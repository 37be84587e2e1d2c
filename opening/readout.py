"""Read-out, confirmation and objections: what the hall hears, and what bidders say to it.

It must not open or end windows by time; `opening.windows` does.
"""

from opening.commands import AnswerObjection, ConfirmLine, RaiseObjection, ReadOut
from opening.envelopes import acting
from opening.events import (
    BidReadOut,
    LineConfirmed,
    ObjectionAnswered,
    ObjectionRaised,
    OpeningEvent,
    WindowEnded,
)
from opening.order import due_bids
from opening.stages import check_window, place_of, running, session_at
from opening.state import OpeningState, Place, SealedBid
from record.errors import NotAllowed, NotFound, OutOfOrder
from record.rules import Given


def read_out(state: OpeningState, command: ReadOut, given: Given) -> tuple[OpeningEvent, ...]:
    """Read out 唱标 the next bid in the order of submission, or all that are left.

    Refusals: those of `running`, opening.all_read_out, opening.not_opened, opening.not_next.
    """
    del given
    place = place_of(command)
    _, session = running(state, place, command)
    left = unread_bids(state, place)
    if not left:
        raise OutOfOrder("opening.all_read_out")
    if command.bid is None:
        return tuple(BidReadOut(bid=bid) for bid in left)
    if command.bid not in session.opened:
        raise NotFound("opening.not_opened", bid=command.bid)
    if command.bid != left[0]:
        raise OutOfOrder("opening.not_next", bid=command.bid, next=left[0])
    return (BidReadOut(bid=command.bid),)


def confirm_line(
    state: OpeningState, command: ConfirmLine, given: Given
) -> tuple[OpeningEvent, ...]:
    """Confirm the line of one's own bid; the last bidder to do so ends the window.

    Refusals: opening.not_bound, opening.not_own_bid, those of `running`,
    opening.window_not_open, opening.window_over, opening.not_opened, opening.already_confirmed.
    """
    who = acting(state, given, "bidder")
    bid = own_bid(state, command.bid, who.organisation)
    _, session = running(state, bid.place, command)
    if bid.bid not in session.opened:
        raise NotFound("opening.not_opened", bid=bid.bid)
    if bid.bid in session.confirmed:
        raise OutOfOrder("opening.already_confirmed", bid=bid.bid)
    check_window(session, "confirm", given)
    confirmed = LineConfirmed(bid=bid.bid, account=who.account)
    if session.opened.keys() - set(session.confirmed) == {bid.bid}:
        section, envelope = bid.place
        return confirmed, WindowEnded(section=section, envelope=envelope, window="confirm")
    return (confirmed,)


def raise_objection(
    state: OpeningState, command: RaiseObjection, given: Given
) -> tuple[OpeningEvent, ...]:
    """Object 异议 in the session, as a bidder whose bid was announced.

    Refusals: opening.not_bound, those of `running`, opening.window_not_open, opening.window_over,
    opening.not_announced.

    Source: 实施条例 article 44.
    """
    who = acting(state, given, "bidder")
    _, session = running(state, place_of(command), command)
    check_window(session, "objections", given)
    if who.organisation not in {state.bids[bid].organisation for bid in session.announced}:
        raise NotAllowed("opening.not_announced")
    return (
        ObjectionRaised(
            section=command.section,
            envelope=command.envelope,
            objection=given.new_id("objection"),
            organisation=who.organisation,
            text=command.text,
        ),
    )


def answer_objection(
    state: OpeningState, command: AnswerObjection, given: Given
) -> tuple[OpeningEvent, ...]:
    """Answer an objection on the spot; also after the window, until the minutes.

    Refusals: opening.no_such_objection, those of `running`, opening.already_answered.

    Source: 实施条例 article 44.
    """
    del given
    place = objection_place(state, command.objection)
    if place is None:
        raise NotFound("opening.no_such_objection", objection=command.objection)
    _, session = running(state, place, command)
    if session.objections[command.objection].answer is not None:
        raise OutOfOrder("opening.already_answered", objection=command.objection)
    return (ObjectionAnswered(objection=command.objection, answer=command.answer),)


def own_bid(state: OpeningState, bid: str, organisation: str) -> SealedBid:
    """Return a bid of this organisation.

    Refusals: opening.not_own_bid, also for a bid that does not exist, so that nobody learns which.
    """
    found = state.bids.get(bid)
    if found is None or found.organisation != organisation:
        raise NotAllowed("opening.not_own_bid", bid=bid)
    return found


def unread_bids(state: OpeningState, place: Place) -> tuple[str, ...]:
    """Return the opened bids not read out yet, in the order of submission."""
    session = session_at(state, place)
    unread = session.opened.keys() - set(session.read_out)
    return tuple(bid.bid for bid in due_bids(state, place) if bid.bid in unread)


def objection_place(state: OpeningState, objection: str) -> Place | None:
    """Return where an objection was raised."""
    places = (place for place, found in state.sessions.items() if objection in found.objections)
    return next(places, None)
