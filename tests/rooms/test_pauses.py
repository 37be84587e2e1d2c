"""Who is told of a pause and of a discussion, and what is left to see meanwhile."""

from project.commands import TerminateSection
from rooms.evaluation import clarifications_of, view
from rooms.facts import Happened, facts_of
from rooms.notices import notices
from rooms.prices import corrections_of
from tests.opening.world import MINUTE, SECTION
from tests.project.publishing import publish
from tests.project.sitting import Sitting
from tests.rooms.test_evaluation import COMMITTEE, opened, shown


def test_a_paused_evaluation_shows_its_members_no_bid_and_everybody_why() -> None:
    sitting = Sitting(opened()).quorate()
    asked = sitting.ask(sitting.bids[0])
    bidder = sitting.asked(asked)
    due = sitting.found.clarifications[asked].due
    sitting.pause("fault", "网络中断")
    account = sitting.people[1].account
    member = view(sitting.world.whole, SECTION, "member", account)
    supervisor = view(sitting.world.whole, SECTION, "supervisor", "supervisor")
    clerk = view(sitting.world.whole, SECTION, "clerk", "clerk")
    assert member["paused"] == supervisor["paused"] == clerk["paused"]
    assert "bids" not in member
    assert "bidders" not in member
    assert "bids" in supervisor
    (one,) = clarifications_of(sitting.world.whole, SECTION, bidder.organisation)
    assert one["paused"] == member["paused"]["since"]
    sitting.world.now += 60 * MINUTE
    sitting.go_on()
    seen = shown(sitting)
    for channel in (COMMITTEE, "supervisor"):
        evaluation = seen.projection.channel(channel).view["evaluations"][SECTION]
        assert "paused" not in evaluation
        assert evaluation["clarifications"][asked]["due"] > due + 60 * MINUTE
    own = [frame.event for frame in seen.of(f"bidder/{bidder.organisation}")][-2:]
    assert [one["type"] for one in own] == ["evaluation.paused", "evaluation.resumed"]
    assert all("who" not in one and "reason" not in one for one in own)
    others = [one for one in sitting.world.bidder.values() if one is not bidder]
    for other in others:
        told = [frame.event["type"] for frame in seen.of(f"bidder/{other.organisation}")]
        assert "evaluation.paused" not in told


def test_whoever_is_asked_is_told_of_a_pause_and_no_other_bidder() -> None:
    sitting = Sitting(opened()).quorate()
    bidder = sitting.asked(sitting.ask(sitting.bids[0]))
    before = sitting.world.whole
    sitting.pause()
    event, stamp = sitting.world.record[-1]
    facts = facts_of(Happened(event, stamp, "ab" * 32), before, sitting.world.whole)
    told = list(notices(sitting.world.whole, event, facts, sitting.world.clerk.account))
    members = {one.account for one in sitting.people.values()}
    watching = {sitting.world.supervisor.account, bidder.account}
    assert {one.account for one in told} == members | watching
    assert {one.kind for one in told} == {"evaluation_paused"}


def test_the_committee_sees_until_when_a_bidder_can_answer_after_a_suspension() -> None:
    sitting = Sitting(opened()).quorate()
    waiting, judged = sitting.ask(sitting.bids[0]), sitting.ask(sitting.bids[1])
    sitting.clarified(judged, accepting=5)
    before = sitting.found.clarifications
    sitting.suspended(60 * MINUTE)
    after = sitting.found.clarifications
    assert after[waiting].due > before[waiting].due
    for channel in (COMMITTEE, "supervisor"):
        found = (
            shown(sitting)
            .projection.channel(channel)
            .view["evaluations"][SECTION]["clarifications"]
        )
        assert {name: one["due"] for name, one in found.items()} == {
            name: one.due for name, one in after.items()
        }


def test_a_bidder_that_is_out_is_asked_nothing_once_the_evaluation_is_over() -> None:
    sitting = Sitting(opened()).quorate()
    out = sitting.bids[0]
    own = sitting.world.state.bids[out].organisation
    sitting.ask(out, "请说明工期。")
    sitting.reviewed().correct(out, 90_000_000)
    sitting.stand_aside(1)
    sitting.replace(1)
    sitting.sit(1)
    for bid in sitting.bids:
        sitting.review(1, bid, ("licence",) if bid == out else ())
    sitting.vote(out, "licence", passing=2)
    sitting.close({out: "unqualified"})
    sitting.judge_competition(lacking=5)
    sitting.draw_up()
    sitting.signed()
    assert told_over(sitting, own) == [False, False]
    publish(sitting)
    assert told_over(sitting, own) == [True, True]


def test_nothing_is_asked_of_a_bidder_whose_section_is_ended_in_a_pause() -> None:
    sitting = Sitting(opened()).quorate()
    bid = sitting.bids[0]
    own = sitting.world.state.bids[bid].organisation
    sitting.ask(bid, "请说明工期。")
    sitting.reviewed().correct(bid, 90_000_000)
    sitting.pause()
    assert told_over(sitting, own) == [False, False]
    end = TerminateSection(section=SECTION, reason="资金未落实")
    sitting.world.do(sitting.world.clerk.actor, end)
    assert told_over(sitting, own) == [True, True]


def told_over(sitting: Sitting, organisation: str) -> list[bool]:
    """Return whether a bidder reads of its question and of its price that nobody answers more."""
    whole = sitting.world.whole
    (asked,) = clarifications_of(whole, SECTION, organisation)
    (corrected,) = corrections_of(whole, SECTION, organisation)
    assert (asked["status"], corrected["status"]) == ("sent", "asked")
    return ["over" in one and "paused" not in one for one in (asked, corrected)]
