"""The hall while a session goes on: what happens is there at once, and still there after a cut."""

from pathlib import Path
from typing import Any

import httpx
import pytest
from playwright.sync_api import Browser, Page, WebSocket, expect

from opening.commands import ReadOut
from tests.browser.conftest import put, shown
from tests.browser.shown import Shown
from tests.browser.stage import Stage
from tests.browser.visit import look_out, visit
from tests.opening.parties import Party
from tests.opening.world import FIRST, PROJECT
from tests.web.tender import headers
from web.clock import SetClock

pytestmark = pytest.mark.slow

HALL = f"/projects/{PROJECT}/hall/s1-1"


def read_out(service: Shown, who: Party, key: str) -> None:
    body = ReadOut(section="s1", envelope=1).model_dump(mode="json", exclude_none=True)
    told = headers(who, idempotency_key=key)
    path = f"{service.url}/api/projects/{PROJECT}/commands"
    answer = httpx.post(path, json=body, headers=told, trust_env=False)
    assert answer.status_code == 200, answer.text


def lines(page: Page) -> Any:
    return page.locator(".opening-table tbody tr")


def test_a_price_appears_when_it_is_read_out_and_not_before(
    chromium: Browser, tmp_path: Path
) -> None:
    stage = Stage().reading()
    with (
        shown(stage, tmp_path / "data") as service,
        visit(chromium, service, stage.bidder[1]) as made,
    ):
        page = made.goto(HALL)
        expect(page.locator(".line.is-up")).to_be_visible()
        expect(lines(page)).to_have_count(4)
        assert "91,200,000.00" not in page.content()
        was_fresh = look_out(page, ".opening-table tbody tr:nth-child(3).is-fresh", "超过限价")
        read_out(service, stage.clerk, "read")
        expect(lines(page).nth(2)).to_contain_text("91,200,000.00")
        was_fresh()
        expect(page.locator(".timeline li").nth(1)).to_contain_text("唱标")
        made.check()


def test_a_cut_line_is_told_and_nothing_is_missed(chromium: Browser, tmp_path: Path) -> None:
    stage = Stage().reading()
    folder = put(stage, tmp_path / "data")
    first = Shown(folder, SetClock(stage.now))
    with first, visit(chromium, first, stage.bidder[1]) as made:
        page = made.goto(HALL)
        expect(page.locator(".line.is-up")).to_be_visible()
        expect(page.locator(".timeline li").first).to_be_visible()
        before = page.locator(".timeline li").count()
        is_told = look_out(page, ".banner.is-good")
        heard: set[WebSocket] = set()
        page.on("websocket", lambda line: line.on("framereceived", lambda _: heard.add(line)))
        page.context.set_offline(True)
        first.stop()
        expect(page.locator(".banner")).to_contain_text("连接已中断")
        expect(page.get_by_role("button", name="立即重连")).to_be_visible()
        with Shown(folder, SetClock(stage.now), port=first.port) as second:
            read_out(second, stage.clerk, "read")
            page.context.set_offline(False)
            page.evaluate("for (const _ of '123') window.dispatchEvent(new Event('online'))")
            is_told()
            expect(lines(page).nth(2)).to_contain_text("91,200,000.00")
            page.get_by_role("button", name="显示更早的事件").click()
            hashes = page.locator(".timeline .hash").all_inner_texts()
            assert len(hashes) == len(set(hashes))
            assert len(hashes) >= before
            assert len(heard) == 1


def test_what_people_write_is_shown_as_text(chromium: Browser, tmp_path: Path) -> None:
    evil = "<img src=x onerror=alert(1)><script>alert(2)</script>"
    stage = Stage(changes={"title": evil}).objecting()
    with (
        shown(stage, tmp_path / "data") as service,
        visit(chromium, service, stage.bidder[1]) as made,
    ):
        for path in ("/projects", f"/projects/{PROJECT}", HALL):
            page = made.goto(path)
            if path == HALL:
                expect(page.locator(".line.is-up")).to_be_visible()
            expect(page.locator("main")).to_contain_text("<img src=x")
            assert page.locator("main img").count() == 0
        made.check()
    assert FIRST in stage.state.sessions
