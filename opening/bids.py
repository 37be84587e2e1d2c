"""Bids as rules: what is admitted, refused on the record, replaced and withdrawn.

It must not parse or prove anything anew: `opening.checks_bids` did, before the desk; here the
outcome is compared with the state, under the project's order.
"""

import hashlib
from dataclasses import replace

from opening.checks_bids import (
    CheckedBid,
    CheckedRefusal,
    CheckedWithdrawal,
    read_bid,
)
from opening.commands import AdmitBid, RefuseBid, WithdrawBid
from opening.envelopes import acting, acting_signer, expect, payload, read, signer
from opening.events import BidAdmitted, BidRefused, BidWithdrawn
from opening.messages import Bid, BidParams, Refusal, Withdraw
from opening.participants import Participant
from opening.state import Key, OpeningState, Place, RefusedBid, SealedBid, Section
from record.errors import NotAllowed, NotFound, NotValid, OutOfOrder, TooLate
from record.events import Signed, Stamp
from record.rules import Given, StoredFile

BidEvent = BidAdmitted | BidRefused | BidWithdrawn


def admit_bid(state: OpeningState, command: AdmitBid, given: Given) -> tuple[BidAdmitted, ...]:
    """Admit a sealed bid, a first one or a replacement (A1, A3, A5, A7, A8).

    Refusals: bids.wrong_project, bids.wrong_section, bids.wrong_envelope, bids.closed,
    bids.not_open, bids.late, bids.wrong_key, bids.wrong_key_id, opening.not_bound,
    bids.not_signer, bids.key_changed, bids.enc_reused, bids.id_reused, bids.revision,
    bids.supersedes, bids.secret_commit, bids.too_large, bids.no_upload, bids.size, bids.root.
    """
    checked = expect(given, CheckedBid, command.message)
    params = checked.params
    if params.project != state.project:
        raise NotValid("bids.wrong_project")
    section = _section(state, params)
    _check_taking(state, section, given)
    _check_key(state, params)
    bidder = acting(state, given, "bidder")
    if bidder.keyid != checked.keyid or bidder.organisation != params.bidder:
        raise NotValid("bids.not_signer")
    _check_lineage(state, params, bidder)
    _check_fresh(state, params, checked.enc_x)
    _check_revision(state, params)
    if (params.bidder_secret_commit is None) == section.terms.co_open:
        raise NotValid("bids.secret_commit")
    _check_file(checked.bid, section.terms.max_size, given.facts.stored)
    return (BidAdmitted(envelope=command.message),)


def refuse_bid(state: OpeningState, command: RefuseBid, given: Given) -> tuple[BidRefused, ...]:
    """Record that a bid which a registered bidder signed was not admitted, with the answer.

    The shell names the command for the payload it refuses, so that the same bid sent again is
    answered with the same entry.

    Refusals: bids.service_only, bids.wrong_answer.
    """
    checked = expect(given, CheckedRefusal, command.message)
    if not given.actor.is_service:
        raise NotAllowed("bids.service_only")
    refusal = checked.refusal
    received = hashlib.sha256(payload(command.message)).hexdigest()
    if (refusal.project, refusal.received) != (state.project, received):
        raise NotValid("bids.wrong_answer")
    if checked.answer != command.answer:
        raise TypeError("another answer was checked")
    return (
        BidRefused(
            organisation=checked.organisation, envelope=command.message, answer=command.answer
        ),
    )


def withdraw_bid(
    state: OpeningState, command: WithdrawBid, given: Given
) -> tuple[BidWithdrawn, ...]:
    """Take a bidder's last bid back; the other envelope's last one goes with it.

    Refusals: bids.wrong_project, opening.not_bound, message.not_signer, bids.no_such_bid,
    bids.closed, bids.not_open, bids.late, bids.not_last, bids.not_live, bids.key_changed.
    """
    checked = expect(given, CheckedWithdrawal, command.message)
    if checked.withdraw.project != state.project:
        raise NotValid("bids.wrong_project")
    bidder = acting_signer(state, given, "bidder", checked)
    bid = state.bids.get(checked.withdraw.bid)
    if bid is None or bid.organisation != bidder.organisation:
        raise NotFound("bids.no_such_bid", bid=checked.withdraw.bid)
    _check_taking(state, state.sections[bid.place[0]], given)
    check_takes_back(state, bid, bidder)
    return (BidWithdrawn(envelope=command.message),)


def check_takes_back(state: OpeningState, bid: SealedBid, bidder: Participant) -> None:
    """Check that a bid is its bidder's last one, live, and that its present key may take it back.

    Refusals: bids.not_last, bids.not_live, bids.key_changed.
    """
    if last_bid(state, bid.place, bid.organisation) != bid:
        raise OutOfOrder("bids.not_last", bid=bid.bid)
    if bid.status != "live":
        raise OutOfOrder("bids.not_live", bid=bid.bid)
    for taken in (bid, _other_half(state, bid)):
        if taken is not None and not may_follow(taken, bidder):
            raise NotValid("bids.key_changed", bid=taken.bid)


def evolve_bid(state: OpeningState, event: BidEvent, stamp: Stamp) -> OpeningState:
    """Fold one event in. Never refuses: what is in the record has happened."""
    match event:
        case BidAdmitted():
            return _admitted(state, event, stamp)
        case BidRefused():
            answer = read(event.answer, Refusal)
            place = _place_if_readable(event.envelope)
            refused = RefusedBid(place, event.organisation, answer.at, answer.code)
            return replace(state, refused=(*state.refused, refused))
        case BidWithdrawn():
            return _withdrawn(state, read(event.envelope, Withdraw).bid)


def last_bid(state: OpeningState, place: Place, organisation: str) -> SealedBid | None:
    """Return a bidder's bid of the highest revision at a place, whatever became of it."""
    own = (
        bid
        for bid in state.bids.values()
        if bid.place == place and bid.organisation == organisation
    )
    return max(own, key=lambda bid: bid.revision, default=None)


def live_bids(state: OpeningState, place: Place) -> tuple[SealedBid, ...]:
    """Return the bids of a place that stand, in the record's order."""
    return tuple(bid for bid in state.bids.values() if bid.place == place and bid.status == "live")


def may_follow(bid: SealedBid, bidder: Participant) -> bool:
    """Tell whether a bidder's present key may replace or withdraw a bid.

    It is the key that signed the bid, or the record shows that this bidder changed from that key
    since; otherwise the service could replace a bid under a key of its own.
    """
    if bidder.keyid == bid.keyid:
        return True
    return bid.keyid in bidder.keys and bidder.key_since > bid.stamp.seq


def is_closed(state: OpeningState, section: str) -> bool:
    """Tell whether the close of a section's first envelope is on the record.

    Both envelopes are closed at one deadline, one after the other; from the first on nothing
    comes in any more.
    """
    session = state.sessions.get((section, 1))
    return session is not None and session.closed is not None


def _section(state: OpeningState, params: BidParams) -> Section:
    section = state.sections.get(params.section)
    if section is None:
        raise NotValid("bids.wrong_section", section=params.section)
    if params.envelope > section.terms.envelopes:
        raise NotValid("bids.wrong_envelope", envelope=params.envelope)
    return section


def _check_taking(state: OpeningState, section: Section, given: Given) -> None:
    """Check that a section takes bids and withdrawals at the moment the command came (A1)."""
    if is_closed(state, section.terms.section):
        raise TooLate("bids.closed")
    if not section.taking_bids or section.suspended is not None or section.terminated:
        raise OutOfOrder("bids.not_open")
    if given.received >= section.terms.deadline:
        raise TooLate("bids.late", received=given.received, deadline=section.terms.deadline)


def _check_key(state: OpeningState, params: BidParams) -> Key:
    key = state.keys.get((params.section, params.envelope))
    if key is None or key.erased:
        raise OutOfOrder("bids.not_open")
    if params.key_id != key.key_id:
        raise NotValid("bids.wrong_key_id")
    if params.key != hashlib.sha256(key.pk).hexdigest():
        raise NotValid("bids.wrong_key")
    return key


def _check_lineage(state: OpeningState, params: BidParams, bidder: Participant) -> None:
    """Check that the signing key is the one of the bidder's last bid of either envelope.

    Two envelopes are one submission, and a withdrawal takes both: so one key signs both.
    """
    for envelope in (1, 2):
        last = last_bid(state, (params.section, envelope), params.bidder)
        if last is not None and not may_follow(last, bidder):
            raise NotValid("bids.key_changed", bid=last.bid)


def _check_fresh(state: OpeningState, params: BidParams, enc_x: bytes) -> None:
    if (params.key_id, enc_x) in state.encs:
        raise NotValid("bids.enc_reused")
    if params.bid in state.bids:
        raise NotValid("bids.id_reused")


def _check_revision(state: OpeningState, params: BidParams) -> None:
    last = last_bid(state, (params.section, params.envelope), params.bidder)
    expected = 1 if last is None else last.revision + 1
    if params.revision != expected:
        raise NotValid("bids.revision", expected=expected)
    if params.supersedes != (None if last is None else last.bid):
        raise NotValid("bids.supersedes")


def _check_file(bid: Bid, max_size: int, stored: StoredFile | None) -> None:
    """Check what the service measured of the sealed file (A1, A8)."""
    if bid.size > max_size:
        raise NotValid("bids.too_large", max_size=max_size)
    if stored is None:
        raise NotFound("bids.no_upload")
    if stored.size != bid.size:
        raise NotValid("bids.size", stored=stored.size)
    if stored.root.hex() != bid.root:
        raise NotValid("bids.root")


def _other_half(state: OpeningState, bid: SealedBid) -> SealedBid | None:
    """Return the same bidder's live bid of the section's other envelope."""
    other = last_bid(state, (bid.place[0], 2 if bid.place[1] == 1 else 1), bid.organisation)
    return other if other is not None and other.status == "live" else None


def _place_if_readable(signed: Signed) -> Place | None:
    try:
        params = read_bid(signed).params
    except NotValid:
        return None
    return (params.section, params.envelope)


def _admitted(state: OpeningState, event: BidAdmitted, stamp: Stamp) -> OpeningState:
    found = read_bid(event.envelope)
    params = found.params
    bid = SealedBid(
        bid=params.bid,
        stamp=stamp,
        place=(params.section, params.envelope),
        key_id=params.key_id,
        organisation=params.bidder,
        account=stamp.actor.account,
        keyid=signer(event.envelope),
        revision=params.revision,
        params=found.params_bytes,
        enc=found.enc,
        ct=found.ct,
        size=found.bid.size,
        root=found.root,
        stmt=found.stmt,
        secret_commit=params.bidder_secret_commit,
    )
    last = last_bid(state, bid.place, bid.organisation)
    bids = dict(state.bids)
    if last is not None and last.status == "live":
        bids[last.bid] = replace(last, status="superseded")
    bids[bid.bid] = bid
    seen = (bid.key_id, bid.enc[1:33])
    return replace(state, bids=bids, encs=state.encs | {seen})


def _withdrawn(state: OpeningState, name: str) -> OpeningState:
    bid = state.bids.get(name)
    if bid is None:
        return state
    taken = [half for half in (bid, _other_half(state, bid)) if half is not None]
    gone = {half.bid: replace(half, status="withdrawn") for half in taken}
    return replace(state, bids={**state.bids, **gone})
