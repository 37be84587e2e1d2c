"""A bidder with Firefox: a bid sealed and submitted, a session followed live, a private window."""

import json
from collections.abc import Iterator
from pathlib import Path

import pytest

from opening.commands import AnnounceSession, IssueOrder, OpenWindow, ReadOut
from tests.browser.bidder import BID, files, scene
from tests.browser.speech import CHINESE as SAY
from tests.browser.stage import Stage
from tests.browser.test_hall_acting import HALL, Play, playing
from tests.firefox.firefox import Firefox, firefox
from tests.opening.world import FIRST, SECTION
from tests.web.tender import token

pytestmark = [pytest.mark.slow, pytest.mark.minutes]

PLACE = {"section": SECTION, "envelope": 1}


@pytest.fixture(scope="module")
def window() -> Iterator[Firefox]:
    with firefox() as started:
        yield started


def test_a_bid_is_sealed_and_submitted(window: Firefox, tmp_path: Path) -> None:
    with scene(tmp_path) as made:
        window.visit(made.service.url, BID, token(made.stage.bidder[1]))
        takes_key(window)
        window.press(SAY("Begin"))
        window.sees(".bid-step .tag-green", SAY("Can seal"))
        prepares(window, files(tmp_path / "files"))
        window.press(SAY("Seal the bid"))
        window.sees("h2", SAY("Sealed on this device"))
        window.reload()
        window.press(SAY("Sign and submit"))
        window.sees("h2", SAY("Receipt"))
        (bid,) = made.bids()
        opened = made.opened(bid.bid)
        assert (opened.files, opened.problems) == (4, ())
        assert json.loads(opened.form or "")["price"]["amount"] == 86_543_210_55
        assert window.complaints() == []


def takes_key(window: Firefox) -> None:
    """Make this browser's key, and let it count in the project."""
    window.press(SAY("Make this browser's signing key"))
    window.press(SAY("Sign with this browser's key in this project"))


def prepares(window: Firefox, chosen: list[Path]) -> None:
    """Go from what the browser can do to the last look before sealing."""
    window.press(SAY("Continue"))
    window.sees(".fingerprint li", count=8)
    window.press(SAY("The words are the same"))
    window.choose("input[type=file][multiple]", chosen)
    for path in chosen:
        window.sees(".bid-step", path.name)
    window.press(SAY("Continue"))
    window.fill(SAY("Price in figures"), "86543210.55")
    window.press(SAY("Write it so"))
    window.sees(".bid-step", SAY("Figures and capitals agree"))
    window.press(SAY("Continue"))


def test_a_session_is_followed_live(window: Firefox, tmp_path: Path) -> None:
    stage = closed()
    with playing(stage, tmp_path / "data") as play:
        window.visit(play.service.url, HALL, token(stage.bidder[1]))
        window.sees(".line.is-up")
        window.click("button[data-step=sign_in]")
        window.sees("kb-bidder-turn", SAY("The page tells you as soon as it is your turn."))
        opens(play)
        window.sees(".steps .is-now", SAY("stage read_out"))
        first = next(one for one in stage.state.bids.values() if one.account == "bidder-1")
        play.do(stage.clerk, ReadOut.model_validate({**PLACE, "bid": first.bid}))
        window.sees(".opening-table .price", "86,543,210.55", count=1)
        play.do(stage.clerk, ReadOut.model_validate(PLACE))
        window.sees(".opening-table .price", count=3)
        play.do(stage.clerk, OpenWindow.model_validate({**PLACE, "window": "confirm"}))
        window.click("button[data-step=confirm]")
        window.sees(".opening-table tbody tr", SAY("confirmed"), count=1)
        assert window.complaints() == []


def closed() -> Stage:
    """Return a session past its deadline to which nobody has signed in."""
    stage = Stage(draws=())
    stage.open_up()
    for bidder in (1, 2, 3):
        stage.bid(bidder, content=stage.offer(bidder))
    stage.now = stage.deadline
    stage.serve()
    return stage


def opens(play: Play) -> None:
    """Announce, order and release, as the others do elsewhere."""
    stage = play.stage
    play.do(stage.clerk, AnnounceSession.model_validate(PLACE))
    play.catch_up()
    order = stage.clerk.sign(stage.order_message(FIRST))
    play.do(stage.clerk, IssueOrder(message=order))
    play.release()


def test_a_private_window_is_told_that_it_cannot_seal(tmp_path: Path) -> None:
    with (
        scene(tmp_path) as made,
        firefox(**{"browser.privatebrowsing.autostart": True}) as window,
    ):
        window.visit(made.service.url, BID, token(made.stage.bidder[1]))
        takes_key(window)
        window.press(SAY("Begin"))
        window.sees(".bid-step .tag-red", SAY("Cannot seal"))
        window.sees(
            ".problem-line",
            SAY(
                "This window gives pages no disk space of their own, so nothing can be sealed here. "
                "Firefox gives a private window none: open this page in an ordinary window."
            ),
        )
        assert window.complaints() == []
