"""The preliminary review 初步评审 and its votes: what passes, and who is out and why; pure.

Every member goes through every item that has to be passed, alone. What all agree on stands; what
they do not agree on is voted on, and most votes of the whole committee decide. A bid is rejected
否决 only on one of the law's grounds, and never by one person.

Source: Law, article 37; Regulation, articles 49 and 51; Order 12, articles 20 to 23.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Final, Literal, get_args

from evaluation.committee import Committee, seat_of
from evaluation.events import (
    BidRejected,
    BidReviewed,
    Ground,
    ItemVerdict,
    ReviewClosed,
    ReviewEvent,
    VoteCast,
    VoteOpened,
)
from evaluation.scoring.rule import PassItem, ScoringRule
from record.errors import NotAllowed, NotFound, NotValid, OutOfOrder

GROUNDS: Final[tuple[Ground, ...]] = get_args(Ground)
Outcome = Literal["passed", "failed", "open"]


@dataclass(frozen=True, slots=True)
class Vote:
    """A vote of the committee on one item of one bid."""

    bid: str
    item: str
    votes: Mapping[str, bool] = field(default_factory=dict)
    """Seat -> whether the item is passed."""


@dataclass(frozen=True, slots=True)
class Review:
    """The preliminary review of one section."""

    section: str
    bids: tuple[str, ...]
    """Those that were opened, in the order of submission."""
    items: tuple[str, ...]
    verdicts: Mapping[tuple[str, str], Mapping[str, ItemVerdict]] = field(default_factory=dict)
    """(seat, bid) -> item -> verdict."""
    votes: Mapping[tuple[str, str], Vote] = field(default_factory=dict)
    """By (bid, item)."""
    rejected: Mapping[str, Ground] = field(default_factory=dict)
    is_closed: bool = False

    @property
    def valid(self) -> tuple[str, ...]:
        """The bids that are still in."""
        return tuple(bid for bid in self.bids if bid not in self.rejected)


def begin(section: str, rule: ScoringRule, bids: Sequence[str]) -> Review:
    """Return a review in which nothing was said yet."""
    items = (
        item.item for stage in rule.stages for item in stage.items if isinstance(item, PassItem)
    )
    return Review(section, tuple(bids), tuple(items))


def review_bid(
    committee: Committee,
    review: Review,
    account: str,
    bid: str,
    verdicts: Sequence[ItemVerdict],
) -> tuple[BidReviewed, ...]:
    """Say of every item whether a bid passes it; once, alone, and with a reason where it fails.

    Refusals: committee.not_a_member, review.not_begun, review.closed, review.no_such_bid,
    review.items, review.reason_missing, review.done.
    """
    seat = _seat(committee, review, account)
    if bid not in review.bids:
        raise NotFound("review.no_such_bid", bid=bid)
    if (seat, bid) in review.verdicts:
        raise OutOfOrder("review.done", bid=bid)
    if sorted(one.item for one in verdicts) != sorted(review.items):
        raise NotValid("review.items", items=list(review.items))
    if any(not one.passed and one.reason is None for one in verdicts):
        raise NotValid("review.reason_missing")
    return (BidReviewed(section=review.section, seat=seat, bid=bid, verdicts=tuple(verdicts)),)


def outcome(committee: Committee, review: Review, bid: str, item: str) -> Outcome:
    """Return what the committee has come to about an item of a bid, by agreement or by a vote."""
    vote = review.votes.get((bid, item))
    if vote is not None:
        return _counted(committee, vote)
    given = [review.verdicts.get((seat, bid), {}).get(item) for seat in committee.seats]
    said = {one.passed for one in given if one is not None}
    if None in given or len(said) != 1:
        return "open"
    return "passed" if said == {True} else "failed"


def disagreements(committee: Committee, review: Review) -> list[tuple[str, str]]:
    """Return what has to be voted on and is not yet, once every member has reviewed the bid."""
    return [
        (bid, item)
        for bid in review.bids
        if _is_reviewed(committee, review, bid)
        for item in review.items
        if (bid, item) not in review.votes and outcome(committee, review, bid, item) == "open"
    ]


def open_vote(
    committee: Committee, review: Review, account: str, bid: str, item: str
) -> tuple[VoteOpened, ...]:
    """Open a vote on what members disagree on, as the chair does.

    Refusals: committee.not_a_member, review.not_begun, review.closed, review.not_chair,
    review.nothing_to_vote.
    """
    _chair(committee, review, account)
    if (bid, item) not in disagreements(committee, review):
        raise OutOfOrder("review.nothing_to_vote", bid=bid, item=item)
    return (VoteOpened(section=review.section, bid=bid, item=item),)


def cast_vote(
    committee: Committee, review: Review, account: str, vote: tuple[str, str], *, passes: bool
) -> tuple[VoteCast, ...]:
    """Vote on an item of a bid; the chair's vote counts as any other.

    Refusals: committee.not_a_member, review.not_begun, review.closed, review.no_such_vote,
    committee.has_voted.
    """
    seat = _seat(committee, review, account)
    found = review.votes.get(vote)
    if found is None:
        raise NotFound("review.no_such_vote", bid=vote[0], item=vote[1])
    if seat in found.votes:
        raise OutOfOrder("committee.has_voted")
    bid, item = vote
    return (VoteCast(section=review.section, seat=seat, bid=bid, item=item, passes=passes),)


def close_review(
    committee: Committee, review: Review, account: str, rejected: Mapping[str, Ground]
) -> tuple[BidRejected | ReviewClosed, ...]:
    """Close the review, as the chair does: each bid that failed an item is rejected on a ground.

    Args:
        committee: whose review it is.
        review: in which nothing is open.
        account: the chair's.
        rejected: for each bid that failed, which of the seven grounds it is.

    Refusals: committee.not_a_member, review.not_begun, review.closed, review.not_chair,
    review.unfinished, review.grounds.
    """
    _chair(committee, review, account)
    found = {
        bid: {item: outcome(committee, review, bid, item) for item in review.items}
        for bid in review.bids
    }
    unfinished = [bid for bid, items in found.items() if "open" in items.values()]
    if unfinished:
        raise OutOfOrder("review.unfinished", bids=unfinished)
    failed = [bid for bid, items in found.items() if "failed" in items.values()]
    if set(rejected) != set(failed):
        raise NotValid("review.grounds", bids=failed)
    section = review.section
    out = (
        BidRejected(
            section=section,
            bid=bid,
            ground=rejected[bid],
            items=tuple(item for item, one in found[bid].items() if one == "failed"),
        )
        for bid in failed
    )
    return (*out, ReviewClosed(section=section))


def evolve_review(review: Review, event: ReviewEvent) -> Review:
    """Fold one event in. Never refuses: what is in the record has happened."""
    match event:
        case BidReviewed():
            told = {one.item: one for one in event.verdicts}
            verdicts = {**review.verdicts, (event.seat, event.bid): told}
            return replace(review, verdicts=verdicts)
        case VoteOpened():
            vote = Vote(event.bid, event.item)
            return replace(review, votes={**review.votes, (event.bid, event.item): vote})
        case VoteCast():
            return _cast(review, event)
        case BidRejected():
            return replace(review, rejected={**review.rejected, event.bid: event.ground})
        case ReviewClosed():
            return replace(review, is_closed=True)


def without(review: Review, seat: str) -> Review:
    """Return an open review in which a seat has said nothing yet: whoever takes it begins anew."""
    verdicts = {key: one for key, one in review.verdicts.items() if key[0] != seat}
    votes = {
        key: replace(vote, votes={one: said for one, said in vote.votes.items() if one != seat})
        for key, vote in review.votes.items()
    }
    return replace(review, verdicts=verdicts, votes=votes, rejected={}, is_closed=False)


def _cast(review: Review, event: VoteCast) -> Review:
    key = (event.bid, event.item)
    vote = review.votes.get(key, Vote(*key))
    cast = replace(vote, votes={**vote.votes, event.seat: event.passes})
    return replace(review, votes={**review.votes, key: cast})


def _counted(committee: Committee, vote: Vote) -> Outcome:
    """Return the outcome of a vote: most votes of all seats, as soon as no other can win."""
    size = len(committee.seats)
    for outcome_, wanted in (("passed", True), ("failed", False)):
        if sum(1 for said in vote.votes.values() if said is wanted) * 2 > size:
            return "passed" if outcome_ == "passed" else "failed"
    return "open"


def _is_reviewed(committee: Committee, review: Review, bid: str) -> bool:
    return all((seat, bid) in review.verdicts for seat in committee.seats)


def _seat(committee: Committee, review: Review, account: str) -> str:
    seat = seat_of(committee, account).member.seat
    if committee.chair is None or not committee.is_quorate:
        raise OutOfOrder("review.not_begun")
    if review.is_closed:
        raise OutOfOrder("review.closed")
    return seat


def _chair(committee: Committee, review: Review, account: str) -> None:
    if _seat(committee, review, account) != committee.chair:
        raise NotAllowed("review.not_chair")
