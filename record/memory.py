"""A store in memory, for tests and rehearsals of rules; it must not be used where loss matters."""

from collections.abc import AsyncIterator, Iterable, Mapping, Sequence
from contextlib import asynccontextmanager
from typing import Any

from sqlalchemy import MetaData, Row, Select, StaticPool, create_engine

from crypto.merkle import Node
from record.entries import GENESIS, Entry, Head
from record.store import (
    Append,
    Change,
    CommandRow,
    Cosigned,
    HeadMoved,
    LogMoved,
    Placed,
    StoreLocked,
    Waiting,
)
from record.writer import run_changes


class MemoryStore:
    """Keeps records in lists; tables beside them live in a SQLite of their own in memory.

    Args:
        tables: the tables of others that changes and queries speak of.
    """

    def __init__(self, tables: MetaData | None = None) -> None:
        self._entries: dict[str, list[Entry]] = {}
        self._commands: dict[str, dict[str, CommandRow]] = {}
        self._positions: dict[str, list[Placed]] = {}
        self._nodes: dict[Node, bytes] = {}
        self._cosigned: dict[int, Cosigned] = {}
        self._size = 0
        self._sequencing = False
        self._engine = create_engine("sqlite://", poolclass=StaticPool)
        if tables is not None:
            tables.create_all(self._engine)

    async def append(self, *appends: Append) -> None:
        """Append to several projects, all or nothing."""
        for append in appends:
            if self._head(append.project) != append.expected:
                raise HeadMoved(append.project)
        await self.change(*(change for append in appends for change in append.changes))
        for append in appends:
            self._entries.setdefault(append.project, []).extend(append.entries)
            rows = self._commands.setdefault(append.project, {})
            rows.update((row.command, row) for row in append.commands)

    async def head(self, project: str) -> Head:
        """Return where a record ends."""
        return self._head(project)

    async def entries(self, project: str, after: int = 0, limit: int = 1000) -> list[Entry]:
        """Return the entries that follow a number."""
        return self._entries.get(project, [])[after : after + limit]

    async def command(self, project: str, command: str) -> CommandRow | None:
        """Return the row of an accepted command."""
        return self._commands.get(project, {}).get(command)

    async def projects(self) -> list[str]:
        """Name every project that has a record."""
        return sorted(self._entries)

    async def lengths(self) -> Mapping[str, int]:
        """Return how many entries each record has, the one that was written to last first."""
        ends = {project: found[-1].stamp.at for project, found in self._entries.items()}
        order = sorted(self._entries, key=lambda project: (-ends[project], project))
        return {project: len(self._entries[project]) for project in order}

    async def change(self, *changes: Change) -> None:
        """Change the tables beside the record."""
        if changes:
            with self._engine.begin() as connection:
                run_changes(connection, changes)

    async def rows(self, query: Select[Any]) -> Sequence[Row[Any]]:
        """Return the rows of a query."""
        with self._engine.connect() as connection:
            return connection.execute(query).all()

    async def scalars(self, query: Select[Any]) -> Sequence[Any]:
        """Return the first column of a query's rows."""
        with self._engine.connect() as connection:
            return connection.scalars(query).all()

    async def waiting(self, limit: int) -> list[Waiting]:
        """Return entries that are not in the log."""
        found = [
            Waiting(project, entry.seq, entry.leaf)
            for project, entries in self._entries.items()
            for entry in entries[len(self._positions.get(project, [])) :]
        ]
        return found[:limit]

    async def tree_size(self) -> int:
        """Return how many leaves the log has."""
        return self._size

    async def extend_log(
        self, size: int, grown: int, placed: Sequence[Placed], nodes: Mapping[Node, bytes]
    ) -> None:
        """Extend the log from one size to another."""
        if self._size != size:
            raise LogMoved(size)
        for place in placed:
            self._positions.setdefault(place.project, []).append(place)
        self._nodes.update(nodes)
        self._size = grown

    async def nodes(self, wanted: Iterable[Node]) -> dict[Node, bytes]:
        """Return the hashes of complete subtrees."""
        return {node: self._nodes[node] for node in wanted}

    async def positions(self, project: str, after: int, limit: int) -> list[Placed]:
        """Return where entries are in the log."""
        return self._positions.get(project, [])[after : after + limit]

    async def keep_cosigned(self, cosigned: Cosigned) -> None:
        """Keep a cosigned checkpoint."""
        self._cosigned.setdefault(cosigned.size, cosigned)

    async def cosigned_holding(self, position: int) -> Cosigned | None:
        """Return the first cosigned checkpoint that holds a leaf."""
        sizes = [size for size in self._cosigned if size > position]
        return self._cosigned[min(sizes)] if sizes else None

    async def newest_cosigned(self) -> Cosigned | None:
        """Return the cosigned checkpoint of the largest size."""
        return self._cosigned[max(self._cosigned)] if self._cosigned else None

    async def latest_cosigned(self, limit: int) -> list[Cosigned]:
        """Return the cosigned checkpoints of the largest sizes, the largest first."""
        return [self._cosigned[size] for size in sorted(self._cosigned, reverse=True)[:limit]]

    @asynccontextmanager
    async def sequencing(self) -> AsyncIterator[None]:
        """Hold the one place of the sequencer."""
        if self._sequencing:
            raise StoreLocked("this store has a sequencer already")
        self._sequencing = True
        try:
            yield
        finally:
            self._sequencing = False

    async def close(self) -> None:
        """Let go of the tables."""
        self._engine.dispose()

    def _head(self, project: str) -> Head:
        entries = self._entries.get(project)
        return entries[-1].head if entries else GENESIS
