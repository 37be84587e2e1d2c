"""Every page in a real browser: nothing serious for axe, no policy broken, readable at 320 px."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, expect

from tests.browser.conftest import shown
from tests.browser.shown import Shown
from tests.browser.stage import Stage
from tests.browser.visit import NARROW, Visit, check_axe, visit
from tests.opening.parties import Party
from tests.opening.world import PROJECT
from web.clock import SetClock

pytestmark = pytest.mark.slow

HALL = f"/projects/{PROJECT}/hall/s1-1"
PAGES = ("/projects", f"/projects/{PROJECT}", HALL)


@pytest.fixture(scope="module")
def stage() -> Stage:
    return Stage().ended()


@pytest.fixture(scope="module")
def service(stage: Stage, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Shown]:
    with shown(stage, tmp_path_factory.mktemp("ended")) as running:
        yield running


@pytest.fixture(scope="module")
def lobby(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Stage, Shown]]:
    stage = Stage().lobby()
    with shown(stage, tmp_path_factory.mktemp("lobby")) as running:
        yield stage, running


def settled(made: Visit, path: str) -> None:
    page = made.goto(path)
    if path == HALL:
        expect(page.locator(".line.is-up")).to_be_visible()
        expect(page.locator(".timeline li").first).to_be_visible()


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("path", PAGES)
def test_axe_finds_nothing_serious(
    chromium: Browser, service: Shown, stage: Stage, path: str, scheme: str
) -> None:
    with visit(chromium, service, stage.bidder[1], scheme=scheme) as made:
        settled(made, path)
        check_axe(made)
        made.check()


@pytest.mark.parametrize("language", ["zh-CN", "en"])
def test_the_hall_before_the_close_is_as_good(
    chromium: Browser, lobby: tuple[Stage, Shown], language: str
) -> None:
    stage, service = lobby
    with visit(chromium, service, stage.bidder[2], language=language) as made:
        settled(made, HALL)
        expect(made.page.locator(".hall-clock-time")).to_contain_text("00:29")
        check_axe(made)
        made.check()
        told = made.page.locator("main").inner_text()
        assert stage.bidder[1].organisation_name not in told


@pytest.mark.parametrize("language", ["zh-CN", "en"])
@pytest.mark.parametrize("path", PAGES)
def test_nothing_needs_scrolling_sideways_at_320_pixels(
    chromium: Browser, service: Shown, stage: Stage, path: str, language: str
) -> None:
    with visit(chromium, service, stage.clerk, width=NARROW, language=language) as made:
        settled(made, path)
        assert made.page.evaluate("document.documentElement.scrollWidth") <= NARROW


def test_the_doors_have_nothing_serious_either(
    chromium: Browser, service: Shown, tmp_path: Path
) -> None:
    for width in (1280, NARROW):
        with visit(chromium, service, width=width) as made:
            made.goto("/sign-in")
            check_axe(made)
            made.check()
            assert made.page.evaluate("document.documentElement.scrollWidth") <= width
    tmp_path.mkdir(exist_ok=True)
    with Shown(tmp_path, SetClock(1)) as empty, visit(chromium, empty) as made:
        made.goto("/")
        expect(made.page.locator("#token")).to_be_visible()
        check_axe(made)
        made.check()


def test_without_scripts_everything_that_was_said_can_be_read(
    chromium: Browser, service: Shown, stage: Stage
) -> None:
    with visit(chromium, service, stage.bidder[1], scripts=False) as made:
        page = made.goto(HALL)
        told = page.locator("main").inner_text()
        for said in ("86,543,210.55", "捌仟肆佰玖拾玖万玖仟元整", "0.94", "开标现场不作结论"):
            assert said in told
        assert page.locator(".timeline li").count() > 20


def test_the_language_is_switched_on_every_page_and_stays(
    chromium: Browser, service: Shown, stage: Stage
) -> None:
    with visit(chromium, service, stage.bidder[1]) as made:
        page = made.goto("/projects")
        page.get_by_role("link", name="English").click()
        expect(page.get_by_role("heading", level=1)).to_have_text("Projects")
        page.get_by_role("link", name="滨河路").click()
        expect(page.get_by_role("heading", name="Tender documents")).to_be_visible()
        expect(page.locator("html")).to_have_attribute("lang", "en")


@pytest.mark.parametrize("seat", ["clerk", "supervisor", "bidder"])
def test_each_seat_sees_its_hall(
    chromium: Browser, service: Shown, stage: Stage, seat: str
) -> None:
    who: dict[str, Party] = {
        "clerk": stage.clerk,
        "supervisor": stage.supervisor,
        "bidder": stage.bidder[3],
    }
    with visit(chromium, service, who[seat]) as made:
        settled(made, HALL)
        expect(made.page.locator(".price").first).to_have_text("86,543,210.55")
        made.check()


def test_a_project_that_is_not_there_is_told_as_a_page(
    chromium: Browser, service: Shown, stage: Stage
) -> None:
    with visit(chromium, service, stage.bidder[1]) as made:
        page = made.goto("/projects/" + "0" * 32)
        expect(page.get_by_role("heading", level=1)).to_have_text("找不到")


def test_who_is_not_signed_in_is_led_to_the_door_and_back(
    chromium: Browser, service: Shown
) -> None:
    with visit(chromium, service) as made:
        page = made.goto(HALL)
        expect(page).to_have_url(service.url + "/sign-in?next=" + HALL)
