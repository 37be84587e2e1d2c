"""`kaibiao expert`: what a person at a terminal sees and is asked."""

import json
from pathlib import Path

import pytest
from typer.testing import CliRunner

from client.__main__ import app
from evaluation.promise import TEXT
from tests.client.shown import BIDS, PROJECT, SECTION, showing

RUN = CliRunner()
WHERE = (PROJECT, "--section", SECTION)


def test_a_view_is_shown_as_tables(tmp_path: Path) -> None:
    with showing() as at:
        told = at.run(tmp_path, "expert", "view", *WHERE).output
        plain = at.run(tmp_path, "expert", "view", *WHERE, "--json").output
    for words in ("3 you", "1 chair", "甲公司", "failed", f"not agreed: {BIDS[0]} duration"):
        assert words in told
    assert json.loads(plain)["seat"] == "3"


def test_the_bidders_are_a_bare_list_before_the_bids_are_shown(tmp_path: Path) -> None:
    with showing() as at:
        shown = json.loads(at.shown[f"/api/projects/{PROJECT}/sections/{SECTION}/evaluation"])
        later = {"bids", "failed", "valid", "votes", "to_vote", "report"}
        at.show({name: one for name, one in shown.items() if name not in later})
        told = at.run(tmp_path, "expert", "view", *WHERE).output
    assert told.splitlines()[-2:] == ["甲公司", "乙公司"]


def test_the_commitment_is_read_before_it_is_signed(tmp_path: Path) -> None:
    with showing() as at:
        refused = at.run(tmp_path, "expert", "take-seat", *WHERE, typed="n\n")
        assert refused.exit_code == 1
        assert not at.posted
        done = at.run(tmp_path, "expert", "take-seat", *WHERE, typed="y\n")
    assert TEXT.splitlines()[0] in done.output
    assert [one["type"] for one in at.posted] == ["evaluation.take_seat"]


def test_who_declares_no_tie_is_asked_whether_there_is_none(tmp_path: Path) -> None:
    with showing() as at:
        assert at.run(tmp_path, "expert", "declare-ties", *WHERE, typed="n\n").exit_code == 1
        assert at.run(tmp_path, "expert", "declare-ties", *WHERE, "--tie", "甲公司").exit_code == 0
    assert [one["ties"] for one in at.posted] == [["甲公司"]]


def test_the_names_are_shown_before_they_are_confirmed(tmp_path: Path) -> None:
    with showing() as at:
        done = at.run(tmp_path, "expert", "confirm-names", *WHERE, typed="y\n")
    assert "甲公司" in done.output
    assert [one["type"] for one in at.posted] == ["evaluation.confirm_names"]


def test_each_act_is_one_command(tmp_path: Path) -> None:
    acts = {
        "stand_aside": ("stand-aside", *WHERE, "--reason", "患病"),
        "vote_chair": ("vote-chair", *WHERE, "--for", "1"),
        "review_bid": ("review", PROJECT, BIDS[0], *WHERE[1:], "--fails", "grade=等级不符"),
        "open_vote": ("open-vote", PROJECT, BIDS[0], "grade", *WHERE[1:]),
        "cast_vote": ("vote", PROJECT, BIDS[0], "grade", *WHERE[1:], "--fails"),
        "close_review": ("close-review", *WHERE, "--reject", f"{BIDS[1]}=unqualified"),
        "sign_report": ("sign-report", *WHERE, "--dissent", "评分依据不足"),
        "finish_report": ("finish-report", *WHERE),
    }
    with showing() as at:
        for words in acts.values():
            done = at.run(tmp_path, "expert", *words)
            assert done.exit_code == 0, done.output
    assert [one["type"] for one in at.posted] == ["evaluation." + name for name in acts]


def test_a_sheet_is_printed_filled_in_and_submitted(tmp_path: Path) -> None:
    path = tmp_path / "sheet.json"
    with showing() as at:
        empty = RUN.invoke(
            app, ["expert", "sheet", *WHERE, "--profile", str(at.profile(tmp_path).folder)]
        )
        sheet = json.loads(empty.stdout)
        assert list(sheet) == [BIDS[0]]
        assert "method: 0 to 12 in steps of 0.5" in empty.stderr
        path.write_text(json.dumps({bid: dict.fromkeys(of, "1") for bid, of in sheet.items()}))
        assert at.run(tmp_path, "expert", "marks", PROJECT, str(path), *WHERE[1:]).exit_code == 1
        assert not at.posted
        done = at.run(tmp_path, "expert", "marks", PROJECT, str(path), *WHERE[1:], "--yes")
        assert done.exit_code == 0, done.output
    assert [one["type"] for one in at.posted] == ["evaluation.submit_marks"]


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("close-review", *WHERE, "--reject", f"{BIDS[1]}=boring"), "a ground is one of"),
        (("close-review", *WHERE, "--reject", BIDS[1]), "a name and a value"),
        (("marks", PROJECT, "none.json", *WHERE[1:]), "none.json"),
    ],
)
def test_wrong_usage_is_said_in_a_sentence(
    tmp_path: Path, words: tuple[str, ...], said: str
) -> None:
    with showing() as at:
        done = at.run(tmp_path, "expert", *words)
    assert done.exit_code == 2
    assert said in done.output
    assert not at.posted


@pytest.mark.parametrize(
    "words",
    [
        ("review", PROJECT, "no bid", "--section", SECTION, "--yes"),
        ("open-vote", PROJECT, "no bid", "licence", "--section", SECTION),
        ("vote-chair", PROJECT, "--section", SECTION, "--for", "x" * 200),
    ],
)
def test_what_is_typed_wrong_is_said_in_a_line(tmp_path: Path, words: tuple[str, ...]) -> None:
    with showing() as at:
        told = at.run(tmp_path, "expert", *words)
    assert told.exit_code == 2
    assert "Invalid value" in told.output
    assert not at.posted
