"""How order, shares and opened bodies reach the state; a fold alone, it judges nothing."""

from collections.abc import Mapping

from crypto import sealing
from opening.envelopes import payload, read
from opening.events import (
    BidOpened,
    BidSpoiled,
    DecryptionEnded,
    KeyReleased,
    OrderIssued,
    PartialPosted,
)
from opening.hall import noted
from opening.messages import OpeningOrder, Partial, Release
from opening.stages import ordered_place, session_at, within
from opening.state import OpeningState, Place
from record.events import Signed, Stamp

ResultEvent = OrderIssued | PartialPosted | KeyReleased | BidOpened | BidSpoiled | DecryptionEnded


def evolve_result(state: OpeningState, event: ResultEvent, stamp: Stamp) -> OpeningState:
    """Fold one event in. Never refuses: what is in the record has happened."""
    match event:
        case OrderIssued():
            return _ordered(state, event.envelope, stamp)
        case PartialPosted():
            return _posted(state, read(event.envelope, Partial), stamp)
        case KeyReleased():
            return _released(state, read(event.envelope, Release), stamp)
        case BidOpened() | BidSpoiled():
            return _ended(state, event)
        case DecryptionEnded():
            place: Place = (event.section, event.envelope)
            return within(noted(state, place, "decrypted", stamp), place, stage="read_out")


def _ordered(state: OpeningState, envelope: Signed, stamp: Stamp) -> OpeningState:
    order = read(envelope, OpeningOrder)
    return within(
        state,
        (order.section, order.envelope),
        stage="decrypting",
        order=order,
        opening_id=sealing.opening_id(payload(envelope)).hex(),
        order_stamp=stamp,
    )


def _posted(state: OpeningState, message: Partial, stamp: Stamp) -> OpeningState:
    place = ordered_place(state, message.opening_id)
    if place is None:
        return state
    partials = {**session_at(state, place).partials, message.i: _shares(message)}
    return within(noted(state, place, f"partial/{message.i}", stamp), place, partials=partials)


def _released(state: OpeningState, message: Release, stamp: Stamp) -> OpeningState:
    place = ordered_place(state, message.opening_id)
    if place is None:
        return state
    return within(noted(state, place, "release", stamp), place, release=_shares(message))


def _ended(state: OpeningState, event: BidOpened | BidSpoiled) -> OpeningState:
    bid = state.bids.get(event.bid)
    if bid is None:
        return state
    session = session_at(state, bid.place)
    if isinstance(event, BidOpened):
        return within(state, bid.place, opened={**session.opened, event.bid: event})
    return within(state, bid.place, spoiled={**session.spoiled, event.bid: event})


def _shares(message: Partial | Release) -> Mapping[str, bytes]:
    return {share.bid: bytes.fromhex(share.share) for share in message.shares}
