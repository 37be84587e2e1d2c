"""A demo in a real browser: its guide and strip, the bell and the inbox; nothing serious for axe."""

import json
import sqlite3
from collections.abc import Iterator
from contextlib import closing

import pytest
from playwright.sync_api import Browser, expect

from tests.browser.conftest import shown
from tests.browser.shown import Shown
from tests.browser.stage import Stage
from tests.browser.visit import NARROW, Visit, check_axe, visit
from tests.opening.world import PROJECT

pytestmark = pytest.mark.slow

GUIDE = {
    "sign_ins": [
        {
            "account": role,
            "role": role,
            "name": "林述",
            "organisation": "正衡招标代理有限公司（演示）",
            "password": "c0ff-ee00-1234",
            "kit": "/home/somebody/checkout/var/demo/people/custodian-1/kit.age",
        }
        for role in ("clerk", "supervisor", "custodian", "bidder", "administrator")
    ],
    "rounds": [],
    "current": {"project": PROJECT, "place": "s1-1", "title": "演示开标 第 1 场"},
    "standing": PROJECT,
    "opened": PROJECT,
}
_TOLD = """
SELECT count(*) FROM inbox_followed
WHERE project = ? AND seq >= (SELECT max(seq) FROM entries WHERE project = ?)
"""


@pytest.fixture(scope="module")
def stage() -> Stage:
    return Stage().ended()


@pytest.fixture(scope="module")
def service(stage: Stage, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Shown]:
    guide = tmp_path_factory.mktemp("guide") / "guide.json"
    guide.write_text(json.dumps(GUIDE))
    with shown(stage, tmp_path_factory.mktemp("demo"), demo_guide=guide) as running:
        yield running


def test_whoever_signs_in_plays_until_a_bot_is_let(
    chromium: Browser, service: Shown, stage: Stage
) -> None:
    with visit(chromium, service, stage.bidder[1]) as made:
        page = made.goto("/projects")
        strip = page.locator(".demo-bar")
        expect(strip).to_contain_text("您正在亲自担任此角色")
        page.get_by_role("button", name="交给机器人").click()
        expect(strip).to_contain_text("此角色由机器人担任")
        page.reload()
        expect(strip).to_contain_text("此角色由机器人担任")
        made.check()


@pytest.mark.parametrize(("path", "scheme"), [("/demo", "light"), ("/inbox", "dark")])
def test_axe_finds_nothing_serious_on_guide_and_inbox(
    chromium: Browser, service: Shown, stage: Stage, path: str, scheme: str
) -> None:
    with visit(chromium, service, stage.bidder[1], scheme=scheme) as made:
        page = made.goto(path)
        expect(page.locator("kb-bell a")).to_be_visible()
        check_axe(made)
        made.check()


@pytest.mark.parametrize("path", ["/demo", "/inbox"])
def test_guide_and_inbox_fit_a_small_telephone(
    chromium: Browser, service: Shown, stage: Stage, path: str
) -> None:
    with visit(chromium, service, stage.bidder[1], width=NARROW) as made:
        page = made.goto(path)
        expect(page.locator("kb-bell a")).to_be_visible()
        assert page.evaluate("document.documentElement.scrollWidth") <= NARROW


def wait_until_told(made: Visit, service: Shown) -> None:
    """Wait until all that the record held before the start is in the inboxes."""
    path = service.services.settings.data_dir / "record.db"
    with closing(sqlite3.connect(f"file:{path}?mode=ro", uri=True)) as read:
        for _ in range(5_000):
            # the service goes on with its work while it answers
            assert made.page.request.get(service.url + "/api/inbox").ok
            if read.execute(_TOLD, (PROJECT, PROJECT)).fetchone() == (1,):
                return
    raise AssertionError(path)


def test_the_bell_counts_and_following_an_entry_reads_it(
    chromium: Browser, service: Shown, stage: Stage
) -> None:
    with visit(chromium, service, stage.bidder[2]) as made:
        wait_until_told(made, service)
        page = made.goto("/inbox")
        count = page.locator(".bell-count")
        expect(count).to_be_visible()
        unread = int(count.inner_text())
        page.locator(".inbox-unread a").first.click()
        expect(page).not_to_have_url(service.url + "/inbox")
        made.goto("/inbox")
        expect(page.locator(".inbox-unread")).to_have_count(unread - 1)
        page.get_by_role("button", name="全部标为已读").click()
        expect(page.locator(".inbox-unread")).to_have_count(0)
