"""kill -9 in the middle of appends: what was answered is there, nothing is there twice.

A few kills by default; KAIBIAO_FAULTS=full makes it 50 on SQLite and 20 on PostgreSQL.
"""

import os
import subprocess
import sys
from collections import Counter
from pathlib import Path

import pytest

from crypto import merkle
from record import proofs
from record.entries import GENESIS, Entry, check_entry
from record.sql import SqlStore
from record.store import StoreLocked
from tests.record.postgres_server import PostgresServer
from tests.record.test_sequencer import check
from tests.record.witnesses import CountingWitness, sequencer_of

HERE = Path(__file__).resolve().parent
ROOT = HERE.parent.parent
WORKERS = 6
FULL = os.environ.get("KAIBIAO_FAULTS") == "full"
KILLS = {"sqlite": 50, "postgresql": 20} if FULL else {"sqlite": 3, "postgresql": 2}


ENVIRONMENT = {**os.environ, "PYTHONPATH": str(ROOT)}


def run(script: str, *arguments: str) -> subprocess.CompletedProcess[bytes]:
    command = [sys.executable, str(HERE / script), *arguments]
    return subprocess.run(command, env=ENVIRONMENT, capture_output=True, check=False)


def race(racers: list[tuple[str, ...]]) -> None:
    """Run several processes at once; each must end well."""
    running = [
        subprocess.Popen([sys.executable, str(HERE / "racer.py"), *racer], env=ENVIRONMENT)
        for racer in racers
    ]
    assert [process.wait(120) for process in running] == [0] * len(racers)


class Appender:
    """Runs the process, again and again, and remembers every answer."""

    def __init__(self, url: str, path: Path) -> None:
        self._arguments = [sys.executable, str(HERE / "appender.py"), url, str(path)]
        self._starts = [0] * WORKERS
        self.answers: dict[tuple[str, str], list[int]] = {}

    def run_and_kill(self, after: int) -> None:
        """Kill it after so many answers; what it still says is heard."""
        with subprocess.Popen(
            [*self._arguments, *map(str, self._starts)],
            stdout=subprocess.PIPE, env=ENVIRONMENT,
        ) as process:  # fmt: skip
            assert process.stdout is not None
            assert process.stdout.readline() == b"ready\n"
            for _ in range(after):
                self._hear(process.stdout.readline())
            process.kill()
            for line in process.stdout:
                self._hear(line)

    def _hear(self, line: bytes) -> None:
        if not line.endswith(b"\n"):
            return
        worker, number, numbers = line.decode().split()
        self.answers[f"p{int(worker) % 2}", f"{worker}/{number}"] = [
            int(seq) for seq in numbers.split(",")
        ]
        self._starts[int(worker)] = int(number) + 1


def check_record(project: str, entries: list[Entry], appender: Appender) -> None:
    head = GENESIS
    places: dict[str, list[int]] = {}
    for entry in entries:
        check_entry(entry, head)
        head = entry.head
        places.setdefault(entry.written.command, []).append(entry.seq)
    for (where, command), numbers in appender.answers.items():
        if where == project:
            assert places[command] == numbers, command
    for command, count in Counter(entry.written.command for entry in entries).items():
        assert count == 1 + int(command.split("/")[1]) % 2, command


async def check_log(store: SqlStore, path: Path, counts: dict[str, int]) -> None:
    async with sequencer_of(store, path, CountingWitness()) as sequencer:
        for project, count in counts.items():
            check(await sequencer.receipt(project, count, patience=120))
        head = sequencer.head
    assert head is not None
    size = head.checkpoint.size
    leaves = await store.nodes([merkle.Node(0, number) for number in range(size)])
    assert merkle.root(leaves[merkle.Node(0, n)] for n in range(size)) == head.checkpoint.root
    for project, count in counts.items():
        placed = await store.positions(project, 0, count)
        assert [place.seq for place in placed] == list(range(1, count + 1))
        for entry, place in zip(await store.entries(project, 0, count), placed, strict=True):
            assert leaves[merkle.Node(0, place.position)] == merkle.leaf_hash(entry.leaf)
    assert await proofs.root(store, size) == head.checkpoint.root


@pytest.mark.timeout(1500 if FULL else 300)
async def test_after_every_kill_the_record_is_whole(address: str, tmp_path: Path) -> None:
    kind, path = address.split(":", maxsplit=1)[0], tmp_path / "checkpoints"
    appender = Appender(address, path)
    for number in range(KILLS[kind]):
        appender.run_and_kill(after=1 + 37 * number % 101)
    store = await SqlStore.open(address)
    counts = {}
    for project in await store.projects():
        counts[project] = (await store.head(project)).seq
        entries = await store.entries(project, 0, counts[project])
        assert len(entries) == counts[project]
        check_record(project, entries, appender)
    assert appender.answers
    await check_log(store, path, counts)
    await store.close()


async def test_a_second_process_on_a_sqlite_database_is_refused(tmp_path: Path) -> None:
    url = f"sqlite:///{tmp_path / 'record.db'}"
    store = await SqlStore.open(url)
    with pytest.raises(StoreLocked, match="another process has this database open"):
        await SqlStore.open(url)
    done = run("appender.py", url, str(tmp_path / "checkpoints"), "0")
    assert done.returncode != 0
    assert b"StoreLocked" in done.stderr
    await store.close()
    await (await SqlStore.open(url)).close()


async def test_racing_processes_on_postgresql_make_one_chain(
    postgres: PostgresServer,
) -> None:
    url = postgres.new_database()
    await (await SqlStore.open(url)).close()
    race([(url, name, "25") for name in ("a", "b", "c")])
    store = await SqlStore.open(url)
    for project in ("p0", "p1"):
        head = GENESIS
        for entry in await store.entries(project):
            check_entry(entry, head)
            head = entry.head
        assert head.seq == 3 * 25
    await store.close()
