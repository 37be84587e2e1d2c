"""Sessions of one's own, invitations looked at, applications, reports of browsers, health."""

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import pytest
from structlog.testing import capture_logs

from tests.web.service import CODES, LIMITS, Person, Running, running
from web.applications import KEPT
from web.csp_counts import KINDS, OTHERS
from web.settings import Rate

APPLICATION = {
    "organisation": "甲建设有限公司",
    "code": CODES[1],
    "person": "王某",
    "account": "alpha.wang",
    "phone": "0571-1",
    "email": "wang@example.cn",
}


@pytest.fixture
def service(tmp_path: Path) -> Iterator[Running]:
    with running(tmp_path) as started:
        yield started


@pytest.fixture
def admin(service: Running) -> Person:
    return service.first()


def apply(service: Running, **changes: str) -> str:
    answer = service.http.post("/api/applications", json={**APPLICATION, **changes})
    assert answer.status_code == 201, answer.text
    reference: str = answer.json()["reference"]
    return reference


def the_one(admin: Person) -> str:
    """Return what the only application that waits is named by."""
    (listed,) = admin.get("/api/registry/applications").json()["items"]
    application: str = listed["application"]
    return application


def decide(admin: Person, application: str, **body: str) -> Any:
    path = f"/api/registry/applications/{application}/decision"
    return admin.http.post(path, json=body, headers=admin.headers())


def test_sessions_are_listed_with_where_they_began_and_ended_one_by_one(
    service: Running, admin: Person
) -> None:
    firefox = {"user-agent": "Mozilla/5.0 (Windows NT 10.0; rv:140.0) Gecko/1 Firefox/140.0"}
    body = {"account": "root", "password": "correct horse battery"}
    service.clock.advance(1000)
    token = service.http.post("/api/session", json=body, headers=firefox).json()["token"]
    other = service.person("root", token)
    listed = admin.get("/api/account/sessions").json()["items"]
    assert (listed[0]["device"], listed[0]["current"]) == ("Firefox 140, Windows", False)
    assert listed[0]["address"] == "127.0.0.1"
    assert [one["current"] for one in listed] == [False, True]
    path = "/api/account/sessions/" + listed[0]["session"]
    assert service.http.delete(path, headers=admin.headers()).status_code == 204
    assert other.get("/api/me").status_code == 401
    assert service.http.delete(path, headers=admin.headers()).status_code == 404


def test_all_other_sessions_end_at_once_and_nobody_elses(service: Running, admin: Person) -> None:
    wang = service.join(admin, "wang", service.organisation(admin, "甲公司", "A-1"), "bidder")
    others = [service.person("root", service.sign_in("root").json()["token"]) for _ in range(2)]
    answer = service.http.delete("/api/account/sessions", headers=admin.headers())
    assert answer.status_code == 204
    assert [one.get("/api/me").status_code for one in (*others, admin, wang)] == [
        401,
        401,
        200,
        200,
    ]


def test_an_invitation_can_be_looked_at_before_it_is_accepted(
    service: Running, admin: Person
) -> None:
    service.join(admin, "wang", service.organisation(admin, "甲公司", "A-1"), "bidder")
    service.clock.advance(1)
    token = service.invite(admin, "wang")
    look = "/api/registry/invitations/look"
    told = service.http.post(look, json={"token": token}).json()
    assert (told["account"], told["organisation_name"]) == ("wang", "甲公司")
    wrong = service.http.post(look, json={"token": "x"})
    assert (wrong.status_code, wrong.json()["code"]) == (404, "registry.invitation_unknown")


def test_an_application_waits_and_its_applicant_is_told_the_outcome(
    service: Running, admin: Person
) -> None:
    reference = apply(service)
    asked = {"reference": f"{reference[:4]}-{reference[4:].lower()}"}
    ask = "/api/applications/status"
    assert service.http.post(ask, json=asked).json()["status"] == "open"
    (listed,) = admin.get("/api/registry/applications").json()["items"]
    assert (listed["account"], listed["known"], listed["taken"]) == ("alpha.wang", None, False)
    application = listed["application"]
    missing = decide(admin, application, decision="declined")
    assert missing.json()["code"] == "registry.reason_missing"
    assert decide(admin, application, decision="declined", reason="名称不符").status_code == 204
    told = service.http.post(ask, json=asked).json()
    assert (told["reference"], told["status"]) == (reference, "declined")
    assert told["reason"] == "名称不符"
    again = decide(admin, application, decision="declined", reason="名称不符")
    assert again.json()["code"] == "registry.application_decided"


def test_an_applicants_reference_is_known_to_the_applicant_alone(
    service: Running, admin: Person, tmp_path: Path
) -> None:
    with capture_logs() as logged:
        reference = apply(service)
        application = the_one(admin)
        service.http.post("/api/applications/status", json={"reference": reference})
        told = [admin.get("/api/registry/applications").text, admin.get("/admin/applications").text]
        assert decide(admin, application, decision="declined", reason="r").status_code == 204
        told.append(admin.get("/admin/applications?status=declined").text)
    assert sum(one["event"] == "request" for one in logged) >= 6
    assert all(application in one for one in told)
    assert not [one for one in (*told, str(logged)) if reference in one]
    kept = b"".join(path.read_bytes() for path in tmp_path.glob("record.db*"))
    assert application.encode() in kept
    assert reference.encode() not in kept
    asked = {"reference": application}
    answer = service.http.post("/api/applications/status", json=asked)
    assert answer.json()["code"] == "registry.no_such_application"


def test_of_several_who_decide_at_once_one_is_told_that_it_was_decided(
    service: Running, admin: Person
) -> None:
    reference, application = apply(service), the_one(admin)
    reasons = [f"reason {number}" for number in range(8)]

    def declines(reason: str) -> int:
        answer = decide(admin, application, decision="declined", reason=reason)
        return int(answer.status_code)

    with ThreadPoolExecutor(len(reasons)) as people:
        answers = dict(zip(reasons, people.map(declines, reasons), strict=True))
    assert sorted(answers.values()) == [204, *[409] * 7]
    asked = {"reference": reference}
    told = service.http.post("/api/applications/status", json=asked).json()
    assert answers[told["reason"]] == 204


def test_an_application_is_approved_only_after_its_account_is_there(
    service: Running, admin: Person
) -> None:
    apply(service)
    application = the_one(admin)
    early = decide(admin, application, decision="approved")
    assert early.json()["code"] == "registry.account_not_opened"
    entered = {
        "type": "registry.register_organisation",
        "name": "甲建设有限公司",
        "kind": "uscc",
        "code": CODES[1],
    }
    organisation = admin.registry(entered).json()["events"][0]["organisation"]
    service.join(admin, "alpha.wang", organisation, "bidder")
    told = admin.get("/api/registry/applications").json()["items"][0]
    assert (told["known"], told["opened"], told["taken"]) == (organisation, True, False)
    assert decide(admin, application, decision="approved").status_code == 204
    params = {"status": "approved"}
    listed = admin.get("/api/registry/applications", params=params).json()["items"]
    assert [one["decider"] for one in listed] == ["root"]


@pytest.mark.usefixtures("admin")
@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"code": CODES[1][:-1] + "0"}, "registry.code_not_valid"),
        ({"account": "root"}, "registry.account_taken"),
        ({"account": "service"}, "registry.name_reserved"),
        ({"account": "Not OK"}, "web.body_malformed"),
        ({"email": "nobody"}, "web.body_malformed"),
        ({"person": "  "}, "web.body_malformed"),
    ],
)
def test_an_application_that_cannot_become_an_account_is_refused(
    service: Running, changes: dict[str, str], code: str
) -> None:
    answer = service.http.post("/api/applications", json={**APPLICATION, **changes})
    assert answer.json()["code"] == code


def test_applications_are_bounded_by_address_and_altogether(tmp_path: Path) -> None:
    few = LIMITS.model_copy(update={"applications_by_address": Rate(burst=2, refill_ms=60_000)})
    with running(tmp_path, limits=few) as service:
        service.first()
        for account in ("a", "b"):
            apply(service, account=account)
        answer = service.http.post("/api/applications", json={**APPLICATION, "account": "c"})
        assert (answer.status_code, answer.json()["code"]) == (429, "web.too_many_requests")
    few = LIMITS.model_copy(update={"applications_open": 2})
    with running(tmp_path, limits=few) as service:
        answer = service.http.post("/api/applications", json={**APPLICATION, "account": "c"})
        assert answer.json()["code"] == "registry.too_many_applications"


def test_of_several_who_apply_for_the_last_place_one_gets_it(tmp_path: Path) -> None:
    few = LIMITS.model_copy(update={"applications_open": 1})
    with running(tmp_path, limits=few) as service:
        admin = service.first()

        def applies(number: int) -> int:
            body = {**APPLICATION, "account": f"a{number}"}
            return service.http.post("/api/applications", json=body).status_code

        with ThreadPoolExecutor(8) as people:
            assert sorted(people.map(applies, range(8))) == [201, *[503] * 7]
        assert the_one(admin)


def test_a_decided_application_is_forgotten_in_time(service: Running, admin: Person) -> None:
    reference = apply(service)
    assert decide(admin, the_one(admin), decision="declined", reason="r").status_code == 204
    service.clock.advance(KEPT + 1)
    apply(service)
    answer = service.http.post("/api/applications/status", json={"reference": reference})
    assert answer.json()["code"] == "registry.no_such_application"


def test_reports_of_browsers_are_counted_by_kind_and_no_further(
    service: Running, admin: Person
) -> None:
    def report(body: Any) -> int:
        return service.http.post("/api/csp-reports", json=body).status_code

    assert report({"csp-report": {"effective-directive": "script-src-elem"}}) == 204
    assert report([{"body": {"effectiveDirective": "img-src"}}, {"body": 7}, 8]) == 204
    for number in range(2 * KINDS):
        word = "x" + "".join(chr(97 + int(digit)) for digit in str(number))
        assert report({"csp-report": {"violated-directive": f"{word} 'self'"}}) == 204
    with capture_logs() as logged:
        assert report({"csp-report": {"effective-directive": "SECRET <b>"}}) == 204
    assert [one["kind"] for one in logged if one["event"] == "csp"] == [OTHERS]
    assert "SECRET" not in str(logged)
    assert service.http.post("/api/csp-reports", content=b"{").status_code == 422
    told = admin.get("/api/admin/health").json()["parts"]["reports"]
    assert told["count"] == 2 * KINDS + 3
    assert len(told["kinds"]) == KINDS + 1
    assert told["kinds"]["script-src-elem"] == told["kinds"]["img-src"] == 1
    assert "SECRET" not in str(told)


def test_health_is_told_to_administrators_alone(service: Running, admin: Person) -> None:
    wang = service.join(admin, "wang", service.organisation(admin, "甲公司", "A-1"), "bidder")
    assert wang.get("/api/admin/health").status_code == 403
    told = admin.get("/api/admin/health").json()
    assert told["state"] == "bad"
    assert told["parts"]["timekeeper"] | {"size": 0, "waiting": 0} == {
        "state": "bad",
        "set_up": False,
        "size": 0,
        "waiting": 0,
    }
    assert told["parts"]["database"]["sessions"] == 2
    assert told["parts"]["disk"]["state"] == "good"
