"""A project made by clicks: from nothing to its published notice."""

from pathlib import Path

import httpx
import pytest
from playwright.sync_api import Browser, Page, expect

from project.events import NoticePublished
from tests.browser.ceremonies import Parties, register_key, told
from tests.browser.clerking import WITNESS, confirm, make_key, sign_here
from tests.browser.conftest import put, shown
from tests.browser.shown import Shown
from tests.browser.stage import REMEDY, Stage
from tests.browser.visit import Visit, check_axe, visit
from tests.opening.world import PROJECT
from tests.web.tender import Tender, command
from web.clock import SetClock

pytestmark = pytest.mark.slow

NUMBER = "BHZB-2027-0007"
MISTYPED = "BHZB-2027-0070"
TENDERER = "滨河市交通运输局建设中心"
_TYPE_AND_LEAVE = """
(field, text) => {
  for (let typed = 1; typed <= text.length; typed += 1) {
    field.value = text.slice(0, typed);
    field.dispatchEvent(new InputEvent("input", { bubbles: true }));
  }
  location.reload();
}
"""
"""Types as quickly as nobody can, and leaves the page in the same breath."""


def begin(made: Visit) -> str:
    page = made.goto("/clerk")
    page.get_by_role("link", name="新建项目").click()
    make_key(page)
    page.get_by_role("button", name="建立项目").click()
    expect(page.get_by_role("alert")).to_contain_text("请填写此项")
    page.get_by_label("项目编号").fill(MISTYPED)
    page.get_by_label("名称", exact=True).fill("滨河二路改造工程施工")
    with page.expect_navigation():
        page.get_by_label("招标人", exact=True).evaluate(_TYPE_AND_LEAVE, "滨河市交通运输局")
    expect(page.get_by_label("招标人", exact=True)).to_have_value("滨河市交通运输局")
    expect(page.get_by_label("项目编号")).to_have_value(MISTYPED)
    page.get_by_role("button", name="建立项目").click()
    expect(page.get_by_role("heading", name="发布公告前的步骤")).to_be_visible()
    return page.url.rsplit("/", 1)[1]


def correct_head(made: Visit) -> None:
    """Correct the number that was mistyped; what is typed outlives a reload, what is wrong is told."""
    page = made.page
    page.get_by_role("link", name="项目概况", exact=True).click()
    page.get_by_label("项目编号").fill("")
    page.get_by_role("button", name="保存更正").click()
    expect(page.locator(".summary")).to_contain_text("请填写此项")
    with page.expect_navigation():
        page.get_by_label("项目编号").evaluate(_TYPE_AND_LEAVE, NUMBER)
    expect(page.get_by_label("项目编号")).to_have_value(NUMBER)
    expect(page.locator("main > .over")).to_contain_text(MISTYPED)
    check_axe(made)
    page.get_by_role("button", name="保存更正").click()
    expect(page.get_by_role("heading", name="发布公告前的步骤")).to_be_visible()
    expect(page.locator("main .over")).to_have_text(NUMBER)


def corrected_elsewhere(service: Shown, stage: Stage, project: str) -> None:
    """Correct the tenderer from another machine: what was begun here before it is outdated."""
    head = {"number": NUMBER, "title": "滨河二路改造工程施工", "tenderer": TENDERER}
    body = {"type": "project.correct_project", **head}
    with httpx.Client(base_url=service.url) as http:
        assert command(http, stage.clerk, body, "elsewhere", project).status_code == 200


def set_terms(page: Page) -> None:
    page.get_by_role("link", name="标段及条件", exact=True).click()
    page.get_by_role("link", name="继续").click()
    page.get_by_label("最高投标限价（如有）").fill("90,000,000.50")
    page.get_by_role("button", name="保存条件").click()
    expect(page.locator(".summary")).to_contain_text("请填写日期和时间")
    page.get_by_label("投标截止时间（即开标时间）").fill("2027-03-01T09:30")
    page.get_by_label("提问截止").fill("2027-02-20T17:00")
    page.reload()
    expect(page.get_by_label("最高投标限价（如有）")).to_have_value("90,000,000.50")
    page.get_by_role("button", name="保存条件").click()
    expect(page.locator(".rows")).to_contain_text("90,000,000.50 CNY")


def bind_people(made: Visit, stage: Stage) -> None:
    page = made.page
    page.get_by_role("link", name="返回项目步骤").click()
    page.get_by_role("link", name="参与人员", exact=True).click()
    others = [(one, "密钥保管人") for one in stage.custodians]
    for who, role in [*others, (stage.timekeeper, "时间见证方"), (stage.supervisor, "监督人")]:
        page.get_by_role("button", name=f"登记 {who.name}，{role}").click()
        expect(page.get_by_role("status")).to_contain_text(f"已登记{who.name}")
    check_axe(made)


def bring_document(page: Page, folder: Path) -> None:
    page.get_by_role("link", name="返回项目步骤").click()
    page.get_by_role("link", name="招标文件", exact=True).click()
    file = folder / "招标文件 正文.pdf"
    file.write_bytes(b"%PDF-1.7 " + bytes(300_000))
    for _ in range(2):
        page.get_by_label("选择文件").set_input_files(file)
        page.get_by_role("button", name="放入此文件").click()
        expect(page.locator(".rows")).to_contain_text("SHA-256")
        if _ == 0:
            page.get_by_role("button", name="移除").click()
            expect(page.locator(".rows li")).to_have_count(0)


def make_key_together(page: Page, parties: Parties) -> None:
    page.get_by_role("link", name="返回项目步骤").click()
    page.get_by_role("link", name="密钥仪式", exact=True).click()
    page.get_by_role("button", name="签名并发起密钥仪式").click()
    board = page.locator(".parties tbody tr")
    expect(board).to_have_count(4)
    parties.step("join", (1, 2, 3))
    expect(board.nth(0)).to_contain_text("已完成")
    expect(board.nth(3)).to_contain_text("等待")
    page.reload()
    expect(board).to_have_count(4)
    parties.step("join", (0,))
    parties.step("deal")
    parties.step("certify")
    expect(page.locator(".fingerprint li")).to_have_count(8)


def test_a_project_is_made_step_by_step_and_its_notice_published(
    chromium: Browser, tmp_path: Path
) -> None:
    stage = Stage()
    Tender.draft(stage)
    folder = put(stage, tmp_path / "data")
    running = Shown(folder, SetClock(stage.now), witness_vkey=WITNESS)
    with running as service, visit(chromium, service, stage.clerk) as made:
        for who in (*stage.custodians, stage.timekeeper, stage.supervisor):
            register_key(service, who)
        project = begin(made)
        page = made.page
        correct_head(made)
        set_terms(page)
        bind_people(made, stage)
        bring_document(page, tmp_path)
        make_key_together(page, Parties(stage, service, folder, project))
        page.get_by_role("link", name="返回项目步骤").click()
        page.get_by_role("link", name="核对并发布招标公告", exact=True).click()
        expect(page.locator(".paper .fingerprint li")).to_have_count(8)
        expect(page.locator(".paper")).to_contain_text("90,000,000.50 CNY")
        check_axe(made)
        expect(page.locator(".paper .over")).to_have_text(NUMBER)
        left_open = page.context.new_page()
        left_open.goto(f"{service.url}/clerk/{project}/about")
        left_open.get_by_role("button", name="保存更正").click()
        expect(left_open.locator(".problem-line")).to_contain_text("不必更正")
        left_open.get_by_label("项目编号").fill(MISTYPED)
        left_open.reload()
        expect(left_open.get_by_label("项目编号")).to_have_value(MISTYPED)
        corrected_elsewhere(service, stage, project)
        left_open.reload()
        expect(left_open.get_by_label("招标人", exact=True)).to_have_value(TENDERER)
        expect(left_open.get_by_label("项目编号")).to_have_value(NUMBER)
        left_open.get_by_label("项目编号").fill(MISTYPED)
        page.reload()
        page.get_by_label("到场的密钥保管人不足时").fill(REMEDY)
        page.get_by_role("button", name="签名并发布招标公告").click()
        confirm(page, NUMBER)
        expect(page.locator(".panel")).to_contain_text("招标公告已发布")
        left_open.get_by_role("button", name="保存更正").click()
        expect(left_open.locator(".problem-line")).to_contain_text("招标公告已经发布")
        left_open.reload()
        expect(left_open.locator(".note")).to_contain_text("以公告为准")
        page.goto(f"{service.url}/clerk")
        expect(page.locator(".clerk-table")).to_contain_text("投标中")
        made.check()
    notices = [event for event, _ in told(folder, project) if isinstance(event, NoticePublished)]
    assert len(notices) == 1


def test_an_attempt_that_broke_says_who_and_another_can_start(
    chromium: Browser, tmp_path: Path
) -> None:
    world = Stage()
    Tender.draft(world)
    sid = world.start()
    world.join(sid, 1)
    world.now += 4 * 3_600_000
    world.serve()
    folder = put(world, tmp_path / "data")
    running = Shown(folder, SetClock(world.now), witness_vkey=WITNESS)
    with running as service, visit(chromium, service, world.clerk) as made:
        page = made.goto(f"/clerk/{PROJECT}/keys")
        expect(page.locator(".note-amber")).to_contain_text("第 1 次仪式未成")
        expect(page.locator(".note-amber")).to_contain_text("赵敏")
        expect(page.locator(".note-amber")).not_to_contain_text("陈向东")
        sign_here(page)
        page.get_by_role("button", name="签名并发起密钥仪式").click()
        expect(page.locator(".parties")).to_contain_text("陈向东")


def test_an_earlier_project_is_copied_and_its_people_bound_again(
    chromium: Browser, tmp_path: Path
) -> None:
    stage = Stage().open_up()
    running = shown(stage, tmp_path / "data")
    with running as service, visit(chromium, service, stage.clerk) as made:
        for who in (*stage.custodians, stage.timekeeper, stage.supervisor):
            register_key(service, who)
        page = made.goto("/clerk/new")
        make_key(page)
        page.get_by_label("项目编号").fill("BHZB-2027-0008")
        page.get_by_label("名称", exact=True).fill("滨河三路改造工程施工")
        page.get_by_label("招标人", exact=True).fill("滨河市交通运输局")
        page.get_by_label("复制以往项目").check()
        page.get_by_label("以往项目", exact=True).select_option(PROJECT)
        page.get_by_role("button", name="建立项目").click()
        page.get_by_role("link", name="标段及条件", exact=True).click()
        expect(page.locator(".rows")).to_contain_text("第一标段 道路与桥梁工程")
        page.get_by_role("link", name="继续").click()
        expect(page.get_by_label("最高投标限价（如有）")).to_have_value("90,000,000.00")
        expect(page.get_by_label("投标截止时间（即开标时间）")).to_have_value("")
        page.goto(page.url.rsplit("/", 1)[0] + "/people")
        expect(page.locator(".note")).to_contain_text("陈向东、赵敏、吴国华")
        page.get_by_role("button", name="在本项目一并登记").click()
        expect(page.get_by_role("button", name="解除")).to_have_count(6)
        made.check()
