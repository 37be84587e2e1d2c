"""A committee from its naming to its chair."""

from collections.abc import Callable, Iterable

import pytest
from hypothesis import given
from hypothesis import strategies as st

from evaluation import committee
from evaluation.committee import Committee
from evaluation.events import CommitteeEvent, Member
from evaluation.values import Capacity
from record.errors import Refused
from record.events import Signed

SECTION = "s1"
SIGNED = Signed(payloadType="x", payload="", signatures=())
BIDDERS = ("青石建设集团有限公司", "91330100470031236L")


def member(seat: int, capacity: Capacity = "expert", account: str = "") -> Member:
    return Member(
        seat=str(seat), place="评标一室", account=account or f"e{seat}", capacity=capacity
    )


def members(count: int = 5, tenderers: int = 0) -> list[Member]:
    return [
        member(seat, "tenderer" if seat <= tenderers else "expert") for seat in range(1, count + 1)
    ]


def after(*parts: Iterable[CommitteeEvent]) -> Committee:
    """Return the committee after some events."""
    held: Committee | None = None
    for events in parts:
        for event in events:
            held = committee.evolve_committee(held, event)
    assert held is not None
    return held


def go_on(found: Committee, events: Iterable[CommitteeEvent]) -> Committee:
    for event in events:
        after_ = committee.evolve_committee(found, event)
        assert after_ is not None
        found = after_
    return found


def convened(count: int = 5, tenderers: int = 0) -> Committee:
    return after(committee.convene(SECTION, members(count, tenderers), ()))


def quorate(count: int = 5, tenderers: int = 0) -> Committee:
    found = convened(count, tenderers)
    for seat in range(1, count + 1):
        found = seated(found, f"e{seat}")
    return found


def seated(found: Committee, account: str) -> Committee:
    found = go_on(found, committee.sign_in(found, account, SIGNED))
    found = go_on(found, committee.declare_ties(found, account, ()))
    return go_on(found, committee.confirm(found, account, BIDDERS))


@pytest.mark.parametrize(
    ("named", "code"),
    [
        (members(3), "committee.too_small"),
        (members(6), "committee.even"),
        (members(5, 2), "committee.too_many_of_tenderer"),
        (members(7, 3), "committee.too_many_of_tenderer"),
        ([*members(4), member(4, account="x")], "committee.seat_twice"),
        ([*members(4), member(5, account="e1")], "committee.person_twice"),
    ],
)
def test_a_committee_is_odd_large_enough_and_mostly_experts(named: list[Member], code: str) -> None:
    with pytest.raises(Refused) as refused:
        committee.convene(SECTION, named, ())
    assert refused.value.code == code


@pytest.mark.parametrize(("count", "tenderers"), [(5, 0), (5, 1), (7, 2), (9, 3)])
def test_up_to_a_third_may_be_the_tenderers(count: int, tenderers: int) -> None:
    assert len(convened(count, tenderers).seats) == count


def test_names_are_confirmed_after_ties_and_ties_after_the_commitment() -> None:
    steps: list[Callable[[Committee], Iterable[CommitteeEvent]]] = [
        lambda found: committee.sign_in(found, "e1", SIGNED),
        lambda found: committee.declare_ties(found, "e1", ()),
        lambda found: committee.confirm(found, "e1", BIDDERS),
    ]
    found = convened()
    for number, step in enumerate(steps):
        for other in (*steps[:number], *steps[number + 1 :]):
            with pytest.raises(Refused, match=r"committee\.wrong_step"):
                other(found)
        found = go_on(found, step(found))
    assert found.seats["1"].standing == "confirmed"


def test_whoever_declared_a_tie_to_a_bidder_cannot_confirm_and_stands_aside() -> None:
    found = go_on(convened(), committee.sign_in(convened(), "e1", SIGNED))
    found = go_on(found, committee.declare_ties(found, "e1", (" 青石建设集团 有限公司", "other")))
    with pytest.raises(Refused) as refused:
        committee.confirm(found, "e1", BIDDERS)
    assert refused.value.code == "committee.tie_found"
    assert refused.value.facts["ties"] == [" 青石建设集团 有限公司"]
    found = go_on(found, committee.withdraw(found, "e1", "worked there"))
    assert found.seats["1"].standing == "gone"
    with pytest.raises(Refused, match=r"committee\.not_a_member"):
        committee.confirm(found, "e1", BIDDERS)


def test_a_replacement_begins_from_the_start_and_the_quorum_waits_for_it() -> None:
    found = quorate()
    assert found.is_quorate
    events = committee.replace_member(found, member(2, account="new"), "ill")
    assert [event.type.partition(".")[2] for event in events] == [
        "member_withdrew",
        "member_replaced",
    ]
    found = go_on(found, events)
    assert not found.is_quorate
    with pytest.raises(Refused, match=r"committee\.not_quorate"):
        committee.vote_chair(found, "e1", "1")
    with pytest.raises(Refused, match=r"committee\.not_a_member"):
        committee.seat_of(found, "e2")
    with pytest.raises(Refused, match=r"committee\.person_gone"):
        committee.replace_member(found, member(3, account="e2"), "ill")
    assert seated(found, "new").is_quorate


@pytest.mark.parametrize(
    ("replacement", "code"),
    [
        (member(9, account="new"), "committee.no_such_seat"),
        (member(2, account="e3"), "committee.person_twice"),
        (member(2, account="e2"), "committee.person_twice"),
        (member(2, "tenderer", "new"), "committee.too_many_of_tenderer"),
    ],
)
def test_a_replacement_keeps_the_committee_as_it_must_be(replacement: Member, code: str) -> None:
    with pytest.raises(Refused) as refused:
        committee.replace_member(convened(5, 1), replacement, "ill")
    assert refused.value.code == code


def elect(found: Committee, choices: Iterable[str]) -> Committee:
    for seat, choice in enumerate(choices, 1):
        found = go_on(found, committee.vote_chair(found, f"e{seat}", choice))
    return found


def test_most_votes_make_the_chair() -> None:
    found = elect(quorate(), ("3", "3", "1", "3", "1"))
    assert found.chair == "3"
    with pytest.raises(Refused, match=r"committee\.has_chair"):
        committee.vote_chair(found, "e1", "2")


def test_a_tie_calls_another_ballot_between_the_tied() -> None:
    found = elect(quorate(), ("1", "1", "2", "2", "3"))
    assert (found.chair, found.ballot.round, found.ballot.among) == (None, 2, ("1", "2"))
    with pytest.raises(Refused, match=r"committee\.not_eligible"):
        committee.vote_chair(found, "e1", "3")
    assert elect(found, ("1", "1", "1", "2", "2")).chair == "1"


def test_the_tenderers_representative_votes_and_cannot_be_chosen() -> None:
    found = quorate(5, 1)
    with pytest.raises(Refused, match=r"committee\.not_eligible"):
        committee.vote_chair(found, "e1", "1")
    assert elect(found, ("2", "2", "2", "2", "2")).chair == "2"


def test_nobody_votes_twice_or_for_a_seat_that_is_not_there() -> None:
    found = go_on(quorate(), committee.vote_chair(quorate(), "e1", "2"))
    with pytest.raises(Refused, match=r"committee\.has_voted"):
        committee.vote_chair(found, "e1", "2")
    with pytest.raises(Refused, match=r"committee\.no_such_seat"):
        committee.vote_chair(found, "e2", "77")


def test_a_chair_that_leaves_is_elected_anew_by_those_who_are_there_then() -> None:
    found = elect(quorate(), ("3",) * 5)
    found = go_on(found, committee.withdraw(found, "e3", "ill"))
    assert found.chair is None
    found = go_on(found, committee.replace_member(found, member(3, account="new"), "ill"))
    found = seated(found, "new")
    for account in ("e1", "e2", "new", "e4", "e5"):
        found = go_on(found, committee.vote_chair(found, account, "1"))
    assert found.chair == "1"


@given(st.lists(st.sampled_from("12345"), min_size=5, max_size=5))
def test_a_ballot_ends_with_a_chair_or_with_the_tied(choices: list[str]) -> None:
    found = elect(quorate(), choices)
    counts = sorted((choices.count(seat) for seat in set(choices)), reverse=True)
    is_tied = len(counts) > 1 and counts[0] == counts[1]
    assert (found.chair is None) == is_tied
    if is_tied:
        tied = {seat for seat in choices if choices.count(seat) == counts[0]}
        assert set(found.ballot.among) == tied
