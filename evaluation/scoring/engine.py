"""One section scored from its rule, offers and marks: the whole of it, and nothing but sums.

Whoever calls it twice with the same gets the same, whatever the order of bids and members. It must
not be asked about a rule that `rule_checks` finds fault with.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from fractions import Fraction

from evaluation.scoring.exact import exact
from evaluation.scoring.marks import Judged, Marks, judge, scored_items
from evaluation.scoring.price import Given, Priced, price_scores
from evaluation.scoring.ranking import Known, Ranking, rank
from evaluation.scoring.rule import Offer, ScoringRule

_ZERO = Fraction(0)


@dataclass(frozen=True, slots=True)
class Case:
    """Everything that is scored."""

    offers: Sequence[Offer]
    """Of every bid that passed the review and was not rejected."""
    members: Sequence[str] = ()
    marks: Marks = field(default_factory=dict)
    """Of every bid in `offers`, where the rule scores any item."""
    limit: Fraction | None = None
    drawn: Fraction | None = None
    known: Known = field(default_factory=Known)


@dataclass(frozen=True, slots=True)
class Outcome:
    """What came out, with every sum on the way."""

    judged: Judged
    too_low: Sequence[str]
    """Bids below the rule's least technical score: neither priced nor ranked."""
    priced: Priced
    ranking: Ranking


def score(rule: ScoringRule, case: Case) -> Outcome:
    """Score a section.

    Raises:
        ScoringImpossible: the rule cannot be applied to the case; nothing is scored.
    """
    offers = {offer.bid: offer for offer in case.offers}
    scored = any(True for _ in scored_items(rule))
    marks = {bid: case.marks.get(bid, {}) for bid in offers} if scored else {}
    judged = judge(rule, case.members, marks)
    too_low = tuple(bid for bid in sorted(offers) if is_too_low(rule, judged, bid))
    given = Given(case.limit, case.drawn, _quality(judged, offers), highest(rule))
    priced = price_scores(rule, [one for one in case.offers if one.bid not in too_low], given)
    return Outcome(judged, too_low, priced, rank(rule, priced, judged, case.known))


def is_too_low(rule: ScoringRule, judged: Judged, bid: str) -> bool:
    """Return whether a bid's technical score is below the least that the rule wants."""
    if rule.technical_minimum is None:
        return False
    return judged.parts.get(bid, {}).get("technical", _ZERO) < exact(rule.technical_minimum)


def highest(rule: ScoringRule) -> Fraction:
    """Return what the highest marks of all items come to."""
    return sum((exact(item.highest) for _, item in scored_items(rule)), _ZERO)


def _quality(judged: Judged, bids: Mapping[str, Offer]) -> dict[str, Fraction]:
    return {bid: sum(judged.parts.get(bid, {}).values(), _ZERO) for bid in bids}
