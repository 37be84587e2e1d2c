"""A scoring rule 评分办法 as data: what is reviewed, what is scored, how prices become points.

It must not hold anything that is run: whoever has the rule, the offers and the marks can do the
sums by hand. A project publishes it with its notice; `rule_checks` finds what is wrong with one.
"""

from typing import Annotated, Literal

from pydantic import Field, StringConstraints

from evaluation.scoring.exact import Number, Positive
from record.events import Frozen, Line

ItemId = Annotated[str, StringConstraints(pattern=r"^[a-z0-9][a-z0-9-]{0,31}$")]
Decimals = Annotated[int, Field(ge=0, le=6)]
Count = Annotated[int, Field(ge=0, le=100)]
Part = Literal["formal", "qualification", "responsive", "commercial", "technical"]
"""形式、资格、响应性 are passed or failed; 商务 and 技术 are scored."""
Tie = Literal["price", "technical", "commercial", "earlier", "drawn"]


class PassItem(Frozen):
    """Something every valid bid has to satisfy, reviewed one by one 评审项."""

    kind: Literal["pass"]
    item: ItemId
    title: Line
    ground: Line | None = None
    """Where the tender documents ask for it."""


class PointsItem(Frozen):
    """Something that is scored within a range 评分项."""

    kind: Literal["points"]
    item: ItemId
    title: Line
    lowest: Positive = "0"
    highest: Positive
    step: Positive
    """Marks are the lowest plus a whole number of steps, or the highest itself."""
    objective: bool = False
    """Every member must come to the same mark 客观分; where they do not, they look again."""
    blind: bool = False
    """Scored without knowing whose it is 暗标."""


class Stage(Frozen):
    """A part of the review with its items, in the order they are gone through."""

    part: Part
    title: Line
    items: Annotated[
        tuple[Annotated[PassItem | PointsItem, Field(discriminator="kind")], ...],
        Field(min_length=1, max_length=100),
    ]


class Trim(Frozen):
    """From so many on, the highest and the lowest are left out of a mean."""

    least: Count
    high: Count
    low: Count


class Segment(Frozen):
    """Points lost a per cent, up to a deviation; the last segment has no end."""

    points: Positive
    to: Positive | None = None
    """Per cent; None in the last segment."""


Slope = Annotated[tuple[Segment, ...], Field(min_length=1, max_length=10)]


class Deviation(Frozen):
    """How far a price lies from the base, and what that costs 偏差率扣分."""

    above: Slope
    below: Slope
    counted: Literal["exactly", "started", "whole"] = "exactly"
    """Per cents as they are, each one begun (不足1%按1%计), or whole ones alone."""
    decimals: Decimals | None = None
    """A deviation in per cent is rounded to so many decimals before anything is made of it."""
    cap: Positive | None = None
    """No more points than so many are lost."""


class MeanOfPrices(Frozen):
    """The mean of the prices that count, trimmed by a table 平均值."""

    trims: Annotated[tuple[Trim, ...], Field(max_length=10)] = ()
    """The one with the largest `least` that is reached counts."""
    decimals: Decimals | None = None


class LowestPrice(Frozen):
    """The lowest price has all points, others in proportion 低价优先法; Order 87, article 55."""

    family: Literal["lowest_price"]
    weight: Positive
    decimals: Decimals = 2


class OffABase(Frozen):
    """What rules have in common that take points off for lying off a base."""

    weight: Positive
    deviation: Deviation
    decimals: Decimals = 2


class OffTheMean(OffABase):
    """Those whose base comes from the mean of the prices."""

    mean: MeanOfPrices = MeanOfPrices()
    base_decimals: Decimals | None = None


class MeanBase(OffTheMean):
    """The base is the mean times a coefficient 平均值基准价法."""

    family: Literal["mean_base"]
    coefficient: Positive | Literal["drawn"] = "1"


class LimitAndMean(OffTheMean):
    """The base is (limit x a + mean x (1 - a)) x (1 - d), the lowering d drawn 复合标底下浮法."""

    family: Literal["limit_and_mean"]
    share: Positive
    """The limit's share a, from 0 to 1."""
    lowering: Positive | Literal["drawn"] = "drawn"
    """The part d taken off, from 0 to below 1."""


class FixedBase(OffABase):
    """The base is announced beforehand 标底."""

    family: Literal["fixed_base"]
    base: Positive
    """In the unit of the prices."""


class EvaluatedPrice(Frozen):
    """No points: the lowest price, with what was quantified added 经评审的最低投标价法."""

    family: Literal["evaluated_price"]


class QualityAndCost(Frozen):
    """Points of 100 in proportion to the lowest price, weighed 综合质量成本法."""

    family: Literal["quality_and_cost"]
    quality_share: Positive
    price_share: Positive
    """The two add up to 1."""
    decimals: Decimals = 2


class QualityCoefficient(Frozen):
    """Prices are divided by 1 + sum v / (1 - sum of the highest v); the lowest is first."""

    family: Literal["coefficient"]
    decimals: Decimals = 2


class BetweenLimits(Frozen):
    """All points at one price, none at another, a straight line between them 线性插值法."""

    family: Literal["between_limits"]
    weight: Positive
    full_at: Positive
    none_at: Positive
    """Both in the unit of the prices; the price with no points is the higher one."""
    decimals: Decimals = 2


PriceRule = Annotated[
    LowestPrice
    | MeanBase
    | LimitAndMean
    | FixedBase
    | EvaluatedPrice
    | QualityAndCost
    | QualityCoefficient
    | BetweenLimits,
    Field(discriminator="family"),
]


class Deduction(Frozen):
    """A part taken off a price for evaluation only, as for small businesses 小微企业价格扣除."""

    deduction: ItemId
    title: Line
    percent: Positive


class Experts(Frozen):
    """How the marks of several members become one score."""

    over: Literal["item", "part"] = "part"
    """Means and what is left out are taken of each item, or of each member's sum of a part."""
    trim: Trim | None = None
    decimals: Decimals = 2
    outlier_percent: Positive = "30"
    """Sums further from their mean than so many per cent of it are looked at again 畸高畸低."""


class ScoringRule(Frozen):
    """The whole rule of one section."""

    v: Literal[1] = 1
    title: Line
    stages: Annotated[tuple[Stage, ...], Field(max_length=12)] = ()
    experts: Experts = Experts()
    price: PriceRule
    deductions: Annotated[tuple[Deduction, ...], Field(max_length=10)] = ()
    full: Positive = "100"
    """What all items and the price come to together; nothing to a rule that ranks by prices."""
    total_decimals: Decimals = 2
    technical_minimum: Positive | None = None
    """The least technical score with which a second envelope is opened, or a bid is ranked."""
    low_percent_of_limit: Positive | None = None
    low_percent_of_mean: Positive | None = None
    """Prices below are asked about, as perhaps below cost; never rejected for it alone."""
    ties: Annotated[tuple[Tie, ...], Field(max_length=5)] = ("price", "technical", "drawn")
    """What decides between equals, one after the other; what is still equal stands side by side."""
    candidates: Annotated[int, Field(ge=1, le=3)] = 3
    """How many are named 中标候选人; Regulation, article 53."""


class Adjustment(Frozen):
    """Something quantified for evaluation only, as a delivery a month early."""

    reason: Line
    amount: Number
    """In the unit of the prices; negative where the bid is the better for it."""


class Offer(Frozen):
    """What of a bid the price part needs."""

    bid: Annotated[str, StringConstraints(min_length=1, max_length=64)]
    price: Positive
    """As corrected where its arithmetic was: minor units of a currency, or a rate."""
    deduction: ItemId | None = None
    adjustments: Annotated[tuple[Adjustment, ...], Field(max_length=50)] = ()
