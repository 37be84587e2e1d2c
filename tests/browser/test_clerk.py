"""The clerk's pages by clicks: from nothing to a published notice, and what comes after it."""

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Page, expect

from evaluation.events import StageDecided
from opening.messages import Periods
from project.commands import AskQuestion, NoteOutage, RaiseNotice
from project.events import Amended, NoticePublished, QuestionAnswered
from record.rules import Facts
from tests.browser.ceremonies import Parties, register_key, told
from tests.browser.conftest import put, shown
from tests.browser.shown import Shown
from tests.browser.stage import REMEDY, Stage
from tests.browser.visit import NARROW, Visit, visit
from tests.opening.world import MINUTE, PROJECT, SECTION, SERVICE
from tests.web.tender import Tender
from tests.web.witness import SIGNER
from web.clock import SetClock

pytestmark = pytest.mark.slow

AXE = Axe()
NUMBER = "BHZB-2027-0007"
WITNESS = SIGNER.verifier.encode()


def make_key(page: Page) -> None:
    page.get_by_role("button", name="生成本浏览器的签名密钥").click()
    expect(page.locator(".key-named .tag-green")).to_be_visible()


def sign_here(page: Page) -> None:
    """Make this browser's key, and let it count in the project."""
    make_key(page)
    page.locator("kb-signing-key button").click()
    expect(page.locator("kb-signing-key button")).to_have_count(0)


def confirm(page: Page, word: str = "") -> None:
    dialog = page.get_by_role("dialog")
    if word:
        expect(dialog.locator("button[value=yes]")).to_be_disabled()
        dialog.get_by_role("textbox").fill(word)
    dialog.locator("button[value=yes]").click()


def check_axe(made: Visit) -> None:
    found = AXE.run(made.page).response["violations"]
    grave = [
        f"{one['id']}: {node['html']}"
        for one in found
        if one["impact"] in {"serious", "critical"}
        for node in one["nodes"]
    ]
    assert grave == []


def begin(made: Visit) -> str:
    page = made.goto("/clerk")
    page.get_by_role("link", name="新建项目").click()
    make_key(page)
    page.get_by_role("button", name="建立项目").click()
    expect(page.get_by_role("alert")).to_contain_text("请填写此项")
    page.get_by_label("项目编号").fill(NUMBER)
    page.get_by_label("名称", exact=True).fill("滨河二路改造工程施工")
    page.get_by_label("招标人", exact=True).fill("滨河市交通运输局")
    page.reload()
    expect(page.get_by_label("项目编号")).to_have_value(NUMBER)
    page.get_by_role("button", name="建立项目").click()
    expect(page.get_by_role("heading", name="发布公告前的步骤")).to_be_visible()
    return page.url.rsplit("/", 1)[1]


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
        set_terms(page)
        bind_people(made, stage)
        bring_document(page, tmp_path)
        make_key_together(page, Parties(stage, service, folder, project))
        page.get_by_role("link", name="返回项目步骤").click()
        page.get_by_role("link", name="核对并发布招标公告", exact=True).click()
        expect(page.locator(".paper .fingerprint li")).to_have_count(8)
        expect(page.locator(".paper")).to_contain_text("90,000,000.50 CNY")
        check_axe(made)
        page.get_by_label("到场的密钥保管人不足时").fill(REMEDY)
        page.get_by_role("button", name="签名并发布招标公告").click()
        confirm(page, NUMBER)
        expect(page.locator(".panel")).to_contain_text("招标公告已发布")
        page.goto(f"{service.url}/clerk")
        expect(page.locator(".clerk-table")).to_contain_text("投标中")
        made.check()
    notices = [event for event, _ in told(folder, project) if isinstance(event, NoticePublished)]
    assert len(notices) == 1


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
        page.get_by_role("button", name="签收并答复").click()
        expect(page.get_by_role("heading", name="已签收")).to_be_visible()
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


STEPS = ("sections", "people", "documents", "keys", "questions", "amend", "manage", "preflight")
PATHS = ("/clerk", "/clerk/new", f"/clerk/{PROJECT}", *(f"/clerk/{PROJECT}/{one}" for one in STEPS))


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
    chromium: Browser, service: Shown, stage: Stage
) -> None:
    for who in (*stage.custodians, stage.timekeeper, stage.supervisor):
        register_key(service, who)
    with visit(chromium, service, stage.clerk) as made:
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


def test_the_result_of_the_first_envelope_is_recorded_and_signed(
    chromium: Browser, tmp_path: Path
) -> None:
    world = Tender(envelopes=2).open_up()
    for bidder in world.bidder:
        world.bid(bidder, 1)
        world.bid(bidder, 2)
    world.now = world.deadline
    world.serve()
    world.session()
    folder = tmp_path / "data"
    with ThreadPoolExecutor(1) as threads:
        threads.submit(world.folder, folder).result()
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
