"""What it costs to look at the prices of an evaluation: twice the bids are twice the work."""

from collections.abc import Callable, Iterator
from dataclasses import replace
from typing import Any

import pytest

from evaluation.report_facts import facts
from evaluation.state import Evaluation
from evaluation.summary import offers_of
from opening.state import OpeningState
from rooms.prices import corrections_view, prices_view
from tests.evaluation.test_story import opened
from tests.opening.world import FIRST
from tests.project.sitting import RULE, Sitting

Look = Callable[[OpeningState, Evaluation], object]


class Counted(dict[str, Any]):
    """A mapping that counts the keys that it gave."""

    given = 0

    def __iter__(self) -> Iterator[str]:
        for key in super().__iter__():
            self.given += 1
            yield key


def opened_bids_seen(bidders: int, look: Look) -> int:
    """Return how often an opened bid is gone over by a look, every price of them corrected."""
    sitting = Sitting(opened(bidders)).quorate().reviewed()
    for place, bid in enumerate(sitting.bids):
        sitting.confirm_price(sitting.correct(bid, 80_000_000 + place))
    sitting.check_prices().marked()
    state = sitting.world.state
    session = state.sessions[FIRST]
    counted = Counted(session.opened)
    look(replace(state, sessions={FIRST: replace(session, opened=counted)}), sitting.found)
    return counted.given


@pytest.mark.parametrize(
    "look",
    [
        prices_view,
        corrections_view,
        lambda opening, found: offers_of(opening, found, RULE),
        lambda opening, found: facts(opening, found, RULE),
    ],
    ids=["prices", "corrections", "offers", "report"],
)
def test_twice_the_bids_are_twice_the_work_of_looking_at_prices(look: Look) -> None:
    assert 0 < opened_bids_seen(6, look) <= 2 * opened_bids_seen(3, look)
