"""`kaibiao score`: what a person tries a rule with; it asks nobody."""

import json
from pathlib import Path
from typing import Any

import jsonschema
import pytest
from typer.testing import CliRunner

from client.__main__ import app
from evaluation.scoring.library import LIBRARY

RUN = CliRunner()


def case(**changed: Any) -> dict[str, Any]:
    """Return a case of two offers whose rule has one item."""
    rule = LIBRARY["lowest_price"].model_dump(mode="json", exclude_none=True)
    item = {"kind": "points", "item": "t", "title": "技术", "highest": "70", "step": "1"}
    rule["stages"] = [{"part": "technical", "title": "技术", "items": [item]}]
    marks = {"a": {"t": {"m1": "60", "m2": "61"}}, "b": {"t": {"m1": "70", "m2": "65"}}}
    return {
        "rule": rule,
        "offers": [{"bid": "a", "price": "980000"}, {"bid": "b", "price": "1100000"}],
        "members": ["m1", "m2"],
        "marks": marks,
        **changed,
    }


def scored(folder: Path, told: object) -> tuple[int, str]:
    path = folder / "case.json"
    path.write_text(told if isinstance(told, str) else json.dumps(told, ensure_ascii=False))
    result = RUN.invoke(app, ["score", "run", str(path)])
    return result.exit_code, " ".join(result.output.split())


def test_a_case_is_scored_and_every_sum_shown(tmp_path: Path) -> None:
    code, told = scored(tmp_path, case())
    assert code == 0
    found = json.loads(told)
    assert [(one["bid"], one["total"], one["value"]) for one in found["places"]] == [
        ("b", "94.23", "26.73"),
        ("a", "90.50", "30.00"),
    ]
    (steps,) = [one["steps"] for one in found["sheet"]["by_bid"] if one["bid"] == "b"]
    assert {
        "name": "points",
        "formula": "30 x 980000 / 1100000",
        "exact": "294/11",
        "value": "26.73",
    } in steps


def test_every_family_can_be_begun_and_fits_the_schema() -> None:
    schema = json.loads(RUN.invoke(app, ["score", "schema"]).output)
    for family in LIBRARY:
        begun = RUN.invoke(app, ["score", "begin", family])
        assert begun.exit_code == 0
        jsonschema.validate({"rule": json.loads(begun.output), "offers": []}, schema)
    assert RUN.invoke(app, ["score", "begin", "guess"]).exit_code == 5


@pytest.mark.parametrize(
    ("told", "sentence"),
    [
        ("{", "the file is no case: the whole"),
        (case(offers=[{"bid": "a", "price": 5}]), "the file is no case: offers.0.price"),
        (case(offers=[{"bid": "a", "price": "0"}]), "nothing is scored (price_zero: a)"),
        (case(marks={}), "nothing is scored (mark_missing: a, t, m1)"),
        (
            {**case(), "rule": {**case()["rule"], "full": "90"}},
            "the rule cannot be used (sum_not_full sum 100, full 90;",
        ),
    ],
)
def test_what_cannot_be_scored_is_said_in_a_sentence(
    tmp_path: Path, told: object, sentence: str
) -> None:
    code, said = scored(tmp_path, told)
    assert code == 5
    assert sentence in said


def test_a_file_that_is_not_there_is_named(tmp_path: Path) -> None:
    result = RUN.invoke(app, ["score", "run", str(tmp_path / "none.json")])
    assert result.exit_code == 5
    assert "the file cannot be read" in " ".join(result.output.split())
