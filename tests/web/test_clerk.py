"""The clerk's pages and the preflight: what is due is told, to the clerk alone, and no secret is."""

from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest

from client.notices import clerks_of
from opening.messages import Periods
from project.commands import AskQuestion, RaiseNotice, SuspendSection
from tests.opening.parties import Party
from tests.opening.world import HOUR, MINUTE, PROJECT, SECTION
from tests.verifier.stories import hand_over
from tests.web.scene import Scene, scene
from tests.web.tender import Tender, command, headers
from web.clerk_due import due_in

ENGLISH = {"accept-language": "en"}


@pytest.fixture
def draft(tmp_path: Path) -> Iterator[Scene]:
    with scene(tmp_path, Tender().draft()) as made:
        yield made


@pytest.fixture
def published(tmp_path: Path) -> Iterator[Scene]:
    world = Tender().open_up()
    world.do(world.bidder[1].actor, AskQuestion(section=SECTION, text="我司张三问：何时踏勘？"))
    world.do(world.supervisor.actor, RaiseNotice(section=SECTION, text="请说明。"))
    with scene(tmp_path, world) as made:
        yield made


def kinds(world: Tender) -> list[str]:
    return [one.kind for one in due_in(world.whole, world.now)]


def get(made: Scene, path: str, who: Party) -> httpx.Response:
    return made.http.get(path, headers={**headers(who), **ENGLISH})


def test_a_draft_waits_for_its_parts_in_their_order() -> None:
    world = Tender(n=3)
    assert kinds(world) == ["section"]
    world.bind((world.clerk, world.custodians[0]))
    world.terms(periods=Periods(tender=0))
    assert kinds(world) == ["custodians", "timekeeper", "supervisor", "documents"]
    world.bind((*world.custodians[1:], world.timekeeper, world.supervisor))
    assert kinds(world) == ["documents", "ceremony"]
    sid = world.start()
    world.join(sid, 1)
    waiting = due_in(world.whole, world.now)[-1]
    assert waiting.kind == "waiting"
    assert waiting.is_waiting
    parties = (world.timekeeper, *world.custodians[1:])
    assert waiting.facts["names"] == tuple(one.name for one in parties)


def test_a_deadline_nearer_than_the_tender_period_is_told_before_the_notice() -> None:
    world = Tender().draft()
    assert "near" not in kinds(world)
    world.terms(periods=Periods(tender=400 * HOUR))
    assert "near" in kinds(world)


def test_a_published_project_waits_for_what_is_new_and_for_what_is_near() -> None:
    world = Tender().open_up()
    assert kinds(world) == ["rehearsals"]
    world.rehearse(world.state.keys[SECTION, 1], 1)
    world.rehearse(world.state.keys[SECTION, 1], 2)
    (still,) = due_in(world.whole, world.now)
    assert still.facts["names"] == (world.custodians[2].name,)
    world.now = world.deadline - 2 * HOUR
    assert kinds(world) == ["preflight", "rehearsals"]
    world.now = world.deadline - 30 * MINUTE
    assert kinds(world) == ["lobby", "rehearsals"]
    world.do(world.clerk.actor, SuspendSection(section=SECTION, reason="异议"))
    assert kinds(world) == ["suspended"]


def test_the_close_and_the_session_are_told_with_their_hall() -> None:
    world = Tender().open_up()
    for bidder in world.bidder:
        world.bid(bidder)
    world.now = world.deadline
    world.serve()
    (announce,) = due_in(world.whole, world.now)
    assert announce.kind == "announce"
    assert announce.where == f"/projects/{PROJECT}/hall/{SECTION}-1"
    world.reads_out()
    (session,) = due_in(world.whole, world.now)
    assert (session.kind, session.facts["stage"]) == ("session", "objections")


def test_too_few_bidders_and_a_result_are_told() -> None:
    world = Tender().open_up()
    world.bid(1)
    world.now = world.deadline
    world.serve()
    assert kinds(world) == ["failed"]


@pytest.mark.parametrize("path", ["/clerk", f"/clerk/{PROJECT}"])
def test_the_desk_says_what_is_due(published: Scene, path: str) -> None:
    told = get(published, path, published.world.clerk).text
    assert "Questions that wait for an answer: 1" in told
    assert "A supervisor&#39;s notice waits for your reply" in told
    assert "张三" not in told
    assert published.world.bidder[1].organisation_name not in told


def test_a_draft_shows_its_steps_and_each_has_its_page(draft: Scene) -> None:
    told = get(draft, f"/clerk/{PROJECT}", draft.world.clerk).text
    assert "Steps to the notice" in told
    for step in (
        "about",
        "sections",
        f"section-{SECTION}",
        "people",
        "documents",
        "keys",
        "notice",
    ):
        answer = get(draft, f"/clerk/{PROJECT}/{step}", draft.world.clerk)
        assert answer.status_code == 200
        assert "kb-clerk-" in answer.text
    assert get(draft, f"/clerk/{PROJECT}/nothing", draft.world.clerk).status_code == 404


@pytest.mark.parametrize("step", ["questions", "amend", "manage", "result", "preflight"])
def test_each_step_after_the_notice_has_its_page(published: Scene, step: str) -> None:
    answer = get(published, f"/clerk/{PROJECT}/{step}", published.world.clerk)
    assert f"<kb-clerk-{step}" in answer.text


CORRECT = {
    "type": "project.correct_project",
    "number": "2027-14",
    "title": "A wide road",
    "tenderer": "Tenderer",
    "agency": "Agency",
}


def test_a_corrected_head_is_what_every_list_and_page_shows(draft: Scene) -> None:
    world = draft.world
    answer = command(draft.http, world.clerk, CORRECT, "correct")
    assert answer.status_code == 200
    assert [one["type"] for one in answer.json()["events"]] == ["project.project_corrected"]
    head = {name: CORRECT[name] for name in ("number", "title", "tenderer", "agency")}
    listed = get(draft, "/api/projects", world.clerk).json()["items"]
    views = [*listed, get(draft, f"/api/projects/{PROJECT}", world.custodians[0]).json()]
    assert [{name: view[name] for name in head} for view in views] == [head, head]
    shown = get(draft, f"/api/projects/{PROJECT}/channels/hall", world.supervisor).json()
    assert shown["view"]["project"] == {**head, "currency": "CNY"}
    for path in ("/clerk", f"/clerk/{PROJECT}", f"/clerk/{PROJECT}/about", "/projects"):
        told = get(draft, path, world.clerk).text
        assert "A wide road" in told
        assert "A road" not in told
    without = {name: value for name, value in CORRECT.items() if name != "agency"}
    command(draft.http, world.clerk, without, "without-an-agency")
    shown = get(draft, f"/api/projects/{PROJECT}/channels/hall", world.supervisor).json()
    assert "agency" not in shown["view"]["project"]


def test_a_correction_of_nothing_and_one_after_the_notice_are_refused_in_words(
    draft: Scene, tmp_path: Path
) -> None:
    clerk = draft.world.clerk
    same = {**CORRECT, "number": "1", "title": "A road", "tenderer": "T"}
    del same["agency"]
    refused = command(draft.http, clerk, same, "same")
    assert (refused.status_code, refused.json()["code"]) == (409, "project.head_unchanged")
    refused = command(draft.http, draft.world.supervisor, CORRECT, "other")
    assert (refused.status_code, refused.json()["code"]) == (403, "project.not_permitted")
    with scene(tmp_path / "published", Tender().open_up()) as late:
        refused = command(late.http, clerk, CORRECT, "late")
        assert (refused.status_code, refused.json()["code"]) == (409, "project.head_published")
        assert "招标公告已经发布" in refused.json()["detail"]


def test_others_have_no_clerk_s_pages(published: Scene) -> None:
    world = published.world
    for who in (world.bidder[1], world.supervisor, world.custodians[0]):
        for path in ("/clerk", "/clerk/new", f"/clerk/{PROJECT}", f"/clerk/{PROJECT}/questions"):
            assert get(published, path, who).status_code == 403, path


def test_the_preflight_tells_keys_disk_and_that_no_timekeeper_is_set(published: Scene) -> None:
    world = published.world
    told = get(published, f"/api/projects/{PROJECT}/preflight", world.clerk).json()
    assert told["timekeeper"]["is_set"] is False
    assert told["disk"]["free"] > 0
    (key,) = told["keys"]
    assert [one["name"] for one in key["custodians"]] == [one.name for one in world.custodians]
    assert all("at" not in one for one in key["custodians"])
    assert get(published, f"/api/projects/{PROJECT}/preflight", world.bidder[1]).status_code == 403


def test_bidders_are_told_the_keys_of_clerks_who_were_released(tmp_path: Path) -> None:
    world = Tender().open_up()
    old = world.clerk
    hand_over(world, "deputy")
    with scene(tmp_path, world) as made:
        view = get(made, f"/api/projects/{PROJECT}", world.bidder[1]).json()
    clerks = {one["account"] for one in view["participants"] if one["role"] == "clerk"}
    assert clerks == {"deputy"}
    assert clerks_of(view) == {one.keyid: one.spki for one in (old, world.clerk)}
