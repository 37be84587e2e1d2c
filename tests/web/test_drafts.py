"""Drafts of a committee's members: one's own, kept by version, forgotten when the marks are given."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import httpx
import pytest

from evaluation.commands import StandAside, SubmitMarks
from tests.opening.parties import Party
from tests.opening.world import PROJECT, SECTION
from tests.project.sitting import RULE, Sitting
from tests.web import tender
from tests.web.scene import Scene, going_on, scene
from tests.web.tender import Tender, headers
from web.drafts import MOST

DRAFT = f"/api/projects/{PROJECT}/sections/{SECTION}/draft"
EMPTY: dict[str, Any] = {"version": 0, "marks": {}, "review": {}}


def sitting() -> tuple[Tender, Sitting]:
    """Return a committee whose members are to give their marks."""
    world = Tender(rule=RULE).open_up().all_opened()
    made = Sitting(world).quorate().reviewed().priced()
    world.experts = list(made.people.values())
    return world, made


@pytest.fixture
def begun(tmp_path: Path) -> Iterator[tuple[Scene, Sitting]]:
    world, made = sitting()
    with scene(tmp_path, world) as running:
        yield running, made


def read(made: Scene, who: Party) -> httpx.Response:
    return made.http.get(DRAFT, headers=headers(who))


def keep(made: Scene, who: Party, version: int, **more: Any) -> httpx.Response:
    return made.http.put(DRAFT, json={**EMPTY, "version": version, **more}, headers=headers(who))


def marks(of: Sitting, text: str) -> dict[str, Any]:
    return {"marks": {of.bids[0]: {"plan": text}}}


def test_a_draft_is_kept_as_it_was_typed_and_read_by_its_writer_alone(
    begun: tuple[Scene, Sitting],
) -> None:
    made, of = begun
    review = {of.bids[1]: {"licence": {"passed": False, "reason": "过期"}}}
    assert read(made, of.people[1]).json() == EMPTY
    answer = keep(made, of.people[1], 0, **marks(of, "12."), review=review)
    assert answer.json() == {"version": 1, "at": made.world.now}
    kept = read(made, of.people[1]).json()
    assert kept == {"version": 1, "at": made.world.now, **marks(of, "12."), "review": review}
    assert read(made, of.people[2]).json() == EMPTY
    for outsider in (made.world.clerk, made.world.supervisor, made.bidder, tender.STRANGER):
        assert read(made, outsider).json()["code"] == "web.no_evaluation"
        assert keep(made, outsider, 0).json()["code"] == "web.no_evaluation"


def test_what_another_window_kept_is_not_written_over(begun: tuple[Scene, Sitting]) -> None:
    made, of = begun
    who = of.people[1]
    assert keep(made, who, 0, **marks(of, "10")).status_code == 200
    late = keep(made, who, 0, **marks(of, "20"))
    assert (late.status_code, late.json()["code"]) == (409, "web.draft_newer")
    assert late.json()["version"] == 1
    assert keep(made, who, 7, **marks(of, "20")).status_code == 409
    assert read(made, who).json()["marks"] == marks(of, "10")["marks"]


def test_a_draft_sent_again_after_a_lost_answer_is_the_same_one(
    begun: tuple[Scene, Sitting],
) -> None:
    made, of = begun
    answers = [keep(made, of.people[1], 0, **marks(of, "10")) for _ in range(2)]
    assert [one.json()["version"] for one in answers] == [1, 1]


def test_a_draft_survives_a_restart(tmp_path: Path) -> None:
    world, of = sitting()
    with scene(tmp_path, world) as made:
        keep(made, of.people[1], 0, **marks(of, "10"))
    with going_on(tmp_path, world) as again:
        assert read(again, of.people[1]).json()["marks"] == marks(of, "10")["marks"]


def test_a_draft_is_forgotten_when_the_marks_are_submitted(begun: tuple[Scene, Sitting]) -> None:
    made, of = begun
    who = of.people[1]
    keep(made, who, 0, **marks(of, "10"))
    keep(made, of.people[2], 0, **marks(of, "11"))
    command = SubmitMarks(section=SECTION, message=who.sign(of.sheet(1)))
    body = command.model_dump(mode="json")
    assert tender.command(made.http, who, body, "submit").status_code == 200
    assert read(made, who).json() == EMPTY
    late = keep(made, who, 1, **marks(of, "12"))
    assert (late.status_code, late.json()["code"]) == (409, "marks.submitted")
    assert read(made, of.people[2]).json()["version"] == 1


def test_who_left_the_committee_has_no_draft_there(begun: tuple[Scene, Sitting]) -> None:
    made, of = begun
    who = of.people[1]
    keep(made, who, 0, **marks(of, "10"))
    body = StandAside(section=SECTION, reason="有利害关系").model_dump(mode="json")
    assert tender.command(made.http, who, body, "leave").status_code == 200
    assert read(made, who).json()["code"] == "web.no_evaluation"
    assert keep(made, who, 1).json()["code"] == "web.no_evaluation"


@pytest.mark.parametrize(
    "more",
    [
        {"version": -1},
        {"version": "1"},
        {"marks": {"no bid": {}}},
        {"marks": {"0" * 32: {"plan": 12}}},
        {"marks": {"0" * 32: {"plan": "1" * 41}}},
        {"review": {"0" * 32: {"licence": {"passed": "yes"}}}},
        {"more": 1},
    ],
)
def test_a_draft_of_another_form_is_refused(
    begun: tuple[Scene, Sitting], more: dict[str, Any]
) -> None:
    made, of = begun
    answer = made.http.put(DRAFT, json={**EMPTY, **more}, headers=headers(of.people[1]))
    assert (answer.status_code, answer.json()["code"]) == (422, "web.body_malformed")


def test_a_draft_that_is_too_long_is_refused(begun: tuple[Scene, Sitting]) -> None:
    made, of = begun
    told = {**headers(of.people[1]), "content-type": "application/json"}
    long = made.http.put(DRAFT, content=b" " * (MOST + 1), headers=told)
    assert (long.status_code, long.json()["code"]) == (413, "web.body_too_long")
