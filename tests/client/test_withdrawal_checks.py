import io
from collections.abc import Callable

import pytest

from client import container, record_copy
from client.errors import NotTrusted
from client.opening_checks import CheckedOpening, check
from client.profile import Trust
from crypto import signatures
from tests.forgeries import of_dropped_bids, of_the_record
from tests.forgeries.forging import forged
from tests.opening.world import DEADLINE, FIRST, PROJECT
from tests.verifier.logbook import logbook, parts
from tests.verifier.stories import STORIES, change_key
from tests.verifier.told import LOG, SERVICE_KEY, WITNESS, Told

TRUST = Trust(
    LOG.verifier.encode(), WITNESS.verifier.encode(), signatures.public_spki(SERVICE_KEY).hex()
)


def checked(record: bytes) -> CheckedOpening:
    found = container.read(io.BytesIO(record), TRUST, PROJECT)
    return check(record_copy.copy_of(found, found.checkpoints[-1]), FIRST)


def exported(world: Told) -> bytes:
    return parts(logbook(world, files=False)).joined()


@pytest.mark.parametrize("story", ["plain", "two_envelopes"])
def test_a_bidder_may_withdraw_and_the_opening_goes_on(story: str) -> None:
    world = STORIES[story]()
    assert any(bid.status == "withdrawn" for bid in world.state.bids.values())
    assert not checked(exported(world)).warnings


def test_a_bidder_may_withdraw_under_the_key_it_changed_to() -> None:
    world = Told(minimum=1)
    world.opened_up()
    change_key(world, 1)
    world.withdraw(1, world.last_of(1))
    world.at(DEADLINE)
    world.announce()
    world.order()
    assert len(checked(exported(world)).order.bids) == len(world.bidder) - 1


def test_a_withdrawal_forged_on_the_record_is_not_trusted() -> None:
    _, story, change = of_the_record.FORGERIES["withdrawn by another"]
    with pytest.raises(NotTrusted, match="withdrawn by another than its bidder"):
        checked(forged(STORIES[story](), change))


@pytest.mark.parametrize(
    ("said", "story"),
    [(said, story) for _, said, story in of_dropped_bids.FORGERIES.values()],
    ids=[name.replace(" ", "-") for name in of_dropped_bids.FORGERIES],
)
def test_what_drops_a_bid_is_not_trusted(said: str, story: Callable[[], Told]) -> None:
    with pytest.raises(NotTrusted, match=said):
        checked(exported(story()))
