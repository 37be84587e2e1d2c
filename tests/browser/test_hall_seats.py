"""The supervisor's seat in the hall, and what every seat does when something is in the way."""

import hashlib
import zipfile
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Route, expect

from opening.commands import AnnounceSession, ReadOut
from project.commands import ChangeKey
from tests.browser.ceremonies import register_key
from tests.browser.clerking import sign_here
from tests.browser.stage import Stage
from tests.browser.test_hall_acting import (
    HALL,
    Play,
    live,
    playing,
    step,
    sure,
    typed,
)
from tests.browser.visit import NARROW, check_axe, look_out, visit
from tests.opening.world import MINUTE

pytestmark = pytest.mark.slow


def test_a_supervisor_looks_back_raises_a_notice_and_verifies(
    chromium: Browser, tmp_path: Path
) -> None:
    stage = Stage().reading()
    with (
        playing(stage, tmp_path / "data") as play,
        visit(chromium, play.service, stage.supervisor) as seat,
        visit(chromium, play.service, stage.clerk) as clerk,
    ):
        seat.goto("/supervisor")
        seat.page.locator(".tile a").click()
        page, desk = seat.page, live(clerk)
        expect(page.locator("kb-supervisor-seat")).to_contain_text("只读席位")
        expect(page.locator("kb-supervisor-seat")).to_contain_text("未发现异常")
        page.locator("button[data-tool=replay]").click()
        slider = page.locator("#replay-at")
        slider.fill("30")
        expect(page.locator(".replay-say")).to_contain_text("不是现在")
        expect(page.locator(".steps .is-now")).to_contain_text("签到")
        expect(page.locator("kb-supervisor-seat")).to_have_count(0)
        slider.press("End")
        expect(page.locator(".opening-table .price")).to_have_count(2)
        step(page, "live").click()
        page.get_by_text("提出监督意见").click()
        page.get_by_label("监督意见内容").fill("请放慢唱标速度。")
        step(page, "notice").click()
        expect(page.locator("kb-supervisor-seat .entry")).to_contain_text("待答复")
        desk.get_by_role("button", name="答复监督意见").click()
        desk.locator("dialog.ask textarea").fill("已放慢。")
        sure(desk)
        expect(page.locator("kb-supervisor-seat .answer")).to_contain_text("已放慢。")
        step(page, "verify").click()
        expect(page.locator(".verdict")).to_be_visible(timeout=60_000)
        expect(page.locator(".checks")).to_contain_text("V10")
        with page.expect_download(timeout=60_000) as saving:
            step(page, "evidence").click()
        with zipfile.ZipFile(saving.value.path()) as pack:
            assert pack.testzip() is None
            assert {"README.txt", "record.tar", "verification.json"} <= set(pack.namelist())
            told = pack.read("README.txt").decode()
            assert hashlib.sha256(pack.read("record.tar")).hexdigest() in told
        play.clock.advance(120_000)
        # a page goes by the quickest of several answers: only a new one knows the new time at once
        page.reload()
        expect(page.locator(".alerts")).to_contain_text("时间见证方尚未见证")
        check_axe(seat)
        seat.check()


def test_a_command_typed_while_the_line_is_down_is_sent_once(
    chromium: Browser, tmp_path: Path
) -> None:
    stage = Stage().reading()
    with (
        playing(stage, tmp_path / "data") as play,
        visit(chromium, play.service, stage.clerk) as clerk,
    ):
        desk = live(clerk)
        desk.context.set_offline(True)
        step(desk, "read_all").click()
        expect(desk.locator(".outbox-waiting")).to_contain_text("等待发送")
        desk.context.set_offline(False)
        expect(desk.locator(".opening-table .price")).to_have_count(3)
        expect(desk.locator(".outbox")).to_have_count(0)
        expect(desk.locator(".problem-line")).to_have_count(0)


def test_a_command_outlives_its_page(chromium: Browser, tmp_path: Path) -> None:
    stage = Stage().reading()
    with (
        playing(stage, tmp_path / "data") as play,
        visit(chromium, play.service, stage.clerk) as clerk,
    ):
        desk = live(clerk)
        desk.route("**/commands", lambda route: route.abort())
        step(desk, "read_all").click()
        expect(desk.locator(".outbox-waiting")).to_be_visible()
        desk.unroute_all(behavior="wait")
        desk.reload()
        expect(desk.locator(".opening-table .price")).to_have_count(3)


def test_the_second_of_two_clerks_is_told_that_the_hall_went_on(
    chromium: Browser, tmp_path: Path
) -> None:
    stage = Stage().reading()
    with (
        playing(stage, tmp_path / "data") as play,
        visit(chromium, play.service, stage.clerk) as clerk,
    ):
        desk = live(clerk)
        desk.route("**/commands", lambda route: first(route, play, stage), times=1)
        is_told = look_out(desk, ".outbox", "大厅状态已有变化")
        step(desk, "read_next").click()
        is_told()
        expect(desk.locator(".problem-line")).to_be_visible()
        expect(desk.locator(".opening-table .price")).to_have_count(3)
        expect(step(desk, "draw")).to_be_enabled()


def first(route: Route, play: Play, stage: Stage) -> None:
    """Let somebody else read out everything before the page's own command goes on."""
    play.do(stage.clerk, ReadOut(section="s1", envelope=1))
    route.continue_()


def test_a_clerk_whose_key_was_changed_elsewhere_is_offered_its_own_again(
    chromium: Browser, tmp_path: Path
) -> None:
    stage = Stage().closed()
    stage.do(stage.clerk.actor, AnnounceSession(section="s1", envelope=1))
    with (
        playing(stage, tmp_path / "data") as play,
        visit(chromium, play.service, stage.clerk) as clerk,
    ):
        register_key(play.service, stage.clerk)
        desk = live(clerk)
        sign_here(desk)
        keyid = stage.clerk.keyid
        play.do(stage.clerk, ChangeKey(role="clerk", keyid=keyid, reason="改用另一台设备"))
        desk.get_by_role("button", name="在本项目中改用本浏览器的密钥").click()
        expect(desk.locator("kb-signing-key button")).to_have_count(0)
        step(desk, "order").click()
        typed(desk, "签发")
        expect(desk.locator(".steps .is-now")).to_contain_text("解密")
        clerk.check()


def test_who_is_signed_out_is_told_and_led_back(chromium: Browser, tmp_path: Path) -> None:
    stage = Stage().reading()
    with (
        playing(stage, tmp_path / "data") as play,
        visit(chromium, play.service, stage.clerk) as clerk,
    ):
        desk = live(clerk)
        desk.context.clear_cookies()
        step(desk, "read_next").click()
        expect(desk.locator(".problem-line")).to_be_visible()
        expect(desk.locator(".banner a")).to_have_attribute(
            "href", f"/sign-in?next={HALL.replace('/', '%2F')}"
        )


@pytest.mark.parametrize("who", ["clerk", "bidder", "supervisor"])
def test_every_seat_fits_a_narrow_page(chromium: Browser, tmp_path: Path, who: str) -> None:
    stage = Stage().objecting()
    seat = {"clerk": stage.clerk, "bidder": stage.bidder[1], "supervisor": stage.supervisor}[who]
    with (
        playing(stage, tmp_path / "data") as play,
        visit(chromium, play.service, seat, width=NARROW, scheme="dark", language="en") as made,
    ):
        page = live(made)
        expect(page.locator(".desk").first).to_be_visible()
        assert page.evaluate("document.documentElement.scrollWidth") <= NARROW
        check_axe(made)
        made.check()


def test_a_custodian_whose_turn_it_is_is_sent_to_its_own_page(
    chromium: Browser, tmp_path: Path
) -> None:
    stage = Stage().decrypting()
    holder = stage.custodians[1]
    with (
        playing(stage, tmp_path / "data") as play,
        visit(chromium, play.service, holder) as made,
    ):
        page = live(made)
        expect(page.locator(".is-turn a")).to_have_attribute("href", "/custodian")
        made.check()


def test_a_custodian_signs_in_to_the_session(chromium: Browser, tmp_path: Path) -> None:
    stage = Stage().open_up()
    stage.now = stage.deadline - 30 * MINUTE
    holder = stage.custodians[1]
    with (
        playing(stage, tmp_path / "data") as play,
        visit(chromium, play.service, holder) as made,
    ):
        page = live(made)
        step(page, "sign_in").click()
        expect(page.locator(".hall-side")).to_contain_text(holder.name)
        expect(step(page, "sign_in")).to_have_count(0)
        made.check()
