"""Questions to bidders at an expert's desk: drafted, agreed, followed and judged by clicks and keys."""

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import httpx
import pytest
from playwright.sync_api import Browser, Locator, Page, expect

from evaluation.clarification import Clarification
from evaluation.commands import AnswerClarification, CheckAnswer, CheckQuestion, JudgeAnswer
from tests.browser.committee import NAMES, Bench, convened
from tests.browser.looking import faults
from tests.browser.speech import CHINESE as SAY
from tests.browser.speech import speaker
from tests.browser.test_desk import DESK, Room, agree, served
from tests.browser.visit import LOOKS, Visit, check_axe, visit
from tests.opening.parties import Party
from tests.opening.world import PROJECT, SECTION
from tests.web.tender import headers

pytestmark = pytest.mark.slow

CHAIR, MEMBER = 5, 1
TEXT = "投标函与进度计划的工期不一致，请说明以哪一处为准。"
REASON = "问题带有倾向性"


@pytest.fixture
def seated(tmp_path: Path) -> Iterator[Room]:
    with served(convened().seated(), tmp_path) as made:
        yield made


def ask_for(room: Room, who: Party, kind: type[Any], **fields: Any) -> None:
    """Let somebody who is not at a browser act."""
    room.others.count += 1
    body = kind(section=SECTION, **fields).model_dump(mode="json")
    told = headers(who, idempotency_key=f"a{room.others.count}")
    path = f"{room.service.url}/api/projects/{PROJECT}/commands"
    answer = httpx.post(path, json=body, headers=told, trust_env=False)
    assert answer.status_code == 200, answer.text


def found(room: Room) -> Clarification:
    """Return the one question as the record has it now."""
    room.others.follow()
    (one,) = room.bench.found.clarifications.values()
    return one


def status(page: Page, name: str) -> None:
    """Wait until the one question is said to have come so far."""
    expect(page.locator(".asked .tag")).to_have_text(SAY(f"clarification {name}"))


def form(page: Page) -> Locator:
    return page.locator("#ask-new")


def press(page: Page, sentence: str) -> None:
    page.locator(".clarifying").get_by_role("button", name=re.compile("^" + SAY(sentence))).click()


def draft(page: Page, bidder: str, text: str) -> None:
    """Draft a question by keys alone, from the line that opens the form."""
    form(page).locator("summary").focus()
    page.keyboard.press("Enter")
    page.keyboard.press("Tab")
    page.get_by_label(SAY("Bidder who is asked")).select_option(label=bidder)
    page.keyboard.press("Tab")
    page.keyboard.insert_text(text)
    page.keyboard.press("Tab")
    page.keyboard.insert_text("45")


def refused(made: Visit, name: str) -> None:
    """Hand in a draft that names a member: it is said why not, and nothing else."""
    press(made.page, "Hand the draft to the committee")
    expect(form(made.page).get_by_role("alert")).to_contain_text(name)
    (said,) = made.complaints
    assert "422" in said
    made.complaints.clear()


def test_a_question_goes_from_a_members_draft_to_the_committees_judgement_live(
    chromium: Browser, seated: Room
) -> None:
    people, world = seated.bench.people, seated.bench.world
    with (
        visit(chromium, seated.service, people[MEMBER]) as one,
        visit(chromium, seated.service, people[CHAIR]) as two,
    ):
        member, chair = one.goto(DESK), two.goto(DESK)
        expect(form(chair)).to_be_visible()
        draft(member, "北方市政工程股份有限公司", f"{TEXT}{NAMES[3]}")
        refused(one, NAMES[3])
        member.reload()
        box = member.get_by_label(SAY("Question"), exact=True)
        expect(box).to_have_value(f"{TEXT}{NAMES[3]}")
        expect(member.locator("#ask-number")).to_have_value("45")
        box.fill(TEXT)
        expect(member.locator("#ask-text-count")).to_contain_text(str(len(TEXT)))
        press(member, "Hand the draft to the committee")
        status(member, "drafted")
        expect(form(member)).not_to_have_attribute("open", "")

        status(chair, "drafted")
        expect(chair.locator(".clarifying [role=status]").first).to_contain_text(
            SAY("clarification drafted")
        )
        expect(chair.locator(".asked")).to_contain_text(TEXT)
        expect(chair.locator(".asked-facts")).to_contain_text(NAMES[MEMBER])
        press(chair, "Agree to ask it")
        status(member, "agreed")
        expect(member.locator(".asked-facts")).to_contain_text(NAMES[CHAIR])
        about = {"clarification": found(seated).clarification}
        ask_for(seated, world.supervisor, CheckQuestion, **about, returned=REASON)
        for page in (member, chair):
            expect(page.locator(".asked .note-amber")).to_have_text(
                SAY("The supervisor gave the question back: {reason}", reason=REASON)
            )
        press(chair, "Agree to ask it")
        status(chair, "agreed")
        ask_for(seated, world.supervisor, CheckQuestion, **about)
        status(member, "sent")
        expect(member.locator("kb-remaining")).to_contain_text("00:4")

        question = found(seated)
        bidder = seated.bench.asked(question.clarification)
        message = seated.bench.answered(question.clarification, text="以进度计划为准。")
        ask_for(seated, bidder, AnswerClarification, message=message)
        status(member, "answered")
        expect(member.locator(".asked")).not_to_contain_text("以进度计划为准。")
        ask_for(seated, world.supervisor, CheckAnswer, **about)
        for page in (member, chair):
            expect(page.locator(".asked-answer")).to_have_text("以进度计划为准。")
        for made in (one, two):
            check_axe(made)
        for page in (member, chair):
            press(page, "Accept the answer")
            agree(page, "Accept the answer")
            expect(page.locator(".asked")).to_contain_text(SAY("You have judged."))
        ask_for(seated, people[2], JudgeAnswer, **about, accepts=True)
        expect(member.locator(".asked-ended summary")).to_be_visible()
        member.locator(".asked-ended summary").click()
        status(member, "accepted")
        for made in (one, two):
            made.check()
    assert found(seated).status == "accepted"


def test_who_drafted_a_question_takes_it_back_and_another_member_cannot(
    chromium: Browser, seated: Room
) -> None:
    people = seated.bench.people
    with (
        visit(chromium, seated.service, people[MEMBER]) as one,
        visit(chromium, seated.service, people[2]) as two,
    ):
        member, other = one.goto(DESK), two.goto(DESK)
        draft(member, "华城交通建设有限公司", TEXT)
        press(member, "Hand the draft to the committee")
        status(other, "drafted")
        taken = SAY("Take the question back")
        expect(other.get_by_role("button", name=taken)).to_have_count(0)
        press(member, "Take the question back")
        agree(member, "Take the question back")
        for page in (member, other):
            expect(page.locator(".asked-ended summary")).to_have_text(
                SAY("Questions that have their end: {count}", count=1)
            )
        one.check()
        two.check()


def test_a_period_that_cannot_be_given_is_said_at_once_and_a_number_is_wanted(
    chromium: Browser, seated: Room
) -> None:
    with visit(chromium, seated.service, seated.bench.people[MEMBER]) as made:
        page = made.goto(DESK)
        draft(page, "华城交通建设有限公司", TEXT)
        hand = page.get_by_role("button", name=SAY("Hand the draft to the committee"))
        expect(hand).to_be_enabled()
        wrong = SAY("A whole number that comes to between 5 minutes and 7 days.")
        for number, unit in (("4", "minutes"), ("8", "days"), ("半", "hours"), ("1.5", "hours")):
            page.locator("#ask-number").fill(number)
            page.locator("#ask-unit").select_option(unit)
            expect(page.locator("#ask-period-wrong")).to_have_text(wrong)
            expect(hand).to_be_disabled()
        page.locator("#ask-number").fill("２")
        expect(hand).to_be_enabled()


def asked_in_every_state(bench: Bench) -> None:
    """Leave a question in each state that a member acts in, or waits in."""
    first, second, third, *_ = bench.bids
    bench.clarified(bench.ask(first, "已经办结的问题。"), accepting=5)
    bench.draft(MEMBER, second, "刚起草的问题。")
    back = bench.draft(CHAIR, second, "被退回的问题。")
    bench.agree(CHAIR, back)
    bench.check_question(back, REASON)
    shown = bench.ask(third, "已经答复的问题。")
    bench.answer(shown)
    bench.check_answer(shown)
    bench.ask(second, "等待答复的问题。")


def test_questions_in_every_state_are_sound_in_both_languages_and_at_320_pixels(
    chromium: Browser, tmp_path: Path
) -> None:
    bench = convened().seated()
    asked_in_every_state(bench)
    with served(bench, tmp_path) as made:
        for language, look in LOOKS.items():
            with visit(chromium, made.service, made.own, language=language, **look) as at:
                page = at.goto(DESK)
                say = speaker(language)
                expect(page.locator("#h-clarifying")).to_have_text(say("Questions to bidders"))
                form(page).locator("summary").click()
                page.locator(".asked-ended summary").click()
                expect(page.locator(".asked:visible")).to_have_count(5)
                assert list(faults(at, language)) == []
                width = page.evaluate("document.documentElement.scrollWidth")
                assert width <= look.get("width", 1280)
                check_axe(at)
                at.check()
