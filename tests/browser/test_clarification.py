"""A question to a bidder by clicks: the supervisor checks both ways, the bidder signs its answer."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from playwright.sync_api import Browser, FilePayload, Page, expect

from evaluation.clarification import Clarification
from tests.browser.bidder import press
from tests.browser.clerking import confirm, sign_here
from tests.browser.conftest import shown
from tests.browser.shown import Shown
from tests.browser.stage import Stage
from tests.browser.visit import NARROW, Visit, check_axe, visit
from tests.opening.parties import Party
from tests.project.sitting import RULE, Sitting
from tests.web.tender import read_record

pytestmark = pytest.mark.slow

SENT = "施工方案第 3 章与进度计划的工期不一致，请说明以哪一处为准。"
NAMELESS = "请说明脚手架方案的依据。"
LEADING = "贵单位是否同意把报价降到 8000 万元？"
PLAN = ("进度计划.pdf", b"%PDF-1.7 plan")
ANSWER = "以进度计划为准，投标工期不变。"


class Road(Stage):
    """The stage's road, with a scoring rule from its draft on."""

    def begun(self) -> "Road":
        super().begun()
        self.set_rule()
        return self


@contextmanager
def asking(folder: Path) -> Iterator[tuple[Sitting, Shown]]:
    """Run a service in whose evaluation a question is out and two wait for the supervisor."""
    sitting = Sitting(Road(rule=RULE).ended()).quorate()
    first, second, third, *_ = sitting.bids
    sitting.ask(first, SENT)
    for bid, text in ((second, NAMELESS), (third, LEADING)):
        sitting.agree(sitting.chair, sitting.draft(1, bid, text))
    stage = sitting.world
    assert isinstance(stage, Stage)
    with shown(stage, folder) as service:
        yield sitting, service


def asked(sitting: Sitting, folder: Path) -> dict[str, Clarification]:
    """Return the questions as the record has them now, by their text."""
    assert isinstance(sitting.world, Stage)
    sitting.world.follow(read_record(folder))
    return {one.text: one for one in sitting.found.clarifications.values()}


def whose(sitting: Sitting, text: str) -> Party:
    """Return the bidder of a question."""
    return sitting.asked(
        next(one for one, of in sitting.found.clarifications.items() if of.text == text)
    )


def to_check(page: Page, text: str) -> None:
    """Let one of the supervisor's queue through."""
    page.locator(".asked", has_text=text).get_by_role("button", name="审核通过").click()
    confirm(page)
    expect(page.locator(".asked", has_text=text)).to_have_count(0)


def give_back(page: Page, text: str, reason: str) -> None:
    page.locator(".asked", has_text=text).get_by_role("button", name="退回").click()
    page.get_by_role("dialog").get_by_role("textbox").fill(reason)
    confirm(page)
    expect(page.locator(".asked", has_text=text)).to_have_count(0)


def answer(page: Page, text: str) -> None:
    page.get_by_label("您的答复").fill(text)
    press(page, "签名并提交答复")
    dialog = page.get_by_role("dialog")
    expect(dialog).to_contain_text(text)
    confirm(page)
    expect(page.locator(".asked h3 .tag")).to_have_text("已答复")


def attach(made: Visit) -> None:
    """Attach a file, which a reload keeps; one of no kind that is taken is refused in words."""
    page = made.page
    files = page.get_by_label("附件", exact=True)
    zipped = FilePayload(
        name="程序.zip", mimeType="application/zip", buffer=b"PK\x03\x04" + bytes(9)
    )
    plan = FilePayload(name=PLAN[0], mimeType="application/pdf", buffer=PLAN[1])
    files.set_input_files([zipped, plan])
    expect(page.locator(".attaching [role=alert]")).to_contain_text("程序.zip")
    expect(page.locator(".attaching .attached li")).to_contain_text(PLAN[0])
    check_axe(made)
    (said,) = made.complaints
    assert "422" in said
    made.complaints.clear()
    page.reload()
    expect(page.locator(".attaching .attached li")).to_contain_text(PLAN[0])


def test_questions_and_answers_go_by_the_supervisor_and_come_back_with_a_reason(
    chromium: Browser, tmp_path: Path
) -> None:
    folder = tmp_path / "data"
    with (
        asking(folder) as (sitting, service),
        visit(chromium, service, sitting.world.supervisor) as supervisor,
        visit(chromium, service, whose(sitting, SENT)) as bidder,
    ):
        page = supervisor.goto("/supervisor")
        expect(page.locator("kb-check")).to_have_count(2)
        expect(page.locator(".asked", has_text=SENT)).to_have_count(0)
        check_axe(supervisor)
        give_back(page, LEADING, "诱导投标人变更报价")
        to_check(page, NAMELESS)
        found = asked(sitting, folder)
        assert (found[LEADING].status, found[LEADING].returned) == ("drafted", "诱导投标人变更报价")
        assert found[NAMELESS].status == "sent"

        desk = bidder.goto("/bidder")
        expect(desk.locator(".asked")).to_contain_text(SENT)
        expect(desk.locator(".asked")).to_have_count(1)
        sign_here(desk)
        desk.get_by_label("您的答复").fill("详见投标文件")
        desk.reload()
        expect(desk.get_by_label("您的答复")).to_have_value("详见投标文件")
        attach(bidder)
        check_axe(bidder)
        answer(desk, "详见投标文件。")
        expect(desk.locator(".attached a")).to_have_text(PLAN[0])

        expect(page.locator(".asked")).to_contain_text("详见投标文件。")
        with page.expect_download() as saving:
            page.get_by_role("link", name=PLAN[0]).click()
        assert Path(saving.value.path()).read_bytes() == PLAN[1]
        assert saving.value.suggested_filename == PLAN[0]
        give_back(page, SENT, "没有回答所提的问题")
        expect(desk.locator(".note-amber")).to_have_text("您的答复被退回：没有回答所提的问题")
        expect(desk.get_by_label("您的答复")).to_have_value("")
        answer(desk, ANSWER)
        to_check(page, ANSWER)
        assert asked(sitting, folder)[SENT].status == "shown"
        expect(desk.locator(".asked")).to_contain_text(ANSWER)
        expect(desk.locator(".asked")).not_to_contain_text("退回")
        supervisor.check()
        bidder.check()


@pytest.mark.parametrize(
    ("language", "scheme", "width"), [("zh-CN", "light", NARROW), ("en", "dark", 1280)]
)
def test_what_is_asked_fits_and_reads_in_both_languages(
    chromium: Browser, tmp_path: Path, language: str, scheme: str, width: int
) -> None:
    look = {"language": language, "scheme": scheme, "width": width}
    with (
        asking(tmp_path / "data") as (sitting, service),
        visit(chromium, service, sitting.world.supervisor, **look) as supervisor,  # type: ignore[arg-type]  # of three kinds
        visit(chromium, service, whose(sitting, SENT), **look) as bidder,  # type: ignore[arg-type]  # of three kinds
    ):
        for seen, path, there in (
            (supervisor, "/supervisor", "kb-check button"),
            (bidder, "/bidder", "kb-answer textarea"),
        ):
            page = seen.goto(path)
            expect(page.locator(there).first).to_be_visible()
            check_axe(seen)
            wide = page.evaluate("document.documentElement.scrollWidth")
            assert wide <= width
            seen.check()
