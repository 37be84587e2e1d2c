import ast
import re
from pathlib import Path
from typing import Any

import pytest
from babel.messages.catalog import Catalog
from babel.messages.pofile import read_po

from web import texts

ROOT = Path(__file__).parents[2]
OWN = ("web", "registry", "record")
CODE = re.compile(r"(web|registry|record|uploads|documents)\.[a-z_]+")


def catalogue(language: str) -> Catalog:
    path = texts.LOCALE / language.replace("-", "_") / "LC_MESSAGES" / "kaibiao.po"
    with path.open("rb") as file:
        return read_po(file)


def sentences(language: str) -> dict[tuple[str | None, str], str]:
    return {(one.context, str(one.id)): str(one.string) for one in catalogue(language) if one.id}


def raised_codes() -> set[str]:
    """Return every code that a refusal of these packages has as a literal."""
    calls = (
        node
        for folder in OWN
        for path in (ROOT / folder).glob("*.py")
        for node in ast.walk(ast.parse(path.read_text()))
        if isinstance(node, ast.Call) and node.args and isinstance(node.func, ast.Name)
    )
    first: list[tuple[str, Any]] = [
        (call.func.id, call.args[0].value)
        for call in calls
        if isinstance(call.func, ast.Name) and isinstance(call.args[0], ast.Constant)
    ]
    return {
        code
        for kind, code in first
        if kind[0].isupper() and isinstance(code, str) and CODE.fullmatch(code)
    }


def test_every_code_of_the_service_has_a_sentence_in_both_languages() -> None:
    codes = raised_codes()
    assert len(codes) > 60
    for language in texts.LANGUAGES:
        known = {name for context, name in sentences(language) if context == "refusal"}
        assert codes - known == set()


def test_both_catalogues_say_the_same_things_with_the_same_facts() -> None:
    chinese, english = (sentences(language) for language in texts.LANGUAGES)
    assert chinese.keys() == english.keys()
    for name in chinese:
        facts = [set(re.findall(r"{(\w*)}", said[name])) for said in (chinese, english)]
        assert facts[0] == facts[1], name
        assert chinese[name]
        assert english[name]


@pytest.mark.parametrize("language", texts.LANGUAGES)
def test_nothing_is_fuzzy(language: str) -> None:
    assert not [one.id for one in catalogue(language) if one.id and one.fuzzy]


def test_facts_are_put_in_by_name_and_nothing_else_is_looked_up() -> None:
    said = texts.refusal("en", "web.too_many_requests", {"seconds": 3})
    assert said == "Too many requests. Try again in 3 seconds."
    assert "…" in texts.refusal("en", "web.too_many_requests", {})


def test_a_code_without_a_sentence_is_said_in_general_words() -> None:
    assert texts.refusal("en", "odd.one", {}) == "The request was refused (code odd.one)."


@pytest.mark.parametrize(
    ("accepted", "expected"),
    [
        ("", "zh-CN"),
        ("en", "en"),
        ("en-GB,en;q=0.8", "en"),
        ("zh-TW", "zh-CN"),
        ("fr, en;q=0.5, zh;q=0.7", "zh-CN"),
        ("fr, de", "zh-CN"),
        ("en;q=x", "zh-CN"),
        ("en;q=0", "zh-CN"),
    ],
)
def test_the_language_is_the_one_wanted_most(accepted: str, expected: str) -> None:
    assert texts.choose(accepted, "zh-CN") == expected
