"""A pause over HTTP: every site is locked, and what goes on is what its record gives anew."""

import sqlite3
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from typing import Any

import httpx
import pytest

from evaluation.clarification import MINUTE
from evaluation.commands import AnswerClarification, Pause, Resume, StandAside
from evaluation.pause_events import Paused, Resumed, StateDiffered
from record.rules import Command
from tests.opening.parties import Party
from tests.opening.world import PROJECT, SECTION
from tests.project.sitting import RULE, Sitting
from tests.web import tender
from tests.web.scene import Scene, going_on, scene
from tests.web.tender import Tender, headers

OF = f"/api/projects/{PROJECT}/sections/{SECTION}"
HOUR = 60 * MINUTE


def begin() -> tuple[Tender, Sitting]:
    """Return a committee that reviews, with a question out to the first bidder."""
    world = Tender(rule=RULE).open_up()
    for bidder in world.bidder:
        world.bid(bidder)
    world.now = world.deadline
    world.serve()
    world.session()
    made = Sitting(world).quorate()
    made.ask(made.bids[0])
    world.experts = list(made.people.values())
    return world, made


@pytest.fixture
def begun(tmp_path: Path) -> Iterator[tuple[Scene, Sitting]]:
    world, made = begin()
    with scene(tmp_path, world) as running:
        yield running, made


def post(made: Scene, who: Party, command: Command, key: str) -> httpx.Response:
    return tender.command(made.http, who, command.model_dump(mode="json"), key)


def pause(made: Scene, of: Sitting, key: str = "pause") -> httpx.Response:
    command = Pause(section=SECTION, cause="overnight", reason="今日到此")
    return post(made, of.world.clerk, command, key)


def resume(made: Scene, of: Sitting, key: str = "resume") -> httpx.Response:
    return post(made, of.world.clerk, Resume(section=SECTION), key)


def view(made: Scene, who: Party, what: str = "evaluation") -> Any:
    return made.http.get(f"{OF}/{what}", headers=headers(who)).json()


def said(answer: httpx.Response) -> tuple[int, str]:
    return answer.status_code, answer.json().get("code", "")


def events(made: Scene) -> list[Any]:
    return [event for event, _ in made.events()]


LOCKED = (409, "evaluation.paused")


def test_every_site_is_locked_and_each_is_told_since_when_and_in_which_state(
    begun: tuple[Scene, Sitting],
) -> None:
    made, of = begun
    member, clerk, supervisor = of.people[1], of.world.clerk, of.world.supervisor
    bidder = of.asked(next(iter(of.found.clarifications)))
    before = view(made, bidder, "clarifications")["items"][0]
    assert "bids" in view(made, member)
    assert pause(made, of).status_code == 200
    draft = {"version": 0, "marks": {}, "review": {}}
    assert said(made.http.put(f"{OF}/draft", json=draft, headers=headers(member))) == LOCKED
    assert said(made.http.get(f"{OF}/draft", headers=headers(member))) == LOCKED
    files = f"{OF}/bids/{of.bids[0]}/files"
    for who in (member, supervisor):
        assert said(made.http.get(files, headers=headers(who))) == LOCKED
    assert said(made.http.get(f"{OF}/report/pdf", headers=headers(member))) == LOCKED
    assert said(post(made, member, StandAside(section=SECTION, reason="r"), "aside")) == LOCKED
    (name,) = of.found.clarifications
    brought = made.http.post(
        f"{OF}/clarifications/{name}/attachments", content=b"text", headers=headers(bidder)
    )
    assert said(brought) == LOCKED
    answer = AnswerClarification(section=SECTION, message=of.answered(name))
    assert said(post(made, bidder, answer, "answer")) == LOCKED
    (paused,) = [one for one in events(made) if isinstance(one, Paused)]
    for who in (member, clerk, supervisor):
        shown = view(made, who)["paused"]
        assert (shown["cause"], shown["reason"]) == ("overnight", "今日到此")
        assert shown["state"] == paused.state
        assert len(shown["words"].split()) == 8
        assert paused.salt not in str(view(made, who))
    assert "bids" not in view(made, member)
    asked = view(made, bidder, "clarifications")["items"][0]
    since = view(made, supervisor)["paused"]["since"]
    assert asked == {**before, "paused": since}


def test_what_goes_on_is_what_was_paused_and_all_is_open_again(
    begun: tuple[Scene, Sitting],
) -> None:
    made, of = begun
    bidder = of.asked(next(iter(of.found.clarifications)))
    due = view(made, bidder, "clarifications")["items"][0]["due"]
    pause(made, of)
    made.service.clock.advance(14 * HOUR)
    assert resume(made, of).status_code == 200
    paused, resumed = events(made)[-2:]
    assert isinstance(resumed, Resumed)
    assert resumed.state == paused.state
    assert resumed.shift == 14 * HOUR
    assert view(made, bidder, "clarifications")["items"][0]["due"] == due + 14 * HOUR
    assert "bids" in view(made, of.people[1])
    assert made.http.get(f"{OF}/draft", headers=headers(of.people[1])).status_code == 200
    (name,) = of.found.clarifications
    answer = AnswerClarification(section=SECTION, message=of.answered(name))
    assert post(made, bidder, answer, "answer").status_code == 200


def test_another_process_on_the_same_record_goes_on_in_the_same_state(tmp_path: Path) -> None:
    world, of = begin()
    with scene(tmp_path, world) as made:
        pause(made, of)
        state = view(made, of.people[1])["paused"]["state"]
    with going_on(tmp_path, world) as again:
        assert view(again, of.people[1])["paused"]["state"] == state
        assert resume(again, of).status_code == 200
        assert events(again)[-1].state == state


def change_on_disk(folder: Path) -> None:
    """Let whoever has the disk change a ballot behind the service's back."""
    with closing(sqlite3.connect(folder / "record.db")) as connection, connection:
        rows = connection.execute("select seq, text from entries order by seq").fetchall()
        seq, text = next(row for row in rows if b"chair_ballot_cast" in row[1])
        changed = text.replace(b'"choice":"5"', b'"choice":"4"')
        assert changed != text
        connection.execute("update entries set text = ? where seq = ?", (changed, seq))


def test_a_record_that_was_changed_on_disk_is_found_recorded_and_refused(
    begun: tuple[Scene, Sitting],
) -> None:
    made, of = begun
    pause(made, of)
    change_on_disk(made.folder)
    assert said(resume(made, of)) == (409, "evaluation.state_differs")
    assert said(resume(made, of)) == (409, "evaluation.state_differs")
    differed = events(made)[-1]
    assert isinstance(differed, StateDiffered)
    assert view(made, of.world.clerk)["paused"]["differed"] == differed.state
    assert said(post(made, of.people[1], StandAside(section=SECTION, reason="r"), "a")) == LOCKED


def test_only_the_clerk_pauses_and_says_why(begun: tuple[Scene, Sitting]) -> None:
    made, of = begun
    command = Pause(section=SECTION, cause="lunch", reason="午休")
    for who in (of.people[of.chair], of.world.supervisor, of.world.bidder[1]):
        assert said(post(made, who, command, who.account)) == (403, "project.not_permitted")
    body = {"type": "evaluation.pause", "section": SECTION, "cause": "coffee", "reason": "r"}
    assert tender.command(made.http, of.world.clerk, body, "c").status_code == 422
    assert said(resume(made, of)) == (409, "evaluation.not_paused")
