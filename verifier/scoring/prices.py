"""What prices come to, family by family; it must not know a mark.

Source: docs/scoring.md, From prices to points.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from fractions import Fraction
from typing import Any

from verifier.scoring.deviations import off_a_base
from verifier.scoring.marks import mean_of
from verifier.scoring.numbers import NOUGHT, added, bracketed
from verifier.scoring.sheet import Impossible, Sheet

Fields = dict[str, Any]
Prices = dict[str, Fraction]
"""Bid -> what is worked out of its price, bids by name."""
BY_PRICE = {"evaluated_price", "coefficient"}
"""The families that rank by a price, the lowest first."""


@dataclass
class Known:
    """What a family may need besides prices."""

    limit: Fraction | None = None
    drawn: Fraction | None = None
    quality: Mapping[str, Fraction] = field(default_factory=dict)
    top: Fraction = NOUGHT


@dataclass
class Priced:
    """What the prices come to."""

    price: Prices
    value: Prices
    invalid: dict[str, str]
    low: list[str]


def priced(rule: Fields, offers: Sequence[Fields], known: Known, sheet: Sheet) -> Priced:
    """Return what the prices of some offers come to.

    Raises:
        Impossible: the rule cannot be applied to them.
    """
    names = sorted(offer["bid"] for offer in offers)
    if len(names) > len(set(names)):
        raise Impossible("bid_twice", names)
    asked = {name: next(one for one in offers if one["bid"] == name) for name in names}
    bare = {name: Fraction(offer["price"]) for name, offer in asked.items()}
    over = [name for name in names if known.limit is not None and bare[name] > known.limit]
    bare = {name: one for name, one in bare.items() if name not in over}
    price = {name: _for_evaluation(rule, asked[name], sheet) for name in bare}
    family = rule["price"]["family"]
    worthless = [name for name in price if price[name] <= 0]
    if worthless and family != "evaluated_price":
        raise Impossible("price_zero", worthless)
    value = _value(rule["price"], price, known, sheet) if price else {}
    return Priced(price, value, dict.fromkeys(over, "above_limit"), _low(rule, bare, known.limit))


def _for_evaluation(rule: Fields, offer: Fields, sheet: Sheet) -> Fraction:
    """Return a price with what is deducted, and with what was quantified."""
    bid = offer["bid"]
    price = sheet.line(bid, "price", offer["price"], Fraction(offer["price"]))
    if "deduction" in offer:
        percents = {one["deduction"]: one["percent"] for one in rule["deductions"]}
        percent = percents.get(offer["deduction"])
        if percent is None:
            raise Impossible("unknown_deduction", (bid, offer["deduction"]))
        text = f"{bracketed(price)} x (100 - {percent}) / 100"
        left = price - price * Fraction(percent) / 100
        price = sheet.line(bid, "price_deducted", text, left)
    amounts = [Fraction(one["amount"]) for one in offer.get("adjustments", ())]
    if amounts:
        text = f"{bracketed(price)} + {added(amounts)}"
        price = sheet.line(bid, "price_adjusted", text, sum(amounts, price))
    return price


def _value(rule: Fields, price: Prices, known: Known, sheet: Sheet) -> Prices:
    match rule["family"]:
        case "lowest_price":
            return _in_proportion(rule, price, Fraction(rule["weight"]), sheet)
        case "quality_and_cost":
            return _in_proportion(rule, price, Fraction(100), sheet)
        case "evaluated_price":
            return {
                bid: sheet.line(bid, "evaluated_price", bracketed(one), one)
                for bid, one in price.items()
            }
        case "coefficient":
            return _weighted(rule, price, known, sheet)
        case "between_limits":
            return _on_a_line(rule, price, sheet)
        case _:
            return off_a_base(rule, price, _base(rule, price, known, sheet), sheet)


def _in_proportion(rule: Fields, price: Prices, weight: Fraction, sheet: Sheet) -> Prices:
    listed = ", ".join(bracketed(one) for one in sorted(price.values()))
    least = sheet.line("", "lowest_price", f"min({listed})", min(price.values()))
    return {
        bid: sheet.line(
            bid,
            "points",
            f"{bracketed(weight)} x {bracketed(least)} / {bracketed(one)}",
            weight * (least / one),
            rule["decimals"],
        )
        for bid, one in price.items()
    }


def _weighted(rule: Fields, price: Prices, known: Known, sheet: Sheet) -> Prices:
    if known.top == 1:
        raise Impossible("quality_too_high")
    found = {}
    for bid, one in price.items():
        quality = known.quality[bid]
        text = f"1 + {bracketed(quality)} / (1 - {bracketed(known.top)})"
        over = sheet.line(bid, "coefficient", text, 1 + quality / (1 - known.top))
        text = f"{bracketed(one)} / {bracketed(over)}"
        found[bid] = sheet.line(bid, "weighted_price", text, one / over, rule["decimals"])
    return found


def _on_a_line(rule: Fields, price: Prices, sheet: Sheet) -> Prices:
    weight, full, none = rule["weight"], rule["full_at"], rule["none_at"]
    if Fraction(full) == Fraction(none):
        raise Impossible("limits_crossed")
    found = {}
    for bid, one in price.items():
        text = f"{weight} x ({none} - {bracketed(one)}) / ({none} - {full})"
        way = (Fraction(none) - one) / (Fraction(none) - Fraction(full))
        way = max(NOUGHT, min(Fraction(1), way))
        found[bid] = sheet.line(bid, "points", text, Fraction(weight) * way, rule["decimals"])
    return found


def _base(rule: Fields, price: Prices, known: Known, sheet: Sheet) -> Fraction:
    """Return the base that prices lie off."""
    if rule["family"] == "fixed_base":
        return sheet.line("", "base", rule["base"], Fraction(rule["base"]))
    if rule["family"] == "limit_and_mean" and known.limit is None:
        raise Impossible("limit_missing")
    text, mean = mean_of(list(price.values()), rule["mean"]["trims"])
    mean = sheet.line("", "mean", text, mean, rule["mean"].get("decimals"))
    if rule["family"] == "mean_base":
        factor = _perhaps_drawn(rule["coefficient"], known)
        text, base = f"{bracketed(mean)} x {bracketed(factor)}", mean * factor
    else:
        limit, share = known.limit or NOUGHT, Fraction(rule["share"])
        down = _perhaps_drawn(rule["lowering"], known)
        part = bracketed(share)
        text = f"({bracketed(limit)} x {part} + {bracketed(mean)} x (1 - {part}))"
        text += f" x (1 - {bracketed(down)})"
        base = (mean + (limit - mean) * share) * (1 - down)
    return sheet.line("", "base", text, base, rule.get("base_decimals"))


def _perhaps_drawn(said: str, known: Known) -> Fraction:
    if said != "drawn":
        return Fraction(said)
    if known.drawn is None:
        raise Impossible("drawn_missing")
    return known.drawn


def _low(rule: Fields, bare: Prices, limit: Fraction | None) -> list[str]:
    """Return the bids whose price is so low that the committee asks."""
    bounds = [NOUGHT]
    if "low_percent_of_limit" in rule and limit is not None:
        bounds.append(Fraction(rule["low_percent_of_limit"]) * limit / 100)
    if "low_percent_of_mean" in rule and bare:
        mean = sum(bare.values(), NOUGHT) / len(bare)
        bounds.append(Fraction(rule["low_percent_of_mean"]) * mean / 100)
    return [bid for bid, price in bare.items() if price < max(bounds)]
