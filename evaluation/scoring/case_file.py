"""A whole case as one JSON file, and what comes out of it: to try a rule, or to repeat its sums.

It must not say more than the file does: bids and members are names there and nothing else.
"""

from collections.abc import Mapping
from dataclasses import asdict
from fractions import Fraction
from typing import Annotated, Any, Literal

from pydantic import Field, StringConstraints

from evaluation.scoring.engine import Case, Outcome, score
from evaluation.scoring.exact import Positive, exact, fixed, shown
from evaluation.scoring.ranking import Known
from evaluation.scoring.rule import ItemId, Offer, ScoringRule
from evaluation.scoring.rule_checks import RuleProblem, problems
from evaluation.scoring.sheet import Sheet
from record.events import Frozen

Name = Annotated[str, StringConstraints(min_length=1, max_length=64)]
Place = Annotated[int, Field(ge=1)]
MOST_BIDS = 1000
MOST_MEMBERS = 100


class CaseFile(Frozen):
    """Everything that is scored, as data."""

    v: Literal[1] = 1
    rule: ScoringRule
    offers: Annotated[tuple[Offer, ...], Field(max_length=MOST_BIDS)]
    members: Annotated[tuple[Name, ...], Field(max_length=MOST_MEMBERS)] = ()
    marks: Mapping[Name, Mapping[ItemId, Mapping[Name, Positive]]] = {}
    """By bid, by item, by member."""
    limit: Positive | None = None
    drawn: Positive | None = None
    submitted: Mapping[Name, Place] = {}
    """By bid: its place in the order of submission."""
    lots: Mapping[Name, Place] = {}
    """By bid: its place in the order that was drawn between equals."""


def rule_problems(file: CaseFile) -> list[RuleProblem]:
    """Return what is wrong with a case's rule; nothing is scored where anything is."""
    has_draw, has_limit = file.drawn is not None, file.limit is not None
    return problems(file.rule, has_limit=has_limit, has_draw=has_draw)


def outcome(file: CaseFile) -> dict[str, Any]:
    """Score a case whose rule has nothing wrong, and return what came out, sums included.

    Raises:
        ScoringImpossible: the rule cannot be applied to the case.
    """
    marks = {
        bid: {
            item: {member: exact(mark) for member, mark in of.items()} for item, of in told.items()
        }
        for bid, told in file.marks.items()
    }
    case = Case(
        offers=file.offers,
        members=file.members,
        marks=marks,
        limit=_exact(file.limit),
        drawn=_exact(file.drawn),
        known=Known(file.submitted, file.lots),
    )
    return told(file.rule, score(file.rule, case))


def told(rule: ScoringRule, found: Outcome) -> dict[str, Any]:
    """Return an outcome as JSON; every number is a text, and nothing is keyed by a name."""
    price_decimals = getattr(rule.price, "decimals", None)
    decimals = price_decimals if found.priced.better == "lower" else rule.total_decimals
    sheets = (found.judged.sheet, found.priced.sheet, found.ranking.sheet)
    return {
        "v": 1,
        "places": [
            {
                "rank": one.rank,
                "bid": one.bid,
                "total": _number(one.total, decimals),
                "parts": {
                    part: shown(value)
                    for part, value in found.judged.parts.get(one.bid, {}).items()
                },
                "price": shown(found.priced.evaluated[one.bid]),
                "value": _number(found.priced.values[one.bid], price_decimals),
                "decided_by": one.decided_by,
                "candidate": one.is_candidate,
            }
            for one in found.ranking.places
        ],
        "invalid": [{"bid": bid, "why": why} for bid, why in found.priced.invalid.items()],
        "too_low": list(found.too_low),
        "to_ask": list(found.priced.low),
        "to_draw": [list(group) for group in found.ranking.to_draw],
        "findings": [asdict(one) for one in found.judged.findings],
        "sheet": {
            "together": [step for sheet in sheets for step in _steps(sheet, "")],
            "by_bid": [
                {"bid": bid, "steps": [step for sheet in sheets for step in _steps(sheet, bid)]}
                for bid in sorted({bid for sheet in sheets for bid in sheet.by_bid})
            ],
        },
    }


def _steps(sheet: Sheet, bid: str) -> list[dict[str, str]]:
    steps = sheet.by_bid.get(bid, []) if bid else sheet.together
    return [{name: value for name, value in asdict(step).items() if value} for step in steps]


def _exact(text: str | None) -> Fraction | None:
    return None if text is None else exact(text)


def _number(value: Fraction, decimals: int | None) -> str:
    return shown(value) if decimals is None else fixed(value, decimals)
