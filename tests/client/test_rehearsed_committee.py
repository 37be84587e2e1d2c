"""What the experts of a rehearsal are planned to do: it can be played, and always goes the same."""

from fractions import Fraction

import pytest

from client.errors import Unusable
from client.rehearsal.judging import Fates, fates, marks_of, rule_for
from client.rehearsal.plan import Plan
from evaluation.committee import convene
from evaluation.events import Member
from evaluation.scoring.engine import is_too_low
from evaluation.scoring.exact import exact
from evaluation.scoring.marks import Marks, judge, scored_items
from evaluation.scoring.rule import ScoringRule
from evaluation.scoring.rule_checks import problems

TWO, ONE = Plan(experts=5, two_envelopes=True), Plan(experts=5)
SEATS = tuple(map(str, range(1, 10)))


@pytest.mark.parametrize(
    ("plan", "said"),
    [
        (Plan(experts=6), "an odd number of experts"),
        (Plan(experts=3), "an odd number of experts"),
        (Plan(experts=-1), "an odd number of experts"),
        (Plan(dissent=1), "experts that dissent"),
        (Plan(experts=5, dissent=5), "experts that dissent"),
        (Plan(experts=5, dissent=-1), "experts that dissent"),
        (Plan(experts=5, stand_aside=3), "no more can stand aside than: 2"),
        (Plan(experts=5, stand_aside=-1), "no more can stand aside"),
    ],
)
def test_a_committee_that_cannot_be_played_is_refused(plan: Plan, said: str) -> None:
    with pytest.raises(Unusable, match=said):
        plan.check()


@pytest.mark.parametrize("experts", [5, 7, 9, 11])
def test_a_planned_committee_is_one_the_rules_admit(experts: int) -> None:
    plan = Plan(experts=experts, dissent=experts - 1)
    plan.check()
    members = [
        Member(
            seat=str(number),
            place="评标室",
            account=f"expert-{number}",
            capacity="tenderer" if number > experts - plan.tenderers else "expert",
        )
        for number in range(1, experts + 1)
    ]
    assert convene("s1", members, [])
    assert len(plan.expert_numbers) == experts + 1
    assert not Plan().expert_numbers


@pytest.mark.parametrize("plan", [ONE, TWO])
def test_the_rule_can_be_applied_to_the_section_of_a_rehearsal(plan: Plan) -> None:
    assert not problems(rule_for(plan), has_limit=True, has_draw=True)


@pytest.mark.parametrize(
    ("plan", "bids", "found"),
    [
        (ONE, "a", Fates((), (), "a")),
        (ONE, "abc", Fates(("c",), (), "a")),
        (TWO, "a", Fates((), (), "a")),
        (TWO, "ab", Fates(("b",), (), "a")),
        (TWO, "abc", Fates(("c",), ("b",), "a")),
        (TWO, "abcde", Fates(("e",), ("d",), "a")),
    ],
)
def test_one_bid_is_left_in_whatever_fails(plan: Plan, bids: str, found: Fates) -> None:
    assert fates(plan, tuple(bids)) == found


def given(rule: ScoringRule, bidder: int, *, is_poor: bool) -> Marks:
    told = {seat: marks_of(rule, bidder, seat, is_poor=is_poor) for seat in SEATS}
    items = [item.item for _, item in scored_items(rule)]
    return {"a": {item: {seat: exact(told[seat][item]) for seat in SEATS} for item in items}}


@pytest.mark.parametrize("is_poor", [False, True])
def test_marks_are_within_their_ranges_and_only_poor_bids_are_too_low(*, is_poor: bool) -> None:
    rule = rule_for(TWO)
    for bidder in range(1, 40):
        judged = judge(rule, SEATS, given(rule, bidder, is_poor=is_poor))
        assert is_too_low(rule, judged, "a") == is_poor
        assert not judged.findings


def test_members_differ_and_say_the_same_each_time() -> None:
    rule = rule_for(ONE)
    first = given(rule, 1, is_poor=False)
    assert first == given(rule, 1, is_poor=False)
    marks = first["a"]["method"].values()
    assert len(set(marks)) > 1
    assert max(marks) - min(marks) <= Fraction(12 * 16, 100) + Fraction(1, 2)
