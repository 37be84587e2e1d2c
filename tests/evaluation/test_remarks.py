"""What members give again: just what is named, alone, with reasons, and by nobody else."""

from evaluation.commands import (
    CheckPrices,
    DrawAliases,
    GiveMarksAgain,
    JudgeCompetition,
    Say,
)
from evaluation.discussion_events import Said
from evaluation.marking import signed_marks
from evaluation.messages import Remark
from evaluation.state_hash import state_hash
from project.commands import ReleaseParticipant
from project.duties import duties
from record.rules import fold
from tests.evaluation.test_reevaluation import refused, reported, told
from tests.evaluation.test_story import opened
from tests.opening.world import PROJECT, SECTION
from tests.project.remarking import (
    WHY,
    drop,
    order,
    plan_of,
    remark,
    remarked,
    remarks,
    reported_again,
)
from tests.project.sitting import Sitting, expert
from tests.project.whole import RULES


def test_only_the_clerk_orders_and_only_the_committee_marks() -> None:
    sitting = reported()
    order(sitting)
    stranger = sitting.world.supervisor
    message = sitting.people[1].sign(remarks(sitting, 1))
    with refused("project.not_permitted"):
        sitting.world.do(stranger.actor, GiveMarksAgain(section=SECTION, message=message))
    with refused("message.not_signer"):
        sitting.act(2, GiveMarksAgain, message=message)
    drop(sitting)
    with refused("reevaluation.none"):
        sitting.act(1, GiveMarksAgain, message=message)
    with refused("reevaluation.none"):
        drop(sitting)


def test_an_expert_of_another_section_has_no_marks_to_give_again() -> None:
    sitting = reported()
    order(sitting)
    outsider = expert(50)
    sitting.world.happened(outsider.bound(), sitting.world.clerk.actor)
    message = outsider.sign(remarks(sitting, 1))
    with refused("committee.not_a_member"):
        sitting.world.do(outsider.actor, GiveMarksAgain(section=SECTION, message=message))


def test_a_member_gives_just_what_is_named_in_range_with_reasons_for_changes() -> None:
    sitting = reported()
    first, second = plan_of(sitting)
    order(sitting)
    right = remarks(sitting, 1, {first: "1.5"})
    changed, kept = right.marks
    for marks in ((), (changed,), (changed, kept, kept), (changed, changed)):
        with refused("remarks.cells"):
            remark(sitting, 1, marks=marks)
    other = Remark(bid=sitting.bids[1], item="plan", mark="1", reason=WHY)
    with refused("remarks.cells"):
        remark(sitting, 1, marks=(changed, other))
    for mark in ("30.5", "1.3"):
        with refused("remarks.range"):
            remark(sitting, 1, {first: mark})
    silent = changed.model_copy(update={"reason": None})
    with refused("remarks.reason"):
        remark(sitting, 1, marks=(silent, kept))
    talkative = kept.model_copy(update={"reason": WHY})
    with refused("remarks.reason"):
        remark(sitting, 1, marks=(changed, talkative))
    with refused("remarks.other_seat"):
        remark(sitting, 1, seat="2")
    with refused("remarks.other_rule"):
        remark(sitting, 1, rule="0" * 64)
    with refused("remarks.other_order"):
        remark(sitting, 1, reevaluation="0" * 32)
    for wrong in ({"project": "1" * 32}, {"section": "s9"}):
        with refused("evaluation.wrong_project"):
            remark(sitting, 1, **wrong)
    remark(sitting, 1, {first: "1.5"})
    with refused("remarks.submitted"):
        remark(sitting, 1, {second: "2"})


def test_nothing_counts_before_every_member_has_marked_again() -> None:
    sitting = reported()
    first, _ = plan_of(sitting)
    before = signed_marks(sitting.found.marking)
    order(sitting)
    for seat in (1, 2, 3, 4):
        remark(sitting, seat, {first: "1.5"})
        assert signed_marks(sitting.found.marking) == before
    with refused("report.marks_open"):
        sitting.draw_up()
    assert "report" not in due_now(sitting)
    remark(sitting, 5, {first: "1.5"})
    assert signed_marks(sitting.found.marking)[first[0]]["plan"] == dict.fromkeys("12345", "1.5")
    assert "report" in due_now(sitting)
    with refused("remarks.locked"):
        remark(sitting, 1)
    reported_again(sitting)


def due_now(sitting: Sitting) -> set[str]:
    """Return what kinds of duties are due."""
    due = duties(sitting.world.whole, sitting.world.now)
    return {name.split("/")[0] for name, _ in due.do}


def test_each_report_is_a_duty_of_its_own() -> None:
    sitting = Sitting(opened(4)).quorate().reviewed().marked()

    def names() -> list[str]:
        return [name for name, _ in duties(sitting.world.whole, sitting.world.now).do]

    seen = names()
    sitting.draw_up()
    sitting.signed()
    for _ in range(2):
        order(sitting)
        remarked(sitting)
        seen += names()
        reported_again(sitting)
    assert len(set(seen)) == len(seen) == 3


def test_the_committee_that_signed_marks_again_and_no_other() -> None:
    sitting = reported()
    order(sitting)
    with refused("reevaluation.original"):
        sitting.stand_aside(2)
    with refused("reevaluation.original"):
        sitting.replace(2)
    release = ReleaseParticipant(account="expert-1", role="expert", reason="离职")
    with refused("project.sits_on_committee"):
        sitting.world.do(sitting.world.clerk.actor, release)


def test_nothing_but_marks_is_taken_up_again() -> None:
    sitting = reported()
    bid = sitting.bids[0]
    order(sitting)
    with refused("reevaluation.marks_only"):
        sitting.draft(1, bid)
    with refused("prices.checked"):
        sitting.propose(1, bid, 90_000_000)
    with refused("prices.checked"):
        sitting.act(sitting.chair, CheckPrices)
    with refused("marks.locked"):
        sitting.submit(1)
    with refused("review.closed"):
        sitting.review(1, bid)
    with refused("competition.not_due"):
        sitting.act(1, JudgeCompetition, lacking=True, reason="竞争不足")
    with refused("project.not_permitted"):
        sitting.act(1, DrawAliases)


def test_a_question_left_open_about_a_bid_that_is_out_stays_as_it_is() -> None:
    sitting = Sitting(opened(4)).quorate()
    out = sitting.bids[0]
    name = sitting.ask(out)
    sitting.reviewed({out: "unqualified"}).marked()
    sitting.draw_up()
    sitting.signed()
    order(sitting)
    sitting.world.now = sitting.found.clarifications[name].due
    assert due_now(sitting) == set()
    with refused("reevaluation.marks_only"):
        sitting.answer(name)
    with refused("reevaluation.marks_only"):
        sitting.expire(name)


def test_members_discuss_and_the_clerk_pauses_as_in_the_evaluation() -> None:
    sitting = reported()
    order(sitting)
    remark(sitting, 1)
    (spoken,) = sitting.act(2, Say, text="请看第二章。")
    assert isinstance(spoken, Said)
    sitting.pause("overnight")
    with refused("evaluation.paused"):
        remark(sitting, 2)
    with refused("evaluation.paused"):
        drop(sitting)
    sitting.go_on()
    for seat in (2, 3, 4, 5):
        remark(sitting, seat)
    reported_again(sitting)
    assert told(sitting)["pauses"][-1]["cause"] == "overnight"


def test_every_step_of_it_makes_another_hash_of_the_state() -> None:
    sitting = reported()
    salt, hashes = "11" * 32, []

    def hashed() -> None:
        whole = fold(RULES, PROJECT, sitting.world.record)
        again_folded = state_hash(whole.evaluation.evaluations[SECTION], sitting.rule, salt)
        hashes.append(state_hash(sitting.found, sitting.rule, salt))
        assert again_folded == hashes[-1]

    hashed()
    order(sitting)
    hashed()
    for seat in sitting.people:
        remark(sitting, seat)
        hashed()
    drop(sitting)
    hashed()
    assert len(set(hashes)) == len(hashes) == 8
