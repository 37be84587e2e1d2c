import json
from collections.abc import Callable
from dataclasses import replace

import pytest

from crypto import canonical, sealing
from crypto.hashing import ORDER
from crypto.points import GENERATOR, base_mul, decode65
from record.errors import NotValid
from tests.opening.bidding import Sealed, honest_package, seal
from tests.opening.refusals import refused
from tests.opening.submitting import submit, submit_payload
from tests.opening.world import (
    FIRST,
    World,
)


@pytest.fixture
def world() -> World:
    return World().open_up()


# What is inside a bid's message


def with_params(sealed: Sealed, text: str) -> bytes:
    """Return a bid's payload with other params text."""
    return canonical.dumps({**sealed.bid.model_dump(mode="json"), "params": text})


def edited(sealed: Sealed, **changes: object) -> str:
    """Return params text with fields changed, in canonical order but otherwise unjudged."""
    values = json.loads(sealed.bid.params) | changes
    kept = {name: value for name, value in values.items() if value is not ...}
    return json.dumps(kept, sort_keys=True, separators=(",", ":"), ensure_ascii=False)


@pytest.mark.parametrize(
    "make",
    [
        lambda sealed: sealed.bid.params.replace('{"bid":', '{"bid":"' + "0" * 32 + '","bid":'),
        lambda sealed: edited(sealed, created=1.5),
        lambda sealed: edited(sealed, created=1.0),
        lambda sealed: edited(sealed, created=1 << 53),
        lambda sealed: edited(sealed, created=True),
        lambda sealed: edited(sealed, created="1"),
        lambda sealed: edited(sealed, more="x"),
        lambda sealed: edited(sealed, supersedes=None),
        lambda sealed: edited(sealed, v=2),
        lambda sealed: edited(sealed, v=...),
        lambda sealed: edited(sealed, revision=0),
        lambda sealed: edited(sealed, bid="A" * 32),
        lambda sealed: edited(sealed, bid="0" * 31),
        lambda sealed: edited(sealed, section="S 1"),
        lambda sealed: edited(sealed, media_type="text/html"),
        lambda sealed: " " + sealed.bid.params,
        lambda sealed: sealed.bid.params + "\n",
        lambda sealed: sealed.bid.params[:-1],
    ],
)
def test_params_are_parsed_strictly(world: World, make: Callable[[Sealed], str]) -> None:
    sealed = world.seal(1)
    with refused(NotValid, "bids.malformed"):
        submit_payload(world, 1, with_params(sealed, make(sealed)), sealed.facts)


@pytest.mark.parametrize("text", ["", "[]", "null", "1", "[" * 3000, "é", "{}"])
def test_params_that_are_none_are_refused(world: World, text: str) -> None:
    sealed = world.seal(1)
    with refused(NotValid, "bids.malformed"):
        submit_payload(world, 1, with_params(sealed, text), sealed.facts)


@pytest.mark.parametrize("megabytes", [0.02, 10])
def test_a_huge_message_is_not_even_looked_at(world: World, megabytes: float) -> None:
    sealed = world.seal(1)
    padded = with_params(sealed, "x" * int(megabytes * (1 << 20)))
    with refused(NotValid, "bids.malformed"):
        submit_payload(world, 1, padded, sealed.facts)


@pytest.mark.parametrize("payload", [b"", b"{}", b"[]", b"\xff\xfe", b'{"v":1}', b'{"v":1.0}'])
def test_a_message_that_is_no_bid_is_refused(world: World, payload: bytes) -> None:
    with refused(NotValid, "bids.malformed"):
        submit_payload(world, 1, payload)


def test_params_of_another_suite_are_told_so(world: World) -> None:
    sealed = world.seal(1)
    with refused(NotValid, "bids.wrong_suite"):
        submit_payload(world, 1, with_params(sealed, edited(sealed, suite="P521")), sealed.facts)


@pytest.mark.parametrize(
    "enc",
    [
        GENERATOR.uncompressed().hex(),
        GENERATOR.neg().uncompressed().hex(),
        "04" + "0" * 128,
        "04" + "f" * 128,
        "04" + GENERATOR.x().hex() + "0" * 63 + "1",
    ],
    ids=["G", "-G", "the identity", "not below p", "off the curve"],
)
def test_an_encapsulated_key_is_a_point_that_a_secret_may_multiply(world: World, enc: str) -> None:
    sealed = world.seal(1)
    with refused(NotValid, "bids.enc_invalid"):
        submit(world, 1, sealed.bid.model_copy(update={"enc": enc}), sealed.facts)


@pytest.mark.parametrize("field", ["pok", "ct", "root", "size"])
def test_the_sealers_proof_binds_every_field(world: World, field: str) -> None:
    sealed = world.seal(1)
    other = world.seal(2, content=b"another" * 20_000)
    changed = sealed.bid.model_copy(update={field: getattr(other.bid, field)})
    with refused(NotValid, "bids.proof"):
        submit(world, 1, changed, sealed.facts)


# Attacks


def test_a_copied_bid_under_another_name_has_no_proof(world: World) -> None:
    sealed = world.sealed[world.bid(1)]
    own = world.params(2)
    copied = sealed.bid.model_copy(update={"params": own.payload().decode()})
    with refused(NotValid, "bids.proof"):
        submit(world, 2, copied, sealed.facts)


def test_a_related_bid_to_read_a_withdrawn_one_has_no_proof(world: World) -> None:
    name = world.bid(1)
    victim = world.sealed[name]
    world.withdraw(1, name)
    shift = base_mul(1234)
    related = decode65(bytes.fromhex(victim.bid.enc)).add(shift)
    own = world.seal(2)
    enc, stmt_of = related.uncompressed(), own.params.payload()
    ct, root = bytes.fromhex(own.bid.ct), bytes.fromhex(own.bid.root)
    stmt = sealing.statement(stmt_of, enc, ct, own.bid.size, root)
    for known in (1234, own.r, ORDER - 1):
        guess = sealing.prove_sealer(known, stmt, bytes(32)).hex()
        forged = own.bid.model_copy(update={"enc": enc.hex(), "pok": guess})
        with refused(NotValid, "bids.proof"):
            submit(world, 2, forged, own.facts)


def reseal_with(world: World, bidder: int, r: int) -> Sealed:
    """Seal honestly but under an r of one's choice."""
    params = world.params(bidder)
    own = world.seal(bidder)
    bound = params.payload()
    pk = decode65(world.state.keys[FIRST].pk)
    enc, ct = sealing.seal_secret(pk, bound, own.secret, r)
    stmt = sealing.statement(bound, enc, ct, own.bid.size, bytes.fromhex(own.bid.root))
    pok = sealing.prove_sealer(r, stmt, bytes(32))
    bid = own.bid.model_copy(update={"enc": enc.hex(), "ct": ct.hex(), "pok": pok.hex()})
    return replace(own, bid=bid)


@pytest.mark.parametrize("sign", [1, -1], ids=["the same", "negated"])
def test_an_encapsulated_key_is_used_once_negated_or_not(world: World, sign: int) -> None:
    first = world.sealed[world.bid(1)]
    world.withdraw(1, first.params.bid)
    again = reseal_with(world, 1, sign * first.r % ORDER)
    with refused(NotValid, "bids.enc_reused"):
        world.admit(1, again)


def test_a_bid_id_is_used_once_by_anybody(world: World) -> None:
    name = world.bid(1)
    with refused(NotValid, "bids.id_reused"):
        world.admit(2, seal_as(world, 2, bid=name))


def seal_as(world: World, bidder: int, **changes: object) -> Sealed:
    params = world.params(bidder).model_copy(update=changes)
    content = honest_package(world.bidder[bidder], 2)
    return seal(world.state.keys[FIRST], params, content, f"{bidder}/{params.bid}")


@pytest.mark.parametrize("revision", [1, 3])
def test_revisions_count_without_gaps(world: World, revision: int) -> None:
    world.bid(1)
    with refused(NotValid, "bids.revision"):
        world.admit(1, world.seal(1, revision=revision))


def test_a_replacement_names_this_bidders_last_bid(world: World) -> None:
    first, second, others = world.bid(1), world.bid(1), world.bid(2)
    for wrong in (first, others, None):
        with refused(NotValid, "bids.supersedes"):
            world.admit(1, world.seal(1, supersedes=wrong))
    world.admit(1, world.seal(1, supersedes=second))
    with refused(NotValid, "bids.supersedes"):
        world.admit(3, world.seal(3, supersedes=others))


def test_a_bidders_secret_is_committed_to_just_when_the_terms_say_so(world: World) -> None:
    with refused(NotValid, "bids.secret_commit"):
        world.admit(1, world.seal(1, bidder_secret_commit="0" * 64))
    opening = World(co_open=True).open_up()
    with refused(NotValid, "bids.secret_commit"):
        opening.admit(1, opening.seal(1, bidder_secret_commit=None))
    name = opening.bid(1)
    secret = opening.bidder_secret(name)
    commit = sealing.bidder_secret_commit(secret, name).hex()
    assert opening.state.bids[name].secret_commit == commit
