"""The guides are true: their pictures show today's pages, and they call things as the pages do."""

import re
from pathlib import Path

import pytest
from markdown_it import MarkdownIt
from playwright.sync_api import Browser

from tests.browser.guide_camera import LANGUAGES, Taken, taken
from tests.browser.guide_pictures import PICTURES
from tests.browser.guide_write import GUIDES, TEXTS, place, texts
from tests.needs import ROOT
from web.texts import Language, sentences

ROLES = ("bidder", "clerk", "custodian", "expert", "supervisor", "administrator", "public")
EACH = tuple((language, role) for language in LANGUAGES for role in ROLES)
LOOKS = 300
PAUSE_MS = 100
MOST = 3 << 20
"""All pictures together, bytes."""
_PICTURE = re.compile(r"!\[[^\]]+\]\(([^)]+)\)")
_LINK = re.compile(r"(?<!!)\[[^\]]+\]\(([^)]+)\)")
_BOLD = re.compile(r"\*\*(.+?)\*\*")


def guide(language: Language, role: str) -> Path:
    return GUIDES / LANGUAGES[language] / f"{role}.md"


@pytest.mark.slow
@pytest.mark.timeout(900)
@pytest.mark.parametrize("language", LANGUAGES)
def test_every_picture_shows_its_page_as_it_is_now(
    chromium: Browser, tmp_path: Path, language: Language
) -> None:
    told = texts(language)
    outdated = []
    for one in taken(chromium, PICTURES, language, tmp_path):
        wanted = told.get(one.picture.name)
        if wanted is None or not shows(one, wanted):
            outdated.append(f"{one.picture.name}: not {wanted!r} but {one.text()!r}")
    assert outdated == [], "run ./dev pictures, and look at them"


def shows(one: Taken, wanted: str) -> bool:
    """Look until the page says what its picture says, or long enough."""
    for _ in range(LOOKS):
        if one.text() == wanted:
            return True
        one.page.wait_for_timeout(PAUSE_MS)
    return False


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_pictures_are_those_of_the_list_and_small(language: Language) -> None:
    names = {one.name for one in PICTURES}
    files = list(place(language).iterdir())
    assert {path.name for path in files} == {TEXTS, *(f"{name}.png" for name in names)}
    assert set(texts(language)) == names
    assert sum(path.stat().st_size for path in files) * len(LANGUAGES) <= MOST


@pytest.mark.parametrize(("language", "role"), EACH)
def test_a_guide_shows_each_picture_of_its_role_once(language: Language, role: str) -> None:
    shown = _PICTURE.findall(guide(language, role).read_text(encoding="utf-8"))
    wanted = [f"pictures/{one.name}.png" for one in PICTURES if one.role == role]
    assert sorted(shown) == sorted(wanted)


@pytest.mark.parametrize(("language", "role"), EACH)
def test_what_a_guide_prints_in_bold_stands_on_the_pages(language: Language, role: str) -> None:
    said = set(sentences(language).values())
    bold = _BOLD.findall(guide(language, role).read_text(encoding="utf-8"))
    assert bold
    assert [words for words in bold if words not in said] == []


@pytest.mark.parametrize(("language", "role"), EACH)
def test_a_guide_reads_as_it_was_meant(language: Language, role: str) -> None:
    text = guide(language, role).read_text(encoding="utf-8")
    shown = MarkdownIt("commonmark").enable("table").render(text)
    assert "**" not in shown
    assert "|---" not in shown
    for link in _LINK.findall(text):
        assert (guide(language, role).parent / link).is_file(), link


def test_both_languages_tell_of_the_same_steps_and_the_readme_of_pictures_that_are_there() -> None:
    for role in ROLES:
        lines = [guide(language, role).read_text(encoding="utf-8") for language in LANGUAGES]
        marks = [[row[:2] for row in text.splitlines() if row[:1] in "#|!1-"] for text in lines]
        assert marks[0] == marks[1], role
    readme = (ROOT / "README.md").read_text(encoding="utf-8")
    shown = _PICTURE.findall(readme)
    assert len(shown) == len(set(shown)) == 3
    assert all((ROOT / path).is_file() for path in shown)
