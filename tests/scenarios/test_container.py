"""The client's reader of exports, on the export of a real project."""

import io
import json
from dataclasses import replace
from typing import Any

import pytest

from client import container, record_copy
from client.container import Container
from client.errors import NotTrusted
from client.opening_checks import check, check_partials
from client.profile import Trust
from client.record_copy import RecordCopy
from crypto.checkpoints import CosignedCheckpoint
from opening.state import Place
from tests.scenarios.conftest import Rehearsed

PLACE: Place = ("s1", 1)


def about(record: bytes) -> dict[str, Any]:
    size = int(record[124:135], 8)
    told: dict[str, Any] = json.loads(record[512 : 512 + size])
    return told


def trust_of(record: bytes) -> Trust:
    told = about(record)
    return Trust(told["log"], told["witness"], told["service"]["key"])


def read(record: bytes, trust: Trust | None = None) -> Container:
    return container.read(io.BytesIO(record), trust or trust_of(record), about(record)["project"])


def copy_of(record: bytes) -> RecordCopy:
    found = read(record)
    return record_copy.copy_of(found, found.checkpoints[-1])


def end_of_checkpoints(record: bytes) -> int:
    at = 0
    for _ in range(3):
        size = int(record[at + 124 : at + 135], 8)
        at += 512 + size + -size % 512
    return at


def test_a_whole_opening_passes_the_checks_of_a_custodian(rehearsed: Rehearsed) -> None:
    copy = copy_of(rehearsed.record)
    opening = check(copy, PLACE)
    assert not opening.warnings
    assert check_partials(copy, opening) == (1, 2)


def test_a_flipped_byte_before_the_files_is_not_trusted(rehearsed: Rehearsed) -> None:
    record, trust = rehearsed.record, trust_of(rehearsed.record)
    project, end = about(record)["project"], end_of_checkpoints(rehearsed.record)
    passed = []
    for at in range(0, end, end // 60):
        flipped = bytearray(record[:end])
        flipped[at] ^= 1
        try:
            container.read(io.BytesIO(bytes(flipped)), trust, project)
        except NotTrusted:
            continue
        passed.append(at)
    # header fields nobody relies on, and padding: the verifier's business, not a custodian's
    assert all(is_of_no_account(record, at) for at in passed), passed


def is_of_no_account(record: bytes, at: int) -> bool:
    start = 0
    while True:
        size = int(record[start + 124 : start + 135], 8)
        if at < start + 512:
            return True
        if at < start + 512 + size:
            return False
        start += 512 + size + -size % 512
        if at < start:
            return True


def test_another_log_or_timekeeper_is_not_trusted(rehearsed: Rehearsed) -> None:
    trust = trust_of(rehearsed.record)
    other = Trust(trust.timekeeper, trust.log, trust.service)
    with pytest.raises(NotTrusted):
        read(rehearsed.record, other)


def test_a_hidden_entry_stops_a_custodian(rehearsed: Rehearsed) -> None:
    copy = copy_of(rehearsed.record)
    hidden = replace(copy, hidden=1)
    with pytest.raises(NotTrusted, match="hidden"):
        check(hidden, PLACE)


def test_an_order_is_not_answered_before_its_time(rehearsed: Rehearsed) -> None:
    copy = copy_of(rehearsed.record)
    early = CosignedCheckpoint(copy.newest.checkpoint, 1, copy.newest.note)
    before = replace(copy, newest=early)
    with pytest.raises(NotTrusted, match="time"):
        check(before, PLACE)
