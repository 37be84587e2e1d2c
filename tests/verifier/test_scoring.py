"""The verifier's own scoring: figures that were published, and the service's of random cases."""

from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from evaluation.scoring.case_file import CaseFile
from evaluation.scoring.case_file import outcome as served
from evaluation.scoring.library import LIBRARY
from evaluation.scoring.price import ScoringImpossible
from evaluation.scoring.rule import ScoringRule
from evaluation.scoring.rule_checks import problems
from opening.facts import told as bare
from tests.evaluation.scoring.test_cases import CASES, rule
from tests.verifier.cases import cases, spoiled_rules
from verifier.scoring.engine import Case, outcome
from verifier.scoring.faults import faults

Fields = dict[str, Any]


def written(rule_: ScoringRule) -> Fields:
    """Return a rule as the record has it."""
    told: Fields = rule_.model_dump(mode="json", exclude_none=True)
    return told


def repeated(file: CaseFile) -> Fields:
    told = file.model_dump(mode="json", exclude_none=True, exclude={"v"})
    return outcome(Case(**told))


def told(file: CaseFile) -> Fields:
    try:
        return bare(served(file))  # type: ignore[no-any-return]  # of an object it is one
    except ScoringImpossible as error:
        return {"impossible": error.code, "about": list(error.about)}


@given(cases())
@settings(max_examples=80)
def test_a_case_comes_out_as_the_service_says_line_by_line(file: CaseFile) -> None:
    assert repeated(file) == told(file)


@given(
    rule_=spoiled_rules(),
    has_limit=st.booleans(),
    draws=st.sampled_from(((), ("0.95", "1"), ("0.95", "甲"))),
)
@settings(max_examples=100)
def test_a_rule_has_the_faults_the_service_finds(
    *, rule_: ScoringRule, has_limit: bool, draws: tuple[str, ...]
) -> None:
    may_draw = draws == ("0.95", "1")
    wanted = {one.code for one in problems(rule_, has_limit=has_limit, has_draw=may_draw)}
    assert set(faults(written(rule_), has_limit=has_limit, drawn=draws)) == wanted


@pytest.mark.parametrize(
    ("family", "changed", "code"),
    [
        ("mean_base", {"coefficient": "0"}, "coefficient_zero"),
        ("limit_and_mean", {"lowering": "1"}, "lowering_too_high"),
        ("limit_and_mean", {"share": "1.1"}, "share_above_one"),
        ("fixed_base", {"base": "0"}, "base_zero"),
        ("quality_and_cost", {"price_share": "0.3"}, "shares_not_one"),
        ("evaluated_price", {}, "items_not_used"),
    ],
)
def test_a_price_rule_that_cannot_be_applied_is_named(
    family: str, changed: Fields, code: str
) -> None:
    told_ = written(LIBRARY[family])
    told_["price"] |= changed
    if family == "evaluated_price":
        told_["stages"] = [*told_["stages"], written(LIBRARY["lowest_price"])["stages"][-1]]
    rule_ = ScoringRule.model_validate(told_, strict=False)
    assert code in {one.code for one in problems(rule_, has_limit=True, has_draw=True)}
    assert code in faults(written(rule_), has_limit=True, drawn=("1",))


def offered(case: Fields, **left_out: bool) -> list[Fields]:
    rows = []
    for bid, said in case["bids"].items():
        one = {"price": said} if isinstance(said, str) else said
        row: Fields = {"bid": bid, "price": one["price"]}
        if "deduct_percent" in one and not left_out:
            row["deduction"] = f"less-{one['deduct_percent']}"
        row["adjustments"] = [{"reason": "r", "amount": each} for each in one.get("adjust", ())]
        rows.append(row)
    return rows


def values(found: Fields, name: str = "value") -> dict[str, str]:
    return {row["bid"]: row[name] for row in found["places"]}


@pytest.mark.parametrize("name", ["W1", "W2", "W3", "W4", "W5", "W10"])
def test_published_points_come_out(name: str) -> None:
    case = CASES[name]
    found = outcome(Case(written(rule(case)), offered(case), limit=case.get("limit")))
    assert values(found) == case["expect"]["scores"]
    assert [one["bid"] for one in found["invalid"]] == case["expect"].get("invalid", [])


def test_the_stage_of_a_rounding_and_a_deduction_change_points() -> None:
    case = CASES["W2"]
    exactly = rule(case, deviation={**rule(case).price.model_dump()["deviation"], "decimals": None})
    found = outcome(Case(written(exactly), offered(case)))
    assert values(found)["b"] == case["expect_without_rounding_percent"]["b"]
    case = CASES["W10"]
    found = outcome(Case(written(rule(case)), offered(case, without=True)))
    assert values(found) == case["expect_without_deductions"]


def test_quantified_prices_come_out() -> None:
    case = CASES["W7"]
    found = outcome(Case(written(rule(case)), offered(case)))
    assert values(found, "price") == case["expect"]["evaluated"]


@pytest.mark.parametrize("drawn", ["0.97", "0.98"])
def test_the_winner_changes_with_what_is_drawn(drawn: str) -> None:
    case = CASES["W11"]
    found = outcome(Case(written(rule(case, coefficient="drawn")), offered(case), drawn=drawn))
    assert values(found) == case["expect"][f"K={drawn}"]["scores"]


def test_a_coefficient_comes_out() -> None:
    case = CASES["W9"]
    items = [
        {"kind": "points", "item": f"v{n}", "title": "v", "highest": "0.15", "step": "0.05"}
        for n in (1, 2)
    ]
    told_ = written(LIBRARY["coefficient"])
    told_["stages"] = [{"part": "technical", "title": "T", "items": items}]
    told_ = written(ScoringRule.model_validate(told_, strict=False))
    marks = {"a": {"v1": {"m": "0.1"}, "v2": {"m": "0.1"}}}
    found = outcome(Case(told_, [{"bid": "a", "price": "499.00"}], ["m"], marks))
    assert values(found) == case["expect"]["weighted"]


@pytest.mark.parametrize("family", LIBRARY)
def test_what_has_no_price_or_no_mark_is_told_as_impossible(family: str) -> None:
    rule_ = written(LIBRARY[family])
    offers = [{"bid": "b", "price": "0"}]
    file = CaseFile.model_validate(
        {"rule": rule_, "offers": offers, "members": ["m"], "limit": "9", "drawn": "0"},
        strict=False,
    )
    assert repeated(file) == told(file)
    assert ("impossible" in repeated(file)) == (family != "evaluated_price")
