"""A database that fills up, and a server that goes away: nothing is lost, and it goes on."""

import signal
from pathlib import Path

import pytest
from sqlalchemy import Connection

from record.desk import Desk
from record.entries import GENESIS, check_entry
from record.errors import Busy
from record.sql import SqlStore
from record.store import StoreAway
from tests.record.postgres_server import PostgresServer
from tests.record.toy import Add, rules_for, submit
from tests.record.witnesses import PATIENCE, CountingWitness, sequencer_of


async def check_whole(store: SqlStore, answered: set[str]) -> None:
    head, commands = GENESIS, []
    for entry in await store.entries("p1"):
        check_entry(entry, head)
        head = entry.head
        commands.append(entry.written.command)
    assert len(commands) == len(set(commands))
    assert answered <= set(commands)


def fill_up(connection: Connection) -> None:
    """Leave the database four pages to grow by, as a disk that is nearly full would."""
    pages = connection.exec_driver_sql("PRAGMA page_count").scalar_one()
    connection.exec_driver_sql(f"PRAGMA max_page_count={pages + 4}")


async def add_until_full(desk: Desk, answered: set[str]) -> None:
    while True:
        name = f"c{len(answered)}"
        await submit(desk, "p1", Add(coins=1, note="x" * 400), name)
        answered.add(name)


async def test_a_full_disk_is_answered_as_busy_and_afterwards_it_goes_on(tmp_path: Path) -> None:
    store = await SqlStore.open(f"sqlite:///{tmp_path / 'record.db'}")
    desk = Desk(store, rules_for)
    answered: set[str] = set()
    await submit(desk, "p1", Add(coins=1), "first")
    await store.change(fill_up)
    with pytest.raises(Busy) as busy:
        await add_until_full(desk, answered)
    number = len(answered)
    assert busy.value.code == "record.store_away"
    assert number > 1
    assert f"c{number}" not in answered
    await submit(desk, "p1", Add(coins=1, note="x" * 400), f"c{number}")
    await check_whole(store, answered | {f"c{number}"})
    await store.close()


async def test_a_server_that_was_killed_and_comes_back_finds_its_callers_waiting(
    postgres: PostgresServer, tmp_path: Path
) -> None:
    store = await SqlStore.open(postgres.new_database())
    desk = Desk(store, rules_for)
    async with sequencer_of(store, tmp_path / "checkpoints", CountingWitness()) as sequencer:
        desk.subscribe(lambda _project, _entries: sequencer.wake())
        await submit(desk, "p1", Add(coins=1), "c1")
        await sequencer.receipt("p1", 1, patience=PATIENCE)
        postgres.stop(signal.SIGQUIT)
        with pytest.raises(Busy):
            await submit(desk, "p1", Add(coins=1), "c2")
        for _ in range(3):
            # whether it meets a connection that was cut or can make none
            with pytest.raises(StoreAway):
                await store.entries("p1")
        postgres.start()
        await submit(desk, "p1", Add(coins=1), "c2")
        await sequencer.receipt("p1", 2, patience=PATIENCE)
    await check_whole(store, {"c1", "c2"})
    await store.close()
