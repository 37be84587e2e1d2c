"""The order of the bids, and what decides between equals."""

import itertools
from fractions import Fraction
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from evaluation.scoring.engine import Case, Outcome, score
from evaluation.scoring.price import ScoringImpossible
from evaluation.scoring.ranking import Known
from evaluation.scoring.rule import ScoringRule
from tests.evaluation.scoring.rules import offers, points, rule

STAGES = [{"part": "technical", "title": "技术", "items": [points("t1", "70")]}]
MEMBERS = ("m1", "m2", "m3")


def case(prices: dict[str, str], marks: dict[str, int], **more: Any) -> Case:
    told = {bid: {"t1": dict.fromkeys(MEMBERS, Fraction(mark))} for bid, mark in marks.items()}
    return Case(offers(prices), MEMBERS, told, **more)


def places(outcome: Outcome) -> list[tuple[str, int, str | None]]:
    return [(one.bid, one.rank, one.decided_by) for one in outcome.ranking.places]


def scored(*ties: str, **changed: Any) -> ScoringRule:
    return rule("lowest_price", stages=STAGES, ties=ties, **changed)


def test_points_add_up_and_the_most_is_first() -> None:
    outcome = score(
        scored(), case({"a": "100", "b": "120", "c": "150"}, {"a": 50, "b": 60, "c": 40})
    )
    assert places(outcome) == [("b", 1, None), ("a", 2, None), ("c", 3, None)]
    assert [str(float(one.total)) for one in outcome.ranking.places] == ["85.0", "80.0", "60.0"]


# a: 30 + 50, b: 25 + 55, c: 20 + 60: all have 80
EQUAL = ({"a": "100", "b": "120", "c": "150"}, {"a": 50, "b": 55, "c": 60})


@pytest.mark.parametrize(
    ("ties", "order"),
    [
        (("price",), [("a", 1, None), ("b", 2, "price"), ("c", 3, "price")]),
        (("technical",), [("c", 1, None), ("b", 2, "technical"), ("a", 3, "technical")]),
        (("earlier",), [("b", 1, None), ("c", 2, "earlier"), ("a", 3, "earlier")]),
        (("drawn",), [("c", 1, None), ("a", 2, "drawn"), ("b", 3, "drawn")]),
        ((), [("a", 1, None), ("b", 1, None), ("c", 1, None)]),
        (("commercial",), [("a", 1, None), ("b", 1, None), ("c", 1, None)]),
    ],
)
def test_equals_are_decided_by_the_chain(ties: tuple[str, ...], order: list[Any]) -> None:
    known = Known({"b": 1, "c": 2, "a": 3}, {"c": 1, "a": 2, "b": 3})
    assert places(score(scored(*ties), case(*EQUAL, known=known))) == order


def test_the_next_in_the_chain_decides_what_one_leaves_equal() -> None:
    prices = {"a": "100", "b": "100", "c": "150"}
    marks = {"a": 50, "b": 50, "c": 60}
    known = Known({"b": 1, "a": 2, "c": 3})
    outcome = score(scored("price", "earlier"), case(prices, marks, known=known))
    assert places(outcome) == [("b", 1, None), ("a", 2, "earlier"), ("c", 3, "price")]


def test_lots_that_were_not_drawn_are_asked_for_and_meanwhile_equals_stand_side_by_side() -> None:
    prices, marks = dict.fromkeys("abc", "100"), {"a": 50, "b": 50, "c": 40}
    outcome = score(scored("price", "technical", "drawn"), case(prices, marks))
    assert outcome.ranking.to_draw == [["a", "b"]]
    assert places(outcome) == [("a", 1, None), ("b", 1, None), ("c", 3, None)]
    drawn = Known(drawn={"b": 1, "a": 2})
    outcome = score(scored("price", "technical", "drawn"), case(prices, marks, known=drawn))
    assert outcome.ranking.to_draw == []
    assert places(outcome)[:2] == [("b", 1, None), ("a", 2, "drawn")]


@pytest.mark.parametrize(("candidates", "named"), [(1, "b"), (2, "ba"), (3, "bac")])
def test_as_many_candidates_are_named_as_the_rule_says(candidates: int, named: str) -> None:
    prices = dict.fromkeys("abcd", "100")
    outcome = score(
        scored(candidates=candidates), case(prices, {"a": 50, "b": 60, "c": 40, "d": 30})
    )
    assert [one.bid for one in outcome.ranking.places if one.is_candidate] == [*named]


def test_a_bid_below_the_technical_minimum_is_neither_priced_nor_ranked() -> None:
    prices = {"a": "100", "b": "50", "c": "120"}
    outcome = score(scored(technical_minimum="42"), case(prices, {"a": 50, "b": 41, "c": 42}))
    assert outcome.too_low == ("b",)
    assert set(outcome.priced.values) == {"a", "c"}
    # the lowest price that counts is a's, not b's
    assert outcome.priced.values["a"] == 30
    assert [one.bid for one in outcome.ranking.places] == ["a", "c"]


def test_quality_and_cost_are_weighed() -> None:
    stages = [{"part": "technical", "title": "技术", "items": [points("t1", "100")]}]
    outcome = score(
        rule("quality_and_cost", stages=stages),
        case({"a": "100", "b": "200"}, {"a": 70, "b": 95}),
    )
    totals = {one.bid: one.total for one in outcome.ranking.places}
    assert totals == {"b": Fraction("86"), "a": Fraction("76")}


def test_where_prices_rank_the_lowest_is_first() -> None:
    outcome = score(rule("evaluated_price"), Case(offers({"a": "300", "b": "200", "c": "250"})))
    assert [one.bid for one in outcome.ranking.places] == ["b", "c", "a"]
    stages = [{"part": "technical", "title": "技术", "items": [points("t1", "0.3", step="0.01")]}]
    marks = {
        "a": {"t1": dict.fromkeys(MEMBERS, Fraction("0.2"))},
        "b": {"t1": dict.fromkeys(MEMBERS, Fraction(0))},
    }
    told = Case(offers({"a": "49900", "b": "45000"}), MEMBERS, marks)
    outcome = score(rule("coefficient", stages=stages), told)
    assert [(one.bid, one.total) for one in outcome.ranking.places] == [
        ("a", Fraction("38811.11")),
        ("b", Fraction(45000)),
    ]


@pytest.mark.parametrize("count", [0, 1])
def test_one_bid_and_none_are_ranked_too(count: int) -> None:
    prices = dict.fromkeys("a" * count, "100")
    outcome = score(scored(), case(prices, dict.fromkeys(prices, 50)))
    assert len(outcome.ranking.places) == count


def test_a_bid_without_marks_is_not_scored() -> None:
    with pytest.raises(ScoringImpossible) as impossible:
        score(scored(), case({"a": "100", "b": "100"}, {"a": 50}))
    assert impossible.value.code == "mark_missing"


@given(
    st.dictionaries(
        st.sampled_from("abcdefgh"), st.tuples(st.integers(1, 5), st.integers(0, 3)), min_size=1
    ),
    st.permutations(["price", "technical", "earlier", "drawn"]),
)
def test_every_bid_has_one_place_and_nobody_below_has_more(
    told: dict[str, tuple[int, int]], ties: list[str]
) -> None:
    prices = {bid: str(price * 100) for bid, (price, _) in told.items()}
    marks = {bid: mark for bid, (_, mark) in told.items()}
    outcome = score(scored(*ties), case(prices, marks))
    found = outcome.ranking.places
    assert sorted(one.bid for one in found) == sorted(told)
    for first, then in itertools.pairwise(found):
        assert first.total >= then.total
        assert first.rank <= then.rank
        assert (first.total == then.total) or then.decided_by is None
    reversed_ = case(dict(reversed(prices.items())), dict(reversed(marks.items())))
    assert score(scored(*ties), reversed_).ranking == outcome.ranking
