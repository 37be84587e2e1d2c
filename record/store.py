"""The contract between the record and whatever keeps it; every implementation passes one suite.

In words:

* A record only grows. `append` adds entries under the head they were made for, with the row of
  their command and any change to other tables, in one transaction: all of it or nothing. When it
  returns, all of it survives the loss of power. When it raises `HeadMoved`, nothing happened. When
  it raises `StoreAway`, either may be the case, and only reading again tells.
* Whoever reads sees whole transactions, numbers without gaps, and after its own append that append.
* Two writers never both extend one head, be they tasks, threads or processes.
* The log grows the same way: `extend_log` names the size it extends. A size that was read is on
  disk, so it may be signed.
* A record that is read again is what was written, byte for byte; nothing is parsed to keep it.

This module must not know a database; SQLAlchemy's types are named for the tables of others only.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from contextlib import AbstractAsyncContextManager
from dataclasses import dataclass
from typing import Any, Protocol, TypeAlias

from sqlalchemy import Connection, Executable, Row, Select

from crypto.merkle import Node
from record.entries import Entry, Head

Change: TypeAlias = Executable | Callable[[Connection], object]
"""A change to tables beside the record; a callable runs in the writer's thread, alone.

It only writes, but for what it must read to refuse: what it raises undoes its own write.
"""


class HeadMoved(Exception):
    """Somebody else appended first; nothing of this append happened."""


class LogMoved(Exception):
    """The log has another size than the one to be extended; nothing happened."""


class StoreAway(Exception):
    """The database did not answer; what was asked for may or may not have happened."""


class StoreLocked(Exception):
    """Another process has the database, or is its sequencer."""


@dataclass(frozen=True, slots=True)
class CommandRow:
    """That a command was accepted: the hash of its body and the numbers of its entries."""

    command: str
    digest: bytes
    first: int
    last: int


@dataclass(frozen=True, slots=True)
class Append:
    """What one project's record grows by.

    Args:
        expected: the head the entries were made under.
        entries: at least one, each following the one before.
        commands: a row for each command behind the entries.
        changes: what else changes in the same transaction.
    """

    project: str
    expected: Head
    entries: tuple[Entry, ...]
    commands: tuple[CommandRow, ...]
    changes: tuple[Change, ...] = ()


@dataclass(frozen=True, slots=True)
class Waiting:
    """The leaf data of an entry that is not in the log yet."""

    project: str
    seq: int
    leaf: bytes


@dataclass(frozen=True, slots=True)
class Placed:
    """Which leaf of the log an entry is."""

    project: str
    seq: int
    position: int


@dataclass(frozen=True, slots=True)
class Cosigned:
    """A checkpoint with the witness's cosignature: the signed note as text bytes."""

    size: int
    note: bytes


class Records(Protocol):
    """What the desk needs."""

    async def append(self, *appends: Append) -> None:
        """Append to several projects, all or nothing.

        Raises:
            HeadMoved: an expected head is not the head; nothing happened.
            StoreAway: unknown whether it happened.
        """

    async def head(self, project: str) -> Head:
        """Return where a record ends; GENESIS when it has not begun."""

    async def entries(self, project: str, after: int = 0, limit: int = 1000) -> list[Entry]:
        """Return the entries that follow a number, in order."""

    async def command(self, project: str, command: str) -> CommandRow | None:
        """Return the row of an accepted command."""

    async def projects(self) -> list[str]:
        """Name every project that has a record, sorted."""

    async def lengths(self) -> Mapping[str, int]:
        """Return how many entries each record has, the one that was written to last first."""


class Tables(Protocol):
    """The door to the tables beside the record: the registry's and the web's."""

    async def change(self, *changes: Change) -> None:
        """Change tables that no event speaks of, in one transaction, durable on return."""

    async def rows(self, query: Select[Any]) -> Sequence[Row[Any]]:
        """Return the rows of a query."""

    async def scalars(self, query: Select[Any]) -> Sequence[Any]:
        """Return the first column of a query's rows."""


class Log(Protocol):
    """What the sequencer and whoever proves something need."""

    async def waiting(self, limit: int) -> list[Waiting]:
        """Return entries that are not in the log; those of one project in order, none left out."""

    async def tree_size(self) -> int:
        """Return how many leaves the log has, on disk."""

    async def extend_log(
        self, size: int, grown: int, placed: Sequence[Placed], nodes: Mapping[Node, bytes]
    ) -> None:
        """Extend the log from one size to another.

        Raises:
            LogMoved: it has another size; nothing happened.
        """

    async def nodes(self, wanted: Iterable[Node]) -> dict[Node, bytes]:
        """Return the hashes of complete subtrees."""

    async def positions(self, project: str, after: int, limit: int) -> list[Placed]:
        """Return where the entries that follow a number are in the log, in order."""

    async def keep_cosigned(self, cosigned: Cosigned) -> None:
        """Keep a cosigned checkpoint; the first one of a size stays."""

    async def cosigned_holding(self, position: int) -> Cosigned | None:
        """Return the first cosigned checkpoint that holds a leaf."""

    async def newest_cosigned(self) -> Cosigned | None:
        """Return the cosigned checkpoint of the largest size."""

    async def latest_cosigned(self, limit: int) -> list[Cosigned]:
        """Return the cosigned checkpoints of the largest sizes, the largest first."""

    def sequencing(self) -> AbstractAsyncContextManager[None]:
        """Hold the one place of the sequencer.

        Raises:
            StoreLocked: somebody else holds it.
        """


class Store(Records, Tables, Log, Protocol):
    """All of it, and its end."""

    async def close(self) -> None:
        """Finish what was begun and let go of the database."""
