"""One person at one browser plays a role of the demo by clicks alone; bots are all the others.

The demo keeps its own time, so this takes minutes and belongs to the faults; it waits for what the
page shows and never for a moment.
"""

import contextlib
import signal
import subprocess
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Locator, Page, expect

from client.rehearsal import processes
from tests.browser.bidder import PATIENCE, files, is_sealed, prepare, press, submit
from tests.browser.clerking import make_key
from tests.browser.test_hall_acting import step, sure, typed
from tests.demo_command import READY, up

pytestmark = [pytest.mark.slow, pytest.mark.timeout(1800), pytest.mark.minutes]

ROOT = Path(__file__).parents[2]
LONG = 600_000
PRICE = "4,321,098.76"
PLACE = "s1-1"
WORDS = {"announce": "公布", "order": "签发", "end": "结束"}
"""What is typed before what cannot be taken back."""


@dataclass
class Demo:
    """A running `up`, and what it has said so far."""

    process: subprocess.Popen[bytes]
    url: str
    output: Path

    def wait(self) -> None:
        """Wait until it has printed its sign-ins."""
        while READY not in self.output.read_text(encoding="utf-8"):
            with contextlib.suppress(subprocess.TimeoutExpired):
                self.process.wait(0.5)
                pytest.fail(self.output.read_text(encoding="utf-8"))


@pytest.fixture(scope="module")
def demo(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Demo]:
    port = processes.free_ports().service
    folder = tmp_path_factory.mktemp("up")
    output = folder / "up.out"
    with output.open("wb") as sink:
        process = subprocess.Popen(up(folder / "demo", port, 2), cwd=ROOT, stdout=sink, stderr=sink)
        try:
            running = Demo(process, f"http://localhost:{port}", output)
            running.wait()
            yield running
        finally:
            process.send_signal(signal.SIGINT)
            process.wait(60)


@dataclass
class Person:
    """Somebody at a browser who has read the guide."""

    demo: Demo
    page: Page
    password: str
    row: str

    def go(self, path: str) -> Page:
        self.page.goto(self.demo.url + path)
        return self.page

    def waits_for(self, path: str) -> Page:
        """Go to a page that is there once the bots have published the notice."""
        answer = self.page.goto(self.demo.url + path)
        while answer is not None and answer.status == 404:
            # the strip says every few seconds that somebody is here
            with self.page.expect_response("**/api/demo/here", timeout=LONG):
                pass
            answer = self.page.reload()
        return self.page

    def next_round(self) -> str:
        """Follow the guide to a round that begins now, and return its project."""
        link = self.go("/demo").locator("kb-demo a")
        expect(self.page.locator("kb-demo")).to_contain_text("您正在亲自担任此角色")
        last = str(link.get_attribute("href")) if link.count() else ""
        expect(link).to_be_visible(timeout=LONG)
        expect(link).not_to_have_attribute("href", last, timeout=LONG)
        return str(link.get_attribute("href")).split("/")[2]


@contextlib.contextmanager
def person(browser: Browser, demo: Demo, account: str, folder: Path) -> Iterator[Person]:
    context = browser.new_context(locale="zh-CN", timezone_id="Asia/Shanghai")
    page = context.new_page()
    complaints: list[str] = []
    page.on("pageerror", lambda error: complaints.append(str(error)))
    page.goto(demo.url + "/demo")
    row = page.locator(".demo-sign-ins tr").filter(has=page.get_by_text(account, exact=True))
    password = row.locator("code").nth(1).inner_text()
    name = row.locator("th").inner_text()
    page.goto(demo.url + "/sign-in")
    page.get_by_label("账号", exact=True).fill(account)
    page.get_by_label("密码").fill(password)
    page.get_by_role("button", name="登录", exact=True).click()
    expect(page.locator("kb-demo")).to_contain_text("您正在亲自担任此角色")
    try:
        yield Person(demo, page, password, name)
    except BaseException:
        page.screenshot(path=folder / "page.png", full_page=True)
        raise
    assert complaints == []
    context.close()


def have_key(page: Page) -> None:
    """Make this browser's key if there is none."""
    make = page.get_by_role("button", name="生成本浏览器的签名密钥")
    ready = page.locator("kb-signing-key .key-named")
    expect(make.or_(ready).first).to_be_visible(timeout=LONG)
    if make.count():
        make_key(page)


def use_key(page: Page) -> None:
    """Let this browser's key count in the project."""
    have_key(page)
    use = page.get_by_role("button", name="在本项目中改用本浏览器的密钥")
    if use.count():
        use.click()
        expect(use).to_have_count(0)


def test_a_bidder_from_the_guide_to_the_receipt(
    chromium: Browser, demo: Demo, tmp_path: Path
) -> None:
    with person(chromium, demo, "bidder-1", tmp_path) as one:
        project = one.next_round()
        page = one.waits_for(f"/projects/{project}/bid/{PLACE}")
        part = page.get_by_role("button", name="参加投标", exact=True)
        begin = page.get_by_role("button", name="开始", exact=True)
        expect(part.or_(begin).first).to_be_visible(timeout=LONG)
        have_key(page)
        if part.count():
            part.click()
            expect(part).to_have_count(0)
        use_key(page)
        expect(begin).to_be_enabled()
        prepare(page, files(tmp_path / "files", 1 << 20), price=PRICE)
        has_secret = seals(page, tmp_path)
        submit(page)
        with page.expect_download() as saving:
            press(page, "保存回执（JSON）")
        receipt = tmp_path / "receipt.json"
        saving.value.save_as(receipt)
        one.go(f"/projects/{project}/hall/{PLACE}")
        step(page, "sign_in").click(timeout=LONG)
        if has_secret:
            step(page, "secret").click(timeout=LONG)
            sure(page)
        confirm = step(page, "confirm")
        commit = page.locator("kb-draw-party button[data-step=draw]")
        expect(commit.or_(confirm).first).to_be_visible(timeout=LONG)
        if commit.count():
            commit.click()
        confirm.click(timeout=LONG)
        step(page, "sign").click(timeout=LONG)
        sure(page)
        is_over(page)
        expect(page.locator(".opening-table")).to_contain_text(PRICE)
        one.go("/check")
        page.locator("#receipt-file").set_input_files(receipt)
        expect(page.get_by_role("heading", name="回执有效")).to_be_visible()


def seals(page: Page, folder: Path) -> bool:
    """Seal; where the bidder has a secret of its own, save it and open it again. Tells which."""
    press(page, "密封投标文件")
    save = page.get_by_role("button", name="保存解密口令文件", exact=True)
    sealed = page.get_by_role("heading", name="已在本机密封")
    expect(save.or_(sealed).first).to_be_visible(timeout=PATIENCE)
    has_secret = save.is_visible()
    if has_secret:
        with page.expect_download() as saving:
            save.click()
        path = folder / "secret.json"
        saving.value.save_as(path)
        page.locator("label", has_text="选择已保存的文件").locator("input").set_input_files(path)
    is_sealed(page)
    return has_secret


def test_a_clerk_runs_the_hall(chromium: Browser, demo: Demo, tmp_path: Path) -> None:
    with person(chromium, demo, "clerk", tmp_path) as one:
        page = one.go(f"/projects/{one.next_round()}/hall/{PLACE}")
        step(page, "sign_in").click(timeout=LONG)
        step(page, "announce").click(timeout=LONG)
        typed(page, WORDS["announce"])
        secrets = step(page, "secrets")
        expect(secrets.or_(step(page, "order")).first).to_be_visible()
        if secrets.count():
            secrets.click()
        use_key(page)
        step(page, "order").click(timeout=LONG)
        typed(page, WORDS["order"])
        step(page, "read_next").click(timeout=LONG)
        step(page, "read_all").click(timeout=LONG)
        draw = step(page, "draw")
        expect(draw.or_(step(page, "confirm")).first).to_be_visible()
        if draw.count():
            draw.click()
            press(page, "现在开始抽签")
            page.locator("kb-draw-party button[data-step=draw]").click(timeout=LONG)
        step(page, "confirm").click(timeout=LONG)
        step(page, "objections").click(timeout=LONG)
        answers(page, step(page, "sign"))
        step(page, "sign").click()
        sure(page)
        step(page, "end").click(timeout=LONG)
        typed(page, WORDS["end"])
        is_over(page)


def answers(page: Page, later: Locator) -> None:
    """Answer the objections that come, until the session goes on."""
    answer = page.get_by_role("button", name="答复异议").first
    expect(answer.or_(later).first).to_be_visible(timeout=LONG)
    while not later.is_visible():
        if answer.is_visible():
            answer.click()
            dialog = page.locator("dialog.ask")
            dialog.locator("textarea").fill("已记录，由评标委员会依法评审。")
            dialog.locator("button[value=yes]").click()
            expect(dialog).to_have_count(0)
        expect(answer.or_(later).first).to_be_visible(timeout=LONG)


def is_over(page: Page) -> None:
    """Wait until the session ended and the page says where to go on."""
    expect(page.locator(".onward a").first).to_be_visible(timeout=LONG)


def test_a_custodian_releases_from_the_demos_kit(
    chromium: Browser, demo: Demo, tmp_path: Path
) -> None:
    with person(chromium, demo, "custodian-1", tmp_path) as one:
        project = one.next_round()
        told = one.page.locator("li").filter(has=one.page.get_by_text("custodian-1", exact=True))
        kit = told.last.locator("code").last.inner_text()
        page = one.go("/custodian")
        press(page, "从文件打开密钥包")
        page.get_by_label("密钥包文件").set_input_files(kit)
        page.get_by_label("口令", exact=True).fill(one.password)
        press(page, "打开密钥包")
        task = page.locator(f"kb-release[data-project='{project}']")
        release = task.get_by_role("button", name="释放我的份额")
        release.click(timeout=LONG)
        dialog = page.get_by_role("dialog")
        dialog.get_by_role("textbox").fill("释放份额")
        dialog.get_by_role("button", name="释放我的份额").click()
        expect(task).to_contain_text("您的份额已释放", timeout=LONG)
        one.go(f"/projects/{project}/hall/{PLACE}")
        is_over(page)


def test_a_supervisor_watches_signs_and_verifies(
    chromium: Browser, demo: Demo, tmp_path: Path
) -> None:
    with person(chromium, demo, "supervisor", tmp_path) as one:
        page = one.go(f"/projects/{one.next_round()}/hall/{PLACE}")
        step(page, "sign_in").click(timeout=LONG)
        expect(page.locator("kb-supervisor-seat")).to_contain_text("未发现异常")
        page.locator("kb-draw-party button[data-step=draw]").click(timeout=LONG)
        expect(page.locator(".draw-result-line")).to_be_visible(timeout=LONG)
        expect(step(page, "sign")).to_be_visible(timeout=LONG)
        use_key(page)
        step(page, "sign").click()
        sure(page)
        is_over(page)
        page.reload()
        press(page, "立即核验")
        expect(page.locator("kb-verification")).to_contain_text("核验通过", timeout=LONG)
