"""Pages that follow an evaluation as it goes on: the clerk's committee, a bidder's corrected price."""

from pathlib import Path

import pytest
from playwright.sync_api import Browser, expect

from evaluation.commands import AnswerCorrection, ProposeCorrection, ReviewBid, VoteCorrection
from evaluation.events import ItemVerdict
from tests.browser.committee import Bench, Others
from tests.browser.conftest import put
from tests.browser.reading import filed
from tests.browser.shown import Shown
from tests.browser.speech import CHINESE as SAY
from tests.browser.stage import Stage
from tests.browser.test_committee import send
from tests.browser.visit import check_axe, visit
from tests.opening.world import PROJECT, SECTION
from web.clock import SetClock

pytestmark = pytest.mark.slow


def running(bench: Bench, folder: Path) -> tuple[Shown, Others]:
    stage = bench.world
    assert isinstance(stage, Stage)
    service = Shown(put(stage, folder), SetClock(stage.now))
    return service, Others(bench, service, folder, tuple(bench.people))


def test_the_clerk_sees_a_review_as_it_is_given(chromium: Browser, tmp_path: Path) -> None:
    bench = filed()
    service, others = running(bench, tmp_path / "data")
    with service, visit(chromium, service, bench.world.clerk) as made:
        page = made.goto(f"/clerk/{PROJECT}/committee/{SECTION}")
        row = page.locator(".seats-table tbody tr").first
        expect(row).to_contain_text("0 / 3")
        verdicts = tuple(ItemVerdict(item=item, passed=True) for item in bench.found.review.items)
        others.act(1, ReviewBid, bid=bench.bids[0], verdicts=verdicts)
        expect(row).to_contain_text("1 / 3")
        made.check()


def test_a_bidder_sees_a_corrected_price_come_and_be_confirmed(
    chromium: Browser, tmp_path: Path
) -> None:
    bench = filed()
    bench.reviewed()
    bidder = bench.world.bidder[1]
    service, others = running(bench, tmp_path / "data")
    with service, visit(chromium, service, bidder) as made:
        page = made.goto("/bidder")
        corrected = page.locator("kb-corrections")
        bid = next(
            one
            for one in bench.bids
            if bench.world.state.bids[one].organisation == bidder.organisation
        )
        told = {"ground": "unit_price", "price": 90_000_000_00, "reason": "合价有误"}
        others.act(bench.chair, ProposeCorrection, bid=bid, period=1_800_000, **told)
        others.follow()
        (name,) = bench.found.corrections
        for seat in (1, 2):
            others.act(seat, VoteCorrection, correction=name, agrees=True)
        expect(corrected).to_contain_text("90,000,000.00")
        expect(corrected.locator("kb-confirm")).to_be_visible()
        check_axe(made)
        others.follow()
        answer = AnswerCorrection(section=SECTION, message=bench.confirmation(name))
        send(service, bidder, answer)
        expect(corrected).to_contain_text(SAY("correction accepted"))
        expect(corrected.locator("kb-confirm")).to_have_count(0)
        made.check()
