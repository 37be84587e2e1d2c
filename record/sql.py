"""The store on SQLite and PostgreSQL; it must not decide anything or know what an entry says.

All writing goes through one thread, which commits together what waits together. Reading has a few
threads of its own. SQLite belongs to one process: a lock file beside it says so.
"""

import asyncio
from collections.abc import AsyncIterator, Callable, Iterable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import asynccontextmanager, suppress
from pathlib import Path
from typing import Any, TypeVar

from sqlalchemy import Connection, Engine, Row, Select, make_url, or_, select
from sqlalchemy.exc import DBAPIError

from crypto.merkle import Node
from record import engines, log_tables
from record.appending import append_postgres, append_sqlite
from record.entries import GENESIS, Entry, Head, Salts, read_entry
from record.lock import ProcessLock
from record.migrations import migrate
from record.store import (
    Append,
    Change,
    CommandRow,
    Cosigned,
    Placed,
    StoreAway,
    StoreLocked,
    Waiting,
)
from record.tables import checkpoints, commands, entries, heads, leaves, nodes, tree
from record.writer import LOST, Write, Writer, run_changes

T = TypeVar("T")

READERS = 4
NODES_A_QUERY = 400


class SqlStore:
    """Keeps records in a database; made by `open`."""

    def __init__(self, engine: Engine, lock: ProcessLock | None) -> None:
        self._engine = engine
        self._lock = lock
        is_sqlite = engine.dialect.name == "sqlite"
        self._writer = Writer(
            engines.for_writing(engine), append_sqlite if is_sqlite else append_postgres
        )
        self._readers = ThreadPoolExecutor(READERS, "record-reader")
        self._sequencing = False

    @classmethod
    async def open(cls, url: str) -> "SqlStore":
        """Open a database and bring its schema up to date.

        Args:
            url: `sqlite:////absolute/path` or `postgresql://...`.

        Raises:
            StoreLocked: another process has this SQLite database.
            StoreAway: the database does not answer.
        """
        return await asyncio.to_thread(cls._open, url)

    @classmethod
    def _open(cls, url: str) -> "SqlStore":
        where = make_url(url)
        lock = None
        if where.get_backend_name() == "sqlite":
            lock = ProcessLock(Path(f"{where.database}.lock"))
        engine = engines.make(where)
        try:
            migrate(engines.for_writing(engine))
        except DBAPIError as error:
            engine.dispose()
            if lock is not None:
                lock.release()
            raise StoreAway(str(error.orig)) from error
        return cls(engine, lock)

    async def close(self) -> None:
        """Write what waits, and let go of the database."""
        await asyncio.to_thread(self._close)

    def _close(self) -> None:
        self._writer.close()
        self._readers.shutdown()
        self._engine.dispose()
        if self._lock is not None:
            self._lock.release()

    async def append(self, *appends: Append) -> None:
        """Append to several projects, all or nothing."""
        await self._writer.write(Write(appends))

    async def change(self, *changes: Change) -> None:
        """Change tables that no event speaks of, in one transaction."""
        await self._writer.write(Write(work=lambda connection: run_changes(connection, changes)))

    async def head(self, project: str) -> Head:
        """Return where a record ends."""
        query = select(heads.c.seq, heads.c.at, heads.c.leaf).where(heads.c.project == project)
        found = await self.rows(query)
        return Head(found[0].seq, found[0].at, bytes(found[0].leaf)) if found else GENESIS

    async def entries(self, project: str, after: int = 0, limit: int = 1000) -> list[Entry]:
        """Return the entries that follow a number, in order."""
        query = (
            select(entries)
            .where(entries.c.project == project, entries.c.seq > after)
            .order_by(entries.c.seq)
            .limit(limit)
        )
        return await self._read(
            lambda connection: [_entry(row) for row in connection.execute(query)]
        )

    async def command(self, project: str, command: str) -> CommandRow | None:
        """Return the row of an accepted command."""
        query = select(commands).where(commands.c.project == project, commands.c.command == command)
        found = await self.rows(query)
        if not found:
            return None
        row = found[0]
        return CommandRow(row.command, bytes(row.digest), row.first, row.last)

    async def projects(self) -> list[str]:
        """Name every project that has a record, sorted."""
        return sorted(await self.scalars(select(heads.c.project)))

    async def lengths(self) -> Mapping[str, int]:
        """Return how many entries each record has, the one that was written to last first."""
        order = (heads.c.at.desc(), heads.c.project)
        found = await self.rows(select(heads.c.project, heads.c.seq).order_by(*order))
        return {row.project: row.seq for row in found}

    async def rows(self, query: Select[Any]) -> Sequence[Row[Any]]:
        """Return the rows of a query."""
        return await self._read(lambda connection: connection.execute(query).all())

    async def scalars(self, query: Select[Any]) -> Sequence[Any]:
        """Return the first column of a query's rows."""
        return await self._read(lambda connection: connection.scalars(query).all())

    async def waiting(self, limit: int) -> list[Waiting]:
        """Return entries that are not in the log; those of one project in order.

        It costs what waits, however many records there are: a join would be read from the side
        of all entries.
        """
        return await self._read(lambda connection: log_tables.waiting(connection, limit))

    async def tree_size(self) -> int:
        """Return how many leaves the log has, on disk."""
        return int((await self.scalars(select(tree.c.size)))[0])

    async def extend_log(
        self, size: int, grown: int, placed: Sequence[Placed], nodes: Mapping[Node, bytes]
    ) -> None:
        """Extend the log from one size to another."""

        def work(connection: Connection) -> None:
            log_tables.extend(connection, (size, grown), placed, nodes)

        await self._writer.write(Write(work=work))

    async def nodes(self, wanted: Iterable[Node]) -> dict[Node, bytes]:
        """Return the hashes of complete subtrees."""
        asked = list(dict.fromkeys(wanted))
        found: dict[Node, bytes] = {}
        for start in range(0, len(asked), NODES_A_QUERY):
            some = asked[start : start + NODES_A_QUERY]
            # not as IN over pairs, for which SQLite reads the whole table
            each = ((nodes.c.level == one.level) & (nodes.c.position == one.number) for one in some)
            for row in await self.rows(select(nodes).where(or_(*each))):
                found[Node(row.level, row.position)] = bytes(row.hash)
        return found

    async def positions(self, project: str, after: int, limit: int) -> list[Placed]:
        """Return where the entries that follow a number are in the log."""
        query = (
            select(leaves)
            .where(leaves.c.project == project, leaves.c.seq > after)
            .order_by(leaves.c.seq)
            .limit(limit)
        )
        return [Placed(row.project, row.seq, row.position) for row in await self.rows(query)]

    async def keep_cosigned(self, cosigned: Cosigned) -> None:
        """Keep a cosigned checkpoint; the first one of a size stays."""
        await self._writer.write(
            Write(work=lambda connection: log_tables.keep(connection, cosigned))
        )

    async def cosigned_holding(self, position: int) -> Cosigned | None:
        """Return the first cosigned checkpoint that holds a leaf."""
        query = select(checkpoints).where(checkpoints.c.size > position)
        return _cosigned(await self.rows(query.order_by(checkpoints.c.size).limit(1)))

    async def newest_cosigned(self) -> Cosigned | None:
        """Return the cosigned checkpoint of the largest size."""
        query = select(checkpoints).order_by(checkpoints.c.size.desc()).limit(1)
        return _cosigned(await self.rows(query))

    async def latest_cosigned(self, limit: int) -> list[Cosigned]:
        """Return the cosigned checkpoints of the largest sizes, the largest first."""
        query = select(checkpoints).order_by(checkpoints.c.size.desc()).limit(limit)
        return [Cosigned(row.size, bytes(row.note)) for row in await self.rows(query)]

    @asynccontextmanager
    async def sequencing(self) -> AsyncIterator[None]:
        """Hold the one place of the sequencer."""
        if self._sequencing:
            raise StoreLocked("this store has a sequencer already")
        self._sequencing = True
        try:
            let_go = await asyncio.to_thread(engines.hold_sequencing, self._engine)
            try:
                yield
            finally:
                await asyncio.to_thread(let_go)
        finally:
            self._sequencing = False

    async def _read(self, work: Callable[[Connection], T]) -> T:
        return await asyncio.get_running_loop().run_in_executor(self._readers, self._reading, work)

    def _reading(self, work: Callable[[Connection], T]) -> T:
        with suppress(*LOST):
            return self._read_once(work)
        # the connection may have been an old one, whose server is back
        try:
            return self._read_once(work)
        except LOST as error:
            raise StoreAway(str(error)) from error

    def _read_once(self, work: Callable[[Connection], T]) -> T:
        with self._engine.connect() as connection:
            return work(connection)


def _entry(row: Row[Any]) -> Entry:
    salts = Salts(bytes(row.salt), bytes(row.place_salt), bytes(row.trace_salt))
    return read_entry(row.seq, bytes(row.text), bytes(row.trace), salts, bytes(row.leaf))


def _cosigned(found: Sequence[Row[Any]]) -> Cosigned | None:
    return Cosigned(found[0].size, bytes(found[0].note)) if found else None
