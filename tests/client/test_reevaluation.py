"""`kaibiao clerk order-reevaluation`, `drop-reevaluation`; `kaibiao expert remark-sheet`, `remark`."""

import base64
import json
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner, Result

from client import keys
from client.__main__ import app
from client.errors import Unusable
from client.rehearsal.plan import Plan
from client.result import candidates_of
from crypto import signatures
from evaluation.marking import rule_hash
from tests.client.shown import BIDS, PROJECT, RULE, SECTION, Showing, showing

RUN = CliRunner()
WHERE = (PROJECT, "--section", SECTION)
NAME, OBJECTION, FACTS = "0c" * 16, "1d" * 16, ("2e" * 32, "3f" * 32)
MARKS = [{"bid": BIDS[0], "item": item, "mark": "20"} for item in ("method", "quality")]
OPEN = {"remarks": {"reevaluation": NAME, "submitted": False, "marks": MARKS}}


def run(at: Showing, folder: Path, role: str, *words: str, typed: str = "") -> Result:
    at.profile(folder)
    keys.save(folder / "signing.key", signatures.p256_private_key(7), "passphrase")
    told = {"KAIBIAO_PASSPHRASE": "passphrase"}
    return RUN.invoke(app, [role, *words, "--profile", str(folder)], input=typed, env=told)


def test_it_is_ordered_of_the_marks_that_are_named_and_given_up(tmp_path: Path) -> None:
    why = ("--ground", "extreme", "--reason", "畸高")
    named = ("--mark", f"{BIDS[0]}/method", "--mark", f"{BIDS[1]}/quality")
    with showing() as at:
        ordering = ("order-reevaluation", *WHERE, *why, *named, "--objection", OBJECTION)
        assert run(at, tmp_path, "clerk", *ordering).exit_code == 0
        dropping = ("drop-reevaluation", *WHERE, "--reason", "成员住院")
        assert run(at, tmp_path, "clerk", *dropping).exit_code == 0
    ordered, dropped = at.posted
    assert ordered == {
        "type": "evaluation.order_reevaluation",
        "section": SECTION,
        "ground": "extreme",
        "reason": "畸高",
        "cells": [{"bid": BIDS[0], "item": "method"}, {"bid": BIDS[1], "item": "quality"}],
        "objection": OBJECTION,
    }
    assert (dropped["type"], dropped["reason"]) == ("evaluation.drop_reevaluation", "成员住院")


def test_what_is_no_mark_is_wrong_usage(tmp_path: Path) -> None:
    why = ("--ground", "extreme", "--reason", "畸高")
    with showing() as at:
        words = ("order-reevaluation", *WHERE, *why, "--mark", "somebody")
        assert run(at, tmp_path, "clerk", *words).exit_code == 2
    assert not at.posted


def signed(posted: dict[str, Any]) -> dict[str, Any]:
    told: dict[str, Any] = json.loads(base64.b64decode(posted["message"]["payload"]))
    return told


def test_a_member_fills_in_what_it_marked_before_and_signs_it(tmp_path: Path) -> None:
    path = tmp_path / "again.json"
    with showing(**OPEN) as at:
        begun = run(at, tmp_path, "expert", "remark-sheet", *WHERE).output
        assert json.loads(begun) == MARKS
        filled = [{**MARKS[0], "mark": "15.5", "reason": "未按标准扣分"}, MARKS[1]]
        path.write_text(json.dumps(filled))
        words = ("remark", *WHERE, str(path))
        assert run(at, tmp_path, "expert", *words, typed="n\n").exit_code == 1
        assert not at.posted
        assert run(at, tmp_path, "expert", *words, "--yes").exit_code == 0
    (posted,) = at.posted
    assert posted["type"] == "evaluation.give_marks_again"
    told = signed(posted)
    assert told["marks"] == filled
    assert (told["reevaluation"], told["seat"], told["rule"]) == (NAME, "3", rule_hash(RULE))


def test_where_nothing_is_marked_again_it_is_told(tmp_path: Path) -> None:
    path = tmp_path / "again.json"
    path.write_text(json.dumps(MARKS))
    with showing() as at:
        for words in (("remark-sheet", *WHERE), ("remark", *WHERE, str(path), "--yes")):
            assert run(at, tmp_path, "expert", *words).exit_code == 5
    assert not at.posted


@pytest.mark.parametrize("content", ["no json", '[{"bid": "x"}]', "[1]", '{"a": 1}'])
def test_what_is_no_list_of_marks_is_refused(tmp_path: Path, content: str) -> None:
    path = tmp_path / "again.json"
    path.write_text(content)
    with showing(**OPEN) as at:
        assert run(at, tmp_path, "expert", "remark", *WHERE, str(path), "--yes").exit_code != 0
    assert not at.posted


@pytest.mark.parametrize(
    ("rows", "follows"),
    [
        ([], {}),
        ([{"former": FACTS[0], "published": False}], {"reevaluation": NAME}),
        (
            [{"former": FACTS[0], "published": True}],
            {"reevaluation": NAME, "replaces": FACTS[0]},
        ),
        (
            [
                {"former": FACTS[0], "published": True},
                {"former": FACTS[1], "published": False},
                {"former": FACTS[1], "published": False, "dropped": "r", "reevaluation": "9" * 32},
            ],
            {"reevaluation": NAME, "replaces": FACTS[0]},
        ),
    ],
)
def test_what_is_published_says_what_it_follows_as_the_facts_have_it(
    rows: list[dict[str, Any]], follows: dict[str, str]
) -> None:
    facts: dict[str, Any] = {"review": [], "outcome": {}}
    if rows:
        facts["reevaluations"] = [{"reevaluation": NAME, **row} for row in rows]
    told = candidates_of(facts, PROJECT, SECTION, FACTS[1], 1)
    assert told.model_dump(include={"reevaluation", "replaces"}, exclude_none=True) == follows


def test_a_rehearsal_marks_again_with_a_committee_alone() -> None:
    with pytest.raises(Unusable):
        Plan(reevaluate=True).check()
    Plan(experts=5, reevaluate=True).check()
