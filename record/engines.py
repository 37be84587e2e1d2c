"""How connections to the two databases are set up; it must not know any table."""

from collections.abc import Callable
from typing import Any

from psycopg.errors import LockNotAvailable
from sqlalchemy import URL, Connection, Engine, create_engine, event
from sqlalchemy.exc import OperationalError

from record.store import StoreLocked

_SEQUENCER = 0x6B616263
_WAIT_FOR_LOCK = 5_000


def make(url: URL) -> Engine:
    """Return an engine for SQLite or PostgreSQL, to read with.

    What its errors say may be logged, so values are left out of them.
    """
    if url.get_backend_name() != "sqlite":
        url = url.set(drivername="postgresql+psycopg")
    engine = create_engine(url, pool_size=6, max_overflow=4, hide_parameters=True)
    if url.get_backend_name() != "sqlite":
        return engine
    event.listen(engine, "connect", _set_up_sqlite)
    event.listen(engine, "begin", _begin_sqlite)
    return engine


def for_writing(engine: Engine) -> Engine:
    """Return the same engine with transactions that take the write lock when they begin."""
    return engine.execution_options(writes=True)


def hold_sequencing(engine: Engine) -> Callable[[], None]:
    """Take the sequencer's lock of a database; SQLite needs none, it has one process.

    PostgreSQL lets go of a lock a little after its holder's connection was closed, so it is waited
    for: who takes the place of a process that has just ended gets it.

    Returns:
        What lets go of it.

    Raises:
        StoreLocked: another process has it.
    """
    if engine.dialect.name == "sqlite":
        return _nothing
    connection = engine.connect().execution_options(isolation_level="AUTOCOMMIT")
    # The lock belongs to the connection's session, so the connection must not go back to the pool.
    connection.detach()
    connection.exec_driver_sql(f"SET lock_timeout = '{_WAIT_FOR_LOCK}ms'")
    try:
        connection.exec_driver_sql(f"SELECT pg_advisory_lock({_SEQUENCER})")
    except OperationalError as error:
        connection.close()
        if not isinstance(error.orig, LockNotAvailable):
            raise
        raise StoreLocked("another process is the sequencer of this database") from error
    return connection.close


def _nothing() -> None:
    return


def _set_up_sqlite(connection: Any, _record: object) -> None:
    # None: the driver begins nothing by itself, so a transaction is what we say it is.
    connection.isolation_level = None
    cursor = connection.cursor()
    for setting in ("journal_mode=WAL", "synchronous=FULL", "foreign_keys=ON", "busy_timeout=5000"):
        cursor.execute(f"PRAGMA {setting}")
    cursor.close()


def _begin_sqlite(connection: Connection) -> None:
    if connection.get_execution_options().get("writes"):
        connection.connection.cursor().execute("BEGIN IMMEDIATE")
