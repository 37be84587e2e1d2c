"""Somebody who takes part in a project as a bidder and never bids."""

from tests.opening.parties import party
from tests.opening.world import World

LOOKER_ON = "bidder-9"


def looks_on(world: World) -> None:
    """Let somebody take part who never bids."""
    who = party("bidder", 9)
    world.happened(who.bound(), who.actor)
