"""A section's result over HTTP: who reads what of it, on pages and in the interface."""

import io
from pathlib import Path

import httpx
import pytest

from evaluation.publication import ANSWER_WITHIN
from project.commands import TerminateSection
from tests.opening.parties import Party
from tests.opening.world import PROJECT, SECTION
from tests.project.publishing import answer, award, object_to, over, publish, published
from tests.project.sitting import RULE, Sitting
from tests.waiting import wait_for
from tests.web.scene import Scene, going_on, scene
from tests.web.tender import Tender, command, headers
from tests.web.witness import SIGNER, witnessing
from verifier.verify import verify
from web.clerk_due import due_in
from web.letters import sentence, way

RESULT = f"/api/projects/{PROJECT}/sections/s1/result"
STEP = f"/clerk/{PROJECT}/publication/s1"
PUBLIC = f"/public/{PROJECT}"
OBJECTION, ANSWER = "请核实第一名的业绩", "业绩属实"


def reported() -> Sitting:
    """Return a committee whose report stands."""
    world = Tender(rule=RULE).open_up().all_opened()
    sitting = Sitting(world).quorate().reviewed().marked()
    sitting.draw_up()
    world.experts = list(sitting.people.values())
    return sitting.signed()


def got(made: Scene, who: Party | None, path: str) -> httpx.Response:
    return made.http.get(path, headers=None if who is None else headers(who))


def test_before_it_is_published_a_result_is_the_clerks_alone(tmp_path: Path) -> None:
    sitting = reported()
    world = sitting.world
    assert isinstance(world, Tender)
    finished = sitting.found.report.finished_at
    with scene(tmp_path, world) as made:
        draft = got(made, world.clerk, RESULT).json()
        assert (draft["step"], draft["publish_by"]) == ("reported", finished + ANSWER_WITHIN)
        for who in (world.bidder[1], world.supervisor, sitting.people[1]):
            told = got(made, who, RESULT)
            assert (told.status_code, told.json()["code"]) == (404, "web.no_result")
        assert got(made, None, RESULT).status_code == 401
        assert STEP in got(made, world.clerk, f"/clerk/{PROJECT}").text
        assert "kb-clerk-publication" in got(made, world.clerk, STEP).text
        assert got(made, world.bidder[1], STEP).status_code == 403
        assert draft["candidates"]
        assert "result-s1" not in got(made, None, PUBLIC).text


def test_a_published_result_is_everybodys_and_an_objection_is_not(tmp_path: Path) -> None:
    sitting = reported()
    world = sitting.world
    assert isinstance(world, Tender)
    publish(sitting)
    answer(sitting, object_to(sitting, 1, OBJECTION), ANSWER)
    with scene(tmp_path, world) as made:
        page = got(made, None, PUBLIC).text
        assert 'id="result-s1"' in page
        assert published(sitting).result.facts in page
        assert OBJECTION not in page
        for who, count in ((world.bidder[1], 1), (world.bidder[2], 0), (world.clerk, 1)):
            told = got(made, who, RESULT).json()
            assert [one["answer"] for one in told["objections"]] == [ANSWER] * count
        own, other = (got(made, world.bidder[number], "/bidder").text for number in (1, 2))
        assert OBJECTION in own
        assert ANSWER in own
        assert OBJECTION not in other
        assert "kb-object" in other
        assert "objections" not in got(made, sitting.people[1], RESULT).json()


@pytest.mark.parametrize(
    ("kind", "role", "page"),
    [
        ("candidates", "bidder", "/bidder"),
        ("candidates", "supervisor", "/projects/1"),
        ("result_answered", "bidder", "/bidder"),
        ("result_objection", "clerk", "/clerk/1/publication/s1"),
        ("result_objection", "supervisor", "/projects/1"),
        ("awarded", "bidder", "/projects/1"),
    ],
)
def test_news_of_a_result_leads_to_where_something_can_be_done(
    kind: str, role: str, page: str
) -> None:
    assert way("1", kind, {"section": "s1"}, {role}) == page
    assert "…" not in sentence("en", kind, {"section": "s1", "until": 0, "due": 0})


def test_the_public_record_shows_the_result_and_no_objection(tmp_path: Path) -> None:
    sitting = reported()
    world = sitting.world
    assert isinstance(world, Tender)
    publish(sitting)
    answer(sitting, object_to(sitting, 1, OBJECTION), ANSWER)
    over(sitting)
    award(sitting)
    world.folder(tmp_path)
    with witnessing() as (witness, url):
        seen = {"witness_url": url, "witness_vkey": SIGNER.verifier.encode()}
        with going_on(tmp_path, world, seen) as made:
            witness.log = made.service.services.sequencer.log_key
            path = f"/api/projects/{PROJECT}/record"

            def whole() -> bytes | None:
                told = made.http.get(path, headers=headers(world.supervisor)).content
                return told if b"evaluation.awarded" in told else None

            wait_for(whole)
            told = made.http.get(path).content
    report = verify(io.BytesIO(told))
    # the tender's people were bound by short cuts, which other checks find
    assert not [one for one in report.findings if one.check.startswith("V31")]
    assert b"evaluation.candidates_published" in told
    assert b"evaluation.result_objected" not in told
    assert report.passed["V31.5"] > 0


def test_an_ended_section_still_asks_its_clerk_for_the_answer_to_an_objection(
    tmp_path: Path,
) -> None:
    sitting = reported()
    world = sitting.world
    assert isinstance(world, Tender)
    publish(sitting)
    objection = object_to(sitting, 1)
    world.do(world.clerk.actor, TerminateSection(section=SECTION, reason="重新招标"))
    (due,) = due_in(world.whole, world.now)
    assert (due.kind, due.where) == ("objections", f"publication/{SECTION}")
    with scene(tmp_path, world) as made:
        assert STEP in got(made, world.clerk, f"/clerk/{PROJECT}").text
        body = {
            "type": "evaluation.answer_result_objection",
            "section": SECTION,
            "objection": objection,
            "answer": ANSWER,
        }
        assert command(made.http, world.clerk, body, "answer").status_code == 200
        assert ANSWER in got(made, world.bidder[1], RESULT).text
