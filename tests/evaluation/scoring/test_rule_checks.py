"""What is wrong with a rule is said, all of it; a rule with nothing wrong can be applied."""

from fractions import Fraction
from typing import Any, get_args

import jsonschema
import pytest
from pydantic import ValidationError

from evaluation.scoring.engine import Case, score
from evaluation.scoring.exact import exact
from evaluation.scoring.library import LIBRARY
from evaluation.scoring.marks import scored_items
from evaluation.scoring.rule import Offer, PriceRule, ScoringRule
from evaluation.scoring.rule_checks import problems

MEMBERS = ("m1", "m2", "m3", "m4", "m5")
SCHEMA = ScoringRule.model_json_schema()


def test_there_is_a_rule_to_begin_with_for_every_family() -> None:
    families = [one.model_fields["family"].annotation for one in get_args(get_args(PriceRule)[0])]
    assert [name for family in families for name in get_args(family)] == [*LIBRARY]


@pytest.mark.parametrize("name", LIBRARY)
def test_a_rule_to_begin_with_has_nothing_wrong_and_scores(name: str) -> None:
    rule = LIBRARY[name]
    assert problems(rule, has_limit=True, has_draw=True) == []
    read = ScoringRule.model_validate_json(rule.model_dump_json())
    assert read == rule
    jsonschema.validate(rule.model_dump(mode="json"), SCHEMA)
    marks = {
        bid: {
            item.item: dict.fromkeys(MEMBERS, exact(item.highest)) for _, item in scored_items(rule)
        }
        for bid in "abc"
    }
    offers = [Offer(bid=bid, price=str(90_000_000 + at)) for at, bid in enumerate("abc")]
    case = Case(offers, MEMBERS, marks, limit=Fraction(100_000_000), drawn=Fraction("0.05"))
    assert next(one.bid for one in score(rule, case).ranking.places) == "a"


def changed(name: str, **parts: Any) -> ScoringRule:
    told = LIBRARY[name].model_dump(mode="json")
    for key, value in parts.items():
        told[key] = {**told[key], **value} if isinstance(value, dict) else value
    return ScoringRule.model_validate(told, strict=False)


def codes(rule: ScoringRule, *, has_limit: bool = True, has_draw: bool = True) -> list[str]:
    return [one.code for one in problems(rule, has_limit=has_limit, has_draw=has_draw)]


SLOPE = [{"points": "1", "to": "3"}, {"points": "2"}]
ITEM = {"kind": "points", "item": "x", "title": "x", "highest": "10", "step": "1"}
PASSED = {"kind": "pass", "item": "y", "title": "y"}


def stage(part: str, *items: dict[str, Any]) -> list[dict[str, Any]]:
    return [{"part": part, "title": part, "items": [*items]}]


@pytest.mark.parametrize(
    ("name", "parts", "code"),
    [
        ("lowest_price", {"full": "99"}, "sum_not_full"),
        ("lowest_price", {"price": {"weight": "31"}}, "sum_not_full"),
        ("lowest_price", {"price": {"weight": "0"}, "full": "70"}, "weight_zero"),
        ("lowest_price", {"stages": stage("technical", ITEM, ITEM), "full": "50"}, "item_twice"),
        ("lowest_price", {"stages": stage("formal", ITEM), "full": "40"}, "wrong_kind"),
        ("lowest_price", {"stages": stage("technical", PASSED), "full": "30"}, "wrong_kind"),
        (
            "lowest_price",
            {"stages": stage("technical", {**ITEM, "lowest": "10"}), "full": "40"},
            "range_empty",
        ),
        (
            "lowest_price",
            {"stages": stage("technical", {**ITEM, "step": "0"}), "full": "40"},
            "step_zero",
        ),
        (
            "lowest_price",
            {"stages": stage("technical", {**ITEM, "step": "11"}), "full": "40"},
            "step_too_wide",
        ),
        ("lowest_price", {"ties": ["price", "price"]}, "tie_twice"),
        ("lowest_price", {"technical_minimum": "71"}, "minimum_too_high"),
        (
            "lowest_price",
            {"deductions": [{"deduction": "a", "title": "a", "percent": "6"}] * 2},
            "deduction_twice",
        ),
        (
            "lowest_price",
            {"deductions": [{"deduction": "a", "title": "a", "percent": "100"}]},
            "deduction_too_high",
        ),
        (
            "mean_base",
            {"experts": {"trim": {"least": 2, "high": 1, "low": 1}}},
            "trim_leaves_none",
        ),
        (
            "mean_base",
            {"price": {"mean": {"trims": [{"least": 0, "high": 0, "low": 0}] * 2}}},
            "trim_twice",
        ),
        (
            "mean_base",
            {"price": {"mean": {"trims": [{"least": 1, "high": 1, "low": 0}]}}},
            "trim_leaves_none",
        ),
        ("mean_base", {"price": {"coefficient": "0"}}, "coefficient_zero"),
        (
            "mean_base",
            {"price": {"deviation": {"above": SLOPE[:1], "below": SLOPE}}},
            "slope_open",
        ),
        (
            "mean_base",
            {"price": {"deviation": {"above": [SLOPE[1], SLOPE[1]], "below": SLOPE}}},
            "slope_open",
        ),
        (
            "mean_base",
            {"price": {"deviation": {"above": SLOPE, "below": [SLOPE[0], SLOPE[0], SLOPE[1]]}}},
            "slope_not_rising",
        ),
        ("limit_and_mean", {"price": {"share": "1.1"}}, "share_above_one"),
        ("limit_and_mean", {"price": {"lowering": "1"}}, "lowering_too_high"),
        ("fixed_base", {"price": {"base": "0"}}, "base_zero"),
        ("between_limits", {"price": {"full_at": "100000000"}}, "limits_crossed"),
        ("evaluated_price", {"stages": stage("technical", ITEM)}, "items_not_used"),
        ("quality_and_cost", {"price": {"price_share": "0.3"}}, "shares_not_one"),
        (
            "quality_and_cost",
            {"stages": stage("technical", ITEM), "technical_minimum": None},
            "quality_not_hundred",
        ),
        (
            "coefficient",
            {"stages": stage("technical", {**ITEM, "highest": "1"})},
            "quality_too_high",
        ),
    ],
)
def test_what_is_wrong_is_named_and_nothing_else(
    name: str, parts: dict[str, Any], code: str
) -> None:
    assert codes(changed(name, **parts)) == [code]


def test_what_a_section_does_not_have_a_rule_cannot_use() -> None:
    assert codes(LIBRARY["mean_base"], has_draw=False) == ["draw_missing"]
    assert codes(LIBRARY["limit_and_mean"], has_limit=False, has_draw=False) == [
        "draw_missing",
        "limit_missing",
    ]
    asked = changed("lowest_price", low_percent_of_limit="85")
    assert codes(asked, has_limit=False) == ["limit_missing"]


def test_everything_that_is_wrong_is_said_at_once() -> None:
    rule = changed("lowest_price", full="1", ties=["price", "price"], technical_minimum="100")
    assert codes(rule) == ["sum_not_full", "minimum_too_high", "tie_twice"]


@pytest.mark.parametrize(
    "told",
    [
        {"title": "x"},
        {"title": "x", "price": {"family": "guess"}},
        {"title": "x", "price": {"family": "lowest_price", "weight": 30}},
        {"title": "x", "price": {"family": "lowest_price", "weight": "3e1"}},
        {"title": "x", "price": {"family": "lowest_price", "weight": "30", "code": "print()"}},
        {"title": "x", "price": {"family": "lowest_price", "weight": "30"}, "candidates": 4},
    ],
)
def test_what_is_no_rule_is_not_read_and_not_valid_by_its_schema(told: dict[str, Any]) -> None:
    with pytest.raises(ValidationError):
        ScoringRule.model_validate(told, strict=False)
    with pytest.raises(jsonschema.ValidationError):
        jsonschema.validate(told, SCHEMA)
