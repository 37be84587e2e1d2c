"""Health as administrators are told it, with a real timekeeper's witness beside the service."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.waiting import wait_for
from tests.web.service import T0, Person, Running, running
from tests.web.witness import SIGNER, Witness, witnessing
from web.health import WAITING


@pytest.fixture
def witness() -> Iterator[tuple[Witness, str]]:
    with witnessing() as started:
        yield started


@pytest.fixture
def service(tmp_path: Path, witness: tuple[Witness, str]) -> Iterator[Running]:
    vkey = SIGNER.verifier.encode()
    changes = {"witness_url": witness[1], "witness_vkey": vkey, "witness_patience": 300}
    with running(tmp_path, **changes) as started:
        witness[0].log = started.services.sequencer.log_key
        yield started


def parts(admin: Person) -> dict[str, Any]:
    told: dict[str, Any] = admin.get("/api/admin/health").json()["parts"]
    return told


def settled(admin: Person, *, waits: bool) -> dict[str, Any]:
    """Return health once entries of the log wait for a cosignature, or none does any more."""

    def look() -> dict[str, Any] | None:
        told = parts(admin)
        keeper = told["timekeeper"]
        return told if keeper["size"] and bool(keeper["waiting"]) is waits else None

    return wait_for(look)


@pytest.mark.parametrize(
    ("ahead", "state"), [(0, "good"), (2, "good"), (4, "bad"), (-4, "bad"), (-1, "good")]
)
def test_the_clocks_are_compared_to_the_second(
    service: Running, witness: tuple[Witness, str], ahead: int, state: str
) -> None:
    witness[0].seconds = T0 // 1000 + ahead
    told = settled(service.first(), waits=False)
    assert told["timekeeper"]["state"] == "good"
    assert told["timekeeper"]["cosigned_at"] == T0 + 1000 * ahead
    assert told["clock"] == {"state": state, "from": 1000 * ahead, "to": 1000 * ahead + 999}


def test_a_timekeeper_that_stays_away_while_entries_wait_is_bad(
    service: Running, witness: tuple[Witness, str]
) -> None:
    witness[0].seconds = T0 // 1000
    admin = service.first()
    assert settled(admin, waits=False)["timekeeper"]["state"] == "good"
    witness[0].is_away = True
    service.organisation(admin, "甲公司", "A-1")
    assert settled(admin, waits=True)["timekeeper"]["state"] == "good"
    service.clock.advance(WAITING + 1)
    assert parts(admin)["timekeeper"]["state"] == "bad"


def test_a_file_of_the_database_that_is_gone_when_it_is_measured_is_no_error(
    service: Running, tmp_path: Path
) -> None:
    admin = service.first()
    # it is listed and cannot be measured, as a log that SQLite removes in between
    (tmp_path / "record.db-gone").symlink_to(tmp_path / "nothing")
    told = parts(admin)["database"]
    assert told["kind"] == "sqlite"
    assert told["size"] > 0
