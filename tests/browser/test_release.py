"""A custodian's release in a browser: the opening is checked on the record, then the shares go.

The kit is Python's here: the page gets a holder that asks it, as it would ask its worker.
"""

import json
import re
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, Page, Route, expect

from opening.commands import AnnounceSession
from opening.events import OrderIssued
from tests.browser.conftest import shown
from tests.browser.shown import Shown
from tests.browser.stage import Stage
from tests.browser.visit import Visit, check_axe, visit
from tests.opening.world import PROJECT, SECTION
from tests.web.tender import headers
from tests.web.witness import SIGNER, witnessing
from web.bundles import assets

pytestmark = pytest.mark.slow
OWN = 2
MINUTE = 60
RECORD = f"/api/projects/{PROJECT}/record"
HOLD = """
(spki) => {
  const partial = async (asked) => JSON.parse(await window.kit(JSON.stringify(asked)));
  document.querySelector("kb-release").holder = { spki, partial };
}
"""


@contextmanager
def served(stage: Stage, folder: Path, late: int = 0) -> Iterator[Shown]:
    """Run the service of a stage, witnessed by a clock that is late by so many seconds."""
    with witnessing() as (witness, url):
        more = {"witness_url": url, "witness_vkey": SIGNER.verifier.encode()}
        service = shown(stage, folder / "data", witness_patience=5000, **more)
        with service:
            witness.seconds = stage.now // 1000 + late
            witness.log = service.services.sequencer.log_key
            yield service


@dataclass
class Kit:
    """A custodian's kit as the page may ask it; what it was asked is kept."""

    stage: Stage
    i: int = OWN
    asked: list[Any] = field(default_factory=list)

    def partial(self, request: str) -> str:
        self.asked.append(json.loads(request))
        return json.dumps(self.stage.signed_partial(self.i).model_dump(mode="json"))


def mount(made: Visit, kit: Kit | None = None) -> Page:
    """Show the release in place of a project's page, with a kit opened or without one."""
    built = assets()
    head = f"""<link rel="stylesheet" href="{built["release-style.css"]}">
    <script type="module" src="{built["release.js"]}"></script></head>"""
    element = f"""<section class="card"><kb-release data-project="{PROJECT}" data-section="s1"
    data-envelope="1" data-worker="{built["release-worker.js"]}"></kb-release></section></main>"""

    def put_in(route: Route) -> None:
        answer = route.fetch()
        text = answer.text().replace("</head>", head)
        text = re.sub(r"(<main[^>]*>).*</main>", rf"\1{element}", text, flags=re.DOTALL)
        route.fulfill(response=answer, body=text)

    made.page.route(re.compile(PROJECT + "$"), put_in)
    if kit is None:
        return made.goto(f"/projects/{PROJECT}")
    made.page.expose_function("kit", kit.partial)
    page = made.goto(f"/projects/{PROJECT}")
    page.evaluate(HOLD, kit.stage.holder(kit.i).spki)
    return page


def release(page: Page) -> None:
    page.get_by_role("button", name="释放我的份额").click()
    dialog = page.get_by_role("dialog")
    expect(dialog.get_by_role("button", name="释放我的份额")).to_be_disabled()
    dialog.get_by_role("textbox").fill("释放份额")
    dialog.get_by_role("button", name="释放我的份额").click()


def test_shares_are_released_for_the_list_that_the_browser_worked_out(
    chromium: Browser, tmp_path: Path
) -> None:
    stage = Stage().decrypting()
    custodian = stage.holder(OWN)
    with served(stage, tmp_path) as service, visit(chromium, service, custodian) as made:
        kit = Kit(stage)
        page = mount(made, kit)
        expect(page.locator("kb-release .release-table tbody tr")).to_have_count(4)
        expect(page.locator("kb-release")).to_contain_text("长江路桥建设集团有限公司")
        expect(page.locator(".release-roster li").first).to_contain_text("已释放")
        check_axe(made)
        release(page)
        expect(page.locator("kb-release")).to_contain_text("您的份额已释放")
        expect(page.locator("kb-release")).to_contain_text("已于")
        expect(page.locator(".release-roster .tag-green")).to_have_count(2)
        (asked,) = kit.asked
        listed = stage.order_message().bids
        assert [bid["bid"] for bid in asked["bids"]] == [bid.bid for bid in listed]
        page.reload()
        page.evaluate(HOLD, custodian.spki)
        expect(page.locator("kb-release")).to_contain_text("您的份额已释放")
        expect(page.locator(".release-roster .tag-green")).to_have_count(2)
        page.locator("kb-release").evaluate("(shown) => { shown.dataset.envelope = '2'; }")
        expect(page.locator("kb-release")).not_to_contain_text("您的份额已释放")
        expect(page.locator("kb-release")).to_contain_text("本次开标还没有密钥")
        made.check()


def test_what_came_late_must_be_acknowledged_before(chromium: Browser, tmp_path: Path) -> None:
    stage = Stage().decrypting()
    late = stage.deadline // 1000 - stage.now // 1000 + 2 * MINUTE
    with (
        served(stage, tmp_path, late) as service,
        visit(chromium, service, stage.holder(OWN)) as made,
    ):
        page = mount(made, Kit(stage))
        button = page.get_by_role("button", name="释放我的份额")
        boxes = page.locator(".release-warning input")
        expect(boxes.first).to_be_visible()
        expect(page.locator(".release-warnings li").first).to_contain_text("晚一分钟以上")
        check_axe(made)
        for box in boxes.all():
            expect(button).to_be_disabled()
            box.check()
        expect(button).to_be_enabled()
        made.check()


def test_a_record_that_was_changed_is_refused_and_the_kit_is_not_asked(
    chromium: Browser, tmp_path: Path
) -> None:
    stage = Stage().decrypting()
    with served(stage, tmp_path) as service, visit(chromium, service, stage.holder(OWN)) as made:

        def change(route: Route) -> None:
            answer = route.fetch(headers=headers(stage.holder(OWN)))
            changed = answer.body().replace(b"bidder-2", b"bidder-3")
            route.fulfill(response=answer, body=changed)

        made.page.route(re.compile(RECORD + "$"), change)
        page = mount(made, Kit(stage))
        expect(page.get_by_role("alert")).to_contain_text("请勿释放份额")
        expect(page.get_by_role("alert")).to_contain_text("与日志所载不一致")
        check_axe(made)
        expect(page.get_by_role("button", name="释放我的份额")).to_have_count(0)
        with page.expect_download() as kept:
            page.get_by_role("button", name="保存记录").click()
        assert b"bidder-2" not in Path(kept.value.path()).read_bytes()
        made.check()


def test_an_order_that_leaves_a_bid_out_is_refused(chromium: Browser, tmp_path: Path) -> None:
    stage = Stage().closed()
    stage.do(stage.clerk.actor, AnnounceSession(section=SECTION, envelope=1))
    message = stage.order_message()
    short = message.model_copy(update={"bids": message.bids[1:]})
    stage.happened(OrderIssued(envelope=stage.clerk.sign(short)), stage.clerk.actor)
    with served(stage, tmp_path) as service, visit(chromium, service, stage.holder(OWN)) as made:
        page = mount(made, Kit(stage))
        expect(page.get_by_role("alert")).to_contain_text("与记录得出的不一致")
        made.check()


def test_before_the_order_and_without_the_kit_it_says_what_is_missing(
    chromium: Browser, tmp_path: Path
) -> None:
    stage = Stage().closed()
    with (
        served(stage, tmp_path / "a") as service,
        visit(chromium, service, stage.holder(OWN)) as made,
    ):
        page = mount(made, Kit(stage))
        expect(page.locator("kb-release")).to_contain_text("开标指令尚未下达")
        made.check()
    ordered = Stage().decrypting()
    with (
        served(ordered, tmp_path / "b") as service,
        visit(chromium, service, ordered.holder(OWN), language="en", scheme="dark") as made,
    ):
        page = mount(made)
        expect(page.locator("kb-release")).to_contain_text("Open your kit to release your shares.")
        check_axe(made)
        made.check()
