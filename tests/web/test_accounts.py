from collections.abc import Iterator
from pathlib import Path

import pytest

from registry.accounts import INVITATION_AGE
from tests.web.service import LIMITS, PASSWORD, T0, Person, Running, running
from web.settings import Rate

HOUR = 3_600_000


@pytest.fixture
def service(tmp_path: Path) -> Iterator[Running]:
    with running(tmp_path) as started:
        yield started


@pytest.fixture
def admin(service: Running) -> Person:
    return service.first()


def test_the_first_administrator_is_made_with_the_printed_token_and_only_once(
    service: Running,
) -> None:
    assert service.http.get("/api/about").json()["empty"] is True
    service.first()
    assert service.http.get("/api/about").json()["empty"] is False
    body = {
        "token": service.services.first_token,
        "organisation": "乙公司",
        "kind": "other",
        "code": "2",
        "account": "second",
        "name": "二",
        "password": PASSWORD,
    }
    assert (
        service.http.post("/api/registry/first", json=body).json()["code"] == "registry.not_empty"
    )
    wrong = {**body, "token": "0" * 64}
    answer = service.http.post("/api/registry/first", json=wrong)
    assert (answer.status_code, answer.json()["code"]) == (403, "registry.first_token_wrong")


def test_the_link_of_the_first_run_is_printed_with_its_token_behind_the_hash(
    tmp_path: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    with running(tmp_path) as service:
        token = service.services.first_token
    printed = capfd.readouterr().out
    assert f"/first#{token}" in printed


@pytest.mark.usefixtures("admin")
def test_who_signs_in_is_known_by_bearer_and_by_cookie(service: Running) -> None:
    answer = service.sign_in("root")
    token = answer.json()["token"]
    cookie = answer.headers["set-cookie"]
    assert "HttpOnly" in cookie
    assert "SameSite=strict" in cookie
    bearer = service.http.get("/api/me", headers={"authorization": f"Bearer {token}"})
    assert bearer.json()["account"] == "root"
    by_cookie = service.http.get("/api/me", headers={"cookie": f"kaibiao={token}"})
    assert by_cookie.json()["account"] == "root"


@pytest.mark.parametrize(
    ("account", "password"), [("root", "wrong password"), ("nobody", PASSWORD), ("root", "x" * 900)]
)
@pytest.mark.usefixtures("admin")
def test_a_wrong_password_and_an_unknown_account_get_one_answer(
    service: Running, account: str, password: str
) -> None:
    answer = service.sign_in(account, password)
    assert answer.status_code == 401
    assert answer.json()["code"] == "web.sign_in_failed"
    assert password not in answer.text


def test_after_some_wrong_passwords_the_next_try_waits(tmp_path: Path) -> None:
    limits = LIMITS.model_copy(update={"sign_in_by_account": Rate(burst=3, refill_ms=10_000)})
    with running(tmp_path, limits=limits) as service:
        service.first()
        tried = [service.sign_in("root", "wrong password").status_code for _ in range(4)]
        assert tried == [401, 401, 401, 429]
        blocked = service.sign_in("root")
        assert blocked.json()["code"] == "web.too_many_requests"
        assert blocked.headers["retry-after"] == "10"
        service.clock.advance(10_000)
        assert service.sign_in("root").status_code == 200


def test_signing_in_rightly_costs_no_try(tmp_path: Path) -> None:
    limits = LIMITS.model_copy(update={"sign_in_by_account": Rate(burst=2, refill_ms=10_000)})
    with running(tmp_path, limits=limits) as service:
        service.first()
        assert {service.sign_in("root").status_code for _ in range(6)} == {200}


def test_a_session_ends_when_it_is_not_used(service: Running, admin: Person) -> None:
    service.clock.advance(LIMITS.session_idle - 1)
    assert admin.get("/api/me").status_code == 200
    service.clock.advance(LIMITS.session_idle)
    answer = admin.get("/api/me")
    assert (answer.status_code, answer.json()["code"]) == (401, "web.sign_in_first")


def test_a_session_ends_at_its_age_however_much_it_is_used(service: Running, admin: Person) -> None:
    last = T0 + LIMITS.session_age
    while service.clock.moment + 6 * HOUR < last:
        service.clock.advance(6 * HOUR)
        assert admin.get("/api/me").status_code == 200
    service.clock.moment = last
    assert admin.get("/api/me").status_code == 401


def test_a_session_lives_through_a_restart_and_not_after_signing_out(tmp_path: Path) -> None:
    with running(tmp_path) as service:
        token = service.first().token
    with running(tmp_path) as service:
        person = service.person("root", token)
        assert person.get("/api/me").status_code == 200
        assert service.http.delete("/api/session", headers=person.headers()).status_code == 204
        assert person.get("/api/me").status_code == 401
    with running(tmp_path) as service:
        assert service.person("root", token).get("/api/me").status_code == 401


def test_a_stolen_cookie_is_no_use_to_a_page_of_another_site(
    service: Running, admin: Person
) -> None:
    cookie = {"cookie": f"kaibiao={admin.token}", "idempotency-key": "c1"}
    body = {"type": "registry.choose_language", "language": "en"}
    for origin in ({}, {"origin": "https://evil.example"}, {"origin": "null"}):
        answer = service.http.post(
            "/api/registry/commands", json=body, headers={**cookie, **origin}
        )
        assert (answer.status_code, answer.json()["code"]) == (403, "web.other_site")
    ours = {"origin": service.settings.origin_text}
    answer = service.http.post("/api/registry/commands", json=body, headers={**cookie, **ours})
    assert answer.status_code == 200


@pytest.mark.usefixtures("admin")
def test_another_site_cannot_sign_its_visitor_in(service: Running) -> None:
    body = {"account": "root", "password": PASSWORD}
    answer = service.http.post(
        "/api/session", json=body, headers={"origin": "https://evil.example"}
    )
    assert answer.json()["code"] == "web.other_site"


@pytest.mark.usefixtures("admin")
def test_a_form_of_another_type_is_not_read(service: Running) -> None:
    headers = {"content-type": "text/plain"}
    answer = service.http.post("/api/session", content=b"{}", headers=headers)
    assert (answer.status_code, answer.json()["code"]) == (415, "web.not_json")


def test_an_invitation_counts_once_and_the_next_one_voids_it(
    service: Running, admin: Person
) -> None:
    organisation = service.organisation(admin, "甲公司", "A-1")
    service.join(admin, "wang", organisation, "bidder")
    service.clock.advance(1)
    first = service.invite(admin, "wang")
    service.clock.advance(1)
    second = service.invite(admin, "wang")
    codes = [
        service.http.post("/api/registry/invitations", json={"token": token, "password": PASSWORD})
        .json()
        .get("code")
        for token in (first, second, second)
    ]
    assert codes == ["registry.invitation_unknown", None, "registry.invitation_unknown"]


def test_an_invitation_expires(service: Running, admin: Person) -> None:
    organisation = service.organisation(admin, "甲公司", "A-1")
    service.join(admin, "wang", organisation, "bidder")
    service.clock.advance(1)
    token = service.invite(admin, "wang")
    service.clock.advance(INVITATION_AGE)
    body = {"token": token, "password": PASSWORD}
    answer = service.http.post("/api/registry/invitations", json=body)
    assert (answer.status_code, answer.json()["code"]) == (409, "registry.invitation_expired")


def test_a_changed_password_ends_the_other_sessions(service: Running, admin: Person) -> None:
    other = service.person("root", service.sign_in("root").json()["token"])
    body = {"old": PASSWORD, "new": "another good one"}
    changed = service.http.post("/api/account/password", json=body, headers=admin.headers())
    assert changed.status_code == 204
    assert admin.get("/api/me").status_code == 200
    assert other.get("/api/me").status_code == 401
    assert service.sign_in("root").status_code == 401
    assert service.sign_in("root", "another good one").status_code == 200


def test_a_password_is_changed_only_by_who_knows_the_old_one(
    service: Running, admin: Person
) -> None:
    body = {"old": "not the old one", "new": "another good one"}
    answer = service.http.post("/api/account/password", json=body, headers=admin.headers())
    assert (answer.status_code, answer.json()["code"]) == (403, "web.old_password_wrong")
    short = {"old": PASSWORD, "new": "short"}
    answer = service.http.post("/api/account/password", json=short, headers=admin.headers())
    assert (answer.status_code, answer.json()["code"]) == (422, "web.password_length")
    assert "short" not in answer.text.replace("shortest", "")


def test_a_disabled_account_is_out_at_once(service: Running, admin: Person) -> None:
    organisation = service.organisation(admin, "甲公司", "A-1")
    wang = service.join(admin, "wang", organisation, "bidder")
    assert wang.get("/api/me").status_code == 200
    body = {"type": "registry.disable_account", "account": "wang", "reason": "left"}
    assert admin.registry(body).status_code == 200
    assert wang.get("/api/me").status_code == 401
    assert service.sign_in("wang").json()["code"] == "web.sign_in_failed"
    enable = {"type": "registry.enable_account", "account": "wang", "reason": "back"}
    assert admin.registry(enable).status_code == 200
    assert wang.get("/api/me").status_code == 401
    assert service.sign_in("wang").status_code == 200


def test_no_secret_stands_in_record_tables_or_log(
    tmp_path: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    with running(tmp_path) as service:
        admin = service.first()
        organisation = service.organisation(admin, "甲公司", "A-1")
        wang = service.join(admin, "wang", organisation, "bidder")
        service.clock.advance(1)
        invitation = service.invite(admin, "wang")
        first = service.services.first_token
    kept = b"".join(path.read_bytes() for path in tmp_path.glob("record.db*"))
    captured = capfd.readouterr()
    logged = (captured.err + captured.out).replace(f"first#{first}", "")
    for secret in (PASSWORD, admin.token, wang.token, invitation, first):
        assert secret.encode() not in kept
        assert secret not in logged


def test_answers_come_in_the_language_asked_for_or_chosen(service: Running, admin: Person) -> None:
    said = service.http.get("/api/me", headers={"accept-language": "en-GB,en;q=0.8"})
    assert said.json()["detail"].startswith("Nobody is signed in")
    assert "登录" in service.http.get("/api/me").json()["detail"]
    body = {"type": "registry.choose_language", "language": "en"}
    assert admin.registry(body).status_code == 200
    assert admin.registry(body, "again").json()["detail"] == "There is nothing to change."


def test_every_answer_carries_the_security_headers(service: Running) -> None:
    for path in ("/api/about", "/nothing/here", "/api/me"):
        headers = service.http.get(path).headers
        assert "script-src 'self'" in headers["content-security-policy"]
        assert headers["x-content-type-options"] == "nosniff"
        assert "server" not in headers
        assert len(headers["x-request-id"]) == 16
