"""A paused evaluation stands still for everybody, and goes on only as what it was."""

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest

from evaluation.clarification import MINUTE
from evaluation.commands import (
    AnswerClarification,
    CheckAnswer,
    CheckQuestion,
    ReplaceMember,
    Resume,
    ReviewBid,
    StandAside,
    SubmitMarks,
)
from evaluation.events import Member
from evaluation.messages import ScoreSheet
from evaluation.pause import check_same
from evaluation.pause_events import Paused, Resumed, StateDiffered
from evaluation.pause_rules import FoldedAgain, folded_again
from evaluation.state_hash import state_hash
from project.duties import duties
from record.errors import Refused
from record.rules import fold
from tests.evaluation.test_story import opened, told, two_envelopes
from tests.opening.world import PROJECT, SECTION
from tests.project.sitting import Sitting
from tests.project.whole import RULES

HOUR = 60 * MINUTE
SALT = "ab" * 32


def refused(code: str) -> Any:
    return pytest.raises(Refused, match=code.replace(".", r"\."))


def sitting() -> Sitting:
    return Sitting(opened()).quorate()


def hashed(of: Sitting) -> str:
    return state_hash(of.found, of.rule, SALT)


def test_a_pause_and_its_end_have_the_same_hash_and_the_report_tells_of_it() -> None:
    of = sitting().reviewed().priced()
    of.paused(14 * HOUR, "overnight")
    paused, resumed = (event for event, _ in of.world.record[-2:])
    assert isinstance(paused, Paused)
    assert isinstance(resumed, Resumed)
    assert paused.state == resumed.state
    assert resumed.shift >= 14 * HOUR
    of.marked()
    (pause,) = told(of)["pauses"]
    assert (pause["cause"], pause["reason"], pause["state"]) == ("overnight", "午休", paused.state)
    assert pause["until"] - pause["since"] == resumed.shift
    assert fold(RULES, PROJECT, of.world.record) == of.world.whole


def test_a_report_of_an_evaluation_that_was_never_paused_has_no_word_of_it() -> None:
    assert "pauses" not in told(sitting().reviewed().priced().marked())


def test_nothing_of_committee_supervisor_clerk_or_bidder_happens_while_it_is_paused() -> None:
    of = sitting()
    asked, answered = of.ask(of.bids[0]), of.ask(of.bids[1])
    wanted = of.draft(1, of.bids[2])
    of.agree(of.chair, wanted)
    of.answer(answered)
    of.pause()
    with refused("evaluation.paused"):
        of.act(1, ReviewBid, bid=of.bids[0], verdicts=())
    with refused("evaluation.paused"):
        of.act(1, StandAside, reason="r")
    sheet = ScoreSheet(v=1, project=PROJECT, section=SECTION, seat="1", rule="ab" * 32, marks=())
    with refused("evaluation.paused"):
        of.act(1, SubmitMarks, message=of.people[1].sign(sheet))
    member = Member(seat="1", place="p", account="expert-1", capacity="expert")
    clerk, supervisor = of.world.clerk.actor, of.world.supervisor.actor
    held: list[tuple[Any, Any]] = [
        (clerk, ReplaceMember(section=SECTION, member=member, reason="r")),
        (supervisor, CheckQuestion(section=SECTION, clarification=wanted)),
        (supervisor, CheckAnswer(section=SECTION, clarification=answered)),
        (
            of.asked(asked).actor,
            AnswerClarification(section=SECTION, message=of.answered(asked)),
        ),
    ]
    for actor, command in held:
        with refused("evaluation.paused"):
            of.world.do(actor, command)
    with refused("evaluation.paused"):
        of.pause()
    of.go_on()
    of.answer(asked)
    of.check_question(wanted)


def test_the_refusal_says_since_when_and_why() -> None:
    of = sitting()
    of.pause("fault")
    since = of.world.record[-1][1].at
    of.world.now += HOUR
    with pytest.raises(Refused) as caught:
        of.act(1, StandAside, reason="r")
    assert caught.value.facts == {"since": since, "cause": "fault"}


def test_what_bidders_may_still_say_is_due_later_by_the_time_of_the_pause() -> None:
    of = sitting()
    name = of.ask(of.bids[0], period=30 * MINUTE)
    before = of.found.clarifications[name].due
    of.pause()
    of.world.now += 2 * HOUR
    assert of.world.serve() == []
    assert duties(of.world.whole, of.world.now).do == ()
    of.go_on()
    resumed = of.world.record[-1][0]
    assert isinstance(resumed, Resumed)
    assert of.found.clarifications[name].due == before + resumed.shift
    assert of.world.serve() == []
    of.answer(name)


def test_what_was_due_before_the_pause_expires_after_it() -> None:
    of = sitting()
    name = of.ask(of.bids[0], period=30 * MINUTE)
    of.world.now = of.found.clarifications[name].due
    of.paused(HOUR)
    assert of.world.serve() == [f"expire/{name}"]


def test_a_suspension_within_a_pause_moves_nothing_twice() -> None:
    of = sitting()
    name = of.ask(of.bids[0], period=30 * MINUTE)
    before = of.found.clarifications[name].due
    of.pause()
    of.suspend()
    of.world.now += HOUR
    with refused("project.wrong_phase"):
        of.go_on()
    of.resume()
    assert of.found.clarifications[name].due == before
    of.world.now += HOUR
    of.go_on()
    resumed = of.world.record[-1][0]
    assert isinstance(resumed, Resumed)
    assert 2 * HOUR <= resumed.shift < 3 * HOUR
    assert of.found.clarifications[name].due == before + resumed.shift


def test_the_report_is_not_drawn_up_while_it_is_paused() -> None:
    of = sitting().reviewed().priced()
    for seat in of.people:
        of.submit(seat)
    report = f"report/{SECTION}/0"
    assert [name for name, _ in duties(of.world.whole, of.world.now).do] == [report]
    of.pause()
    assert duties(of.world.whole, of.world.now).do == ()
    of.go_on()
    assert [name for name, _ in duties(of.world.whole, of.world.now).do] == [report]


def test_the_second_envelope_waits_for_the_end_of_the_pause() -> None:
    of = two_envelopes().reviewed().marked()
    passed = tuple(of.world.state.bids[bid].organisation for bid in of.bids)
    of.pause()
    with refused("evaluation.paused"):
        of.decide_stage(passed)
    of.go_on()
    of.decide_stage(passed)


def test_a_pause_is_the_clerks_and_ends_with_the_report() -> None:
    of = sitting()
    with refused("evaluation.not_paused"):
        of.go_on()
    of.reviewed().priced().marked()
    of.draw_up()
    of.paused(HOUR)
    of.signed()
    with refused("report.finished"):
        of.pause()


def test_another_state_than_that_of_the_pause_is_put_on_the_record_and_stays_paused() -> None:
    of = sitting()
    of.pause()
    command = Resume(section=SECTION)
    with refused("evaluation.not_folded"):
        of.world.do(of.world.clerk.actor, command)
    with refused("evaluation.not_folded"):
        other = FoldedAgain("another", of.pause_now.salt, SALT)
        of.world.do(of.world.clerk.actor, command, checked=other)
    with refused("evaluation.not_folded"):
        older = FoldedAgain(SECTION, SALT, SALT)
        of.world.do(of.world.clerk.actor, command, checked=older)
    again = FoldedAgain(SECTION, of.pause_now.salt, SALT)
    of.world.do(of.world.clerk.actor, command, checked=again)
    assert of.world.record[-1][0] == StateDiffered(section=SECTION, state=SALT)
    assert of.found.pause is not None
    assert of.found.pause.differed == SALT
    with refused("evaluation.state_differs"):
        check_same(of.found.pause)
    with refused("evaluation.paused"):
        of.act(1, StandAside, reason="r")
    of.go_on()
    assert of.found.pause is None


def test_a_state_that_changed_in_memory_alone_differs_too() -> None:
    of = sitting()
    of.pause()
    again = folded_again(of.world.whole.evaluation, SECTION)
    evaluation = of.world.whole.evaluation
    changed = replace(of.found, prices_checked=True)
    whole = replace(evaluation, evaluations={SECTION: changed})
    of.world.whole = replace(of.world.whole, evaluation=whole)
    of.world.do(of.world.clerk.actor, Resume(section=SECTION), checked=again)
    assert of.world.record[-1][0] == StateDiffered(section=SECTION, state=hash_with(of, changed))


def hash_with(of: Sitting, changed: Any) -> str:
    return state_hash(changed, of.rule, of.pause_now.salt)


ACTS: dict[str, Callable[[Sitting], object]] = {
    "a ballot": lambda of: of.elect(),
    "a review": lambda of: of.reviewed({of.bids[0]: "unqualified"}),
    "a question": lambda of: of.draft(1, of.bids[0]),
    "a wish": lambda of: of.agree(2, of.draft(1, of.bids[0])),
    "an answer": lambda of: of.answer(of.ask(of.bids[0])),
    "a judgement": lambda of: of.clarified(of.ask(of.bids[0]), accepting=3),
    "prices": lambda of: of.reviewed().priced(),
    "a correction": lambda of: of.reviewed().propose(1, of.bids[0], 1),
    "a sheet": lambda of: of.reviewed().priced().submit(1),
    "a report": lambda of: of.reviewed().priced().marked().draw_up(),
    "somebody leaves": lambda of: of.act(1, StandAside, reason="r"),
}


@pytest.mark.parametrize("act", ACTS.values(), ids=ACTS)
def test_every_act_makes_another_hash(act: Callable[[Sitting], object]) -> None:
    of = Sitting(opened()).bind().convene()
    for seat in of.people:
        before = hashed(of)
        of.sit(seat)
        assert hashed(of) != before
    if act is not ACTS["a ballot"]:
        of.elect()
    before = hashed(of)
    act(of)
    assert hashed(of) != before
    whole = fold(RULES, PROJECT, of.world.record)
    again = whole.evaluation.evaluations[SECTION]
    assert state_hash(again, of.rule, SALT) == hashed(of)


def test_the_hash_tells_nothing_to_whoever_has_not_its_salt() -> None:
    of = sitting()
    assert hashed(of) != state_hash(of.found, of.rule, "cd" * 32)
    of.pause()
    paused = of.world.record[-1][0]
    assert isinstance(paused, Paused)
    of.go_on()
    of.pause()
    again = of.world.record[-1][0]
    assert isinstance(again, Paused)
    assert (paused.salt, paused.state) != (again.salt, again.state)
