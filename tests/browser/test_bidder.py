"""A bid by clicks: sealed in the browser, cut short and taken up again, replaced and withdrawn."""

import json
import re
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, Route, expect

from tests.browser.bidder import (
    BID,
    MIB,
    PATIENCE,
    Scene,
    files,
    prepare,
    press,
    scene,
    seal,
    submit,
    take_key,
)
from tests.browser.visit import NARROW, WIDE, check_axe, visit
from tests.web.tender import STRANGER
from web.clock import SetClock

pytestmark = pytest.mark.slow

_PRESS_AT_ONCE = """
(text) => {
  const hand = new MutationObserver(() => {
    const found = [...document.querySelectorAll("button")].find((one) => one.textContent.includes(text));
    if (found === undefined) return;
    hand.disconnect();
    found.click();
  });
  hand.observe(document, { subtree: true, childList: true, characterData: true });
}
"""
"""Presses a button as soon as it is there: nobody else is quick enough to hold a quick machine."""


def saved(page: Page, name: str) -> bytes:
    """Press what saves a file, and return the file."""
    with page.expect_download() as told:
        press(page, name)
    return told.value.path().read_bytes()


def test_a_bid_is_sealed_submitted_replaced_and_withdrawn(
    chromium: Browser, tmp_path: Path
) -> None:
    chosen = files(tmp_path / "files")
    with scene(tmp_path) as made, visit(chromium, made.service, made.stage.bidder[1]) as seen:
        page = seen.goto(BID)
        take_key(page)
        prepare(page, chosen, price="86543210.55")
        seal(page)
        submit(page)
        (first,) = made.bids()
        assert (first.status, first.revision) == ("live", 1)
        assert json.loads(saved(page, "保存回执（JSON）"))["v"] == 1
        assert saved(page, "保存回执（PDF）").startswith(b"%PDF")
        press(page, "返回本标段投标概览")
        prepare(page, chosen[:1], price="85,000,000", begin="Replace it")
        seal(page)
        submit(page)
        assert [bid.status for bid in made.bids()] == ["superseded", "live"]
        press(page, "返回本标段投标概览")
        press(page, "撤回")
        dialog = page.get_by_role("dialog")
        expect(dialog.get_by_role("button", name="撤回")).to_be_disabled()
        dialog.get_by_role("textbox").fill("撤回")
        dialog.get_by_role("button", name="撤回").click()
        expect(page.get_by_role("heading", name="您的投标文件", exact=True)).to_be_visible()
        assert [bid.status for bid in made.bids()] == ["superseded", "withdrawn"]
        seen.check()


def test_a_second_window_waits_until_the_first_is_closed(chromium: Browser, tmp_path: Path) -> None:
    with scene(tmp_path) as made, visit(chromium, made.service, made.stage.bidder[1]) as seen:
        first = seen.goto(BID)
        begin = first.get_by_role("button", name="生成本浏览器的签名密钥")
        expect(begin).to_be_visible()
        second = first.context.new_page()
        second.goto(made.service.url + BID)
        expect(second.get_by_role("status")).to_contain_text("正在本浏览器的另一个窗口中打开")
        first.close()
        expect(second.get_by_role("button", name="生成本浏览器的签名密钥")).to_be_visible()


def test_a_key_that_is_not_proved_is_not_sealed_to(chromium: Browser, tmp_path: Path) -> None:
    with scene(tmp_path) as made, visit(chromium, made.service, made.stage.bidder[1]) as seen:
        page = seen.goto(BID)
        take_key(page)
        page.route(re.compile(r"/proven\?kind=key"), change_key)
        press(page, "开始")
        press(page, "继续")
        expect(page.get_by_role("alert")).to_contain_text("回执")
        expect(page.get_by_role("button", name="八个词一致")).to_be_disabled()
        page.unroute_all()


def test_a_bid_that_comes_too_late_is_refused_and_the_signed_reason_kept(
    chromium: Browser, tmp_path: Path
) -> None:
    with scene(tmp_path) as made, visit(chromium, made.service, made.stage.bidder[1]) as seen:
        page = seen.goto(BID)
        take_key(page)
        prepare(page, files(tmp_path / "files", MIB), price="86543210.55")
        seal(page)
        page.route("**/commands", lambda route: pass_deadline(made, route))
        press(page, "签名并提交")
        expect(page.get_by_role("heading", name="投标文件被拒收")).to_be_visible(timeout=PATIENCE)
        page.unroute_all()
        page.reload()
        refusal = json.loads(saved(page, "保存已签名的拒收回执"))
        assert refusal["payloadType"] == "application/vnd.kaibiao.refusal.v1+json"
        assert made.bids() == []


def pass_deadline(made: Scene, route: Route) -> None:
    """Let the deadline come before a command does."""
    clock = made.service.services.clock
    assert isinstance(clock, SetClock)
    clock.moment = made.stage.deadline
    route.continue_()


def change_key(route: Route) -> None:
    """Answer with another key in the last receipt, as a service that lies would."""
    told = route.fetch().json()
    told["receipts"][-1] = told["receipts"][-1].replace('pk\\":\\"04', 'pk\\":\\"05')
    route.fulfill(json=told)


@pytest.mark.parametrize(("language", "width"), [("zh-CN", NARROW), ("en", WIDE)])
def test_the_pages_read_well_narrow_and_wide(
    chromium: Browser, tmp_path: Path, language: str, width: int
) -> None:
    with (
        scene(tmp_path) as made,
        visit(chromium, made.service, made.stage.bidder[1], language=language, width=width) as seen,
    ):
        for path in ("/bidder", BID):
            page = seen.goto(path)
            expect(page.locator("kb-countdown strong").first).to_be_visible()
            expect(page.locator(".quiet[role=status]")).to_have_count(0)
            check_axe(seen)
            assert page.evaluate("document.documentElement.scrollWidth") <= width
        seen.check()


def test_a_reload_while_sealing_is_told_and_one_while_uploading_goes_on(
    chromium: Browser, tmp_path: Path
) -> None:
    chosen = files(tmp_path / "files")
    with scene(tmp_path) as made, visit(chromium, made.service, made.stage.bidder[1]) as seen:
        page = seen.goto(BID)
        take_key(page)
        prepare(page, files(tmp_path / "large", 60 * MIB), price="86543210.55")
        page.evaluate(_PRESS_AT_ONCE, "暂停")
        press(page, "密封投标文件")
        expect(page.get_by_text("已暂停")).to_be_visible()
        page.once("dialog", lambda dialog: dialog.accept())
        page.reload()
        expect(page.get_by_text("密封中途中断")).to_be_visible()
        expect(page.get_by_role("button", name="开始", exact=True)).to_be_enabled()
        prepare(page, chosen, price="86543210.55")
        seal(page)
        page.reload()
        line = page.context.new_cdp_session(page)
        line.send("Network.enable")
        slow = {"offline": False, "latency": 0, "downloadThroughput": -1}
        line.send("Network.emulateNetworkConditions", {**slow, "uploadThroughput": MIB // 4})
        press(page, "签名并提交")
        expect(page.locator(".work-facts")).to_contain_text(
            re.compile(r"^\s*[1-9]\d? %"), timeout=PATIENCE
        )
        line.send("Network.emulateNetworkConditions", {**slow, "uploadThroughput": -1})
        page.reload()
        expect(page.get_by_role("heading", name="回执")).to_be_visible(timeout=PATIENCE)
        (bid,) = made.bids()
        assert bid.status == "live"
        opened = made.opened(bid.bid)
        assert opened.files == len([*chosen, "bid-form.json"])
        assert json.loads(opened.form or "")["price"]["amount"] == 86_543_210_55
        assert opened.problems == ()


def test_who_takes_part_on_the_bids_page_finds_its_name_in_the_form(
    chromium: Browser, tmp_path: Path
) -> None:
    with scene(tmp_path) as made, visit(chromium, made.service, STRANGER) as seen:
        page = seen.goto(BID)
        press(page, "生成本浏览器的签名密钥")
        press(page, "参加投标")
        prepare(page, files(tmp_path / "files", MIB)[:1], price="85,000,000")
        expect(page.get_by_role("button", name="密封投标文件", exact=True)).to_be_enabled()
        seen.check()
