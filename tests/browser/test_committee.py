"""The clerk's and the supervisor's side of an evaluation, by clicks: rule, committee, what is seen."""

from pathlib import Path
from typing import Any

import httpx
import pytest
from playwright.sync_api import Browser, Page, expect

from evaluation.commands import SubmitMarks
from evaluation.events import CommitteeConvened, MemberReplaced, RuleSet, StageDecided
from tests.browser.ceremonies import told
from tests.browser.clerking import confirm, sign_here
from tests.browser.conftest import put
from tests.browser.scored_tender import Scored
from tests.browser.shown import Shown
from tests.browser.stage import Stage
from tests.browser.visit import NARROW, Visit, check_axe, visit
from tests.opening.parties import Party
from tests.opening.world import PROJECT, SECTION
from tests.web.tender import command
from web.clock import SetClock

pytestmark = pytest.mark.slow

SCORING = f"/clerk/{PROJECT}/scoring/{SECTION}"
COMMITTEE = f"/clerk/{PROJECT}/committee/{SECTION}"


def running(world: Any, folder: Path) -> Shown:
    return Shown(put(world, folder), SetClock(world.now))


def test_a_rule_is_chosen_changed_refused_with_all_its_problems_and_set(
    chromium: Browser, tmp_path: Path
) -> None:
    world = Stage().begun()
    with (
        running(world, tmp_path / "data") as service,
        visit(chromium, service, world.clerk) as made,
    ):
        page = made.goto(f"/clerk/{PROJECT}")
        page.get_by_role("link", name="评分办法").click()
        expect(page.locator(".note")).to_contain_text("不在此评标")
        page.get_by_role("radio", name="平均值基准价法").check()
        expect(page.locator(".rule-table caption")).to_have_text("综合评估法（平均值基准价）")
        page.get_by_role("button", name="以此为基础").click()
        page.get_by_label("价格分值").fill("45")
        expect(page.locator(".rule-sum")).to_contain_text("合计不符")
        page.locator("#item-method-step").fill("0")
        page.get_by_role("button", name="设定评分办法").click()
        problems = page.locator(".summary li")
        expect(problems).to_have_count(2)
        expect(page.locator("#price-weight-problem")).to_be_visible()
        # the console names every refusal
        assert len(made.complaints) == 1
        made.complaints.clear()
        page.reload()
        expect(page.get_by_label("价格分值")).to_have_value("45")
        page.locator("#item-method-step").fill("0.5")
        expect(page.locator("#item-method-highest")).to_have_value("12")
        page.locator("#item-method-highest").fill("17")
        expect(page.locator(".rule-sum")).to_contain_text("合计相符")
        page.get_by_role("button", name="设定评分办法").click()
        expect(page.get_by_role("status")).to_contain_text("评分办法已设定")
        page.goto(f"{service.url}/clerk/{PROJECT}/notice")
        expect(page.locator(".paper")).to_contain_text("综合评估法（平均值基准价）")
        made.check()
    (event,) = rules(tmp_path / "data")
    assert getattr(event.rule.price, "weight", "") == "45"
    assert event.rule.stages[3].items[0].title == "施工方案与技术措施"


def rules(folder: Path) -> list[RuleSet]:
    return [one for one, _ in told(folder, PROJECT) if isinstance(one, RuleSet)]


def test_a_pasted_rule_with_an_added_and_a_removed_item_is_set(
    chromium: Browser, tmp_path: Path
) -> None:
    world = Stage().begun()
    pasted = '{"title": "简单办法", "price": {"family": "lowest_price", "weight": "100"}}'
    with (
        running(world, tmp_path / "data") as service,
        visit(chromium, service, world.clerk) as made,
    ):
        page = made.goto(SCORING)
        page.get_by_text("评分办法的 JSON").click()
        page.get_by_label("粘贴评分办法").fill("{")
        page.get_by_role("button", name="采用这段 JSON").click()
        expect(page.get_by_role("alert")).to_contain_text("这不是 JSON")
        page.get_by_label("粘贴评分办法").fill(pasted)
        page.get_by_role("button", name="采用这段 JSON").click()
        expect(page.get_by_label("评分办法名称")).to_have_value("简单办法")
        page.get_by_role("button", name="放弃修改").click()
        page.get_by_role("radio", name="低价优先法").check()
        page.get_by_role("button", name="以此为基础").click()
        page.get_by_role("button", name="移除 · 供货与安装方案").click()
        page.get_by_role("button", name="增加一项 · 技术评审").click()
        added = page.locator(":focus")
        added.fill("培训方案")
        expect(page.locator(".rule-sum")).to_contain_text("合计不符")
        page.locator(".rule-item", has=added).get_by_label("最高分").fill("10")
        expect(page.locator(".rule-sum")).to_contain_text("合计相符")
        page.get_by_role("button", name="设定评分办法").click()
        expect(page.get_by_role("status")).to_contain_text("评分办法已设定")
        made.check()
    (event,) = rules(tmp_path / "data")
    assert event.rule.stages[-1].items[-1].title == "培训方案"


def test_a_committee_is_named_followed_and_a_member_replaced(
    chromium: Browser, tmp_path: Path
) -> None:
    world = Scored().opened()
    for one in world.experts[:5]:
        world.happened(one.bound(), world.clerk.actor)
    world.happened(world.experts[6].bound(), world.clerk.actor)
    with (
        running(world, tmp_path / "data") as service,
        visit(chromium, service, world.clerk) as made,
    ):
        page = made.goto(f"/clerk/{PROJECT}")
        page.get_by_role("link", name="可以组建评标委员会").click()
        convene = page.get_by_role("button", name="组建评标委员会")
        for one in world.experts[:5]:
            expect(convene).to_be_disabled()
            page.get_by_role("button", name=f"安排席位 {one.name}").click()
            seat = page.locator(".seat", has_text=one.name)
            expect(seat).to_be_visible()
            if one is world.experts[0]:
                seat.get_by_label("场地和评标室").fill("市交易中心 评标一室")
        expect(page.locator(".law")).to_contain_text("成员不少于 5 人：5 人")
        page.locator(".seat").nth(0).get_by_label("身份").select_option("tenderer")
        expect(page.locator(".law .tag-amber")).to_have_count(0)
        page.locator(".seat").nth(1).get_by_label("身份").select_option("tenderer")
        expect(page.locator(".law .tag-amber")).to_have_count(1)
        page.locator(".seat").nth(1).get_by_label("身份").select_option("expert")
        page.reload()
        expect(page.locator(".seat")).to_have_count(5)
        convene.click()
        confirm(page, "1")
        expect(page.get_by_role("status")).to_contain_text("评标委员会已组建")
        expect(page.locator(".seats-table tbody tr")).to_have_count(5)
        replace_third(page)
        expect(page.locator(".seats-table tbody tr").nth(2)).to_contain_text("赵海燕")
        made.check()
    events = [one for one, _ in told(tmp_path / "data", PROJECT)]
    (convened,) = [one for one in events if isinstance(one, CommitteeConvened)]
    assert [one.capacity for one in convened.members] == ["tenderer", *["expert"] * 4]
    (replaced,) = [one for one in events if isinstance(one, MemberReplaced)]
    assert replaced.member.account == "expert-7"


def replace_third(page: Page) -> None:
    page.get_by_role("button", name="更换 3 号席位").click()
    do = page.get_by_role("button", name="更换成员")
    expect(do).to_be_disabled()
    page.get_by_role("button", name="安排席位 赵海燕").click()
    page.locator("section[aria-labelledby=replace]").get_by_label("理由").fill("因病不能继续")
    do.click()
    confirm(page)


def test_the_result_of_the_first_envelope_follows_from_the_marks_and_is_only_signed(
    chromium: Browser, tmp_path: Path
) -> None:
    world = Scored(envelopes=2).opened()
    sitting = world.sitting()
    for seat in sitting.people:
        sitting.sit(seat)
    sitting.elect()
    sitting.reviewed({sitting.bids[0]: "unqualified"})
    sitting.judge_competition()
    for seat in (1, 2, 3, 4):
        sitting.submit(seat)
    with (
        running(world, tmp_path / "data") as service,
        visit(chromium, service, world.clerk) as made,
    ):
        page = made.goto(f"/clerk/{PROJECT}/result")
        expect(page.locator(".note")).to_contain_text("评分锁定之后")
        last = SubmitMarks(section=SECTION, message=sitting.people[5].sign(sitting.sheet(5)))
        send(service, sitting.people[5], last)
        page.goto(f"{service.url}{COMMITTEE}")
        page.get_by_role("link", name="第一信封评审结果").click()
        sign_here(page)
        expect(page.locator(".verdict .tag-green")).to_have_count(2)
        expect(page.locator(".verdict", has_text="资格条件")).to_have_count(1)
        expect(page.get_by_role("radio")).to_have_count(0)
        page.get_by_role("button", name="签名并记录结果").click()
        confirm(page, "1")
        expect(page.get_by_role("status")).to_contain_text("结果已记录")
        made.check()
    events = [one for one, _ in told(tmp_path / "data", PROJECT)]
    assert [one.type for one in events if isinstance(one, StageDecided)]


def send(service: Shown, who: Party, asked: Any) -> None:
    with httpx.Client(base_url=service.url) as http:
        answer = command(http, who, asked.model_dump(mode="json"), f"key-{asked.type}")
        assert answer.status_code == 200, answer.text


def settled(made: Visit, path: str) -> Page:
    page = made.goto(path)
    if path == "/supervisor":
        expect(page.locator("kb-watch .line.is-up").first).to_be_visible()
    else:
        expect(page.get_by_text("正在读取项目")).to_have_count(0)
    return page


def test_the_supervisor_sees_the_committee_live_and_marks_only_once_locked(
    chromium: Browser, tmp_path: Path
) -> None:
    world = Scored().opened()
    sitting = world.sitting()
    for seat in sitting.people:
        sitting.sit(seat)
    sitting.elect()
    sitting.reviewed().priced()
    for seat in (1, 2, 3, 4):
        sitting.submit(seat)
    last = SubmitMarks(section=SECTION, message=sitting.people[5].sign(sitting.sheet(5)))
    with (
        running(world, tmp_path / "data") as service,
        visit(chromium, service, world.supervisor) as made,
    ):
        page = settled(made, "/supervisor")
        panel = page.locator(".watch")
        expect(panel.locator("tbody tr").nth(4)).to_contain_text("未完成")
        expect(panel).to_contain_text("全部成员的评分锁定之后才显示")
        expect(panel.locator(".marks")).to_have_count(0)
        send(service, sitting.people[5], last)
        expect(panel.locator(".marks")).to_be_visible()
        expect(panel.locator(".timeline li", has_text="锁定").first).to_be_visible()
        panel.locator(".marks summary").click()
        expect(panel.locator(".marks table")).to_have_count(3)
        made.check()


@pytest.mark.parametrize(("language", "scheme"), [("zh-CN", "light"), ("en", "dark")])
@pytest.mark.parametrize("width", [1280, NARROW])
def test_every_page_is_for_everybody(
    chromium: Browser, tmp_path: Path, language: str, scheme: str, width: int
) -> None:
    told: dict[str, Any] = {"language": language, "scheme": scheme, "width": width}
    draft = Stage().begun()
    with (
        running(draft, tmp_path / "draft") as service,
        visit(chromium, service, draft.clerk, **told) as made,
    ):
        page = settled(made, SCORING)
        page.locator("#family-mean_base").check()
        looked(made, width)
        page.locator(
            "button", has_text="以此为基础" if language == "zh-CN" else "Begin with this rule"
        ).click()
        expect(page.locator(".rule-form")).to_be_visible()
        looked(made, width)
        made.check()
    world = Scored().opened()
    with (
        running(world, tmp_path / "naming") as service,
        visit(chromium, service, world.clerk, **told) as made,
    ):
        settled(made, COMMITTEE)
        looked(made, width)
        made.check()
    sitting = world.sitting()
    sitting.sit(1)
    with running(world, tmp_path / "sitting") as service:
        with visit(chromium, service, world.clerk, **told) as made:
            page = settled(made, COMMITTEE)
            page.locator(".seat-acts button").first.click()
            looked(made, width)
            made.check()
        with visit(chromium, service, world.supervisor, **told) as made:
            settled(made, "/supervisor")
            looked(made, width)
            made.check()
        with visit(chromium, service, None, **told) as made:
            page = made.goto(f"/public/{PROJECT}")
            page.locator(".rule-box summary").click()
            looked(made, width)
            made.check()


def looked(made: Visit, width: int) -> None:
    """Look at a page for what keeps somebody from using it."""
    check_axe(made)
    assert made.page.evaluate("document.documentElement.scrollWidth") <= width, made.page.url
