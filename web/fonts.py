"""Which characters a font can show, and texts made of those alone; it draws nothing.

A PDF/A must not hold a character its fonts lack, and nobody may stop a document by writing one:
it is shown by its number instead. So is what cannot be seen, or turns the direction of a line.

Source: ISO/IEC 14496-22, tables `ttcf` and `cmap`, subtable format 12.
"""

import re
import struct
import unicodedata
from bisect import bisect_right
from collections.abc import Mapping
from functools import lru_cache
from pathlib import Path
from typing import Any, BinaryIO

UNSEEN = frozenset({"Cc", "Cf", "Cs", "Co", "Cn", "Zl", "Zp"})
"""Categories of what is not to be seen: controls, formats, lone surrogates, nobody's."""
PIECE = 20
_LONG = re.compile(r"[^\s\u2e80-\uffff]{66,}")
"""Longer than any hash, and of signs between which no line ends by itself."""
BLANKS = str.maketrans("\t\r", "  ")


class FontInvalid(Exception):
    """The file is no font of the kind that is read here."""


class Coverage:
    """The characters of one font.

    Args:
        ranges: first and last code point of each run, in rising order.
    """

    def __init__(self, ranges: list[tuple[int, int]]) -> None:
        self._firsts = [first for first, _ in ranges]
        self._lasts = [last for _, last in ranges]

    def has(self, character: str) -> bool:
        """Tell whether the font has a character that can be seen."""
        if unicodedata.category(character) in UNSEEN:
            return character == "\n"
        place = bisect_right(self._firsts, ord(character)) - 1
        return place >= 0 and ord(character) <= self._lasts[place]

    def shown(self, value: Any) -> Any:
        """Return a JSON value in which every text can be shown."""
        if isinstance(value, str):
            text = value.translate(BLANKS)
            told = "".join(c if self.has(c) else f"[U+{ord(c):04X}]" for c in text)
            return _LONG.sub(_breakable, told)
        if isinstance(value, Mapping):
            return {name: self.shown(inner) for name, inner in value.items()}
        if isinstance(value, list | tuple):
            return [self.shown(inner) for inner in value]
        return value


@lru_cache(maxsize=4)
def coverage(path: Path) -> Coverage:
    """Read the characters of the first font of a collection.

    Raises:
        FontInvalid: the file is something else.
    """
    with path.open("rb") as file:
        try:
            return Coverage(_ranges(file))
        except struct.error as error:
            raise FontInvalid(str(path)) from error


def _breakable(word: re.Match[str]) -> str:
    """Let a line end inside a word that is wider than a page."""
    text = word[0]
    return "\u200b".join(text[at : at + PIECE] for at in range(0, len(text), PIECE))


def _ranges(file: BinaryIO) -> list[tuple[int, int]]:
    begin = _cmap(file)
    (count,) = _read(file, begin + 2, ">H")
    for number in range(count):
        (offset,) = _read(file, begin + 4 + 8 * number + 4, ">I")
        (kind,) = _read(file, begin + offset, ">H")
        if kind == 12:
            (groups,) = _read(file, begin + offset + 12, ">I")
            told = _read(file, begin + offset + 16, f">{3 * groups}I")
            return sorted(zip(told[0::3], told[1::3], strict=True))
    raise FontInvalid("no table of characters beyond the first plane")


def _cmap(file: BinaryIO) -> int:
    """Return where the table of characters of the first font begins."""
    (mark,) = _read(file, 0, ">4s")
    (font,) = _read(file, 12, ">I") if mark == b"ttcf" else (0,)
    (tables,) = _read(file, font + 4, ">H")
    for number in range(tables):
        tag, _, offset, _ = _read(file, font + 12 + 16 * number, ">4sIII")
        if tag == b"cmap":
            return int(offset)
    raise FontInvalid("no table of characters")


def _read(file: BinaryIO, offset: int, form: str) -> tuple[Any, ...]:
    file.seek(offset)
    return struct.unpack(form, file.read(struct.calcsize(form)))
