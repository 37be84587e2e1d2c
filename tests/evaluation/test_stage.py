from typing import Any

import pytest

from evaluation.events import StageDecided
from opening.events import BidOpened
from opening.messages import FailedBidder, StageDecision
from opening.state import Closed, Session
from opening.terms import BidsPassedOn
from project.commands import DecideStage, RaiseNotice
from project.phases import Phase, phase
from record.errors import NotValid, OutOfOrder
from record.events import Actor, Stamp
from tests.project import world as w

ALPHA, BETA, GAMMA = (w.organisation(name) for name in ("alpha", "beta", "gamma"))
FAILED = FailedBidder(organisation=BETA, reason="No licence")
BIDS = {"aa" * 16: "bidder1", "bb" * 16: "bidder2"}


def first_opened() -> w.World:
    """Return a section whose first session is over, with two bids opened and a third spoiled."""
    world = w.published(envelopes=2)
    closed = Closed(Stamp(60, w.DEADLINE, Actor("service"), "c"), w.DEADLINE, 3, "cd" * 32)
    opened = {
        bid: BidOpened(
            bid=bid,
            opening_id="cd" * 32,
            package="cd" * 32,
            size=1,
            manifest="cd" * 32,
            files=1,
            problems=(),
        )
        for bid in BIDS
    }
    bids = {bid: w.sealed(bid, account) for bid, account in BIDS.items()}
    spoiled = w.sealed("cc" * 16, "bidder3")
    sessions = {
        (w.SECTION, 1): Session(stage="ended", closed=closed, opened=opened),
        (w.SECTION, 2): Session(stage="closed", closed=closed),
    }
    world.opening(bids={**bids, spoiled.bid: spoiled}, sessions=sessions)
    return world


def decision(**changes: Any) -> StageDecision:
    fields: dict[str, Any] = {
        "v": 1,
        "project": w.PROJECT,
        "section": w.SECTION,
        "passed": (ALPHA,),
        "failed": (FAILED,),
    }
    return StageDecision(**{**fields, **changes})


def decide(world: w.World, account: str = "clerk", **changes: Any) -> Any:
    message = w.signed(decision(**changes), account)
    return world.does("clerk", DecideStage(message=message))


def test_a_recorded_decision_lets_the_passed_on_and_keeps_the_reasons() -> None:
    world = first_opened()
    stage, passed_on = decide(world)
    assert isinstance(stage, StageDecided)
    assert passed_on == BidsPassedOn(section=w.SECTION, organisations=(ALPHA,))
    assert world.state.evaluation.stages[w.SECTION].failed == {BETA: "No licence"}
    assert world.state.opening.sections[w.SECTION].passed_on == (ALPHA,)
    assert phase(world.state.opening, w.SECTION) is Phase.OPENING2


def test_a_stage_is_decided_once() -> None:
    world = first_opened()
    decide(world)
    with pytest.raises(OutOfOrder, match=r"project\.wrong_phase"):
        decide(world)


def test_all_may_fail() -> None:
    other = FailedBidder(organisation=ALPHA, reason="No licence either")
    _, passed_on = decide(first_opened(), passed=(), failed=(FAILED, other))
    assert passed_on == BidsPassedOn(section=w.SECTION, organisations=())


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"project": "cd" * 16}, r"evaluation\.wrong_project"),
        ({"passed": (ALPHA, BETA)}, r"evaluation\.judged_twice"),
        ({"passed": (ALPHA, ALPHA)}, r"evaluation\.judged_twice"),
        ({"passed": (ALPHA, GAMMA)}, r"evaluation\.not_opened"),
        ({"passed": ()}, r"evaluation\.not_judged"),
        ({"failed": ()}, r"evaluation\.not_judged"),
    ],
)
def test_every_opened_bid_is_judged_once_and_no_other(changes: dict[str, Any], code: str) -> None:
    with pytest.raises(NotValid, match=code):
        decide(first_opened(), **changes)


def test_only_the_clerk_signs_the_decision() -> None:
    with pytest.raises(NotValid, match=r"message\.not_signer"):
        decide(first_opened(), "supervisor")


def test_a_decision_waits_for_the_reply_to_a_notice() -> None:
    world = first_opened()
    command = RaiseNotice(section=w.SECTION, text="Wait.")
    world.does("supervisor", command)
    with pytest.raises(OutOfOrder, match=r"project\.notice_unacknowledged"):
        decide(world)
