"""Arithmetic corrections 算术修正: what the committee makes of a price, what its bidder says; pure.

A member proposes, most of all members agree, and the bidder is asked at once. What it confirms is
scored; where it refuses, or says nothing in its time, the bid is neither priced nor ranked. The
price that was read out stays in the record. It must not read a bid.

Source: Order 87, article 59; Order 12, article 19.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Final, Literal

from evaluation.clarification import LONGEST, SHORTEST
from evaluation.committee import Committee, seat_of
from evaluation.events import (
    CorrectionAnswered,
    CorrectionAsked,
    CorrectionEvent,
    CorrectionExpired,
    CorrectionGround,
    CorrectionProposed,
    CorrectionVoted,
)
from evaluation.messages import CorrectionAnswer
from evaluation.review import Review
from evaluation.waiting import Said, Waiting, still_open
from record.errors import NotAllowed, NotFound, NotValid, OutOfOrder, TooLate
from record.events import Signed

MOST: Final = 5
"""Corrections proposed of one bid at the most."""
Status = Literal["proposed", "asked", "accepted", "refused", "expired", "dropped"]


@dataclass(frozen=True, slots=True)
class Correction(Waiting):
    """One correction of one bid's price."""

    correction: str
    bid: str
    seat: str
    """Who proposed it."""
    ground: CorrectionGround
    price: int
    """The corrected one, minor units."""
    reason: str
    period: int
    """How long the bidder has, ms from when it is asked."""
    votes: Mapping[str, bool] = field(default_factory=dict)
    """Seat -> whether it agrees."""
    status: Status = "proposed"
    due: int = 0
    """Until when the bidder can answer, ms UTC; from when it is asked."""
    answer: Signed | None = None


Corrections = Mapping[str, Correction]
"""By id, in the order in which they were proposed."""


def propose(
    committee: Committee,
    review: Review,
    found: Corrections,
    *,
    account: str,
    said: CorrectionProposed,
    present: int | None,
) -> tuple[CorrectionProposed, ...]:
    """Propose another price for a bid; whoever does agrees to it.

    Args:
        committee: quorate, with its chair.
        review: closed.
        found: what was proposed before.
        account: the member's.
        said: the proposal; its seat is the member's.
        present: the price of the bid as it stands, minor units; None where there is none.

    Refusals: committee.not_a_member, review.not_begun, correction.too_early, review.no_such_bid,
    correction.no_amount, correction.open, correction.too_many, correction.period,
    correction.price.
    """
    _seat(committee, review, account)
    if said.bid not in review.valid:
        raise NotFound("review.no_such_bid", bid=said.bid)
    if present is None:
        raise OutOfOrder("correction.no_amount", bid=said.bid)
    of_bid = [one for one in found.values() if one.bid == said.bid]
    if any(one.is_open for one in of_bid):
        raise OutOfOrder("correction.open", corrections=[one.correction for one in of_bid])
    if len(of_bid) >= MOST:
        raise OutOfOrder("correction.too_many", most=MOST)
    if not SHORTEST <= said.period <= LONGEST:
        raise NotValid("correction.period", shortest=SHORTEST, longest=LONGEST)
    if said.price == present:
        raise NotValid("correction.price", present=present)
    return (said,)


def vote(
    committee: Committee,
    review: Review,
    found: Corrections,
    account: str,
    correction: str,
    *,
    agrees: bool,
    now: int,
) -> tuple[CorrectionVoted | CorrectionAsked, ...]:
    """Agree to a correction or not; the agreement of most of all members asks the bidder.

    Refusals: committee.not_a_member, review.not_begun, correction.too_early,
    correction.not_found, correction.wrong_step, review.no_such_bid, committee.has_voted.
    """
    seat = _seat(committee, review, account)
    one = _at(found, correction, "proposed")
    if one.bid not in review.valid:
        raise NotFound("review.no_such_bid", bid=one.bid)
    if seat in one.votes:
        raise OutOfOrder("committee.has_voted")
    section = committee.section
    voted = CorrectionVoted(section=section, correction=correction, seat=seat, agrees=agrees)
    if not agrees or not _has_most(committee, {**one.votes, seat: agrees}, agrees=True):
        return (voted,)
    due = now + one.period
    return (voted, CorrectionAsked(section=section, correction=correction, due=due))


def answer(
    section: str,
    found: Corrections,
    told: CorrectionAnswer,
    said: Said,
) -> tuple[CorrectionAnswered, ...]:
    """Confirm a corrected price or refuse it, signed, within the time, once.

    Args:
        section: whose evaluation.
        found: what was corrected.
        told: what its envelope holds.
        said: who answers, when.

    Refusals: correction.not_found, correction.wrong_step, correction.not_yours,
    correction.other_price, correction.expired.
    """
    one = _at(found, told.correction, "asked")
    if said.owner != said.organisation:
        raise NotAllowed("correction.not_yours")
    if (told.bid, told.price) != (one.bid, one.price):
        raise NotValid("correction.other_price", price=one.price)
    if said.at >= one.due:
        raise TooLate("correction.expired", due=one.due)
    return (
        CorrectionAnswered(
            section=section,
            correction=told.correction,
            accepts=told.accepts,
            envelope=said.envelope,
        ),
    )


def expire(
    section: str, found: Corrections, correction: str, now: int
) -> tuple[CorrectionExpired, ...]:
    """Note that the time to confirm is over.

    Refusals: correction.not_found, correction.wrong_step, correction.not_due.
    """
    one = _at(found, correction, "asked")
    if now < one.due:
        raise OutOfOrder("correction.not_due", due=one.due)
    return (CorrectionExpired(section=section, correction=correction),)


def check_none_open(found: Corrections, valid: Sequence[str]) -> None:
    """Refuse to go on while a correction of a bid that is still in waits for anybody.

    Refusals: correction.open.
    """
    waiting = still_open(found, valid)
    if waiting:
        raise OutOfOrder("correction.open", corrections=waiting)


def confirmed(found: Corrections) -> Mapping[str, int]:
    """Return the price that counts instead of the one read out, by bid."""
    return {one.bid: one.price for one in found.values() if one.status == "accepted"}


def not_confirmed(found: Corrections) -> frozenset[str]:
    """Return the bids that are invalid: a correction of theirs was refused, or expired."""
    return frozenset(one.bid for one in found.values() if one.status in {"refused", "expired"})


def evolve_corrections(
    committee: Committee, found: Corrections, event: CorrectionEvent
) -> Corrections:
    """Fold one event in. Never refuses: what is in the record has happened."""
    if isinstance(event, CorrectionProposed):
        told = event.model_dump(exclude={"type", "section"})
        one = Correction(**told, votes={event.seat: True})
        return {**found, event.correction: one}
    before = found.get(event.correction)
    if before is None:
        return found
    return {**found, event.correction: _after(committee, before, event)}


def without(found: Corrections, seat: str) -> Corrections:
    """Return the corrections without what a seat said of those that are not agreed on yet."""
    return {
        name: replace(
            one, votes={seat_: said for seat_, said in one.votes.items() if seat_ != seat}
        )
        if one.status == "proposed"
        else one
        for name, one in found.items()
    }


_Followed = CorrectionVoted | CorrectionAsked | CorrectionAnswered | CorrectionExpired


def _after(committee: Committee, one: Correction, event: _Followed) -> Correction:
    match event:
        case CorrectionVoted():
            votes = {**one.votes, event.seat: event.agrees}
            dropped = _has_most(committee, votes, agrees=False)
            return replace(one, votes=votes, status="dropped" if dropped else one.status)
        case CorrectionAsked():
            return replace(one, status="asked", due=event.due)
        case CorrectionAnswered():
            status: Status = "accepted" if event.accepts else "refused"
            return replace(one, status=status, answer=event.envelope)
        case CorrectionExpired():
            return replace(one, status="expired")


def _has_most(committee: Committee, votes: Mapping[str, bool], *, agrees: bool) -> bool:
    return sum(1 for said in votes.values() if said is agrees) * 2 > len(committee.seats)


def _seat(committee: Committee, review: Review, account: str) -> str:
    """Return the seat of a member of a committee whose review is over."""
    seat = seat_of(committee, account).member.seat
    if committee.chair is None or not committee.is_quorate:
        raise OutOfOrder("review.not_begun")
    if not review.is_closed:
        raise OutOfOrder("correction.too_early")
    return seat


def _at(found: Corrections, correction: str, wanted: Status) -> Correction:
    one = found.get(correction)
    if one is None:
        raise NotFound("correction.not_found")
    if one.status != wanted:
        raise OutOfOrder("correction.wrong_step", reached=one.status)
    return one
