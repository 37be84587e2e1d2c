"""What visitors who are not signed in are shown, over a real service: lists, a project, minutes."""

import hashlib
from collections.abc import Iterator
from functools import partial
from pathlib import Path
from typing import Any

import httpx
import pytest

from project.phases import Phase
from rooms.projection import Projection
from rooms.results import result_view
from tests.browser.stage import Stage
from tests.opening.world import PROJECT, SECTION
from tests.rooms.story import Story
from tests.web import tender
from tests.web.scene import Scene, scene
from tests.web.service import running
from tests.web.tender import STRANGER
from web import offered, texts
from web.exports import is_public
from web.notices import Listed, listed, matches
from web.rendering import amount, doer, environment, sentence
from web.scoring import published_rules

PAGE = f"/public/{PROJECT}"
MINUTES = f"/api/projects/{PROJECT}/sections/{SECTION}/1/minutes"
PRICE = "86,543,210.55"


@pytest.fixture(scope="module")
def lobby(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Scene]:
    with scene(tmp_path_factory.mktemp("lobby"), Stage().lobby()) as made:
        yield made


@pytest.fixture(scope="module")
def ended(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Scene]:
    with scene(tmp_path_factory.mktemp("ended"), Stage().ended()) as made:
        yield made


def get(service: Scene, path: str, language: str = "en") -> httpx.Response:
    return service.http.get(path, headers={"accept-language": language})


def test_the_start_leads_the_empty_to_their_first_page_and_the_signed_in_to_projects(
    tmp_path: Path, ended: Scene
) -> None:
    with running(tmp_path) as empty:
        assert empty.http.get("/").headers["location"] == "/first"
    answer = ended.http.get("/", headers=tender.headers(STRANGER))
    assert (answer.status_code, answer.headers["location"]) == (303, "/projects")


def test_the_start_shows_a_tender_and_todays_opening(lobby: Scene) -> None:
    told = get(lobby, "/").text
    today, tenders = told.index('id="today"'), told.index('id="tenders"')
    for place in (today, tenders):
        assert "滨河路" in told[place : place + 2500]
    assert "No session has ended yet." in told
    assert 'href="/check"' in told
    assert 'href="/downloads"' in told


def test_the_pages_of_a_project_name_the_hash_of_the_offline_sealer(
    lobby: Scene, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    built = tmp_path / "kaibiao-sealer.html"
    built.write_bytes(b"<!doctype html><title>sealer</title>")
    monkeypatch.setattr(offered, "SEALER", built)
    own = lobby.http.get(f"/projects/{PROJECT}", headers=tender.headers(lobby.bidder)).text
    for told in (get(lobby, PAGE).text, own):
        assert hashlib.sha256(built.read_bytes()).hexdigest() in told
    built.unlink()
    assert "sealer-hash" not in get(lobby, PAGE).text


def test_the_start_shows_published_minutes(ended: Scene) -> None:
    told = get(ended, "/").text
    assert f"{MINUTES}/pdf" in told
    assert "No tender takes bids now." in told


@pytest.mark.parametrize(
    ("words", "is_found"), [("0018", True), ("滨河 交通", True), ("bhzb", True), ("0019", False)]
)
def test_notices_are_found_by_all_of_the_words(lobby: Scene, words: str, is_found: bool) -> None:  # noqa: FBT001 - a column of the table
    answer = lobby.http.get("/public", params={"q": words}, headers={"accept-language": "en"})
    assert (PAGE in answer.text) is is_found
    assert ("No notice found" in answer.text) is not is_found


def test_what_is_looked_for_is_text_and_no_markup(lobby: Scene) -> None:
    answer = lobby.http.get("/public", params={"q": '"><script>'})
    assert "<script>" not in answer.text.split("<body")[1]


def test_before_the_close_a_project_shows_no_bidder_and_no_price(lobby: Scene) -> None:
    answer = get(lobby, PAGE)
    assert answer.status_code == 200
    for said in ("工程量清单", "工期是否包含冬季停工期", "陈向东"):
        assert said in answer.text
    for bidder in lobby.world.bidder.values():
        assert bidder.organisation_name not in answer.text
    assert PRICE not in answer.text


def test_after_the_end_a_project_shows_table_draw_objection_and_minutes(ended: Scene) -> None:
    told = get(ended, PAGE).text
    for said in (PRICE, "长江路桥建设集团有限公司", "0.94", "开标现场不作结论", f"{MINUTES}/json"):
        assert said in told


def test_a_project_without_a_notice_is_not_there(tmp_path: Path) -> None:
    with scene(tmp_path, tender.Tender().draft()) as service:
        assert get(service, PAGE).status_code == 404
        assert PROJECT not in get(service, "/").text
        assert PROJECT not in get(service, "/public").text


def test_the_page_of_the_check_may_talk_to_the_log_alone(lobby: Scene) -> None:
    answer = get(lobby, "/check")
    policy = answer.headers["content-security-policy"]
    (connect,) = [one for one in policy.split("; ") if one.startswith("connect-src")]
    origin = lobby.service.settings.origin_text
    assert connect == f"connect-src {origin}/texts/ {origin}/api/log/"
    assert lobby.service.services.sequencer.log_key.encode() in answer.text


@pytest.mark.parametrize("path", ["/", "/public", PAGE, "/check", "/log", "/downloads"])
def test_every_page_is_there_for_visitors_in_both_languages(ended: Scene, path: str) -> None:
    for language in ("zh-CN", "en"):
        answer = get(ended, path, language)
        assert (answer.status_code, answer.headers["content-language"]) == (200, language)


def from_view(view: dict[str, Any], now: int) -> list[Listed]:
    """Return the list as whoever has the channel `public` alone could make it."""
    notice, about = view.get("notice"), view.get("project", {})
    if notice is None:
        return []
    found = []
    for name, told in notice["sections"].items():
        changed = view.get("sections", {}).get(name, {})
        sessions = [view.get("sessions", {}).get(f"{name}-{n}", {}) for n in (1, 2)]
        sessions = sessions[: told["envelopes"]]
        deadline = changed.get("deadline", told["deadline"])
        found.append(
            Listed(
                project=PROJECT,
                number=about["number"],
                title=about["title"],
                tenderer=about["tenderer"],
                section=name,
                section_title=told["title"],
                alone=len(notice["sections"]) == 1,
                deadline=deadline,
                stands=_phase(
                    changed,
                    sessions,
                    is_due=deadline <= now,
                    is_awarded="award" in view.get("results", {}).get(name, {}),
                ),
                ended={n: one["ended"] for n, one in enumerate(sessions, 1) if "ended" in one},
            )
        )
    return found


def _phase(
    changed: dict[str, Any], sessions: list[dict[str, Any]], *, is_due: bool, is_awarded: bool
) -> Phase:
    ended = sum("ended" in one for one in sessions)
    last = Phase.OPENED1 if len(sessions) == 1 else Phase.OPENED2
    facts = (
        (Phase.TERMINATED, "terminated" in changed),
        (Phase.SUSPENDED, "suspended" in changed),
        (Phase.AWARDED, is_awarded),
        (last, ended == len(sessions)),
        (Phase.EVALUATING1, ended > 0),
        (Phase.FAILED, "failed" in changed),
        (Phase.OPENING1, all("closed" in one for one in sessions)),
        (Phase.CLOSED, is_due),
    )
    return next((phase for phase, holds in facts if holds), Phase.OPEN)


@pytest.mark.parametrize("envelopes", [1, 2])
def test_the_list_tells_nothing_that_the_public_channel_does_not(envelopes: int) -> None:
    story = Story(envelopes=envelopes)
    story.whole()
    projection, stood = Projection(PROJECT), set[Phase]()
    for happened in story.entries():
        projection.show(happened)
        now = happened.stamp.at
        found = list(listed(projection.state, now))
        assert found == from_view(dict(projection.channel("public").view), now)
        stood |= {one.stands for one in found}
    assert len(stood) > 2


@pytest.mark.parametrize("envelopes", [1, 2])
def test_a_project_can_be_shown_at_every_step_of_its_way(envelopes: int) -> None:
    story, shown = Story(envelopes=envelopes), 0
    story.whole()
    projection = Projection(PROJECT)
    template = environment().get_template("public_project.html")
    for happened in story.entries():
        frames = [one for one in projection.show(happened) if one.channel == "public"]
        if not frames:
            continue
        now, state = happened.stamp.at, projection.state
        told = template.render(
            frame("en"),
            project=PROJECT,
            view=projection.channel("public").view,
            phases={one.section: one.stands for one in listed(state, now)},
            lines=[dict(one.event) for one in frames],
            now=now,
            rules=published_rules(state),
            results={
                name: result_view(state, name, frozenset(), "") for name in state.opening.sections
            },
            has_record=is_public(state),
            sealer=offered.sealer(),
        )
        assert "{" not in told
        shown += 1
    assert shown > 5


def frame(language: texts.Language) -> dict[str, Any]:
    """Return what every template is handed besides."""
    return {
        "_": partial(texts.say, language),
        "language": language,
        "other_language": "zh-CN",
        "installation": "Kaibiao",
        "who": None,
        "navigation": (),
        "path": "/",
        "assets": {},
        "texts_version": "1",
        "demo": None,
        "amount": amount,
        "sentence": partial(sentence, language),
        "doer": partial(doer, language),
    }


def test_words_are_looked_for_in_number_title_section_and_tenderer() -> None:
    one = Listed("p", "N-1", "Road", "City", "s1", "Bridge", True, 1, Phase.OPEN)
    assert matches(one, "")
    assert matches(one, "road BRIDGE n-1 city")
    assert not matches(one, "road river")


def test_the_pages_of_a_list_lead_both_ways_with_what_was_looked_for() -> None:
    parts: Any = environment().get_template("parts.html").module
    told = str(parts.pager("/public?q=%26&number=", 2, True, str))
    assert 'href="/public?q=%26&amp;number=1"' in told
    assert 'href="/public?q=%26&amp;number=3"' in told
    assert "href" not in str(parts.pager("/public?q=%26&number=", 1, False, str))
