"""Notes on pages: one's own alone, never written over unseen, and gone with the committee."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import httpx
import pytest

from evaluation.commands import FinishReport, ReplaceMember, StandAside
from registry.draft_tables import drafts, page_notes
from tests import waiting
from tests.opening.parties import Party
from tests.opening.world import PROJECT, SECTION
from tests.project.sitting import RULE, Sitting, expert
from tests.web import tender
from tests.web.scene import Scene, going_on, scene
from tests.web.tender import Tender, headers
from web import page_notes as notes
from web.own_papers import LEFT_MS, forget_served
from web.page_notes import LONGEST

HERE = f"/api/projects/{PROJECT}/sections/{SECTION}"
SAID = "第 3 章的工期与进度计划不一致。"


def sitting(*, but: int = 0) -> tuple[Tender, Sitting]:
    """Return a committee of which one member, where one is named, has not confirmed the names."""
    world = Tender(rule=RULE).open_up()
    for bidder in world.bidder:
        world.bid(bidder)
    world.now = world.deadline
    world.serve()
    world.session()
    made = Sitting(world).bind().convene()
    for seat in made.people:
        if seat != but:
            made.sit(seat)
    world.experts = list(made.people.values())
    return world, made


@pytest.fixture
def begun(tmp_path: Path) -> Iterator[tuple[Scene, Sitting]]:
    world, made = sitting(but=5)
    with scene(tmp_path, world) as running:
        yield running, made


def read(made: Scene, who: Party) -> list[dict[str, Any]]:
    answer = made.http.get(f"{HERE}/notes", headers=headers(who))
    assert answer.status_code == 200, answer.text
    items: list[dict[str, Any]] = answer.json()["items"]
    return items


def keep(made: Scene, who: Party, bid: str, /, **more: Any) -> httpx.Response:
    body = {"bid": bid, "file": 0, "page": 1, "was": "", "text": SAID, **more}
    return made.http.put(f"{HERE}/notes", json=body, headers=headers(who))


def code(answer: httpx.Response) -> tuple[int, str]:
    return answer.status_code, answer.json().get("code", "")


def rows(made: Scene) -> set[tuple[str, str]]:
    """Return whose drafts and notes the tables hold."""

    async def look() -> set[tuple[str, str]]:
        store = made.service.services.store
        found = set()
        for table in (drafts, page_notes):
            for row in await store.rows(table.select()):
                found.add((table.name.removeprefix("evaluation_"), row.account))
        return found

    return made.service.do(look())


def draft(made: Scene, who: Party) -> None:
    body: dict[str, Any] = {"version": 0, "marks": {}, "review": {}}
    answer = made.http.put(f"{HERE}/draft", json=body, headers=headers(who))
    assert answer.status_code == 200, answer.text


def do(made: Scene, who: Party, command: Any) -> None:
    answer = tender.command(made.http, who, command.model_dump(mode="json"), command.type)
    assert answer.status_code == 200, answer.text


def test_a_note_is_kept_by_bid_file_and_page_and_read_by_its_writer_alone(
    begun: tuple[Scene, Sitting],
) -> None:
    made, of = begun
    who, bid = of.people[1], of.bids[0]
    assert keep(made, who, bid, page=3).json() == {"at": made.world.now}
    assert keep(made, who, bid, page=2, text="二").status_code == 200
    found = read(made, who)
    assert [(one["page"], one["text"]) for one in found] == [(2, "二"), (3, SAID)]
    assert found[1] == {
        "bid": bid,
        "judged": bid,
        "envelope": 1,
        "file": 0,
        "path": "bid-form.json",
        "page": 3,
        "text": SAID,
        "at": made.world.now,
    }
    assert read(made, of.people[2]) == []
    for outsider in (made.world.clerk, made.world.supervisor, made.bidder, tender.STRANGER):
        answer = made.http.get(f"{HERE}/notes", headers=headers(outsider))
        assert code(answer) == (404, "web.no_evaluation")
        assert code(keep(made, outsider, bid)) == (404, "web.no_evaluation")


def test_who_has_not_confirmed_the_names_notes_nothing(begun: tuple[Scene, Sitting]) -> None:
    made, of = begun
    assert code(keep(made, of.people[5], of.bids[0])) == (403, "reading.names_first")


def test_what_another_window_wrote_is_not_written_over(begun: tuple[Scene, Sitting]) -> None:
    made, of = begun
    who, bid = of.people[1], of.bids[0]
    assert keep(made, who, bid, text="甲").status_code == 200
    assert code(keep(made, who, bid, text="乙")) == (409, "notes.changed")
    assert keep(made, who, bid, was="甲", text="乙").status_code == 200
    # the same again, as after an answer that was lost
    assert keep(made, who, bid, was="甲", text="乙").status_code == 200
    assert [one["text"] for one in read(made, who)] == ["乙"]


def test_an_emptied_note_is_dropped(begun: tuple[Scene, Sitting]) -> None:
    made, of = begun
    who, bid = of.people[1], of.bids[0]
    keep(made, who, bid)
    assert keep(made, who, bid, was=SAID, text="").status_code == 200
    assert keep(made, who, bid, was=SAID, text="").status_code == 200
    assert read(made, who) == []
    assert code(keep(made, who, bid, was=SAID, text="再写")) == (409, "notes.changed")


def test_notes_survive_a_restart(tmp_path: Path) -> None:
    world, of = sitting()
    with scene(tmp_path, world) as made:
        keep(made, of.people[1], of.bids[0])
    with going_on(tmp_path, world) as again:
        assert [one["text"] for one in read(again, of.people[1])] == [SAID]


def test_a_note_has_its_length_and_a_member_its_number(
    begun: tuple[Scene, Sitting], monkeypatch: pytest.MonkeyPatch
) -> None:
    made, of = begun
    who, bid = of.people[1], of.bids[0]
    assert keep(made, who, bid, text="长" * LONGEST).status_code == 200
    assert code(keep(made, who, bid, page=2, text="长" * (LONGEST + 1))) == (422, "notes.too_long")
    monkeypatch.setattr(notes, "MOST", 2)
    assert keep(made, who, bid, page=2).status_code == 200
    assert code(keep(made, who, bid, page=3)) == (422, "notes.too_many")
    assert keep(made, who, bid, page=2, was=SAID, text="").status_code == 200
    assert keep(made, who, bid, page=3).status_code == 200
    assert keep(made, of.people[2], bid, page=4).status_code == 200


@pytest.mark.parametrize(
    ("more", "refused"),
    [
        ({"file": 99}, (404, "reading.no_such_file")),
        ({"bid": "0" * 32}, (404, "bids.unknown")),
        ({"page": 0}, (422, "web.body_malformed")),
        ({"page": "1"}, (422, "web.body_malformed")),
        ({"text": None}, (422, "web.body_malformed")),
        ({"more": 1}, (422, "web.body_malformed")),
    ],
)
def test_a_note_on_nothing_is_refused(
    begun: tuple[Scene, Sitting], more: dict[str, Any], refused: tuple[int, str]
) -> None:
    made, of = begun
    assert code(keep(made, of.people[1], of.bids[0], **more)) == refused


def test_drafts_and_notes_of_whoever_leaves_are_forgotten(begun: tuple[Scene, Sitting]) -> None:
    made, of = begun
    first, second = of.people[1], of.people[2]
    for who in (first, second):
        draft(made, who)
        keep(made, who, of.bids[0])
    assert {account for _, account in rows(made)} == {first.account, second.account}
    do(made, first, StandAside(section=SECTION, reason="有利害关系"))
    assert rows(made) == {("drafts", second.account), ("page_notes", second.account)}
    answer = made.http.get(f"{HERE}/notes", headers=headers(first))
    assert code(answer) == (404, "web.no_evaluation")


def test_drafts_and_notes_of_a_replaced_member_are_forgotten(tmp_path: Path) -> None:
    world, of = sitting()
    fresh = expert(101)
    world.happened(fresh.bound(), world.clerk.actor)
    world.experts.append(fresh)
    with scene(tmp_path, world) as made:
        draft(made, of.people[1])
        keep(made, of.people[1], of.bids[0])
        member = of.member(1).model_copy(update={"account": fresh.account})
        do(made, world.clerk, ReplaceMember(section=SECTION, member=member, reason="失联"))
        assert rows(made) == set()


def test_notes_end_with_the_report_and_none_is_taken_afterwards(tmp_path: Path) -> None:
    world, of = sitting()
    of.elect()
    of.reviewed().priced().marked().draw_up()
    of.sign(of.chair)
    with scene(tmp_path, world) as made:
        who = of.people[2]
        keep(made, who, of.bids[0])
        do(made, of.people[of.chair], FinishReport(section=SECTION))
        assert rows(made) == set()
        assert read(made, who) == []
        assert code(keep(made, who, of.bids[0])) == (409, "notes.over")


def test_what_a_crash_left_and_what_is_old_is_forgotten(tmp_path: Path) -> None:
    world, of = sitting()
    with scene(tmp_path, world) as made:
        for seat in (1, 2):
            keep(made, of.people[seat], of.bids[0])
        left = made.service.do(made.service.services.store.rows(page_notes.select()))
        do(made, of.people[1], StandAside(section=SECTION, reason="有利害关系"))
        # as a crash between the record and the table leaves it
        own = next(row for row in left if row.account == of.people[1].account)
        back = page_notes.insert().values(**own._mapping)
        made.service.do(made.service.services.store.change(back))
    with going_on(tmp_path, world) as again:
        kept = {("page_notes", of.people[2].account)}
        waiting.wait_for(lambda: rows(again) == kept)
        again.service.clock.moment += LEFT_MS + 1
        again.service.do(forget_served(again.service.services))
        assert rows(again) == set()
