"""A result is published as the report has it, can be objected to, and is awarded after that."""

import json
from typing import Any

import pytest

from evaluation.commands import AnswerResultObjection, AwardSection, ObjectToResult
from evaluation.publication import LONGEST, MOST
from evaluation.report_facts import facts
from opening.commands import EraseKey
from project.commands import (
    AcknowledgeNotice,
    RaiseNotice,
    SuspendSection,
    TerminateSection,
)
from project.phases import SECTION_PHASES, Phase, phase
from record.errors import Refused
from record.rules import fold
from tests.evaluation.test_story import opened, two_envelopes
from tests.opening.world import DEADLINE, PROJECT, SECOND, SECTION
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
from tests.project.sitting import RULE, Sitting
from tests.project.whole import RULES, Whole


def refused(code: str) -> Any:
    return pytest.raises(Refused, match=code.replace(".", r"\."))


def reported(bidders: int = 4, candidates: int = 2) -> Sitting:
    """Return a committee whose report stands."""
    rule = RULE.model_copy(update={"candidates": candidates})
    sitting = Sitting(opened(bidders, rule)).quorate().reviewed().marked()
    sitting.draw_up()
    return sitting.signed()


def test_a_result_is_published_objected_to_answered_and_awarded() -> None:
    sitting = reported()
    publish(sitting)
    objection = object_to(sitting, 1)
    answer(sitting, objection)
    over(sitting)
    award(sitting)
    found = published(sitting)
    assert found.awarded == found.result.candidates[0].bid
    assert found.objections[objection].answer == "经核实, 业绩属实。"
    assert phase(sitting.world.state, SECTION) is Phase.AWARDED
    assert fold(RULES, PROJECT, sitting.world.record) == sitting.world.whole


def test_what_is_published_is_what_the_facts_of_the_report_say() -> None:
    sitting = reported()
    publish(sitting)
    told = json.loads(facts(sitting.world.state, sitting.found, sitting.rule))
    wanted = [one for one in told["outcome"]["places"] if one["candidate"]]
    rows = published(sitting).result.candidates
    assert len(rows) == len(wanted) == 2
    for row, place in zip(rows, wanted, strict=True):
        assert (row.place, row.bid) == (place["rank"], place["bid"])
        assert (row.price, row.total) == (place["price"], place["total"])
    assert published(sitting).result.facts == sitting.found.report.facts


def test_nothing_is_published_before_the_report_stands() -> None:
    sitting = Sitting(opened()).quorate().reviewed().marked()
    sitting.draw_up()
    with refused("publication.no_report"):
        publish(sitting)
    with refused("publication.none"):
        object_to(sitting, 1)
    with refused("publication.none"):
        answer(sitting, "0" * 32)
    with refused("publication.none"):
        award(sitting, sitting.bids[0])


def test_a_publication_that_says_anything_else_is_refused() -> None:
    sitting = reported()
    first, second = said(sitting).candidates
    for rows in (
        (first,),
        (second, first),
        (first.model_copy(update={"total": "99.99"}), second),
        (first.model_copy(update={"name": "别的公司"}), second),
    ):
        with refused("publication.not_the_outcome"):
            publish(sitting, candidates=rows)
    with refused("publication.not_the_outcome"):
        publish(sitting, candidates=(), reason="no_valid_bid")
    with refused("publication.other_report"):
        publish(sitting, facts="0" * 64)
    with refused("evaluation.wrong_project"):
        publish(sitting, project="1" * 32)
    publish(sitting)
    with refused("publication.published"):
        publish(sitting)


def test_a_publication_lasts_as_long_as_the_terms_say_and_not_for_ever() -> None:
    sitting = reported()
    now = sitting.world.now
    for until in (now + PERIOD - 1, now + LONGEST + 1):
        with refused("publication.period"):
            publish(sitting, until=until)
    publish(sitting, until=now + PERIOD)


def test_bidders_object_in_time_and_a_few_times() -> None:
    sitting = reported()
    publish(sitting)
    with refused("project.not_permitted"):
        sitting.act(1, ObjectToResult, text="我不是投标人")
    for _ in range(MOST):
        object_to(sitting, 1)
    with refused("publication.too_many"):
        object_to(sitting, 1)
    over(sitting)
    with refused("publication.over"):
        object_to(sitting, 2)


def test_whoever_has_no_opened_bid_does_not_object() -> None:
    world = Whole(bidders=4, rule=RULE).open_up()
    for bidder in (1, 2, 3):
        world.bid(bidder)
    world.now = DEADLINE
    world.serve()
    world.session()
    sitting = Sitting(world).quorate().reviewed().marked()
    sitting.draw_up()
    sitting.signed()
    publish(sitting)
    with refused("publication.not_a_bidder"):
        object_to(sitting, 4)


def test_an_objection_is_answered_once_and_late_rather_than_never() -> None:
    sitting = reported()
    publish(sitting)
    objection = object_to(sitting, 2)
    with refused("publication.no_such_objection"):
        answer(sitting, "0" * 32)
    sitting.world.now = published(sitting).objections[objection].due + PERIOD
    answer(sitting, objection)
    with refused("publication.answered"):
        answer(sitting, objection)


def test_nothing_is_awarded_before_time_or_over_an_objection() -> None:
    sitting = reported()
    publish(sitting)
    objection = object_to(sitting, 3)
    with refused("publication.running"):
        award(sitting)
    over(sitting)
    with refused("publication.unanswered"):
        award(sitting)
    answer(sitting, objection)
    award(sitting)
    with refused("project.wrong_phase"):
        award(sitting)


def test_another_candidate_than_the_first_wins_with_a_reason_alone() -> None:
    sitting = reported()
    publish(sitting)
    over(sitting)
    first, second = (one.bid for one in published(sitting).result.candidates)
    out = next(bid for bid in sitting.bids if bid not in {first, second})
    with refused("publication.not_a_candidate"):
        award(sitting, out)
    with refused("publication.reason"):
        award(sitting, second)
    with refused("publication.reason"):
        award(sitting, first, "理由")
    award(sitting, second, "第一名放弃中标")
    assert published(sitting).reason == "第一名放弃中标"


def test_where_every_bid_is_out_it_is_published_that_there_is_no_candidate() -> None:
    sitting = Sitting(opened()).quorate()
    sitting.reviewed(dict.fromkeys(sitting.bids, "unqualified")).marked()
    sitting.draw_up()
    sitting.signed()
    assert said(sitting).candidates == ()
    with refused("publication.not_the_outcome"):
        publish(sitting, reason="rule_inapplicable")
    publish(sitting)
    assert published(sitting).result.reason == "no_valid_bid"
    over(sitting)
    with refused("publication.not_a_candidate"):
        award(sitting, sitting.bids[0])
    clerk = sitting.world.clerk.actor
    sitting.world.do(clerk, TerminateSection(section=SECTION, reason="否决所有投标"))
    assert phase(sitting.world.state, SECTION) is Phase.TERMINATED


def test_two_envelopes_are_published_under_the_bids_the_committee_judged() -> None:
    sitting = two_envelopes().reviewed().marked()
    sitting.decide_stage(tuple(sitting.world.state.bids[bid].organisation for bid in sitting.bids))
    sitting.world.serve()
    sitting.world.session(SECOND)
    sitting.check_prices()
    sitting.draw_up()
    sitting.signed()
    publish(sitting)
    assert {one.bid for one in published(sitting).result.candidates} <= set(sitting.bids)


def test_a_suspension_lets_the_publication_last_longer_by_its_time() -> None:
    sitting = reported()
    publish(sitting)
    until = published(sitting).until
    sitting.suspended(PERIOD)
    later = published(sitting).until
    assert later >= until + PERIOD
    object_to(sitting, 1)
    over(sitting)
    sitting.suspended(PERIOD)
    assert published(sitting).until == later


def test_a_supervisors_notice_holds_publication_and_award_up() -> None:
    sitting = reported()
    world = sitting.world

    def noticed() -> None:
        world.do(world.supervisor.actor, RaiseNotice(section=SECTION, text="请说明"))

    def acknowledged() -> None:
        name = list(world.whole.notices)[-1]
        world.do(world.clerk.actor, AcknowledgeNotice(notice=name, reply="已说明"))

    noticed()
    with refused("project.notice_unacknowledged"):
        publish(sitting)
    acknowledged()
    publish(sitting)
    over(sitting)
    noticed()
    with refused("project.notice_unacknowledged"):
        award(sitting)
    acknowledged()
    award(sitting)


def test_after_the_award_keys_can_still_be_erased_and_nothing_be_undone() -> None:
    assert Phase.AWARDED in SECTION_PHASES[EraseKey]
    for command in (TerminateSection, SuspendSection, ObjectToResult, AwardSection):
        assert Phase.AWARDED not in SECTION_PHASES[command]
    assert Phase.AWARDED not in SECTION_PHASES[AnswerResultObjection]


def test_a_section_that_is_ended_still_owes_the_answer_to_an_objection() -> None:
    sitting = reported()
    world = sitting.world
    publish(sitting)
    name = object_to(sitting, 1)
    world.do(world.clerk.actor, TerminateSection(section=SECTION, reason="重新招标"))
    with refused("project.wrong_phase"):
        object_to(sitting, 2)
    answer(sitting, name)
    with refused("publication.answered"):
        answer(sitting, name)
