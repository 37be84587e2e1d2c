"""The heavy checks of bids and withdrawals, made before the desk in threads.

It must not judge deadlines, terms or the bids there are: `opening.bids` does, on the state of the
moment. What is relied on here is who is bound with which key, and that is compared again there.
"""

from dataclasses import dataclass

from crypto import sealing
from crypto.canonical import JsonValue, loads
from crypto.points import InvalidPoint, check_peer_point, decode65
from opening.commands import AdmitBid, RefuseBid, WithdrawBid
from opening.envelopes import Checked, payload, read, signed_as, signer, signing, verify
from opening.messages import SUITE, Bid, BidParams, Refusal, Withdraw
from opening.state import OpeningState
from record.errors import NotValid
from record.events import Signed

BID_LIMIT = 16 << 10
"""The most characters of a signed bid's payload that are looked at; an honest one has 2,000."""


@dataclass(frozen=True, slots=True)
class CheckedBid(Checked):
    """A bid in good form whose signature and sealer's proof hold.

    `key_id` and everything else in `params` is what the bid says of itself, not yet compared.
    """

    bid: Bid
    params: BidParams
    enc_x: bytes


@dataclass(frozen=True, slots=True)
class CheckedRefusal(Checked):
    """A bid, in whatever form, that a registered bidder signed, and the service's answer."""

    organisation: str
    answer: Signed
    refusal: Refusal


@dataclass(frozen=True, slots=True)
class CheckedWithdrawal(Checked):
    """A withdrawal that a registered bidder signed."""

    withdraw: Withdraw


@dataclass(frozen=True, slots=True)
class ReadBid:
    """A bid's message taken apart; nothing about it is checked but its form."""

    bid: Bid
    params: BidParams
    params_bytes: bytes
    enc: bytes
    ct: bytes
    root: bytes

    @property
    def stmt(self) -> bytes:
        """The hash that stands for the whole bid."""
        return sealing.statement(self.params_bytes, self.enc, self.ct, self.bid.size, self.root)


def read_bid(signed: Signed) -> ReadBid:
    """Parse a bid's message and its params strictly (A2).

    Raises:
        NotValid: `bids.malformed`, `bids.wrong_suite`.
    """
    if len(signed.payload) > BID_LIMIT:
        raise NotValid("bids.malformed", part="size")
    try:
        bid = Bid.read(payload(signed))
    except ValueError as error:
        raise NotValid("bids.malformed", part="bid") from error
    params_bytes = bid.params.encode()
    return ReadBid(
        bid,
        _read_params(params_bytes),
        params_bytes,
        bytes.fromhex(bid.enc),
        bytes.fromhex(bid.ct),
        bytes.fromhex(bid.root),
    )


def check_admit(state: OpeningState, command: AdmitBid) -> CheckedBid:
    """Check a bid's signature (A3), form (A2), encapsulated key (A4) and sealer's proof (A6).

    Refusals: bids.malformed, bids.not_signer, bids.signature, bids.wrong_suite, bids.enc_invalid,
    bids.proof.
    """
    if len(command.message.payload) > BID_LIMIT:
        raise NotValid("bids.malformed", part="size")
    _check_signer(state, command.message)
    found = read_bid(command.message)
    return CheckedBid(
        command.message, signer(command.message), found.bid, found.params, check_sealed(found)
    )


def check_sealed(found: ReadBid) -> bytes:
    """Check what is public about a bid's sealing (A4, A6), and return x of its encapsulated key.

    Custodians and the timekeeper repeat this before they act.

    Refusals: bids.enc_invalid, bids.proof.
    """
    try:
        enc = decode65(found.enc)
        check_peer_point(enc)
    except InvalidPoint as error:
        raise NotValid("bids.enc_invalid") from error
    try:
        sealing.verify_sealer(bytes.fromhex(found.bid.pok), enc, found.stmt)
    except sealing.InvalidProof as error:
        raise NotValid("bids.proof") from error
    return enc.x()


def check_refuse(state: OpeningState, command: RefuseBid) -> CheckedRefusal:
    """Check that a registered bidder signed what is refused; the answer's signer is the service.

    The service signed the answer itself a moment ago; its key is no participant's, and the
    verifier, which knows it, checks that signature.

    Refusals: bids.malformed, bids.not_signer, bids.signature, message.malformed.
    """
    if len(command.message.payload) > BID_LIMIT:
        raise NotValid("bids.malformed", part="size")
    organisation = _check_signer(state, command.message)
    refusal = read(command.answer, Refusal)
    return CheckedRefusal(
        command.message, signer(command.message), organisation, command.answer, refusal
    )


def check_withdraw(state: OpeningState, command: WithdrawBid) -> CheckedWithdrawal:
    """Check that a registered bidder signed a withdrawal.

    Refusals: message.not_signer, message.signature, message.malformed.
    """
    withdraw = signed_as(state, "bidder", command.message, Withdraw)
    return CheckedWithdrawal(command.message, signer(command.message), withdraw)


def _check_signer(state: OpeningState, signed: Signed) -> str:
    """Check that a registered bidder signed a bid, and return its organisation."""
    who = signing(state.participants, "bidder", signed)
    if who is None or who.key is None:
        raise NotValid("bids.not_signer")
    try:
        verify(signed, Bid, who.key)
    except NotValid as error:
        raise NotValid("bids.signature") from error
    return who.organisation


def _read_params(params: bytes) -> BidParams:
    try:
        value = loads(params)
    except ValueError as error:
        raise NotValid("bids.malformed", part="params") from error
    if _names_another_suite(value):
        raise NotValid("bids.wrong_suite", suite=SUITE)
    try:
        return BidParams.read(params)
    except ValueError as error:
        raise NotValid("bids.malformed", part="params") from error


def _names_another_suite(value: JsonValue) -> bool:
    return (
        isinstance(value, dict) and isinstance(value.get("suite"), str) and value["suite"] != SUITE
    )
