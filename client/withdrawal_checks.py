"""Whether the withdrawals of a section were their bidders' own: who signed what, and when.

It must not trust that the service asked the same; a false one would drop a bid from the list.
"""

from client.errors import NotTrusted
from client.record_copy import RecordCopy
from opening.bids import check_takes_back, is_closed
from opening.envelopes import read, signer, verify
from opening.events import BidWithdrawn
from opening.messages import Withdraw
from opening.participants import Participant
from opening.state import OpeningState, SealedBid
from record.errors import Refused
from record.events import Signed, Stamp


def check_withdrawals(copy: RecordCopy, section: str) -> None:
    """Check every withdrawal of a section's bids as the state was when it came.

    One of a bid that was not there takes nothing back, and is left to the verifier.

    Raises:
        NotTrusted: one is not its bidder's.
    """
    for event, stamp in copy.every(BidWithdrawn):
        state, message = copy.before[stamp.seq], read(event.envelope, Withdraw)
        bid = state.bids.get(message.bid)
        if bid is not None and bid.place[0] == section:
            if message.project != state.project:
                raise NotTrusted("a withdrawal is for another project", bid.bid)
            if is_closed(state, section):
                raise NotTrusted("a withdrawal came after the close", bid.bid)
            _check(state, event.envelope, stamp, bid)


def _check(state: OpeningState, envelope: Signed, stamp: Stamp, bid: SealedBid) -> None:
    who: Participant | None = state.participants.get((stamp.actor.account, "bidder"))
    if who is None or who.organisation != bid.organisation or who.key is None:
        raise NotTrusted("a bid is withdrawn by another than its bidder", bid.bid)
    if signer(envelope) != who.keyid:
        raise NotTrusted("a withdrawal is not signed by its bidder", bid.bid)
    try:
        verify(envelope, Withdraw, who.key)
        check_takes_back(state, bid, who)
    except Refused as refused:
        raise NotTrusted("a withdrawal does not hold", f"{bid.bid}: {refused}") from refused
