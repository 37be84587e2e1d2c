"""Forgeries told from within: the service lets something happen that its rules refuse."""

import io
from collections.abc import Callable
from dataclasses import replace
from typing import Any

from crypto import cobblestone, sealing
from crypto.hashing import ORDER
from crypto.points import decode65
from opening.events import (
    BidAdmitted,
    BidSpoiled,
    KeyReleased,
    OrderIssued,
    PartialPosted,
    SecretReleased,
)
from opening.messages import Timekeeper
from record.events import Signed
from tests.forgeries.forging import flipped
from tests.opening.bidding import Sealed, honest_package, seal
from tests.opening.parties import Party, seeded
from tests.opening.world import DEADLINE, FIRST, HOUR
from tests.verifier.told import Clock, Told


def _admits(world: Told, bidder: int, sealed: Sealed, signed: Signed | None = None) -> str:
    """Let a bid in that nobody checked."""
    who = world.bidder[bidder]
    world.happened(BidAdmitted(envelope=signed or who.sign(sealed.bid)), who.actor)
    world.sealed[sealed.params.bid] = sealed
    return sealed.params.bid


def _open(**changes: Any) -> Told:
    world = Told(**{"minimum": 1, **changes})
    world.opened_up()
    return world


def _closed(world: Told) -> Told:
    world.at(DEADLINE)
    return world


def another_witness() -> Told:
    class Elsewhere(Clock):
        def timekeeper(self) -> Timekeeper:
            return Party.timekeeper(self)

    world = Told()
    clock = world.timekeeper
    world.timekeeper = Elsewhere(clock.account, clock.role, clock.key)
    world.opened_up()
    return _closed(world)


def too_large() -> Told:
    world = _open()
    _admits(world, 1, world.seal(1, content=bytes(1 << 20)))
    return _closed(world)


def for_another() -> Told:
    world = _open()
    other = world.bidder[2].organisation
    last = world.last_of(2)
    said = {"bidder": other, "revision": 2, "supersedes": last}
    params = world.params(1).model_copy(update=said)
    key = world.state.keys[FIRST]
    content = honest_package(world.bidder[1], 7)
    _admits(world, 1, seal(key, params, content, params.bid))
    return _closed(world)


def generator_key() -> Told:
    """Seal with r = q - 1: the encapsulated key is minus the generator."""
    world = _open()
    sealed = world.seal(1)
    forged = _sealed_with(world, sealed, ORDER - 1)
    _admits(world, 1, forged)
    return _closed(world)


def same_key() -> Told:
    """Seal again with the r of the bid before."""
    world = _open()
    first = world.sealed[world.last_of(1)]
    _admits(world, 1, _sealed_with(world, world.seal(1), first.r))
    return _closed(world)


def _sealed_with(world: Told, sealed: Sealed, r: int) -> Sealed:
    """Seal a bid again with an r of one's own choice."""
    bound = sealed.params.payload()
    pk = decode65(world.state.keys[FIRST].pk)
    enc, ct = sealing.seal_secret(pk, bound, sealed.secret, r)
    sink = io.BytesIO()
    body = cobblestone.seal_stream(
        io.BytesIO(sealed.package),
        sink,
        sealing.cek(sealed.secret, None, bound, enc, ct),
        sealing.body_key_context(bound, enc, ct),
        seeded("salt")[:24],
        len(sealed.package),
    )
    stmt = sealing.statement(bound, enc, ct, body.size, body.root)
    said = {
        "enc": enc.hex(),
        "ct": ct.hex(),
        "size": body.size,
        "root": body.root.hex(),
        "pok": sealing.prove_sealer(r, stmt, seeded("pok")).hex(),
    }
    bid = sealed.bid.model_copy(update=said)
    return replace(sealed, bid=bid, file=sink.getvalue(), r=r)


def without_proof() -> Told:
    world = _open()
    sealed = world.seal(1)
    pok = flipped(sealed.bid.pok[66:])
    bid = sealed.bid.model_copy(update={"pok": sealed.bid.pok[:66] + pok})
    _admits(world, 1, replace(sealed, bid=bid))
    return _closed(world)


def revision_left_out() -> Told:
    world = _open()
    _admits(world, 1, world.seal(1, revision=3))
    return _closed(world)


def late_bid() -> Told:
    world = _open()
    world.now = DEADLINE
    _admits(world, 1, world.seal(1))
    return _closed(world)


def _ordered(**changes: Any) -> Told:
    """Order the opening with a message that says something else."""
    world = _open()
    world.at(DEADLINE)
    world.announce()
    world.now += HOUR
    message = world.order_message().model_copy(update=changes)
    world.happened(OrderIssued(envelope=world.clerk.sign(message)), world.clerk.actor)
    return world


def bid_left_off() -> Told:
    world = _open()
    world.at(DEADLINE)
    world.announce()
    message = world.order_message()
    short = message.model_copy(update={"bids": message.bids[1:]})
    world.happened(OrderIssued(envelope=world.clerk.sign(short)), world.clerk.actor)
    world.decrypt(FIRST)
    return world


def order_of_another_project() -> Told:
    return _ordered(project="8" * 32)


def order_before_the_deadline() -> Told:
    return _ordered(scheduled_at=DEADLINE - 1)


def secret_after_its_window() -> Told:
    world = Told(co_open=True)
    world.opened_up()
    world.at(DEADLINE)
    world.announce()
    world.window("secrets")
    bids = [bid.bid for bid in world.state.bids.values()]
    for number, bid in enumerate(bids[:2], 1):
        world.release_secret(number, bid)
    world.now = world.session().windows["secrets"]
    late = SecretReleased(bid=bids[2], secret=world.bidder_secret(bids[2]).hex())
    world.happened(late, world.bidder[3].actor)
    world.do_duties()
    return world


def released_too_early() -> Told:
    world = _open()
    world.at(DEADLINE)
    world.announce()
    world.order()
    world.partials((1,))
    early = KeyReleased(envelope=world.signed_partial(0))
    world.happened(early, world.timekeeper.actor)
    return world


def partial_before_its_time() -> Told:
    world = _open()
    world.at(DEADLINE)
    world.announce()
    message = world.order_message().model_copy(update={"scheduled_at": world.now + HOUR})
    world.happened(OrderIssued(envelope=world.clerk.sign(message)), world.clerk.actor)
    posted = PartialPosted(envelope=world.signed_partial(1))
    world.happened(posted, world.custodians[0].actor)
    return world


def opened_before_the_release() -> Told:
    world = _open()
    world.at(DEADLINE)
    world.announce()
    world.order()
    world.partials()
    spoiled = BidSpoiled(
        bid=world.last_of(1), cause="ciphertext", blame="bidder", detail="it does not open"
    )
    world.happened(spoiled)
    return world


FORGERIES: dict[str, tuple[str, Callable[[], Told]]] = {
    "another witness": ("V3.5", another_witness),
    "too large": ("V5.A1", too_large),
    "for another": ("V5.A3", for_another),
    "minus the generator": ("V5.A4", generator_key),
    "encapsulated key again": ("V5.A5", same_key),
    "without the sealer's proof": ("V5.A6", without_proof),
    "revision left out": ("V5.A7", revision_left_out),
    "late bid": ("V6.4", late_bid),
    "bid left off the order": ("V7.2", bid_left_off),
    "order of another project": ("V7.3", order_of_another_project),
    "order before the deadline": ("V7.4", order_before_the_deadline),
    "secret after its window": ("V8.2", secret_after_its_window),
    "released too early": ("V9.3", released_too_early),
    "partial before its time": ("V9.5", partial_before_its_time),
    "opened before the release": ("V10.1", opened_before_the_release),
}
"""What is forged: the one check that must find it, and the story in which it happens."""
