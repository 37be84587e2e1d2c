"""Which part of a file a request asks for; RFC 9110, section 14. It must not read the file."""

import re
from dataclasses import dataclass
from typing import Final

from record.errors import NotValid

_SINGLE: Final = re.compile(r"bytes=(?P<first>[0-9]{0,16})-(?P<last>[0-9]{0,16})")


class NoSuchRange(NotValid):
    """The part asked for begins behind the file's end."""

    status = 416


@dataclass(frozen=True, slots=True)
class Span:
    """Bytes of a file, from `begin` up to `end`."""

    begin: int
    end: int
    is_part: bool

    def headers(self, size: int) -> dict[str, str]:
        """Return the headers that say which part of a file is answered."""
        told = {"accept-ranges": "bytes", "content-length": str(self.end - self.begin)}
        if self.is_part:
            told["content-range"] = f"bytes {self.begin}-{self.end - 1}/{size}"
        return told


def span_of(asked: str | None, condition: str | None, etag: str, size: int) -> Span:
    """Return the part of a file that is to be answered; all of it where no single part is asked.

    Args:
        asked: the Range header.
        condition: the If-Range header: the part is meant only where it names the file as it is.
        etag: of the file, with its quotes.
        size: of the file in bytes.

    Raises:
        NoSuchRange: `reading.no_such_range`, with the file's size.
    """
    whole = Span(0, size, is_part=False)
    if asked is None or (condition is not None and condition.strip() != etag):
        return whole
    found = _SINGLE.fullmatch(asked.strip())
    if found is None:
        return whole
    first, last = found["first"], found["last"]
    if first and last and int(first) > int(last):
        return whole
    if not first:
        if not last:
            return whole
        begin, end = max(0, size - int(last)), size
    else:
        begin, end = int(first), min(size, int(last) + 1) if last else size
    if begin >= end:
        raise NoSuchRange("reading.no_such_range", size=size)
    return Span(begin, end, is_part=True)
