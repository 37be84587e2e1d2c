"""What a store asks SQLite for is found by an index: no commit costs more as the records grow."""

import asyncio
import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import Connection, Engine, event

from record.desk import Desk
from record.sql import SqlStore
from tests.record.toy import Add, rules_for, submit
from tests.record.witnesses import PATIENCE, CountingWitness, sequencer_of

GROWING = ("entries", "commands", "leaves", "nodes", "checkpoints")
"""The tables whose rows become more with every commit."""
Asked = list[tuple[str, Any]]


@contextmanager
def listening() -> Iterator[Asked]:
    """Collect what is asked of any database."""
    asked: Asked = []

    def note(_: Connection, __: Any, statement: str, parameters: Any, *___: Any) -> None:
        asked.append((statement, parameters))

    event.listen(Engine, "before_cursor_execute", note)
    try:
        yield asked
    finally:
        event.remove(Engine, "before_cursor_execute", note)


def scans(path: Path, asked: Asked) -> set[str]:
    """Return what reads a growing table from its beginning to its end."""
    found = set()
    connection = sqlite3.connect(path)
    for statement, parameters in asked:
        if statement.split()[0] not in {"SELECT", "UPDATE", "DELETE"}:
            continue
        if "WHERE" not in statement and "LIMIT" in statement and "ORDER BY" in statement:
            continue  # the first rows of an order, and no more than the limit
        rows = parameters[0] if isinstance(parameters, list) else parameters
        plan = connection.execute(f"EXPLAIN QUERY PLAN {statement}", rows)
        if any(step[3].split()[:2] in (["SCAN", name] for name in GROWING) for step in plan):
            found.add(statement)
    connection.close()
    return found


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "record.db"


async def test_nothing_that_a_commit_needs_reads_a_whole_table(path: Path, tmp_path: Path) -> None:
    store = await SqlStore.open(f"sqlite:///{path}")
    desk, witness = Desk(store, rules_for), CountingWitness()
    with listening() as asked:
        async with sequencer_of(store, tmp_path / "checkpoints", witness) as sequencer:
            desk.subscribe(lambda _project, _entries: sequencer.wake())
            names = [f"p{number}" for number in range(5)]
            await asyncio.gather(*(submit(desk, name, Add(coins=1), name) for name in names))
            await asyncio.gather(*(sequencer.receipt(name, 1, PATIENCE) for name in names))
            await desk.read("p1")
            await submit(Desk(store, rules_for), "p1", Add(coins=1), "again")
    await store.close()
    assert any("FROM nodes" in statement for statement, _ in asked)
    assert scans(path, asked) == set()


def test_a_whole_table_that_is_read_is_seen(path: Path) -> None:
    connection = sqlite3.connect(path)
    connection.execute("CREATE TABLE entries (project TEXT, seq INTEGER)")
    connection.close()
    asked: Asked = [("SELECT seq FROM entries WHERE seq > ?", (1,))]
    assert scans(path, asked) == {"SELECT seq FROM entries WHERE seq > ?"}
