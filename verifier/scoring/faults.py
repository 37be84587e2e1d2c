"""What keeps a scoring rule from being applied; it must not score.

Source: docs/scoring.md, What is wrong with a rule.
"""

from collections.abc import Iterator, Sequence
from fractions import Fraction
from itertools import pairwise
from typing import Any

from verifier.scoring.marks import items_of
from verifier.scoring.numbers import NOUGHT
from verifier.scoring.prices import BY_PRICE
from verifier.values import NUMBER

Fields = dict[str, Any]
_SCORED = {"commercial", "technical"}


def faults(rule: Fields, *, has_limit: bool, drawn: Sequence[str]) -> list[str]:
    """Return what is wrong with a rule, by the codes of its document.

    Args:
        rule: in its shape.
        has_limit: whether its section has a highest price.
        drawn: the values that may be drawn there.
    """
    may_draw = bool(drawn) and all(NUMBER(one) is None for one in drawn)
    found = [*_of_items(rule), *_of_sums(rule), *_of_lists(rule), *_of_price(rule["price"])]
    price = rule["price"]
    if "drawn" in {price.get("coefficient"), price.get("lowering")} and not may_draw:
        found.append("draw_missing")
    needs_limit = price["family"] == "limit_and_mean" or "low_percent_of_limit" in rule
    return [*found, "limit_missing"] if needs_limit and not has_limit else found


def _of_items(rule: Fields) -> Iterator[str]:
    for stage in rule["stages"]:
        for item in stage["items"]:
            if (item["kind"] == "points") != (stage["part"] in _SCORED):
                yield "wrong_kind"
    for _, item in items_of(rule, "points"):
        room, step = Fraction(item["highest"]) - Fraction(item["lowest"]), Fraction(item["step"])
        if room <= 0:
            yield "range_empty"
        elif not 0 < step <= room:
            yield "step_too_wide" if step else "step_zero"


def _of_sums(rule: Fields) -> Iterator[str]:
    price, items = rule["price"], items_of(rule, "points")
    total = sum((Fraction(item["highest"]) for _, item in items), NOUGHT)
    technical = sum(
        (Fraction(item["highest"]) for part, item in items if part == "technical"), NOUGHT
    )
    if Fraction(rule.get("technical_minimum", "0")) > technical:
        yield "minimum_too_high"
    match price["family"]:
        case "evaluated_price":
            if items:
                yield "items_not_used"
        case "coefficient":
            if total >= 1:
                yield "quality_too_high"
        case "quality_and_cost":
            if total != 100:
                yield "quality_not_hundred"
            if Fraction(price["quality_share"]) + Fraction(price["price_share"]) != 1:
                yield "shares_not_one"
        case _:
            if total + Fraction(price["weight"]) != Fraction(rule["full"]):
                yield "sum_not_full"


def _of_lists(rule: Fields) -> Iterator[str]:
    """Give what is listed twice, and what leaves nothing."""
    deductions = rule["deductions"]
    names = {
        "item_twice": [item["item"] for stage in rule["stages"] for item in stage["items"]],
        "deduction_twice": [one["deduction"] for one in deductions],
        "tie_twice": rule["ties"],
    }
    yield from (code for code, of in names.items() if len(of) > len(set(of)))
    yield from ("deduction_too_high" for one in deductions if Fraction(one["percent"]) >= 100)
    experts = rule["experts"]
    for trims in ([experts["trim"]] if "trim" in experts else [], _mean_trims(rule)):
        if len(trims) > len({one["least"] for one in trims}):
            yield "trim_twice"
        if any(one["high"] + one["low"] >= max(one["least"], 1) for one in trims):
            yield "trim_leaves_none"


def _mean_trims(rule: Fields) -> list[Fields]:
    trims: list[Fields] = rule["price"].get("mean", {"trims": []})["trims"]
    return trims


def _of_price(price: Fields) -> Iterator[str]:
    if price["family"] not in BY_PRICE and Fraction(price.get("weight", "100")) == 0:
        yield "weight_zero"
    for side in ("above", "below"):
        if "deviation" in price:
            yield from _of_slope(price["deviation"][side])
    parts = {name: price.get(name, "drawn") for name in ("coefficient", "lowering")}
    told = {name: Fraction(one) for name, one in parts.items() if one != "drawn"}
    if told.get("coefficient") == 0:
        yield "coefficient_zero"
    if told.get("lowering", NOUGHT) >= 1:
        yield "lowering_too_high"
    if Fraction(price.get("share", "0")) > 1:
        yield "share_above_one"
    if Fraction(price.get("base", "1")) == 0:
        yield "base_zero"
    if Fraction(price.get("full_at", "0")) >= Fraction(price.get("none_at", "1")):
        yield "limits_crossed"


def _of_slope(slope: list[Fields]) -> Iterator[str]:
    if "to" in slope[-1] or not all("to" in one for one in slope[:-1]):
        yield "slope_open"
        return
    ends = [NOUGHT, *(Fraction(one["to"]) for one in slope[:-1])]
    if any(one >= other for one, other in pairwise(ends)):
        yield "slope_not_rising"
