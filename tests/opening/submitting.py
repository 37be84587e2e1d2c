"""How tests hand in a bid's message as they made it, honest or not."""

from opening.commands import AdmitBid
from opening.messages import Bid
from record.rules import Facts
from tests.opening.world import World


def submit(world: World, bidder: int, bid: Bid, facts: Facts | None = None) -> None:
    """Submit a bid message signed by a bidder."""
    submit_payload(world, bidder, bid.payload(), facts)


def submit_payload(world: World, bidder: int, payload: bytes, facts: Facts | None = None) -> None:
    """Submit any bytes as a bid message signed by a bidder."""
    who = world.bidder[bidder]
    signed = who.sign_payload(Bid.payload_type(), payload)
    world.do(who.actor, AdmitBid(message=signed, upload="0" * 32), facts)
