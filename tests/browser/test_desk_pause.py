"""A committee discusses and pauses in browsers: by clicks and keys, and nothing typed is lost."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.browser.committee import NAMES, convened
from tests.browser.speech import CHINESE as SAY
from tests.browser.test_desk import DESK, Room, served
from tests.browser.visit import check_axe, visit
from tests.opening.world import PROJECT, SECTION

pytestmark = pytest.mark.slow

CHAIR, MEMBER = 5, 1
TEXT = "第三章的进度计划与投标函不一致。"
COMMITTEE = f"/clerk/{PROJECT}/committee/{SECTION}"


@pytest.fixture
def seated(tmp_path: Path) -> Iterator[Room]:
    with served(convened().seated(), tmp_path) as made:
        yield made


def open_discussion(page: Page) -> None:
    page.locator(".discussion > summary").click()
    expect(page.get_by_label(SAY("Say something to the committee"))).to_be_visible()


def test_members_discuss_live_and_the_supervisor_reads_along(
    chromium: Browser, seated: Room
) -> None:
    people, world = seated.bench.people, seated.bench.world
    with (
        visit(chromium, seated.service, people[MEMBER]) as one,
        visit(chromium, seated.service, people[CHAIR]) as two,
        visit(chromium, seated.service, world.supervisor) as three,
    ):
        member, chair = one.goto(DESK), two.goto(DESK)
        expect(chair.locator(".discussion")).to_be_visible()
        open_discussion(member)
        box = member.get_by_label(SAY("Say something to the committee"))
        box.fill(TEXT)
        member.reload()
        expect(box).to_have_value(TEXT)
        box.press("Control+Enter")
        expect(member.locator(".said-list")).to_contain_text(TEXT)
        expect(box).to_have_value("")
        expect(chair.locator(".discussion > summary")).to_contain_text(
            SAY("{count} new", count="1")
        )
        open_discussion(chair)
        expect(chair.locator(".said-list[role=log]")).to_contain_text(NAMES[MEMBER])
        expect(chair.locator(".discussion > summary .tag")).to_have_count(0)
        check_axe(two)
        watching = three.goto("/supervisor")
        watching.locator(".discussion > summary").click()
        expect(watching.locator(".said-list")).to_contain_text(TEXT)
        expect(watching.locator(".discussion textarea")).to_have_count(0)


def test_the_clerk_pauses_every_desk_and_all_go_on_where_they_were(
    chromium: Browser, seated: Room
) -> None:
    people, world = seated.bench.people, seated.bench.world
    with (
        visit(chromium, seated.service, people[MEMBER]) as one,
        visit(chromium, seated.service, world.clerk) as two,
    ):
        member, clerk = one.goto(DESK), two.goto(COMMITTEE)
        member.get_by_label(SAY("verdict passed"), exact=True).first.check()
        clerk.locator(".pause-form > summary").click()
        clerk.get_by_label(SAY("pause overnight"), exact=True).check()
        clerk.get_by_label(SAY("Reason, on the record")).fill("今日评标到此")
        clerk.locator(".pause-form").get_by_role("button").click()
        _confirm(clerk)
        for made in (one, two):
            expect(made.page.locator(".paused-box")).to_contain_text("今日评标到此")
            check_axe(made)
        words = [page.locator(".paused-box .fingerprint").inner_text() for page in (member, clerk)]
        assert words[0] == words[1]
        expect(member.locator("kb-documents")).to_have_count(0)
        member.reload()
        expect(member.locator(".paused-box")).to_be_visible()
        clerk.get_by_role("button", name=SAY("Resume the evaluation")).click()
        _confirm(clerk)
        expect(member.locator(".paused-box")).to_have_count(0)
        expect(member.get_by_label(SAY("verdict passed"), exact=True).first).to_be_checked()
        expect(clerk.locator(".pause-form")).to_be_visible()
        one.complaints.clear()


def _confirm(page: Page) -> None:
    """Type the project's number, as the dialog asks."""
    dialog = page.locator("dialog.ask")
    dialog.get_by_role("textbox").fill(page.locator(".over .mono").first.inner_text())
    dialog.get_by_role("button").first.click()
