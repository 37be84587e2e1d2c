"""Price rules: what never matters, what does, and what cannot be scored."""

from collections.abc import Mapping
from fractions import Fraction
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from evaluation.scoring.exact import exact, rounded
from evaluation.scoring.price import Given, ScoringImpossible, price_scores
from evaluation.scoring.rule import Offer
from tests.evaluation.scoring.rules import ABSOLUTE, FAMILIES, calculated, offers, rule

PRICES = st.dictionaries(
    st.text("abcdef0123456789", min_size=1, max_size=4),
    st.integers(1, 10**12),
    min_size=1,
    max_size=9,
)
LIMIT = Fraction(10**12)


def given_for(prices: Mapping[str, int]) -> Given:
    return Given(
        limit=LIMIT,
        drawn=Fraction("0.05"),
        quality={bid: Fraction(len(bid), 10) for bid in prices},
        highest_quality=Fraction("0.4"),
    )


@pytest.mark.parametrize("family", FAMILIES)
@given(prices=PRICES, data=st.data())
def test_the_order_of_bids_changes_nothing(
    family: str, prices: dict[str, int], data: st.DataObject
) -> None:
    told = {bid: str(price) for bid, price in prices.items()}
    shuffled = {bid: told[bid] for bid in data.draw(st.permutations(sorted(told)))}
    one = price_scores(rule(family), offers(told), given_for(prices))
    other = price_scores(rule(family), offers(shuffled), given_for(prices))
    assert one == other


@pytest.mark.parametrize("family", FAMILIES)
@given(prices=PRICES)
def test_every_sum_of_the_sheet_can_be_done_by_hand(family: str, prices: dict[str, int]) -> None:
    found = price_scores(
        rule(family), offers({bid: str(one) for bid, one in prices.items()}), given_for(prices)
    )
    steps = [*found.sheet.together, *(one for of in found.sheet.by_bid.values() for one in of)]
    assert steps
    for step in steps:
        if step.name.startswith("percents_"):
            assert Fraction(step.exact) - calculated(step.formula) in _less_than_one(step.name)
        elif step.name == "deviation_percent":
            assert calculated(step.formula) == Fraction(step.exact)
        elif step.name in {"points_left", "points"}:
            weight = exact(str(FAMILIES[family].get("weight", 100)))
            assert min(max(calculated(step.formula), 0), weight) == Fraction(step.exact)
        else:
            assert calculated(step.formula) == Fraction(step.exact)


class _Below:
    def __init__(self, low: int, high: int) -> None:
        self.low, self.high = low, high

    def __contains__(self, value: Fraction) -> bool:
        return self.low < value < self.high or value == 0


def _less_than_one(name: str) -> _Below:
    return _Below(0, 1) if name == "percents_started" else _Below(-1, 0)


@pytest.mark.parametrize("family", sorted(set(FAMILIES) - ABSOLUTE))
@given(prices=PRICES, times=st.integers(2, 1000))
def test_scaling_all_prices_changes_points_in_no_rule_that_names_no_amount(
    family: str, prices: dict[str, int], times: int
) -> None:
    case = given_for(prices)
    free = Given(drawn=case.drawn, quality=case.quality, highest_quality=case.highest_quality)
    once = price_scores(rule(family), offers({b: str(p) for b, p in prices.items()}), free)
    more = price_scores(rule(family), offers({b: str(p * times) for b, p in prices.items()}), free)
    if once.better == "higher":
        assert once.values == more.values
    else:
        assert {b: rounded(v * times, 0) for b, v in once.evaluated.items()} == more.evaluated


@pytest.mark.parametrize("family", sorted(ABSOLUTE))
def test_scaling_all_prices_changes_points_where_a_rule_names_an_amount(family: str) -> None:
    prices = {"a": 780_000_000, "b": 810_000_000, "c": 830_000_000}
    case = Given(limit=Fraction(900_000_000), drawn=Fraction("0.05"))
    once = price_scores(rule(family), offers({b: str(p) for b, p in prices.items()}), case)
    less = price_scores(rule(family), offers({b: str(p // 2) for b, p in prices.items()}), case)
    assert once.values != less.values


@pytest.mark.parametrize("family", FAMILIES)
def test_equal_prices_have_equal_points_and_one_bid_is_scored_too(family: str) -> None:
    case = Given(LIMIT, Fraction("0.05"), dict.fromkeys("abcdef", Fraction("0.1")), Fraction("0.3"))
    found = price_scores(rule(family), offers(dict.fromkeys("abcdef", "5000")), case)
    assert len(set(found.values.values())) == 1
    alone = price_scores(rule(family), offers({"a": "5000"}), case)
    assert [*alone.values] == ["a"]


@pytest.mark.parametrize("family", FAMILIES)
def test_no_bid_gives_no_score(family: str) -> None:
    found = price_scores(rule(family), [], Given())
    assert found.values == {}
    assert found.sheet.together == []


@pytest.mark.parametrize("family", sorted(set(FAMILIES) - {"evaluated_price"}))
def test_of_a_price_of_nothing_no_part_can_be_taken(family: str) -> None:
    with pytest.raises(ScoringImpossible) as impossible:
        price_scores(rule(family), offers({"a": "0", "b": "100"}), given_for({"a": 0, "b": 1}))
    assert impossible.value.code == "price_zero"
    assert impossible.value.about == ("a",)


@pytest.mark.parametrize(
    ("code", "family", "case", "told"),
    [
        ("drawn_missing", "mean_base", Given(), [Offer(bid="a", price="5")]),
        ("base_zero", "mean_base", Given(drawn=Fraction(0)), [Offer(bid="a", price="5")]),
        ("base_zero", "limit_and_mean", Given(LIMIT, Fraction(1)), [Offer(bid="a", price="5")]),
        ("limit_missing", "limit_and_mean", Given(drawn=Fraction(0)), [Offer(bid="a", price="5")]),
        ("quality_missing", "coefficient", Given(), [Offer(bid="a", price="5")]),
        ("bid_twice", "lowest_price", Given(), [Offer(bid="a", price="5")] * 2),
        (
            "unknown_deduction",
            "lowest_price",
            Given(),
            [Offer(bid="a", price="5", deduction="small")],
        ),
    ],
)
def test_what_is_missing_is_named(code: str, family: str, case: Given, told: list[Offer]) -> None:
    with pytest.raises(ScoringImpossible) as impossible:
        price_scores(rule(family), told, case)
    assert impossible.value.code == code


SEGMENTS: Any = [{"points": "1", "to": "3"}, {"points": "2"}]


@pytest.mark.parametrize(
    ("changed", "prices", "points"),
    [
        # 4.5 % above the base of 1000: 3 x 1 + 1.5 x 2
        ({"above": SEGMENTS}, {"a": "1045"}, {"a": "24"}),
        ({"above": SEGMENTS, "counted": "started"}, {"a": "1045"}, {"a": "23"}),
        ({"above": SEGMENTS, "counted": "whole"}, {"a": "1045"}, {"a": "25"}),
        ({"above": SEGMENTS, "cap": "4"}, {"a": "1045", "b": "1030"}, {"a": "26", "b": "27"}),
        ({"above": [{"points": "10"}]}, {"a": "1400", "b": "1000"}, {"a": "0", "b": "30"}),
        ({"below": SEGMENTS}, {"a": "980", "b": "1000"}, {"a": "28", "b": "30"}),
    ],
)
def test_slopes_segments_steps_and_caps(
    changed: dict[str, Any], prices: dict[str, str], points: dict[str, str]
) -> None:
    deviation = {"above": [{"points": "1"}], "below": [{"points": "1"}], **changed}
    tried = rule("fixed_base", price={"base": "1000", "deviation": deviation})
    found = price_scores(tried, offers(prices), Given())
    assert found.values == {bid: Fraction(one) for bid, one in points.items()}


def test_a_straight_line_ends_at_both_limits() -> None:
    tried = rule("between_limits", price={"full_at": "700", "none_at": "900"})
    prices = {"a": "650", "b": "700", "c": "800", "d": "900", "e": "950"}
    found = price_scores(tried, offers(prices), Given())
    assert [*map(int, found.values.values())] == [30, 30, 15, 0, 0]


def test_prices_that_may_be_below_cost_are_named_and_stay_in() -> None:
    prices = {"a": "500", "b": "840", "c": "900", "d": "1000"}
    asked = rule("lowest_price", low_percent_of_limit="85")
    found = price_scores(asked, offers(prices), Given(limit=Fraction(1000)))
    assert found.low == ("a", "b")
    assert set(found.values) == set(prices)
    by_mean = rule("lowest_price", low_percent_of_mean="70")
    assert price_scores(by_mean, offers(prices), Given()).low == ("a",)
