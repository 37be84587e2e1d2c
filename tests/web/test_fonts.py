from pathlib import Path

import pytest

from tests.needs import chinese_font
from web.fonts import Coverage, FontInvalid, coverage

ASCII = Coverage([(0x20, 0x7E), (0x4E00, 0x9FFF)])


def test_what_a_font_has_is_shown_as_it_is() -> None:
    assert ASCII.shown({"a": ["投标 file", 3, None]}) == {"a": ["投标 file", 3, None]}


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("👩", "[U+1F469]"),
        ("a\u202eb", "a[U+202E]b"),
        ("\x00\x7f", "[U+0000][U+007F]"),
        ("a\tb\r\nc", "a b \nc"),
        ("\ud800", "[U+D800]"),
    ],
)
def test_what_cannot_be_shown_is_shown_by_its_number(text: str, shown: str) -> None:
    assert ASCII.shown(text) == shown


def test_a_word_wider_than_a_page_may_be_broken_and_a_hash_is_not() -> None:
    assert ASCII.shown("x" * 65) == "x" * 65
    assert ASCII.shown("x" * 70).split("\u200b") == ["x" * 20] * 3 + ["x" * 10]
    assert ASCII.shown("字" * 300) == "字" * 300


def test_the_font_of_the_minutes_has_chinese_and_no_emoji() -> None:
    found = coverage(chinese_font())
    assert all(found.has(c) for c in "开标记录aÄ1 、。「𠮷\n")
    assert not any(found.has(c) for c in "👩\x00\u202e\ufffe")


@pytest.mark.parametrize(
    "content", [b"", b"ttcf", b"OTTO" + bytes(200), b"\0\1\0\0" + b"\xff" * 50]
)
def test_a_file_that_is_no_font_is_refused(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "font"
    path.write_bytes(content)
    with pytest.raises(FontInvalid):
        coverage(path)
