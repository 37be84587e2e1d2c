"""What clerks are told of an evaluation: what is due, the rules to begin with, and who sees which."""

import itertools
from collections.abc import Iterator
from pathlib import Path

import pytest

from evaluation.marking import rule_hash
from evaluation.scoring.library import LIBRARY
from tests.opening.world import PROJECT, SECTION
from tests.project.publishing import answer, award, object_to, over, publish
from tests.project.sitting import RULE, Sitting
from tests.web.scene import Scene, scene
from tests.web.tender import STRANGER, Tender, headers
from web.clerk_due import Due, due_in

PAGES = ("scoring", "committee")


def opened(envelopes: int = 1) -> Tender:
    """Return a scored tender whose first session is over."""
    world = Tender(rule=RULE, envelopes=envelopes).open_up()
    if envelopes == 2:
        world.half_opened()
        return world
    world.all_opened()
    return world


def due(world: Tender) -> Due:
    (one,) = due_in(world.whole, world.now)
    return one


def test_a_committee_is_due_once_the_session_is_over_and_then_it_is_waited_for() -> None:
    world = opened()
    assert due(world).kind == "committee"
    sitting = Sitting(world).bind().convene()
    assert (due(world).kind, due(world).facts["step"]) == ("evaluating", "convened")
    assert due(world).is_waiting
    for seat in sitting.people:
        sitting.sit(seat)
    sitting.stand_aside(3)
    assert (due(world).kind, due(world).facts["seats"]) == ("replace", ("3",))
    assert not due(world).is_waiting
    sitting.replace(3)
    sitting.sit(3)
    sitting.elect()
    sitting.reviewed().marked().draw_up()
    assert due(world).facts["step"] == "report"
    sitting.signed()
    assert due(world).kind == "candidates"


def test_a_result_is_to_be_published_answered_for_and_awarded() -> None:
    sitting = Sitting(opened()).quorate().reviewed().marked()
    world = sitting.world
    assert isinstance(world, Tender)
    sitting.draw_up()
    sitting.signed()
    publish(sitting)
    assert (due(world).kind, due(world).is_waiting) == ("published", True)
    objection = object_to(sitting, 1)
    assert [one.kind for one in due_in(world.whole, world.now)] == ["objections", "published"]
    over(sitting)
    assert due(world).kind == "objections"
    answer(sitting, objection)
    assert due(world).kind == "award"
    award(sitting)
    assert due_in(world.whole, world.now) == ()


def test_a_section_without_candidates_is_to_be_ended() -> None:
    sitting = Sitting(opened()).quorate()
    sitting.reviewed(dict.fromkeys(sitting.bids, "unqualified")).marked()
    sitting.draw_up()
    sitting.signed()
    publish(sitting)
    over(sitting)
    assert due_in(sitting.world.whole, sitting.world.now)[0].kind == "nobody"


def test_the_result_of_a_first_envelope_is_due_once_the_marks_are_locked() -> None:
    world = opened(envelopes=2)
    assert due(world).kind == "committee"
    sitting = Sitting(world).quorate().reviewed()
    assert due(world).kind == "evaluating"
    sitting.marked()
    assert due(world).kind == "result"


@pytest.fixture
def draft(tmp_path: Path) -> Iterator[Scene]:
    with scene(tmp_path, Tender(rule=RULE).draft()) as made:
        yield made


def test_the_library_is_told_to_whoever_is_signed_in(draft: Scene) -> None:
    assert draft.http.get("/api/scoring-rules").status_code == 401
    told = draft.http.get("/api/scoring-rules", headers=headers(STRANGER)).json()["items"]
    assert [one["family"] for one in told] == list(LIBRARY)
    assert all(one["rule"]["price"]["family"] == one["family"] for one in told)


def test_a_rule_is_told_to_clerks_at_once_and_to_others_with_the_notice(
    draft: Scene, tmp_path: Path
) -> None:
    world = draft.world
    path = f"/api/projects/{PROJECT}"
    (own,) = draft.http.get(path, headers=headers(world.clerk)).json()["sections"]
    (other,) = draft.http.get(path, headers=headers(world.supervisor)).json()["sections"]
    assert own["rule"]["title"] == RULE.title
    assert "rule" not in other
    with scene(tmp_path / "open", Tender(rule=RULE).open_up()) as made:
        (told,) = made.http.get(path, headers=headers(made.bidder)).json()["sections"]
        assert told["rule"] == own["rule"]
        shown = made.http.get(f"/public/{PROJECT}").text
        assert RULE.title in shown
        assert rule_hash(RULE) in shown


def test_how_far_a_committee_is_is_told_to_clerk_and_supervisor_alone(tmp_path: Path) -> None:
    world = opened()
    sitting = Sitting(world).bind().convene()
    world.experts = list(sitting.people.values())
    path = f"/api/projects/{PROJECT}"
    with scene(tmp_path, world) as made:
        for who in (world.clerk, world.supervisor, world.custodians[0], world.bidder[1], STRANGER):
            (told,) = made.http.get(path, headers=headers(who)).json()["sections"]
            sees = who in (world.clerk, world.supervisor)
            assert told.get("evaluation") == ("convened" if sees else None)
        seats = made.http.get(f"{path}/sections/{SECTION}/evaluation", headers=headers(world.clerk))
        assert seats.json()["accounts"]["1"] == sitting.people[1].account
        public = made.http.get(f"/public/{PROJECT}").text
        assert not [one.name for one in world.experts if one.name in public]
        watched = made.http.get("/supervisor", headers=headers(world.supervisor)).text
        assert all(one.name in watched for one in world.experts)
        assert "0 / 3" in watched


def test_pages_of_rule_and_committee_are_the_clerks_and_of_sections_that_are_there(
    draft: Scene,
) -> None:
    clerk, supervisor = headers(draft.world.clerk), headers(draft.world.supervisor)
    for part, section in itertools.product(PAGES, (SECTION, "s9")):
        path = f"/clerk/{PROJECT}/{part}/{section}"
        wanted = 200 if section == SECTION else 404
        assert draft.http.get(path, headers=clerk).status_code == wanted, path
        assert draft.http.get(path, headers=supervisor).status_code == 403, path
