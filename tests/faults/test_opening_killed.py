"""R2: kill -9 at the steps of an opening and of an evaluation, before and after each commit.

The record is the same.
"""

import base64
import json
from pathlib import Path
from typing import Any

import pytest

from record.entries import Entry
from tests.faults.counts import count
from tests.faults.evaluation_day import Judging
from tests.faults.opening_day import Day

pytestmark = pytest.mark.slow

EVERY = count(1, 13)
"""Each how manieth step is killed at."""
DAYS = [Day, Judging]
HASHED = frozenset({"correction", "facts", "opinion", "state"})
"""What bodies have that name a correction, or the report or state with the corrections in it."""
DROPPED = frozenset({"facts", "pdf", "pdf_size", "salt", "state"})
"""Hashes over ids of corrections, what is random in one, and the size of a file with them in it."""


@pytest.fixture(scope="module", params=DAYS, ids=["opening", "evaluation"])
def kind(request: pytest.FixtureRequest) -> type[Day]:
    found: type[Day] = request.param
    return found


@pytest.fixture(scope="module")
def undisturbed(kind: type[Day], tmp_path_factory: pytest.TempPathFactory) -> list[Entry]:
    day = kind(tmp_path_factory.mktemp("undisturbed") / "data")
    day.hold()
    assert day.deaths == 0
    return day.record()


def acts(entries: list[Entry]) -> list[tuple[object, ...]]:
    """Return what happened, when and by whom; duties that run side by side end in any order."""
    written = [entry.written for entry in entries]
    fresh = [_corrected(one.body) for one in written if one.type.endswith(".correction_proposed")]
    return sorted(
        (one.at, one.type, one.actor.account, _without(one.body, fresh)) for one in written
    )


def _corrected(body: bytes) -> bytes:
    name: str = json.loads(body)["correction"]
    return name.encode()


def _without(body: bytes, fresh: list[bytes]) -> bytes:
    """Return a body without ids that are fresh each day, and hashes and signatures over them."""
    told: dict[str, Any] = json.loads(body)
    envelope = told.get("envelope")
    if fresh and HASHED & told.keys():
        said: dict[str, Any] = {}
        if isinstance(envelope, dict):
            said = json.loads(base64.b64decode(envelope["payload"]))
            told = {**told, "envelope": "signed"}
        kept = ({k: v for k, v in one.items() if k not in DROPPED} for one in (told, said))
        body = json.dumps(list(kept), sort_keys=True).encode()
    for number, name in enumerate(fresh):
        body = body.replace(name, b"correction %d" % number)
    return body


@pytest.mark.timeout(900)
@pytest.mark.parametrize("when", ["before", "after"])
def test_a_day_ends_the_same_however_often_the_service_dies(
    kind: type[Day], undisturbed: list[Entry], tmp_path: Path, when: str
) -> None:
    day = kind(tmp_path / "data", when, EVERY)
    day.hold()
    steps = len((tmp_path / "data" / "seen").read_text().splitlines())
    assert day.deaths >= steps // EVERY - 3
    record = day.record()
    assert acts(record) == acts(undisturbed)
    assert len({one.written.command for one in record}) > steps
