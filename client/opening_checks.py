"""What custodians and the timekeeper check for themselves before they compute one share.

The service may lie about everything but what the log proves; nothing here asks it anything.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from client import record_copy
from client.errors import NotTrusted
from client.record_copy import RecordCopy
from client.withdrawal_checks import check_withdrawals
from crypto import sealing
from crypto.certificate import Key
from crypto.points import decode65
from opening import closing, order, transcripts
from opening.bids import is_closed, may_follow
from opening.checks_bids import ReadBid, check_sealed, read_bid
from opening.checks_opening import check_partial
from opening.commands import PostPartial
from opening.envelopes import payload, read, signer, verified, verify
from opening.events import BidAdmitted, BidsClosed, CeremonyStarted, OrderIssued, PartialPosted
from opening.messages import Bid, EnvelopeNumber, OpeningOrder, Partial
from opening.state import Attempt, OpeningState, Place, SealedBid
from record.errors import Refused
from record.events import Signed, Stamp

_ENVELOPES: tuple[EnvelopeNumber, ...] = (1, 2)


@dataclass(frozen=True, slots=True)
class CheckedOpening:
    """An opening that may go on, and what is needed for it.

    Args:
        warnings: findings about time that do not change the list.
    """

    place: Place
    order: OpeningOrder
    opening_id: bytes
    attempt: Attempt
    key: Key
    warnings: tuple[str, ...]


def check(copy: RecordCopy, place: Place) -> CheckedOpening:
    """Check key, close, order, list, every bid and every withdrawal of an opening.

    Raises:
        NotTrusted: something does not hold; no share is to be computed.
    """
    try:
        return _check(copy, place)
    except Refused as refused:
        raise NotTrusted("the record does not hold", refused) from refused


def check_partials(copy: RecordCopy, opening: CheckedOpening) -> tuple[int, ...]:
    """Check every partial of an opening on the record and return whose they are.

    Raises:
        NotTrusted: one does not hold.
    """
    done = []
    for event, _ in copy.every(PartialPosted):
        message = read(event.envelope, Partial)
        if message.opening_id != opening.opening_id.hex():
            continue
        try:
            check_partial(copy.state.opening, PostPartial(message=event.envelope))
        except Refused as refused:
            raise NotTrusted("a share on the record does not hold", refused) from refused
        done.append(message.i)
    return tuple(sorted(set(done)))


def clerk_key(copy: RecordCopy, signed: Signed, stamp: Stamp) -> str:
    """Return the key of the clerk who signed a message, by which it signed at that time.

    What came of clerk and key later does not matter: both may be gone by now.

    Raises:
        NotTrusted: it is not signed by a clerk of that time, or not with its key of that time.
    """
    who = copy.bound[stamp.seq].get((stamp.actor.account, "clerk"))
    if who is None or who.key is None:
        raise NotTrusted("a message is not signed by a clerk of this project")
    if who.keyid != signer(signed):
        raise NotTrusted("a clerk signed with another key than it had at that time")
    return who.key


def _check(copy: RecordCopy, place: Place) -> CheckedOpening:
    state = copy.state.opening
    warnings = record_copy.late(copy)
    if copy.hidden:
        if _all_over(state, place):
            raise NotTrusted("entries of the record are hidden from this seat", copy.hidden)
        warnings += ("entries of sections not closed yet are hidden",)
    found, session = state.keys.get(place), state.sessions.get(place)
    if found is None or session is None or session.closed is None:
        raise NotTrusted("there is no key, or bids are not closed")
    attempt = state.attempts[found.sid]
    starts = copy.every(CeremonyStarted)
    began = [stamp for event, stamp in starts if event.envelope == attempt.started]
    key = transcripts.accept(attempt, clerk_key(copy, attempt.started, began[-1]))
    if (key.key_id.hex(), key.pk.uncompressed()) != (found.key_id, found.pk):
        raise NotTrusted("the key is not the one its ceremony gives")
    _check_in_time(copy, place[0])
    _check_close(state, place, session.closed.list)
    check_withdrawals(copy, place[0])
    _check_bids(copy, place, key)
    issued, opening_id = _check_order(copy, place, found.key_id)
    return CheckedOpening(place, issued, opening_id, attempt, key, warnings)


def _check_in_time(copy: RecordCopy, section: str) -> None:
    """Check A1 again: of neither envelope a bid came in after the section's first close.

    The close may have been made up to know of it, so its list says nothing about that.
    """
    closes = [stamp.seq for event, stamp in copy.every(BidsClosed) if event.section == section]
    for event, stamp in copy.every(BidAdmitted):
        params = read_bid(event.envelope).params
        if params.section == section and stamp.seq > min(closes):
            raise NotTrusted("a bid was admitted after the close", params.bid)


def _check_close(state: OpeningState, place: Place, told: str) -> None:
    bids = tuple(bid for bid in state.bids.values() if bid.place == place)
    if closing.close_list(bids).hex() != told:
        raise NotTrusted("the close does not list the bids on the record")


def _check_order(copy: RecordCopy, place: Place, key_id: str) -> tuple[OpeningOrder, bytes]:
    state = copy.state.opening
    found = [
        (event, stamp)
        for event, stamp in copy.every(OrderIssued)
        if _place(read(event.envelope, OpeningOrder)) == place
    ]
    if len(found) != 1:
        raise NotTrusted("there is not exactly one order", len(found))
    event, stamp = found[0]
    issued = verified(event.envelope, OpeningOrder, clerk_key(copy, event.envelope, stamp))
    if (issued.project, issued.key_id) != (state.project, key_id):
        raise NotTrusted("the order is for another project or key")
    if issued.bids != order.opening_list(state, place):
        raise NotTrusted("the order's list is not what the record gives")
    if issued.scheduled_at > copy.newest.cosigned_at * 1000:
        raise NotTrusted("the time of the opening has not come", issued.scheduled_at)
    return issued, sealing.opening_id(payload(event.envelope))


def _check_bids(copy: RecordCopy, place: Place, key: Key) -> None:
    """Check A2 to A7 again for every bid ever admitted at a place.

    Even one that is not listed must be its bidder's own: it may have replaced one that would be.
    """
    state = copy.state.opening
    seen_x: set[bytes] = set()
    last: dict[tuple[Place, str], SealedBid] = {}
    listed = {line.bid for line in order.opening_list(state, place)}
    for event, stamp in copy.every(BidAdmitted):
        read_one = read_bid(event.envelope)
        found = state.bids[read_one.params.bid]
        if read_one.params.section != place[0]:
            continue
        if found.stamp.seq != stamp.seq:
            raise NotTrusted("a bid reuses another's key or id", found.bid)
        own = [last.get(((place[0], number), found.organisation)) for number in _ENVELOPES]
        _check_signer(copy, event.envelope, found, stamp, own)
        before = last.get((found.place, found.organisation))
        last[found.place, found.organisation] = found
        if found.place != place:
            continue
        x = decode65(read_one.enc).x()
        if x in seen_x:
            raise NotTrusted("a bid reuses another's key or id", found.bid)
        seen_x.add(x)
        _check_line(before, found, read_one)
        if found.bid in listed:
            _check_one(state, key, found, read_one)


def _check_one(state: OpeningState, key: Key, found: SealedBid, one: ReadBid) -> None:
    params = one.params
    told = (params.project, (params.section, params.envelope), params.key_id, params.key)
    key_hash = sealing.key_hash(key.pk).hex()
    if told != (state.project, found.place, key.key_id.hex(), key_hash):
        raise NotTrusted("a bid is sealed to another key or place", found.bid)
    if one.stmt != found.stmt:
        raise NotTrusted("a bid's statement is not its own", found.bid)
    check_sealed(one)


def _check_line(before: SealedBid | None, found: SealedBid, one: ReadBid) -> None:
    revision = 1 if before is None else before.revision + 1
    supersedes = None if before is None else before.bid
    if (one.params.revision, one.params.supersedes) != (revision, supersedes):
        raise NotTrusted("a bid is out of its bidder's order", found.bid)


def _check_signer(
    copy: RecordCopy,
    envelope: Signed,
    found: SealedBid,
    stamp: Stamp,
    before: Sequence[SealedBid | None],
) -> None:
    """Check that a bid is signed with its bidder's key of that time, and so were those before it.

    Two envelopes are one submission: their key is the same, or changed in between on the record.
    """
    who = copy.bound[stamp.seq].get((stamp.actor.account, "bidder"))
    if who is None or who.key is None or who.organisation != found.organisation:
        raise NotTrusted("a bid is not signed by its bidder", found.bid)
    if who.keyid != signer(envelope):
        raise NotTrusted("a bid is signed with another key than its bidder had", found.bid)
    verify(envelope, Bid, who.key)
    if any(bid is not None and not may_follow(bid, who) for bid in before):
        raise NotTrusted("a bid replaces one that another key signed", found.bid)


def _all_over(state: OpeningState, place: Place) -> bool:
    """Tell whether no other section has bids still to come, whose entries are hidden till then."""
    return all(
        name == place[0] or section.terminated or is_closed(state, name)
        for name, section in state.sections.items()
    )


def _place(issued: OpeningOrder) -> Place:
    return issued.section, issued.envelope
