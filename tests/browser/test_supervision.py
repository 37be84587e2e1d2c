"""The supervisor's seat while a committee works: tiles that follow, the bids' files, looking back."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect

from evaluation.commands import SubmitMarks
from project.events import RecordViewed
from tests.browser.committee import Bench, Others
from tests.browser.conftest import put
from tests.browser.reading import filed
from tests.browser.shown import Shown
from tests.browser.speech import CHINESE as SAY
from tests.browser.stage import Stage
from tests.browser.visit import NARROW, Visit, check_axe, visit
from tests.web.tender import read_record
from web.clock import SetClock

pytestmark = pytest.mark.slow


@pytest.fixture
def watched(tmp_path: Path) -> Iterator[tuple[Bench, Shown, Path]]:
    """A committee of which two members have submitted their marks."""
    bench = filed()
    bench.reviewed().priced()
    for seat in (1, 2):
        bench.submit(seat)
    stage = bench.world
    assert isinstance(stage, Stage)
    folder = put(stage, tmp_path / "data")
    with Shown(folder, SetClock(stage.now)) as service:
        yield bench, service, folder


@pytest.fixture
def seat(chromium: Browser, watched: tuple[Bench, Shown, Path]) -> Iterator[Visit]:
    bench, service, _ = watched
    with visit(chromium, service, bench.world.supervisor) as made:
        page = made.goto("/supervisor")
        expect(page.locator("kb-tiles progress")).to_be_visible()
        yield made


def views(folder: Path) -> list[str]:
    events = [event for event, _ in read_record(folder)]
    return [event.subject for event in events if isinstance(event, RecordViewed)]


def test_a_tile_says_how_far_the_committee_is_and_follows_it(
    seat: Visit, watched: tuple[Bench, Shown, Path]
) -> None:
    bench, service, folder = watched
    page, tile = seat.page, seat.page.locator(".tile")
    expect(tile.locator("progress")).to_have_attribute("value", "2")
    expect(tile).to_contain_text(SAY("progress marks"))
    others = Others(bench, service, folder, (3, 4, 5))
    for number in others.seats:
        sheet = bench.people[number].sign(bench.sheet(number))
        others.act(number, SubmitMarks, message=sheet)
    expect(tile).not_to_contain_text(SAY("progress marks"))
    expect(page.locator(".here-line")).to_contain_text(SAY("role supervisor"))
    check_axe(seat)
    seat.check()


def test_files_are_looked_at_on_the_record_and_only_when_asked_for(
    seat: Visit, watched: tuple[Bench, Shown, Path]
) -> None:
    page = seat.page
    assert "files" not in views(watched[2])
    expect(page.locator("kb-documents")).to_have_count(0)
    page.get_by_role("button", name=SAY("Look at the files")).click()
    expect(page.locator(".reader-sheet[data-page='1'] > canvas")).to_be_visible()
    assert views(watched[2]).count("files") == 1
    expect(page.locator("#reader-note")).to_have_count(0)
    check_axe(seat)
    page.get_by_role("button", name=SAY("Close the files")).click()
    expect(page.locator("kb-documents")).to_have_count(0)
    seat.check()


def members(page: Page) -> list[str]:
    return page.locator(".seats-table tbody tr td:nth-of-type(2)").all_inner_texts()


def test_the_evaluation_is_looked_back_at_moment_by_moment(seat: Visit) -> None:
    page = seat.page
    page.locator("[data-step=replay]").click()
    expect(page.locator(".replay")).to_be_visible()
    page.locator("#replay-at").fill("1")
    expect(page.locator(".watch .timeline li")).to_have_count(1)
    assert members(page) == [SAY("standing named")] * 5
    page.get_by_role("button", name=SAY("Step on")).click()
    expect(page.locator(".watch .timeline li")).to_have_count(2)
    assert members(page)[0] == SAY("standing signed_in")
    check_axe(seat)
    page.locator("[data-step=live]").click()
    expect(page.locator(".replay")).to_have_count(0)
    expect(page.locator(".committee-steps")).to_be_visible()
    seat.check()


def test_nothing_is_wider_than_a_narrow_screen(
    chromium: Browser, watched: tuple[Bench, Shown, Path]
) -> None:
    bench, service, _ = watched
    with visit(chromium, service, bench.world.supervisor, width=NARROW, language="en") as made:
        page = made.goto("/supervisor")
        page.get_by_role("button", name="Look at the files").click()
        expect(page.locator(".reader-sheet[data-page='1'] > canvas")).to_be_visible()
        assert page.evaluate("document.documentElement.scrollWidth") <= NARROW
        check_axe(made)
        made.check()
