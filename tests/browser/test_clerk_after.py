"""The clerk's pages after the notice, by clicks; and every one of them narrow and for everybody."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect

from evaluation.events import StageDecided
from opening.messages import Periods
from project.commands import AskQuestion, NoteOutage, RaiseNotice
from project.events import Amended, QuestionAnswered
from record.rules import Facts
from tests.browser.ceremonies import told
from tests.browser.clerking import confirm, sign_here
from tests.browser.conftest import put, shown
from tests.browser.shown import Shown
from tests.browser.stage import Stage
from tests.browser.visit import NARROW, check_axe, visit
from tests.opening.parties import Party, party
from tests.opening.world import MINUTE, PROJECT, SECTION, SERVICE
from tests.web.tender import Tender
from web.clock import SetClock

pytestmark = pytest.mark.slow


class TwoClerks(Tender):
    """A tender with a deputy."""

    @property
    def people(self) -> tuple[Party, ...]:
        return (*super().people, party("clerk", 2))


STEPS = ("sections", "people", "documents", "keys", "questions", "amend", "manage", "preflight")


PATHS = ("/clerk", "/clerk/new", f"/clerk/{PROJECT}", *(f"/clerk/{PROJECT}/{one}" for one in STEPS))


@pytest.fixture(scope="module")
def stage() -> Stage:
    world = Stage(changes={"periods": Periods(tender=0, amendment=0)}).open_up()
    world.do(world.bidder[1].actor, AskQuestion(section=SECTION, text="我司长江路桥问：可否踏勘？"))
    world.do(world.supervisor.actor, RaiseNotice(section=SECTION, text="请说明踏勘安排。"))
    return world


@pytest.fixture(scope="module")
def service(stage: Stage, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Shown]:
    with shown(stage, tmp_path_factory.mktemp("open")) as running:
        yield running


def test_after_the_notice_the_clerk_answers_amends_and_pauses(
    chromium: Browser, tmp_path: Path
) -> None:
    world = Stage(changes={"periods": Periods(tender=0, amendment=0)}).open_up()
    world.do(world.bidder[1].actor, AskQuestion(section=SECTION, text="我司长江路桥问：可否踏勘？"))
    world.do(world.supervisor.actor, RaiseNotice(section=SECTION, text="请说明踏勘安排。"))
    folder = put(world, tmp_path / "data")
    running = Shown(folder, SetClock(world.now))
    with running as service, visit(chromium, service, world.clerk) as made:
        page = made.goto(f"/clerk/{PROJECT}")
        page.get_by_role("link", name="1 个提问待答复").click()
        page.get_by_label("公开的问题").fill("可否踏勘现场？")
        page.get_by_label("答复", exact=True).fill("可以，时间见通知。")
        page.reload()
        expect(page.get_by_label("公开的问题")).to_have_value("可否踏勘现场？")
        page.get_by_role("button", name="向所有人答复").click()
        confirm(page)
        expect(page.get_by_text("可以，时间见通知。")).to_be_visible()
        amend(page, service)
        page.goto(f"{service.url}/clerk/{PROJECT}/manage")
        page.get_by_label("您的答复").fill("已另行通知。")
        page.get_by_role("button", name="答复监督意见").click()
        expect(page.get_by_role("heading", name="已答复")).to_be_visible()
        page.get_by_role("button", name="暂停").click()
        page.get_by_role("dialog").get_by_role("textbox").fill("收到异议")
        confirm(page)
        page.get_by_role("button", name="恢复").click()
        expect(page.get_by_role("button", name="恢复")).to_have_count(0)
        made.check()
    events = [event for event, _ in told(folder, PROJECT)]
    answered = [one for one in events if isinstance(one, QuestionAnswered)]
    assert answered[-1].text == "可否踏勘现场？"
    assert [one.type for one in events if isinstance(one, Amended)] == ["project.amended"]


def amend(page: Page, service: Shown) -> None:
    page.goto(f"{service.url}/clerk/{PROJECT}/amend")
    sign_here(page)
    page.get_by_label("澄清或修改的内容").fill("工期改为 500 日历天。")
    page.get_by_label("已递交的投标须重新递交").check()
    page.get_by_role("button", name="签名并发布澄清修改").click()
    confirm(page, "BHZB-2026-0018")
    expect(page.get_by_role("status")).to_contain_text("澄清修改已发布")


@pytest.mark.parametrize("language", ["zh-CN", "en"])
def test_every_step_is_readable_narrow_and_for_everybody(
    chromium: Browser, service: Shown, stage: Stage, language: str
) -> None:
    dark = "dark" if language == "en" else "light"
    with visit(
        chromium, service, stage.clerk, width=NARROW, language=language, scheme=dark
    ) as made:
        for path in PATHS:
            page = made.goto(path)
            expect(page.locator("kb-clerk-new, .clerk-step, .due-list").first).to_be_visible()
            expect(page.get_by_text("正在读取项目")).to_have_count(0)
            check_axe(made)
            width = page.evaluate("document.documentElement.scrollWidth")
            assert width <= NARROW, path
        made.check()


def test_the_preflight_says_what_is_not_in_order(
    chromium: Browser, service: Shown, stage: Stage
) -> None:
    with visit(chromium, service, stage.clerk) as made:
        page = made.goto(f"/clerk/{PROJECT}/preflight")
        expect(page.locator(".tasks")).to_contain_text("本系统未设置时间见证方")
        expect(page.locator(".tasks")).to_contain_text("3 名密钥保管人中 0 名已演练")


def test_the_result_of_the_first_envelope_is_recorded_and_signed(
    chromium: Browser, tmp_path: Path
) -> None:
    world = Tender(envelopes=2).open_up().half_opened()
    folder = put(world, tmp_path / "data")
    with (
        Shown(folder, SetClock(world.now)) as service,
        visit(chromium, service, world.clerk) as made,
    ):
        page = made.goto(f"/clerk/{PROJECT}")
        page.get_by_role("link", name="请记录第一信封的评审结果").click()
        sign_here(page)
        verdicts = page.locator(".verdict")
        expect(verdicts).to_have_count(3)
        for number in (0, 1):
            verdicts.nth(number).get_by_label("通过", exact=True).check()
        verdicts.nth(2).get_by_label("未通过", exact=True).check()
        expect(page.get_by_role("button", name="签名并记录结果")).to_be_disabled()
        verdicts.nth(2).get_by_role("textbox").fill("资格证明已失效")
        page.get_by_role("button", name="签名并记录结果").click()
        confirm(page, "1")
        expect(page.get_by_role("status")).to_contain_text("结果已记录")
        made.check()
    (decided,) = [event for event, _ in told(folder, PROJECT) if isinstance(event, StageDecided)]
    assert decided.type == "evaluation.stage_decided"


def test_an_outage_is_decided_and_too_few_bidders_are_gone_on_with(
    chromium: Browser, tmp_path: Path
) -> None:
    away = Stage().open_up()
    away.now = away.deadline
    spans = ((away.deadline - 5 * MINUTE, away.deadline - 2 * MINUTE),)
    away.do(SERVICE, NoteOutage(section=SECTION), facts=Facts(away=spans))
    folder = put(away, tmp_path / "away")
    with Shown(folder, SetClock(away.now)) as service, visit(chromium, service, away.clerk) as made:
        page = made.goto("/clerk")
        page.get_by_role("link", name="就服务中断作出决定").click()
        page.get_by_role("button", name="为所有投标人延期").click()
        page.get_by_role("dialog").get_by_role("textbox").fill("服务中断三分钟")
        confirm(page)
        expect(page.get_by_role("status")).to_contain_text("决定已记录")
    few = Stage().open_up()
    few.bid(1)
    few.now = few.deadline
    few.serve()
    folder = put(few, tmp_path / "few")
    with Shown(folder, SetClock(few.now)) as service, visit(chromium, service, few.clerk) as made:
        page = made.goto(f"/clerk/{PROJECT}/manage")
        page.get_by_role("button", name="凭批准继续").click()
        page.get_by_role("dialog").get_by_role("textbox").fill("滨发改〔2027〕8号")
        confirm(page)
        page.get_by_role("dialog").get_by_label("理由").fill("重新招标后仍不足三家")
        confirm(page)
        expect(page.get_by_role("status")).to_contain_text("可以宣布开标")
        page.goto(f"{service.url}/clerk/{PROJECT}")
        expect(page.get_by_role("link", name="可以宣布开标")).to_be_visible()


def test_a_deputy_takes_over_and_the_clerk_is_released(chromium: Browser, tmp_path: Path) -> None:
    world = TwoClerks().open_up()
    folder = put(world, tmp_path / "data")
    with Shown(folder, SetClock(world.now)) as service:
        with visit(chromium, service, party("clerk", 2), language="en") as made:
            page = made.goto("/clerk")
            page.get_by_role("link", name="A road").click()
            page.get_by_role("link", name="People", exact=True).click()
            page.get_by_role("button", name="Release Clerk as Clerk").click()
            page.get_by_role("dialog").get_by_label("Reason").fill("Handed over")
            confirm(page)
            expect(page.get_by_role("status")).to_contain_text("Clerk is released.")
            made.check()
        with visit(chromium, service, world.clerk, language="en") as made:
            page = made.goto(f"/clerk/{PROJECT}")
            expect(page.get_by_role("heading", level=1)).to_have_text("Not allowed")
