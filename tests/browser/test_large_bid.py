"""One large bid by clicks: sealed and uploaded with a reload in each, opened, and compared.

512 MiB in an ordinary run and 2 GiB with KAIBIAO_FAULTS=full; KAIBIAO_LARGE_BID gives another
number of bytes. The deadline is a real one, so this takes minutes and belongs to the faults. Four
times the bid's size is written to pytest's temporary folder, and removed.
"""

import asyncio
import contextlib
import os
import re
import shutil
from collections.abc import Coroutine, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Page, Request, expect, sync_playwright
from rich.console import Console

from client import clock, record_copy
from client.record_copy import RecordCopy
from client.rehearsal import cast, run
from client.rehearsal.plan import Plan
from client.rehearsal.report import Report
from client.rehearsal.session import open_bids
from opening.bodies import open_package
from opening.package import index_package, read_file
from tests.browser.bidder import prepare, press
from tests.browser.conftest import ARGS
from tests.browser.house import House, house
from tests.faults.counts import count
from tests.needs import program
from tests.scenarios.test_large_bid import PLACE, OpenStory, write_random

MIB = 1 << 20
SIZE = int(os.environ.get("KAIBIAO_LARGE_BID") or count(2 << 30, 512 * MIB))
SMALL = 5 * MIB + 77
SECONDS = 300 + SIZE // MIB // 4
"""From the terms to the deadline, and how long anything is waited for; a loaded machine needs it."""
PATIENCE = SECONDS * 1000
TWENTIES = re.compile(r"^\s*[2-9]\d %")
"""Work that is a fifth done, and not yet done."""
WATCH = """
window.longest = 0;
new PerformanceObserver((list) => {
  for (const { duration } of list.getEntries()) window.longest = Math.max(window.longest, duration);
}).observe({ type: "longtask", buffered: true });
"""

pytestmark = [pytest.mark.slow, pytest.mark.minutes, pytest.mark.timeout(3 * SECONDS)]


class Patient(OpenStory):
    """A project whose deadline leaves a person time to click."""

    def _estimate(self) -> int:
        return SECONDS * 1000


@dataclass
class Office:
    """A project that takes bids, and what runs beside it."""

    house: House
    story: Patient
    folder: Path
    offsets: list[int] = field(default_factory=list)
    """Where each part of an upload began."""

    def run(self, work: Coroutine[Any, Any, Any]) -> Any:
        return asyncio.run_coroutine_threadsafe(work, self.house.loop).result(SECONDS * 2)

    def note(self, request: Request) -> None:
        """Note where a part of an upload begins."""
        if request.method == "PATCH":
            self.offsets.append(int(request.headers["upload-offset"]))


@contextlib.contextmanager
def office(folder: Path) -> Iterator[Office]:
    plan = Plan(bidders=0, size=SIZE, n=2, k=2, replace=0)
    with house(folder / "house") as made:
        made.member("anna", "bidder", "长江路桥建设集团有限公司")
        witnessed = run.wait_for_witness(made.admin)
        people = made.run(cast.assemble(made.casting, made.admin, plan, witnessed))
        report = Report(Console())
        story = Patient(people, plan, report, folder / "bots", run.TIMEKEEPER)
        made.run(story.open())
        yield Office(made, story, folder)


@contextlib.contextmanager
def browser(made: Office) -> Iterator[Page]:
    """A browser with a disk of its own: a private window would keep the sealed file in memory."""
    with sync_playwright() as playwright:
        context = playwright.chromium.launch_persistent_context(
            made.folder / "profile",
            executable_path=program("chromium"),
            args=ARGS,
            locale="zh-CN",
            timezone_id="Asia/Shanghai",
            viewport={"width": 1280, "height": 900},
        )
        context.add_init_script(WATCH)
        page = context.pages[0]
        page.on("request", made.note)
        page.on("dialog", lambda dialog: dialog.accept())
        try:
            yield page
        except BaseException:
            page.screenshot(path=made.folder / "anna.png", full_page=True)
            raise
        finally:
            context.close()


@pytest.fixture
def folder(tmp_path: Path) -> Iterator[Path]:
    yield tmp_path
    for name in ("house", "profile", "files"):
        shutil.rmtree(tmp_path / name, ignore_errors=True)


def test_a_large_bid_is_sealed_and_uploaded_over_reloads_and_opens_to_its_files(
    folder: Path,
) -> None:
    content = {"技术方案.pdf": SIZE - SMALL, "商务 报价.pdf": SMALL}
    for name, size in content.items():
        write_random(folder / "files" / name, size)
    with office(folder) as made:
        done = asyncio.Event()
        held = asyncio.run_coroutine_threadsafe(
            made.story.hold_open(wait_for(done)), made.house.loop
        )
        with browser(made) as page:
            enter(page, made)
            seals(page, sorted((folder / "files").iterdir()))
            uploads(page, made)
        made.house.loop.call_soon_threadsafe(done.set)
        held.result(SECONDS)
        copy: RecordCopy = made.run(opened(made.story))
        assert compared(copy, made) == set(content)


async def wait_for(done: asyncio.Event) -> None:
    await done.wait()


def enter(page: Page, made: Office) -> None:
    """Sign in, make this browser's key, and take part."""
    url = made.house.url
    page.goto(url + "/sign-in")
    page.get_by_label("账号", exact=True).fill("anna")
    page.get_by_label("密码").fill(made.house.casting.password("anna"))
    press(page, "登录")
    expect(page.get_by_role("button", name="退出登录")).to_be_visible()
    page.goto(url + "/me")
    press(page, "生成本浏览器的签名密钥")
    expect(page.locator("kb-signing-key .tag-green")).to_be_visible()
    page.goto(url + "/bidder")
    page.get_by_role("button", name="参加投标").first.click()
    expect(page.get_by_text("已参加").first).to_be_visible()
    page.goto(f"{url}/projects/{made.story.project}/bid/s1-1")


def seals(page: Page, chosen: list[Path]) -> None:
    """Cut the sealing short by a reload, and seal anew."""
    prepare(page, chosen, price="86543210.55")
    press(page, "密封投标文件")
    expect(page.locator(".work-facts")).to_contain_text(TWENTIES, timeout=PATIENCE)
    page.reload()
    expect(page.get_by_text("密封中途中断")).to_be_visible()
    prepare(page, chosen, price="86543210.55")
    begun = clock.ticks()
    page.evaluate("window.longest = 0")
    press(page, "密封投标文件")
    expect(page.get_by_role("heading", name="已在本机密封")).to_be_visible(timeout=PATIENCE)
    tell(page, "sealed and opened again", begun)


def uploads(page: Page, made: Office) -> None:
    """Cut the upload short by a reload on a slow line; it goes on from there by itself."""
    line = page.context.new_cdp_session(page)
    line.send("Network.enable")
    slow = {"offline": False, "latency": 0, "downloadThroughput": -1}
    line.send("Network.emulateNetworkConditions", {**slow, "uploadThroughput": SIZE // 20})
    begun = clock.ticks()
    page.evaluate("window.longest = 0")
    press(page, "签名并提交")
    expect(page.locator(".work-facts")).to_contain_text(TWENTIES, timeout=PATIENCE)
    tell(page, "uploaded in part on a slow line", begun)
    assert made.offsets[0] == 0
    line.send("Network.emulateNetworkConditions", {**slow, "uploadThroughput": -1})
    made.offsets.clear()
    begun = clock.ticks()
    page.reload()
    expect(page.get_by_role("heading", name="回执")).to_be_visible(timeout=PATIENCE)
    tell(page, "uploaded after the reload, receipt checked", begun)
    assert made.offsets[0] > 0


def tell(page: Page, what: str, begun: float) -> None:
    """Print how long something took, and how long the page stood still at most."""
    seconds, longest = clock.ticks() - begun, page.evaluate("window.longest")
    print(f"  {SIZE / MIB:.0f} MiB {what}: {seconds:.1f} s; longest task {longest:.0f} ms")


async def opened(story: Patient) -> RecordCopy:
    """Let the deadline pass, order the opening, and have everybody release."""
    await story.close()
    await open_bids(story, PLACE, [])
    return await record_copy.fetch(story.cast.supervisor.seat, story.project)


def compared(copy: RecordCopy, made: Office) -> set[str]:
    """Open the service's sealed file by the record and compare every file; return their names."""
    state = copy.state.opening
    ((name, bid),) = ((name, bid) for name, bid in state.bids.items() if bid.status != "withdrawn")
    (found,) = (session.opened[name] for session in state.sessions.values())
    assert found.problems == ()
    same = set()
    path = made.folder / "house" / "data" / "sealed" / bid.root.hex()
    with path.open("rb", buffering=0) as sealed:
        package = open_package(state, name, sealed)
        for entry, place in index_package(package).items():
            original = made.folder / "files" / entry
            if not original.exists():
                continue
            with original.open("rb") as file:
                for piece in read_file(package, place):
                    assert file.read(len(piece)) == piece
                assert file.read(1) == b""
            same.add(entry)
    return same
