"""What blind parts 暗标 leave on the record: under which alias each bid's blind part is marked."""

from typing import Annotated, Literal

from pydantic import Field, StringConstraints

from opening.messages import BidId, SectionId
from record.events import Event, Frozen, Hex32

Alias = Annotated[str, StringConstraints(pattern=r"^[A-Z]{1,3}$")]
"""What a blind part is called until the marks are locked: A, B and on, after Z AA."""


class AliasOf(Frozen):
    """Whose blind part an alias stands for."""

    alias: Alias
    bid: BidId


class AliasesDrawn(Event):
    """The aliases of all valid bids, drawn by the service; shown to nobody before the lock."""

    type: Literal["evaluation.aliases_drawn"] = "evaluation.aliases_drawn"
    section: SectionId
    draw: Hex32
    salt: Hex32
    """16 random bytes: without them the table could be tried out against the state of a pause."""
    aliases: Annotated[tuple[AliasOf, ...], Field(max_length=1000)]
    """In the order of the aliases."""


BlindEvent = AliasesDrawn
