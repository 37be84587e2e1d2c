from collections.abc import Callable
from dataclasses import replace

import pytest

from evaluation.committee import Committee, Seat
from evaluation.events import Member
from evaluation.marking import Marking
from evaluation.review import Review
from evaluation.state import Evaluation, EvaluationState
from opening.participants import ParticipantBound, ParticipantKeyChanged, Role
from opening.state import Closed, Session
from project.commands import (
    BindParticipant,
    ChangeKey,
    CreateProject,
    ReleaseParticipant,
)
from record.errors import NotAllowed, NotFound, NotValid, OutOfOrder, Refused, TooLate
from record.events import Actor, Stamp
from tests.project import world as w

CREATE = CreateProject(number="2026-1", title="A road", tenderer="Tenderer")


def test_whoever_creates_a_project_is_its_clerk_and_signs_with_the_newest_key() -> None:
    world = w.World()
    world.does("clerk", CREATE, checked=w.known("clerk", keys=2))
    clerk = w.bound(world.state.opening, "clerk", "clerk")
    assert clerk.keyid == w.keyid("clerk", 1)
    assert world.state.created is not None
    assert world.state.created.currency == "CNY"


def test_who_is_no_clerk_in_the_registry_creates_nothing() -> None:
    with pytest.raises(NotAllowed, match=r"project\.role_not_granted"):
        w.World().does("bidder1", CREATE, checked=w.known("bidder1"))


def test_a_project_is_not_created_twice() -> None:
    with pytest.raises(OutOfOrder, match=r"project\.wrong_phase"):
        w.created().does("clerk", CREATE, checked=w.known("clerk"))


def test_whom_the_registry_does_not_know_is_not_bound() -> None:
    world = w.created()
    with pytest.raises(NotFound, match=r"project\.no_such_account"):
        world.does("clerk", BindParticipant(account="nobody", role="supervisor"))


def test_the_knowledge_of_another_account_does_not_bind() -> None:
    command = BindParticipant(account="supervisor", role="supervisor")
    with pytest.raises(NotFound, match=r"project\.no_such_account"):
        w.created().does("clerk", command, checked=w.known("deputy"))


def test_who_has_no_signing_key_is_not_bound() -> None:
    command = BindParticipant(account="supervisor", role="supervisor")
    with pytest.raises(NotValid, match=r"project\.no_signing_key"):
        w.created().does("clerk", command, checked=w.known("supervisor", keys=0))


def test_a_clerk_binds_no_bidder() -> None:
    command = BindParticipant(account="bidder1", role="bidder")
    with pytest.raises(NotAllowed, match=r"project\.bidders_take_part"):
        w.created().does("clerk", command, checked=w.known("bidder1"))


def test_nobody_is_bound_twice_with_one_role() -> None:
    with pytest.raises(OutOfOrder, match=r"project\.already_bound"):
        w.drafted().binds("supervisor", "supervisor")


@pytest.mark.parametrize(
    ("account", "role"),
    [
        ("supervisor", "clerk"),
        ("timekeeper", "custodian"),
        ("timekeeper", "clerk"),
        ("timekeeper", "supervisor"),
        ("custodian2", "timekeeper"),
    ],
)
def test_nobody_holds_roles_that_exclude_each_other(account: str, role: Role) -> None:
    with pytest.raises(NotAllowed, match=r"project\.roles_conflict"):
        w.drafted().binds(account, role)


def test_a_custodian_may_be_a_supervisor_too() -> None:
    world = w.drafted()
    world.binds("custodian2", "supervisor")
    assert ("custodian2", "supervisor") in world.state.opening.participants


def test_there_is_one_timekeeper() -> None:
    with pytest.raises(OutOfOrder, match=r"project\.one_timekeeper"):
        w.drafted().binds("stranger", "timekeeper")


def test_the_roster_is_fixed_once_the_notice_is_out() -> None:
    with pytest.raises(OutOfOrder, match=r"project\.roster_fixed"):
        w.published().binds("stranger", "custodian")


def test_after_the_notice_a_refusal_does_not_tell_the_clerk_who_bids() -> None:
    world = w.published()
    told: list[Refused] = []
    for account in ("bidder1", "stranger"):
        with pytest.raises(NotAllowed, match=r"project\.new_organisation") as refused:
            world.binds(account, "supervisor")
        told.append(refused.value)
    assert told[0].facts == told[1].facts


def test_after_the_notice_an_organisation_already_here_may_send_another_person() -> None:
    world = w.published()
    world.binds("deputy", "clerk")
    assert ("deputy", "clerk") in world.state.opening.participants


def test_an_organisation_in_office_does_not_bid_even_after_its_release() -> None:
    world = w.drafted()
    world.binds("banker", "supervisor")
    release = ReleaseParticipant(account="banker", role="supervisor", reason="Left")
    world.does("clerk", release)
    world.has_key()
    world.publishes()
    with pytest.raises(NotAllowed, match=r"project\.organisation_in_office"):
        world.takes_part("banker")


def test_a_person_in_office_does_not_bid() -> None:
    world = w.drafted()
    world.binds("banker", "supervisor")
    world.has_key()
    world.publishes()
    with pytest.raises(NotAllowed, match=r"project\.roles_conflict"):
        world.takes_part("banker")


def test_nobody_takes_part_before_the_notice() -> None:
    with pytest.raises(OutOfOrder, match=r"project\.wrong_phase"):
        w.drafted().takes_part("bidder1")


def test_nobody_takes_part_twice() -> None:
    with pytest.raises(OutOfOrder, match=r"project\.already_bound"):
        w.published().takes_part("bidder1")


def test_nobody_takes_part_where_no_section_takes_bids() -> None:
    world = w.published()
    section = world.state.opening.sections[w.SECTION]
    world.opening(sections={w.SECTION: replace(section, terminated=True)})
    with pytest.raises(TooLate, match=r"project\.bidding_over"):
        world.takes_part("bidder3")


def test_a_bidder_is_never_released() -> None:
    release = ReleaseParticipant(account="bidder1", role="bidder", reason="Unwanted")
    with pytest.raises(NotAllowed, match=r"project\.bidder_stays"):
        w.published().does("clerk", release)


def test_only_who_takes_part_is_released() -> None:
    release = ReleaseParticipant(account="stranger", role="supervisor", reason="Left")
    with pytest.raises(NotFound, match=r"project\.not_bound"):
        w.published().does("clerk", release)


@pytest.mark.parametrize(
    ("account", "role"), [("custodian1", "custodian"), ("timekeeper", "timekeeper")]
)
def test_whom_a_key_hangs_on_is_not_released(account: str, role: Role) -> None:
    release = ReleaseParticipant(account=account, role=role, reason="Left")
    with pytest.raises(OutOfOrder, match=r"project\.holds_key"):
        w.published().does("clerk", release)


def test_a_custodian_of_no_ceremony_is_released() -> None:
    world = w.drafted()
    release = ReleaseParticipant(account="custodian1", role="custodian", reason="Left")
    world.does("clerk", release)
    assert ("custodian1", "custodian") not in world.state.opening.participants


@pytest.mark.parametrize(("account", "role"), [("clerk", "clerk"), ("supervisor", "supervisor")])
def test_the_last_clerk_and_the_last_supervisor_stay(account: str, role: Role) -> None:
    release = ReleaseParticipant(account=account, role=role, reason="Left")
    with pytest.raises(OutOfOrder, match=r"project\.last_of_role"):
        w.published().does("clerk", release)


def test_a_participant_changes_to_another_registered_key() -> None:
    world = w.published()
    command = ChangeKey(role="bidder", keyid=w.keyid("bidder1", 1), reason="New device")
    (event,) = world.does("bidder1", command, checked=w.known("bidder1", keys=2))
    assert isinstance(event, ParticipantKeyChanged)
    assert event.old == w.keyid("bidder1")
    assert set(w.bound(world.state.opening, "bidder1", "bidder").keys) == {
        w.keyid("bidder1"),
        w.keyid("bidder1", 1),
    }


def test_a_key_the_registry_does_not_know_is_not_taken() -> None:
    command = ChangeKey(role="bidder", keyid=w.keyid("bidder2"), reason="Mine")
    with pytest.raises(NotFound, match=r"project\.no_such_key"):
        w.published().does("bidder1", command, checked=w.known("bidder1"))


def test_a_change_to_the_present_key_is_none() -> None:
    command = ChangeKey(role="bidder", keyid=w.keyid("bidder1"), reason="Again")
    with pytest.raises(OutOfOrder, match=r"project\.same_key"):
        w.published().does("bidder1", command, checked=w.known("bidder1"))


def test_a_key_is_changed_for_ones_own_role_only() -> None:
    command = ChangeKey(role="custodian", keyid=w.keyid("bidder1", 1), reason="Curious")
    with pytest.raises(NotAllowed, match=r"project\.not_permitted"):
        w.published().does("bidder1", command, checked=w.known("bidder1", keys=2))


def test_a_binding_carries_what_the_registry_knows() -> None:
    command = BindParticipant(account="deputy", role="supervisor")
    (event,) = w.created().decides("clerk", command, checked=w.known("deputy"))
    assert isinstance(event, ParticipantBound)
    assert event.organisation_name == "Tenderer"
    assert (event.key, event.keyid) == (w.spki("deputy"), w.keyid("deputy"))


EXPERT = BindParticipant(account="expert", role="expert")


def closed() -> w.World:
    """Return a project in which every section is closed."""
    world = w.published()
    world.opening(
        bids={"b" * 32: w.sealed("b" * 32, "bidder1")},
        sessions={
            (w.SECTION, 1): Session(closed=Closed(Stamp(9, w.T0, Actor("c"), "c"), w.T0, 1, "0"))
        },
    )
    return world


def test_an_expert_is_bound_once_bids_are_closed_from_whatever_organisation() -> None:
    world = closed()
    world.does("clerk", EXPERT, checked=w.known("expert"))
    assert ("expert", "expert") in world.state.opening.participants


@pytest.mark.parametrize("make", [w.created, w.published])
def test_no_expert_is_bound_while_bids_can_come(make: Callable[[], w.World]) -> None:
    with pytest.raises(OutOfOrder, match=r"project\.experts_too_early"):
        make().does("clerk", EXPERT, checked=w.known("expert"))


def test_whoever_works_for_a_bidder_is_no_expert() -> None:
    command = BindParticipant(account="inhouse", role="expert")
    with pytest.raises(NotAllowed, match=r"project\.expert_of_a_bidder"):
        closed().does("clerk", command, checked=w.known("inhouse"))


def test_an_expert_that_sits_on_a_committee_is_not_released() -> None:
    world = closed()
    world.does("clerk", EXPERT, checked=w.known("expert"))
    release = ReleaseParticipant(account="expert", role="expert", reason="r")
    member = Member(seat="1", place="p", account="expert", capacity="expert")
    found = Evaluation(
        Committee(w.SECTION, {"1": Seat(member)}), Review("s1", (), ()), Marking("s1")
    )
    sits = EvaluationState(evaluations={w.SECTION: found})
    free, world.state = world.state, replace(world.state, evaluation=sits)
    with pytest.raises(OutOfOrder, match=r"project\.sits_on_committee"):
        world.does("clerk", release)
    world.state = free
    world.does("clerk", release)
    assert ("expert", "expert") not in world.state.opening.participants
