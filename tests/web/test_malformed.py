"""Whatever is sent, the answer is a reason: some hundred mangled commands, and no 5xx."""

import copy
import json
import os
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.web import published
from tests.web.published import PROJECT, put_record, seal
from tests.web.service import LIMITS, Person, Running, running

FULL = os.environ.get("KAIBIAO_FAULTS") == "full"
STEP = 1 if FULL else 23
"""Every how many bytes one is flipped."""

WRONG: tuple[Any, ...] = (None, 1.5, -1, 1 << 70, "", "\x00", "é\u202e" * 300, [], {}, [[[]]], True)


@pytest.fixture(scope="module")
def service(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Running]:
    folder: Path = tmp_path_factory.mktemp("malformed")
    put_record(folder, published.published())
    with running(folder) as started:
        yield started


@pytest.fixture(scope="module")
def bidder(service: Running) -> Person:
    admin = service.first()
    organisation = service.organisation(admin, "甲", "1")
    person = service.join(admin, "alpha.wang", organisation, "bidder", "clerk")
    assert person.project(PROJECT, {"type": "project.take_part"}).status_code == 200
    return person


@pytest.fixture(scope="module")
def bid(service: Running, bidder: Person) -> dict[str, Any]:
    made = published.published()
    organisation = bidder.get("/api/me").json()["organisation"]["organisation"]
    sealed = seal(published.key_of(made), organisation, "one")
    upload = published.upload(service, bidder, sealed.file)
    return dict(published.command(sealed, bidder, upload))


def send(service: Running, person: Person, path: str, content: bytes, name: str) -> None:
    """Send bytes as a command and see that the answer is a reason."""
    headers = person.headers(**{"idempotency-key": f"m-{name}", "content-type": "application/json"})
    answer = service.http.post(path, content=content, headers=headers)
    assert 400 <= answer.status_code < 500, (answer.status_code, content[:300], answer.text)
    told = answer.json()
    assert answer.headers["content-type"] == "application/problem+json"
    assert told["code"] != "web.internal"
    assert told["detail"]


def places(value: Any, path: tuple[Any, ...] = ()) -> Iterator[tuple[Any, ...]]:
    """Return the path of every value inside a JSON value."""
    if path:
        yield path
    inside = (
        value.items()
        if isinstance(value, dict)
        else enumerate(value)
        if isinstance(value, list)
        else ()
    )
    for key, item in inside:
        yield from places(item, (*path, key))


def changed(value: dict[str, Any], path: tuple[Any, ...], new: Any) -> bytes:
    """Return the bytes of a command with one value replaced."""
    mangled = copy.deepcopy(value)
    where: Any = mangled
    for step in path[:-1]:
        where = where[step]
    where[path[-1]] = new
    return json.dumps(mangled).encode()


def test_a_bid_with_any_value_replaced_is_answered_with_a_reason(
    service: Running, bidder: Person, bid: dict[str, Any]
) -> None:
    path = f"/api/projects/{PROJECT}/commands"
    for number, place in enumerate(places(bid)):
        for kind, wrong in enumerate(WRONG):
            send(service, bidder, path, changed(bid, place, wrong), f"v{number}-{kind}")


def test_a_bid_with_a_flipped_bit_is_answered_with_a_reason(
    service: Running, bidder: Person, bid: dict[str, Any]
) -> None:
    whole = json.dumps(bid).encode()
    for at in range(0, len(whole), STEP):
        flipped = bytearray(whole)
        flipped[at] ^= 1
        send(service, bidder, f"/api/projects/{PROJECT}/commands", bytes(flipped), f"f{at}")


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"null",
        b"[]",
        b"{",
        b'{"type":"opening.admit_bid"}',
        b'{"type":"project.take_part","type":"project.take_part"}',
        b'{"type":"project.take_part","more":1}',
        b'{"type":"registry.known_account"}',
        b'{"type":NaN}',
        b"\xff\xfe",
        b"[" * 50_000,
        b'{"a":' * 5_000,
        b'{"type":"\\ud800"}',
        b'{"type":"project.ask_question","section":"s1","text":"\\ud800"}',
        b'{"type":"project.ask_question","section":"s1","text":1e400}',
    ],
)
def test_what_is_no_command_is_answered_with_a_reason(
    service: Running, bidder: Person, content: bytes
) -> None:
    for path in (f"/api/projects/{PROJECT}/commands", "/api/registry/commands"):
        send(service, bidder, path, content, "odd")


def test_every_registry_command_with_any_value_replaced_is_answered_with_a_reason(
    service: Running, bidder: Person
) -> None:
    commands: list[dict[str, Any]] = [
        {"type": "registry.register_organisation", "name": "x", "kind": "uscc", "code": "y"},
        {"type": "registry.revoke_key", "account": "root", "keyid": "0" * 64, "reason": "r"},
        {
            "type": "registry.register_key",
            "message": {
                "payload": "e30=",
                "payloadType": "application/vnd.kaibiao.key-registration.v1+json",
                "signatures": [{"keyid": "0" * 64, "sig": "AA=="}],
            },
        },
    ]
    for number, body in enumerate(commands):
        send(service, bidder, "/api/registry/commands", json.dumps(body).encode(), f"r{number}")
        for place_number, place in enumerate(places(body)):
            for kind, wrong in enumerate(WRONG if FULL else WRONG[::3]):
                name = f"r{number}-{place_number}-{kind}"
                content = changed(body, place, wrong)
                send(service, bidder, "/api/registry/commands", content, name)


@pytest.mark.parametrize("key", ["", "a/b", "é", "x" * 65, "close/s1"])
def test_a_command_id_of_another_form_is_refused(
    service: Running, bidder: Person, key: str
) -> None:
    headers = {**bidder.headers(), "content-type": "application/json"}
    answer = service.http.post(
        f"/api/projects/{PROJECT}/commands",
        content=b"{}",
        headers=[*headers.items(), ("idempotency-key", key.encode())],  # type: ignore[arg-type]  # bytes as they are
    )
    assert (answer.status_code, answer.json()["code"]) == (422, "web.request_malformed")


def test_a_command_without_an_id_is_refused(service: Running, bidder: Person) -> None:
    answer = service.http.post(
        f"/api/projects/{PROJECT}/commands", json={}, headers=bidder.headers()
    )
    assert (answer.status_code, answer.json()["code"]) == (422, "web.request_malformed")


@pytest.mark.parametrize("project", ["0" * 32, "x", "registry", "%2e%2e", "A" * 32])
def test_a_project_that_never_began_is_not_there(bidder: Person, project: str) -> None:
    answer = bidder.project(project, {"type": "project.take_part"})
    assert answer.status_code in {404, 422}


def test_a_body_over_its_cap_is_refused_whether_told_or_found(
    service: Running, bidder: Person
) -> None:
    headers = bidder.headers(**{"idempotency-key": "long", "content-type": "application/json"})
    long = b" " * (LIMITS.small_body + 1)

    def pieces() -> Iterator[bytes]:
        yield from (long[i : i + 4096] for i in range(0, len(long), 4096))

    for content in (long, pieces()):
        answer = service.http.post("/api/registry/commands", content=content, headers=headers)
        assert (answer.status_code, answer.json()["code"]) == (413, "web.body_too_long")


def test_what_is_wrong_with_a_sign_in_is_told_without_the_password(service: Running) -> None:
    answer = service.http.post(
        "/api/session", json={"account": 5, "password": "hunter2-secret", "extra": "hunter3"}
    )
    assert answer.status_code == 422
    assert "hunter" not in answer.text
