"""Prices become points, or an order of their own, by one of eight families of rules.

The order in which bids stand never matters, and an equal price gets equal points. It must not
decide about a bid: what may be too low is named to be asked about, what is above the limit is
invalid because the rule says so.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from fractions import Fraction
from typing import Any, Literal

from evaluation.scoring import deviation
from evaluation.scoring.exact import exact
from evaluation.scoring.rule import (
    BetweenLimits,
    EvaluatedPrice,
    FixedBase,
    LimitAndMean,
    LowestPrice,
    MeanBase,
    MeanOfPrices,
    OffABase,
    Offer,
    PriceRule,
    QualityAndCost,
    QualityCoefficient,
    ScoringRule,
    Trim,
)
from evaluation.scoring.sheet import Sheet, sum_of, term

_ZERO, _ONE, _HUNDRED = Fraction(0), Fraction(1), Fraction(100)


class ScoringImpossible(Exception):
    """The rule cannot be applied to what was given; a code, and what it is about.

    Codes: price_zero (of a price of nothing no part can be taken; the committee has to decide about
    the bid first), base_zero, drawn_missing, limit_missing, quality_missing, unknown_deduction,
    bid_twice; of marks mark_missing, mark_invalid, member_missing.
    """

    def __init__(self, code: str, about: Sequence[str] = ()) -> None:
        super().__init__(code, *about)
        self.code = code
        self.about = tuple(about)


@dataclass(frozen=True, slots=True)
class Given:
    """What a price rule needs besides the offers."""

    limit: Fraction | None = None
    """The highest price admitted 最高投标限价, in the unit of the prices."""
    drawn: Fraction | None = None
    """The coefficient or lowering that was drawn in the opening."""
    quality: Mapping[str, Fraction] = field(default_factory=dict)
    """By bid: the sum of its items' scores; for a coefficient alone."""
    highest_quality: Fraction = _ZERO
    """What all items' highest marks come to."""


@dataclass(frozen=True, slots=True)
class Priced:
    """What became of the prices."""

    evaluated: Mapping[str, Fraction]
    """By bid that counts: its price for evaluation; the contract stays at the bid price."""
    values: Mapping[str, Fraction]
    """By bid that counts: its points, or what it is ranked by."""
    better: Literal["higher", "lower"]
    invalid: Mapping[str, str]
    """By bid: why it does not count."""
    low: Sequence[str]
    """Bids so low that the committee asks."""
    sheet: Sheet


def price_scores(rule: ScoringRule, offers: Sequence[Offer], given: Given) -> Priced:
    """Apply a rule to the offers of all bids that are still in.

    Raises:
        ScoringImpossible: it cannot be applied; nothing was scored.
    """
    offers = sorted(offers, key=lambda offer: offer.bid)
    names = [offer.bid for offer in offers]
    if len(set(names)) != len(names):
        raise ScoringImpossible("bid_twice", names)
    invalid = {o.bid: "above_limit" for o in offers if _is_above(o, given.limit)}
    counting = [offer for offer in offers if offer.bid not in invalid]
    sheet = Sheet()
    evaluated = {offer.bid: _evaluated(sheet, rule, offer) for offer in counting}
    zero = [bid for bid, price in evaluated.items() if price <= 0]
    if zero and not isinstance(rule.price, EvaluatedPrice):
        raise ScoringImpossible("price_zero", zero)
    values = _values(sheet, rule.price, evaluated, given) if evaluated else {}
    return Priced(
        evaluated=evaluated,
        values=values,
        better="lower" if ranks_by_price(rule.price) else "higher",
        invalid=invalid,
        low=_low(rule, counting, given.limit),
        sheet=sheet,
    )


def ranks_by_price(rule: PriceRule) -> bool:
    """Return whether bids are ranked by a price, the lowest first, and not by points."""
    return isinstance(rule, EvaluatedPrice | QualityCoefficient)


def weight_of(rule: PriceRule) -> Fraction:
    """Return the points of the best price; none where a rule ranks by prices."""
    if isinstance(rule, EvaluatedPrice | QualityCoefficient):
        return _ZERO
    return _HUNDRED if isinstance(rule, QualityAndCost) else exact(rule.weight)


def _is_above(offer: Offer, limit: Fraction | None) -> bool:
    return limit is not None and exact(offer.price) > limit


def _evaluated(sheet: Sheet, rule: ScoringRule, offer: Offer) -> Fraction:
    price = sheet.note("price", offer.price, exact(offer.price), bid=offer.bid)
    if offer.deduction is not None:
        percent = next(
            (one.percent for one in rule.deductions if one.deduction == offer.deduction), None
        )
        if percent is None:
            raise ScoringImpossible("unknown_deduction", (offer.bid, offer.deduction))
        formula = f"{term(price)} x (100 - {percent}) / 100"
        price = sheet.note(
            "price_deducted", formula, price * (_HUNDRED - exact(percent)) / 100, bid=offer.bid
        )
    if offer.adjustments:
        amounts = [exact(one.amount) for one in offer.adjustments]
        formula = f"{term(price)} + {sum_of(amounts)}"
        price = sheet.note("price_adjusted", formula, price + sum(amounts), bid=offer.bid)
    return price


def _values(
    sheet: Sheet, rule: PriceRule, prices: Mapping[str, Fraction], given: Given
) -> Mapping[str, Fraction]:
    return _FAMILIES[type(rule)](sheet, rule, prices, given)


def _lowest(
    sheet: Sheet, rule: LowestPrice | QualityAndCost, prices: Mapping[str, Fraction], _given: Given
) -> dict[str, Fraction]:
    lowest = sheet.note("lowest_price", _all(prices, "min"), min(prices.values()))
    weight = weight_of(rule)
    return {
        bid: sheet.note(
            "points",
            f"{term(weight)} x {term(lowest)} / {term(price)}",
            weight * lowest / price,
            rule.decimals,
            bid,
        )
        for bid, price in prices.items()
    }


def _mean_base(
    sheet: Sheet, rule: MeanBase, prices: Mapping[str, Fraction], given: Given
) -> dict[str, Fraction]:
    mean = _mean(sheet, rule.mean, prices)
    factor = _drawn(rule.coefficient, given)
    formula = f"{term(mean)} x {term(factor)}"
    base = sheet.note("base", formula, mean * factor, rule.base_decimals)
    return _by_deviation(sheet, rule, prices, base)


def _limit_and_mean(
    sheet: Sheet, rule: LimitAndMean, prices: Mapping[str, Fraction], given: Given
) -> dict[str, Fraction]:
    if given.limit is None:
        raise ScoringImpossible("limit_missing")
    mean = _mean(sheet, rule.mean, prices)
    share, lowering = exact(rule.share), _drawn(rule.lowering, given)
    formula = (
        f"({term(given.limit)} x {term(share)} + {term(mean)} x (1 - {term(share)}))"
        f" x (1 - {term(lowering)})"
    )
    value = (given.limit * share + mean * (1 - share)) * (1 - lowering)
    base = sheet.note("base", formula, value, rule.base_decimals)
    return _by_deviation(sheet, rule, prices, base)


def _fixed_base(
    sheet: Sheet, rule: FixedBase, prices: Mapping[str, Fraction], _given: Given
) -> dict[str, Fraction]:
    base = sheet.note("base", rule.base, exact(rule.base))
    return _by_deviation(sheet, rule, prices, base)


def _by_deviation(
    sheet: Sheet,
    rule: OffABase,
    prices: Mapping[str, Fraction],
    base: Fraction,
) -> dict[str, Fraction]:
    if base <= 0:
        raise ScoringImpossible("base_zero")
    found = {}
    for bid, price in prices.items():
        left = deviation.points(
            sheet, bid, rule.deviation, price=price, base=base, weight=rule.weight
        )
        found[bid] = sheet.note("points", term(left), left, rule.decimals, bid)
    return found


def _evaluated_price(
    sheet: Sheet, _rule: EvaluatedPrice, prices: Mapping[str, Fraction], _given: Given
) -> dict[str, Fraction]:
    return {
        bid: sheet.note("evaluated_price", term(price), price, bid=bid)
        for bid, price in prices.items()
    }


def _coefficient(
    sheet: Sheet, rule: QualityCoefficient, prices: Mapping[str, Fraction], given: Given
) -> dict[str, Fraction]:
    found = {}
    for bid, price in prices.items():
        if bid not in given.quality:
            raise ScoringImpossible("quality_missing", (bid,))
        quality, highest = given.quality[bid], given.highest_quality
        divisor = sheet.note(
            "coefficient",
            f"1 + {term(quality)} / (1 - {term(highest)})",
            1 + quality / (1 - highest),
            bid=bid,
        )
        formula = f"{term(price)} / {term(divisor)}"
        found[bid] = sheet.note("weighted_price", formula, price / divisor, rule.decimals, bid)
    return found


def _between_limits(
    sheet: Sheet, rule: BetweenLimits, prices: Mapping[str, Fraction], _given: Given
) -> dict[str, Fraction]:
    full, none, weight = exact(rule.full_at), exact(rule.none_at), exact(rule.weight)
    found = {}
    for bid, price in prices.items():
        formula = (
            f"{rule.weight} x ({rule.none_at} - {term(price)}) / ({rule.none_at} - {rule.full_at})"
        )
        line = min(max(weight * (none - price) / (none - full), _ZERO), weight)
        found[bid] = sheet.note("points", formula, line, rule.decimals, bid)
    return found


_FAMILIES: Mapping[type[Any], Callable[..., dict[str, Fraction]]] = {
    LowestPrice: _lowest,
    QualityAndCost: _lowest,
    MeanBase: _mean_base,
    LimitAndMean: _limit_and_mean,
    FixedBase: _fixed_base,
    EvaluatedPrice: _evaluated_price,
    QualityCoefficient: _coefficient,
    BetweenLimits: _between_limits,
}


def _mean(sheet: Sheet, rule: MeanOfPrices, prices: Mapping[str, Fraction]) -> Fraction:
    kept = trimmed(sorted(prices.values()), trim_for(rule.trims, len(prices)))
    formula = f"({sum_of(kept)}) / {len(kept)}"
    return sheet.note("mean", formula, sum(kept, _ZERO) / len(kept), rule.decimals)


def trim_for(trims: Sequence[Trim], count: int) -> Trim | None:
    """Return the line of a trimming table that counts for so many values; None for none."""
    reached = [one for one in trims if one.least <= count]
    return max(reached, key=lambda one: one.least, default=None)


def trimmed(values: list[Fraction], trim: Trim | None) -> list[Fraction]:
    """Return sorted values without the lowest and the highest ones that a trim leaves out."""
    return values if trim is None else values[trim.low : len(values) - trim.high]


def _drawn(value: str, given: Given) -> Fraction:
    if value != "drawn":
        return exact(value)
    if given.drawn is None:
        raise ScoringImpossible("drawn_missing")
    return given.drawn


def _all(prices: Mapping[str, Fraction], what: str) -> str:
    return f"{what}({', '.join(map(term, sorted(prices.values())))})"


def _low(rule: ScoringRule, counting: Sequence[Offer], limit: Fraction | None) -> tuple[str, ...]:
    prices = {offer.bid: exact(offer.price) for offer in counting}
    bounds = []
    if rule.low_percent_of_limit is not None and limit is not None:
        bounds.append(limit * exact(rule.low_percent_of_limit) / 100)
    if rule.low_percent_of_mean is not None and prices:
        mean = sum(prices.values(), _ZERO) / len(prices)
        bounds.append(mean * exact(rule.low_percent_of_mean) / 100)
    return tuple(bid for bid, price in prices.items() if any(price < bound for bound in bounds))
