"""P7: appends to SQLite by 1, 8 and 64 callers, against one commit a row in plain sqlite3."""

import asyncio
import sqlite3
import tempfile
import time
from pathlib import Path

from crypto.random import fresh
from load_tests.results import Goal, alternate, timed
from record.entries import GENESIS, Act, Entry, Salts, make_entry
from record.events import Actor
from record.sql import SqlStore
from record.store import Append, CommandRow

BODY = b'{"text":"' + b"x" * 300 + b'"}'
BOUNDS = {1: 0.5, 8: 1.4, 64: 2.5}
ROUNDS = 3


def measure() -> list[Goal]:
    """Return the three ratios."""
    return [_with(callers, bound) for callers, bound in BOUNDS.items()]


def _with(callers: int, bound: float) -> Goal:
    count = 1500 if callers == 1 else 6000
    ours, peer = alternate(
        ROUNDS, lambda: _ours(callers, count), lambda: _plain(_chain("peer", 1500), 1500)
    )
    rate, limit = count / ours, 1500 / peer
    return Goal(
        f"P7 append, {callers} callers",
        f"{rate:,.0f} /s",
        f"{limit:,.0f} /s, one commit a row",
        rate / limit,
        bound,
    )


def _chain(project: str, count: int) -> list[Entry]:
    head, entries = GENESIS, []
    for number in range(count):
        act = Act(project, number, Actor("someone"), f"c{number}", b"{}")
        entry = make_entry(head, act, "load.thing", BODY, Salts.cut(fresh(96)))
        entries.append(entry)
        head = entry.head
    return entries


def _ours(callers: int, count: int) -> float:
    chains = [_chain(f"{number:032x}", count // callers) for number in range(callers)]
    with tempfile.TemporaryDirectory(dir=Path.cwd()) as folder:
        return asyncio.run(_append_all(Path(folder), chains))


async def _append_all(folder: Path, chains: list[list[Entry]]) -> float:
    store = await SqlStore.open(f"sqlite:///{folder / 'record.db'}")

    async def one(chain: list[Entry]) -> None:
        head = GENESIS
        for entry in chain:
            await store.append(Append(entry.written.project, head, (entry,), (_row(entry),)))
            head = entry.head

    begun = time.perf_counter()
    await asyncio.gather(*(one(chain) for chain in chains))
    took = time.perf_counter() - begun
    await store.close()
    return took


def _row(entry: Entry) -> CommandRow:
    return CommandRow(entry.written.command, bytes(32), entry.seq, entry.seq)


def _plain(entries: list[Entry], count: int) -> float:
    with tempfile.TemporaryDirectory(dir=Path.cwd()) as folder:
        database = sqlite3.connect(Path(folder) / "plain.db", isolation_level=None)
        database.execute("PRAGMA journal_mode=WAL")
        database.execute("PRAGMA synchronous=FULL")
        database.execute("CREATE TABLE e (project TEXT, seq INTEGER, text BLOB, leaf BLOB)")

        def work() -> None:
            for entry in entries[:count]:
                row = (entry.written.project, entry.seq, entry.text, entry.leaf)
                database.execute("INSERT INTO e VALUES (?, ?, ?, ?)", row)

        took = timed(work)
        database.close()
        return took
