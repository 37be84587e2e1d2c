import pytest

from crypto import certificate
from opening import rules
from opening.checks_ceremony import check_rehearsal
from opening.commands import EraseKey, ExpireCeremony, RehearseKey
from opening.keys import REHEARSAL_AGE
from opening.messages import Erase, Rehearsal
from opening.state import Key
from opening.terms import SectionTerminated
from record.errors import NotAllowed, NotFound, NotValid, OutOfOrder
from record.rules import Given
from tests.opening.refusals import refused
from tests.opening.world import CHECKPOINT, FIRST, HOUR, PROJECT, SECTION, SERVICE, World


@pytest.fixture
def world() -> World:
    return World(minimum=1).open_up()


def key_of(world: World) -> Key:
    return world.state.keys[FIRST]


def rehearsal(world: World, who: int, **changes: object) -> RehearseKey:
    key = key_of(world)
    share, key_id = world.share(key, who), bytes.fromhex(key.key_id)
    signature = certificate.rehearse(share, key_id, CHECKPOINT.encode(), bytes(32))
    values = {
        "v": 1,
        "key_id": key.key_id,
        "i": who,
        "checkpoint": CHECKPOINT,
        "sig": signature.hex(),
        **changes,
    }
    return RehearseKey(message=world.holder(who).sign(Rehearsal.model_validate(values)))


def erase(world: World, sid: str, key_id: str | None, project: str = PROJECT) -> None:
    message = Erase(v=1, project=project, sid=sid, key_id=key_id)
    command = EraseKey(message=world.timekeeper.sign(message))
    world.do(world.timekeeper.actor, command)


# Rehearsals


def test_a_custodian_rehearses_and_the_moment_is_kept(world: World) -> None:
    at = world.now
    world.rehearse(key_of(world), 1)
    world.rehearse(key_of(world), 3)
    assert key_of(world).rehearsed == {1: at, 3: at + 1000}
    assert world.folded() == world.state


def test_a_rehearsal_rests_on_a_cosigned_checkpoint_of_the_last_day(world: World) -> None:
    command = rehearsal(world, 1)
    checked = check_rehearsal(world.state, command)
    actor = world.holder(1).actor
    assert world.decide(actor, command, checked=checked.witnessed(world.now - REHEARSAL_AGE))
    with refused(NotValid, "rehearsal.checkpoint_old"):
        too_old = checked.witnessed(world.now - REHEARSAL_AGE - 1)
        world.decide(actor, command, checked=too_old)
    with refused(NotFound, "rehearsal.checkpoint_unknown"):
        given = Given(actor, world.now, "c", bytes(32), checked=checked)
        rules.decide(world.state, command, given)


@pytest.mark.parametrize(
    "changes", [{"sig": "0" * 130}, {"sig": "00"}, {"checkpoint": "another"}], ids=str
)
def test_a_rehearsal_without_the_share_is_refused(world: World, changes: dict[str, object]) -> None:
    with refused(NotValid, "rehearsal.proof"):
        world.do(world.holder(1).actor, rehearsal(world, 1, **changes))


def test_a_custodian_rehearses_for_itself_alone(world: World) -> None:
    with refused(NotValid, "message.signature"):
        world.do(world.holder(1).actor, rehearsal(world, 1, i=2))
    with refused(NotAllowed, "ceremony.not_this_party"):
        world.do(world.holder(2).actor, rehearsal(world, 1))
    with refused(NotValid, "ceremony.no_such_party"):
        world.do(world.holder(1).actor, rehearsal(world, 1, i=4))


def test_a_key_that_is_not_there_cannot_be_rehearsed(world: World) -> None:
    with refused(NotFound, "ceremony.no_such_key"):
        world.do(world.holder(1).actor, rehearsal(world, 1, key_id="0" * 64))


def test_rehearsals_end_with_the_close(world: World) -> None:
    world.close()
    with refused(OutOfOrder, "rehearsal.closed"):
        world.do(world.holder(1).actor, rehearsal(world, 1))


def test_an_erased_key_cannot_be_rehearsed(world: World) -> None:
    world.happened(SectionTerminated(section=SECTION, reason="撤项"))
    erase(world, key_of(world).sid, key_of(world).key_id)
    with refused(OutOfOrder, "rehearsal.erased"):
        world.do(world.holder(1).actor, rehearsal(world, 1))


# Erasures


def dead_attempt(world: World) -> str:
    sid = world.start()
    world.now += HOUR
    world.do(SERVICE, ExpireCeremony(sid=sid))
    return sid


def test_a_dead_attempt_is_erased_at_once() -> None:
    world = World().bind()
    world.terms()
    sid = dead_attempt(world)
    erase(world, sid, None)
    assert world.attempt(sid).erased
    with refused(OutOfOrder, "erase.already_erased"):
        erase(world, sid, None)


def test_an_attempt_that_runs_is_not_erased() -> None:
    world = World().bind()
    world.terms()
    sid = world.start()
    with refused(OutOfOrder, "erase.attempt_open"):
        erase(world, sid, None)


def test_a_key_is_erased_only_when_nothing_can_be_opened_with_it(world: World) -> None:
    key = key_of(world)
    with refused(OutOfOrder, "erase.key_needed"):
        erase(world, key.sid, key.key_id)
    world.bid(1)
    world.close()
    with refused(OutOfOrder, "erase.key_needed"):
        erase(world, key.sid, key.key_id)
    world.happened(SectionTerminated(section=SECTION, reason="撤项"))
    erase(world, key.sid, key.key_id)
    assert key_of(world).erased
    assert world.attempt(key.sid).erased


def test_an_erasure_names_its_key_and_its_project(world: World) -> None:
    world.happened(SectionTerminated(section=SECTION, reason="撤项"))
    key = key_of(world)
    with refused(NotValid, "erase.wrong_key_id"):
        erase(world, key.sid, None)
    with refused(NotValid, "erase.wrong_key_id"):
        erase(world, key.sid, "0" * 64)
    with refused(NotValid, "erase.wrong_project"):
        erase(world, key.sid, key.key_id, project="8" * 32)
    with refused(NotFound, "ceremony.no_such_attempt"):
        erase(world, "0" * 64, key.key_id)


def test_only_the_timekeeper_erases(world: World) -> None:
    world.happened(SectionTerminated(section=SECTION, reason="撤项"))
    key = key_of(world)
    message = Erase(v=1, project=PROJECT, sid=key.sid, key_id=key.key_id)
    with refused(NotValid, "message.signature"):
        world.do(world.timekeeper.actor, EraseKey(message=world.holder(1).sign(message)))
    with refused(NotAllowed, "opening.not_bound"):
        world.do(world.holder(1).actor, EraseKey(message=world.timekeeper.sign(message)))
