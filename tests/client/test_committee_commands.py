"""`kaibiao clerk`: the scoring rule and the committee, from files a clerk writes."""

import json
from pathlib import Path

import pytest
from typer.testing import CliRunner

from client.__main__ import app
from evaluation.scoring.library import LIBRARY
from tests.client.shown import PROJECT, SECTION, showing

RUN = CliRunner()
WHERE = (PROJECT, "--section", SECTION)
MEMBER = {"seat": "1", "place": "评标室", "account": "expert-1", "capacity": "expert"}


def test_a_rule_begun_by_score_is_set_whole(tmp_path: Path) -> None:
    path = tmp_path / "rule.json"
    path.write_text(RUN.invoke(app, ["score", "begin", "lowest_price"]).output)
    with showing() as at:
        assert at.run(tmp_path, "clerk", "rule", *WHERE, str(path)).exit_code == 0
    (command,) = at.posted
    rule = LIBRARY["lowest_price"].model_dump(mode="json", exclude_none=True)
    assert (command["type"], command["rule"]) == ("evaluation.set_rule", rule)


def test_a_committee_is_named_from_a_file_and_a_seat_given_to_another(tmp_path: Path) -> None:
    path = tmp_path / "members.json"
    path.write_text(json.dumps([MEMBER]))
    other = ("--seat", "1", "--place", "评标室", "--account", "expert-2", "--reason", "回避")
    with showing() as at:
        assert at.run(tmp_path, "clerk", "convene", *WHERE, str(path)).exit_code == 0
        assert at.run(tmp_path, "clerk", "replace-member", *WHERE, *other).exit_code == 0
    named, replaced = at.posted
    assert named["members"] == [MEMBER]
    assert replaced["member"] == {**MEMBER, "account": "expert-2"}


@pytest.mark.parametrize("what", ["clerk", "supervisor"])
def test_an_evaluation_is_printed_as_json(tmp_path: Path, what: str) -> None:
    with showing() as at:
        folder = at.profile(tmp_path).folder
        done = RUN.invoke(app, [what, "evaluation", *WHERE, "--profile", str(folder)])
    assert json.loads(done.output)["step"] == "report"


@pytest.mark.parametrize(
    "words",
    [
        ("rule", *WHERE, "{file}"),
        ("convene", *WHERE, "{file}"),
        (
            "replace-member",
            *WHERE,
            "--seat",
            "0",
            "--place",
            "p",
            "--account",
            "a",
            "--reason",
            "r",
        ),
    ],
)
def test_what_is_no_rule_and_no_member_is_wrong_usage(
    tmp_path: Path, words: tuple[str, ...]
) -> None:
    path = tmp_path / "wrong.json"
    path.write_text('[{"seat": "0"}]')
    with showing() as at:
        done = at.run(tmp_path, "clerk", *(word.replace("{file}", str(path)) for word in words))
    assert done.exit_code == 2
    assert not at.posted


def test_an_evaluation_is_paused_for_a_cause_and_goes_on(tmp_path: Path) -> None:
    why = ("--cause", "overnight", "--reason", "今日到此")
    with showing() as at:
        assert at.run(tmp_path, "clerk", "pause-evaluation", *WHERE, *why).exit_code == 0
        assert at.run(tmp_path, "clerk", "resume-evaluation", *WHERE).exit_code == 0
    paused, resumed = at.posted
    assert (paused["cause"], paused["reason"]) == ("overnight", "今日到此")
    assert (paused["type"], resumed["type"]) == ("evaluation.pause", "evaluation.resume")


def test_members_stand_by_seat_beside_what_they_say_where_the_clerk_names_them_so(
    tmp_path: Path,
) -> None:
    path = tmp_path / "members.json"
    path.write_text(json.dumps([MEMBER]))
    with showing() as at:
        assert (
            at.run(tmp_path, "clerk", "convene", *WHERE, str(path), "--shown-by", "seat").exit_code
            == 0
        )
    assert at.posted[0]["shown_by"] == "seat"
