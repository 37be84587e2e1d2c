"""Too few valid bids: whether competition is lacking, as most members of the committee judge; pure.

Where the review leaves one bid or two, nothing is scored before that is decided. Where competition
is lacking, all bids are rejected 否决所有投标. It must not look at a bid.

Source: Law, article 42; Order 12, article 27.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Final

from evaluation.committee import Committee, seat_of
from evaluation.events import CompetitionJudged
from evaluation.review import Review
from record.errors import OutOfOrder

ENOUGH: Final = 3
"""Valid bids of which nobody has to ask whether they are enough."""


@dataclass(frozen=True, slots=True)
class Competition:
    """What members judged of the competition among some bids."""

    bids: tuple[str, ...] = ()
    """The valid ones it is about."""
    judged: Mapping[str, CompetitionJudged] = field(default_factory=dict)
    """By seat."""


def is_due(review: Review) -> bool:
    """Return whether the committee has to judge: few bids are valid, but not none."""
    return review.is_closed and 0 < len(review.valid) < ENOUGH


def lacking(committee: Committee, found: Competition) -> bool | None:
    """Return what most of all members judged; None while neither side has most."""
    said = [one.lacking for one in found.judged.values()]
    ahead = [side for side in (True, False) if said.count(side) * 2 > len(committee.seats)]
    return ahead[0] if ahead else None


def is_lacking(committee: Committee, review: Review, found: Competition) -> bool:
    """Return whether all bids are rejected for lack of competition."""
    return is_due(review) and lacking(committee, found) is True


def check(committee: Committee, review: Review, found: Competition) -> None:
    """Refuse to go on before the committee found that there is competition enough.

    Refusals: competition.undecided, competition.lacking.
    """
    if not is_due(review):
        return
    said = lacking(committee, found)
    if said is None:
        raise OutOfOrder("competition.undecided", bids=len(review.valid))
    if said:
        raise OutOfOrder("competition.lacking")


def judge(
    committee: Committee, review: Review, found: Competition, account: str, said: CompetitionJudged
) -> tuple[CompetitionJudged, ...]:
    """Judge the competition, with the reason; no more once most members have come to something.

    Refusals: committee.not_a_member, review.not_begun, competition.not_due, competition.decided,
    committee.has_voted.
    """
    seat = seat_of(committee, account).member.seat
    if committee.chair is None or not committee.is_quorate:
        raise OutOfOrder("review.not_begun")
    if not is_due(review):
        raise OutOfOrder("competition.not_due")
    if lacking(committee, found) is not None:
        raise OutOfOrder("competition.decided")
    if seat in found.judged:
        raise OutOfOrder("committee.has_voted")
    return (said,)


def evolve_competition(found: Competition, event: CompetitionJudged) -> Competition:
    """Fold one event in. Never refuses: what is in the record has happened."""
    return replace(found, judged={**found.judged, event.seat: event})


def of_bids(found: Competition, valid: tuple[str, ...]) -> Competition:
    """Return what was judged of the bids that are valid now; of others nothing was."""
    return found if found.bids == valid else Competition(valid)


def without(found: Competition, seat: str) -> Competition:
    """Return what was judged without what a seat said: its member is another now."""
    return replace(found, judged={one: said for one, said in found.judged.items() if one != seat})
