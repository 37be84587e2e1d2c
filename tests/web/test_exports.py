"""The record as one file over HTTP: who gets it, when, and what of it is opened for whom."""

import io
import json
import tarfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import httpx
import pytest

from opening.events import BidsClosed
from project.commands import AskQuestion
from tests.project import world
from tests.waiting import wait_for
from tests.web import published
from tests.web.published import PROJECT, SECTION, key_of, put_record
from tests.web.service import Person, Running, running
from tests.web.witness import SIGNER, Witness, witnessing


def record(*, closed: bool) -> world.World:
    """Return a published project with a question, and its bids closed or not."""
    made = published.published()
    made.takes_part("bidder1")
    made.does("bidder1", AskQuestion(section=SECTION, text="what colour"))
    if closed:
        made.now = published.DEADLINE
        made.happened(
            BidsClosed(
                section=SECTION,
                envelope=1,
                key_id=key_of(made).key_id,
                deadline=published.DEADLINE,
                count=0,
                list="0" * 64,
            )
        )
    return made


@pytest.fixture
def witness() -> Iterator[tuple[Witness, str]]:
    with witnessing() as started:
        yield started


@pytest.fixture
def service(
    tmp_path: Path, witness: tuple[Witness, str], request: pytest.FixtureRequest
) -> Iterator[Running]:
    put_record(tmp_path, record(closed=request.param))
    changes = {"witness_url": witness[1], "witness_vkey": SIGNER.verifier.encode()}
    with running(tmp_path, **changes) as started:
        witness[0].log = started.services.sequencer.log_key
        yield started


@pytest.fixture
def people(service: Running) -> dict[str, Person]:
    admin = service.first()
    organisation = service.organisation(admin, "甲", "1")
    return {
        role: service.join(admin, account, organisation, role)
        for account, role in (
            ("clerk", "clerk"),
            ("custodian1", "custodian"),
            ("supervisor", "supervisor"),
            ("bidder1", "bidder"),
        )
    }


def fetch(person: Person, query: str = "") -> httpx.Response:
    return person.get(f"/api/projects/{PROJECT}/record{query}")


def lines(answer: httpx.Response) -> list[dict[str, Any]]:
    """Return the lines of the entries in an export, once the witness has seen them all."""
    with tarfile.open(fileobj=io.BytesIO(answer.content)) as archive:
        file = archive.extractfile("entries.jsonl")
        assert file is not None
        return [json.loads(line) for line in file.read().splitlines()]


def opened(told: list[dict[str, Any]]) -> list[str]:
    return [json.loads(line["entry"])["type"] for line in told if "entry" in line]


def witnessed(person: Person) -> None:
    """Wait until a command of this person, and so all before it, is in a cosigned checkpoint."""
    body = {"type": "opening.sign_in", "section": SECTION, "envelope": 1, "role": "custodian"}
    answer = person.project(PROJECT, body, "now")
    assert answer.status_code == 200, answer.text
    path = f"/api/projects/{PROJECT}/receipts/now"
    wait_for(lambda: person.get(path).status_code == 200)


@pytest.mark.parametrize("service", [False], indirect=True)
def test_before_the_close_nobody_gets_the_record(people: dict[str, Person]) -> None:
    for person in people.values():
        answer = fetch(person)
        assert (answer.status_code, answer.json()["code"]) == (409, "web.record_not_yet")


@pytest.mark.parametrize("service", [True], indirect=True)
def test_after_the_close_it_goes_to_the_seats_that_need_it(people: dict[str, Person]) -> None:
    assert fetch(people["bidder"]).json()["code"] == "web.record_not_yet"
    for role in ("clerk", "custodian", "supervisor"):
        answer = fetch(people[role])
        assert answer.status_code == 200
        assert answer.headers["content-type"] == "application/x-tar"
        assert fetch(people[role], "?files=1").json()["code"] == "web.sealed_files_not_yours"


@pytest.mark.parametrize("service", [True], indirect=True)
def test_who_asked_is_opened_to_key_holders_and_supervisor_and_not_to_the_clerk(
    people: dict[str, Person],
) -> None:
    witnessed(people["custodian"])
    asked = "project.question_asked"
    supervisor, custodian, clerk = (
        lines(fetch(people[role])) for role in ("supervisor", "custodian", "clerk")
    )
    assert asked in opened(supervisor)
    assert asked in opened(custodian)
    assert asked not in opened(clerk)
    assert "opening.bids_closed" in opened(clerk)
    assert any("trace" in line for line in supervisor)
    assert not any("trace" in line for line in [*custodian, *clerk])


@pytest.mark.parametrize("service", [True], indirect=True)
def test_the_supervisors_look_is_on_the_record_once_an_hour(
    service: Running, people: dict[str, Person]
) -> None:
    for _ in range(2):
        assert fetch(people["supervisor"]).status_code == 200
    witnessed(people["custodian"])
    service.clock.advance(3_600_000)
    last = lines(fetch(people["supervisor"]))
    assert opened(last).count("project.record_viewed") == 1
