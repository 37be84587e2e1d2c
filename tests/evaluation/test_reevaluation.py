"""The committee that signed marks again what is named, before the award, and nothing else."""

import json
from typing import Any

import pytest

from evaluation.commands import (
    ObjectToResult,
)
from evaluation.marking import signed_marks
from evaluation.reevaluation import MOST, MOST_CELLS
from evaluation.report_facts import facts
from evaluation.scoring.rule import ScoringRule
from project.commands import AcknowledgeNotice, RaiseNotice, TerminateSection
from project.phases import Phase, phase
from record.errors import Refused
from record.rules import fold
from tests.evaluation.test_story import opened, two_envelopes
from tests.opening.world import PROJECT, SECOND, SECTION
from tests.project.publishing import (
    PERIOD,
    answer,
    award,
    object_to,
    over,
    publish,
    published,
    said,
)
from tests.project.remarking import (
    REASON,
    WHY,
    again,
    drop,
    order,
    plan_of,
    remark,
    remarked,
    reported_again,
)
from tests.project.sitting import BLIND, RULE, Sitting
from tests.project.whole import RULES


def refused(code: str) -> Any:
    return pytest.raises(Refused, match=code.replace(".", r"\."))


def reported(rule: ScoringRule = RULE, bidders: int = 4) -> Sitting:
    """Return a committee whose report stands."""
    sitting = Sitting(opened(bidders, rule)).quorate().reviewed().marked()
    sitting.draw_up()
    return sitting.signed()


def told(sitting: Sitting) -> dict[str, Any]:
    found: dict[str, Any] = json.loads(facts(sitting.world.state, sitting.found, sitting.rule))
    return found


def test_marks_are_given_again_reported_published_anew_and_awarded() -> None:
    sitting = reported()
    publish(sitting)
    objection = object_to(sitting, 1)
    former = sitting.found.report
    first, _ = plan_of(sitting)
    before = signed_marks(sitting.found.marking)
    order(sitting, objection=objection)
    assert sitting.found.publication is None
    assert again(sitting).report == former
    remarked(sitting, {first: "1.5"}, seat=2)
    after = signed_marks(sitting.found.marking)
    assert after[first[0]]["plan"]["2"] == "1.5"
    after[first[0]]["plan"]["2"] = before[first[0]]["plan"]["2"]  # type: ignore[index]
    assert after == before
    reported_again(sitting)
    assert sitting.found.report.facts != former.facts
    publish(sitting)
    over(sitting)
    with refused("publication.unanswered"):
        award(sitting)
    answer(sitting, objection)
    award(sitting)
    assert phase(sitting.world.state, SECTION) is Phase.AWARDED
    assert fold(RULES, PROJECT, sitting.world.record) == sitting.world.whole


def test_the_report_names_what_was_marked_again_and_what_changed() -> None:
    sitting = reported()
    publish(sitting)
    assert "reevaluations" not in told(sitting)
    former, first = sitting.found.report.facts, plan_of(sitting)[0]
    old = signed_marks(sitting.found.marking)[first[0]]["plan"]["2"]
    order(sitting)
    at = sitting.world.record[-1][1].at
    remarked(sitting, {first: "1.5"}, seat=2)
    (row,) = told(sitting)["reevaluations"]
    assert row == {
        "reevaluation": again(sitting).reevaluation,
        "ground": "extreme",
        "reason": REASON,
        "at": at,
        "cells": [{"bid": bid, "item": item} for bid, item in plan_of(sitting)],
        "former": former,
        "published": True,
        "changes": [
            {
                "bid": first[0],
                "item": "plan",
                "seat": "2",
                "before": old,
                "after": "1.5",
                "reason": WHY,
            }
        ],
    }
    (marks,) = [one["items"] for one in told(sitting)["marks"] if one["bid"] == first[0]]
    assert {"seat": "2", "mark": "1.5"} in marks[0]["marks"]


def test_a_re_evaluation_that_changes_nothing_is_told_too() -> None:
    sitting = reported()
    places = told(sitting)["outcome"]
    order(sitting)
    remarked(sitting)
    assert told(sitting)["reevaluations"][0]["changes"] == []
    assert told(sitting)["outcome"] == places
    reported_again(sitting)
    publish(sitting)


def test_it_is_ordered_once_the_report_stands_and_before_the_award() -> None:
    sitting = Sitting(opened(4)).quorate().reviewed().marked()
    with refused("reevaluation.no_report"):
        order(sitting)
    sitting.draw_up()
    with refused("reevaluation.no_report"):
        order(sitting)
    sitting.signed()
    publish(sitting)
    sitting.suspend()
    with refused("project.wrong_phase"):
        order(sitting)
    sitting.resume()
    over(sitting)
    award(sitting)
    with refused("project.wrong_phase"):
        order(sitting)


def test_nobody_is_convened_nothing_is_marked_again() -> None:
    world = opened(4)
    sitting = Sitting(world).bind()
    with refused("evaluation.not_convened"):
        order(sitting, (("0" * 32, "plan"),))


def test_a_notice_of_the_supervisor_holds_the_order_up() -> None:
    sitting = reported()
    world = sitting.world
    world.do(world.supervisor.actor, RaiseNotice(section=SECTION, text="请说明"))
    with refused("project.notice_unacknowledged"):
        order(sitting)
    name = list(world.whole.notices)[-1]
    world.do(world.clerk.actor, AcknowledgeNotice(notice=name, reply="已说明"))
    order(sitting)


def test_one_at_a_time_and_a_few_in_all() -> None:
    sitting = reported()
    for _ in range(MOST):
        order(sitting)
        with refused("reevaluation.open"):
            order(sitting)
        drop(sitting)
    with refused("reevaluation.too_many"):
        order(sitting)


def test_what_is_named_was_marked_and_is_named_once() -> None:
    sitting = reported()
    first, _ = plan_of(sitting)
    for cells in (
        (("0" * 32, "plan"),),
        ((first[0], "licence"),),
        ((first[0], "price"),),
    ):
        with refused("reevaluation.not_marked"):
            order(sitting, cells)
    with refused("reevaluation.twice"):
        order(sitting, (first, first))
    with refused("reevaluation.too_many_cells"):
        order(sitting, [first] * (MOST_CELLS + 1))
    with refused("reevaluation.no_such_objection"):
        order(sitting, objection="0" * 32)
    order(sitting)


def test_a_bid_that_is_out_is_not_marked_again() -> None:
    sitting = Sitting(opened(4)).quorate()
    out = sitting.bids[0]
    sitting.reviewed({out: "unqualified"}).marked()
    sitting.draw_up()
    sitting.signed()
    with refused("reevaluation.not_marked"):
        order(sitting, ((out, "plan"),))


def test_what_was_marked_blind_can_never_be_marked_blind_again() -> None:
    sitting = reported(BLIND)
    first, second = plan_of(sitting)
    with refused("reevaluation.blind"):
        order(sitting, (first,))
    order(sitting, (second,))
    remarked(sitting, {second: "3"})
    assert signed_marks(sitting.found.marking)[second[0]]["safety"]["1"] == "3"
    reported_again(sitting)


def test_where_competition_was_lacking_there_is_nothing_to_mark_again() -> None:
    sitting = Sitting(opened(3)).quorate()
    sitting.reviewed({sitting.bids[0]: "unqualified"})
    sitting.judge_competition(lacking=5)
    sitting.draw_up()
    sitting.signed()
    with refused("reevaluation.nothing_marked"):
        order(sitting)


def test_while_it_is_open_nothing_is_published_objected_to_or_awarded() -> None:
    sitting = reported()
    publish(sitting)
    over(sitting)
    order(sitting)
    with refused("reevaluation.open"):
        publish(sitting)
    with refused("reevaluation.open"):
        object_to_withdrawn(sitting)
    with refused("reevaluation.open"):
        award(sitting, sitting.bids[0])
    remarked(sitting)
    reported_again(sitting)
    with refused("publication.none"):
        award(sitting, sitting.bids[0])
    with refused("publication.none"):
        object_to_withdrawn(sitting)


def object_to_withdrawn(sitting: Sitting) -> None:
    bidder = sitting.world.bidder[1].actor
    sitting.world.do(bidder, ObjectToResult(section=SECTION, text="评分有误。"))


def test_a_suspension_within_it_is_part_of_the_time_that_is_given_back() -> None:
    sitting = reported()
    publish(sitting)
    until, asked = published(sitting).until, sitting.world.now
    order(sitting)
    since = again(sitting).at
    sitting.suspend()
    with refused("project.wrong_phase"):
        remark(sitting, 1)
    sitting.world.now += PERIOD
    sitting.resume()
    drop(sitting)
    lost = sitting.world.record[-1][1].at - since
    assert lost >= PERIOD
    assert published(sitting).until == until + lost > asked + 2 * PERIOD


def test_giving_it_up_lets_report_and_publication_stand_again() -> None:
    sitting = reported()
    publish(sitting)
    objection = object_to(sitting, 1)
    report, result = sitting.found.report, published(sitting).result
    marks = signed_marks(sitting.found.marking)
    order(sitting)
    answer(sitting, objection)
    remarked(sitting, {plan_of(sitting)[0]: "1.5"})
    sitting.draw_up()
    sitting.sign(1)
    drop(sitting)
    assert sitting.found.report == report
    assert signed_marks(sitting.found.marking) == marks
    assert published(sitting).result == result
    assert published(sitting).objections[objection].answer is not None
    assert again(sitting).publication is None
    with refused("reevaluation.none"):
        drop(sitting)
    over(sitting)
    award(sitting)
    assert fold(RULES, PROJECT, sitting.world.record) == sitting.world.whole


def test_a_publication_that_was_over_is_not_longer_for_a_re_evaluation_given_up() -> None:
    sitting = reported()
    publish(sitting)
    over(sitting)
    until = published(sitting).until
    order(sitting)
    sitting.world.now += PERIOD
    drop(sitting)
    assert published(sitting).until == until
    award(sitting)


def test_one_given_up_is_told_by_the_report_of_the_next() -> None:
    sitting = reported()
    order(sitting)
    drop(sitting, "成员住院。")
    order(sitting, ground="criteria")
    remarked(sitting)
    first, second = told(sitting)["reevaluations"]
    assert first["dropped"] == "成员住院。"
    assert "changes" not in first
    assert second["ground"] == "criteria"
    reported_again(sitting)
    publish(sitting)
    assert published(sitting).result.facts == sitting.found.report.facts


def test_what_is_published_anew_names_what_it_follows_and_replaces() -> None:
    sitting = reported()
    assert (said(sitting).reevaluation, said(sitting).replaces) == (None, None)
    publish(sitting)
    former = sitting.found.report.facts
    order(sitting)
    remarked(sitting)
    reported_again(sitting)
    right = said(sitting)
    assert (right.reevaluation, right.replaces) == (again(sitting).reevaluation, former)
    for wrong in (
        {"reevaluation": None},
        {"replaces": None},
        {"reevaluation": "0" * 32},
        {"replaces": right.facts},
    ):
        with refused("publication.follows"):
            publish(sitting, **wrong)
    with refused("publication.period"):
        publish(sitting, until=sitting.world.now + PERIOD - 1)
    publish(sitting)


def test_a_result_that_was_never_published_is_not_replaced() -> None:
    sitting = reported()
    order(sitting)
    remarked(sitting)
    reported_again(sitting)
    assert (said(sitting).reevaluation, said(sitting).replaces) == (
        again(sitting).reevaluation,
        None,
    )
    publish(sitting)


def test_marks_given_again_twice_are_told_from_those_before() -> None:
    sitting = reported()
    first, _ = plan_of(sitting)
    old = signed_marks(sitting.found.marking)[first[0]]["plan"]["1"]
    for mark in ("1.5", "2"):
        order(sitting)
        remarked(sitting, {first: mark})
        reported_again(sitting)
    rows = [row["changes"] for row in told(sitting)["reevaluations"]]
    assert [(one["before"], one["after"]) for (one,) in rows] == [(old, "1.5"), ("1.5", "2")]
    reports = [row["former"] for row in told(sitting)["reevaluations"]]
    assert len({*reports, sitting.found.report.facts}) == 3


def test_a_section_ended_while_it_is_open_still_owes_its_answers() -> None:
    sitting = reported()
    publish(sitting)
    name = object_to(sitting, 1)
    order(sitting)
    end = TerminateSection(section=SECTION, reason="重新招标")
    sitting.world.do(sitting.world.clerk.actor, end)
    with refused("project.wrong_phase"):
        remark(sitting, 1)
    answer(sitting, name)
    with refused("publication.answered"):
        answer(sitting, name)


def test_of_two_envelopes_whoever_was_let_through_stays_so() -> None:
    sitting = two_envelopes(RULE.model_copy(update={"technical_minimum": "20"}))
    sitting.reviewed().marked()
    sitting.decide_stage(tuple(sitting.world.state.bids[bid].organisation for bid in sitting.bids))
    sitting.world.serve()
    sitting.world.session(SECOND)
    sitting.check_prices()
    sitting.draw_up()
    sitting.signed()
    bid = sitting.bids[0]
    order(sitting, ((bid, "plan"), (bid, "safety")))
    for seat in sitting.people:
        remark(sitting, seat, {(bid, "plan"): "0", (bid, "safety"): "0"})
    reported_again(sitting)
    assert told(sitting)["unpriced"] == [{"bid": bid, "why": "too_low"}]
    publish(sitting)
