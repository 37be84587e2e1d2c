"""A result in public by clicks: the clerk publishes, a bidder objects, the clerk answers, awards."""

from pathlib import Path

import pytest
from playwright.sync_api import Browser, expect

from tests.browser.clerking import confirm, sign_here
from tests.browser.committee import Bench, convened
from tests.browser.conftest import put
from tests.browser.shown import Shown
from tests.browser.stage import Stage
from tests.browser.visit import NARROW, check_axe, visit
from tests.opening.world import PROJECT, SECTION
from tests.project.publishing import answer, award, object_to, over, publish, published
from tests.web.tender import read_record
from web.clock import SetClock

pytestmark = pytest.mark.slow

STEP = f"/clerk/{PROJECT}/publication/{SECTION}"
PUBLIC = f"/public/{PROJECT}"
OBJECTION = "第一中标候选人项目负责人的业绩与公开信息不符，请核实。"
ANSWER = "经核实，业绩合同与验收文件齐全，异议不成立。"


def reported() -> Bench:
    """Return a committee whose report stands."""
    bench = convened().seated()
    bench.reviewed({bench.bids[2]: "unqualified"}).marked()
    bench.draw_up()
    bench.signed()
    return bench


def road(bench: Bench) -> Stage:
    assert isinstance(bench.world, Stage)
    return bench.world


def number_of(stage: Stage) -> str:
    assert stage.whole.created is not None
    return stage.whole.created.number


def test_a_result_is_published_objected_to_answered_and_awarded_by_clicks(
    chromium: Browser, tmp_path: Path
) -> None:
    bench = reported()
    stage, folder = road(bench), tmp_path / "data"
    with (
        Shown(put(stage, folder), SetClock(stage.now)) as service,
        visit(chromium, service, stage.clerk) as clerk,
        visit(chromium, service, stage.bidder[2]) as bidder,
        visit(chromium, service, None) as anybody,
    ):
        page = clerk.goto(STEP)
        expect(page.locator("table.candidates tbody tr")).to_have_count(2)
        sign_here(page)
        check_axe(clerk)
        page.get_by_role("button", name="签署并公示").click()
        confirm(page, number_of(stage))
        expect(page.locator("[role=status].said")).to_have_text("中标候选人已公示。")
        expect(page.locator("#objections")).to_be_visible()

        seen = anybody.goto(PUBLIC)
        expect(seen.locator(f"#result-{SECTION} tbody tr")).to_have_count(2)
        check_axe(anybody)

        desk = bidder.goto("/bidder")
        desk.get_by_label("对评标结果提出异议").fill(OBJECTION)
        desk.reload()
        expect(desk.get_by_label("对评标结果提出异议")).to_have_value(OBJECTION)
        check_axe(bidder)
        desk.get_by_role("button", name="提交异议").click()
        confirm(desk)
        expect(desk.locator(".asked .tag-amber")).to_have_text("等待答复")

        expect(page.locator("article.entry")).to_contain_text(OBJECTION)
        page.locator("article.entry textarea").fill(ANSWER)
        page.locator("article.entry").get_by_role("button").click()
        confirm(page)
        expect(page.locator("article.entry .answer")).to_contain_text(ANSWER)
        check_axe(clerk)
        desk.reload()
        expect(desk.locator(".asked").first).to_contain_text(ANSWER)
        seen.reload()
        expect(seen.locator("main")).not_to_contain_text(OBJECTION)
        for made in (clerk, bidder, anybody):
            made.check()
    stage.follow(read_record(folder))
    (told_of,) = published(bench).objections.values()
    assert (told_of.text, told_of.answer) == (OBJECTION, ANSWER)


def test_another_candidate_than_the_first_is_awarded_by_clicks_with_a_reason(
    chromium: Browser, tmp_path: Path
) -> None:
    bench = reported()
    publish(bench)
    over(bench)
    stage, folder = road(bench), tmp_path / "data"
    with Shown(put(stage, folder), SetClock(stage.now)) as service:
        with visit(chromium, service, stage.clerk) as clerk:
            page = clerk.goto(STEP)
            page.get_by_label("2 ·").check()
            expect(page.get_by_role("button", name="定标")).to_be_disabled()
            page.get_by_label("未选第一名的理由").fill("第一名书面放弃中标")
            check_axe(clerk)
            page.get_by_role("button", name="定标").click()
            confirm(page, number_of(stage))
            expect(page.locator(".note-green")).to_contain_text("第一名书面放弃中标")
            clerk.check()
        with visit(chromium, service, None) as anybody:
            seen = anybody.goto(PUBLIC)
            expect(seen.locator(f"#result-{SECTION} .note-green")).to_contain_text("中标人")
            anybody.check()
    stage.follow(read_record(folder))
    found = published(bench)
    assert found.awarded == found.result.candidates[1].bid


def told() -> Bench:
    """Return a result that was objected to and awarded."""
    bench = reported()
    publish(bench)
    objection = object_to(bench, 1, OBJECTION)
    answer(bench, objection, ANSWER)
    over(bench)
    award(bench, published(bench).result.candidates[1].bid, "第一名书面放弃中标")
    return bench


@pytest.mark.parametrize(
    ("language", "scheme", "width"), [("zh-CN", "light", NARROW), ("en", "dark", 1280)]
)
def test_a_result_fits_and_reads_in_both_languages(
    chromium: Browser, tmp_path: Path, language: str, scheme: str, width: int
) -> None:
    stage = road(told())
    look = {"language": language, "scheme": scheme, "width": width}
    with Shown(put(stage, tmp_path / "data"), SetClock(stage.now)) as service:
        for who, path, there in (
            (None, PUBLIC, f"#result-{SECTION}"),
            (stage.bidder[1], "/bidder", ".asked"),
            (stage.clerk, STEP, "table.candidates"),
        ):
            with visit(chromium, service, who, **look) as made:  # type: ignore[arg-type]  # of three kinds
                page = made.goto(path)
                expect(page.locator(there).first).to_be_visible()
                check_axe(made)
                assert page.evaluate("document.documentElement.scrollWidth") <= width
                made.check()
