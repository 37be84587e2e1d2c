"""A member reads the opened bids' files beside the review: pages, keys, bad files, and who reads."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect

from crypto.chunks import PREFIX_BYTES, SEALED_CHUNK_BYTES
from tests.browser.conftest import put
from tests.browser.reading import FILES, MANY, filed
from tests.browser.shown import Shown
from tests.browser.speech import CHINESE as SAY
from tests.browser.stage import Stage
from tests.browser.visit import NARROW, Visit, check_axe, sign_in, visit
from tests.opening.world import PROJECT, SECTION
from tests.web.service import LIMITS
from web.clock import SetClock
from web.settings import Rate
from web.texts import refusal

pytestmark = pytest.mark.slow

DESK = f"/projects/{PROJECT}/desk/{SECTION}"
OWN = 5


@pytest.fixture(scope="module")
def room(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Shown, Stage]]:
    bench = filed()
    stage = bench.world
    assert isinstance(stage, Stage)
    folder = put(stage, tmp_path_factory.mktemp("reading") / "data")
    with Shown(folder, SetClock(stage.now)) as service:
        yield service, stage


@pytest.fixture
def desk(chromium: Browser, room: tuple[Shown, Stage]) -> Iterator[Visit]:
    service, stage = room
    with visit(chromium, service, stage.experts[OWN - 1]) as made:
        made.goto(DESK)
        drawn(made.page, 1)
        yield made


def drawn(page: Page, number: int) -> None:
    """Wait until a page of a PDF is there."""
    expect(page.locator(f".reader-sheet[data-page='{number}'] > canvas")).to_be_visible()


def choose(page: Page, name: str) -> None:
    places = ["bid-form.json", *FILES]
    page.locator("#reader-file").select_option(str(sorted(places, key=str.encode).index(name)))


def words(page: Page) -> str:
    return page.locator(".reader-text").inner_text()


def problem(page: Page, sentence: str) -> None:
    expect(page.locator("kb-documents [role=alert]")).to_have_text(SAY(sentence))


def dark_pixels(page: Page) -> int:
    """Return how many pixels of the page are as dark as letters."""
    count: int = page.evaluate(
        """() => {
          const canvas = document.querySelector('.reader-sheet > canvas');
          const { data } = canvas.getContext('2d').getImageData(0, 0, canvas.width, canvas.height);
          let found = 0;
          for (let at = 0; at < data.length; at += 4) if (data[at] + data[at + 1] + data[at + 2] < 120) found += 1;
          return found;
        }"""
    )
    return count


def test_pages_are_turned_and_sized_by_keys_and_searched(desk: Visit) -> None:
    page = desk.page
    assert "page 1 of the method" in words(page)
    page.locator(".reader-view").focus()
    for _ in range(3):
        page.keyboard.press("n")
    drawn(page, 4)
    page.keyboard.press("p")
    drawn(page, 3)
    assert "page 3 of the method" in words(page)
    page.keyboard.press("+")
    expect(page.locator(".reader-zoom")).to_have_text("125 %")
    page.keyboard.press("/")
    page.keyboard.type("Page 11 of")
    page.keyboard.press("Enter")
    drawn(page, 11)
    expect(page.locator(".reader-text .is-found").first).to_be_attached()
    page.locator("#reader-page").fill("7")
    page.keyboard.press("Enter")
    drawn(page, 7)
    check_axe(desk)
    desk.check()


def test_the_width_of_the_files_is_changed_by_keys_and_kept(desk: Visit) -> None:
    page = desk.page
    bar = page.get_by_role("separator", name=SAY("Width of the files"))
    before = page.locator(".desk-documents").bounding_box()
    bar.focus()
    for _ in range(3):
        page.keyboard.press("ArrowLeft")
    expect(bar).to_have_attribute("aria-valuenow", "40")
    after = page.locator(".desk-documents").bounding_box()
    assert before is not None
    assert after is not None
    assert after["width"] < before["width"]
    page.reload()
    expect(bar).to_have_attribute("aria-valuenow", "40")
    desk.check()


def test_a_chinese_font_that_is_not_embedded_is_read_all_the_same(desk: Visit) -> None:
    page = desk.page
    choose(page, "2-中文.pdf")
    expect(page.locator(".reader-text")).to_contain_text("施工组织设计")
    assert dark_pixels(page) > 500
    desk.check()


def test_scripts_and_links_of_a_file_do_nothing(desk: Visit) -> None:
    page, asked = desk.page, []
    page.on("request", lambda one: asked.append(one.url))
    page.on("dialog", lambda dialog: asked.append(dialog.message))
    page.locator(".reader-sheet").click(position={"x": 100, "y": 100})
    choose(page, "3-脚本.pdf")
    expect(page.locator(".reader-text")).to_contain_text("scripts in here")
    page.locator(".reader-sheet").click(position={"x": 100, "y": 100})
    assert page.locator(".reader-sheet a").count() == 0
    assert not [one for one in asked if "canary" in one or "sandbox" in one]
    desk.check()


def test_five_thousand_pages_open_at_once_and_are_turned_to(desk: Visit) -> None:
    page = desk.page
    choose(page, "5-五千页.pdf")
    expect(page.locator(".reader-page")).to_contain_text(f"/ {MANY}")
    for number in (MANY, 2_500):
        page.locator("#reader-page").fill(str(number))
        page.keyboard.press("Enter")
        drawn(page, number)
        assert words(page).strip() == f"page {number}"
    desk.check()


@pytest.mark.parametrize(
    ("name", "sentence"),
    [
        (
            "4-加密.pdf",
            (
                "This PDF is encrypted and opens with a password only, so it cannot be read here. "
                "Ask the bidder in a clarification, or judge the bid without it."
            ),
        ),
        ("7-坏.pdf", "This file begins like a PDF but is none, or it is damaged."),
    ],
)
def test_what_cannot_be_read_is_said_and_the_next_file_opens(
    desk: Visit, name: str, sentence: str
) -> None:
    page = desk.page
    choose(page, name)
    problem(page, sentence)
    check_axe(desk)
    choose(page, "2-中文.pdf")
    drawn(page, 1)
    expect(page.locator("kb-documents [role=alert]")).to_have_count(0)
    desk.check()


def test_texts_pictures_and_others_are_shown_as_what_they_are(desk: Visit) -> None:
    page = desk.page
    choose(page, "6-其实是文本.pdf")
    expect(page.locator(".reader-sheet pre")).to_contain_text(
        "<script>alert('canary')</script> 这是"
    )
    expect(page.locator(".reader-said")).to_have_text(
        SAY("The name says PDF, but the file is none.")
    )
    choose(page, "8-图.png")
    expect(page.get_by_role("img", name="8-图.png")).to_be_visible()
    choose(page, "9-表.xlsx")
    shown = SAY("Files of this kind are not shown here; PDF, pictures and plain text are.")
    expect(page.locator("kb-documents")).to_contain_text(shown)
    check_axe(desk)
    desk.check()


def test_the_files_follow_the_bid_that_is_reviewed(desk: Visit) -> None:
    page = desk.page
    page.locator(".bid-tab").nth(1).click()
    expect(page.locator("#reader-bid option:checked")).to_contain_text("2 ")
    page.locator(".bid-tab").nth(0).click()
    expect(page.locator("#reader-bid option:checked")).to_contain_text("1 ")
    drawn(page, 1)


def test_a_damaged_page_is_said_to_be_damaged(chromium: Browser, tmp_path: Path) -> None:
    bench = filed()
    stage = bench.world
    assert isinstance(stage, Stage)
    folder = put(stage, tmp_path / "data")
    who = stage.experts[OWN - 1]
    with Shown(folder, SetClock(stage.now)) as service, visit(chromium, service, who) as made:
        page = made.goto(DESK)
        drawn(page, 1)
        sealed = folder / "sealed" / stage.state.bids[bench.bids[0]].root.hex()
        content = bytearray(sealed.read_bytes())
        for chunk in range(4, len(content) // SEALED_CHUNK_BYTES - 8):
            content[PREFIX_BYTES + chunk * SEALED_CHUNK_BYTES + 9] ^= 1
        sealed.write_bytes(content)
        choose(page, "5-五千页.pdf")
        expect(page.locator("kb-documents [role=alert]")).to_contain_text(
            "磁盘上的内容与开启时不一致"
        )
        assert page.locator(".reader-sheet > *").count() == 0


def test_whoever_reads_faster_than_allowed_waits_and_is_told_what_ends_it(
    chromium: Browser, tmp_path: Path
) -> None:
    bench = filed()
    stage = bench.world
    assert isinstance(stage, Stage)
    folder, clock = put(stage, tmp_path / "data"), SetClock(stage.now)
    # the list, the beginnings of two files, and no more
    few = LIMITS.model_copy(update={"file_reads_by_account": Rate(burst=3, refill_ms=60_000)})
    who = stage.experts[OWN - 1]
    with (
        Shown(folder, clock, limits=few) as service,
        visit(chromium, service, who) as made,
    ):
        page = made.goto(DESK)
        drawn(page, 1)
        with page.expect_response(lambda answer: answer.status == 429):
            choose(page, "5-五千页.pdf")
        page.context.clear_cookies()
        told = page.locator("kb-documents [role=alert]")
        expect(told).to_have_text(refusal("zh-CN", "web.sign_in_first", {}))
        sign_in(page.context, who, service)
        clock.advance(20 * 60_000)
        choose(page, "1-方案.pdf")
        drawn(page, 1)
        with page.expect_response(lambda answer: answer.status == 429):
            choose(page, "5-五千页.pdf")
        expect(page.locator(".reader-sheet > canvas")).to_have_count(0)
        clock.advance(20 * 60_000)
        drawn(page, 1)
        assert words(page).strip() == "page 1"


@pytest.mark.parametrize("width", [NARROW, 1280])
def test_nothing_is_wider_than_the_screen(
    chromium: Browser, room: tuple[Shown, Stage], width: int
) -> None:
    service, stage = room
    with visit(chromium, service, stage.experts[OWN - 1], width=width, language="en-GB") as made:
        page = made.goto(DESK)
        drawn(page, 1)
        assert page.evaluate("document.documentElement.scrollWidth") <= width
        check_axe(made)
        made.check()
