"""Questions of a committee to a bidder, from the draft to what becomes of the answer."""

from collections.abc import Callable
from typing import Any

import pytest

from evaluation.clarification import LONGEST, MOST, SHORTEST, Clarification
from evaluation.commands import AnswerClarification, ExpireClarification, JudgeAnswer
from evaluation.messages import ClarificationAnswer
from opening.envelopes import payload
from opening.terms import SectionResumed
from project.duties import duties
from record.errors import Refused
from record.rules import fold
from tests.evaluation.test_story import opened, told
from tests.opening.world import PROJECT, SECTION, SERVICE
from tests.project.sitting import Sitting
from tests.project.whole import RULES

TEXT = "投标函中的工期与进度计划不一致，请说明。"
PERIOD = 60 * 60_000


def sitting() -> Sitting:
    return Sitting(opened()).quorate()


def refused(code: str) -> Any:
    return pytest.raises(Refused, match=code.replace(".", r"\."))


def asked(of: Sitting, seat: int = 1, bid: int = 0, text: str = TEXT, period: int = PERIOD) -> str:
    """Draft a question and return its id."""
    return of.draft(seat, of.bids[bid], text, period)


def one(of: Sitting, name: str) -> Clarification:
    return of.found.clarifications[name]


def agree(of: Sitting, name: str, *seats: int) -> None:
    for seat in seats or (of.chair,):
        of.agree(seat, name)


def test_a_question_goes_out_is_answered_and_accepted_by_most_members() -> None:
    of = sitting()
    name = of.ask(of.bids[0], TEXT, PERIOD)
    assert one(of, name).due == of.world.record[-1][1].at + PERIOD
    of.answer(name)
    of.check_answer(name)
    for seat, accepts in ((1, True), (2, False), (3, True)):
        of.act(seat, JudgeAnswer, clarification=name, accepts=accepts)
    assert one(of, name).status == "shown"
    of.act(4, JudgeAnswer, clarification=name, accepts=True)
    assert one(of, name).status == "accepted"
    of.reviewed().marked()
    (row,) = told(of)["clarifications"]
    assert row["status"] == "accepted"
    assert row["answer"].startswith("工期按定额")
    assert len(row["judged"]) == 4
    assert fold(RULES, PROJECT, of.world.record) == of.world.whole


def test_what_changes_the_substance_is_not_accepted() -> None:
    of = sitting()
    name = of.ask(of.bids[0], TEXT, PERIOD)
    of.answer(name)
    of.check_answer(name)
    of.judge(name, accepting=0)
    assert one(of, name).status == "not_accepted"
    with refused("clarification.wrong_step"):
        of.act(4, JudgeAnswer, clarification=name, accepts=True)


def test_most_members_send_a_question_on_without_the_chair() -> None:
    of = sitting()
    name = asked(of)
    agree(of, name, 1, 2)
    assert one(of, name).status == "drafted"
    with refused("committee.has_voted"):
        agree(of, name, 2)
    with refused("clarification.wrong_step"):
        of.check_question(name)
    agree(of, name, 3)
    assert one(of, name).status == "agreed"


def test_a_question_the_supervisor_gives_back_has_to_be_agreed_again() -> None:
    of = sitting()
    name = asked(of)
    agree(of, name)
    of.check_question(name, "问题具有倾向性")
    assert one(of, name).status == "drafted"
    assert one(of, name).agreed == ()
    assert one(of, name).returned == "问题具有倾向性"
    assert not one(of, name).due


def test_an_answer_that_is_given_back_can_be_given_again_for_a_while() -> None:
    of = sitting()
    name = of.ask(of.bids[0], TEXT, PERIOD)
    of.world.now = one(of, name).due - 1
    of.answer(name)
    of.world.now = one(of, name).due + 5
    of.check_answer(name, "答复中出现了其他投标人的名称")
    again = of.world.record[-1][1].at + SHORTEST
    assert one(of, name).due == again
    of.answer(name)
    assert one(of, name).status == "answered"


def test_an_answer_after_its_time_is_refused_and_the_question_expires_by_itself() -> None:
    of = sitting()
    name = of.ask(of.bids[0], TEXT, PERIOD)
    due = one(of, name).due
    assert duties(of.world.whole, due - 1).again == due
    of.world.now = due
    with refused("clarification.expired"):
        of.answer(name)
    assert of.world.serve() == [f"expire/{name}"]
    assert one(of, name).status == "expired"
    with refused("clarification.wrong_step"):
        of.answer(name)


def test_a_suspension_gives_bidders_their_time_back() -> None:
    of = sitting()
    overdue, waiting, given, judged = (of.ask(bid, TEXT, PERIOD) for bid in (*of.bids, of.bids[0]))
    for name in (given, judged):
        of.answer(name)
    of.check_answer(judged)
    before = {name: one(of, name).due for name in of.found.clarifications}
    of.world.now = before[overdue]
    of.suspended(PERIOD)
    resumed = of.world.record[-1][0]
    assert isinstance(resumed, SectionResumed)
    assert resumed.shift >= PERIOD
    shifted = {name: one(of, name).due - due for name, due in before.items()}
    assert shifted == {overdue: 0, waiting: resumed.shift, given: resumed.shift, judged: 0}
    assert of.world.serve() == [f"expire/{overdue}"]
    of.world.now = one(of, waiting).due - 1
    of.answer(waiting)
    assert fold(RULES, PROJECT, of.world.record) == of.world.whole


def test_nothing_expires_while_its_section_is_suspended() -> None:
    of = sitting()
    name = of.ask(of.bids[0], TEXT, PERIOD)
    of.suspend()
    of.world.now = one(of, name).due
    assert of.world.serve() == []
    of.resume()
    assert of.world.serve() == []
    assert one(of, name).status == "sent"


def test_a_question_does_not_expire_before_its_time() -> None:
    of = sitting()
    name = of.ask(of.bids[0], TEXT, PERIOD)
    early = ExpireClarification(section=SECTION, clarification=name)
    with refused("clarification.not_due"):
        of.world.do(SERVICE, early)


def test_only_the_bidder_whose_bid_it_is_answers_and_to_the_question_as_sent() -> None:
    of = sitting()
    name = of.ask(of.bids[0], TEXT, PERIOD)
    other = next(who for who in of.world.bidder.values() if who != of.asked(name))
    said = ClarificationAnswer.read(payload(of.answered(name)))
    command = AnswerClarification(section=SECTION, message=other.sign(said))
    with refused("clarification.not_yours"):
        of.world.do(other.actor, command)
    with refused("clarification.other_question"):
        of.answer(name, question="0" * 64)
    with refused("evaluation.wrong_project"):
        of.answer(name, project="1" * 32)
    with refused("evaluation.wrong_project"):
        of.answer(name, section="s2")
    with refused("clarification.not_found"):
        of.answer(name, clarification="f" * 32)


def test_no_marks_are_taken_while_a_question_waits_and_none_is_asked_after_the_first() -> None:
    of = sitting()
    name = asked(of)
    of.reviewed().priced()
    with refused("clarification.open"):
        of.submit(1)
    of.drop(1, name)
    of.submit(1)
    with refused("clarification.too_late"):
        asked(of)


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"period": SHORTEST - 1}, "clarification.period"),
        ({"period": LONGEST + 1}, "clarification.period"),
        ({"text": "请按 expert -3 的意见说明"}, "clarification.carries_name"),
        ({"bid": 1}, "review.no_such_bid"),
    ],
)
def test_a_draft_that_cannot_go_out_is_refused(changes: dict[str, Any], code: str) -> None:
    of = sitting()
    of.reviewed({of.bids[1]: "unqualified"})
    with refused(code):
        asked(of, **changes)


def test_a_question_about_a_bid_that_is_out_holds_nobody_up() -> None:
    of = sitting()
    asked(of, bid=1)
    of.reviewed({of.bids[1]: "unqualified"}).marked()
    assert of.found.marking.is_locked


def test_once_the_report_is_drawn_up_no_bidder_is_asked_or_heard() -> None:
    of = sitting()
    drafted = asked(of, bid=1)
    names = [of.ask(of.bids[1], f"问题{number}") for number in range(3)]
    for name in names[1:]:
        of.answer(name, text=f"答复{name}")
    of.check_answer(names[2])
    of.reviewed({of.bids[1]: "unqualified"}).marked()
    found = {one["clarification"]: one for one in told(of)["clarifications"]}
    assert [found[name].get("answer") for name in names] == [None, None, f"答复{names[2]}"]
    of.draw_up()
    late: tuple[Callable[[], object], ...] = (
        lambda: asked(of),
        lambda: of.agree(2, drafted),
        lambda: of.drop(1, drafted),
        lambda: of.answer(names[0]),
        lambda: of.check_answer(names[1]),
        lambda: of.judge(names[2], accepting=5),
        lambda: of.expire(names[0]),
    )
    for doing in late:
        with refused("report.bidders_asked"):
            doing()
    assert duties(of.world.whole, of.world.now + LONGEST).do == ()


def test_whoever_takes_a_seat_over_asks_and_judges_once_it_has_confirmed() -> None:
    of = sitting()
    name = asked(of)
    of.stand_aside(2)
    of.replace(2)
    with refused("review.not_begun"):
        of.agree(2, name)
    of.sit(2)
    of.agree(2, name)


def test_a_bid_is_asked_so_many_times_and_no_more() -> None:
    of = sitting()
    for _ in range(MOST):
        asked(of)
    with refused("clarification.too_many"):
        asked(of)
    asked(of, bid=1)


def test_nothing_is_asked_before_there_is_a_chair() -> None:
    of = Sitting(opened()).bind().convene()
    with refused("review.not_begun"):
        asked(of)


def test_a_question_is_taken_back_by_its_drafter_or_the_chair_until_it_is_sent() -> None:
    of = sitting()
    name = asked(of, seat=1)
    with refused("clarification.not_yours"):
        of.drop(2, name)
    of.drop(of.chair, name)
    assert one(of, name).status == "dropped"
    with refused("clarification.wrong_step"):
        of.drop(1, of.ask(of.bids[0], TEXT, PERIOD))


def test_a_member_that_leaves_takes_what_it_wanted_and_judged_along() -> None:
    of = sitting()
    wanted, shown = asked(of), of.ask(of.bids[0], TEXT, PERIOD)
    agree(of, wanted, 2)
    of.answer(shown)
    of.check_answer(shown)
    of.act(2, JudgeAnswer, clarification=shown, accepts=True)
    of.stand_aside(2)
    assert one(of, wanted).agreed == ()
    assert not one(of, shown).judged
    assert one(of, shown).agreed == (str(of.chair),)
