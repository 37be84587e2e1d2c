"""People with a browser each, who go from a new project to its minutes in a real house."""

import contextlib
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

from playwright.sync_api import Browser, Locator, Page, expect

from tests.browser.bidder import PATIENCE
from tests.browser.house import House, house
from tests.browser.speech import CHINESE, Say, speaker
from web.texts import Language

PASSPHRASE = "北风 吹雁 雪纷纷 1234"
LONG = 90_000


@dataclass
class Way:
    """The people and their pages, all in one language."""

    house: House
    browser: Browser
    folder: Path
    language: Language
    pages: dict[str, Page] = field(default_factory=dict)
    complaints: list[str] = field(default_factory=list)
    project: str = ""
    say: Say = CHINESE

    def __post_init__(self) -> None:
        if self.language != "zh-CN":
            self.say = speaker(self.language)

    @property
    def hall(self) -> str:
        """Where the session is held."""
        return f"/projects/{self.project}/hall/s1-1"

    def open(self, name: str) -> Page:
        """Open a browser of somebody's own; what its pages complain about is kept."""
        context = self.browser.new_context(
            locale=self.language,
            timezone_id="Asia/Shanghai",
            viewport={"width": 1280, "height": 900},
        )
        page = context.new_page()
        page.on("pageerror", lambda error: self.complaints.append(f"{name}: {error}"))
        self.pages[name] = page
        return page

    def enter(self, account: str) -> Page:
        """Sign somebody in, by hand, in a browser of its own."""
        page, say = self.open(account), self.say
        page.goto(self.house.url + "/sign-in")
        page.get_by_label(say("Account"), exact=True).fill(account)
        page.get_by_label(say("Password"), exact=True).fill(self.house.casting.password(account))
        page.get_by_role("button", name=say("Sign in"), exact=True).click()
        expect(page.get_by_role("button", name=say("Sign out"))).to_be_visible()
        return page

    def go(self, account: str, path: str) -> Page:
        """Send somebody's browser to a page."""
        page = self.pages[account]
        page.goto(self.house.url + path)
        return page

    def shots(self, stage: str) -> None:
        """Keep what everybody sees now, for people to look at."""
        for account, page in self.pages.items():
            page.screenshot(path=self.folder / f"{stage}-{account}.png", full_page=True)


@contextlib.contextmanager
def way(browser: Browser, folder: Path, language: Language) -> Iterator[Way]:
    """Run a house with everybody's account; where something fails, their pages are kept."""
    with house(folder / "house") as made:
        made.member("clerk", "clerk", "公正招标代理有限公司")
        made.member("supervisor", "supervisor", "滨河市公共资源交易监督管理局")
        for number in (1, 2, 3):
            made.member(f"custodian-{number}", "custodian", f"第{number}公证处")
        for name in ("anna", "offline"):
            made.member(name, "bidder", f"{name}建设集团有限公司")
        there = Way(made, browser, folder, language)
        try:
            yield there
        except BaseException:
            there.shots("failed")
            raise


def make_key(page: Page, say: Say) -> None:
    """Make this browser's signing key."""
    page.get_by_role("button", name=say("Make this browser's signing key")).click()
    expect(page.locator("kb-signing-key .tag-green")).to_be_visible(timeout=PATIENCE)


def make_kit(page: Page, path: Path, say: Say) -> None:
    """Make a custodian's kit, save it and open the saved file."""
    page.get_by_role("button", name=say("Make a kit"), exact=True).click()
    page.get_by_label(say("Passphrase"), exact=True).fill(PASSPHRASE)
    page.get_by_label(say("The same passphrase again")).fill(PASSPHRASE)
    page.get_by_label(say("Name of this device")).fill("保管人的笔记本")
    page.get_by_role("button", name=say("Make the kit")).click()
    with page.expect_download(timeout=LONG) as saving:
        page.get_by_role("button", name=say("Save the kit's file")).click(timeout=LONG)
    saving.value.save_as(path)
    page.get_by_label(say("The kit's file")).set_input_files(path)
    page.get_by_label(say("Passphrase"), exact=True).fill(PASSPHRASE)
    page.get_by_role("button", name=say("Open the saved file")).click()
    _is_open(page, say)


def open_kit(page: Page, say: Say) -> None:
    """Open the copy of the kit that this browser keeps."""
    page.get_by_label(say("Passphrase"), exact=True).fill(PASSPHRASE)
    page.get_by_role("button", name=say("Open the kit"), exact=True).click()
    _is_open(page, say)


def _is_open(page: Page, say: Say) -> None:
    expect(page.locator(".kit .tag")).to_have_text(say("Kit open"), timeout=LONG)


def own(page: Page, column: int) -> Locator:
    """Return a custodian's own cell of a ceremony's table."""
    return page.locator("article.task tr.is-own td").nth(column)
