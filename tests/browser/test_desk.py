"""An expert's desk by clicks: from the sign-in to the signed report, and what disturbs it between."""

import re
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, Locator, Page, expect

from evaluation.events import ReportFinished
from tests.browser.committee import Bench, Others, convened
from tests.browser.conftest import put
from tests.browser.looking import faults
from tests.browser.shown import Shown
from tests.browser.speech import CHINESE as SAY
from tests.browser.speech import speaker
from tests.browser.stage import Stage
from tests.browser.visit import LOOKS, NARROW, check_axe, visit
from tests.needs import chinese_font
from tests.opening.parties import Party
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

    @property
    def own(self) -> Party:
        return self.bench.people[OWN]


@contextmanager
def served(bench: Bench, tmp_path: Path) -> Iterator[Room]:
    chinese_font()
    stage = bench.world
    assert isinstance(stage, Stage)
    folder = put(stage, tmp_path / "data")
    with witnessing() as (witness, url):
        told: dict[str, Any] = {"witness_url": url, "witness_vkey": SIGNER.verifier.encode()}
        with Shown(folder, SetClock(stage.now), **told, witness_patience=300) as service:
            witness.log = service.services.sequencer.log_key
            yield Room(bench, service, folder, Others(bench, service, folder, (1, 2, 3, 4)))


@pytest.fixture
def room(tmp_path: Path) -> Iterator[Room]:
    with served(convened(), tmp_path) as made:
        yield made


@pytest.fixture
def marking(tmp_path: Path) -> Iterator[Room]:
    """A committee that is to give its marks, of two bids."""
    bench = convened()
    bench.seated()
    bench.reviewed({bench.bids[2]: "unqualified"}).priced()
    with served(bench, tmp_path) as made:
        yield made


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
    with visit(chromium, room.service, room.own) as made:
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
        page.get_by_label(SAY("Competition is enough; the bids are evaluated")).check()
        page.get_by_label(SAY("Reason; it stands in the report")).fill("两家报价差异明显。")
        click(page, "Submit the judgement")
        agree(page, "Submit the judgement")
        others.judge_competition(lacking=False, by=2)
        panel(page, "prices")
        click(page, "The prices are checked")
        agree(page, "The prices are checked")
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
        check_outcome(page)
        page.get_by_label(SAY("I dissent, for reasons I give")).check()
        page.get_by_label(SAY("Reasons of the dissent")).fill("第二候选人的业绩得分偏高。")
        click(page, "Sign my dissent")
        others.sign()
        click(page, "Let the report stand")
        agree(page, "Let the report stand", "FINISH")
        expect(page.locator(".note-green").last).to_have_text(
            SAY("The report stands. Your work here is done.")
        )
        check_axe(made)
        made.check()
    assert any(isinstance(event, ReportFinished) for event, _ in read_record(room.folder))


def check_outcome(page: Page) -> None:
    """The panel names places and totals as the report's facts do, and who has none."""
    where = page.get_by_role("link", name=SAY("Facts of the report (JSON)")).get_attribute("href")
    facts = page.request.get(f"{page.url.split('/projects')[0]}{where}").json()
    names = {one["bid"]: one["name"] for one in facts["review"]}
    rows = page.locator(".outcome tbody tr")
    places, invalid = facts["outcome"]["places"], facts["outcome"]["invalid"]
    assert places
    expect(rows).to_have_count(len(places))
    for number, one in enumerate(places):
        expect(rows.nth(number).locator("th")).to_contain_text(names[one["bid"]])
        expect(rows.nth(number).locator("td").last).to_have_text(one["total"])
    out = [one["bid"] for one in (*facts["review"], *invalid) if "rejected" in one or "why" in one]
    assert len(out) + len(places) == len(names)
    expect(page.locator(".without b")).to_have_text([names[bid] for bid in out])


def test_a_report_other_than_the_recorded_one_is_told_before_it_is_signed(
    chromium: Browser, tmp_path: Path
) -> None:
    bench = convened()
    bench.seated().reviewed().marked()
    with (
        served(bench, tmp_path) as room,
        visit(chromium, room.service, room.own) as made,
    ):
        made.page.route("**/report/json", lambda route: route.fulfill(body=b"{}"))
        page = made.goto(DESK)
        expect(page.get_by_role("alert")).to_have_text(
            SAY("The report that can be fetched is not the one on the record.")
        )
        expect(page.locator(".outcome")).to_have_count(0)


def mark(page: Page, row: int, column: int = 0) -> Locator:
    return page.locator(f'input[data-column="{column}"]').nth(row)


def is_saved(page: Page) -> None:
    expect(page.locator("p.draft-state.is-saved")).to_be_visible()


def test_what_is_wrong_with_a_mark_is_said_in_its_cell_at_once(
    chromium: Browser, marking: Room
) -> None:
    with visit(chromium, marking.service, marking.own) as made:
        page = made.goto(DESK)
        mark(page, 0).fill("25.5")
        wrong = page.locator(".cell-wrong")
        expect(wrong).to_have_text(SAY("wrong range"))
        expect(mark(page, 0)).to_have_attribute("aria-invalid", "true")
        mark(page, 0).fill("20.3")
        expect(wrong).to_have_text(SAY("wrong step"))
        mark(page, 0).fill("二十")
        expect(wrong).to_have_text(SAY("wrong number"))
        mark(page, 0).fill("２０．５")
        expect(wrong).to_have_count(0)
        expect(page.locator(".sheet-sum td").first).to_have_text("20.5")


def test_a_draft_survives_a_reload_and_a_service_that_is_away(
    chromium: Browser, marking: Room
) -> None:
    with visit(chromium, marking.service, marking.own) as made:
        page = made.goto(DESK)
        mark(page, 0).fill("20.5")
        is_saved(page)
        page.route("**/draft", lambda route: route.abort())
        mark(page, 1).fill("8")
        told = page.locator("p.draft-state")
        expect(told).to_have_text(SAY("Not saved, trying again"))
        page.unroute("**/draft")
        page.reload()
        is_saved(page)
        expect(mark(page, 0)).to_have_value("20.5")
        expect(mark(page, 1)).to_have_value("8")
    with visit(chromium, marking.service, marking.own) as other:
        expect(mark(other.goto(DESK), 1)).to_have_value("8")


def test_two_windows_do_not_write_over_each_other(chromium: Browser, marking: Room) -> None:
    own = marking.own
    with visit(chromium, marking.service, own) as one, visit(chromium, marking.service, own) as two:
        first, second = one.goto(DESK), two.goto(DESK)
        expect(mark(second, 0)).to_be_visible()
        mark(first, 0).fill("20")
        is_saved(first)
        mark(second, 0).fill("10")
        click(second, "Show the newer draft")
        expect(mark(second, 0)).to_have_value("20")
        mark(second, 0).fill("11")
        is_saved(second)
        mark(first, 1).fill("9")
        click(first, "Keep what is here")
        is_saved(first)
    with visit(chromium, marking.service, own) as third:
        page = third.goto(DESK)
        expect(mark(page, 1)).to_have_value("9")
        expect(mark(page, 0)).to_have_value("20")


def test_standing_aside_takes_a_reason_and_a_word_and_ends_the_desk(
    chromium: Browser, room: Room
) -> None:
    with visit(chromium, room.service, room.own, width=NARROW) as made:
        page = made.goto(DESK)
        page.get_by_text(SAY("Stand aside"), exact=True).first.click()
        page.get_by_label(SAY("The reason, which is recorded")).fill("近亲属在一投标人处任职。")
        click(page, "Stand aside")
        agree(page, "Stand aside", "STAND ASIDE")
        expect(page.locator("kb-desk")).to_contain_text(SAY("You have left this committee."))
        made.goto("/expert")
        expect(page.locator("main")).to_contain_text(SAY("You sit on no committee"))


PANELS: dict[str, Callable[[Bench], object]] = {
    "sign_in": lambda bench: bench.sit(1),
    "review": lambda bench: bench.seated(),
    "competition": lambda bench: bench.seated().reviewed({bench.bids[2]: "unqualified"}),
    "prices": lambda bench: bench.seated().reviewed(),
    "marks": lambda bench: bench.seated().reviewed().priced(),
    "report": lambda bench: bench.seated().reviewed().marked(),
}


HEADINGS = {"competition": "panel review"}
"""What is judged between two panels stands in the one before."""


@pytest.mark.parametrize("name", PANELS)
def test_every_panel_is_sound_in_both_languages_and_at_320_pixels(
    chromium: Browser, tmp_path: Path, name: str
) -> None:
    bench = convened()
    PANELS[name](bench)
    with served(bench, tmp_path) as made:
        for language, look in LOOKS.items():
            with visit(chromium, made.service, made.own, language=language, **look) as at:
                page = at.goto(DESK)
                expect(page.locator("#h-panel")).to_have_text(
                    speaker(language)(HEADINGS.get(name, f"panel {name}"))
                )
                assert list(faults(at, language)) == []
                assert page.evaluate("document.documentElement.scrollWidth") <= look.get(
                    "width", 1280
                )
                check_axe(at)
                at.check()
