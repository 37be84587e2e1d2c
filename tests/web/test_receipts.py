"""Receipts over HTTP, with a real witness that may be away."""

import json
from collections.abc import Callable, Iterator
from pathlib import Path

import httpx
import pytest

from crypto.checkpoints import open_cosigned
from crypto.notes import VerifierKey
from crypto.receipts import ReceiptInvalid, check_receipt
from tests.waiting import wait_for
from tests.web import published
from tests.web.published import PROJECT, put_record
from tests.web.service import Person, Running, running
from tests.web.witness import SIGNER, Witness, witnessing

VKEY = SIGNER.verifier.encode()


@pytest.fixture
def witness() -> Iterator[tuple[Witness, str]]:
    with witnessing() as started:
        yield started


@pytest.fixture
def service(tmp_path: Path, witness: tuple[Witness, str]) -> Iterator[Running]:
    put_record(tmp_path, published.published())
    changes = {"witness_url": witness[1], "witness_vkey": VKEY, "witness_patience": 300}
    with running(tmp_path, **changes) as started:
        witness[0].log = started.services.sequencer.log_key
        yield started


@pytest.fixture
def bidder(service: Running) -> Person:
    admin = service.first()
    return service.join(admin, "wang", service.organisation(admin, "甲", "1"), "bidder")


def receipt_of(bidder: Person, command: str) -> httpx.Response:
    """Ask for a receipt until it is whole."""
    answer = wait_for(lambda: told(bidder, command, lambda it: it.status_code != 202))
    assert answer.status_code == 200, answer.text
    return answer


def told(
    bidder: Person, command: str, is_wanted: Callable[[httpx.Response], bool]
) -> httpx.Response | None:
    """Return what is told of a receipt, once it is what is wanted."""
    answer = bidder.get(f"/api/projects/{PROJECT}/receipts/{command}")
    return answer if is_wanted(answer) else None


def keys(service: Running) -> tuple[str, str]:
    named = service.http.get("/api/log/keys").json()
    return named["log"], named["witness"]


def test_a_receipt_can_be_checked_offline(service: Running, bidder: Person) -> None:
    assert bidder.project(PROJECT, {"type": "project.take_part"}, "part").json()["receipts"] is True
    receipt = receipt_of(bidder, "part").content
    checked = check_receipt(receipt, *keys(service))
    entry = json.loads(receipt)["entry"]
    assert json.loads(entry)["body"]["account"] == "wang"
    assert "seq" not in json.loads(entry)
    assert checked.checkpoint.size > 0


def test_a_changed_receipt_does_not_hold(service: Running, bidder: Person) -> None:
    bidder.project(PROJECT, {"type": "project.take_part"}, "part")
    receipt = receipt_of(bidder, "part").content
    with pytest.raises(ReceiptInvalid):
        check_receipt(receipt.replace(b"wang", b"wong"), *keys(service))


def test_while_the_witness_is_away_the_answer_says_so_and_the_receipt_follows(
    service: Running, bidder: Person, witness: tuple[Witness, str]
) -> None:
    witness[0].is_away = True
    assert bidder.project(PROJECT, {"type": "project.take_part"}, "part").status_code == 200
    waiting = wait_for(lambda: told(bidder, "part", lambda it: "receipt" in it.json()))
    assert waiting.status_code == 202
    assert waiting.json()["state"] == "not_witnessed"
    assert waiting.json()["receipt"]["v"] == 1
    witness[0].is_away = False
    check_receipt(receipt_of(bidder, "part").content, *keys(service))


def test_the_newest_checkpoint_is_public_and_cosigned(service: Running, bidder: Person) -> None:
    bidder.project(PROJECT, {"type": "project.take_part"}, "part")
    receipt_of(bidder, "part")
    note = service.http.get("/api/log/checkpoint").content
    log, seen_by = keys(service)
    head = open_cosigned(note, VerifierKey.decode(log), VerifierKey.decode(seen_by))
    assert head.checkpoint.size > 0


def test_what_a_bidder_relies_on_is_proven_entry_by_entry(service: Running, bidder: Person) -> None:
    bidder.project(PROJECT, {"type": "project.take_part"}, "part")
    receipt_of(bidder, "part")
    notice = bidder.get(f"/api/projects/{PROJECT}/proven", params={"kind": "notice"}).json()
    key = bidder.get(
        f"/api/projects/{PROJECT}/proven", params={"kind": "key", "section": "s1", "envelope": 1}
    ).json()
    types = []
    for shown in (notice, key):
        assert shown["complete"] is True
        for receipt in shown["receipts"]:
            check_receipt(receipt.encode(), *keys(service))
            types.append(json.loads(json.loads(receipt)["entry"])["type"])
    assert types == [
        "project.notice_published",
        "opening.bids_opened_up",
        "opening.ceremony_started",
        "opening.key_made",
    ]


def test_a_key_or_ceremony_that_is_not_there_is_told_so(bidder: Person) -> None:
    for params, code in (
        ({"kind": "key", "section": "s2", "envelope": 1}, "web.no_such_key"),
        ({"kind": "ceremony", "sid": "0" * 64}, "web.no_such_ceremony"),
        ({"kind": "anything"}, "web.request_malformed"),
    ):
        answer = bidder.get(f"/api/projects/{PROJECT}/proven", params=params)
        assert answer.json()["code"] == code
