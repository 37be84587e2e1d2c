"""Who is shown what of a section's result, and who is told of it."""

from functools import cache
from typing import Any

from rooms.facts import Happened, facts_of
from rooms.notices import notices
from rooms.results import result_view
from rooms.views import kind_of
from tests.opening.world import SECTION
from tests.project.publishing import PERIOD, answer, award, object_to, over, publish, published
from tests.project.sitting import Sitting
from tests.rooms.test_evaluation import OF_THE_RESULT, Shown, opened, shown, text

OBJECTION = "第一名的项目负责人业绩不实。"
REPLY = "经核实, 业绩属实。"


@cache
def awarded() -> Shown:
    """Return an evaluation whose result was published, objected to, answered and awarded."""
    sitting = Sitting(opened()).quorate().reviewed().marked()
    sitting.draw_up()
    sitting.signed()
    publish(sitting)
    objection = object_to(sitting, 1, OBJECTION)
    sitting.suspended(PERIOD)
    answer(sitting, objection, REPLY)
    over(sitting)
    award(sitting, published(sitting).result.candidates[1].bid, "第一名放弃中标")
    return shown(sitting)


def test_everybody_is_shown_the_published_result_and_who_won() -> None:
    found = published(awarded().sitting)
    for name in ("public", "hall"):
        told = awarded().projection.channel(name).view["results"][SECTION]
        assert [one["bid"] for one in told["candidates"]] == [
            one.bid for one in found.result.candidates
        ]
        assert (told["facts"], told["until"]) == (found.result.facts, found.until)
        assert told["award"]["organisation_name"] == found.result.candidates[1].name
        assert told["award"]["reason"] == "第一名放弃中标"


def test_an_objection_reaches_objector_clerk_and_supervisor_alone() -> None:
    frames = awarded().frames
    for words in (OBJECTION, REPLY):
        told = {frame.channel for _, frame in frames if words in text([frame.event, frame.patch])}
        own = organisation(awarded().sitting, "bidder-1")
        assert told == {"clerk", "supervisor", f"bidder/{own}"}


def organisation(sitting: Sitting, account: str) -> str:
    return sitting.world.state.participants[account, "bidder"].organisation


def test_a_result_is_news_to_its_bidders_and_an_objection_to_the_clerk() -> None:
    sitting = Sitting(opened()).quorate().reviewed().marked()
    sitting.draw_up()
    sitting.signed()
    everybody = {f"bidder-{number}" for number in sitting.world.bidder}
    publish(sitting)
    kind, who = told_of(sitting)
    assert (kind, who) == ({"candidates"}, everybody | {"supervisor"})
    objection = object_to(sitting, 1)
    assert told_of(sitting) == ({"result_objection"}, {"clerk", "supervisor"})
    answer(sitting, objection)
    assert told_of(sitting) == ({"result_answered"}, {"bidder-1", "supervisor"})
    over(sitting)
    award(sitting)
    assert told_of(sitting) == ({"awarded"}, everybody | {"supervisor"})


def told_of(sitting: Sitting) -> tuple[set[str], set[str]]:
    """Return as what, and to whom, the last event is told."""
    event, stamp = sitting.world.record[-1]
    state = sitting.world.whole
    facts = facts_of(Happened(event, stamp, "00"), state, state)
    made = list(notices(state, event, facts, stamp.actor.account))
    return {one.kind for one in made}, {one.account for one in made}


def test_a_result_is_seen_by_each_as_far_as_it_may() -> None:
    sitting = Sitting(opened()).quorate().reviewed().marked()
    sitting.draw_up()
    sitting.signed()
    own, other = (organisation(sitting, f"bidder-{number}") for number in (1, 2))

    def seen_as(role: str, of: str = "") -> dict[str, Any] | None:
        return result_view(sitting.world.whole, SECTION, frozenset({role}), of)

    draft = seen_as("clerk")
    assert draft is not None
    assert draft["step"] == "reported"
    assert seen_as("bidder", own) is None
    assert seen_as("supervisor") is None
    publish(sitting)
    object_to(sitting, 1, OBJECTION)
    for role, of, count in (("clerk", "", 1), ("supervisor", "", 1), ("bidder", own, 1)):
        view_of = seen_as(role, of)
        assert view_of is not None
        assert len(view_of["objections"]) == count
    told = seen_as("bidder", other)
    assert told is not None
    assert (told["objections"], told["may_object"]) == ([], True)
    stranger = seen_as("custodian")
    assert stranger is not None
    assert "objections" not in stranger
    assert stranger["candidates"] == told["candidates"] == draft["candidates"]


def test_every_event_of_a_result_was_shown() -> None:
    assert {kind_of(happened.event) for happened, _ in awarded().frames} >= OF_THE_RESULT
