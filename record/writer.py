"""The one thread that writes to a database: what waits together is committed together.

It must not run on the event loop, and nobody is answered before the commit.
"""

import asyncio
import queue
import sqlite3
import threading
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from typing import TypeAlias

from sqlalchemy import Connection, Engine, Executable
from sqlalchemy.exc import InterfaceError, OperationalError

from record.store import Append, Change, HeadMoved, StoreAway

GROUP = 256
LOST = (OperationalError, InterfaceError, sqlite3.OperationalError)
"""After these nobody knows what became of the transaction; SQLAlchemy's and the driver's own."""

AppendAll: TypeAlias = Callable[[Connection, Sequence[Append]], set[str]]
"""Appends to different projects at once; returns those whose head was as expected."""


@dataclass(slots=True, eq=False)
class Write:
    """Something to be written, and who waits for it.

    Args:
        appends: what records grow by; a conflict undoes all of this write, no other.
        work: what else is done in the same transaction.
    """

    appends: tuple[Append, ...] = ()
    work: Callable[[Connection], None] | None = None
    answer: "asyncio.Future[None]" = field(
        default_factory=lambda: asyncio.get_running_loop().create_future()
    )
    error: BaseException | None = None

    @property
    def is_plain(self) -> bool:
        """Tell whether it is one project's entries and nothing else."""
        return len(self.appends) == 1 and not self.appends[0].changes and self.work is None


class Writer:
    """Owns the writing thread.

    Args:
        engine: where it writes.
        append_all: the database's way to append.
    """

    def __init__(self, engine: Engine, append_all: AppendAll) -> None:
        self._engine = engine
        self._append_all = append_all
        self._connection: Connection | None = None
        self._waiting: queue.SimpleQueue[Write | None] = queue.SimpleQueue()
        self._thread = threading.Thread(target=self._run, name="record-writer", daemon=True)
        self._thread.start()

    async def write(self, write: Write) -> None:
        """Write, and return when it is on disk.

        Raises:
            HeadMoved, LogMoved: a conflict; nothing of this write happened.
            StoreAway: unknown whether it happened.
        """
        self._waiting.put(write)
        await write.answer

    def close(self) -> None:
        """Write what waits, and end the thread."""
        self._waiting.put(None)
        self._thread.join()

    def _run(self) -> None:
        is_open = True
        while is_open:
            group = self._take_group()
            if None in group:
                is_open = False
            writes = [write for write in group if write is not None]
            if writes:
                self._commit(writes)
                _answer(writes)
        self._disconnect()

    def _take_group(self) -> list[Write | None]:
        group = [self._waiting.get()]
        while len(group) < GROUP and group[-1] is not None:
            try:
                group.append(self._waiting.get_nowait())
            except queue.Empty:
                break
        return group

    def _commit(self, writes: Sequence[Write]) -> None:
        try:
            connection = self._connected()
            with connection.begin():
                self._do_all(connection, writes)
        except LOST as error:
            # The transaction may be on disk or not: a lost connection does not tell.
            self._disconnect()
            for write in writes:
                write.error = StoreAway(str(error))
        except Exception as error:  # noqa: BLE001 - whoever waits must hear of it
            for write in writes:
                write.error = error

    def _connected(self) -> Connection:
        if self._connection is None:
            self._connection = self._engine.connect()
        return self._connection

    def _disconnect(self) -> None:
        """Drop the connection: after an error nobody knows what is open on it."""
        lost, self._connection = self._connection, None
        if lost is not None:
            lost.invalidate()
            lost.close()

    def _do_all(self, connection: Connection, writes: Sequence[Write]) -> None:
        plain = [write for write in writes if write.is_plain]
        while plain:
            plain = self._append_plain(connection, plain)
        for write in writes:
            if not write.is_plain:
                self._do_one(connection, write)

    def _append_plain(self, connection: Connection, writes: Sequence[Write]) -> list[Write]:
        """Append for different projects in one go; return those that must wait for the next."""
        taken = {write.appends[0].project: write for write in reversed(writes)}
        appended = self._append_all(connection, [write.appends[0] for write in taken.values()])
        for project, write in taken.items():
            if project not in appended:
                write.error = HeadMoved(project)
        return [write for write in writes if taken[write.appends[0].project] is not write]

    def _do_one(self, connection: Connection, write: Write) -> None:
        """Do one write so that its failure is its own."""
        try:
            with connection.begin_nested():
                self._append_strictly(connection, write.appends)
                if write.work is not None:
                    write.work(connection)
        except LOST:
            # The database may have undone the whole transaction, not this write alone.
            raise
        except Exception as error:  # noqa: BLE001 - whoever waits must hear of it
            write.error = error

    def _append_strictly(self, connection: Connection, appends: Sequence[Append]) -> None:
        if not appends:
            return
        appended = self._append_all(connection, appends)
        moved = [append.project for append in appends if append.project not in appended]
        if moved:
            raise HeadMoved(*moved)
        run_changes(connection, (change for append in appends for change in append.changes))


def run_changes(connection: Connection, changes: Iterable[Change]) -> None:
    """Run changes on a connection whose transaction belongs to the caller."""
    for change in changes:
        if isinstance(change, Executable):
            connection.execute(change)
        else:
            change(connection)


def _answer(writes: Sequence[Write]) -> None:
    """Wake whoever waits, with one call a loop."""
    loops: dict[asyncio.AbstractEventLoop, list[Write]] = {}
    for write in writes:
        loops.setdefault(write.answer.get_loop(), []).append(write)
    for loop, answered in loops.items():
        if not loop.is_closed():
            loop.call_soon_threadsafe(_resolve, answered)


def _resolve(writes: Sequence[Write]) -> None:
    for write in writes:
        if write.answer.done():
            continue
        if write.error is None:
            write.answer.set_result(None)
        else:
            write.answer.set_exception(write.error)
