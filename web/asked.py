"""A command as it was received, with what counts about its arrival; a value, it does nothing."""

from dataclasses import dataclass

from record.rules import Command
from web.deps import Visitor


@dataclass(frozen=True, slots=True)
class Asked:
    """A command as it was received.

    Args:
        received: the moment it counts from, ms UTC.
        digest: over body and account, 32 bytes.
    """

    project: str
    command: Command
    command_id: str
    who: Visitor
    received: int
    digest: bytes
