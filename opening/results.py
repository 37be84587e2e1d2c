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
from opening.stages import order_place, session_at, within
from opening.state import OpeningState
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
            message = read(event.envelope, Release)
            place = order_place(state, message.opening_id)
            moved = noted(state, place, "release", stamp)
            return within(moved, place, release=_shares(message))
        case BidOpened():
            place = state.bids[event.bid].place
            return within(
                state, place, opened={**session_at(state, place).opened, event.bid: event}
            )
        case BidSpoiled():
            place = state.bids[event.bid].place
            return within(
                state, place, spoiled={**session_at(state, place).spoiled, event.bid: event}
            )
        case DecryptionEnded():
            place = (event.section, event.envelope)
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
    place = order_place(state, message.opening_id)
    partials = {**session_at(state, place).partials, message.i: _shares(message)}
    return within(noted(state, place, f"partial/{message.i}", stamp), place, partials=partials)


def _shares(message: Partial | Release) -> Mapping[str, bytes]:
    return {share.bid: bytes.fromhex(share.share) for share in message.shares}
