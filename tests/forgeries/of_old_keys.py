"""Forgeries under keys that were given up, and by clerks that were released, before they signed.

Every signature in them is good, and everything after them is told honestly.
"""

from collections.abc import Callable
from dataclasses import replace
from typing import Any

from crypto import sealing
from opening.events import BidAdmitted, CeremonyStarted, OrderIssued
from opening.messages import OpeningOrder
from tests.opening.parties import Party, ed25519
from tests.opening.world import DEADLINE
from tests.verifier.stories import change_key, hand_over
from tests.verifier.told import Told


def change_clerks_key(world: Told) -> Party:
    """Let the clerk sign with another key from now on; return it as it was."""
    old = world.clerk
    new = replace(old, key=ed25519(f"{old.account}/{len(world.record)}"))
    world.happened(old.changes_to(new), old.actor)
    world.clerk = new
    return old


def _announced(**changes: Any) -> Told:
    world = Told(**{"minimum": 1, **changes})
    world.opened_up()
    world.at(DEADLINE)
    world.announce()
    return world


def _ordered(world: Told, who: Party) -> Told:
    message: OpeningOrder = world.order_message()
    world.happened(OrderIssued(envelope=who.sign(message)), who.actor)
    return world


def ordered_with_an_old_key() -> Told:
    """Somebody who has the key that the clerk gave up orders the opening."""
    world = _announced()
    return _ordered(world, change_clerks_key(world))


def ordered_by_a_released_clerk() -> Told:
    """A clerk whose office went to another orders the opening."""
    world = _announced()
    old = world.clerk
    hand_over(world, "deputy")
    return _ordered(world, old)


def ordered_by_a_bidder() -> Told:
    """A bidder orders the opening."""
    world = _announced()
    return _ordered(world, world.bidder[1])


def _started(world: Told, who: Party) -> Told:
    """Let a ceremony be started by somebody, and end as it must."""
    message = world.start_message()
    world.happened(CeremonyStarted(envelope=who.sign(message)), who.actor)
    sid = sealing.sid(message.payload()).hex()
    for step in (world.join, world.deal, world.certify):
        world.each(step, sid)
    world.published()
    world.bids_in()
    world.at(DEADLINE)
    world.announce()
    world.order()
    return world


def started_with_an_old_key() -> Told:
    """Somebody who has the key that the clerk gave up starts the ceremony."""
    world = Told(minimum=1).drafted()
    return _started(world, change_clerks_key(world))


def started_by_a_released_clerk() -> Told:
    """A clerk whose office went to another starts the ceremony."""
    world = Told(minimum=1).drafted()
    old = world.clerk
    hand_over(world, "deputy")
    return _started(world, old)


def bid_with_an_old_key() -> Told:
    """Somebody who has the key that a bidder gave up replaces its bid."""
    world = Told(minimum=1)
    world.opened_up()
    old = world.bidder[1]
    change_key(world, 1)
    sealed = world.seal(1)
    world.happened(BidAdmitted(envelope=old.sign(sealed.bid)), old.actor)
    world.sealed[sealed.params.bid] = sealed
    world.at(DEADLINE)
    world.announce()
    world.order()
    return world


FORGERIES: dict[str, tuple[set[str], str, str, Callable[[], Told]]] = {
    "ordered with an old key": (
        {"V2.11"}, "another key than it had", "opening.clerk_key", ordered_with_an_old_key,
    ),
    "ordered by a released clerk": (
        {"V2.11"}, "not signed by a clerk", "opening.no_clerk", ordered_by_a_released_clerk,
    ),
    "ordered by a bidder": (
        {"V2.11"}, "not signed by a clerk", "opening.no_clerk", ordered_by_a_bidder,
    ),
    "started with an old key": (
        {"V2.11"}, "another key than it had", "opening.clerk_key", started_with_an_old_key,
    ),
    "started by a released clerk": (
        {"V2.11"}, "not signed by a clerk", "opening.no_clerk", started_by_a_released_clerk,
    ),
    "bid with an old key": (
        {"V2.11"}, "another key than its bidder had", "opening.bid_key_then", bid_with_an_old_key,
    ),
}  # fmt: skip
"""What is forged: the checks that find it, what a custodian's client says of it, the fault that a
custodian's browser names, and the story."""
