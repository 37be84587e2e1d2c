"""Rules to begin with, one for each family, with what their items and numbers usually are.

A project takes a copy and changes it; none of them is what a law says a project must have.
"""

from collections.abc import Mapping
from types import MappingProxyType
from typing import Final

from evaluation.scoring.rule import (
    BetweenLimits,
    Deduction,
    Deviation,
    EvaluatedPrice,
    Experts,
    FixedBase,
    LimitAndMean,
    LowestPrice,
    MeanBase,
    MeanOfPrices,
    PassItem,
    PointsItem,
    PriceRule,
    QualityAndCost,
    QualityCoefficient,
    ScoringRule,
    Segment,
    Stage,
    Trim,
)


def _passed(part: str, title: str, **items: str) -> Stage:
    found = tuple(
        PassItem(kind="pass", item=name.replace("_", "-"), title=text)
        for name, text in items.items()
    )
    return Stage.model_validate({"part": part, "title": title, "items": found})


def _scored(part: str, title: str, *items: tuple[str, str, str, str]) -> Stage:
    """Return a part that is scored: each item with its id, title, highest mark and step."""
    found = tuple(
        PointsItem(kind="points", item=name, title=text, highest=highest, step=step)
        for name, text, highest, step in items
    )
    return Stage.model_validate({"part": part, "title": title, "items": found})


_REVIEW = (
    _passed(
        "formal",
        "形式评审",
        name="投标人名称与营业执照一致",
        signed="投标函签字盖章符合要求",
        single_price="报价唯一",
    ),
    _passed(
        "qualification",
        "资格评审",
        licence="具备有效的营业执照",
        grade="资质等级符合要求",
        leader="项目负责人资格符合要求",
    ),
    _passed(
        "responsive",
        "响应性评审",
        scope="投标内容符合招标范围",
        duration="工期符合要求",
        quality="质量要求符合要求",
        security="投标保证金符合要求",
    ),
)
_WORKS = _scored(
    "technical",
    "施工组织设计",
    ("method", "施工方案与技术措施", "12", "0.5"),
    ("quality-plan", "质量管理体系与措施", "8", "0.5"),
    ("safety-plan", "安全管理体系与措施", "8", "0.5"),
    ("schedule-plan", "工程进度计划与措施", "6", "0.5"),
    ("resources", "资源配备计划", "6", "0.5"),
)
_GOODS = _scored(
    "technical",
    "技术评审",
    ("parameters", "技术参数响应", "40", "1"),
    ("after-sales", "售后服务方案", "20", "1"),
    ("delivery-plan", "供货与安装方案", "10", "1"),
)
_CONSULTING = _scored(
    "technical",
    "技术建议书",
    ("approach", "工作方法与计划", "50", "1"),
    ("team", "关键人员资历与能力", "35", "1"),
    ("experience", "类似业绩", "15", "1"),
)
_CREDIT = _scored("commercial", "商务评审", ("record", "企业业绩与信用", "10", "0.5"))
_TRIMMED = Experts(trim=Trim(least=5, high=1, low=1))
_OFF = Deviation(above=(Segment(points="1"),), below=(Segment(points="0.5"),), decimals=2)
_MEAN = MeanOfPrices(trims=(Trim(least=5, high=1, low=1), Trim(least=10, high=2, low=1)))
_SMALL = (Deduction(deduction="small", title="小微企业", percent="20"),)


def _rule(title: str, price: PriceRule, *stages: Stage, **changed: object) -> ScoringRule:
    told = {"title": title, "price": price, "stages": (*_REVIEW, *stages), **changed}
    return ScoringRule.model_validate(told)


LIBRARY: Final[Mapping[str, ScoringRule]] = MappingProxyType(
    {
        "lowest_price": _rule(
            "综合评分法（低价优先）",
            LowestPrice(family="lowest_price", weight="30"),
            _GOODS,
            deductions=_SMALL,
        ),
        "mean_base": _rule(
            "综合评估法（平均值基准价）",
            MeanBase(
                family="mean_base", weight="50", mean=_MEAN, coefficient="drawn", deviation=_OFF
            ),
            _WORKS,
            _CREDIT,
            experts=_TRIMMED,
        ),
        "limit_and_mean": _rule(
            "综合评估法（最高投标限价与平均值）",
            LimitAndMean(
                family="limit_and_mean", weight="50", share="0.5", mean=_MEAN,
                deviation=_OFF.model_copy(update={"decimals": 4}),
            ),
            _WORKS,
            _CREDIT,
            experts=_TRIMMED,
        ),
        "fixed_base": _rule(
            "综合评估法（标底基准价）",
            FixedBase(family="fixed_base", weight="50", base="100000000", deviation=_OFF),
            _WORKS,
            _CREDIT,
            experts=_TRIMMED,
        ),
        "evaluated_price": _rule(
            "经评审的最低投标价法",
            EvaluatedPrice(family="evaluated_price"),
            low_percent_of_mean="85",
        ),
        "quality_and_cost": _rule(
            "综合质量成本法",
            QualityAndCost(family="quality_and_cost", quality_share="0.8", price_share="0.2"),
            _CONSULTING,
            technical_minimum="75",
        ),
        "coefficient": _rule(
            "质量系数法",
            QualityCoefficient(family="coefficient"),
            _scored(
                "technical",
                "质量系数",
                ("durability", "耐久性", "0.15", "0.01"),
                ("energy", "能耗", "0.15", "0.01"),
            ),
            ties=("earlier",),
        ),
        "between_limits": _rule(
            "综合评分法（限价区间线性插值）",
            BetweenLimits(
                family="between_limits", weight="30", full_at="80000000", none_at="100000000"
            ),
            _GOODS,
        ),
    }
)  # fmt: skip
"""By family."""
