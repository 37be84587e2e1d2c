"""Clerks released and keys given up: what they signed before holds, what they sign after does not."""

import io
from collections.abc import Callable
from dataclasses import replace

import pytest

from client import container, notices, record_copy
from client.errors import NotTrusted
from client.notices import Bundle
from client.opening_checks import CheckedOpening, check, check_partials
from client.profile import Trust
from client.record_copy import RecordCopy
from crypto import signatures
from crypto.receipts import make_receipt
from opening.commands import IssueOrder
from record.errors import NotValid
from tests.forgeries.of_old_keys import FORGERIES, change_clerks_key
from tests.opening.world import DEADLINE, FIRST, PROJECT, SECTION
from tests.verifier.logbook import Parts, logbook, parts
from tests.verifier.stories import STORIES, change_key, hand_over
from tests.verifier.told import LOG, SERVICE_KEY, WITNESS, Told

TRUST = Trust(
    LOG.verifier.encode(), WITNESS.verifier.encode(), signatures.public_spki(SERVICE_KEY).hex()
)
CEREMONY = ("opening.ceremony_", "opening.key_made")


def handing_over() -> Told:
    world = Told(minimum=1)
    world.opened_up()
    hand_over(world, "deputy")
    return world


def exported(world: Told) -> Parts:
    return parts(logbook(world, files=False))


def receipts(world: Told, *kinds: str) -> tuple[str, ...]:
    """Return the receipts of some kinds of events."""
    made = exported(world)
    heads = [one["checkpoint"].encode() for one in made.checkpoints]
    sizes = [int(note.splitlines()[1]) for note in heads]
    return tuple(
        make_receipt(
            line["entry"].encode(),
            bytes.fromhex(line["salt"]),
            line["index"],
            tuple(bytes.fromhex(step) for step in line["proof"]),
            next(note for size, note in zip(sizes, heads, strict=True) if size > line["index"]),
        ).decode()
        for row, line in zip(logbook(world).rows, made.entries, strict=True)
        if row.type.startswith(kinds)
    )


def bundle(world: Told) -> Bundle:
    return Bundle(
        PROJECT,
        SECTION,
        1,
        receipts(world, "project.notice_published"),
        receipts(world, *CEREMONY),
        dict(world.state.clerk_keys),
        (),
    )


def test_a_bidder_seals_to_the_key_of_a_clerk_who_was_released() -> None:
    world = handing_over()
    assert all(role != "clerk" or who == "deputy" for who, role in world.state.participants)
    trusted = notices.open_bundle(bundle(world), TRUST)
    assert trusted.key.key_id.hex() == world.state.keys[FIRST].key_id


def test_a_clerk_the_project_never_had_is_not_trusted() -> None:
    world = handing_over()
    only = {world.clerk.keyid: world.clerk.spki}
    with pytest.raises(NotTrusted, match="not signed by a clerk"):
        notices.open_bundle(replace(bundle(world), clerks=only), TRUST)


def copied(world: Told) -> RecordCopy:
    found = container.read(io.BytesIO(exported(world).joined()), TRUST, PROJECT)
    return record_copy.copy_of(found, found.checkpoints[-1])


def checked(world: Told) -> CheckedOpening:
    return check(copied(world), FIRST)


def test_a_custodian_opens_what_clerks_ordered_who_were_released() -> None:
    copy = copied(STORIES["handed_over"]())
    opening = check(copy, FIRST)
    assert not opening.warnings
    assert check_partials(copy, opening) == (1, 2, 3)


def test_a_custodian_opens_what_was_signed_before_the_keys_were_given_up() -> None:
    world = Told(minimum=1)
    world.opened_up()
    change_clerks_key(world)
    world.at(DEADLINE)
    world.announce()
    world.order()
    change_clerks_key(world)
    for bidder in world.bidder:
        change_key(world, bidder)
    assert len(checked(world).order.bids) == len(world.bidder)


@pytest.mark.parametrize(
    ("said", "story"),
    [(said, story) for _, said, _, story in FORGERIES.values()],
    ids=[name.replace(" ", "-") for name in FORGERIES],
)
def test_what_an_old_key_signed_is_not_trusted(said: str, story: Callable[[], Told]) -> None:
    with pytest.raises(NotTrusted, match=said):
        checked(story())


def test_a_released_clerk_orders_nothing_any_more() -> None:
    world = Told(minimum=1)
    world.opened_up()
    old = world.clerk
    hand_over(world, "deputy")
    world.at(DEADLINE)
    world.announce()
    message = world.order_message()
    with pytest.raises(NotValid, match=r"message\.not_signer"):
        world.do(world.clerk.actor, IssueOrder(message=old.sign(message)))
    world.order()
