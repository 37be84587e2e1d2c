"""A member's seat: what it signs, and what it refuses to sign."""

import base64
import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import pytest

from client import keys
from client.errors import NotTrusted, Unusable
from client.expert import Expert, rule_of
from client.sealing import sha256
from client.seat import Seat
from crypto import signatures
from evaluation.marking import rule_hash
from evaluation.messages import Commitment, ReportSignature, ScoreSheet
from evaluation.promise import promise_hash
from tests.client.shown import BIDS, FACTS, PDF, PROJECT, RULE, SECTION, Showing, showing, view

KEY = signatures.p256_private_key(7)
HERE = (PROJECT, SECTION)


@asynccontextmanager
async def seated(at: Showing, folder: Path) -> AsyncIterator[Expert]:
    async with Seat(at.profile(folder), patience=1) as seat:
        yield Expert(seat, lambda: KEY)


def payload(command: dict[str, Any]) -> bytes:
    assert command["message"]["signatures"][0]["keyid"] == keys.keyid(KEY)
    return base64.b64decode(command["message"]["payload"])


async def test_the_commitment_is_signed_for_the_own_seat(tmp_path: Path) -> None:
    with showing() as at:
        async with seated(at, tmp_path) as expert:
            await expert.take_seat(*HERE)
    said = Commitment.read(payload(at.posted[0]))
    assert (said.project, said.section, said.seat) == (*HERE, "3")
    assert said.text == promise_hash()


async def test_a_score_sheet_names_the_rule_that_was_shown(tmp_path: Path) -> None:
    marks = {BIDS[0]: {"method": "9.5", "record": "8"}}
    with showing() as at:
        async with seated(at, tmp_path) as expert:
            await expert.submit_marks(*HERE, marks)
    said = ScoreSheet.read(payload(at.posted[0]))
    assert (said.seat, said.rule) == ("3", rule_hash(RULE))
    assert {one.bid: {of.item: of.mark for of in one.items} for one in said.marks} == marks


@pytest.mark.parametrize("marks", [{BIDS[0]: {"method": 9}}, {BIDS[0]: "9"}, {"?": {}}])
async def test_marks_that_are_none_are_not_sent(tmp_path: Path, marks: Any) -> None:
    with showing() as at:
        async with seated(at, tmp_path) as expert:
            with pytest.raises(Unusable, match="a mark as a text"):
                await expert.submit_marks(*HERE, marks)
    assert not at.posted


async def test_a_bid_passes_every_item_but_those_it_fails(tmp_path: Path) -> None:
    with showing() as at:
        async with seated(at, tmp_path) as expert:
            await expert.review(*HERE, BIDS[0], {"grade": "等级不符"})
            with pytest.raises(Unusable, match="no such item: method"):
                await expert.review(*HERE, BIDS[0], {"method": "是评分项"})
    (command,) = at.posted
    failed = [one for one in command["verdicts"] if not one["passed"]]
    assert failed == [{"item": "grade", "passed": False, "reason": "等级不符"}]
    assert len(command["verdicts"]) == 10


@pytest.mark.parametrize("dissent", [None, "评分依据不足"])
async def test_a_report_is_signed_by_its_hashes(tmp_path: Path, dissent: str | None) -> None:
    with showing() as at:
        async with seated(at, tmp_path) as expert:
            await expert.sign_report(*HERE, dissent)
    said = ReportSignature.read(payload(at.posted[0]))
    assert (said.facts, said.pdf) == (sha256(FACTS), sha256(PDF))
    assert (said.opinion, said.reasons) == ("dissents" if dissent else "agrees", dissent)


@pytest.mark.parametrize("form", ["pdf", "json"])
async def test_a_report_other_than_the_one_on_the_record_is_not_signed(
    tmp_path: Path, form: str
) -> None:
    with showing() as at:
        at.shown[f"/api/projects/{PROJECT}/sections/{SECTION}/report/{form}"] += b" "
        async with seated(at, tmp_path) as expert:
            with pytest.raises(NotTrusted, match="not the one on the record"):
                await expert.sign_report(*HERE)
    assert not at.posted


async def test_nothing_is_signed_without_a_report_or_without_a_seat(tmp_path: Path) -> None:
    with showing() as at:
        async with seated(at, tmp_path) as expert:
            at.show({name: one for name, one in view().items() if name != "report"})
            with pytest.raises(Unusable, match="no report yet"):
                await expert.sign_report(*HERE)
            at.show({name: one for name, one in view().items() if name != "seat"})
            with pytest.raises(Unusable, match="no seat in this committee"):
                await expert.take_seat(*HERE)
    assert not at.posted


@pytest.mark.parametrize(
    ("changed", "said"),
    [
        ({"rule": {**view()["rule"], "candidates": 2}}, "not the one on the record"),
        ({"rule": {"v": 1}}, "no scoring rule"),
    ],
)
def test_a_rule_that_is_not_the_one_on_the_record_is_not_used(
    changed: dict[str, Any], said: str
) -> None:
    assert rule_of(view()) == RULE
    with pytest.raises(NotTrusted, match=said):
        rule_of(json.loads(json.dumps(view(**changed))))
