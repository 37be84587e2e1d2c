"""The bidder's pages as the service hands them out: one's own things, and nobody else's."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.opening.parties import Party
from tests.opening.world import PROJECT
from tests.web.scene import Scene, scene
from tests.web.tender import STRANGER, Tender, headers

BID = f"/projects/{PROJECT}/bid/s1-1"


@pytest.fixture
def service(tmp_path: Path) -> Iterator[Scene]:
    made = Tender().open_up()
    made.bid(1)
    with scene(tmp_path / "data", made) as started:
        yield started


def text(service: Scene, path: str, who: Party) -> str:
    """Return a page as somebody sees it in English."""
    answer = service.http.get(path, headers=headers(who, accept_language="en"))
    assert answer.status_code == 200, answer.text
    return answer.text


def test_a_bidder_sees_its_own_tasks(service: Scene) -> None:
    own = text(service, "/bidder", service.world.bidder[1])
    assert "Bid submitted" in own
    assert "Not fetched" in own
    other = text(service, "/bidder", service.world.bidder[2])
    assert "Bid submitted" not in other
    assert "To do" in other


def test_who_does_not_take_part_is_offered_to(service: Scene) -> None:
    told = text(service, "/bidder", STRANGER)
    assert "Open for bids" in told
    assert "kb-take-part" in told


def test_the_page_of_a_bid_tells_only_ones_own(service: Scene) -> None:
    world = service.world
    (bid,) = world.sealed
    assert bid[:12] in text(service, BID, world.bidder[1])
    assert bid[:12] not in text(service, BID, world.bidder[2])


def test_a_place_that_is_not_there_is_told(service: Scene) -> None:
    for place in ("s1-2", "s9-1"):
        path = f"/projects/{PROJECT}/bid/{place}"
        answer = service.http.get(path, headers=headers(service.bidder))
        assert answer.status_code == 404
