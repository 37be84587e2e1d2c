"""The record of a finished project, fetched without an account, and what it leaves out."""

import io
import json
import tarfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import httpx
import pytest

from project.commands import TerminateSection
from record.events import Actor
from tests.browser.stage import Stage
from tests.opening.participating import LOOKER_ON, looks_on
from tests.opening.world import PROJECT, SECTION
from tests.waiting import wait_for
from tests.web import tender
from tests.web.scene import Scene, going_on, scene
from tests.web.tender import STRANGER
from tests.web.witness import SIGNER, witnessing

RECORD = f"/api/projects/{PROJECT}/record"
PAGE = f"/public/{PROJECT}"


class LookedOn(Stage):
    """A stage at which somebody takes part who never bids."""

    def open_up(self) -> "LookedOn":
        super().open_up()
        looks_on(self)
        return self


@pytest.fixture(scope="module")
def ended(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Scene]:
    folder, stage = tmp_path_factory.mktemp("ended"), LookedOn().ended()
    stage.folder(folder)
    with witnessing() as (witness, url):
        seen = {"witness_url": url, "witness_vkey": SIGNER.verifier.encode()}
        with going_on(folder, stage, seen) as made:
            witness.log = made.service.services.sequencer.log_key
            # only what the timekeeper has seen is given out; asked as somebody whose requests are
            # not counted by address
            supervisor = tender.headers(stage.supervisor)
            wait_for(lambda: len(parts(made, supervisor)[0]) >= len(stage.record) or None)
            yield made


def parts(made: Scene, who: dict[str, str] | None = None) -> tuple[list[Any], list[str]]:
    """Return entries and file names of an export."""
    answer = made.http.get(RECORD, headers=who or {})
    assert answer.status_code == 200, answer.text
    with tarfile.open(fileobj=io.BytesIO(answer.content)) as archive:
        file = archive.extractfile("entries.jsonl")
        assert file is not None
        return [json.loads(line) for line in file.read().splitlines()], archive.getnames()


def shown(lines: list[Any]) -> list[Any]:
    return [json.loads(line["entry"]) for line in lines if "entry" in line]


def test_everybody_gets_the_record_and_sees_that_no_entry_is_missing(ended: Scene) -> None:
    lines, names = parts(ended)
    assert [line["seq"] for line in lines] == list(range(1, len(lines) + 1))
    assert not any("trace" in line for line in lines)
    kinds = {entry["type"] for entry in shown(lines)}
    assert {"opening.bid_admitted", "opening.order_issued", "opening.session_ended"} <= kinds
    assert not [name for name in names if name.startswith("sealed/")]


def test_the_public_is_not_told_who_asked_or_looked_on(ended: Scene) -> None:
    lines, names = parts(ended)
    of_all, of_supervisor = (
        shown(lines),
        shown(parts(ended, tender.headers(ended.world.supervisor))[0]),
    )
    asked = "project.question_asked"
    assert asked in {entry["type"] for entry in of_supervisor}
    assert asked not in {entry["type"] for entry in of_all}
    assert LOOKER_ON in {entry["body"].get("account") for entry in of_supervisor}
    assert LOOKER_ON not in {entry["body"].get("account") for entry in of_all}
    documents = {one.sha256 for one in ended.world.whole.documents.values()}
    assert documents
    assert not documents & {name.removeprefix("documents/") for name in names}


def test_sealed_files_are_not_for_the_public(ended: Scene) -> None:
    answer = ended.http.get(f"{RECORD}?files=1")
    assert (answer.status_code, answer.json()["code"]) == (403, "web.sealed_files_not_yours")


def test_the_public_page_offers_the_record_with_the_verifier_beside_it(ended: Scene) -> None:
    text = ended.http.get(PAGE).text
    card = text[text.index('aria-labelledby="record"') :]
    assert f'href="{RECORD}"' in card
    assert 'href="/downloads"' in card


@pytest.mark.parametrize("stage", ["lobby", "objecting"])
def test_before_everything_is_over_there_is_no_record_for_the_public(
    tmp_path: Path, stage: str
) -> None:
    with scene(tmp_path, getattr(Stage(), stage)()) as made:
        refused(made.http.get(RECORD), 401, "web.sign_in_first")
        assert RECORD not in made.http.get(PAGE).text


def test_who_bid_in_a_section_that_ended_unopened_stays_unknown(tmp_path: Path) -> None:
    world = Stage().lobby()
    end = TerminateSection(section=SECTION, reason="资金未落实")
    world.do(Actor(world.clerk.account), end)
    with scene(tmp_path, world) as made:
        refused(made.http.get(RECORD), 401, "web.sign_in_first")
        for who in (STRANGER, world.bidder[1]):
            answer = made.http.get(RECORD, headers=tender.headers(who))
            refused(answer, 403, "web.record_names_bidders")
        answer = made.http.get(RECORD, headers=tender.headers(world.clerk))
        assert answer.status_code == 200
        assert RECORD not in made.http.get(PAGE).text


def refused(answer: httpx.Response, status: int, code: str) -> None:
    assert (answer.status_code, answer.json()["code"]) == (status, code)
