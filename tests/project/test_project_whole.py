import pytest

from evaluation.stage import opened_first
from opening.commands import AnnounceSession, ApproveContinuation
from opening.messages import Amendment, FailedBidder, StageDecision
from project.commands import (
    AcknowledgeNotice,
    Amend,
    DecideStage,
    RaiseNotice,
    ResumeSection,
    SuspendSection,
)
from project.phases import Phase, phase
from record.errors import OutOfOrder, TooLate
from record.rules import fold
from tests.opening.world import DEADLINE, FIRST, HOUR, PROJECT, SECOND, SECTION
from tests.project.whole import RULES, Whole


def at(world: Whole) -> Phase:
    return phase(world.state, SECTION)


def test_a_section_of_one_envelope_goes_from_its_draft_to_its_end() -> None:
    world = Whole(co_open=True).open_up()
    for bidder in world.bidder:
        world.bid(bidder)
    world.withdraw(1, world.bid(1))
    late = world.seal(1)
    world.bid(1)
    world.now = DEADLINE - HOUR
    world.signs_in()
    world.now = DEADLINE
    assert world.serve() == [f"close/{SECTION}/1", f"files/{SECTION}/1"]
    assert at(world) is Phase.CLOSED
    with pytest.raises(TooLate, match=r"bids\.closed"):
        world.admit(1, late)
    world.session()
    assert at(world) is Phase.OPENED1
    assert len(world.state.sessions[FIRST].opened) == 3
    assert fold(RULES, PROJECT, world.record) == world.whole


def test_two_envelopes_open_the_second_only_for_those_let_through() -> None:
    world = Whole(envelopes=2).open_up().half_opened()
    assert at(world) is Phase.EVALUATING1
    passed = world.bidder[2].organisation
    failed = sorted(opened_first(world.state, SECTION) - {passed})
    decision = StageDecision(
        v=1,
        project=PROJECT,
        section=SECTION,
        passed=(passed,),
        failed=tuple(FailedBidder(organisation=one, reason="No licence") for one in failed),
    )
    world.do(world.clerk.actor, DecideStage(message=world.clerk.sign(decision)))
    assert at(world) is Phase.OPENING2
    assert world.serve() == [f"files/{SECTION}/2"]
    world.session(SECOND)
    assert at(world) is Phase.OPENED2
    opened = world.state.sessions[SECOND].opened
    assert [world.state.bids[bid].organisation for bid in opened] == [passed]
    assert fold(RULES, PROJECT, world.record) == world.whole


def test_a_superseded_bid_counts_again_only_once_it_is_replaced() -> None:
    world = Whole(minimum=1).open_up()
    old = [world.bid(bidder) for bidder in (1, 2)]
    amendment = Amendment(
        v=1,
        project=PROJECT,
        section=SECTION,
        text="The drawing is another one.",
        documents=(),
        affects_bids=True,
        bids="replace",
        deadline=world.now + 15 * 24 * HOUR,
    )
    world.do(world.clerk.actor, Amend(message=world.clerk.sign(amendment)))
    new = world.bid(2)
    world.now = amendment.deadline
    world.serve()
    assert [world.state.bids[bid].status for bid in (*old, new)] == [
        "superseded",
        "superseded",
        "live",
    ]
    world.session()
    assert list(world.state.sessions[FIRST].opened) == [new]


def test_a_failed_section_goes_on_with_an_approval() -> None:
    world = Whole().open_up()
    world.bid(2)
    world.now = DEADLINE
    assert world.serve() == [f"close/{SECTION}/1"]
    assert at(world) is Phase.FAILED
    approve = ApproveContinuation(section=SECTION, approval="No. 7", reason="A single source")
    world.do(world.clerk.actor, approve)
    assert world.serve() == [f"files/{SECTION}/1"]
    world.session()
    assert at(world) is Phase.OPENED1


def test_nothing_is_ordered_while_a_notice_waits_for_its_reply() -> None:
    world = Whole().open_up()
    for bidder in world.bidder:
        world.bid(bidder)
    world.now = DEADLINE
    world.serve()
    world.do(world.clerk.actor, AnnounceSession(section=SECTION, envelope=1))
    notice = RaiseNotice(section=SECTION, text="One door is locked.", pause=True)
    world.do(world.supervisor.actor, notice)
    with pytest.raises(OutOfOrder, match=r"project\.notice_unacknowledged"):
        world.order()
    (name,) = world.whole.notices
    reply = AcknowledgeNotice(notice=name, reply="It is open now.")
    world.do(world.clerk.actor, reply)
    assert world.order()


def test_a_bid_of_a_suspended_section_is_out_of_order_and_not_late() -> None:
    world = Whole().open_up()
    sealed = world.seal(1)
    world.do(world.clerk.actor, SuspendSection(section=SECTION, reason="r"))
    with pytest.raises(OutOfOrder, match=r"project\.wrong_phase"):
        world.admit(1, sealed)
    world.do(world.clerk.actor, ResumeSection(section=SECTION))
    assert world.admit(1, sealed)
