"""A walk past every page in every state, in both languages: usable, whole, and in its own words."""

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.browser.conftest import put
from tests.browser.looking import enlarged, faults, forced, grave
from tests.browser.shown import Shown
from tests.browser.visit import NARROW, WIDE, Visit, visit
from tests.browser.walk import ROUNDS
from tests.opening.parties import Party
from tests.web.service import settings
from web.app import create_app
from web.clock import SetClock
from web.pages import PageRoute

pytestmark = pytest.mark.slow

REFUSED = re.compile(r"Failed to load resource.* 40[34] ")
LOADING = "kb-clerk-new:empty, .clerk-step > :empty, main :is(kb-bid, kb-custodian) .quiet[role=status], kb-check:empty"
"""What a page shows only until it knows what to show."""


@dataclass(frozen=True)
class Way:
    """How a visitor's browser shows pages, and whether axe looks at them too."""

    language: str
    width: int
    scheme: str
    is_axed: bool = True


CHINESE, ENGLISH = Way("zh-CN", WIDE, "light"), Way("en", NARROW, "dark")
WAYS = (CHINESE, ENGLISH, Way("zh-CN", NARROW, "dark"), Way("en", WIDE, "light"))
USUAL = ("reading", "drawing")
"""What is walked past each time; the rest where time does not count."""
AT = 1_800_000_000_000
EMPTY = "/first"
NO_PAGES = (
    "/language/{language}",
    "/texts/{language}/{version}/{bundle}.json",
    "/guide/pictures/{folder}/{name}",
    "/downloads/{name}",
    "/inbox/{entry}",
)
"""What pages lead through or are made of."""
DEMO = "/demo"
"""Only a demo has it: test_demo.py looks at it."""


def stand(page: Page) -> None:
    """Wait until a page shows what it has to show."""
    expect(page.locator("main")).to_be_visible()
    if page.locator("kb-hall").count():
        expect(page.locator(".line.is-up")).to_be_visible()
    expect(page.locator(":not(:defined)")).to_have_count(0)
    expect(page.locator(LOADING)).to_have_count(0)


def arrive(made: Visit, path: str) -> bool:
    """Go to a page and tell whether it is the page of a refusal."""
    answer = made.page.goto(made.url + path)
    stand(made.page)
    return answer is not None and answer.status in {403, 404}


def forgive(made: Visit) -> None:
    """Drop the console's line, if it is there by now, on one page whose status says a refusal."""
    said = next((one for one in made.complaints if REFUSED.search(one)), None)
    if said is not None:
        made.complaints.remove(said)


def wrong(made: Visit, way: Way) -> Iterator[str]:
    """Yield all that is wrong with a page."""
    if way.is_axed:
        yield from grave(made)
    yield from faults(made, way.language)
    if way.width == WIDE:
        yield from enlarged(made)
        yield from forced(made)


def walk(
    browser: Browser, service: Shown, who: Party | None, paths: tuple[str, ...], way: Way
) -> list[str]:
    """Return what is wrong with the pages somebody looks at, by address."""
    found: list[str] = []
    refusals = 0
    with visit(
        browser, service, who, width=way.width, scheme=way.scheme, language=way.language
    ) as made:
        if way.width == NARROW:
            made.page.emulate_media(reduced_motion="reduce")
        for path in paths:
            refusals += arrive(made, path)
            found += [f"{path}: {one}" for one in wrong(made, way)]
        for _ in range(refusals):
            forgive(made)
        made.check()
    return found


def test_every_page_is_walked_past(tmp_path: Path) -> None:
    walked = {
        path.partition("?")[0]
        for state in ROUNDS.values()
        for paths in state.looks.values()
        for path in paths
    }
    left = {
        route.path
        for route in create_app(settings(tmp_path)).routes
        if isinstance(route, PageRoute) and "GET" in (route.methods or ())
        if not any(route.path_regex.match(path) for path in walked)
    }
    assert left == {EMPTY, DEMO, *NO_PAGES}


@pytest.mark.minutes
@pytest.mark.parametrize("way", WAYS, ids=str)
def test_the_page_of_an_empty_installation_is_so_too(
    chromium: Browser, tmp_path: Path, way: Way
) -> None:
    with Shown(tmp_path, SetClock(AT)) as service:
        assert walk(chromium, service, None, (EMPTY,), way) == []


@pytest.mark.parametrize("name", USUAL)
def test_every_page_is_whole_and_usable_in_both_languages(
    chromium: Browser, tmp_path: Path, name: str
) -> None:
    check(chromium, tmp_path, name, (CHINESE, replace(ENGLISH, is_axed=False)))


@pytest.mark.minutes
@pytest.mark.timeout(900)
@pytest.mark.parametrize("name", ROUNDS)
def test_every_state_is_so_in_every_width_and_colour(
    chromium: Browser, tmp_path: Path, name: str
) -> None:
    check(chromium, tmp_path, name, WAYS)


def check(browser: Browser, folder: Path, name: str, ways: tuple[Way, ...]) -> None:
    world = ROUNDS[name].make()
    running = Shown(put(world, folder / "data"), SetClock(world.now))
    with running as service:
        found = [
            f"{way.language} {who.account if who else 'nobody'} {one}"
            for way in ways
            for who, paths in ROUNDS[name].of(world)
            for one in walk(browser, service, who, paths, way)
        ]
    assert not found, "\n".join(found)
