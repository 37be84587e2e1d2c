"""Passkeys: made by who knows the password, signed in with by who holds the device."""

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import httpx
import pytest

from tests.web.authenticator import Authenticator
from tests.web.service import PASSWORD, Person, Running, running
from web.passkeys import AGE

ORIGIN = "http://localhost:1"
OPTIONS = "/api/session/passkey/options"


@pytest.fixture
def service(tmp_path: Path) -> Iterator[Running]:
    with running(tmp_path, origin=ORIGIN) as started:
        yield started


@pytest.fixture
def admin(service: Running) -> Person:
    return service.first()


@pytest.fixture
def device() -> Authenticator:
    return Authenticator(ORIGIN, "localhost")


def asked(service: Running, person: Person, password: str = PASSWORD) -> httpx.Response:
    body = {"password": password, "name": "办公室电脑"}
    return service.http.post("/api/account/passkeys/options", json=body, headers=person.headers())


def put(service: Running, person: Person, answer: dict[str, Any]) -> httpx.Response:
    body = {"credential": answer}
    return service.http.post("/api/account/passkeys", json=body, headers=person.headers())


def made(service: Running, person: Person, device: Authenticator) -> str:
    answer = put(service, person, device.make(asked(service, person).json()))
    assert answer.status_code == 201, answer.text
    name: str = answer.json()["passkey"]
    return name


def comes_in(service: Running, device: Authenticator) -> httpx.Response:
    options = service.http.post("/api/session/passkey/options").json()
    return service.http.post("/api/session/passkey", json={"credential": device.sign(options)})


def code(answer: httpx.Response) -> str:
    return str(answer.json()["code"])


def test_a_passkey_signs_in_and_the_record_knows_it_by_a_hash(
    service: Running, admin: Person, device: Authenticator
) -> None:
    name = made(service, admin, device)
    service.clock.advance(1)
    answer = comes_in(service, device)
    assert answer.status_code == 200, answer.text
    back = service.person("root", answer.json()["token"])
    assert back.get("/api/me").json()["account"] == "root"
    listed = admin.get("/api/account/passkeys").json()["items"]
    assert [(one["passkey"], one["name"]) for one in listed] == [(name, "办公室电脑")]
    assert listed[0]["used"] == listed[0]["since"] + 1
    assert "httponly" in answer.headers["set-cookie"].lower()


def test_only_who_knows_the_password_begins_one(service: Running, admin: Person) -> None:
    answer = asked(service, admin, "not the password")
    assert (answer.status_code, code(answer)) == (403, "web.old_password_wrong")


def test_a_challenge_counts_once_and_for_five_minutes(
    service: Running, admin: Person, device: Authenticator
) -> None:
    answer = device.make(asked(service, admin).json())
    service.clock.advance(AGE)
    assert code(put(service, admin, answer)) == "registry.passkey_too_late"
    made(service, admin, device)
    options = service.http.post("/api/session/passkey/options").json()
    signed = {"credential": device.sign(options)}
    assert service.http.post("/api/session/passkey", json=signed).status_code == 200
    assert code(service.http.post("/api/session/passkey", json=signed)) == "web.passkey_too_late"


def test_who_was_signing_in_while_the_service_was_started_again_is_told_to_begin_anew(
    tmp_path: Path, device: Authenticator
) -> None:
    with running(tmp_path, origin=ORIGIN) as before:
        admin = before.first()
        made(before, admin, device)
        signed = {"credential": device.sign(before.http.post(OPTIONS).json())}
        half_made = device.make(asked(before, admin).json())
    with running(tmp_path, origin=ORIGIN) as after:
        english = {"accept-language": "en"}
        answer = after.http.post("/api/session/passkey", json=signed, headers=english)
        assert (answer.status_code, code(answer)) == (401, "web.passkey_too_late")
        assert "started again" in answer.json()["detail"]
        again = after.person("root", admin.token)
        assert code(put(after, again, half_made)) == "registry.passkey_too_late"
        assert comes_in(after, device).status_code == 200


def test_a_challenge_of_one_purpose_or_person_is_none_of_another(
    service: Running, admin: Person, device: Authenticator
) -> None:
    wang = service.join(admin, "wang", service.organisation(admin, "甲公司", "A-1"), "bidder")
    answer = device.make(asked(service, wang).json())
    assert code(put(service, admin, answer)) == "registry.passkey_too_late"
    options = service.http.post("/api/session/passkey/options").json()
    user = asked(service, admin).json()["user"]
    assert code(put(service, admin, device.make({**options, "user": user}))) == (
        "registry.passkey_too_late"
    )


@pytest.mark.parametrize(
    "changes",
    [{"verifies": False}, {"origin": "https://evil.example"}, {"rp": "evil.example"}],
    ids=["user not verified", "another origin", "another site"],
)
def test_a_device_that_is_not_asked_by_us_or_knows_not_whom_it_serves_is_refused(
    service: Running, admin: Person, device: Authenticator, changes: dict[str, Any]
) -> None:
    options = asked(service, admin).json()
    wrong = replace(device, **changes)
    assert code(put(service, admin, wrong.make(options))) == "registry.passkey_not_proved"
    made(service, admin, device)
    wrong = replace(device, **changes)
    assert code(comes_in(service, wrong)) == "web.passkey_failed"
    assert comes_in(service, device).status_code == 200


def test_a_copied_passkey_is_found_by_its_counter(
    service: Running, admin: Person, device: Authenticator
) -> None:
    made(service, admin, device)
    copy = replace(device)
    assert comes_in(service, device).status_code == 200
    assert code(comes_in(service, copy)) == "web.passkey_failed"
    assert comes_in(service, device).status_code == 200


def test_one_credential_belongs_to_one_account(
    service: Running, admin: Person, device: Authenticator
) -> None:
    made(service, admin, device)
    wang = service.join(admin, "wang", service.organisation(admin, "甲公司", "A-1"), "bidder")
    answer = put(service, wang, device.make(asked(service, wang).json()))
    assert (answer.status_code, code(answer)) == (409, "registry.passkey_taken")


def test_a_removed_passkey_or_a_disabled_account_comes_in_no_more(
    service: Running, admin: Person, device: Authenticator
) -> None:
    wang = service.join(admin, "wang", service.organisation(admin, "甲公司", "A-1"), "bidder")
    name = made(service, wang, device)
    disable = {"type": "registry.disable_account", "account": "wang", "reason": "left"}
    enable = {"type": "registry.enable_account", "account": "wang", "reason": "back"}
    assert admin.registry(disable).status_code == 200
    assert comes_in(service, device).status_code == 401
    assert admin.registry(enable).status_code == 200
    assert comes_in(service, device).status_code == 200
    remove = {"type": "registry.remove_passkey", "account": "wang", "passkey": name}
    assert admin.registry(remove).status_code == 200
    assert comes_in(service, device).status_code == 401
    answer = admin.registry(remove, "again")
    assert (answer.status_code, code(answer)) == (404, "registry.no_such_passkey")


def test_nobody_removes_the_passkey_of_another(
    service: Running, admin: Person, device: Authenticator
) -> None:
    name = made(service, admin, device)
    wang = service.join(admin, "wang", service.organisation(admin, "甲公司", "A-1"), "bidder")
    remove = {"type": "registry.remove_passkey", "account": "root", "passkey": name}
    assert code(wang.registry(remove)) == "registry.not_permitted"


@pytest.mark.parametrize(
    "credential",
    [{}, {"id": 7}, {"id": "AA", "response": {"clientDataJSON": "e30"}}, {"response": []}],
)
def test_nonsense_is_refused(service: Running, admin: Person, credential: dict[str, Any]) -> None:
    assert code(put(service, admin, credential)) == "registry.passkey_not_proved"
    answer = service.http.post("/api/session/passkey", json={"credential": credential})
    assert (answer.status_code, code(answer)) == (401, "web.passkey_failed")
