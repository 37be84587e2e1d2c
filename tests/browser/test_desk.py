"""An expert's desk by clicks: from the sign-in to the signed report, and what disturbs it between."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect

from evaluation.events import ReportFinished
from tests.browser.committee import Bench, Others, convened
from tests.browser.conftest import put
from tests.browser.shown import Shown
from tests.browser.speech import CHINESE as SAY
from tests.browser.stage import Stage
from tests.browser.visit import check_axe, visit
from tests.needs import chinese_font
from tests.opening.world import PROJECT, SECTION
from tests.web.tender import read_record
from tests.web.witness import SIGNER, witnessing
from web.clock import SetClock

pytestmark = pytest.mark.slow

DESK = f"/projects/{PROJECT}/desk/{SECTION}"
OWN = 5


@dataclass
class Room:
    """The service with a committee, and its members who are not at the browser."""

    bench: Bench
    service: Shown
    folder: Path
    others: Others

    def visit(self, chromium: Browser, seat: int = OWN, **more: object) -> object:
        return visit(chromium, self.service, self.bench.people[seat], **more)


@pytest.fixture
def room(tmp_path: Path) -> Iterator[Room]:
    chinese_font()
    bench = convened()
    stage = bench.world
    assert isinstance(stage, Stage)
    folder = put(stage, tmp_path / "data")
    with witnessing() as (witness, url):
        told = {"witness_url": url, "witness_vkey": SIGNER.verifier.encode()}
        with Shown(folder, SetClock(stage.now), **told, witness_patience=300) as service:
            witness.log = service.services.sequencer.log_key
            yield Room(bench, service, folder, Others(bench, service, folder, (1, 2, 3, 4)))


def click(page: Page, sentence: str) -> None:
    page.locator("kb-desk").get_by_role("button", name=SAY(sentence), exact=True).click()


def panel(page: Page, name: str) -> None:
    """Wait until a panel is the one to act in."""
    expect(page.locator("#h-panel")).to_have_text(SAY(f"panel {name}"))


def agree(page: Page, action: str, word: str | None = None) -> None:
    """Answer a dialog."""
    dialog = page.get_by_role("dialog")
    if word is not None:
        dialog.get_by_role("textbox").fill(SAY(word))
    dialog.get_by_role("button", name=SAY(action)).click()


def sit_down(page: Page) -> None:
    """Make this browser's key count, sign, declare no ties and confirm the names."""
    click(page, "Make this browser's signing key")
    click(page, "Sign with this browser's key in this project")
    click(page, "Sign the commitment")
    panel(page, "ties")
    page.get_by_label(SAY("I have none")).check()
    click(page, "Declare my ties")
    panel(page, "names")
    click(page, "Nothing speaks against it")
    panel(page, "ballot")


def review_all(page: Page, bids: int) -> None:
    """Let everything pass, by keys alone."""
    for _ in range(bids):
        first = page.locator(".review-item input").first
        first.focus()
        for _ in range(3):
            page.keyboard.press("1")
        click(page, "Give my review of this bid")
        expect(page.locator(".review-item input:checked")).to_have_count(0)


def fill_in(page: Page) -> None:
    """Give every mark, by keys alone."""
    for column in range(page.locator(".sheet-bid").count()):
        page.locator(f'input[data-column="{column}"]').first.focus()
        for mark in ("20.5", "8", "7", "5"):
            page.keyboard.type(mark)
            page.keyboard.press("Enter")


def test_a_member_goes_from_the_sign_in_to_the_signed_report_by_clicks_and_keys(
    chromium: Browser, room: Room
) -> None:
    others = room.others
    with visit(chromium, room.service, room.bench.people[OWN]) as made:
        page = made.goto("/expert")
        page.get_by_role("link", name="滨河路").click()
        panel(page, "sign_in")
        sit_down(page)
        others.sit()
        page.get_by_role("radio", name="陈晓岚").check()
        click(page, "Vote for the chair")
        others.elect(OWN)
        panel(page, "review")
        review_all(page, 3)
        others.review({1: (0, "grade"), 2: (0, "grade")})
        page.get_by_role("button", name=SAY("Open the vote")).click()
        page.get_by_role("button", name=re.compile("^" + SAY("It passes"))).click()
        bid = room.bench.bids[0]
        others.vote(bid, "grade", passes=False)
        page.get_by_label(
            SAY("Ground for rejecting {bidder}", bidder="长江路桥")[:4]
        ).select_option("unqualified")
        click(page, "Close the review")
        agree(page, "Close the review")
        panel(page, "marks")
        fill_in(page)
        expect(page.locator(".sheet-left")).to_have_text(SAY("Every mark is there"))
        click(page, "Submit my marks")
        agree(page, "Submit my marks", "SUBMIT")
        expect(page.locator(".waits")).to_have_text(
            SAY("Your marks are submitted. They are shown when all are in.")
        )
        others.submit()
        panel(page, "report")
        page.get_by_label(SAY("I dissent, for reasons I give")).check()
        page.get_by_label(SAY("Reasons of the dissent")).fill("第二候选人的业绩得分偏高。")
        click(page, "Sign my dissent")
        others.sign()
        click(page, "Let the report stand")
        agree(page, "Let the report stand", "FINISH")
        expect(page.locator(".note-green")).to_have_text(
            SAY("The report stands. Your work here is done.")
        )
        check_axe(made)
        made.check()
    assert any(isinstance(event, ReportFinished) for event, _ in read_record(room.folder))
