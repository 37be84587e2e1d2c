"""The contract between the desk, which shells everything, and the rules, which are pure."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any, Protocol, TypeVar

from crypto.hashing import H
from record.events import Actor, Event, Frozen, Stamp


class Command(Frozen):
    """What somebody asks for; imperative, parsed strictly from the wire."""

    type: str


@dataclass(frozen=True, slots=True)
class StoredFile:
    """What the service measured of a sealed file it keeps.

    Args:
        size: bytes.
        root: RFC 6962 root over 1 MiB slices, 32 bytes.
    """

    size: int
    root: bytes


@dataclass(frozen=True, slots=True)
class StoredAttachment:
    """A file that lies beside a question: its SHA-256 in hex, its size, and what its bytes are."""

    sha256: str
    size: int
    kind: str


@dataclass(frozen=True, slots=True)
class Facts:
    """What the service measured for one command; a rule reads it and cannot change it."""

    stored: StoredFile | None = None
    attached: tuple[StoredAttachment, ...] = ()
    """Of what a message says is attached to it: the files that are there, whole."""
    log_root: bytes | None = None
    away: tuple[tuple[int, int], ...] = ()
    """Spans (from, until) in ms in which the service was not answering."""


@dataclass(frozen=True, slots=True)
class Given:
    """All a rule may know besides state and command; made by the shell, once a command.

    Args:
        received: the one clock, ms UTC, stamped when the service had the whole command.
        fresh: 32 random bytes; ids and salts derive from it.
        checked: the outcome of a heavy check made before the desk; only that check can make it.
    """

    actor: Actor
    received: int
    command_id: str
    fresh: bytes
    facts: Facts = field(default_factory=Facts)
    checked: object | None = None

    def new_id(self, label: str) -> str:
        """Return an id of 16 bytes in hex that belongs to this command and label alone."""
        return H("id", self.fresh, label.encode())[:16].hex()


S = TypeVar("S")


class Rules(Protocol[S]):
    """A fold and a decision; both pure."""

    def initial(self, project: str) -> S:
        """Return the state before the first entry."""

    def parse(self, event_type: str, body: bytes) -> Event:
        """Read an event back from the record; an unknown type is a ValueError."""

    def evolve(self, state: S, event: Event, stamp: Stamp) -> S:
        """Fold one event in. Never refuses: what is in the record has happened."""

    def decide(self, state: S, command: Any, given: Given) -> tuple[Event, ...]:
        """Check permission, phase and rule, and return the events; raises Refused."""


def fold(rules: Rules[S], project: str, entries: Iterable[tuple[Event, Stamp]]) -> S:
    """Return the state after these entries, from the first on."""
    state = rules.initial(project)
    for event, stamp in entries:
        state = rules.evolve(state, event, stamp)
    return state
