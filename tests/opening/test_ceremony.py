from dataclasses import replace

import pytest

from crypto.hashing import ORDER
from crypto.points import GENERATOR, base_mul
from opening import transcripts
from opening.commands import (
    ExpireCeremony,
    JoinCeremony,
    StartCeremony,
)
from opening.messages import CeremonyStart
from opening.participants import ParticipantReleased
from opening.terms import SectionTerminated
from record.errors import NotAllowed, NotFound, NotValid, OutOfOrder, TooLate
from tests.opening.parties import Party, party
from tests.opening.refusals import refused
from tests.opening.world import FIRST, HOUR, SECTION, SERVICE, World


@pytest.fixture
def world() -> World:
    made = World().bind()
    made.terms()
    return made


def start(world: World, message: CeremonyStart, clerk: Party | None = None) -> None:
    who = clerk or world.clerk
    world.do(who.actor, StartCeremony(message=who.sign(message)))


# Starting


def test_a_ceremony_of_two_of_three_makes_a_key_that_a_client_accepts(world: World) -> None:
    key = world.ceremony()
    attempt = world.attempt(key.sid)
    assert attempt.status == "made"
    accepted = transcripts.accept(attempt, world.clerk.spki)
    assert accepted.key_id.hex() == key.key_id
    assert accepted.pk.uncompressed() == key.pk
    assert len(transcripts.envelopes(attempt)) == 3 * world.n + 4
    assert world.folded() == world.state


def test_any_two_shares_and_the_timekeepers_make_the_whole_key(world: World) -> None:
    key = world.ceremony()
    total = world.share(key, 0)
    for i, weight in {1: 3, 3: -1}.items():  # Lagrange at zero is 3/2 and -1/2
        half = pow(2, -1, ORDER)
        total += weight * half * world.share(key, i)
    assert base_mul(total % ORDER).uncompressed() == key.pk


def test_only_a_bound_clerk_starts_a_ceremony(world: World) -> None:
    message = world.start_message()
    command = StartCeremony(message=world.supervisor.sign(message))
    with refused(NotValid, "message.not_signer"):
        world.do(world.clerk.actor, command)
    with refused(NotAllowed, "opening.not_bound"):
        world.do(world.supervisor.actor, StartCeremony(message=world.clerk.sign(message)))


def test_a_clerk_does_not_act_on_another_clerks_signature(world: World) -> None:
    other = party("clerk", 2)
    world.bind([other])
    command = StartCeremony(message=world.clerk.sign(world.start_message()))
    with refused(NotValid, "message.not_signer"):
        world.do(other.actor, command)


def test_a_changed_message_is_refused(world: World) -> None:
    signed = world.clerk.sign(world.start_message())
    other = world.clerk.sign(world.start_message(join_by=world.now + 2))
    with refused(NotValid, "message.signature"):
        forged = signed.model_copy(update={"payload": other.payload})
        world.do(world.clerk.actor, StartCeremony(message=forged))


def test_a_start_of_another_project_is_refused(world: World) -> None:
    with refused(NotValid, "ceremony.wrong_project"):
        start(world, world.start_message(project="8" * 32))


def test_a_start_for_an_unknown_section_is_refused(world: World) -> None:
    with refused(NotFound, "ceremony.no_such_section"):
        start(world, world.start_message(section="s9"))


def test_a_section_that_is_over_gets_no_key(world: World) -> None:
    world.happened(SectionTerminated(section=SECTION, reason="撤项"))
    with refused(OutOfOrder, "ceremony.section_over"):
        start(world, world.start_message())


@pytest.mark.parametrize(
    "changes", [{"n": 2}, {"k": 3}, {"co_open": True}, {"envelope": 2}], ids=str
)
def test_a_start_must_say_what_the_terms_say(world: World, changes: dict[str, int]) -> None:
    with refused(NotValid, "ceremony.not_the_terms"):
        start(world, world.start_message(**changes))


def test_a_roster_has_exactly_n_members_with_distinct_keys(world: World) -> None:
    members = tuple(custodian.member() for custodian in world.custodians)
    with refused(NotValid, "ceremony.roster"):
        start(world, world.start_message(roster=members[:2]))
    with refused(NotValid, "ceremony.roster"):
        start(world, world.start_message(roster=(members[0], members[0], members[1])))


def test_a_custodian_is_not_the_timekeeper_too(world: World) -> None:
    members = tuple(custodian.member() for custodian in world.custodians[:2])
    with refused(NotValid, "ceremony.roster"):
        start(world, world.start_message(roster=(*members, world.timekeeper.member())))


def test_a_roster_names_bound_custodians_as_they_are_bound(world: World) -> None:
    members = tuple(custodian.member() for custodian in world.custodians)
    stranger = party("custodian", 9).member()
    with refused(NotValid, "ceremony.roster"):
        start(world, world.start_message(roster=(*members[:2], stranger)))
    renamed = members[2].model_copy(update={"organisation": "别家"})
    with refused(NotValid, "ceremony.roster"):
        start(world, world.start_message(roster=(*members[:2], renamed)))


def test_a_custodian_may_stand_by_off_the_roster(world: World) -> None:
    world.bind([party("custodian", 9)])
    assert world.ceremony().place == FIRST


def test_the_timekeeper_must_be_bound_with_its_key(world: World) -> None:
    other = replace(world.timekeeper, key=party("timekeeper", key_name="x").key)
    with refused(NotValid, "ceremony.timekeeper"):
        start(world, world.start_message(timekeeper=other.timekeeper()))


@pytest.mark.parametrize(("field", "hours"), [("join_by", 0), ("deal_by", 1), ("certify_by", 2)])
def test_deadlines_are_ahead_and_one_after_the_other(world: World, field: str, hours: int) -> None:
    with refused(NotValid, "ceremony.deadlines"):
        start(world, world.start_message(**{field: world.now + hours * HOUR}))


def test_one_attempt_runs_at_a_time(world: World) -> None:
    world.start()
    with refused(OutOfOrder, "ceremony.running"):
        start(world, world.start_message(attempt=2))


def test_attempts_are_numbered_without_gaps(world: World) -> None:
    with refused(NotValid, "ceremony.attempt"):
        start(world, world.start_message(attempt=2))
    sid = world.start()
    world.now += HOUR
    world.do(SERVICE, ExpireCeremony(sid=sid))
    with refused(NotValid, "ceremony.attempt"):
        start(world, world.start_message(attempt=1))
    assert world.ceremony(attempt=2).place == FIRST


def test_a_place_gets_one_key_for_ever(world: World) -> None:
    world.ceremony()
    with refused(OutOfOrder, "ceremony.key_made"):
        start(world, world.start_message(attempt=2))


# Joining


def test_a_party_that_is_not_there_cannot_join(world: World) -> None:
    sid = world.start()
    message = world.join_message(sid, 1).model_copy(update={"i": 4})
    with refused(NotValid, "ceremony.no_such_party"):
        world.do(world.holder(1).actor, JoinCeremony(message=world.holder(1).sign(message)))


def test_an_unknown_attempt_cannot_be_joined(world: World) -> None:
    sid = world.start()
    message = world.join_message(sid, 1).model_copy(update={"sid": "0" * 64})
    with refused(NotFound, "ceremony.no_such_attempt"):
        world.do(world.holder(1).actor, JoinCeremony(message=world.holder(1).sign(message)))


def test_a_party_signs_and_acts_for_itself_alone(world: World) -> None:
    sid = world.start()
    message = world.join_message(sid, 1)
    with refused(NotValid, "message.signature"):
        world.do(world.holder(1).actor, JoinCeremony(message=world.holder(2).sign(message)))
    signed = JoinCeremony(message=world.holder(1).sign(message))
    with refused(NotAllowed, "ceremony.not_this_party"):
        world.do(world.holder(2).actor, signed)
    with refused(NotAllowed, "opening.not_bound"):
        world.do(world.clerk.actor, signed)


def test_a_custodian_that_was_released_no_longer_takes_part(world: World) -> None:
    sid = world.start()
    who = world.holder(1)
    world.happened(ParticipantReleased(account=who.account, role="custodian", reason="调离"))
    with refused(NotAllowed, "opening.not_bound"):
        world.join(sid, 1)


def test_a_running_ceremony_goes_on_with_the_keys_it_began_with(world: World) -> None:
    sid = world.start()
    world.each(world.join, sid)
    who, changed = world.holder(1), party("custodian", 1, "new")
    world.happened(who.changes_to(changed))
    world.deal(sid, 1)
    assert 1 in world.attempt(sid).deals


@pytest.mark.parametrize(("i", "p"), [(0, "02" + "1" * 64), (1, None)])
def test_custodians_name_a_static_key_and_the_timekeeper_none(
    world: World, i: int, p: str | None
) -> None:
    sid = world.start()
    message = world.join_message(sid, i).model_copy(update={"p": p})
    with refused(NotValid, "message.malformed"):
        world.do(world.holder(i).actor, JoinCeremony(message=world.holder(i).sign(message)))


@pytest.mark.parametrize(
    "p",
    [
        GENERATOR.compressed().hex(),
        GENERATOR.neg().compressed().hex(),
        "02" + "f" * 64,
        "02" + "0" * 63 + "1",
    ],
    ids=["G", "-G", "not below p", "off the curve"],
)
def test_a_static_key_is_a_point_that_a_secret_may_multiply(world: World, p: str) -> None:
    sid = world.start()
    message = world.join_message(sid, 1).model_copy(update={"p": p})
    with refused(NotValid, "ceremony.point"):
        world.do(world.holder(1).actor, JoinCeremony(message=world.holder(1).sign(message)))


@pytest.mark.parametrize("field", ["p", "commit"])
def test_nothing_is_posted_twice(world: World, field: str) -> None:
    sid = world.start()
    world.join(sid, 1)
    copied = getattr(world.join_message(sid, 1), field)
    message = world.join_message(sid, 2).model_copy(update={field: copied})
    with refused(NotValid, "ceremony.posted_twice"):
        world.do(world.holder(2).actor, JoinCeremony(message=world.holder(2).sign(message)))


def test_a_party_joins_once(world: World) -> None:
    sid = world.start()
    world.join(sid, 1)
    with refused(OutOfOrder, "ceremony.already_joined"):
        world.join(sid, 1)


def test_a_party_joins_in_time(world: World) -> None:
    sid = world.start()
    world.now = world.attempt(sid).start.join_by
    with refused(TooLate, "ceremony.late"):
        world.join(sid, 1)
