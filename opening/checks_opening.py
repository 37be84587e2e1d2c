"""Heavy checks of the opening: the order's signature, each share of a partial, the last release.

They run before the desk, on the committed state, and only on what can no longer change: key and
order. They must not decide: whoever decides compares what they name with the state.
"""

from dataclasses import dataclass

from crypto import dleq
from crypto.points import InvalidPoint, decode33, decode65
from opening.commands import IssueOrder, PostPartial, ReleaseKey, SignMinutes
from opening.envelopes import Checked, keyid, read, signed_as, signer, verified, verify
from opening.messages import BidShare, MinutesSignature, OpeningOrder, Partial, Release
from opening.stages import order_place
from opening.state import Key, OpeningState, Place
from record.errors import NotValid


@dataclass(frozen=True, slots=True)
class CheckedOrder(Checked):
    """An opening order whose signature holds under a clerk's key."""


@dataclass(frozen=True, slots=True)
class CheckedPartial(Checked):
    """Shares of every bid on an order, each proved to come from the share key of party `i`.

    The signature holds under the key that the ceremony's roster names for `i` (0: timekeeper).
    """

    opening_id: str
    i: int


@dataclass(frozen=True, slots=True)
class CheckedMinutes(Checked):
    """A signature of minutes that holds under a participant's key."""

    account: str


def check_order(state: OpeningState, command: IssueOrder) -> CheckedOrder:
    """Check who signed an opening order.

    Raises:
        NotValid: message.not_signer, message.signature, message.malformed.
    """
    signed_as(state, "clerk", command.message, OpeningOrder)
    return CheckedOrder(command.message, signer(command.message))


def check_partial(state: OpeningState, command: PostPartial) -> CheckedPartial:
    """Check a custodian's signature and every one of its shares, in the order's order.

    Raises:
        NotFound: opening.no_such_order.
        NotValid: message.*, opening.no_such_custodian, opening.wrong_project,
            opening.wrong_key, opening.shares_not_the_list, opening.share_wrong.
    """
    message = read(command.message, Partial)
    place = order_place(state, message.opening_id)
    key = state.keys[place]
    roster = state.attempts[key.sid].start.roster
    if message.i > len(roster):
        raise NotValid("opening.no_such_custodian", i=message.i)
    signing = roster[message.i - 1].key
    verify(command.message, Partial, signing)
    _check_shares(state, place, message, key.y[message.i - 1])
    return CheckedPartial(command.message, keyid(signing), message.opening_id, message.i)


def check_release(state: OpeningState, command: ReleaseKey) -> CheckedPartial:
    """Check the timekeeper's signature and every one of its shares.

    Raises:
        NotFound: opening.no_such_order.
        NotValid: message.*, opening.wrong_project, opening.wrong_key,
            opening.shares_not_the_list, opening.share_wrong.
    """
    message = read(command.message, Release)
    place = order_place(state, message.opening_id)
    key = state.keys[place]
    signing = state.attempts[key.sid].start.timekeeper.key
    verify(command.message, Release, signing)
    _check_shares(state, place, message, key.y_t)
    return CheckedPartial(command.message, keyid(signing), message.opening_id, 0)


def check_minutes(state: OpeningState, command: SignMinutes) -> CheckedMinutes:
    """Check a signature of minutes under the key of whoever it names.

    Raises:
        NotValid: message.not_signer, message.signature, message.malformed.
    """
    wanted = signer(command.message)
    for who in state.participants.values():
        if wanted and who.keyid == wanted and who.key is not None:
            verified(command.message, MinutesSignature, who.key)
            return CheckedMinutes(command.message, wanted, who.account)
    raise NotValid("message.not_signer", message=MinutesSignature.name)


def _check_shares(
    state: OpeningState, place: Place, message: Partial | Release, y_i: bytes
) -> None:
    key = state.keys[place]
    if message.project != state.project:
        raise NotValid("opening.wrong_project")
    if message.key_id != key.key_id:
        raise NotValid("opening.wrong_key")
    order = state.sessions[place].order
    if order is None or [s.bid for s in message.shares] != [b.bid for b in order.bids]:
        raise NotValid("opening.shares_not_the_list")
    public = decode33(y_i)
    for listed, share in zip(order.bids, message.shares, strict=True):
        enc = decode65(bytes.fromhex(listed.enc))
        ctx = _context(state.project, key, message, share)
        try:
            dleq.verify(bytes.fromhex(share.share), public, enc, ctx)
        except (dleq.InvalidShare, InvalidPoint) as error:
            raise NotValid("opening.share_wrong", bid=share.bid, i=message.i) from error


def _context(project: str, key: Key, message: Partial | Release, share: BidShare) -> bytes:
    return dleq.context(
        project,
        bytes.fromhex(key.key_id),
        bytes.fromhex(message.opening_id),
        share.bid,
        message.i,
    )
