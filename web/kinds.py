"""What a file of a bid is, by its first bytes and never by its name; it must not parse a file."""

import codecs
import re
from typing import Final, Literal

Kind = Literal["pdf", "png", "jpeg", "text", "other"]

HEAD_BYTES: Final = 4096
"""So much of a file is looked at."""
_PDF_WITHIN: Final = 1024
"""Readers of PDF take what begins so late; ISO 32000-1, annex H.3."""
_CONTROL: Final = re.compile(rb"[\x00-\x08\x0b\x0e-\x1a\x1c-\x1f\x7f]")
_MARKED: Final = (codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)
_ENCODINGS: Final = ("utf-8", "gb18030")
"""How plain texts of the country are written."""


def kind_of(head: bytes, *, is_whole: bool) -> Kind:
    """Return what a file is.

    Args:
        head: its first bytes, at most `HEAD_BYTES`.
        is_whole: whether they are all of it.
    """
    if b"%PDF-" in head[:_PDF_WITHIN]:
        return "pdf"
    if head.startswith(b"\x89PNG\r\n\x1a\n"):
        return "png"
    if head.startswith(b"\xff\xd8\xff"):
        return "jpeg"
    return "text" if _is_text(head, is_whole=is_whole) else "other"


def _is_text(head: bytes, *, is_whole: bool) -> bool:
    if head.startswith(_MARKED):
        return True
    if _CONTROL.search(head):
        return False
    return any(_reads_as(head, encoding, is_whole=is_whole) for encoding in _ENCODINGS)


def _reads_as(head: bytes, encoding: str, *, is_whole: bool) -> bool:
    """Tell whether bytes are text of an encoding; of a part the last letter may be cut."""
    try:
        codecs.getincrementaldecoder(encoding)().decode(head, final=is_whole)
    except UnicodeDecodeError:
        return False
    return True
