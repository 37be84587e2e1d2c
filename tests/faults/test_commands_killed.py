"""R1: kill -9 of the service while commands are posted; what was answered is on the record.

Every command carries an idempotency key; what was not answered is sent again after the restart.
"""

import asyncio
import threading
from collections import Counter
from collections.abc import Callable
from pathlib import Path

import httpx
import pytest

from record.entries import GENESIS, Entry, check_entry
from record.sql import SqlStore
from tests.faults.counts import count
from tests.faults.process import ServiceProcess
from tests.opening.parties import Party
from tests.opening.world import PROJECT, SECTION
from tests.record.postgres_server import postgres_server
from tests.web import tender
from tests.web.tender import FAR, Tender

pytestmark = pytest.mark.slow

WORKERS = 6


class Seat(threading.Thread):
    """Raises one notice after the other, until it gets no answer."""

    def __init__(
        self, url: str, who: Party, name: str, after: int, told: Callable[[], None]
    ) -> None:
        super().__init__(daemon=True)
        self._http = httpx.Client(base_url=url, trust_env=False, timeout=120)
        self._who = who
        self._name = name
        self._told = told
        self.number = after
        """Of the notice that was not answered; it is sent again first."""
        self.answers: dict[str, str] = {}

    def run(self) -> None:
        while self.send():
            self.number += 1
            self._told()
        self.close()

    def close(self) -> None:
        self._http.close()

    def send(self) -> bool:
        key = f"{self._name}-{self.number}"
        body = {"type": "project.raise_notice", "section": SECTION, "text": f"<{key}>"}
        try:
            answer = tender.command(self._http, self._who, body, key)
        except httpx.TransportError:
            return False
        assert answer.status_code == 200, answer.text
        (event,) = answer.json()["events"]
        self.answers[key] = event["notice"]
        return True


class Trial:
    """Kills the service again and again, and remembers every answer."""

    def __init__(self, service: ServiceProcess, world: Tender) -> None:
        self.service = service
        self.world = world
        self.answers: dict[str, str] = {}
        self._next = dict.fromkeys(range(WORKERS), 0)

    def run_and_kill(self, after: int) -> None:
        """Start, let so many commands be answered, kill."""
        self.service.start()
        heard = threading.Semaphore(0)
        seats = {
            worker: Seat(
                self.service.url,
                self.world.supervisor,
                f"w{worker}",
                self._next[worker],
                heard.release,
            )
            for worker in range(WORKERS)
        }
        for seat in seats.values():
            seat.start()
        for _ in range(after):
            assert heard.acquire(timeout=120)
        self.service.kill()
        for worker, seat in seats.items():
            seat.join(120)
            self._next[worker] = seat.number
            self.answers |= seat.answers

    def send_again(self) -> None:
        """Send what was not answered, and something that was: the same answer comes."""
        self.service.start()
        for worker, number in self._next.items():
            seat = Seat(self.service.url, self.world.supervisor, f"w{worker}", number, lambda: None)
            assert seat.send()
            self.answers |= seat.answers
            seat.number = 0
            assert seat.send()
            seat.close()
            assert seat.answers[f"w{worker}-0"] == self.answers[f"w{worker}-0"]
        self.service.stop()


async def check(url: str, answers: dict[str, str], before: int) -> None:
    store = await SqlStore.open(url)
    entries: list[Entry] = await store.entries(PROJECT, 0, 100_000)
    await store.close()
    head = GENESIS
    for entry in entries:
        check_entry(entry, head)
        head = entry.head
    assert [entry.seq for entry in entries] == list(range(1, len(entries) + 1))
    sent = entries[before:]
    assert set(Counter(entry.written.command for entry in sent).values()) == {1}
    kept = {entry.written.command: entry.written.body.decode() for entry in sent}
    for key, notice in answers.items():
        assert notice in kept[key]
    assert kept.keys() == answers.keys()


def try_kills(tmp_path: Path, url: str, kills: int) -> None:
    world = Tender(deadline=FAR).open_up()
    world.folder(tmp_path) if url.startswith("sqlite") else world.put(url)
    with ServiceProcess(tmp_path, database=url) as service:
        trial = Trial(service, world)
        for number in range(kills):
            trial.run_and_kill(after=1 + 37 * number % 101)
        trial.send_again()
        assert service.internal_errors() == []
    assert len(trial.answers) > kills
    asyncio.run(check(url, trial.answers, len(world.record)))


@pytest.mark.timeout(1200)
def test_every_answered_command_survives_kills_on_sqlite(tmp_path: Path) -> None:
    try_kills(tmp_path, f"sqlite:///{tmp_path / 'record.db'}", count(50, 2))


@pytest.mark.timeout(1200)
def test_every_answered_command_survives_kills_on_postgresql(tmp_path: Path) -> None:
    with postgres_server() as server:
        try_kills(tmp_path, server.new_database(), count(20, 1))
