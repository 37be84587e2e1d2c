"""P7: appends to SQLite by 1, 8 and 64 callers, against one commit a row in plain sqlite3.

The plain loop makes the same three writes a commit as the store: the entry, the head of its
project, and the command; the tables are the store's own, made by its migrations.
"""

import asyncio
import sqlite3
import time
from pathlib import Path

import uvloop

from crypto.random import fresh
from load_tests.house import scratch
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
    with scratch() as folder:
        return uvloop.run(_append_all(folder, chains))


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
    with scratch() as folder:
        path = folder / "record.db"
        asyncio.run(_make(path))
        database = sqlite3.connect(path, isolation_level=None)
        for setting in ("journal_mode=WAL", "synchronous=FULL", "foreign_keys=ON"):
            database.execute(f"PRAGMA {setting}")
        first = entries[0]
        database.execute("INSERT INTO heads VALUES (?, 0, 0, x'', 0)", (first.project,))

        def work() -> None:
            for entry in entries[:count]:
                database.execute("BEGIN IMMEDIATE")
                _write(database, entry)
                database.execute("COMMIT")

        took = timed(work)
        database.close()
        return took


def _write(database: sqlite3.Connection, entry: Entry) -> None:
    head, salts = entry.head, entry.salts
    database.execute(
        "UPDATE heads SET seq = ?, at = ?, leaf = ? WHERE project = ? AND seq = ?",
        (head.seq, head.at, head.leaf, entry.project, head.seq - 1),
    )
    kept = (entry.project, entry.seq, entry.text, salts.leaf, salts.place, entry.trace)
    database.execute(
        "INSERT INTO entries VALUES (?, ?, ?, ?, ?, ?, ?, ?)", (*kept, salts.trace, entry.leaf)
    )
    database.execute(
        "INSERT INTO commands VALUES (?, ?, ?, ?, ?)",
        (entry.project, entry.written.command, bytes(32), entry.seq, entry.seq),
    )


async def _make(path: Path) -> None:
    store = await SqlStore.open(f"sqlite:///{path}")
    await store.close()
