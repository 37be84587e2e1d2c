"""A demo that runs as people start it, and somebody at a browser who has read its guide."""

import contextlib
import signal
import subprocess
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect

from client.rehearsal import processes
from tests.browser.clerking import make_key
from tests.demo_command import READY, up

ROOT = Path(__file__).parents[2]
LONG = 600_000


@dataclass
class Demo:
    """A demo in its folder, which can end as in a power cut and be started again."""

    folder: Path
    pace: int
    port: int
    process: subprocess.Popen[bytes] | None = None

    @property
    def url(self) -> str:
        """Where it is."""
        return f"http://localhost:{self.port}"

    @property
    def output(self) -> Path:
        """What it has said since it was last started."""
        return self.folder / "up.out"

    def start(self) -> None:
        """Start it, and wait until it has printed its sign-ins."""
        command = up(self.folder / "demo", self.port, self.pace)
        with self.output.open("wb") as sink:
            self.process = subprocess.Popen(command, cwd=ROOT, stdout=sink, stderr=sink)
        while READY not in self.output.read_text(encoding="utf-8"):
            with contextlib.suppress(subprocess.TimeoutExpired):
                self.process.wait(0.5)
                pytest.fail(self.output.read_text(encoding="utf-8"))

    def end(self, number: signal.Signals) -> None:
        """End it."""
        if self.process is not None:
            self.process.send_signal(number)
            self.process.wait(60)


@contextlib.contextmanager
def demonstrated(folder: Path, pace: int) -> Iterator[Demo]:
    """Run a demo until the block is left.

    Args:
        folder: where it is kept.
        pace: how many times as fast as life its bots are.
    """
    made = Demo(folder, pace, processes.free_ports().service)
    try:
        made.start()
        yield made
    finally:
        made.end(signal.SIGINT)


@dataclass
class Person:
    """Somebody at a browser who has read the guide."""

    demo: Demo
    page: Page
    password: str
    name: str

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
    # the page reads itself again until whoever it is can sign in
    password = row.locator("code").nth(1).inner_text(timeout=LONG)
    name = row.locator("th").inner_text().splitlines()[0]
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
