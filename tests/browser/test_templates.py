"""Templates by clicks: an administrator keeps one, a clerk begins a section with it."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.browser.clerking import confirm, make_key
from tests.browser.conftest import shown
from tests.browser.shown import Shown
from tests.browser.stage import Stage
from tests.browser.visit import NARROW, Visit, check_axe, visit
from tests.web.tender import ADMINISTRATOR

pytestmark = pytest.mark.slow

NAME = "市政道路工程施工"


@pytest.fixture
def stage() -> Stage:
    return Stage().open_up()


@pytest.fixture
def service(stage: Stage, tmp_path: Path) -> Iterator[Shown]:
    with shown(stage, tmp_path / "data") as running:
        yield running


def test_a_template_is_kept_chosen_changed_and_dropped(
    chromium: Browser, service: Shown, stage: Stage
) -> None:
    with (
        visit(chromium, service, ADMINISTRATOR) as keeper,
        visit(chromium, service, stage.clerk) as clerk,
    ):
        keeps(keeper)
        begins(clerk)
        changes(keeper.page)
        adds(clerk.page)
        drops(keeper.page)
        check_axe(keeper)
        keeper.check()
        clerk.check()


def keeps(made: Visit) -> None:
    """What is wrong is said; what is typed outlives a reload."""
    page = made.goto("/admin/templates")
    expect(page.locator("kb-templates .empty")).to_have_text("尚未保存模板。")
    page.get_by_role("button", name="施工", exact=True).click()
    expect(page.get_by_label("模板名称")).to_be_focused()
    page.get_by_label("开启所需人数").fill("9")
    page.get_by_role("button", name="保存模板").click()
    expect(page.locator(".summary li")).to_have_count(2)
    page.get_by_label("模板名称").fill(NAME)
    page.get_by_label("密钥保管人", exact=True).fill("5")
    page.get_by_label("开启所需人数").fill("4")
    page.get_by_label("标段名称").fill("道路施工")
    check_axe(made)
    page.reload()
    expect(page.get_by_label("模板名称")).to_have_value(NAME)
    page.get_by_role("button", name="保存模板").click()
    expect(page.get_by_role("status")).to_contain_text("模板已保存")
    expect(page.locator("kb-templates .rows")).to_contain_text("5 名保管人中须 4 名")
    page.set_viewport_size({"width": NARROW, "height": 700})
    assert page.evaluate("document.documentElement.scrollWidth") <= NARROW


def begins(made: Visit) -> None:
    page = made.goto("/clerk/new")
    make_key(page)
    page.get_by_label("项目编号").fill("BHZB-2027-0021")
    page.get_by_label("名称", exact=True).fill("滨河五路改造工程施工")
    page.get_by_label("招标人", exact=True).fill("滨河市交通运输局")
    page.get_by_label(NAME).check()
    page.get_by_role("button", name="建立项目").click()
    page.get_by_role("link", name="标段及条件", exact=True).click()
    page.get_by_role("link", name="继续").click()
    expect(page.get_by_label("标段名称")).to_have_value("道路施工")
    expect(page.get_by_label("密钥保管人", exact=True)).to_have_value("5")
    expect(page.get_by_label("投标截止时间（即开标时间）")).to_have_value("")


def changes(page: Page) -> None:
    page.reload()
    page.get_by_role("button", name=f"更改 {NAME}").click()
    page.get_by_label("标段名称").fill("道路与排水施工")
    page.get_by_role("button", name="保存模板").click()
    expect(page.locator("kb-templates .rows")).to_contain_text("道路与排水施工")
    expect(page.locator("kb-templates .rows li")).to_have_count(1)


def adds(page: Page) -> None:
    """A second section begins with what the template says now."""
    page.locator(".crumbs").get_by_role("link", name="标段及条件").click()
    page.get_by_role("button", name=NAME).click()
    expect(page.get_by_label("标段名称")).to_have_value("道路与排水施工")


def drops(page: Page) -> None:
    page.get_by_role("button", name=f"删除 {NAME}").click()
    confirm(page)
    expect(page.get_by_role("status")).to_contain_text("模板已删除")
    expect(page.locator("kb-templates .rows")).to_have_count(0)
