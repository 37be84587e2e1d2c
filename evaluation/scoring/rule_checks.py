"""What is wrong with a scoring rule, all of it at once, each with where it is.

It must not stop at the first, for whoever writes a rule mends it from this list; a rule with
nothing on it can be applied to any offers with a price above zero.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from fractions import Fraction

from evaluation.scoring.exact import exact, shown
from evaluation.scoring.marks import scored_items
from evaluation.scoring.price import weight_of
from evaluation.scoring.rule import (
    BetweenLimits,
    Deviation,
    EvaluatedPrice,
    FixedBase,
    LimitAndMean,
    MeanBase,
    OffABase,
    OffTheMean,
    PointsItem,
    QualityAndCost,
    QualityCoefficient,
    ScoringRule,
    Segment,
    Trim,
)

_SCORED = frozenset({"commercial", "technical"})
_ONE, _HUNDRED = Fraction(1), Fraction(100)


@dataclass(frozen=True, slots=True)
class RuleProblem:
    """One thing that is wrong.

    Codes: item_twice, deduction_twice, tie_twice, wrong_kind, range_empty, step_zero,
    step_too_wide, sum_not_full, shares_not_one, quality_not_hundred, quality_too_high,
    items_not_used, weight_zero, trim_leaves_none, trim_twice, slope_not_rising, slope_open,
    share_above_one, lowering_too_high, base_zero, coefficient_zero, limits_crossed,
    deduction_too_high, minimum_too_high, limit_missing, draw_missing.
    """

    code: str
    where: str = ""
    """The item, deduction or field it is about."""
    facts: dict[str, str] = field(default_factory=dict)


def problems(rule: ScoringRule, *, has_limit: bool, has_draw: bool) -> list[RuleProblem]:
    """Return everything that is wrong with a rule.

    Args:
        rule: well-formed, as data.
        has_limit: whether the section has a highest price.
        has_draw: whether the section draws a value in its opening.
    """
    return [
        *_items(rule),
        *_sums(rule),
        *_price(rule, has_limit=has_limit, has_draw=has_draw),
        *_deductions(rule),
        *(RuleProblem("tie_twice", one) for one in _twice(rule.ties)),
        *(_trims([rule.experts.trim], "experts") if rule.experts.trim else ()),
    ]


def _items(rule: ScoringRule) -> Iterator[RuleProblem]:
    names = [item.item for stage in rule.stages for item in stage.items]
    yield from (RuleProblem("item_twice", one) for one in _twice(names))
    for stage in rule.stages:
        for item in stage.items:
            if isinstance(item, PointsItem) != (stage.part in _SCORED):
                yield RuleProblem("wrong_kind", item.item, {"part": stage.part})
            if isinstance(item, PointsItem):
                yield from _range(item)


def _range(item: PointsItem) -> Iterator[RuleProblem]:
    lowest, top, step = exact(item.lowest), exact(item.highest), exact(item.step)
    if lowest >= top:
        yield RuleProblem("range_empty", item.item)
    elif step == 0:
        yield RuleProblem("step_zero", item.item)
    elif step > top - lowest:
        yield RuleProblem("step_too_wide", item.item)


def _sums(rule: ScoringRule) -> Iterator[RuleProblem]:
    items = list(scored_items(rule))
    total = sum((exact(item.highest) for _, item in items), Fraction(0))
    price = rule.price
    if isinstance(price, EvaluatedPrice):
        yield from (RuleProblem("items_not_used", item.item) for _, item in items)
    elif isinstance(price, QualityCoefficient):
        if total >= _ONE:
            yield RuleProblem("quality_too_high", facts={"sum": shown(total)})
    elif isinstance(price, QualityAndCost):
        if total != _HUNDRED:
            yield RuleProblem("quality_not_hundred", facts={"sum": shown(total)})
        shares = exact(price.quality_share) + exact(price.price_share)
        if shares != _ONE:
            yield RuleProblem("shares_not_one", facts={"sum": shown(shares)})
    elif total + weight_of(price) != exact(rule.full):
        found = shown(total + weight_of(price))
        yield RuleProblem("sum_not_full", facts={"sum": found, "full": rule.full})
    technical = sum((exact(one.highest) for part, one in items if part == "technical"), Fraction(0))
    if rule.technical_minimum is not None and exact(rule.technical_minimum) > technical:
        yield RuleProblem("minimum_too_high", facts={"sum": shown(technical)})


def _price(rule: ScoringRule, *, has_limit: bool, has_draw: bool) -> Iterator[RuleProblem]:
    price = rule.price
    if not isinstance(price, EvaluatedPrice | QualityCoefficient) and weight_of(price) == 0:
        yield RuleProblem("weight_zero", "price")
    if rule.low_percent_of_limit is not None and not has_limit:
        yield RuleProblem("limit_missing", "low_percent_of_limit")
    if isinstance(price, OffTheMean):
        yield from _trims(price.mean.trims, "mean")
    if isinstance(price, OffABase):
        yield from _slopes(price.deviation)
    match price:
        case MeanBase():
            yield from _part(price.coefficient, "coefficient", has_draw=has_draw)
        case LimitAndMean():
            yield from _part(price.lowering, "lowering", has_draw=has_draw)
            yield from _limit_and_mean(price, has_limit=has_limit)
        case FixedBase() if exact(price.base) == 0:
            yield RuleProblem("base_zero", "base")
        case BetweenLimits() if exact(price.full_at) >= exact(price.none_at):
            yield RuleProblem("limits_crossed", "price")
        case _:
            pass


def _part(value: str, where: str, *, has_draw: bool) -> Iterator[RuleProblem]:
    if value == "drawn":
        if not has_draw:
            yield RuleProblem("draw_missing", where)
    elif where == "coefficient" and exact(value) == 0:
        yield RuleProblem("coefficient_zero", where)
    elif where == "lowering" and exact(value) >= _ONE:
        yield RuleProblem("lowering_too_high", where)


def _limit_and_mean(price: LimitAndMean, *, has_limit: bool) -> Iterator[RuleProblem]:
    if not has_limit:
        yield RuleProblem("limit_missing", "price")
    if exact(price.share) > _ONE:
        yield RuleProblem("share_above_one", "share")


def _slopes(deviation: Deviation) -> Iterator[RuleProblem]:
    for where, slope in (("above", deviation.above), ("below", deviation.below)):
        yield from _slope(slope, where)


def _slope(slope: tuple[Segment, ...], where: str) -> Iterator[RuleProblem]:
    *before, last = slope
    ends = [exact(one.to) for one in before if one.to is not None]
    if last.to is not None or len(ends) != len(before):
        yield RuleProblem("slope_open", where)
    elif any(one <= other for one, other in zip(ends, [Fraction(0), *ends], strict=False)):
        yield RuleProblem("slope_not_rising", where)


def _trims(trims: Iterable[Trim | None], where: str) -> Iterator[RuleProblem]:
    lines = [one for one in trims if one is not None]
    if any(one.high + one.low >= max(one.least, 1) for one in lines):
        yield RuleProblem("trim_leaves_none", where)
    if _twice([str(one.least) for one in lines]):
        yield RuleProblem("trim_twice", where)


def _deductions(rule: ScoringRule) -> Iterator[RuleProblem]:
    yield from (
        RuleProblem("deduction_twice", one)
        for one in _twice([one.deduction for one in rule.deductions])
    )
    for one in rule.deductions:
        if exact(one.percent) >= _HUNDRED:
            yield RuleProblem("deduction_too_high", one.deduction)


def _twice(names: Iterable[str]) -> list[str]:
    seen, twice = set[str](), list[str]()
    for name in names:
        if name in seen and name not in twice:
            twice.append(name)
        seen.add(name)
    return twice
