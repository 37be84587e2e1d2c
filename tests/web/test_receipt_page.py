"""The printed receipt, over a real service with a real witness."""

import json
from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest

from crypto.receipts import check_receipt
from tests.needs import chinese_font
from tests.opening.world import PROJECT
from tests.waiting import wait_for
from tests.web import pdfs, tender
from tests.web.scene import Scene, going_on
from tests.web.tender import Tender
from tests.web.witness import SIGNER, witnessing


@pytest.fixture(scope="module")
def service(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Scene]:
    chinese_font()
    folder: Path = tmp_path_factory.mktemp("receipt")
    world = Tender().open_up()
    world.folder(folder)
    with witnessing() as (witness, url):
        changes = {
            "witness_url": url,
            "witness_vkey": SIGNER.verifier.encode(),
            "witness_patience": 5000,
        }
        with going_on(folder, world, changes) as made:
            witness.log = made.service.services.sequencer.log_key
            yield made


@pytest.fixture(scope="module")
def receipt(service: Scene) -> bytes:
    """Submit a bid and return its receipt, once the witness has seen it."""
    sealed = service.world.seal(1)
    where = service.create(len(sealed.file))
    service.patch(where, 0, sealed.file)
    body = service.world.admission(1, sealed, where.rsplit("/", 1)[1])
    assert tender.command(service.http, service.bidder, body, "bid").status_code == 200
    path = f"/api/projects/{PROJECT}/receipts/bid"

    def look() -> bytes | None:
        answer = service.http.get(path, headers=tender.headers(service.bidder))
        return answer.content if answer.status_code == 200 else None

    return wait_for(look)


def print_out(service: Scene, body: bytes, **more: str) -> httpx.Response:
    told = tender.headers(service.bidder, content_type="application/json", **more)
    return service.http.post("/api/receipt-page", content=body, headers=told)


def test_a_receipt_is_printed_with_itself_inside(service: Scene, receipt: bytes) -> None:
    answer = print_out(service, receipt)
    assert (answer.status_code, answer.headers["content-type"]) == (200, "application/pdf")
    assert pdfs.is_archival(answer.content)
    assert pdfs.has_attached(answer.content, receipt)


def test_a_page_says_which_bid_it_is_for(service: Scene, receipt: bytes) -> None:
    seen = pdfs.text(print_out(service, receipt).content)
    bid = json.loads(json.loads(receipt)["entry"])["command"]
    assert bid == "bid"
    for sealed in service.world.sealed.values():
        assert sealed.params.bid not in seen
    root = service.http.get(
        f"/api/projects/{PROJECT}", headers=tender.headers(service.bidder)
    ).json()["bids"][0]["root"]
    assert root in seen


def test_a_page_leads_to_the_check_of_its_entry_and_tells_nothing_else(
    service: Scene, receipt: bytes
) -> None:
    keys = service.http.get("/api/log/keys").json()
    leaf = check_receipt(receipt, keys["log"], keys["witness"]).leaf.hex()
    made = print_out(service, receipt).content
    address = f"{service.service.settings.origin_text}/check#{leaf}"
    assert f"/URI({address})".encode() in made
    assert address in pdfs.text(made).replace("\u200b", "")


@pytest.mark.parametrize("what", ["entry", "proof", "cut", "empty", "other"])
def test_nothing_is_printed_that_does_not_hold(service: Scene, receipt: bytes, what: str) -> None:
    bodies = {
        "entry": receipt.replace(b"bidder-1", b"bidder-2"),
        "proof": receipt.replace(b"timekeeper.example", b"somebody.example"),
        "cut": receipt[:-10],
        "empty": b"{}",
        "other": b'{"v":1,"entry":"<script>","proof":"x"}',
    }
    assert bodies[what] != receipt
    answer = print_out(service, bodies[what])
    assert (answer.status_code, answer.json()["code"]) == (422, "web.receipt_invalid")


def test_a_body_that_is_no_receipt_by_its_size_or_kind_is_not_read(service: Scene) -> None:
    assert print_out(service, b"x" * 70_000).status_code == 413
    told = tender.headers(service.bidder, content_type="text/plain")
    assert service.http.post("/api/receipt-page", content=b"{}", headers=told).status_code == 415
    assert service.http.post("/api/receipt-page", json={}).status_code == 401
