"""The discussion of a committee over HTTP: read by its members and the supervisor, nobody else."""

from collections.abc import Iterator
from functools import partial
from pathlib import Path
from typing import Any

import httpx
import pytest

from evaluation.commands import Pause, Say
from project.events import RecordViewed
from record.rules import Command
from tests.opening.parties import Party
from tests.opening.world import PROJECT, SECTION
from tests.project.sitting import RULE, Sitting
from tests.waiting import wait_for
from tests.web import tender
from tests.web.scene import Scene, scene
from tests.web.tender import ADMINISTRATOR, STRANGER, Tender, headers
from tests.web.witness import SIGNER, witnessing

DISCUSSION = f"/api/projects/{PROJECT}/sections/{SECTION}/discussion"
RECORD = f"/api/projects/{PROJECT}/record"
CANARY = "金丝雀·只在委员会内部说"


@pytest.fixture
def begun(tmp_path: Path) -> Iterator[tuple[Scene, Sitting]]:
    world = Tender(rule=RULE).open_up()
    for bidder in world.bidder:
        world.bid(bidder)
    world.now = world.deadline
    world.serve()
    world.session()
    made = Sitting(world).quorate()
    world.experts = list(made.people.values())
    with witnessing() as (witness, url):
        changes = {"witness_url": url, "witness_vkey": SIGNER.verifier.encode()}
        with scene(tmp_path, world, changes) as running:
            witness.log = running.service.services.sequencer.log_key
            yield running, made


def post(made: Scene, who: Party, command: Command, key: str) -> httpx.Response:
    return tender.command(made.http, who, command.model_dump(mode="json"), key)


def read(made: Scene, who: Party | None, after: int = 0) -> httpx.Response:
    told = {} if who is None else headers(who)
    return made.http.get(DISCUSSION, params={"after": after}, headers=told)


def texts(answer: httpx.Response) -> list[Any]:
    return [one["text"] for one in answer.json()["items"]]


def test_members_and_supervisor_read_it_and_the_supervisors_reading_is_recorded(
    begun: tuple[Scene, Sitting],
) -> None:
    made, of = begun
    for number, text in enumerate((CANARY, "同意。")):
        said = post(made, of.people[number + 1], Say(section=SECTION, text=text), f"s{number}")
        assert said.status_code == 200
    assert texts(read(made, of.people[5])) == [CANARY, "同意。"]
    first = read(made, of.people[5]).json()["items"][0]
    assert (first["n"], first["seat"], first["name"]) == (1, "1", of.people[1].name)
    assert texts(read(made, of.people[5], after=1)) == ["同意。"]
    assert texts(read(made, of.world.supervisor)) == [CANARY, "同意。"]
    (viewed,) = made.wait_for(RecordViewed)
    assert viewed.account == of.world.supervisor.account


def test_nobody_else_is_told_a_word_nor_that_there_is_one(begun: tuple[Scene, Sitting]) -> None:
    made, of = begun
    post(made, of.people[1], Say(section=SECTION, text=CANARY), "said")
    others = (of.world.clerk, of.world.bidder[1], of.world.custodians[0], STRANGER, ADMINISTRATOR)
    for who in others:
        assert read(made, who).status_code == 404
        section = f"/api/projects/{PROJECT}/sections/{SECTION}/evaluation"
        shown = made.http.get(section, headers=headers(who)).text
        assert CANARY not in shown
        assert '"said"' not in shown
    assert read(made, None).status_code == 401

    def has_it(who: Party) -> bool:
        """Tell whether somebody's export has it; it ends at what the witness has seen."""
        return CANARY.encode() in made.http.get(RECORD, headers=headers(who)).content

    for who in (of.world.supervisor, of.world.custodians[0]):
        wait_for(partial(has_it, who))
    assert not has_it(of.world.clerk)
    assert not has_it(of.world.bidder[1])


def test_a_pause_locks_it_for_members(begun: tuple[Scene, Sitting]) -> None:
    made, of = begun
    post(made, of.people[1], Say(section=SECTION, text=CANARY), "said")
    post(made, of.world.clerk, Pause(section=SECTION, cause="lunch", reason="午休"), "pause")
    locked = read(made, of.people[1])
    assert (locked.status_code, locked.json()["code"]) == (409, "evaluation.paused")
    assert texts(read(made, of.world.supervisor)) == [CANARY]
