"""Stores of every kind: the same tests run on each."""

from collections.abc import AsyncIterator, Awaitable, Callable, Iterator
from pathlib import Path

import pytest

from record.memory import MemoryStore
from record.sql import SqlStore
from record.store import Store
from tests.record.postgres_server import PostgresServer, postgres_server
from tests.record.tables import beside


@pytest.fixture(scope="session")
def postgres() -> Iterator[PostgresServer]:
    with postgres_server() as server:
        yield server


@pytest.fixture(params=["sqlite", "postgresql"])
def address(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    if request.param == "sqlite":
        return f"sqlite:///{tmp_path / 'record.db'}"
    server: PostgresServer = request.getfixturevalue("postgres")
    return server.new_database()


@pytest.fixture(params=["memory", "sqlite", "postgresql"])
async def store(request: pytest.FixtureRequest, tmp_path: Path) -> AsyncIterator[Store]:
    if request.param == "memory":
        opened: Store = MemoryStore(beside)
    elif request.param == "sqlite":
        opened = await SqlStore.open(f"sqlite:///{tmp_path / 'record.db'}")
    else:
        server: PostgresServer = request.getfixturevalue("postgres")
        opened = await SqlStore.open(server.new_database())
    if isinstance(opened, SqlStore):
        await opened.change(beside.create_all)
    yield opened
    await opened.close()


@pytest.fixture
async def reopen(address: str) -> AsyncIterator[Callable[[], Awaitable[SqlStore]]]:
    """Open the same database, again and again; the one before is closed first."""
    opened: list[SqlStore] = []

    async def again() -> SqlStore:
        if opened:
            await opened.pop().close()
        opened.append(await SqlStore.open(address))
        return opened[-1]

    yield again
    for store in opened:
        await store.close()
