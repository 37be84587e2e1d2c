"""The cases of bid forms that the browser's code is held to as well."""

import json
from pathlib import Path
from typing import Any

import pytest

from opening.bid_form import FormTerms, capitals_agree, chinese_capitals, read_form
from opening.messages import FormField

CASES: dict[str, Any] = json.loads(
    (Path(__file__).parents[1] / "vectors" / "bid_form.json").read_bytes()
)


def terms(*, technical: bool) -> FormTerms:
    told = CASES["terms"]
    fields = tuple(FormField.model_validate(each) for each in told["fields"])
    if not technical:
        return FormTerms(fields=fields, currency=told["currency"], limit=told["limit"])
    optional = tuple(each.model_copy(update={"required": False}) for each in fields)
    return FormTerms(fields=optional, priced=False, currency=told["currency"])


@pytest.mark.parametrize("case", CASES["forms"], ids=lambda case: case["name"])
def test_a_form_is_judged_as_written_down(case: dict[str, Any]) -> None:
    data = json.dumps(case["form"], ensure_ascii=False).encode()
    found = read_form(data, terms(technical=case.get("technical", False))).problems
    assert [f"{one.field}: {one.problem}" for one in found] == case["problems"]


@pytest.mark.parametrize(("minor", "words"), CASES["capitals"])
def test_an_amount_is_written_as_written_down(minor: int, words: str) -> None:
    assert chinese_capitals(minor) == words


@pytest.mark.parametrize(("minor", "words", "agree"), CASES["agree"])
def test_words_agree_as_written_down(minor: int, words: str, agree: bool) -> None:  # noqa: FBT001 - a parameter of the table
    assert capitals_agree(words, minor) is agree
