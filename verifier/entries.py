"""Entries as they stand in an export, each with what it says and where it is held.

It must not check anything: a part that cannot be read is absent, and the checks say so.
"""

from dataclasses import dataclass, field
from typing import Any

from verifier.notes import Checkpoint
from verifier.signatures import Envelope


@dataclass
class Entry:
    """One entry of a record.

    Args:
        seq: its number.
        index: which leaf of the log it is.
        leaf: its leaf data.
        shown: whether its bytes are there.
        held: the number of the first listed checkpoint that holds it, and that checkpoint.
        type: the event's name, empty where it could not be read.
        body: the event's fields.
        envelope: of the message in it, and the message's fields.
        params: of a bid, its params' fields; of a refused one too, where they can be read.
        readable: whether all of it could be read.
    """

    seq: int
    index: int
    leaf: bytes
    shown: bool = True
    held: tuple[int, Checkpoint] | None = None
    project: str = ""
    at: int = 0
    account: str = ""
    command: str = ""
    place: str = ""
    trace: str = ""
    type: str = ""
    body: dict[str, Any] = field(default_factory=dict)
    envelope: Envelope | None = None
    message: dict[str, Any] = field(default_factory=dict)
    params: dict[str, Any] | None = None
    readable: bool = False

    @property
    def cosigned(self) -> int | None:
        """When the witness first saw it, milliseconds UTC."""
        return None if self.held is None else self.held[1].seconds * 1000

    @property
    def checkpoint(self) -> str:
        """The name of the checkpoint it rests on, for the report."""
        return "no checkpoint" if self.held is None else f"checkpoint {self.held[0]}"
