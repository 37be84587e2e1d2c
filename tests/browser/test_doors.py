"""Coming in: the first administrator, a wrong password, out and in again."""

from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.browser.shown import Shown
from tests.browser.visit import visit
from tests.web.service import CODES, PASSWORD
from web.clock import SetClock

pytestmark = pytest.mark.slow

NOW = 1_800_000_000_000


def fill_in(page: Page, code: str) -> None:
    page.get_by_label("单位名称").fill("滨河市公共资源交易中心")
    page.get_by_label("号码", exact=True).fill(code)
    page.get_by_label("姓名").fill("管理员")
    page.get_by_label("账号名").fill("root")
    page.get_by_label("密码").fill(PASSWORD)
    page.get_by_role("button", name="设立管理员").click()


def test_the_first_page_makes_the_first_administrator(chromium: Browser, tmp_path: Path) -> None:
    with Shown(tmp_path, SetClock(NOW)) as service, visit(chromium, service) as made:
        page = made.goto("/")
        expect(page).to_have_url(service.url + "/first")
        page.goto("about:blank")
        page = made.goto("/first#" + service.services.first_token)
        expect(page).to_have_url(service.url + "/first")
        fill_in(page, CODES[0][:-1] + "0")
        expect(page.get_by_role("alert")).to_be_visible()
        expect(page.get_by_label("单位名称")).to_have_value("滨河市公共资源交易中心")
        # what was refused is not lost: nobody has to go back to the terminal
        expect(page.get_by_label("首次运行令牌")).to_have_value(service.services.first_token)
        fill_in(page, CODES[0])
        expect(page).to_have_url(service.url + "/admin")
        page.wait_for_function("sessionStorage.length === 0")
        expect(page.get_by_role("heading", name="接下来要设置的")).to_be_visible()
        page.get_by_role("button", name="退出登录").click()
        expect(page).to_have_url(service.url + "/sign-in")
        page.get_by_label("账号").fill("root")
        page.get_by_label("密码").fill("not this one")
        page.get_by_role("button", name="登录").click()
        expect(page.get_by_role("alert")).to_be_visible()
        expect(page.get_by_label("账号")).to_have_value("root")
        page.get_by_label("密码").fill(PASSWORD)
        page.get_by_role("button", name="登录").click()
        expect(page).to_have_url(service.url + "/projects")


def test_the_door_leads_nowhere_outside(chromium: Browser, tmp_path: Path) -> None:
    with Shown(tmp_path, SetClock(NOW)) as service, visit(chromium, service) as made:
        for where in ("https://evil.example", "//evil.example", "/\\evil.example", "javascript:1"):
            page = made.goto(f"/sign-in?next={where}")
            assert page.locator("input[name=next]").get_attribute("value") == "/projects"
