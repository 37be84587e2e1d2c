"""People with a browser each at a committee's table, in a house of real processes, each in its tongue.

What is done here is done by clicks and keys; the project's way to the opened bids is the bots'.
"""

import re
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from pathlib import Path

from playwright.sync_api import Browser, Locator, Page, Request, expect
from rich.console import Console

from client.rehearsal import cast, run
from client.rehearsal.cast import Cast
from client.rehearsal.plan import Plan
from client.rehearsal.report import Report
from client.rehearsal.session import hold_session
from client.rehearsal.story import Story
from tests.browser.house import House, house
from tests.browser.speech import Say, speaker
from tests.browser.visit import Visit, check_axe, visit
from web.texts import Language

LONG = 90_000
SECTION = "s1"
PLAN = Plan(bidders=3, size=200_000, replace=0, experts=5, stand_aside=0, verify=False)
_LOST = re.compile(r"ERR_INTERNET_DISCONNECTED|ERR_CONNECTION|WebSocket|status of 50[23]")
"""What a browser says of a line that is down, or a service that is away."""


@dataclass
class Person:
    """Somebody at a browser."""

    made: Visit
    account: str
    say: Say
    width: int

    @property
    def page(self) -> Page:
        return self.made.page

    def go(self, path: str) -> Page:
        return self.made.goto(path)

    def click(self, sentence: str) -> None:
        """Press a button of the desk."""
        desk = self.page.locator("kb-desk")
        desk.get_by_role("button", name=self.say(sentence), exact=True).click(timeout=LONG)

    def panel(self, name: str) -> None:
        """Wait until a panel of the desk is the one to act in."""
        title = self.say(f"panel {name}")
        expect(self.page.locator("#h-panel")).to_have_text(title, timeout=LONG)

    def agree(self, action: str, word: str = "") -> None:
        """Answer a dialog."""
        dialog = self.page.get_by_role("dialog")
        if word:
            dialog.get_by_role("textbox").fill(word)
        dialog.get_by_role("button", name=self.say(action), exact=True).click()
        expect(dialog).to_have_count(0)

    def make_key(self) -> None:
        """Make this browser's key, and let it count in the project."""
        page = self.page
        page.get_by_role("button", name=self.say("Make this browser's signing key")).click()
        use = self.say("Sign with this browser's key in this project")
        page.get_by_role("button", name=use).click(timeout=LONG)
        expect(page.get_by_role("button", name=use)).to_have_count(0)

    def looks(self) -> None:
        """Look at the page as it stands for what keeps somebody from using it."""
        check_axe(self.made)
        wide = self.page.evaluate("document.documentElement.scrollWidth")
        assert wide <= self.width, (self.account, self.page.url, wide)

    def mark(self, row: int, column: int = 0) -> Locator:
        """Return a cell of the score sheet."""
        return self.page.locator(f'input[data-column="{column}"]').nth(row)

    def check(self) -> None:
        """Fail on what the browser complained about, but for the line."""
        told = [one for one in self.made.complaints if not _LOST.search(one)]
        assert told == [], (self.account, told)


@dataclass
class Table:
    """The house, the bots, and whoever sits at a browser by now."""

    house: House
    browser: Browser
    folder: Path
    stack: ExitStack
    people: Cast
    story: Story
    at: dict[str, Person] = field(default_factory=dict)

    @property
    def project(self) -> str:
        return self.story.project

    def enter(self, account: str, language: Language, width: int = 1280) -> Person:
        """Sign somebody in, by hand, in a browser of its own."""
        dark = "dark" if language == "en" else "light"
        opened = visit(self.browser, self.house, None, width=width, scheme=dark, language=language)
        made, say = self.stack.enter_context(opened), speaker(language)
        page = made.page

        def saw(request: Request) -> None:
            if request.url.endswith("/api/csp-reports"):
                made.complaints.append(str(request.post_data))

        page.on("request", saw)
        made.goto("/sign-in")
        page.get_by_label(say("Account"), exact=True).fill(account)
        password = self.house.casting.password(account)
        page.get_by_label(say("Password"), exact=True).fill(password)
        page.get_by_role("button", name=say("Sign in"), exact=True).click()
        expect(page.get_by_role("button", name=say("Sign out"))).to_be_attached()
        self.at[account] = Person(made, account, say, width)
        return self.at[account]

    def shots(self, stage: str) -> None:
        """Keep what everybody sees now, for people to look at."""
        for account, one in self.at.items():
            one.page.screenshot(path=self.folder / f"{stage}-{account}.png", full_page=True)


@contextmanager
def table(browser: Browser, folder: Path) -> Iterator[Table]:
    """Run a house in which the bots have brought a project to the end of its opening session."""
    report = Report(Console(quiet=True))
    with ExitStack() as stack:
        # how long these two take tells the story how long it has to leave for bids
        with report.stage("service and timekeeper", live=False):
            made = stack.enter_context(house(folder / "house"))
        with report.stage("accounts and kits", live=False):
            witnessed = run.wait_for_witness(made.admin)
            people = made.run(cast.assemble(made.casting, made.admin, PLAN, witnessed))
        story = Story(people, PLAN, report, folder / "bots", run.TIMEKEEPER)
        made.run(story.begin())
        made.run(hold_session(story, (SECTION, 1)))
        assert report.problems == []
        there = Table(made, browser, folder, stack, people, story)
        try:
            yield there
        except BaseException:
            there.shots("failed")
            raise
