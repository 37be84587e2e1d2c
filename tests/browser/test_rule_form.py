"""A rule's slopes and ties by clicks, and what comes of example prices while it is written."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Locator, Page, expect

from evaluation.events import RuleSet
from tests.browser.conftest import put
from tests.browser.shown import Shown
from tests.browser.speech import CHINESE as SAY
from tests.browser.stage import Stage
from tests.browser.visit import Visit, check_axe, visit
from tests.opening.world import PROJECT, SECTION
from tests.waiting import wait_for
from tests.web.tender import read_record
from web.clock import SetClock

pytestmark = pytest.mark.slow

SCORING = f"/clerk/{PROJECT}/scoring/{SECTION}"


@pytest.fixture
def form(chromium: Browser, tmp_path: Path) -> Iterator[Visit]:
    """The form of a rule with a fixed base of one million."""
    stage = Stage().begun()
    with (
        Shown(put(stage, tmp_path / "data"), SetClock(stage.now)) as service,
        visit(chromium, service, stage.clerk) as made,
    ):
        page = made.goto(SCORING)
        page.locator("#family-fixed_base").check()
        page.get_by_role("button", name=SAY("Begin with this rule")).click()
        expect(points(page).first).to_be_visible()
        yield made


def points(page: Page) -> Locator:
    return page.locator(".tried tbody td.num")


def test_slopes_are_written_and_the_example_prices_follow(form: Visit, tmp_path: Path) -> None:
    page = form.page
    page.get_by_label(SAY("Example prices, one a line")).fill("1,000,000\n1,080,000\n900,000")
    expect(points(page)).to_have_text(["50", "42", "45"])
    page.locator("[data-step=add-above]").click()
    page.locator("#slope-above-0-to").fill("5")
    page.locator("#slope-above-1-points").fill("2")
    expect(points(page)).to_have_text(["50", "39", "45"])
    page.locator("#deviation-cap").fill("6")
    expect(points(page)).to_have_text(["50", "44", "45"])
    check_axe(form)
    page.get_by_role("button", name=SAY("Add: {what}", what=SAY("tie commercial"))).click()
    page.get_by_role("button", name=f"{SAY('Earlier')} · {SAY('tie commercial')}").click()
    page.get_by_role("button", name=SAY("Set this rule")).click()

    def found() -> list[RuleSet]:
        events = [event for event, _ in read_record(tmp_path / "data")]
        return [event for event in events if isinstance(event, RuleSet)]

    (rule,) = [one.rule for one in wait_for(found)]
    told = rule.price.model_dump()["deviation"]
    assert [(one["points"], one["to"]) for one in told["above"]] == [("1", "5"), ("2", None)]
    assert told["cap"] == "6"
    assert rule.ties == ("price", "technical", "commercial", "drawn")
    form.check()


def test_a_slope_that_does_not_rise_is_told_at_its_own_field(form: Visit) -> None:
    page = form.page
    for _ in range(2):
        page.locator("[data-step=add-above]").click()
    for name, text in (
        ("0-to", "5"),
        ("1-points", "2"),
        ("1-to", "4"),
        ("2-points", "3"),
    ):
        page.locator(f"#slope-above-{name}").fill(text)
    expect(page.locator(".trying .problem-line")).to_contain_text(SAY("rule slope_not_rising"))
    page.get_by_role("button", name=SAY("Set this rule")).click()
    expect(page.locator("#slope-above-1-to-problem")).to_be_visible()
    page.locator("#slope-above-1-to").fill("")
    page.get_by_role("button", name=SAY("Set this rule")).click()
    expect(page.locator("#slope-above-1-to-problem")).to_contain_text(
        SAY("Write a number, with decimals if need be.")
    )
    check_axe(form)
