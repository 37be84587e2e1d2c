"""Forgeries that change a list of bids: withdrawals and replacements that are not its bidder's, and
bids that came after the close.

Everything after them is told honestly, so the list and its close agree with the record.
"""

from collections.abc import Callable
from dataclasses import replace
from typing import Any

from crypto import sealing
from opening.checks_bids import read_bid
from opening.closing import close_list, judged_at_close
from opening.commands import CloseBids
from opening.events import BidAdmitted, BidsClosed, BidWithdrawn
from opening.messages import Withdraw
from record.events import Actor, Signed
from tests.forgeries.forging import signed_elsewhere
from tests.opening.bidding import Sealed
from tests.opening.parties import Party, ed25519
from tests.opening.world import DEADLINE, FIRST, PROJECT, SECTION
from tests.verifier.stories import change_key
from tests.verifier.told import Told

STRANGER = ed25519("stranger")


def _open(**changes: Any) -> Told:
    world = Told(**{"minimum": 1, **changes})
    world.opened_up()
    return world


def _ordered(world: Told) -> Told:
    world.at(DEADLINE)
    world.announce()
    if world.co_open:
        world.window("secrets")
        world.release_secret(2, world.last_of(2))
        world.at(world.session().windows["secrets"])
    world.order()
    return world


def _taken_back(world: Told, message: Signed, actor: Actor) -> Told:
    """Let a withdrawal in that nobody checked."""
    world.happened(BidWithdrawn(envelope=message), actor)
    return _ordered(world)


def _withdraw(world: Told, who: Party, bidder: int = 1, project: str = PROJECT) -> Signed:
    return who.sign(Withdraw(v=1, project=project, bid=world.last_of(bidder)))


def by_another() -> Told:
    """Another bidder withdraws it under its own name and key."""
    world = _open()
    other = world.bidder[2]
    return _taken_back(world, _withdraw(world, other), other.actor)


def with_anothers_key() -> Told:
    """Another bidder's key signed what is told as the bidder's own act."""
    world = _open()
    return _taken_back(world, _withdraw(world, world.bidder[2]), world.bidder[1].actor)


def in_the_bidders_name() -> Told:
    """A stranger's signature goes by the name of the bidder's key."""
    world = _open()
    made = signed_elsewhere(_withdraw(world, world.bidder[1]), STRANGER)
    return _taken_back(world, made, world.bidder[1].actor)


def by_a_clerk() -> Told:
    """A clerk withdraws it."""
    world = _open()
    return _taken_back(world, _withdraw(world, world.clerk), world.clerk.actor)


def of_another_project() -> Told:
    """The bidder's withdrawal of another project is told here."""
    world = _open()
    who = world.bidder[1]
    return _taken_back(world, _withdraw(world, who, project="8" * 32), who.actor)


def told_again() -> Told:
    """An old withdrawal, told again, takes the other envelope of the bid that came after it."""
    world = _open(envelopes=2)
    old = _withdraw(world, world.bidder[3], bidder=3)
    world.withdraw(3, world.last_of(3))
    world.bid(3)
    world.bid(3, 2)
    return _taken_back(world, old, world.bidder[3].actor)


def after_the_close() -> Told:
    """What a bidder signed too late is told right after a close that knew of it before."""
    world = _open()
    world.withdraw(1, world.last_of(1))
    _ordered(world)
    (at,) = [n for n, (event, _) in enumerate(world.record) if isinstance(event, BidWithdrawn)]
    (withdrawn, first), (close, second) = world.record[at : at + 2]
    world.record[at : at + 2] = [
        (close, replace(second, seq=first.seq)),
        (withdrawn, replace(first, seq=second.seq, at=second.at)),
    ]
    return world


def with_an_old_key() -> Told:
    """Somebody who has the key that the bidder gave up withdraws it."""
    world = _open()
    old = world.bidder[1]
    change_key(world, 1)
    return _taken_back(world, _withdraw(world, old), old.actor)


def replaced_by_a_stranger() -> Told:
    """A bid that a stranger signed replaces it, and is left off for want of its secret."""
    world = _open(co_open=True)
    sealed, who = world.seal(1), world.bidder[1]
    forged = signed_elsewhere(who.sign(sealed.bid), STRANGER)
    world.happened(BidAdmitted(envelope=forged), who.actor)
    world.sealed[sealed.params.bid] = sealed
    return _ordered(world)


def _closes(world: Told, listed: bytes, count: int) -> None:
    """Let the first envelope be closed on a list of the forger's own."""
    world.now = DEADLINE
    key_id = world.state.keys[FIRST].key_id
    closed = BidsClosed(
        section=SECTION,
        envelope=1,
        key_id=key_id,
        deadline=DEADLINE,
        count=count,
        list=listed.hex(),
    )
    world.happened(closed)


def _comes_late(world: Told, bidder: int, sealed: Sealed) -> Told:
    """Let a bid in that the close before it already knew of, as a service can that waited for it."""
    who, gone = world.bidder[bidder], sealed.params.supersedes
    late = who.sign(sealed.bid)
    standing = [
        (bid.stamp.seq, bid.bid, "superseded" if bid.bid == gone else bid.status, bid.stmt)
        for bid in world.state.bids.values()
    ]
    rows = [*standing, (len(world.record) + 2, sealed.params.bid, "live", read_bid(late).stmt)]
    count = sum(status == "live" for _, _, status, _ in rows)
    _closes(world, sealing.close_list(rows), count)
    world.happened(BidAdmitted(envelope=late), who.actor)
    world.sealed[sealed.params.bid] = sealed
    return _ordered(world)


def added_after_the_close() -> Told:
    """Somebody who had not bid is let in after the close."""
    world = Told(minimum=1)
    world.open_up()
    for bidder in (1, 2):
        world.bid(bidder)
    return _comes_late(world, 3, world.seal(3))


def replaced_after_the_close() -> Told:
    """A bidder may replace its bid after the close."""
    world = _open()
    return _comes_late(world, 1, world.seal(1))


def replaced_between_the_closes() -> Told:
    """The second envelope is replaced once the first is closed; every list is the rule's."""
    world = _open(envelopes=2)
    listed = judged_at_close(world.state, FIRST)
    _closes(world, close_list(listed), sum(bid.status == "live" for bid in listed))
    sealed, who = world.seal(1, 2), world.bidder[1]
    world.happened(BidAdmitted(envelope=who.sign(sealed.bid)), who.actor)
    world.sealed[sealed.params.bid] = sealed
    world.duty(CloseBids(section=SECTION, envelope=2))
    return _ordered(world)


FORGERIES: dict[str, tuple[set[str], str, Callable[[], Told]]] = {
    "withdrawn by another bidder": ({"V6.1"}, "another than its bidder", by_another),
    "withdrawn with another's key": (
        {"V2.11"}, "withdrawal is not signed by its bidder", with_anothers_key,
    ),
    "withdrawn in the bidder's name": ({"V2.11"}, "withdrawal does not hold", in_the_bidders_name),
    "withdrawn by a clerk": ({"V2.11"}, "another than its bidder", by_a_clerk),
    "withdrawn elsewhere": ({"V6.1"}, "another project", of_another_project),
    "withdrawn again": ({"V6.1"}, "withdrawal does not hold", told_again),
    "withdrawn after the close": (
        {"V6.1", "V6.2"}, "after the close", after_the_close,
    ),
    "withdrawn with an old key": (
        {"V2.11"}, "withdrawal is not signed by its bidder", with_an_old_key,
    ),
    "replaced by a stranger": ({"V2.11"}, "record does not hold", replaced_by_a_stranger),
    "added after the close": (
        {"V5.A1", "V6.2"}, "admitted after the close", added_after_the_close,
    ),
    "replaced after the close": (
        {"V5.A1", "V6.2"}, "admitted after the close", replaced_after_the_close,
    ),
    "replaced between the closes": (
        {"V5.A1"}, "admitted after the close", replaced_between_the_closes,
    ),
}  # fmt: skip
"""What is forged: the checks that find it, what a custodian's client says of it, and the story."""
