"""An evaluation over HTTP: who may see what, the report the service draws up, and what is exported."""

import io
import json
import tarfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import httpx
import pytest

from evaluation.commands import FinishReport, SignReport, SubmitMarks
from evaluation.events import ReportDrawnUp
from evaluation.marking import signed_marks
from evaluation.messages import ReportSignature
from rooms.notices import TOLD
from tests.needs import chinese_font
from tests.opening.parties import Party
from tests.opening.world import PROJECT, SECTION
from tests.project.sitting import RULE, Sitting
from tests.waiting import wait_for
from tests.web import tender
from tests.web.scene import Scene, scene
from tests.web.tender import ADMINISTRATOR, STRANGER, Tender, headers
from tests.web.witness import SIGNER, witnessing
from web.letters import way

EVALUATION = f"/api/projects/{PROJECT}/sections/{SECTION}/evaluation"
REPORT = f"/api/projects/{PROJECT}/sections/{SECTION}/report"


def sitting() -> Sitting:
    """Return a committee of which every member but the last has given its marks."""
    world = Tender(rule=RULE).open_up().all_opened()
    made = Sitting(world).quorate().reviewed().priced()
    for seat in (1, 2, 3, 4):
        made.submit(seat)
    world.experts = list(made.people.values())
    return made


@pytest.fixture
def begun(tmp_path: Path) -> Iterator[tuple[Scene, Sitting]]:
    chinese_font()
    made = sitting()
    assert isinstance(made.world, Tender)
    with witnessing() as (witness, url):
        changes = {"witness_url": url, "witness_vkey": SIGNER.verifier.encode()}
        with scene(tmp_path, made.world, changes) as running:
            witness.log = running.service.services.sequencer.log_key
            yield running, made


def get(made: Scene, who: Party | None, path: str) -> httpx.Response:
    return made.http.get(path, headers={} if who is None else headers(who))


def post(made: Scene, who: Party, command: Any, key: str) -> httpx.Response:
    return tender.command(made.http, who, command.model_dump(mode="json"), key)


def locked(made: Scene, of: Sitting) -> ReportDrawnUp:
    """Give the last marks, and wait for the report that the service draws up by itself."""
    last = of.people[5]
    command = SubmitMarks(section=SECTION, message=last.sign(of.sheet(5)))
    answer = post(made, last, command, "last-marks")
    assert answer.status_code == 200, answer.text
    (drawn,) = made.wait_for(ReportDrawnUp)
    assert isinstance(made.world, Tender)
    made.world.follow(tender.read_record(made.folder))
    return drawn


def everybody(made: Scene, of: Sitting) -> dict[str, Party | None]:
    outsiders = {**made.world.one_of_each, "stranger": STRANGER, "administrator": ADMINISTRATOR}
    return {**outsiders, "member": of.people[1], "timekeeper": made.world.timekeeper}


def test_an_evaluation_is_shown_to_member_supervisor_and_clerk_and_to_nobody_else(
    begun: tuple[Scene, Sitting],
) -> None:
    made, of = begun
    found = {name: get(made, who, EVALUATION) for name, who in everybody(made, of).items()}
    assert {name: answer.status_code for name, answer in found.items()} == {
        "": 401,
        "administrator": 404,
        "bidder": 404,
        "clerk": 200,
        "custodian": 404,
        "member": 200,
        "stranger": 404,
        "supervisor": 200,
        "timekeeper": 404,
    }
    member, clerk = found["member"].json(), found["clerk"].json()
    assert member["step"] == clerk["step"] == "marks"
    assert member["seat"] == "1"
    assert member["own"]["marks_submitted"]
    assert "bids" not in clerk


def test_the_report_is_drawn_up_by_the_service_and_stands_when_it_is_signed(
    begun: tuple[Scene, Sitting],
) -> None:
    made, of = begun
    drawn = locked(made, of)
    facts = get(made, of.people[1], f"{REPORT}/json")
    pdf = get(made, of.people[1], f"{REPORT}/pdf")
    assert pdf.content.startswith(b"%PDF-")
    assert len(pdf.content) == drawn.pdf_size
    assert len(json.loads(facts.content)["outcome"]["places"]) == 3
    assert get(made, made.world.supervisor, f"{REPORT}/pdf").status_code == 200
    clerk = made.world.clerk
    assert get(made, clerk, f"{REPORT}/pdf").status_code == 404
    for seat, who in of.people.items():
        said = ReportSignature(
            v=1,
            project=PROJECT,
            section=SECTION,
            seat=str(seat),
            facts=drawn.facts,
            pdf=drawn.pdf,
            opinion="agrees",
        )
        command = SignReport(section=SECTION, message=who.sign(said))
        assert post(made, who, command, f"sign-{seat}").status_code == 200
    finish = FinishReport(section=SECTION)
    assert post(made, of.people[1], finish, "finish-1").status_code == 403
    assert post(made, of.people[of.chair], finish, "finish").status_code == 200
    assert get(made, clerk, EVALUATION).json()["report"]["finished"]
    assert get(made, clerk, f"{REPORT}/pdf").content == pdf.content


def test_a_members_second_window_is_told_that_it_has_submitted(
    begun: tuple[Scene, Sitting],
) -> None:
    made, of = begun
    who = of.people[1]
    again = SubmitMarks(section=SECTION, message=who.sign(of.sheet(1)))
    answer = post(made, who, again, "again")
    assert answer.status_code == 409
    assert answer.json()["code"] == "marks.submitted"


def test_experts_are_named_to_clerk_and_supervisor_and_to_themselves(
    begun: tuple[Scene, Sitting],
) -> None:
    made, of = begun
    for name, who in everybody(made, of).items():
        if name in {"", "stranger", "administrator"}:
            continue
        people = get(made, who, f"/api/projects/{PROJECT}").json()["participants"]
        named = [one["account"] for one in people if one["role"] == "expert"]
        wanted = {"clerk": 5, "supervisor": 5, "member": 1}.get(name, 0)
        assert len(named) == wanted, name


def test_news_leads_whoever_was_told_to_a_page_of_its_own(
    begun: tuple[Scene, Sitting],
) -> None:
    made, of = begun
    world = made.world
    told = {
        "supervisor": world.supervisor, "expert": of.people[1], "clerk": world.clerk,
        "bidder": world.bidder[1], "custodian": world.custodians[0],
    }  # fmt: skip
    facts = {"section": SECTION, "envelope": 1}
    pages = {
        (role, way(PROJECT, one.kind, facts, {role})) for one in TOLD.values() for role in one.roles
    }
    assert ("supervisor", "/supervisor") in pages
    assert ("expert", f"/projects/{PROJECT}/desk/{SECTION}") in pages
    answers = {
        (role, page): made.http.get(page, headers=headers(told[role])).status_code
        for role, page in pages
    }
    assert {where for where, status in answers.items() if status != 200} == set()


def opened_to(made: Scene, who: Party | None) -> set[str]:
    """Return what of the evaluation, and of experts, an export opens, all entries witnessed."""
    told = {} if who is None else headers(who)
    wait_for(lambda: _cosigned(made) >= tender.entries_in(made.folder))
    answer = made.http.get(f"/api/projects/{PROJECT}/record", headers=told)
    assert answer.status_code == 200, answer.text
    with tarfile.open(fileobj=io.BytesIO(answer.content)) as archive:
        file = archive.extractfile("entries.jsonl")
        assert file is not None
        lines = [json.loads(line) for line in file.read().splitlines()]
    found = set()
    for line in lines:
        entry = json.loads(line.get("entry", "{}"))
        kind, body = entry.get("type", ""), entry.get("body", {})
        if kind.startswith("evaluation.") or body.get("role") == "expert":
            found.add(kind)
    return found


def test_marks_are_in_nobodys_record_before_the_lock_and_in_key_holders_after_it(
    begun: tuple[Scene, Sitting],
) -> None:
    made, of = begun
    world, marks = made.world, "evaluation.marks_submitted"
    assert signed_marks(of.found.marking)
    before = {name: opened_to(made, who) for name, who in everybody(made, of).items()}
    assert not [name for name, found in before.items() if marks in found]
    rule, bound = "evaluation.rule_set", "opening.participant_bound"
    for name in ("", "bidder", "stranger", "member", "administrator"):
        assert before[name] == {rule}, name
    assert before["clerk"] == {rule, bound}
    assert "evaluation.committee_convened" in before["custodian"]
    locked(made, of)
    for who in (world.supervisor, world.custodians[0], world.timekeeper):
        assert marks in opened_to(made, who)
    for other in (world.clerk, world.bidder[1], of.people[1], None):
        assert marks not in opened_to(made, other)


def _cosigned(made: Scene) -> int:
    """Return how many entries of the log are in a cosigned checkpoint by now."""
    answer = made.http.get("/api/log/checkpoint")
    return int(answer.text.splitlines()[1]) if answer.status_code == 200 else 0
