"""Bids over HTTP: admitted, refused with a signed answer, told to nobody who must not know."""

import base64
import json
from collections.abc import Iterator
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path
from typing import Any

import pytest

from crypto import signatures
from opening.messages import Refusal
from opening.state import Key
from tests.web import published
from tests.web.published import DEADLINE, PROJECT, key_of, put_record, seal
from tests.web.service import Person, Running, running


@dataclass
class Scene:
    """A published project with one bidder of a real account, and a rival."""

    service: Running
    key: Key
    admin: Person
    bidder: Person
    rival: Person
    organisation: str

    def submit(self, label: str, idempotency: str | None = None, **changes: Any) -> Any:
        sealed = seal(self.key, self.organisation, label, **changes)
        upload = published.upload(self.service, self.bidder, sealed.file)
        return self.bidder.project(
            PROJECT, published.command(sealed, self.bidder, upload), idempotency
        )


@pytest.fixture
def scene(tmp_path: Path) -> Iterator[Scene]:
    made = published.published()
    put_record(tmp_path, made)
    with running(tmp_path) as service:
        admin = service.first()
        alpha, beta = service.organisation(admin, "甲", "1"), service.organisation(admin, "乙", "2")
        bidder = service.join(admin, "alpha.wang", alpha, "bidder")
        rival = service.join(admin, "beta.li", beta, "bidder")
        for one in (bidder, rival):
            answer = one.project(PROJECT, {"type": "project.take_part"})
            assert answer.status_code == 200, answer.text
        yield Scene(service, key_of(made), admin, bidder, rival, alpha)


def test_a_bid_is_admitted_and_its_file_kept(scene: Scene) -> None:
    answer = scene.submit("one")
    assert answer.status_code == 200, answer.text
    (event,) = answer.json()["events"]
    assert event["type"] == "opening.bid_admitted"
    assert "seq" not in event
    root = scene.bidder.get(f"/api/projects/{PROJECT}").json()["bids"][0]["root"]
    assert scene.service.services.files.sealed(bytes.fromhex(root)).exists()


def test_the_same_bid_sent_again_gets_the_same_answer(scene: Scene) -> None:
    sealed = seal(scene.key, scene.organisation, "one")
    upload = published.upload(scene.service, scene.bidder, sealed.file)
    body = published.command(sealed, scene.bidder, upload)
    first, again = (scene.bidder.project(PROJECT, body, "my-bid") for _ in range(2))
    assert first.status_code == 200
    assert again.json() == first.json()


def test_a_bid_one_millisecond_late_gets_a_signed_refusal_on_the_record(scene: Scene) -> None:
    sealed = seal(scene.key, scene.organisation, "late")
    upload = published.upload(scene.service, scene.bidder, sealed.file)
    scene.service.clock.moment = DEADLINE
    bidder = scene.service.person("alpha.wang", scene.service.sign_in("alpha.wang").json()["token"])
    body = published.command(sealed, bidder, upload)
    answer = bidder.project(PROJECT, body)
    assert answer.status_code == 409
    assert answer.json()["code"] in {"bids.late", "bids.closed"}
    spki = bytes.fromhex(scene.service.http.get("/api/log/keys").json()["service"])
    payload = signatures.open_envelope(answer.json()["refusal"], Refusal.payload_type(), spki)
    refusal = Refusal.read(payload)
    sent = base64.b64decode(body["message"]["payload"])  # type: ignore[index]  # plain JSON
    assert refusal.received == sha256(sent).hexdigest()
    assert (refusal.project, refusal.at) == (PROJECT, DEADLINE)
    again = bidder.project(PROJECT, body, "another-id")
    assert again.json()["refusal"] == answer.json()["refusal"]
    receipt = bidder.get(f"/api/projects/{PROJECT}/receipts/{answer.json()['command']}")
    assert receipt.status_code == 202


def test_a_bid_for_another_size_than_uploaded_is_refused_on_the_record(scene: Scene) -> None:
    sealed = seal(scene.key, scene.organisation, "one")
    upload = published.upload(scene.service, scene.bidder, sealed.file + b"\0")
    answer = scene.bidder.project(PROJECT, published.command(sealed, scene.bidder, upload))
    assert (answer.status_code, answer.json()["code"]) == (422, "bids.size")
    assert "refusal" in answer.json()


def test_a_bid_that_another_signed_is_answered_and_not_recorded(scene: Scene) -> None:
    sealed = seal(scene.key, scene.organisation, "one")
    upload = published.upload(scene.service, scene.bidder, sealed.file)
    copied = published.command(sealed, scene.bidder, upload)
    answer = scene.rival.project(PROJECT, copied)
    assert answer.status_code in {404, 422}
    assert "refusal" not in answer.json()


def test_the_upload_of_another_bidder_is_as_if_it_were_not_there(scene: Scene) -> None:
    stolen = published.upload(scene.service, scene.rival, b"x" * 100)
    sealed = seal(scene.key, scene.organisation, "one")
    answer = scene.bidder.project(PROJECT, published.command(sealed, scene.bidder, stolen))
    assert (answer.status_code, answer.json()["code"]) == (404, "bids.no_upload")


def test_an_admitted_bid_sent_under_another_id_is_not_recorded_as_refused(scene: Scene) -> None:
    sealed = seal(scene.key, scene.organisation, "one")
    upload = published.upload(scene.service, scene.bidder, sealed.file)
    body = published.command(sealed, scene.bidder, upload)
    assert scene.bidder.project(PROJECT, body, "a").status_code == 200
    again = scene.bidder.project(PROJECT, body, "b")
    assert again.status_code in {404, 409, 422}
    assert "refusal" not in again.json()


def test_a_rival_sees_nothing_of_a_bid_before_the_close(scene: Scene) -> None:
    before = scene.rival.get(f"/api/projects/{PROJECT}").json()
    assert scene.submit("one").status_code == 200
    after = scene.rival.get(f"/api/projects/{PROJECT}").json()
    assert before == after
    assert scene.organisation not in json.dumps(after)


@pytest.mark.parametrize("path", ["record", "record?files=1"])
def test_nobody_gets_the_record_before_the_close(scene: Scene, path: str) -> None:
    answer = scene.rival.get(f"/api/projects/{PROJECT}/{path}")
    assert answer.json()["code"] in {"web.record_not_yet", "web.sealed_files_not_yours"}


def test_the_receipt_of_anothers_bid_is_not_there(scene: Scene) -> None:
    assert scene.submit("one", "my-bid").status_code == 200
    path = f"/api/projects/{PROJECT}/receipts/my-bid"
    assert scene.rival.get(path).status_code == 404
    assert scene.bidder.get(path).status_code == 202


def test_a_bidder_cannot_do_what_the_clerk_or_the_service_does(scene: Scene) -> None:
    place = {"section": "s1", "envelope": 1}
    for body in (
        {"type": "opening.close_bids", **place},
        {"type": "opening.announce_session", **place},
        {"type": "project.suspend_section", "section": "s1", "reason": "x"},
        {"type": "project.record_fetch", "document": "0" * 32, "organisation": "0" * 32},
    ):
        answer = scene.bidder.project(PROJECT, body)
        assert (answer.status_code, answer.json()["code"]) == (403, "project.not_permitted")


def test_another_projects_bidder_is_a_stranger_here(scene: Scene) -> None:
    gamma = scene.service.organisation(scene.admin, "丙", "3")
    stranger = scene.service.join(scene.admin, "gamma.sun", gamma, "bidder")
    answer = stranger.project(
        PROJECT, {"type": "project.ask_question", "section": "s1", "text": "?"}
    )
    assert (answer.status_code, answer.json()["code"]) == (403, "project.not_permitted")
