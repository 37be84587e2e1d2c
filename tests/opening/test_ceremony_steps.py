from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from crypto import dkg
from crypto.points import GENERATOR, base_mul
from opening import transcripts
from opening.commands import (
    AbortCeremony,
    CertifyCeremony,
    DealCeremony,
    ExpireCeremony,
)
from opening.events import CeremonyAborted, CeremonyCertified, CeremonyExpired, KeyMade
from opening.messages import CeremonyAbort, CeremonyJoin, Message
from record.errors import NotFound, NotValid, OutOfOrder, TooLate
from tests.opening.parties import Party
from tests.opening.refusals import refused
from tests.opening.world import FIRST, SERVICE, World


@pytest.fixture
def world() -> World:
    made = World().bind()
    made.terms()
    return made


def joined(world: World) -> str:
    sid = world.start()
    world.each(world.join, sid)
    return sid


def dealt(world: World) -> str:
    sid = joined(world)
    world.each(world.deal, sid)
    return sid


# Dealing


def test_nobody_deals_before_all_have_joined(world: World) -> None:
    sid = world.start()
    for i in (1, 2, 3):
        world.join(sid, i)
    secrets = world.holder(1).secrets(bytes.fromhex(sid), world.k)
    session = dkg.Session.begin(
        bytes.fromhex(sid),
        world.k,
        [base_mul(world.holder(i).secrets(bytes.fromhex(sid), 2).static) for i in (1, 2, 3)],
    )
    early = dkg.deal(session, 1, secrets, bytes(32))
    with refused(OutOfOrder, "ceremony.not_all_joined"):
        world.deal(sid, 1, early)


def test_a_party_deals_once_and_in_time(world: World) -> None:
    sid = joined(world)
    world.deal(sid, 0)
    with refused(OutOfOrder, "ceremony.already_dealt"):
        world.deal(sid, 0)
    world.now = world.attempt(sid).start.deal_by
    with refused(TooLate, "ceremony.late"):
        world.deal(sid, 1)


def broken(world: World, sid: str, how: str) -> dkg.Deal:
    """Return custodian 1's deal with one thing wrong."""
    deal = world.dealt(sid, 1)
    other = world.dealt(sid, 2)
    return {
        "an extra commitment": replace(deal, c=(*deal.c, GENERATOR)),
        "a commitment left out": replace(deal, c=deal.c[:1]),
        "another commitment": replace(deal, c=(deal.c[0], other.c[1])),
        "another's possession": replace(deal, pop=other.pop),
        "a short possession": replace(deal, pop=deal.pop[:-1]),
        "another ephemeral key": replace(deal, e=other.e),
        "a share left out": replace(deal, shares=deal.shares[:2]),
        "a long share": replace(deal, shares=(deal.shares[0] + b"\0", *deal.shares[1:])),
        "another's deal": other,
    }[how]


@pytest.mark.parametrize(
    "how",
    [
        "an extra commitment",
        "a commitment left out",
        "another commitment",
        "another's possession",
        "a short possession",
        "another ephemeral key",
        "a share left out",
        "a long share",
        "another's deal",
    ],
)
def test_a_bad_deal_is_refused_at_admission(world: World, how: str) -> None:
    sid = joined(world)
    with refused(NotValid, "ceremony.proof"):
        world.deal(sid, 1, broken(world, sid, how))
    world.deal(sid, 1)


def test_a_timekeepers_deal_must_match_what_it_committed_to(world: World) -> None:
    sid = joined(world)
    session = transcripts.session(world.attempt(sid))
    other = dkg.timekeeper_deal(session, 7, bytes(32))
    message = world.deal_message(sid, 0).model_copy(
        update={"y": other.y.compressed().hex(), "pop": other.pop.hex()}
    )
    with refused(NotValid, "ceremony.proof"):
        signed = world.timekeeper.sign(message)
        world.do(world.timekeeper.actor, DealCeremony(message=signed))


@pytest.mark.parametrize("payload", [b"{", b"[]", b'{"i":0}', b'{"i":1}', b"\xff"])
def test_a_deal_that_is_none_is_refused(world: World, payload: bytes) -> None:
    joined(world)
    signed = world.holder(1).sign_payload("application/vnd.kaibiao.ceremony-deal.v1+json", payload)
    with refused(NotValid, "message.malformed"):
        world.do(world.holder(1).actor, DealCeremony(message=signed))


# Certifying


def test_the_last_certificate_makes_the_key(world: World) -> None:
    sid = dealt(world)
    for i in (0, 1, 2):
        assert [type(event) for event in world.certify(sid, i)] == [CeremonyCertified]
    assert [type(event) for event in world.certify(sid, 3)] == [CeremonyCertified, KeyMade]


def test_nobody_certifies_before_all_have_dealt(world: World) -> None:
    sid = joined(world)
    for i in (0, 1, 2):
        world.deal(sid, i)
    done = World().bind()
    done.terms()
    message = done.certify_message(dealt(done), 1)
    with refused(OutOfOrder, "ceremony.not_all_dealt"):
        signed = world.holder(1).sign(message.model_copy(update={"sid": sid}))
        world.do(world.holder(1).actor, CertifyCeremony(message=signed))


def test_a_party_certifies_once_and_in_time(world: World) -> None:
    sid = dealt(world)
    world.certify(sid, 1)
    with refused(OutOfOrder, "ceremony.already_certified"):
        world.certify(sid, 1)
    world.now = world.attempt(sid).start.certify_by
    with refused(TooLate, "ceremony.late"):
        world.certify(sid, 2)


@pytest.mark.parametrize("i", [0, 1])
def test_a_certificate_of_another_party_is_refused(world: World, i: int) -> None:
    sid = dealt(world)
    message = world.certify_message(sid, 2).model_copy(update={"i": i})
    with refused(NotValid, "ceremony.proof"):
        signed = world.holder(i).sign(message)
        world.do(world.holder(i).actor, CertifyCeremony(message=signed))


def test_a_certificate_of_another_key_is_refused(world: World) -> None:
    sid = dealt(world)
    message = world.certify_message(sid, 2).model_copy(update={"key_id": "0" * 64})
    with refused(NotValid, "ceremony.wrong_key_id"):
        signed = world.holder(2).sign(message)
        world.do(world.holder(2).actor, CertifyCeremony(message=signed))


def test_a_made_key_takes_no_more_messages(world: World) -> None:
    sid = world.ceremony().sid
    with refused(OutOfOrder, "ceremony.not_open"):
        world.certify(sid, 1)
    with refused(OutOfOrder, "ceremony.not_open"):
        abort(world, sid, 1, offender=1, cause="kit")
    with refused(OutOfOrder, "ceremony.not_open"):
        world.do(SERVICE, ExpireCeremony(sid=sid))


# Aborting


def abort(world: World, sid: str, i: int, **fields: object) -> tuple[object, ...]:
    values = {"v": 1, "sid": sid, "i": i, **fields}
    signed = world.holder(i).sign(CeremonyAbort.model_validate(values))
    return world.do(world.holder(i).actor, AbortCeremony(message=signed))


def secret(world: World, sid: str, i: int) -> str:
    raw = bytes.fromhex(sid)
    return world.holder(i).secrets(raw, world.k).static.to_bytes(32).hex()


def dealt_with_a_lie(world: World, liar: int, victim: int) -> str:
    """Have one custodian send another a share that does not decrypt."""
    sid = joined(world)
    honest = world.dealt(sid, liar)
    shares = list(honest.shares)
    shares[victim - 1] = bytes([shares[victim - 1][0] ^ 1]) + shares[victim - 1][1:]
    for i in (0, 1, 2, 3):
        world.deal(sid, i, replace(honest, shares=tuple(shares)) if i == liar else None)
    return sid


def test_a_dealer_of_a_bad_share_is_named_by_the_opened_secret(world: World) -> None:
    sid = dealt_with_a_lie(world, liar=2, victim=3)
    events = abort(world, sid, 3, offender=2, cause="share", d=secret(world, sid, 3))
    assert [event.offenders for event in events if isinstance(event, CeremonyAborted)] == [(2,)]
    attempt = world.attempt(sid)
    assert (attempt.status, attempt.ended, attempt.offenders) == ("dead", "share", (2,))
    assert world.ceremony(attempt=2).place == FIRST


def test_the_liar_is_named_whomever_the_accuser_named(world: World) -> None:
    sid = dealt_with_a_lie(world, liar=2, victim=3)
    abort(world, sid, 3, offender=1, cause="share", d=secret(world, sid, 3))
    assert world.attempt(sid).offenders == (2,)


def test_an_empty_accusation_falls_on_the_accuser(world: World) -> None:
    sid = dealt(world)
    abort(world, sid, 3, offender=1, cause="share", d=secret(world, sid, 3))
    assert world.attempt(sid).offenders == (3,)


@pytest.mark.parametrize("d", ["0" * 64, "f" * 64, "1" * 64])
def test_an_accusation_with_a_wrong_secret_is_refused(world: World, d: str) -> None:
    sid = dealt_with_a_lie(world, liar=2, victim=3)
    with refused(NotValid, "ceremony.wrong_secret"):
        abort(world, sid, 3, offender=2, cause="share", d=d)
    assert world.attempt(sid).status == "open"


@pytest.mark.parametrize(
    ("i", "fields"),
    [
        (1, {"offender": 2, "cause": "share"}),
        (1, {"offender": 1, "cause": "share"}),
        (1, {"offender": 2, "cause": "kit"}),
        (1, {"offender": 0, "cause": "timekeeper"}),
        (1, {"offender": 1, "cause": "kit", "d": "1" * 64}),
        (0, {"offender": 1, "cause": "share", "d": "1" * 64}),
    ],
)
def test_without_evidence_a_party_can_name_only_itself(
    world: World, i: int, fields: dict[str, object]
) -> None:
    sid = dealt(world)
    with refused(NotValid, "ceremony.no_evidence"):
        abort(world, sid, i, **fields)


@pytest.mark.parametrize(("i", "cause"), [(0, "timekeeper"), (1, "kit"), (2, "transcript")])
def test_a_party_that_cannot_go_on_ends_the_attempt(world: World, i: int, cause: str) -> None:
    sid = joined(world)
    abort(world, sid, i, offender=i, cause=cause)
    assert world.attempt(sid).offenders == (i,)
    with refused(OutOfOrder, "ceremony.not_open"):
        world.deal(sid, 1)


def test_a_share_can_be_accused_only_once_all_have_dealt(world: World) -> None:
    sid = joined(world)
    with refused(OutOfOrder, "ceremony.not_all_dealt"):
        abort(world, sid, 3, offender=2, cause="share", d=secret(world, sid, 3))


def test_who_certified_cannot_accuse(world: World) -> None:
    sid = dealt(world)
    world.certify(sid, 3)
    with refused(OutOfOrder, "ceremony.already_certified"):
        abort(world, sid, 3, offender=2, cause="share", d=secret(world, sid, 3))


# Expiring


@pytest.mark.parametrize("at", ["join", "deal", "certify"])
def test_an_attempt_expires_and_names_who_is_missing(world: World, at: transcripts.Step) -> None:
    sid = world.start()
    for name, step in (("join", world.join), ("deal", world.deal), ("certify", world.certify)):
        if name == at:
            step(sid, 1)
            break
        world.each(step, sid)
    attempt = world.attempt(sid)
    world.now = transcripts.step_deadline(attempt.start, at) - 1
    with refused(OutOfOrder, "ceremony.not_expired"):
        world.do(SERVICE, ExpireCeremony(sid=sid))
    world.now += 1
    (expired,) = world.do(SERVICE, ExpireCeremony(sid=sid))
    assert expired == CeremonyExpired(sid=sid, step=at, missing=(0, 2, 3))
    dead = world.attempt(sid)
    assert (dead.status, dead.ended, dead.offenders) == ("dead", "expired", (0, 2, 3))


def test_an_attempt_that_never_was_does_not_expire(world: World) -> None:
    with refused(NotFound, "ceremony.no_such_attempt"):
        world.do(SERVICE, ExpireCeremony(sid="0" * 64))


# What a client repeats


def replaced(world: World, signed_by: Party, message: Message, where: str) -> str | None:
    """Put another envelope into a made attempt and return why a client does not accept it."""
    attempt = world.attempt(world.state.keys[FIRST].sid)
    envelopes = {**getattr(attempt, where), message.model_dump()["i"]: signed_by.sign(message)}
    changed = {"joins": {}, "deals": {}, "certifies": {}, where: envelopes}
    forged = replace(
        attempt,
        joins=changed["joins"] or attempt.joins,
        deals=changed["deals"] or attempt.deals,
        certifies=changed["certifies"] or attempt.certifies,
    )
    try:
        transcripts.accept(forged, world.clerk.spki)
    except NotValid as refusal:
        return refusal.code
    return None


def test_a_client_repeats_every_check_of_a_certificate(world: World) -> None:
    sid = world.ceremony().sid
    join, certify = world.join_message(sid, 1), world.certify_message(sid, 1)
    one, two = world.holder(1), world.holder(2)
    assert replaced(world, one, join, "joins") is None
    assert replaced(world, two, join, "joins") == "message.signature"
    commit = join.model_copy(update={"commit": "0" * 64})
    assert replaced(world, one, commit, "joins") == "ceremony.proof"
    other = join.model_copy(update={"sid": "0" * 64})
    assert replaced(world, one, other, "joins") == "ceremony.not_this_party"
    sig = certify.model_copy(update={"sig": world.certify_message(sid, 2).sig})
    assert replaced(world, one, sig, "certifies") == "ceremony.proof"
    dealt_again = world.deal_message(sid, 1)
    unproved = dealt_again.model_copy(update={"pop": "0" * 130})
    assert replaced(world, one, unproved, "deals") == "ceremony.proof"


def test_a_client_wants_the_clerks_own_signature_and_the_right_sid(world: World) -> None:
    attempt = world.attempt(world.ceremony().sid)
    with refused(NotValid, "message.signature"):
        transcripts.accept(attempt, world.supervisor.spki)
    with refused(NotValid, "ceremony.wrong_sid"):
        transcripts.accept(replace(attempt, sid="0" * 64), world.clerk.spki)


# The fold


@pytest.fixture(scope="module")
def whole() -> World:
    made = World().bind()
    made.terms()
    made.ceremony()
    return made


@settings(max_examples=30, deadline=None)
@given(data=st.data())
def test_the_fold_takes_ceremony_events_in_any_order(whole: World, data: st.DataObject) -> None:
    copy = World()
    for event, stamp in data.draw(st.permutations(whole.record)):
        copy.happened(event, stamp.actor)
    assert set(copy.state.attempts) <= set(whole.state.attempts)


def test_the_fold_ignores_messages_of_an_unknown_attempt() -> None:
    there = World().bind()
    there.terms()
    there.ceremony()
    empty = World()
    for event, _ in there.record:
        if not isinstance(event, type(there.record[10][0])):
            empty.happened(event)
    assert empty.state.attempts == {}
    assert empty.state.keys == {}


def test_a_join_reads_back_as_it_was_signed(world: World) -> None:
    sid = world.start()
    message = world.join_message(sid, 0)
    assert CeremonyJoin.read(message.payload()) == message
