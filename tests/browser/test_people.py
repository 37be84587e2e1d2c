"""Accounts and administration by clicks: set up, invite, join, apply, approve, passkeys."""

import re
from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.browser.shown import Shown
from tests.browser.visit import NARROW, Visit, check_axe, visit
from tests.web.service import CODES, PASSWORD
from web.clock import SetClock

pytestmark = pytest.mark.slow

NOW = 1_800_000_000_000
ADMIN = ("/admin", "/admin/organisations", "/admin/people", "/admin/applications")
TOLD = ("/admin/health", "/admin/settings", "/me")
OPEN = ("/register", "/join", "/sign-in")
DEVICE = {
    "protocol": "ctap2",
    "transport": "internal",
    "hasResidentKey": True,
    "hasUserVerification": True,
    "isUserVerified": True,
    "automaticPresenceSimulation": True,
}


@pytest.fixture(scope="module")
def service(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Shown]:
    with Shown(tmp_path_factory.mktemp("people"), SetClock(NOW)) as running:
        yield running


@pytest.fixture(scope="module")
def administrator(chromium: Browser, service: Shown) -> Iterator[Visit]:
    """The first administrator, who came by the first page."""
    with visit(chromium, service) as made:
        page = made.goto("/first#" + service.services.first_token)
        page.get_by_label("单位名称").fill("滨河市公共资源交易中心")
        page.get_by_label("号码", exact=True).fill(CODES[0])
        page.get_by_label("姓名").fill("陈安")
        page.get_by_label("账号名").fill("root")
        page.get_by_label("密码").fill(PASSWORD)
        page.get_by_role("button", name="设立管理员").click()
        expect(page).to_have_url(service.url + "/admin")
        yield made


def opens_account(page: Page, name: str, account: str, role: str) -> str:
    """Open an account and return the invitation's link."""
    page.get_by_role("navigation", name="系统管理").get_by_role("link", name="账号管理").click()
    page.get_by_label("人员姓名").fill(name)
    page.get_by_label("账号名", exact=True).fill(account)
    page.get_by_role("checkbox", name=role).check()
    page.get_by_role("button", name="开立账号并发出邀请").click()
    return page.get_by_label("链接").input_value()


def chooses_password(page: Page) -> None:
    page.get_by_label("设定密码").fill(PASSWORD)
    page.get_by_label("再次输入密码").fill(PASSWORD)
    page.get_by_role("button", name="接受此邀请").click()


def signs_in(page: Page, account: str) -> None:
    page.get_by_label("账号", exact=True).fill(account)
    page.get_by_label("密码").fill(PASSWORD)
    page.get_by_role("button", name="登录", exact=True).click()


def test_an_organisation_is_entered_and_a_person_joins_with_a_key_of_this_browser(
    chromium: Browser, service: Shown, administrator: Visit
) -> None:
    page = administrator.goto("/admin")
    expect(page.get_by_role("heading", name="接下来要设置的")).to_be_visible()
    page.get_by_role("link", name="登记各单位").click()
    page.get_by_label("单位名称（与登记一致）").fill("正衡招标代理有限公司")
    code = page.get_by_label("号码", exact=True)
    code.fill(CODES[1][:-1] + "0")
    expect(page.get_by_text("✗ 校验位不符")).to_be_visible()
    code.fill(CODES[1])
    expect(page.get_by_text("✓ 校验位正确")).to_be_visible()
    page.get_by_role("button", name="登记", exact=True).click()
    expect(page.get_by_text("单位已登记。")).to_be_visible()
    link = opens_account(page, "林述", "lin", "主持人")
    assert link.startswith(service.url + "/join#")
    with visit(chromium, service) as made:
        invited = made.page
        invited.goto(link)
        expect(invited).to_have_url(service.url + "/join")
        expect(invited.get_by_text("林述")).to_be_visible()
        check_axe(made)
        chooses_password(invited)
        invited.get_by_role("button", name="生成本浏览器的签名密钥").click()
        expect(invited.get_by_text("本浏览器可以签名")).to_be_visible()
        made.check()
        made.goto("/me")
        expect(invited.locator("[data-own-key]:visible")).to_have_text("本浏览器")
        page.goto(service.url + "/admin/people/lin")
        expect(page.get_by_text("有效", exact=True)).to_be_visible()
        page.get_by_role("button", name="停用账号").click()
        page.get_by_label("理由").last.fill("离职")
        page.get_by_role("button", name="停用账号").last.click()
        expect(page.get_by_text("账号已停用。")).to_be_visible()
        invited.reload()
        expect(invited).to_have_url(re.compile("/sign-in"))
    administrator.check()


def test_a_passkey_is_set_up_signs_in_and_is_removed(
    chromium: Browser, service: Shown, administrator: Visit
) -> None:
    link = opens_account(administrator.goto("/admin"), "周正", "zhou", "监督人")
    with visit(chromium, service) as made:
        page = made.page
        device = page.context.new_cdp_session(page)
        device.send("WebAuthn.enable")
        device.send("WebAuthn.addVirtualAuthenticator", {"options": DEVICE})
        page.goto(link)
        chooses_password(page)
        expect(page.get_by_text("您已登录")).to_be_visible()
        made.goto("/me")
        page.get_by_label("设备名称").fill("办公室电脑")
        page.get_by_label("您的密码").fill(PASSWORD)
        page.get_by_role("button", name="在本设备上设置通行密钥").click()
        expect(page.get_by_text("通行密钥已设置")).to_be_visible()
        expect(page.get_by_role("rowheader", name="办公室电脑")).to_be_visible()
        page.get_by_role("button", name="退出登录").click()
        page.get_by_role("button", name="使用通行密钥").click()
        expect(page).to_have_url(service.url + "/projects")
        made.goto("/me")
        page.get_by_role("button", name="移除 办公室电脑").click()
        page.get_by_role("dialog").get_by_role("button", name="移除").click()
        expect(page.get_by_text("通行密钥已移除。")).to_be_visible()
        made.check()
        page.get_by_role("button", name="退出登录").click()
        page.get_by_role("button", name="使用通行密钥").click()
        expect(page.get_by_text("通行密钥没有通过核验")).to_be_visible()


def test_an_organisation_applies_and_is_approved(
    chromium: Browser, service: Shown, administrator: Visit
) -> None:
    admin = administrator.page
    with visit(chromium, service) as made:
        page = made.goto("/sign-in")
        page.get_by_role("link", name="在此登记").click()
        page.get_by_label("单位名称（与登记一致）").fill("长江路桥建设集团有限公司")
        page.get_by_label("统一社会信用代码").fill(CODES[2])
        page.get_by_label("姓名").fill("刘洋")
        page.get_by_label("希望使用的账号名").fill("liu.yang")
        page.get_by_label("电话（选填）").fill("0571-00000000")
        page.get_by_role("button", name="提交申请").click()
        expect(page.get_by_role("heading", name="申请已受理")).to_be_visible()
        check_axe(made)
        reference = page.locator(".panel-number").inner_text()
        admin.goto(service.url + "/admin")
        admin.get_by_role("link", name="申请审核").click()
        admin.get_by_role("button", name="通过并发出邀请").click()
        link = admin.get_by_label("链接").input_value()
        page.get_by_role("link", name="返回上页").click()
        page.get_by_label("受理编号").fill(reference)
        page.get_by_role("button", name="查询进度").click()
        expect(page.get_by_role("heading", name="申请已通过")).to_be_visible()
        page.goto(link)
        chooses_password(page)
        page.get_by_role("button", name="生成本浏览器的签名密钥").click()
        expect(page.get_by_text("本浏览器可以签名")).to_be_visible()
        made.check()
    administrator.check()


def test_an_application_is_declined_with_a_reason(
    chromium: Browser, service: Shown, administrator: Visit
) -> None:
    admin = administrator.page
    with visit(chromium, service, language="en") as made:
        page = made.goto("/register")
        page.get_by_label("Name, as registered").fill("Nobody's Bridges")
        page.get_by_label("Unified social credit code").fill(CODES[3])
        page.get_by_label("Name", exact=True).fill("N. N.")
        page.get_by_label("Account name wanted").fill("root")
        page.get_by_role("button", name="Apply").click()
        expect(page.get_by_role("alert")).to_be_visible()
        page.get_by_label("Account name wanted").fill("nobody")
        page.get_by_role("button", name="Apply").click()
        reference = page.locator(".panel-number").inner_text()
        admin.goto(service.url + "/admin/applications")
        admin.get_by_role("button", name="退回").click()
        admin.get_by_role("dialog").get_by_label("理由").fill("查无此单位")
        admin.get_by_role("dialog").get_by_role("button", name="退回", exact=True).click()
        expect(admin.get_by_text("申请已退回。")).to_be_visible()
        page.get_by_role("link", name="Back").click()
        page.get_by_label("Reference number").fill(reference)
        page.get_by_role("button", name="See how it stands").click()
        expect(page.get_by_text("查无此单位")).to_be_visible()


def test_password_and_sessions_are_changed_on_ones_own_page(
    chromium: Browser, service: Shown, administrator: Visit
) -> None:
    link = opens_account(administrator.goto("/admin"), "吴守", "wu", "密钥保管人")
    with visit(chromium, service) as here, visit(chromium, service) as there:
        page, other = here.page, there.page
        page.goto(link)
        chooses_password(page)
        expect(page.get_by_role("link", name="前往保管人页面")).to_be_visible()
        there.goto("/sign-in")
        signs_in(other, "wu")
        expect(other).to_have_url(service.url + "/projects")
        here.goto("/me")
        page.get_by_role("button", name=re.compile("^结束 ")).click()
        expect(page.get_by_text("会话已结束。")).to_be_visible()
        other.reload()
        expect(other).to_have_url(re.compile("/sign-in"))
        page.get_by_label("现密码").fill(PASSWORD)
        page.get_by_label("新密码", exact=True).fill("another good sentence")
        page.get_by_label("再次输入新密码").fill("another good sentence")
        page.get_by_role("button", name="更改密码").click()
        expect(page.get_by_text("密码已更改")).to_be_visible()
        page.get_by_label("页面、答复和通知所用的语言").select_option("en")
        page.get_by_role("button", name="选定语言").click()
        expect(page.get_by_role("heading", level=1)).to_have_text("My account")
        here.check()


@pytest.mark.parametrize(("scheme", "language"), [("light", "zh-CN"), ("dark", "en")])
def test_every_page_is_sound_for_axe_and_narrow(
    chromium: Browser, service: Shown, administrator: Visit, scheme: str, language: str
) -> None:
    cookie = administrator.page.context.cookies()
    with visit(chromium, service, scheme=scheme, language=language) as made:
        for path in OPEN:
            made.goto(path)
            check_axe(made)
        made.page.context.add_cookies(cookie)  # type: ignore[arg-type]  # as they were given
        for path in (*ADMIN, *TOLD, "/admin/people/root"):
            made.goto(path)
            expect(made.page.get_by_role("heading", level=1)).to_be_visible()
            check_axe(made)
            made.page.set_viewport_size({"width": NARROW, "height": 900})
            assert made.page.evaluate("document.documentElement.scrollWidth") <= NARROW, path
            made.page.set_viewport_size({"width": 1280, "height": 900})
        made.check()


def test_what_is_set_up_and_how_it_does_can_be_read_without_scripts(
    chromium: Browser, service: Shown, administrator: Visit
) -> None:
    with visit(chromium, service, scripts=False) as made:
        made.page.context.add_cookies(administrator.page.context.cookies())  # type: ignore[arg-type]  # as they were given
        told = made.goto("/admin").locator("main").inner_text()
        assert "kaibiao timekeeper enrol --home HOME" in told
        told = made.goto("/admin/health").locator("main").inner_text()
        assert "KAIBIAO_WITNESS_URL" in told
        told = made.goto("/me").locator("main").inner_text()
        assert "当前会话" in told
