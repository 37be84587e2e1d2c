"""A service that tells a result which was not drawn: nothing is signed on it, whoever looks."""

from pathlib import Path

import pytest
from playwright.sync_api import Browser, WebSocketRoute, expect

from tests.browser.stage import Stage
from tests.browser.test_hall_acting import live, playing, step
from tests.browser.visit import Visit, visit
from tests.opening.world import FIRST

pytestmark = pytest.mark.slow


def test_nobody_signs_minutes_of_a_draw_whose_result_does_not_follow(
    chromium: Browser, tmp_path: Path
) -> None:
    stage = Stage().objecting()
    stage.now = stage.state.sessions[FIRST].windows["objections"]
    stage.serve()
    with (
        playing(stage, tmp_path / "data") as play,
        visit(chromium, play.service, stage.clerk) as clerk,
        visit(chromium, play.service, stage.bidder[1]) as bidder,
        visit(chromium, play.service, stage.supervisor) as seat,
    ):
        for made in (clerk, bidder, seat):
            deceived(made, stage)
        desk, turn, look = live(clerk), live(bidder), live(seat)
        for page in (desk, turn, look):
            expect(page.locator(".draw-result-line")).to_contain_text("7.77")
        expect(step(desk, "sign")).to_be_disabled()
        expect(step(desk, "end")).to_be_disabled()
        expect(desk.locator("#why-sign")).to_contain_text("告知监督人")
        expect(turn.locator("kb-bidder-turn .problem-line")).to_contain_text("提出异议")
        expect(step(turn, "sign")).to_have_count(0)
        expect(look.locator(".alerts")).to_contain_text("要求暂停开标")
        expect(step(look, "sign")).to_have_count(0)


def deceived(made: Visit, stage: Stage) -> None:
    """Let a page be told another result than the one that was drawn."""
    (draw,) = stage.state.sessions[FIRST].draws.values()
    drawn = f'"result":"{draw.result}"'

    def between(page: WebSocketRoute) -> None:
        service = page.connect_to_server()
        service.on_message(lambda told: page.send(str(told).replace(drawn, '"result":"7.77"')))

    made.page.route_web_socket("**/rooms/**", between)
