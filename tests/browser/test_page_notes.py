"""A member notes on a page of a bid: kept as it is typed, found again, never lost to another window."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.browser.conftest import put
from tests.browser.reading import filed
from tests.browser.shown import Shown
from tests.browser.speech import CHINESE as SAY
from tests.browser.stage import Stage
from tests.browser.visit import Visit, check_axe, visit
from tests.opening.world import PROJECT, SECTION
from web.clock import SetClock

pytestmark = pytest.mark.slow

DESK = f"/projects/{PROJECT}/desk/{SECTION}"
OWN = 5


@pytest.fixture
def room(tmp_path: Path) -> Iterator[tuple[Shown, Stage]]:
    stage = filed().world
    assert isinstance(stage, Stage)
    with Shown(put(stage, tmp_path / "data"), SetClock(stage.now)) as service:
        yield service, stage


@pytest.fixture
def desk(chromium: Browser, room: tuple[Shown, Stage]) -> Iterator[Visit]:
    service, stage = room
    with visit(chromium, service, stage.experts[OWN - 1]) as made:
        shown(made.goto(DESK), 1)
        yield made


def shown(page: Page, number: int) -> None:
    expect(page.locator(f".reader-sheet[data-page='{number}'] > canvas")).to_be_visible()


def note(page: Page, text: str) -> None:
    page.locator("#reader-note").fill(text)


def saved(page: Page) -> None:
    expect(page.locator(".reader-note .is-saved")).to_contain_text(SAY("Saved {at}").split(" ")[0])


def test_a_note_is_kept_by_page_found_in_the_list_and_jumped_to(desk: Visit) -> None:
    page = desk.page
    page.locator(".reader-view").focus()
    page.keyboard.press("n")
    shown(page, 2)
    page.keyboard.press("m")
    page.keyboard.type("工期与进度计划不一致")
    saved(page)
    expect(page.locator(".reader-note label")).to_contain_text("2")
    page.locator(".reader-view").focus()
    page.keyboard.press("n")
    shown(page, 3)
    expect(page.locator("#reader-note")).to_have_value("")
    page.locator("#reader-bid").select_option(index=1)
    expect(page.locator("#reader-bid option:checked")).to_contain_text("2 ")
    page.reload()
    shown(page, 1)
    page.locator("#reader-bid").select_option(index=1)
    page.locator(".reader-noted > summary").click()
    check_axe(desk)
    page.get_by_role("button", name="工期与进度计划不一致").click()
    shown(page, 2)
    expect(page.locator("#reader-note")).to_have_value("工期与进度计划不一致")
    expect(page.locator("#reader-bid option:checked")).to_contain_text("1 ")
    desk.check()


def test_what_is_typed_while_the_service_is_away_is_kept_once_it_is_back(desk: Visit) -> None:
    page = desk.page
    page.route("**/notes", lambda route: route.abort())
    note(page, "断线时写下")
    expect(page.locator(".reader-note .is-again")).to_be_visible()
    page.reload()
    page.unroute("**/notes")
    page.reload()
    shown(page, 1)
    expect(page.locator("#reader-note")).to_have_value("断线时写下")
    saved(page)


@pytest.mark.parametrize("keeps_own", [True, False], ids=["own", "other"])
def test_a_note_changed_in_another_window_is_not_written_over(
    desk: Visit, *, keeps_own: bool
) -> None:
    page = desk.page
    other = page.context.new_page()
    other.goto(page.url)
    shown(other, 1)
    note(other, "另一窗口的笔记")
    saved(other)
    note(page, "这一窗口的笔记")
    expect(page.locator(".reader-notes [role=alert]")).to_contain_text("另一窗口的笔记")
    check_axe(desk)
    choice = "Keep what is here" if keeps_own else "Show that note"
    page.get_by_role("button", name=SAY(choice)).click()
    text = "这一窗口的笔记" if keeps_own else "另一窗口的笔记"
    saved(page)
    expect(page.locator("#reader-note")).to_have_value(text)
    other.reload()
    shown(other, 1)
    expect(other.locator("#reader-note")).to_have_value(text)
