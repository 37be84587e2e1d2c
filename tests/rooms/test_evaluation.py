"""Who is shown what of an evaluation, on the channels and in the view of a seat."""

import json
from dataclasses import dataclass
from functools import cache
from typing import Any, get_args

import pytest

from crypto.hashing import H
from evaluation.commands import (
    CastVote,
    CloseReview,
    ConfirmNames,
    DeclareTies,
    JudgeCompetition,
    Say,
    TakeSeat,
)
from evaluation.events import EvaluationEvent, RuleSet, StageDecided
from evaluation.marking import signed_marks
from record.errors import NotAllowed
from rooms.evaluation import Step, clarifications_of, step_of, view
from rooms.facts import Happened
from rooms.merge import View, merge
from rooms.notices import notices
from rooms.prices import corrections_of
from rooms.projection import Frame, Projection
from rooms.rights import channels_of
from rooms.views import ROWS, kind_of
from tests.evaluation.test_story import two_envelopes
from tests.opening.parties import party
from tests.opening.world import DEADLINE, MINUTE, PROJECT, SECOND, SECTION
from tests.project.publishing import publish
from tests.project.remarking import order
from tests.project.sitting import BLIND, Sitting
from tests.project.whole import Whole

COMMITTEE = f"committee/{SECTION}"
QUESTION = "请说明混凝土配合比的依据。"
ANSWER = "配合比依据试验报告第 12 号。"
OF_THE_RESULT = {
    "evaluation.candidates_published",
    "evaluation.result_objected",
    "evaluation.result_objection_answered",
    "evaluation.awarded",
}
"""Shown in a story of their own."""
OF_A_REEVALUATION = {
    "evaluation.reevaluation_ordered",
    "evaluation.marks_given_again",
    "evaluation.remarks_locked",
    "evaluation.reevaluation_dropped",
    "evaluation.publication_withdrawn",
    "evaluation.publication_restored",
}
"""The same."""
TELLING_MARK = "28.5"
"""A mark that no other number in the record looks like."""


def opened() -> Whole:
    world = Whole(rule=BLIND).open_up()
    for bidder in world.bidder:
        world.bid(bidder)
    world.now = DEADLINE
    world.serve()
    world.session()
    return world


@dataclass
class Shown:
    """What the rooms make of a record."""

    sitting: Sitting
    projection: Projection
    frames: list[tuple[Happened, Frame]]

    def of(self, channel: str) -> list[Frame]:
        return [frame for _, frame in self.frames if frame.channel == channel]


def shown(sitting: Sitting) -> Shown:
    projection = Projection(PROJECT)
    frames = []
    for event, stamp in sitting.world.record:
        happened = Happened(event, stamp, H("leaf", str(stamp.seq).encode()).hex())
        frames += [(happened, frame) for frame in projection.show(happened)]
    return Shown(sitting, projection, frames)


@cache
def whole() -> Shown:
    """Return an evaluation with a rejection, a vote, a replacement and a dissent, to its end."""
    sitting = Sitting(opened(), tenderers=1).quorate()
    first, second, third = sitting.bids
    _ask_about(sitting, third)
    for seat in sitting.people:
        sitting.review(seat, first, ("licence",))
        sitting.review(seat, second, ("grade",) if seat == 1 else ())
        sitting.review(seat, third)
    sitting.vote(second, "grade", passing=4)
    sitting.stand_aside(2)
    sitting.replace(2)
    sitting.sit(2, ties=("某某集团有限公司",))
    sitting.review(2, first, ("licence",))
    sitting.review(2, second)
    sitting.review(2, third)
    sitting.act(2, CastVote, bid=second, item="grade", passes=True)
    sitting.act(sitting.chair, CloseReview, rejected={first: "unqualified"})
    sitting.judge_competition(lacking=1)
    sitting.confirm_price(sitting.correct(third, 90_000_000))
    sitting.agree_price(sitting.propose(1, third, 80_000_000), agreeing=0)
    sitting.leave_unconfirmed(sitting.correct(third, 70_000_000))
    sitting.marked()
    sitting.draw_up()
    sitting.signed(dissenting=3)
    return shown(sitting)


def _ask_about(sitting: Sitting, bid: str) -> None:
    """Ask twice: one is given back both ways and accepted, one is dropped, one expires."""
    name = sitting.draft(1, bid, QUESTION, 30 * MINUTE)
    sitting.agree(sitting.chair, name)
    sitting.check_question(name, "措辞带有倾向性")
    sitting.agree(sitting.chair, name)
    sitting.check_question(name)
    sitting.act(1, Say, text="第三章的工期写得不清楚。")
    sitting.stumbled()
    sitting.answer(name, text=ANSWER)
    sitting.check_answer(name, "请勿出现联系人")
    sitting.clarified(name, accepting=5)
    sitting.drop(1, sitting.draft(1, bid, QUESTION, 30 * MINUTE))
    sitting.expire(sitting.ask(bid))


def text(value: object) -> str:
    return json.dumps(value, ensure_ascii=False)


def test_public_hall_and_bidders_are_told_of_no_committee() -> None:
    seen = {
        frame.channel
        for happened, frame in whole().frames
        if isinstance(happened.event, EvaluationEvent)
        and not isinstance(happened.event, RuleSet | StageDecided)
    }
    own = f"bidder/{whole().sitting.world.bidder[3].organisation}"
    assert seen == {COMMITTEE, "clerk", "supervisor", own}


def test_a_bidder_is_told_that_it_is_asked_and_of_nobody_of_the_committee() -> None:
    found = whole()
    own = f"bidder/{found.sitting.world.bidder[3].organisation}"
    told = [frame for frame in found.of(own) if frame.event["type"].startswith("evaluation.")]
    assert [frame.event["type"].removeprefix("evaluation.") for frame in told] == [
        "question_checked",
        "paused",
        "resumed",
        "clarification_answered",
        "answer_checked",
        "clarification_answered",
        "question_checked",
        "clarification_expired",
        "correction_asked",
        "correction_answered",
        "correction_asked",
        "correction_expired",
    ]
    assert all("who" not in frame.event and "seat" not in frame.event for frame in told)
    sent, _, _, _, returned, *_ = (frame.event for frame in told)
    assert sent["due"] > sent["at"]
    assert returned["returned"] == "请勿出现联系人"
    assert returned["due"] >= returned["at"]


def test_neither_question_nor_answer_is_in_a_channel() -> None:
    for _, frame in whole().frames:
        told = text([frame.event, frame.patch])
        assert QUESTION not in told
        assert ANSWER not in told


def test_a_question_is_shown_to_its_bidder_once_sent_and_an_answer_once_it_is_let_through() -> None:
    sitting = Sitting(opened()).quorate()
    state = sitting.world
    name = sitting.draft(1, sitting.bids[0], QUESTION, 30 * MINUTE)
    sitting.agree(sitting.chair, name)
    own, other = (sitting.world.bidder[number].organisation for number in (1, 2))
    assert clarifications_of(state.whole, SECTION, own) == []
    sitting.check_question(name)
    (asked,) = clarifications_of(state.whole, SECTION, own)
    assert (asked["question"], asked["status"]) == (QUESTION, "sent")
    assert clarifications_of(state.whole, SECTION, other) == []
    sitting.answer(name, text=ANSWER)
    member = sitting.people[2].account
    assert ANSWER not in text(seen(sitting, "member", member))
    assert ANSWER in text(seen(sitting, "supervisor"))
    assert QUESTION not in text(seen(sitting, "clerk"))
    sitting.check_answer(name)
    assert ANSWER in text(seen(sitting, "member", member))
    sitting.judge(name, accepting=5)
    (asked,) = clarifications_of(state.whole, SECTION, own)
    assert asked["status"] == "answered"


def test_a_bidder_is_told_that_the_evaluation_is_over_by_its_result_alone() -> None:
    sitting = Sitting(opened()).quorate()
    own = sitting.world.bidder[1].organisation
    name = sitting.ask(sitting.bids[0], QUESTION)
    sitting.answer(name, text=ANSWER)
    sitting.check_answer(name)
    sitting.judge(name, accepting=5)
    sitting.reviewed().marked().draw_up()
    sitting.signed()
    (asked,) = clarifications_of(sitting.world.whole, SECTION, own)
    assert "over" not in asked
    publish(sitting)
    (asked,) = clarifications_of(sitting.world.whole, SECTION, own)
    assert (asked["status"], asked["over"], asked["answer"]) == ("answered", True, ANSWER)


def test_people_are_told_when_a_question_or_an_answer_waits_for_them() -> None:
    sitting = Sitting(opened()).quorate()
    account = sitting.world.bidder[1].account

    def told() -> set[str]:
        """Return who is told of the last event."""
        event, stamp = sitting.world.record[-1]
        facts = {"section": SECTION, "organisation": sitting.world.bidder[1].organisation}
        found = notices(sitting.world.whole, event, facts, stamp.actor.account)
        return {one.account for one in found}

    name = sitting.draft(1, sitting.bids[0], QUESTION, 30 * MINUTE)
    sitting.agree(1, name)
    assert told() == set()
    sitting.agree(sitting.chair, name)
    assert told() == {"supervisor"}
    sitting.check_question(name)
    assert told() == {account}
    sitting.answer(name)
    assert told() == {"supervisor"}
    sitting.check_answer(name, "r")
    assert told() == {account}
    sitting.answer(name)
    sitting.check_answer(name)
    assert told() == {who.account for who in sitting.people.values()}


def has_telling_mark(sitting: Sitting) -> bool:
    marks = signed_marks(sitting.found.marking)
    return TELLING_MARK in text(marks)


def test_no_channel_carries_a_mark() -> None:
    assert has_telling_mark(whole().sitting)
    for _, frame in whole().frames:
        assert TELLING_MARK not in text([frame.event, frame.patch])


def test_an_experts_name_reaches_committee_clerk_and_supervisor_alone() -> None:
    names = [one.name for one in whole().sitting.people.values()]
    for _, frame in whole().frames:
        if frame.channel not in {COMMITTEE, "clerk", "supervisor"}:
            assert not [name for name in names if f'"{name}"' in text([frame.event, frame.patch])]


def test_the_clerk_is_told_that_members_acted_and_not_what_was_found() -> None:
    acts: dict[str, set[str]] = {}
    for happened, frame in whole().frames:
        if frame.channel == "clerk":
            acts.setdefault(happened.event.type, set()).update(frame.event)
            assert happened.event.type not in {
                "evaluation.vote_opened",
                "evaluation.vote_cast",
                "evaluation.bid_rejected",
                "evaluation.report_drawn_up",
                "evaluation.report_signed",
            }
    about = {"id", "type", "at", "hash", "who", "section", "seat"}
    assert acts["evaluation.bid_reviewed"] - about == {"bid"}
    assert acts["evaluation.marks_submitted"] - about == set()
    assert acts["evaluation.chair_ballot_cast"] - about == {"round"}


def test_declared_ties_are_shown_to_the_supervisor_alone() -> None:
    found = whole()
    tie = "某某集团有限公司"
    told = {frame.channel for _, frame in found.frames if tie in text([frame.event, frame.patch])}
    assert told == {"supervisor"}


def test_every_event_of_an_evaluation_was_shown_and_names_fields_it_has() -> None:
    seen = {kind_of(happened.event) for happened, _ in whole().frames}
    rows = {name for name in ROWS if name.startswith("evaluation.")}
    rows -= OF_THE_RESULT | OF_A_REEVALUATION
    assert rows - seen == {"evaluation.stage_decided", "evaluation.chair_tied"}


def test_the_committees_view_comes_to_the_end() -> None:
    found = whole().projection.channel(COMMITTEE).view["evaluations"][SECTION]
    assert found["members"]["2"]["name"] == "Expert-102"
    assert found["members"]["2"]["standing"] == "confirmed"
    assert "reason" not in found["members"]["2"]
    assert found["report"]["signed"]["3"]["opinion"] == "dissents"
    assert set(found["marked"]) == {"1", "2", "3", "4", "5"}
    assert set(found["rejected"]) == {whole().sitting.bids[0]}


def test_frames_rebuild_the_view_of_every_channel() -> None:
    found = whole()
    for name, channel in found.projection.channels.items():
        rebuilt: View = {}
        for frame in found.of(name):
            rebuilt = merge(rebuilt, json.loads(text(frame.patch)))
        assert text(rebuilt) == text(channel.view)


def test_a_member_hears_its_committee_until_it_leaves() -> None:
    sitting = Sitting(opened()).bind()
    state = sitting.world.whole
    assert COMMITTEE not in channels_of(state, "expert-1")
    sitting.convene()
    assert COMMITTEE in channels_of(sitting.world.whole, "expert-1")
    assert COMMITTEE not in channels_of(sitting.world.whole, "bidder-1")
    sitting.stand_aside(1)
    assert COMMITTEE not in channels_of(sitting.world.whole, "expert-1")


def seen(sitting: Sitting, viewer: Any, account: str = "") -> dict[str, Any]:
    return view(sitting.world.whole, SECTION, viewer, account)


def test_names_come_after_the_own_ties_and_bids_after_the_names() -> None:
    sitting = Sitting(opened()).bind().convene()
    account = sitting.people[1].account
    names = [one.organisation_name for one in sitting.world.bidder.values()]

    def tells_names() -> bool:
        return any(name in text(seen(sitting, "member", account)) for name in names)

    assert not tells_names()
    sitting.act(1, TakeSeat, message=sitting.people[1].sign(sitting.commitment(1)))
    assert not tells_names()
    sitting.act(1, DeclareTies, ties=())
    assert tells_names()
    assert "bids" not in seen(sitting, "member", account)
    sitting.act(1, ConfirmNames)
    assert len(seen(sitting, "member", account)["bids"]) == 3


def test_whoever_left_the_committee_is_shown_nothing_as_a_member() -> None:
    sitting = Sitting(opened()).quorate()
    sitting.stand_aside(2)
    for account in (sitting.people[2].account, "stranger"):
        with pytest.raises(NotAllowed, match=r"committee\.not_a_member"):
            seen(sitting, "member", account)


def test_nobody_sees_a_mark_before_all_are_locked() -> None:
    sitting = Sitting(opened()).quorate().reviewed().priced()
    for seat in list(sitting.people)[:-1]:
        sitting.submit(seat)
        for viewer in ("member", "supervisor", "clerk"):
            found = seen(sitting, viewer, sitting.people[seat].account)
            assert "marks" not in found
            assert "report" not in found
            assert TELLING_MARK not in text(found)
    assert has_telling_mark(sitting)
    sitting.submit(sitting.size)
    assert "marks" in seen(sitting, "member", sitting.people[1].account)
    assert "marks" in seen(sitting, "supervisor")
    assert "marks" not in seen(sitting, "clerk")


def test_what_others_said_of_a_bid_is_not_shown_before_all_have() -> None:
    sitting = Sitting(opened()).quorate()
    bid = sitting.bids[0]
    for seat in (1, 2, 3, 4):
        sitting.review(seat, bid, ("licence",))
        found = seen(sitting, "member", sitting.people[5].account)
        assert not found["failed"]
        assert "licence" not in text({**found, "rule": None})
    sitting.review(5, bid)
    found = seen(sitting, "member", sitting.people[5].account)
    assert found["to_vote"] == [{"bid": bid, "item": "licence"}]


def test_the_clerk_sees_the_report_once_it_stands_and_no_marks_ever() -> None:
    sitting = Sitting(opened()).quorate().reviewed().marked()
    sitting.draw_up()
    assert "report" not in seen(sitting, "clerk")
    sitting.signed()
    found = seen(sitting, "clerk")
    assert found["report"]["finished"]
    assert found["step"] == "finished"
    assert "marks" not in found


def test_the_steps_come_one_after_the_other() -> None:
    sitting = Sitting(opened()).bind().convene()
    steps = [step_of(sitting.world.state, sitting.found)]
    for seat in sitting.people:
        sitting.sit(seat)
    steps.append(step_of(sitting.world.state, sitting.found))
    sitting.elect()
    steps.append(step_of(sitting.world.state, sitting.found))
    sitting.reviewed({sitting.bids[0]: "unqualified"})
    steps.append(step_of(sitting.world.state, sitting.found))
    sitting.judge_competition()
    steps.append(step_of(sitting.world.state, sitting.found))
    sitting.check_prices()
    steps.append(step_of(sitting.world.state, sitting.found))
    sitting.marked()
    steps.append(step_of(sitting.world.state, sitting.found))
    sitting.draw_up()
    steps.append(step_of(sitting.world.state, sitting.found))
    sitting.signed()
    steps.append(step_of(sitting.world.state, sitting.found))
    order(sitting, [(sitting.found.review.valid[0], "safety")])
    steps.append(step_of(sitting.world.state, sitting.found))
    assert steps == list(get_args(Step))


def test_of_two_envelopes_prices_are_checked_after_the_second_session() -> None:
    sitting = two_envelopes()
    steps = []
    sitting.reviewed().marked()
    steps.append(step_of(sitting.world.state, sitting.found))
    state = sitting.world.state
    sitting.decide_stage(tuple(state.bids[bid].organisation for bid in sitting.bids))
    sitting.world.serve()
    sitting.world.session(SECOND)
    steps.append(step_of(sitting.world.state, sitting.found))
    prices = seen(sitting, "member", sitting.people[1].account)["prices"]
    assert [one["bid"] for one in prices] == list(sitting.bids)
    sitting.check_prices()
    steps.append(step_of(sitting.world.state, sitting.found))
    assert steps == ["locked", "prices", "locked"]


def test_a_bidder_sees_its_corrected_price_once_it_is_asked_and_neither_reason_nor_person() -> None:
    sitting = Sitting(opened()).quorate().reviewed()
    bid = sitting.bids[0]
    name = sitting.propose(1, bid, 90_000_000)
    whole_state = sitting.world.whole
    own, other = (sitting.world.state.bids[one].organisation for one in sitting.bids[:2])
    assert corrections_of(whole_state, SECTION, own) == []
    sitting.agree_price(name, agreeing=4)
    (told,) = corrections_of(sitting.world.whole, SECTION, own)
    assert set(told) == {"correction", "bid", "ground", "read_out", "price", "due", "status"}
    assert told["status"] == "asked"
    assert corrections_of(sitting.world.whole, SECTION, other) == []
    assert corrections_of(sitting.world.whole, "s9", own) == []


def test_what_others_judge_of_the_competition_is_shown_once_it_is_decided() -> None:
    sitting = Sitting(opened()).quorate()
    sitting.reviewed({sitting.bids[0]: "unqualified"})
    sitting.act(1, JudgeCompetition, lacking=True, reason="理由甲")
    shown_now = seen(sitting, "member", sitting.people[2].account)["competition"]
    assert shown_now == {"judged": ["1"]}
    for seat in (2, 3):
        sitting.act(seat, JudgeCompetition, lacking=True, reason="理由乙")
    found = seen(sitting, "member", sitting.people[2].account)["competition"]
    assert found["lacking"] is True
    assert found["votes"]["1"]["reason"] == "理由甲"
    assert step_of(sitting.world.state, sitting.found) == "locked"


def test_members_are_told_when_their_committee_is_named_and_others_are_not() -> None:
    sitting = Sitting(opened()).bind()
    outsider = party("expert", 9)
    sitting.world.happened(outsider.bound())
    sitting.convene()
    found = shown(sitting)
    happened = found.frames[-1][0]
    told = [
        notice
        for notice in notices(sitting.world.whole, happened.event, {"section": SECTION}, "clerk")
        if notice.kind == "committee"
    ]
    assert sorted(one.account for one in told) == [f"expert-{seat}" for seat in range(1, 6)]


@pytest.mark.parametrize("moment", ["named", "left"])
def test_a_seat_that_is_taken_over_is_told_to_its_new_member_alone(moment: str) -> None:
    sitting = Sitting(opened()).quorate()
    sitting.stand_aside(2)
    left = sitting.world.record[-1][0]
    sitting.replace(2)
    named = sitting.world.record[-1][0]
    facts = {"section": SECTION, "seat": "2"}
    event = named if moment == "named" else left
    told = {one.account for one in notices(sitting.world.whole, event, facts, "expert-2")}
    assert told == ({"expert-102"} if moment == "named" else {"clerk", "supervisor"})
