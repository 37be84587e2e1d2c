"""Marks of several members: what may be given, what is left out, what is looked at again."""

from collections.abc import Mapping
from fractions import Fraction
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from evaluation.scoring.marks import Finding, Range, judge
from evaluation.scoring.price import ScoringImpossible
from evaluation.scoring.rule import Part, PointsItem, ScoringRule
from tests.evaluation.scoring.rules import points, rule

MEMBERS = ("m1", "m2", "m3", "m4", "m5")


def scored(**experts: Any) -> ScoringRule:
    stages = [
        {"part": "commercial", "title": "商务", "items": [points("c1", "10")]},
        {"part": "technical", "title": "技术", "items": [points("t1", "30"), points("t2", "30")]},
    ]
    return rule("lowest_price", stages=stages, experts=experts)


def marks(bid: Mapping[str, str]) -> dict[str, dict[str, dict[str, Fraction]]]:
    """Return marks of one bid; a text has those of each member in turn."""
    given_ = {item: map(Fraction, text.split()) for item, text in bid.items()}
    return {"b": {item: dict(zip(MEMBERS, of, strict=False)) for item, of in given_.items()}}


ALL = {"c1": "8 8 8 8 8", "t1": "20 22 24 26 28", "t2": "10 20 20 20 30"}


def parts(tried: ScoringRule, told: Mapping[str, str] = ALL) -> dict[Part, Fraction]:
    return {**judge(tried, MEMBERS, marks(told)).parts["b"]}


def test_a_part_is_the_mean_of_every_members_sum() -> None:
    assert parts(scored()) == {"commercial": 8, "technical": 44}


def test_highest_and_lowest_sum_are_left_out_from_so_many_members_on() -> None:
    trim = {"least": 5, "high": 1, "low": 1}
    # sums 30 42 44 46 58
    assert parts(scored(trim=trim)) == {"commercial": 8, "technical": 44}
    skewed = {**ALL, "t2": "10 20 20 20 20"}
    # sums 30 42 44 46 48
    assert parts(scored(trim=trim), skewed)["technical"] == 44
    assert parts(scored(trim={**trim, "least": 6}), skewed)["technical"] == 42


def test_highest_and_lowest_mark_may_be_left_out_of_each_item_instead() -> None:
    tried = scored(over="item", trim={"least": 5, "high": 1, "low": 1})
    skewed = {**ALL, "t1": "0 22 24 26 30", "t2": "30 20 21 20 0"}
    # t1: 22 24 26; t2: 20 21 20, rounded to 20.33
    assert parts(tried, skewed)["technical"] == 24 + Fraction("20.33")


def test_the_mean_is_rounded_as_the_rule_says() -> None:
    told = {**ALL, "c1": "8 8 8 8 9"}
    assert parts(scored(decimals=0), told)["commercial"] == 8
    assert parts(scored(decimals=1), told)["commercial"] == Fraction("8.2")


@given(st.permutations(MEMBERS))
def test_the_order_of_members_changes_nothing(order: list[str]) -> None:
    told = marks(ALL)
    shuffled = {"b": {item: {m: of[m] for m in order} for item, of in told["b"].items()}}
    assert judge(scored(), order, shuffled) == judge(scored(), MEMBERS, told)


ITEM = PointsItem(kind="points", item="i", title="t", lowest="1", highest="10.5", step="2")


@pytest.mark.parametrize(
    ("mark", "problem"),
    [
        ("1", None),
        ("9", None),
        ("10.5", None),
        ("0.5", "off_range"),
        ("11", "off_range"),
        ("2", "off_step"),
        ("3.000001", "off_step"),
    ],
)
def test_a_mark_is_within_its_range_and_on_a_step(mark: str, problem: str | None) -> None:
    assert Range.of(ITEM).problem(Fraction(mark)) == problem


@pytest.mark.parametrize(
    ("told", "code", "about"),
    [
        ({**ALL, "t1": "20 22 24 26"}, "mark_missing", ("b", "t1", "m5")),
        ({"c1": ALL["c1"], "t1": ALL["t1"]}, "mark_missing", ("b", "t2", "m1")),
        ({**ALL, "c1": "8 8 8 8 11"}, "mark_invalid", ("b", "c1", "m5")),
        ({**ALL, "c1": "8 8 8.55 8 8"}, "mark_invalid", ("b", "c1", "m3")),
    ],
)
def test_nothing_is_scored_where_a_mark_is_missing_or_wrong(
    told: Mapping[str, str], code: str, about: tuple[str, ...]
) -> None:
    with pytest.raises(ScoringImpossible) as impossible:
        judge(scored(), MEMBERS, marks(told))
    assert (impossible.value.code, impossible.value.about) == (code, about)


def test_marks_that_lie_far_off_and_objective_ones_that_differ_are_looked_at_again() -> None:
    tried = scored(outlier_percent="30")
    assert judge(tried, MEMBERS, marks({**ALL, "t2": "20 20 20 20 20"})).findings == []
    found = judge(tried, MEMBERS, marks(ALL)).findings
    # sums 30 42 44 46 58 of a mean of 44: 30 and 58 are more than 13.2 off
    assert found == [
        Finding("outlier", "b", "technical", "m1"),
        Finding("outlier", "b", "technical", "m5"),
    ]
    stages = [
        {"part": "commercial", "title": "商务", "items": [points("c1", "10", objective=True)]}
    ]
    objective = rule("lowest_price", stages=stages)
    differs = judge(objective, MEMBERS, marks({"c1": "8 8 8 8 7"})).findings
    assert differs == [Finding("objective_differs", "b", "c1")]


def test_a_bid_of_nothing_has_no_outlier() -> None:
    nothing = dict.fromkeys(ALL, "0 0 0 0 0")
    assert judge(scored(), MEMBERS, marks(nothing)).findings == []


def test_without_a_member_nothing_is_scored() -> None:
    with pytest.raises(ScoringImpossible) as impossible:
        judge(scored(), (), marks(ALL))
    assert impossible.value.code == "member_missing"
