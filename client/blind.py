"""What gives a bidder away in the blind part 暗标 of its bid, found before it is sealed.

It warns and never refuses: what a tender wants of a blind part stands in its documents, and a name
may be there that is nobody's. It looks into texts and into what a PDF file says of itself, not at
its pages: those the bidder has to look at itself.
"""

import io
import re
import zlib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal

from client.errors import Unusable
from crypto import random
from evaluation.blind_files import FILLER, is_blind, is_misplaced, is_plain, unplain
from opening.package import Source
from opening.state import Place

Fault = Literal["missing", "misplaced", "name", "carries_name", "metadata"]
_MOST = 64 << 20
"""Bytes of a file that are looked at."""
_LEAST_FILLER = 1 << 16
_STREAM = re.compile(rb"stream\r?\n(.*?)endstream", re.DOTALL)
_INFO = re.compile(rb"/(Author|Title|Subject|Keywords|Creator|Producer)\s*([(<])")


@dataclass(frozen=True, slots=True)
class Found:
    """Something that gives a bidder away, or that nobody will see."""

    fault: Fault
    name: str = ""
    """The file."""
    what: str = ""
    """What stands there."""

    def __str__(self) -> str:
        return _SAID[self.fault].format(name=self.name, what=self.what)


_SAID: Mapping[Fault, str] = {
    "missing": "there is no folder blind/ 暗标: the blind items of this section have no file",
    "misplaced": "{name} is not in the folder blind/, which is at the top and in small letters",
    "name": "{name} will not be shown: name it by a number, such as blind/1.pdf",
    "carries_name": "{name} holds the name {what}",
    "metadata": "{name} says of itself: {what}",
}


def look(files: Mapping[str, Source], names: Sequence[str], *, wanted: bool) -> list[Found]:
    """Return what is wrong with the blind part of a bid.

    Args:
        files: of the package, by name; open files are not read.
        names: of the bidder, which must not stand there.
        wanted: whether the section has blind items.
    """
    found = [Found("misplaced", name) for name in files if is_misplaced(name)]
    found += [Found("name", name) for name in unplain(files)]
    if wanted and not any(is_plain(name) for name in files):
        found.append(Found("missing"))
    for name, source in files.items():
        if is_blind(name) and isinstance(source, Path):
            with source.open("rb") as file:
                found += _inside(name, file.read(_MOST), [one for one in names if one])
    return found


def is_wanted(view: Mapping[str, Any], place: Place) -> bool:
    """Tell by a project's view whether a place expects a blind part: its rule has blind items.

    Args:
        view: as the service shows it; a rule is there once a notice binds it.
        place: section and envelope; blind parts are in the first.
    """
    rules = [one.get("rule") for one in view["sections"] if one["section"] == place[0]]
    stages = [stage for rule in rules if rule is not None for stage in rule["stages"]]
    return place[1] == 1 and any(item.get("blind") for one in stages for item in one["items"])


def with_filler(files: Mapping[str, Source]) -> dict[str, Source]:
    """Return the files of a package with the filler that a blind part needs, if it has one.

    It is from 64 KiB to 64 KiB more than the blind part, or than 64 KiB where that is shorter.

    Raises:
        Unusable: there is a file of its name already.
    """
    blind = {name: one for name, one in files.items() if is_blind(name)}
    if not blind:
        return dict(files)
    if FILLER in blind:
        raise Unusable("this name is kept for what is added to a blind part", FILLER)
    span = max(sum(map(_size, blind.values())), _LEAST_FILLER)
    length = _LEAST_FILLER + int.from_bytes(random.fresh(8)) % span
    return {**files, FILLER: io.BytesIO(random.fresh(length))}


def _size(source: Source) -> int:
    if isinstance(source, Path):
        return source.stat().st_size
    at = source.tell()
    size = source.seek(0, io.SEEK_END) - at
    source.seek(at)
    return size


def _inside(name: str, content: bytes, names: Sequence[str]) -> Iterator[Found]:
    """Give what stands in a file: a name, or what a PDF file says of whoever made it."""
    parts = [content, *_inflated(content)] if content.startswith(b"%PDF") else [content]
    for one in names:
        if any(form in part for form in _forms(one) for part in parts):
            yield Found("carries_name", name, one)
    if not content.startswith(b"%PDF"):
        return
    told = {key.decode() for part in parts for key, _ in _INFO.findall(part)}
    who = sorted(told & {"Author", "Title", "Subject", "Keywords"})
    if who:
        yield Found("metadata", name, ", ".join(who))


def _forms(name: str) -> tuple[bytes, ...]:
    """Return a name in the encodings that texts and PDF files have it in."""
    wide = name.encode("utf-16-be")
    return (
        name.encode(),
        name.encode("gb18030"),
        wide,
        name.encode("utf-16-le"),
        wide.hex().encode(),
        wide.hex().upper().encode(),
    )


def _inflated(content: bytes) -> Iterator[bytes]:
    """Give what the compressed streams of a PDF file hold, as far as they inflate."""
    for stream in _STREAM.findall(content):
        try:
            yield zlib.decompressobj().decompress(stream, _MOST)
        except zlib.error:
            continue
