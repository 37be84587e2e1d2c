"""An evaluation through the tables and the rules of a whole project, from the rule to the report."""

import json
from fractions import Fraction
from typing import Any

import pytest

from crypto import canonical
from evaluation.commands import (
    CloseReview,
    ConveneCommittee,
    DrawUpReport,
    FinishReport,
    ReplaceMember,
    SetRule,
    SubmitMarks,
    TakeSeat,
    VoteChair,
)
from evaluation.report_facts import facts
from evaluation.scoring.library import LIBRARY
from evaluation.scoring.rule import ScoringRule
from opening.messages import Periods
from opening.minutes import DrawnUp
from project.commands import PublishNotice
from project.events import ProjectCreated
from project.notice import expected_notice
from project.phases import Phase, phase
from record.errors import Refused
from record.rules import fold
from tests.opening.bidding import package
from tests.opening.world import DEADLINE, PROJECT, SECOND, SECTION, SERVICE
from tests.project.sitting import RULE, Sitting, sheet_rows
from tests.project.whole import RULES, Whole

TECHNICAL = RULE.model_copy(update={"technical_minimum": "46"})


def opened(bidders: int = 3, rule: ScoringRule | None = RULE) -> Whole:
    """Return a project of one envelope whose bids are opened and read out."""
    world = Whole(bidders=bidders, rule=rule).open_up()
    for bidder in world.bidder:
        world.bid(bidder)
    world.now = DEADLINE
    world.serve()
    world.session()
    return world


def one_unreadable() -> Sitting:
    """Return a committee that is to come, and one bid whose form nobody can read."""
    world = Whole(rule=RULE).open_up()
    world.bid(1, content=package(b"no form", {"a.pdf": b"%PDF"}))
    world.bid(2)
    world.bid(3)
    world.now = DEADLINE
    world.serve()
    world.session()
    return Sitting(world)


def told(sitting: Sitting) -> dict[str, Any]:
    found: dict[str, Any] = json.loads(facts(sitting.world.state, sitting.found, sitting.rule))
    return found


def refused(code: str) -> Any:
    return pytest.raises(Refused, match=code.replace(".", r"\."))


def test_a_section_goes_from_its_opened_bids_to_a_signed_report() -> None:
    sitting = Sitting(opened(), tenderers=1).quorate()
    sitting.reviewed({sitting.bids[0]: "unqualified"}).marked()
    sitting.draw_up()
    sitting.signed(dissenting=2)
    report = sitting.found.report
    assert report.is_finished
    assert report.signed["2"].opinion == "dissents"
    assert phase(sitting.world.state, SECTION) is Phase.OPENED1
    found = told(sitting)
    assert [one["bid"] for one in found["outcome"]["places"]] == list(sitting.bids[1:])
    assert found["review"][0]["rejected"] == {"ground": "unqualified", "items": ["licence"]}
    assert [one["bid"] for one in found["marks"]] == list(sitting.bids[1:])
    assert fold(RULES, PROJECT, sitting.world.record) == sitting.world.whole


def test_every_total_of_the_report_is_the_sum_of_what_stands_in_it() -> None:
    sitting = Sitting(opened()).quorate().reviewed().marked()
    found = told(sitting)
    lowest = min(Fraction(one["price"]) for one in found["outcome"]["places"])
    for place in found["outcome"]["places"]:
        (marks,) = [one["items"] for one in found["marks"] if one["bid"] == place["bid"]]
        total = sum(Fraction(one["mark"]) for item in marks for one in item["marks"])
        technical = Fraction(place["parts"]["technical"])
        assert abs(technical - Fraction(total) / 5) <= Fraction(1, 200)
        points = 50 * lowest / Fraction(place["price"])
        assert abs(Fraction(place["value"]) - points) <= Fraction(1, 200)
        assert Fraction(place["total"]) == technical + Fraction(place["value"])


def two_envelopes(rule: ScoringRule = TECHNICAL) -> Sitting:
    """Return a committee of a project whose first envelopes are opened."""
    world = Whole(envelopes=2, rule=rule).open_up().half_opened()
    return Sitting(world).quorate()


def test_a_second_envelope_is_opened_for_those_the_committee_let_through() -> None:
    sitting = two_envelopes()
    first, *others = sitting.bids
    sitting.reviewed({first: "unqualified"})
    with refused("evaluation.not_locked"):
        sitting.decide_stage(())
    sitting.marked()
    organisations = [sitting.world.state.bids[bid].organisation for bid in others]
    with refused("evaluation.not_the_outcome"):
        sitting.decide_stage((organisations[0],))
    with refused("project.wrong_phase"):
        sitting.draw_up()
    sitting.decide_stage(tuple(organisations))
    sitting.world.serve()
    sitting.world.session(SECOND)
    sitting.check_prices()
    sitting.draw_up()
    sitting.signed()
    assert [one["bid"] for one in told(sitting)["outcome"]["places"]] == others


def test_too_few_technical_points_keep_a_second_envelope_sealed() -> None:
    sitting = two_envelopes(RULE.model_copy(update={"technical_minimum": "48"}))
    sitting.reviewed()
    low = sitting.bids[0]
    for seat in sitting.people:
        marks = {bid: sitting.marks(4, sitting.bids[0]) for bid in sitting.bids}
        marks[low] = {"plan": "1", "safety": "1"}
        rows = tuple(sheet_rows(bid, of) for bid, of in marks.items())
        sitting.submit(seat, marks=rows)
    state = sitting.world.state
    sitting.decide_stage(tuple(state.bids[bid].organisation for bid in sitting.bids if bid != low))
    sitting.world.serve()
    sitting.world.session(SECOND)
    sitting.check_prices()
    found = told(sitting)
    assert found["unpriced"] == [{"bid": low, "why": "too_low"}]
    assert low not in {one["bid"] for one in found["outcome"]["places"]}


def test_a_bid_whose_price_nobody_can_read_is_named_and_not_ranked() -> None:
    sitting = one_unreadable().quorate().reviewed().marked()
    found = told(sitting)
    assert found["unpriced"] == [{"bid": sitting.bids[0], "why": "unreadable"}]
    assert len(found["outcome"]["places"]) == 2


def test_a_section_of_which_every_bid_is_rejected_has_a_report_without_candidates() -> None:
    sitting = Sitting(opened()).quorate()
    sitting.reviewed(dict.fromkeys(sitting.bids, "unresponsive")).marked()
    assert told(sitting)["outcome"]["places"] == []
    sitting.draw_up()
    sitting.signed()


def test_a_member_replaced_after_the_lock_reviews_and_marks_again_and_nobody_else_does() -> None:
    sitting = Sitting(opened()).quorate().reviewed().marked()
    sitting.draw_up()
    sitting.stand_aside(2)
    assert not sitting.found.marking.is_locked
    assert not sitting.found.report.facts
    sitting.replace(2)
    sitting.sit(2)
    with refused("marks.too_early"):
        sitting.submit(2)
    for bid in sitting.bids:
        sitting.review(2, bid)
    sitting.act(sitting.chair, CloseReview, rejected={})
    assert len(sitting.found.marking.sheets) == 4
    with refused("prices.unchecked"):
        sitting.submit(2)
    sitting.check_prices()
    sitting.submit(2)
    assert sitting.found.marking.is_locked
    sitting.draw_up()
    sitting.signed()
    assert told(sitting)["gone"][0]["account"] == "expert-2"


def test_sheets_of_other_bids_than_the_new_review_leaves_in_are_void() -> None:
    sitting = Sitting(opened()).quorate().reviewed().marked()
    sitting.stand_aside(2)
    sitting.replace(2)
    sitting.sit(2)
    first, *others = sitting.bids
    sitting.review(2, first, ("licence",))
    for bid in others:
        sitting.review(2, bid)
    sitting.vote(first, "licence", passing=2)
    sitting.act(sitting.chair, CloseReview, rejected={first: "unqualified"})
    assert not sitting.found.marking.sheets
    sitting.marked()
    assert sitting.found.marking.is_locked


def test_a_chair_that_leaves_is_followed_by_one_that_is_elected() -> None:
    sitting = Sitting(opened()).quorate()
    sitting.stand_aside(5)
    sitting.replace(5)
    sitting.sit(5)
    sitting.elect(4)
    assert sitting.chair == 4


def test_the_notice_carries_the_hash_of_the_rule() -> None:
    world = opened()
    assert world.whole.notice is not None
    (section,) = world.whole.notice.notice.sections
    assert section.scoring is not None
    assert opened(rule=None).whole.notice is not None


def test_a_rule_that_does_not_fit_the_section_is_refused_with_all_that_is_wrong() -> None:
    world = Whole().open_up()
    rule = LIBRARY["limit_and_mean"].model_copy(update={"full": "90"})
    fresh = Whole()
    fresh.bind()
    fresh.terms(limit=None, draw=("甲", "乙"))
    with pytest.raises(Refused) as raised:
        fresh.do(fresh.clerk.actor, SetRule(section=SECTION, rule=rule))
    assert raised.value.code == "evaluation.rule_wrong"
    problems = raised.value.facts["problems"]
    assert isinstance(problems, list)
    assert len(problems) >= 3
    with refused("project.wrong_phase"):
        world.do(world.clerk.actor, SetRule(section=SECTION, rule=RULE))


def test_a_rule_that_later_terms_no_longer_fit_stops_the_notice() -> None:
    world = Whole(rule=LIBRARY["limit_and_mean"])
    world.bind()
    world.happened(_created())
    periods = Periods(tender=0)
    world.terms(draw=("0.02", "0.03"), periods=periods)
    world.set_rule()
    world.terms(draw=("0.02", "0.03"), periods=periods, limit=None)
    world.ceremony(1)
    notice = world.clerk.sign(expected_notice(world.whole, "r"))
    with refused("evaluation.rule_wrong"):
        world.do(world.clerk.actor, PublishNotice(message=notice))


def _created() -> ProjectCreated:
    return ProjectCreated(number="1", title="A road", tenderer="T", currency="CNY")


def test_what_comes_too_early_or_twice_is_refused() -> None:
    sitting = Sitting(opened()).bind()
    with refused("evaluation.not_convened"):
        sitting.act(1, VoteChair, choice="1")
    sitting.convene()
    with refused("evaluation.convened"):
        sitting.convene()
    with refused("report.marks_open"):
        sitting.world.do(SERVICE, DrawUpReport(section=SECTION))
    without = Sitting(opened(rule=None)).bind()
    with refused("evaluation.no_rule"):
        without.convene()


def test_only_an_expert_of_the_project_sits_on_its_committee() -> None:
    sitting = Sitting(opened()).bind()
    stranger = sitting.member(5).model_copy(update={"account": "bidder-1"})
    members = (*(sitting.member(seat) for seat in range(1, 5)), stranger)
    with refused("evaluation.not_an_expert"):
        sitting.world.do(
            sitting.world.clerk.actor, ConveneCommittee(section=SECTION, members=members)
        )


def test_a_commitment_is_signed_for_the_own_seat_and_to_the_text_that_is_shown() -> None:
    sitting = Sitting(opened()).bind().convene()
    for code, changes in (
        ("evaluation.other_seat", {"seat": "2"}),
        ("evaluation.other_promise", {"text": "0" * 64}),
        ("evaluation.wrong_project", {"project": "1" * 32}),
    ):
        message = sitting.people[1].sign(sitting.commitment(1, **changes))
        with refused(code):
            sitting.act(1, TakeSeat, message=message)
    with refused("message.not_signer"):
        sitting.act(1, TakeSeat, message=sitting.people[2].sign(sitting.commitment(1)))


def test_a_report_is_recorded_from_the_facts_of_this_moment_alone() -> None:
    sitting = Sitting(opened()).quorate().reviewed().marked()
    due = DrawUpReport(section=SECTION)
    with refused("report.not_rendered"):
        sitting.world.do(SERVICE, due)
    with refused("report.facts_changed"):
        sitting.world.do(SERVICE, due, checked=DrawnUp("0" * 64, "1" * 64, 1))
    sitting.draw_up()
    with refused("report.drawn_up"):
        sitting.draw_up()


def test_a_report_is_signed_by_members_once_and_finished_by_the_chair() -> None:
    sitting = Sitting(opened()).quorate().reviewed().marked()
    with refused("report.not_drawn_up"):
        sitting.act(sitting.chair, FinishReport)
    with refused("report.not_drawn_up"):
        sitting.sign(1, facts="0" * 64, pdf="0" * 64)
    sitting.draw_up()
    with refused("report.chair_unsigned"):
        sitting.act(sitting.chair, FinishReport)
    with refused("report.other_report"):
        sitting.sign(1, facts="0" * 64)
    with refused("report.other_seat"):
        sitting.sign(1, seat="2")
    with refused("report.reasons"):
        sitting.sign(1, opinion="dissents")
    sitting.sign(1)
    with refused("report.signed"):
        sitting.sign(1)
    sitting.sign(sitting.chair)
    with refused("review.not_chair"):
        sitting.act(1, FinishReport)
    sitting.act(sitting.chair, FinishReport)
    with refused("report.finished"):
        sitting.act(sitting.chair, FinishReport)
    with refused("report.finished"):
        sitting.sign(2)
    with refused("report.finished"):
        sitting.stand_aside(2)
    with refused("report.finished"):
        sitting.world.do(
            sitting.world.clerk.actor,
            ReplaceMember(section=SECTION, member=sitting.member(2), reason="r"),
        )


def test_nobody_signs_for_another_whatever_seat_the_sheet_names() -> None:
    sitting = Sitting(opened()).quorate().reviewed().priced()
    by_another = sitting.people[2].sign(sitting.sheet(1))
    with refused("message.not_signer"):
        sitting.act(1, SubmitMarks, message=by_another)
    with refused("marks.other_seat"):
        sitting.submit(1, seat="2")


def test_the_facts_have_the_marks_in_the_rules_order_whoever_signed_first_and_how() -> None:
    sitting = Sitting(opened()).quorate().reviewed().priced()
    rows = sitting.sheet(1).marks
    turned = tuple(one.model_copy(update={"items": one.items[::-1]}) for one in rows[::-1])
    sitting.submit(1, marks=turned)
    for seat in (2, 3, 4, 5):
        sitting.submit(seat)
    found = told(sitting)["marks"]
    assert [one["bid"] for one in found] == list(sitting.bids)
    assert {tuple(item["item"] for item in one["items"]) for one in found} == {("plan", "safety")}


def test_the_facts_are_the_canonical_form_of_themselves() -> None:
    sitting = Sitting(opened()).quorate().reviewed().marked()
    made = facts(sitting.world.state, sitting.found, sitting.rule)
    assert canonical.dumps(canonical.loads(made, limit=1 << 20)) == made
