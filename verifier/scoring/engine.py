"""The outcome of a section from its rule and everything that is scored; it must not judge a rule.

Source: docs/scoring.md; docs/record-format.md, The outcome.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from fractions import Fraction
from typing import Any

from verifier.scoring.marks import Marks, Quality, items_of, judged
from verifier.scoring.numbers import NOUGHT, added, bracketed, with_places, written
from verifier.scoring.places import Contender, ranked
from verifier.scoring.prices import BY_PRICE, Known, Priced, priced
from verifier.scoring.sheet import Impossible, Sheet

Fields = dict[str, Any]


@dataclass
class Case:
    """Everything that is scored, in the texts it was given in."""

    rule: Fields
    offers: Sequence[Fields]
    members: Sequence[str] = ()
    marks: Marks = field(default_factory=dict)
    limit: str | None = None
    drawn: str | None = None
    submitted: Mapping[str, int] = field(default_factory=dict)
    lots: Mapping[str, int] = field(default_factory=dict)


def outcome(case: Case) -> Fields:
    """Return the outcome as the report has it; `impossible` where the rule cannot be applied."""
    sheet = Sheet()
    try:
        quality = _quality(case, sheet)
        too_low = sorted(
            {one["bid"] for one in case.offers if quality.is_too_low(case.rule, one["bid"])}
        )
        offers = [one for one in case.offers if one["bid"] not in too_low]
        found = priced(case.rule, offers, _known(case, quality), sheet)
        rows, to_draw = _places(case, quality, found, sheet)
    except Impossible as error:
        return {"impossible": error.code, "about": error.about}
    return {
        "v": 1,
        "places": rows,
        "invalid": [{"bid": bid, "why": why} for bid, why in found.invalid.items()],
        "too_low": too_low,
        "to_ask": found.low,
        "to_draw": to_draw,
        "findings": quality.findings,
        "sheet": sheet.told(),
    }


def passed(rule: Fields, members: Sequence[str], marks: Marks, bids: Sequence[str]) -> list[str]:
    """Return the bids whose technical score is not too low for a second envelope."""
    if not items_of(rule, "points"):
        return list(bids)
    quality = judged(rule, members, {bid: marks.get(bid, {}) for bid in bids}, Sheet())
    return [bid for bid in bids if not quality.is_too_low(rule, bid)]


def _quality(case: Case, sheet: Sheet) -> Quality:
    if not items_of(case.rule, "points"):
        return Quality()
    marks = {one["bid"]: case.marks.get(one["bid"], {}) for one in case.offers}
    return judged(case.rule, case.members, marks, sheet)


def _known(case: Case, quality: Quality) -> Known:
    items = items_of(case.rule, "points")
    return Known(
        limit=None if case.limit is None else Fraction(case.limit),
        drawn=None if case.drawn is None else Fraction(case.drawn),
        quality={one["bid"]: sum(quality.scores(one["bid"]), NOUGHT) for one in case.offers},
        top=sum((Fraction(item["highest"]) for _, item in items), NOUGHT),
    )


def _places(
    case: Case, quality: Quality, found: Priced, sheet: Sheet
) -> tuple[list[Fields], list[list[str]]]:
    """Return the rows of all places, and who has to draw lots."""
    rule, own = case.rule, case.rule["price"].get("decimals")
    by_price = rule["price"]["family"] in BY_PRICE
    totals = {bid: _total(rule, quality, found.value[bid], bid, sheet) for bid in found.value}
    contenders = [
        Contender(
            bid,
            total,
            {
                "price": found.price[bid],
                "technical": -quality.part(bid, "technical"),
                "commercial": -quality.part(bid, "commercial"),
                "earlier": case.submitted.get(bid),
                "drawn": case.lots.get(bid),
            },
        )
        for bid, total in totals.items()
    ]
    rows, to_draw = ranked(contenders, rule["ties"], lowest_first=by_price)
    for row in rows:
        bid = row["bid"]
        parts = quality.parts.get(bid, {})
        row["total"] = _fixed(totals[bid], own if by_price else rule["total_decimals"])
        row["parts"] = {part: written(score) for part, score in parts.items()}
        row["price"] = written(found.price[bid])
        row["value"] = _fixed(found.value[bid], own)
        row["candidate"] = row["rank"] <= rule["candidates"]
    return rows, to_draw


def _total(rule: Fields, quality: Quality, value: Fraction, bid: str, sheet: Sheet) -> Fraction:
    """Return a bid's total: its points, or the price it is ranked by."""
    price, scores = rule["price"], quality.scores(bid)
    if price["family"] in BY_PRICE:
        return sheet.line(bid, "total_price", bracketed(value), value)
    if price["family"] != "quality_and_cost":
        total = sum(scores, value)
        return sheet.line(bid, "total", added([*scores, value]), total, rule["total_decimals"])
    one, other = Fraction(price["quality_share"]), Fraction(price["price_share"])
    text = f"{bracketed(one)} x ({added(scores)}) + {bracketed(other)} x {bracketed(value)}"
    total = one * sum(scores, NOUGHT) + other * value
    return sheet.line(bid, "total", text, total, rule["total_decimals"])


def _fixed(value: Fraction, places: int | None) -> str:
    return written(value) if places is None else with_places(value, places)
