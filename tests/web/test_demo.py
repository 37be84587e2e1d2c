"""A demo's guide and who is here; an installation that is no demo has neither."""

import json
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.web.service import CODES, Person, Running, running
from web.demo import HERE, SHOWN, Guide

ROUND = "a" * 32
GUIDE = {
    "sign_ins": [
        {
            "account": "clerk",
            "role": "clerk",
            "name": "林述",
            "organisation": "正衡（演示）",
            "password": "c0ff-ee00-1234",
        }
    ],
    "rounds": [ROUND],
    "current": {"project": ROUND, "place": "s1-1", "title": "第 1 场"},
    "standing": "",
    "opened": "",
}


@pytest.fixture
def service(tmp_path: Path) -> Iterator[Running]:
    guide = tmp_path / "guide.json"
    guide.write_text(json.dumps(GUIDE))
    with running(tmp_path / "data", demo_guide=guide) as started:
        yield started


@pytest.fixture
def admin(service: Running) -> Person:
    return service.first()


def say(service: Running, who: Person, *, plays: bool) -> dict[str, object]:
    answer = service.http.post("/api/demo/here", json={"plays": plays}, headers=who.headers())
    assert answer.status_code == 200, answer.text
    told: dict[str, object] = answer.json()
    return told


def here(admin: Person) -> set[str]:
    return set(admin.get("/api/demo/here").json()["accounts"])


@pytest.mark.usefixtures("admin")
def test_the_guide_shows_everybody_how_to_sign_in(service: Running) -> None:
    told = service.http.get("/demo").text
    assert "c0ff-ee00-1234" in told
    assert f"/projects/{ROUND}/hall/s1-1" in told


def test_whoever_plays_is_here_until_a_bot_is_let_or_the_page_falls_silent(
    service: Running, admin: Person
) -> None:
    clerk = service.join(admin, "clerk", service.organisation(admin, "甲", CODES[1]), "clerk")
    assert here(admin) == set()
    assert say(service, clerk, plays=True)["current"] == GUIDE["current"]
    assert here(admin) == {"clerk"}
    say(service, clerk, plays=False)
    assert here(admin) == set()
    say(service, clerk, plays=True)
    service.clock.moment += HERE
    assert here(admin) == set()


def test_who_is_here_is_told_to_the_administrator_alone(service: Running, admin: Person) -> None:
    clerk = service.join(admin, "clerk", service.organisation(admin, "甲", CODES[1]), "clerk")
    assert clerk.get("/api/demo/here").status_code == 403


def test_an_installation_that_is_no_demo_has_no_guide_and_no_sign_ins(tmp_path: Path) -> None:
    with running(tmp_path) as service:
        admin = service.first()
        assert service.http.get("/demo").status_code == 404
        answer = service.http.post("/api/demo/here", json={"plays": True}, headers=admin.headers())
        assert (answer.status_code, answer.json()["code"]) == (404, "web.no_demo")
        assert "demo-bar" not in service.http.get("/sign-in").text


def test_a_guide_that_cannot_be_read_takes_no_page_away(tmp_path: Path) -> None:
    with running(tmp_path, demo_guide=tmp_path / "none.json") as service:
        service.first()
        assert service.http.get("/demo").status_code == 200


def test_old_rounds_are_earlier_ones() -> None:
    rounds = tuple(str(number) * 32 for number in range(6))
    assert Guide(rounds=rounds).earlier == set(rounds[SHOWN:])
