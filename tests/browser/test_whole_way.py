"""A tender from "new project" to its published minutes, by clicks and keys, with real processes.

Everybody has a browser of its own; each reloads once, and the service is killed three times. The
deadline is a real one, so this takes minutes and belongs to the faults.
"""

import contextlib
import os
import re
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from playwright.sync_api import Browser, Locator, Page, expect

from client.bidder import Bidder
from crypto.canonical import JsonInput
from opening.package import Source
from tests.browser.bidder import PATIENCE, files, prepare, press, seal, submit
from tests.browser.house import House, house
from tests.browser.stage import REMEDY
from tests.browser.test_bidder_offline import choose, save, seal_alone
from tests.browser.test_custodian import release_shares
from tests.browser.test_hall_acting import step, sure, typed

pytestmark = [
    pytest.mark.slow,
    pytest.mark.timeout(1800),
    pytest.mark.minutes,
]

PASSPHRASE = "北风 吹雁 雪纷纷 1234"
NUMBER = "BHZB-2027-0018"
MINUTES = int(os.environ.get("KAIBIAO_DEADLINE_MINUTES", "7"))
"""From the terms to the deadline; more on a slow machine."""
LONG = 90_000


@dataclass
class Way:
    """The people and their pages."""

    house: House
    browser: Browser
    folder: Path
    pages: dict[str, Page] = field(default_factory=dict)
    complaints: list[str] = field(default_factory=list)
    project: str = ""

    def enter(self, account: str) -> Page:
        """Sign somebody in, by hand, in a browser of its own."""
        context = self.browser.new_context(
            locale="zh-CN", timezone_id="Asia/Shanghai", viewport={"width": 1280, "height": 900}
        )
        page = context.new_page()
        page.on("pageerror", lambda error: self.complaints.append(f"{account}: {error}"))
        page.goto(self.house.url + "/sign-in")
        page.get_by_label("账号", exact=True).fill(account)
        page.get_by_label("密码").fill(self.house.casting.password(account))
        page.get_by_role("button", name="登录", exact=True).click()
        expect(page.get_by_role("button", name="退出登录")).to_be_visible()
        self.pages[account] = page
        return page

    def go(self, account: str, path: str) -> Page:
        page = self.pages[account]
        page.goto(self.house.url + path)
        return page

    @property
    def hall(self) -> str:
        return f"/projects/{self.project}/hall/s1-1"


@contextlib.contextmanager
def way(browser: Browser, folder: Path) -> Iterator[Way]:
    with house(folder / "house") as made:
        made.member("clerk", "clerk", "公正招标代理有限公司")
        made.member("supervisor", "supervisor", "滨河市公共资源交易监督管理局")
        for number in (1, 2, 3):
            made.member(f"custodian-{number}", "custodian", f"第{number}公证处")
        for name in ("anna", "offline"):
            made.member(name, "bidder", f"{name}建设集团有限公司")
        there = Way(made, browser, folder)
        try:
            yield there
        except BaseException:
            for account, page in there.pages.items():
                page.screenshot(path=folder / f"{account}.png", full_page=True)
            raise


def make_key(page: Page) -> None:
    page.get_by_role("button", name="生成本浏览器的签名密钥").click()
    expect(page.locator("kb-signing-key .tag-green")).to_be_visible(timeout=PATIENCE)


def make_kit(page: Page, folder: Path) -> None:
    page.get_by_role("button", name="制作密钥包", exact=True).click()
    page.get_by_label("口令", exact=True).fill(PASSPHRASE)
    page.get_by_label("再次输入口令").fill(PASSPHRASE)
    page.get_by_label("本设备名称").fill("保管人的笔记本")
    page.get_by_role("button", name="制作密钥包并加密").click()
    with page.expect_download(timeout=LONG) as saving:
        page.get_by_role("button", name="保存密钥包文件").click(timeout=LONG)
    saving.value.save_as(folder)
    page.get_by_label("密钥包文件").set_input_files(folder)
    page.get_by_label("口令", exact=True).fill(PASSPHRASE)
    page.get_by_role("button", name="打开已保存的文件").click()
    opened(page)


def opened(page: Page) -> None:
    expect(page.locator(".kit .tag")).to_have_text("密钥包已打开", timeout=LONG)


def open_kit(page: Page) -> None:
    page.get_by_label("口令", exact=True).fill(PASSPHRASE)
    page.get_by_role("button", name="打开密钥包", exact=True).click()
    opened(page)


def own(page: Page, column: int) -> Locator:
    return page.locator("article.task tr.is-own td").nth(column)


def test_from_a_new_project_to_its_minutes(chromium: Browser, tmp_path: Path) -> None:
    with way(chromium, tmp_path) as made:
        readies(made)
        prepares(made)
        ceremony(made)
        publishes(made)
        bids(made)
        opens(made)
        concludes(made)
        visits(made)
        verifies(made)
        assert made.complaints == []


def readies(made: Way) -> None:
    """Custodians make their kits, the supervisor and the bidders their keys."""
    for number in (1, 2, 3):
        made.enter(f"custodian-{number}")
        page = made.go(f"custodian-{number}", "/custodian")
        make_kit(page, made.folder / f"kit-{number}.age")
    for name in ("supervisor", "anna", "offline"):
        made.enter(name)
        make_key(made.go(name, "/me"))


def prepares(made: Way) -> None:
    made.enter("clerk")
    page = made.go("clerk", "/clerk")
    page.get_by_role("link", name="新建项目").click()
    make_key(page)
    page.get_by_label("项目编号").fill(NUMBER)
    page.get_by_label("名称", exact=True).fill("滨河二路改造工程施工")
    page.get_by_label("招标人", exact=True).fill("滨河市交通运输局")
    page.reload()
    page.get_by_role("button", name="建立项目").click()
    expect(page.get_by_role("heading", name="发布公告前的步骤")).to_be_visible()
    made.project = page.url.rsplit("/", 1)[1]
    terms(page)
    people(page)
    document(page, made.folder)


def terms(page: Page) -> None:
    page.get_by_role("link", name="标段及条件", exact=True).click()
    page.get_by_role("link", name="继续").click()
    zone = ZoneInfo("Asia/Shanghai")
    now = datetime.now(UTC).astimezone(zone)  # noqa: TID251 - the deadline is a real one
    deadline = (now + timedelta(minutes=MINUTES + 1)).replace(second=0)
    told = {"投标截止时间（即开标时间）": deadline, "提问截止": deadline - timedelta(minutes=1)}
    for label, moment in told.items():
        page.get_by_label(label).fill(moment.strftime("%Y-%m-%dT%H:%M"))
    page.get_by_label("最高投标限价（如有）").fill("90,000,000.50")
    page.get_by_label("密钥保管人", exact=True).fill("3")
    page.get_by_label("开启所需人数").fill("2")
    page.get_by_label("确认唱标内容").fill("2")
    page.get_by_label("异议", exact=True).fill("1")
    page.get_by_label("抽签取值，每行一个").fill("")
    extra = page.get_by_role("button", name=re.compile("^移除第 "))
    for left in (1, 0):
        extra.first.click()
        expect(extra).to_have_count(left)
    page.get_by_text("法定期限与服务中断").click()
    page.get_by_label("公告至截止至少").fill("0")
    page.get_by_label("影响编制的修改至截止至少").fill("0")
    page.get_by_role("button", name="保存条件").click()
    expect(page.locator(".rows")).to_contain_text("90,000,000.50 CNY")


def people(page: Page) -> None:
    page.get_by_role("link", name="返回项目步骤").click()
    page.get_by_role("link", name="参与人员", exact=True).click()
    for role, wanted in (("密钥保管人", 3), ("时间见证方", 1), ("监督人", 1)):
        offer = page.get_by_role("button", name=re.compile(f"^登记 .*，{role}$"))
        expect(offer).to_have_count(wanted)
        for left in reversed(range(wanted)):
            offer.first.click()
            expect(offer).to_have_count(left)


def document(page: Page, folder: Path) -> None:
    page.get_by_role("link", name="返回项目步骤").click()
    page.get_by_role("link", name="招标文件", exact=True).click()
    path = folder / "招标文件 正文.pdf"
    path.write_bytes(b"%PDF-1.7 " + bytes(300_000))
    page.get_by_label("选择文件").set_input_files(path)
    page.get_by_role("button", name="放入此文件").click()
    expect(page.locator(".rows")).to_contain_text("SHA-256")


def ceremony(made: Way) -> None:
    """Three browsers and the timekeeper; the service is killed between joining and dealing."""
    page = made.pages["clerk"]
    page.get_by_role("link", name="返回项目步骤").click()
    page.get_by_role("link", name="密钥仪式", exact=True).click()
    page.get_by_role("button", name="签名并发起密钥仪式").click()
    seats = [made.pages[f"custodian-{number}"] for number in (1, 2, 3)]
    for seat in seats:
        seat.get_by_role("button", name="加入：提交本人承诺").click(timeout=LONG)
        expect(own(seat, 0)).to_contain_text("已完成", timeout=LONG)
    made.house.crash()
    for seat in seats:
        seat.reload()
        open_kit(seat)
    for seat in seats:
        seat.get_by_role("button", name="分发份额").click(timeout=LONG)
        expect(own(seat, 1)).to_contain_text("已完成", timeout=LONG)
    for seat in seats:
        seat.get_by_role("button", name="核验本人份额并认证").click(timeout=LONG)
    for seat in seats:
        expect(seat.locator("article.task .fingerprint li")).to_have_count(8, timeout=LONG)
        seat.get_by_role("button", name="演练：证明本人仍持有份额").click(timeout=LONG)
        tag = seat.locator("article.task .tag").first
        expect(tag).to_have_text("已演练", timeout=LONG)


def publishes(made: Way) -> None:
    page = made.go("clerk", f"/clerk/{made.project}")
    page.get_by_role("link", name="核对并发布招标公告", exact=True).click()
    expect(page.locator(".paper .fingerprint li")).to_have_count(8)
    page.get_by_label("到场的密钥保管人不足时").fill(REMEDY)
    page.get_by_role("button", name="签名并发布招标公告").click()
    dialog = page.get_by_role("dialog")
    dialog.get_by_role("textbox").fill(NUMBER)
    dialog.locator("button[value=yes]").click()
    expect(page.locator(".panel")).to_contain_text("招标公告已发布", timeout=LONG)


def bids(made: Way) -> None:
    """One in the browser with a kill in the upload, one offline, one by the client."""
    client = made.house.bidder(3)
    made.house.run(by_client(client, made))
    page = take_part(made, "anna")
    page.reload()
    prepare(page, files(made.folder / "anna", 40 << 20), price="86543210.55")
    seal(page)
    press(page, "签名并提交")
    made.house.crash()
    expect(page.get_by_role("heading", name="回执")).to_be_visible(timeout=LONG)
    page = take_part(made, "offline")
    page.get_by_text("在不联网的电脑上密封").click()
    key = save(page, "保存密钥文件", made.folder / "key.json")
    sealed = seal_alone(made.browser, key, made.folder, co_open=False)
    choose(page, "导入已密封的投标文件", sealed)
    expect(page.get_by_role("heading", name="已在本机密封")).to_be_visible(timeout=LONG)
    page.reload()
    submit(page)


def take_part(made: Way, name: str) -> Page:
    page = made.go(name, "/bidder")
    page.get_by_role("button", name="参加投标").first.click()
    expect(page.get_by_text("已参加").first).to_be_visible()
    return made.go(name, f"/projects/{made.project}/bid/s1-1")


async def by_client(bidder: Bidder, made: Way) -> None:
    await bidder.take_part(made.project)
    path = made.folder / "client.pdf"
    path.write_bytes(b"%PDF-1.7 " + bytes(1_000_000))
    price: dict[str, JsonInput] = {
        "amount": 88_000_000_00,
        "currency": "CNY",
        "capitals": "捌仟捌佰万元整",
    }
    form: dict[str, JsonInput] = {"v": 1, "bidder": "第3建设工程有限公司", "price": price}
    security: dict[str, JsonInput] = {"given": True, "amount": 80_000_000, "form": "银行保函"}
    form |= {"security": security}
    form |= {"quality": "合格", "duration_days": 500, "leader": "王建国"}
    chosen: dict[str, Source] = {"投标文件.pdf": path}
    order = await bidder.prepare(made.project, ("s1", 1), chosen, form)
    await bidder.submit(await bidder.seal(order, made.folder))


def opens(made: Way) -> None:
    """Close, order, shares out of two browsers, the timekeeper last; read out across a kill."""
    for name in ("clerk", "anna", "offline", "supervisor"):
        page = made.go(name, made.hall)
        step(page, "sign_in").click(timeout=LONG)
    desk = made.pages["clerk"]
    step(desk, "announce").click(timeout=(MINUTES + 2) * 60_000)
    typed(desk, "公布")
    step(desk, "order").click(timeout=LONG)
    expect(desk.locator("dialog.ask .order-list li")).to_have_count(3)
    typed(desk, "签发")
    for number in (1, 3):
        releases(made.pages[f"custodian-{number}"])
    step(desk, "read_next").click(timeout=LONG)
    expect(desk.locator(".opening-table .price")).to_have_count(1)
    made.house.crash()
    desk.reload()
    step(desk, "read_all").click(timeout=LONG)
    expect(desk.locator(".opening-table .price")).to_have_count(3, timeout=LONG)


def releases(page: Page) -> None:
    page.reload()
    open_kit(page)
    release_shares(page, bids=3)


def concludes(made: Way) -> None:
    desk, turn = made.pages["clerk"], made.pages["anna"]
    step(desk, "confirm").click()
    turn.reload()
    step(turn, "confirm").click(timeout=LONG)
    step(desk, "objections").click(timeout=3 * 60_000)
    supervisor = made.pages["supervisor"]
    supervisor.reload()
    turn.get_by_label("异议内容").fill("唱标顺序请再核对。")
    step(turn, "object").click()
    desk.get_by_role("button", name="答复异议").click()
    desk.locator("dialog.ask textarea").fill("按递交先后唱标，符合招标文件。")
    sure(desk)
    for page in (desk, turn, supervisor):
        step(page, "sign").click(timeout=3 * 60_000)
        sure(page)
    expect(desk.locator(".signatures li")).to_have_count(3)
    step(desk, "end").click()
    typed(desk, "结束")


def visits(made: Way) -> None:
    """A citizen reads the minutes without an account."""
    context = made.browser.new_context(locale="zh-CN")
    page = context.new_page()
    page.goto(f"{made.house.url}/public/{made.project}")
    page.reload()
    with page.expect_download() as told:
        page.get_by_role("link", name="PDF").first.click()
    assert Path(told.value.path()).read_bytes().startswith(b"%PDF")
    context.close()


def verifies(made: Way) -> None:
    page = made.pages["supervisor"]
    answer = page.request.get(f"{made.house.url}/api/projects/{made.project}/record?files=1")
    assert answer.ok
    path = made.folder / "record"
    path.write_bytes(answer.body())
    found = subprocess.run(
        [sys.executable, "-m", "verifier", path], capture_output=True, text=True, check=False
    )
    assert found.returncode == 0, found.stdout
