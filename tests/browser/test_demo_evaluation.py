"""One person at one browser takes the demo's evaluation to its signed report; bots are the others.

The demo keeps its own time, so this takes minutes and belongs to the faults; it waits for what the
page shows and never for a moment.
"""

import re
import signal
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.browser.clerking import confirm
from tests.browser.demos import LONG, Demo, Person, demonstrated, person
from tests.browser.speech import CHINESE as SAY
from tests.browser.test_desk import agree, click, sit_down

pytestmark = [pytest.mark.slow, pytest.mark.timeout(1800), pytest.mark.minutes]

WAITS = "正在等候评标委员会的评标"
BIDS = 3
MARKS = ("15.5", "16", "8")


@pytest.fixture(scope="module")
def demo(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Demo]:
    with demonstrated(tmp_path_factory.mktemp("up"), 4) as running:
        yield running


def evaluation(one: Person) -> str:
    """Follow the guide to the evaluation that waits, and return its project."""
    page = one.go("/demo")
    link = page.get_by_role("link", name=WAITS)
    while not link.count():
        beat(page)
        page.reload()
    return str(link.get_attribute("href")).split("/")[2]


def beat(page: Page) -> None:
    """Wait until the strip has said once more that somebody is here."""
    with page.expect_response("**/api/demo/here", timeout=LONG):
        pass


def panel(page: Page, name: str) -> None:
    expect(page.locator("#h-panel")).to_have_text(SAY(f"panel {name}"), timeout=LONG)


def test_an_expert_from_the_guide_to_the_signed_report_over_a_power_cut(
    chromium: Browser, demo: Demo, tmp_path: Path
) -> None:
    with person(chromium, demo, "expert-2", tmp_path) as one:
        project = evaluation(one)
        page = one.page
        page.locator("[aria-labelledby=demo-expert] a").click()
        panel(page, "sign_in")
        sit_down(page)
        page.get_by_role("radio", name=re.compile(one.name)).check()
        click(page, "Vote for the chair")
        panel(page, "review")
        reviews(page)
        demo.end(signal.SIGKILL)
        demo.start()
        disagreement = page.get_by_role("button", name=SAY("Open the vote"))
        disagreement.click(timeout=LONG)
        page.get_by_role("button", name=re.compile("^" + SAY("It passes"))).click(timeout=LONG)
        close = page.get_by_role("button", name=SAY("Close the review"), exact=True)
        close.click(timeout=LONG)
        agree(page, "Close the review")
        panel(page, "prices")
        click(page, "The prices are checked")
        agree(page, "The prices are checked")
        panel(page, "marks")
        marks(page)
        answered(one, project)
        click(page, "Submit my marks")
        agree(page, "Submit my marks", "SUBMIT")
        panel(page, "report")
        page.get_by_label(SAY("I agree with the report")).check(timeout=LONG)
        click(page, "Sign the report")
        finish = page.get_by_role("button", name=SAY("Let the report stand"), exact=True)
        expect(page.locator(".signatures .tag")).to_have_count(5)
        expect(page.locator(".signatures")).not_to_contain_text(SAY("not signed yet"), timeout=LONG)
        finish.click()
        agree(page, "Let the report stand", "FINISH")
        expect(page.locator(".note-green")).to_have_text(
            SAY("The report stands. Your work here is done."), timeout=LONG
        )
        expect(page.locator(".signatures")).to_contain_text(SAY("opinion dissents"))
        page.screenshot(path=tmp_path / "finished.png", full_page=True)
        is_told(one, project)


def is_told(one: Person, project: str) -> None:
    """Wait until the guide names a project as the last one that was evaluated."""
    page = one.go("/demo")
    told = page.get_by_role("link", name="已完成评标的项目，评标报告已签署")
    while not told.count() or told.get_attribute("href") != f"/projects/{project}":
        beat(page)
        page.reload()


def reviews(page: Page) -> None:
    """Let everything pass, by keys."""
    for _ in range(BIDS):
        items = page.locator(".review-item")
        items.first.locator("input").first.focus()
        for _ in range(items.count()):
            page.keyboard.press("1")
        click(page, "Give my review of this bid")
        expect(page.locator(".review-item input:checked")).to_have_count(0)


def marks(page: Page) -> None:
    """Give every mark, by keys."""
    for column in range(BIDS):
        page.locator(f'input[data-column="{column}"]').first.focus()
        for mark in MARKS:
            page.keyboard.type(mark)
            page.keyboard.press("Enter")
    expect(page.locator(".sheet-left")).to_have_text(SAY("Every mark is there"))


def answered(one: Person, project: str) -> None:
    """Wait until the bots' question has its end: no sheet is taken before."""
    path = f"{one.demo.url}/api/projects/{project}/sections/s1/evaluation"
    while True:
        asked = one.page.request.get(path).json().get("clarifications", [])
        if asked and all(found["status"] == "accepted" for found in asked):
            return
        beat(one.page)


def test_a_supervisor_watches_an_evaluation_and_checks_question_and_answer(
    chromium: Browser, demo: Demo, tmp_path: Path
) -> None:
    with person(chromium, demo, "supervisor", tmp_path) as one:
        project = evaluation(one)
        page = one.go("/supervisor")
        seats = page.locator(f"kb-watch[data-project='{project}']")
        expect(seats.locator(".line.is-up")).to_be_visible(timeout=LONG)
        page.screenshot(path=tmp_path / "watched.png", full_page=True)
        checks(page)
        checks(page)
        stands = seats.locator(".links .tag-green")
        expect(stands).to_have_text(SAY("progress finished"), timeout=LONG)
        page.screenshot(path=tmp_path / "stands.png", full_page=True)
        is_told(one, project)


def test_whoever_stands_aside_is_replaced_and_the_bots_go_on(
    chromium: Browser, demo: Demo, tmp_path: Path
) -> None:
    with person(chromium, demo, "expert-4", tmp_path) as one:
        project = evaluation(one)
        page = one.page
        page.locator("[aria-labelledby=demo-expert] a").click()
        panel(page, "sign_in")
        page.get_by_text(SAY("Stand aside"), exact=True).first.click()
        page.get_by_label(SAY("The reason, which is recorded")).fill("近亲属在一投标人处任职。")
        click(page, "Stand aside")
        agree(page, "Stand aside", "STAND ASIDE")
        expect(page.locator("kb-desk")).to_contain_text(SAY("You have left this committee."))
        is_told(one, project)
        one.go(f"/projects/{project}")
        page.screenshot(path=tmp_path / "replaced.png", full_page=True)


def checks(page: Page) -> None:
    """Let what waits for the supervisor through, once it is there."""
    asked = page.locator(".asked").first
    while not asked.count():
        beat(page)
        page.reload()
    asked.get_by_role("button", name="审核通过").click()
    confirm(page)
    expect(page.locator(".asked")).to_have_count(0)
