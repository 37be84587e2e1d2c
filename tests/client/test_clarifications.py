"""Questions to bidders: what each seat sends, what a bidder signs, and what a terminal shows."""

import base64
import json
from collections.abc import Callable
from contextlib import AsyncExitStack
from pathlib import Path
from typing import Any

import pytest

from client.bidder import Bidder
from client.errors import NotTrusted, Unusable
from client.rehearsal.cast import Casting
from client.rehearsal.clarifying import courses
from client.rehearsal.plan import Plan
from client.seat import Seat
from evaluation.clarification import MOST, check_names, question_hash
from evaluation.messages import ClarificationAnswer
from tests.client.shown import BIDS, KEY, PROJECT, SECTION, Showing, showing, view

ASKED, QUESTION = "3c" * 16, "请说明[1]以哪一处为准。"
WHERE = (PROJECT, ASKED, "--section", SECTION)
ASKING = ("--section", SECTION, "--text", QUESTION)
ACTS: dict[str, tuple[tuple[str, ...], dict[str, Any]]] = {
    "draft_clarification": (
        ("expert", "draft-clarification", PROJECT, BIDS[0], *ASKING, "--minutes", "90"),
        {"bid": BIDS[0], "text": QUESTION, "period": 5_400_000},
    ),
    "agree_clarification": (("expert", "agree-clarification", *WHERE), {}),
    "drop_clarification": (("expert", "drop-clarification", *WHERE), {}),
    "check_question": (("supervisor", "check-question", *WHERE), {}),
    "check_answer": (
        ("supervisor", "check-answer", *WHERE, "--return", "写有姓名"),
        {"returned": "写有姓名"},
    ),
    "judge_answer": (("expert", "judge-answer", *WHERE, "--refuse"), {"accepts": False}),
}


def asked(**changed: Any) -> dict[str, Any]:
    """Return a question as the bidder is shown it."""
    told = {
        "clarification": ASKED,
        "bid": BIDS[0],
        "question": QUESTION,
        "question_hash": question_hash(QUESTION),
        "due": 1_800_000_000_000,
        "status": "sent",
    }
    return told | changed


async def answer(at: Showing, folder: Path, text: str, clarification: str = ASKED) -> None:
    async with Seat(at.profile(folder), patience=1) as seat:
        bidder = Bidder(seat, lambda: KEY, "c0" * 16)
        question = await bidder.question(PROJECT, SECTION, clarification)
        await bidder.answer(PROJECT, SECTION, question, text)


def said(at: Showing) -> ClarificationAnswer:
    (command,) = at.posted
    assert command["type"] == "evaluation.answer_clarification"
    return ClarificationAnswer.read(base64.b64decode(command["message"]["payload"]))


@pytest.mark.parametrize("name", ACTS)
def test_each_act_is_one_command_about_one_question(tmp_path: Path, name: str) -> None:
    words, fields = ACTS[name]
    about = {} if name == "draft_clarification" else {"clarification": ASKED}
    with showing() as at:
        done = at.run(tmp_path, *words)
    assert done.exit_code == 0, done.output
    expected = {"type": f"evaluation.{name}", "section": SECTION, **about, **fields}
    assert at.posted == [expected]


async def test_an_answer_is_signed_with_the_hash_of_its_question(tmp_path: Path) -> None:
    with showing() as at:
        at.ask("clarifications", asked(clarification="4d" * 16, question="其他"), asked())
        await answer(at, tmp_path, "以投标函为准。")
    found = said(at)
    assert (found.project, found.section, found.clarification) == (PROJECT, SECTION, ASKED)
    assert (found.question, found.text) == (question_hash(QUESTION), "以投标函为准。")


@pytest.mark.parametrize(
    ("items", "text", "error", "told"),
    [
        ([asked(question="另一个问题")], "是", NotTrusted, "not the one that was sent"),
        ([asked(clarification="4d" * 16)], "是", Unusable, "does not ask you this"),
        ([], "是", Unusable, "does not ask you this"),
        ([asked()], "", Unusable, "1 to 20000 characters"),
        ([asked()], "长" * 20_001, Unusable, "1 to 20000 characters"),
    ],
)
async def test_what_cannot_be_answered_is_not_signed(
    tmp_path: Path, items: list[dict[str, Any]], text: str, error: type[Exception], told: str
) -> None:
    with showing() as at:
        at.ask("clarifications", *items)
        with pytest.raises(error, match=told):
            await answer(at, tmp_path, text)
    assert not at.posted


def test_a_bidder_lists_what_it_is_asked_and_what_it_let_expire(tmp_path: Path) -> None:
    items = [asked(), asked(clarification="4d" * 16, status="expired")]
    with showing() as at:
        at.ask("clarifications", *items)
        words = ("bidder", "clarifications", PROJECT, "--section", SECTION)
        done = at.run(tmp_path, *words)
    assert json.loads(done.stdout) == {"items": items}


def test_a_question_is_read_before_its_answer_is_signed(tmp_path: Path) -> None:
    words = ("bidder", "answer", *WHERE, "--text", "以投标函为准。")
    with showing() as at:
        at.ask("clarifications", asked())
        refused = at.run(tmp_path, *words, typed="n\n")
        assert refused.exit_code == 1
        assert not at.posted
        done = at.run(tmp_path, *words, typed="y\n")
    assert QUESTION in done.output
    assert said(at).text == "以投标函为准。"


def test_a_member_is_shown_questions_and_answers_word_for_word(tmp_path: Path) -> None:
    told = {
        "clarification": ASKED,
        "bid": BIDS[0],
        "question": QUESTION,
        "status": "shown",
        "returned": "写有姓名",
        "answer": "以[2]为准。",
    }
    with showing(clarifications=[told, {**told, "status": "drafted", "answer": None}]) as at:
        done = at.run(tmp_path, "expert", "view", PROJECT, "--section", SECTION)
    lines = done.output.splitlines()
    head = f"question {ASKED} {BIDS[0]}: "
    at_shown = lines.index(head + "shown")
    assert lines[at_shown + 1 : at_shown + 4] == [QUESTION, "given back: 写有姓名", "以[2]为准。"]
    assert lines.count("以[2]为准。") == 1
    assert head + "drafted" in lines


@pytest.mark.parametrize(
    ("words", "told"),
    [
        ((*ACTS["draft_clarification"][0][:-1], "4"), "greater than or equal to 5"),
        ((*ACTS["draft_clarification"][0][:-1], "10081"), "less than or equal to 10080"),
        (("expert", "agree-clarification", PROJECT, "?", "--section", SECTION), "clarification: "),
        (("expert", "judge-answer", *WHERE), "--accept"),
    ],
)
def test_wrong_usage_is_told_and_nothing_is_sent(
    tmp_path: Path, words: tuple[str, ...], told: str
) -> None:
    with showing() as at:
        done = at.run(tmp_path, *words)
    assert done.exit_code == 2
    assert told in done.output
    assert not at.posted


@pytest.mark.parametrize(
    "plan",
    [
        lambda: Plan(clarifications=1),
        lambda: Plan(experts=5, clarifications=-1),
        lambda: Plan(experts=5, clarifications=MOST + 1),
    ],
)
def test_questions_that_cannot_be_played_are_refused(plan: Callable[[], Plan]) -> None:
    with pytest.raises(Unusable, match="asks at most as many questions as"):
        plan().check()


def test_answers_are_accepted_by_turns_and_only_the_first_two_are_given_back() -> None:
    Plan(experts=5, clarifications=MOST).check()
    assert courses(0) == ()
    found = courses(5)
    assert [one.accepted for one in found] == [True, False, True, False, True]
    assert [one.by_chair for one in found] == [False, True, False, True, False]
    returned = [(one.question_returned, one.answer_returned) for one in found]
    assert [tuple(map(bool, one)) for one in returned[:2]] == [(True, False), (False, True)]
    assert set(returned[2:]) == {(None, None)}


def test_no_planned_question_carries_a_name_of_the_cast(tmp_path: Path) -> None:
    casting, names = Casting(tmp_path, "", AsyncExitStack()), set[str]()
    while (name := casting.person_name()) not in names:
        names.add(name)
        casting.organisation("专家所在单位")
    assert len(names) > 20
    for one in courses(MOST):
        check_names(one.question, sorted(names))


def test_the_view_of_a_member_without_questions_shows_none(tmp_path: Path) -> None:
    assert "clarifications" not in view()
    with showing() as at:
        done = at.run(tmp_path, "expert", "view", PROJECT, "--section", SECTION)
    assert "question" not in done.output
