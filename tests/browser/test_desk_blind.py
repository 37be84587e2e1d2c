"""Blind parts at a member's desk by clicks: read and marked by alias, and named once all locked."""

import json
import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Locator, Page, expect

from evaluation.events import MarksLocked
from evaluation.scoring.rule import ScoringRule
from tests.browser.committee import RULE, Bench, Road
from tests.browser.pdf_files import pdf
from tests.browser.speech import CHINESE as SAY
from tests.browser.stage import FIRMS
from tests.browser.test_desk import DESK, Room, agree, click, is_saved, panel, served
from tests.browser.visit import LOOKS, check_axe, visit
from tests.opening.packages import build
from tests.web.tender import read_record

pytestmark = pytest.mark.slow

BLIND = ScoringRule.model_validate_json(
    RULE.model_dump_json(exclude_none=True).replace('"blind":false', '"blind":true', 1)
)
"""The committee's rule, the plan of its technical part blind."""
MARKS = {"A": "20.5", "B": "18", "C": "23"}


class Covered(Road):
    """The road, where every bidder's package has a blind part that names nobody."""

    def offer(self, bidder: int) -> bytes:
        told = {"v": 1, "bidder": FIRMS[f"bidder-{bidder}"][1]}
        price = {"amount": 86_543_210_55 + bidder, "currency": "CNY"}
        files = {
            "投标文件.pdf": pdf([f"open part of {bidder}"]),
            "blind/1.pdf": pdf([f"plan number {bidder}"]),
            "blind/2.txt": f"施工方案说明 {bidder}".encode(),
        }
        return build(files, json.loads(json.dumps({**told, "price": price})))


@pytest.fixture
def room(tmp_path: Path) -> Iterator[Room]:
    """A committee that is to give its marks, those of the plan by alias."""
    road = Covered(rule=BLIND)
    road.ended()
    bench = Bench(road)
    bench.bind().convene()
    road.experts = list(bench.people.values())
    bench.seated().reviewed().priced()
    with served(bench, tmp_path) as made:
        yield made


def sheet(page: Page, title: str) -> Locator:
    return page.get_by_role("region", name=SAY(title), exact=True)


def fill_in(page: Page) -> None:
    """Give every mark: those of each alias, and of the open items the same to every bid."""
    blind = sheet(page, "Blind parts, by their aliases")
    expect(blind.locator(".sheet-bid")).to_have_text(
        [SAY("Blind part {alias}", alias=alias) for alias in MARKS]
    )
    for column, mark in enumerate(MARKS.values()):
        blind.locator(f'input[data-column="{column}"]').fill(mark)
    bids = sheet(page, "Score sheet")
    expect(bids.locator(".sheet-bid")).to_have_count(len(MARKS))
    for column in range(len(MARKS)):
        cells = bids.locator(f'input[data-column="{column}"]')
        for row, mark in enumerate(("8", "7", "5")):
            cells.nth(row).fill(mark)


def read(page: Page, alias: str) -> str:
    """Open the text of a blind part and return it; its files have names that tell nothing."""
    page.locator("#reader-bid").select_option(alias)
    files = page.locator("#reader-file option:not([disabled])")
    expect(files).to_have_text([re.compile(rf"^{alias}-1\.pdf"), re.compile(rf"^{alias}-2\.txt")])
    # the first file opens by itself: what is there afterwards is of this alias
    expect(page.locator(".reader-sheet > canvas")).to_be_visible()
    page.locator("#reader-file").select_option("1")
    text = page.locator(".reader-view pre")
    expect(text).to_contain_text("施工方案说明")
    return text.inner_text()


def firms() -> list[str]:
    return [FIRMS[f"bidder-{number}"][1] for number in (1, 2, 3)]


def test_a_member_reads_and_marks_by_alias_and_names_appear_with_the_lock(
    chromium: Browser, room: Room
) -> None:
    with visit(chromium, room.service, room.own) as made:
        page = made.goto(DESK)
        panel(page, "marks")
        fill_in(page)
        expect(page.locator(".sheet-left")).to_have_text(SAY("Every mark is there"))
        is_saved(page)
        read_by_alias = {alias: read(page, alias) for alias in MARKS}
        assert len(set(read_by_alias.values())) == len(MARKS)
        blind = sheet(page, "Blind parts, by their aliases")
        assert not [firm for firm in firms() if firm in blind.inner_text()]
        page.reload()
        expect(blind.locator("input").first).to_have_value(MARKS["A"])
        expect(page.locator("table.aliases")).to_have_count(0)
        click(page, "Make this browser's signing key")
        click(page, "Sign with this browser's key in this project")
        click(page, "Submit my marks")
        agree(page, "Submit my marks", "SUBMIT")
        expect(page.locator(".waits")).to_have_text(
            SAY("Your marks are submitted. They are shown when all are in.")
        )
        assert MarksLocked not in {type(event) for event, _ in read_record(room.folder)}
        room.others.submit()
        panel(page, "report")
        check_names(page, room, read_by_alias)
        check_axe(made)
        made.check()


def check_names(page: Page, room: Room, read_by_alias: dict[str, str]) -> None:
    """The desk names the bidder behind each alias: whose text it was that stood there."""
    room.others.follow()
    aliases = room.bench.found.marking.draws[room.bench.found.marking.draw or ""]
    bids = room.bench.world.state.bids
    rows = page.locator("table.aliases tbody tr")
    expect(rows).to_have_count(len(MARKS))
    for number, (alias, bid) in enumerate(aliases.items()):
        bidder = next(
            one
            for one, who in room.bench.world.bidder.items()
            if who.organisation == bids[bid].organisation
        )
        expect(rows.nth(number)).to_contain_text(FIRMS[f"bidder-{bidder}"][1])
        assert read_by_alias[alias].endswith(str(bidder))


@pytest.mark.parametrize("language", LOOKS)
def test_the_sheet_of_blind_parts_can_be_used_at_its_narrowest(
    chromium: Browser, room: Room, language: str
) -> None:
    look = LOOKS[language]  # type: ignore[index]
    with visit(chromium, room.service, room.own, language=language, **look) as made:
        page = made.goto(DESK)
        expect(page.locator(".sheet-bid").first).to_be_visible()
        width = page.evaluate("document.documentElement.scrollWidth")
        assert width <= look.get("width", 1280)
        check_axe(made)
        made.check()
