"""The file an export comes in: its one form, its parts and their places (V0).

It must not read what entries say. Source: docs/record-format.md, Container.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any, BinaryIO

from verifier import canonical
from verifier.body import Part, digest
from verifier.canonical import NotCanonical
from verifier.hashing import hash_hex
from verifier.report import Report
from verifier.shapes import fields, integer, one_of, text
from verifier.values import HEX16, HEX32, SPKI

FIRST = ("record.json", "entries.jsonl", "checkpoints.jsonl")

_BLOCK = 512
_ATTACHED = re.compile(r"documents/[0-9a-f]{64}|sealed/[0-9a-f]{32}", re.ASCII)
_ABOUT = fields(
    {
        "v": one_of(1), "project": HEX16, "log": text(600), "witness": text(600),
        "service": fields({"key": SPKI, "keyid": HEX32}), "entries": integer(),
        "checkpoints": integer(), "documents": integer(), "sealed": integer(),
    }
)  # fmt: skip


class Unreadable(Exception):
    """The file is not an export; nothing else can be checked."""


@dataclass
class Container:
    """The parts of an export."""

    about: dict[str, Any] = field(default_factory=dict)
    entries: list[bytes] = field(default_factory=list)
    checkpoints: list[bytes] = field(default_factory=list)
    documents: dict[str, Part] = field(default_factory=dict)
    sealed: dict[str, Part] = field(default_factory=dict)


def read(file: BinaryIO, report: Report) -> Container:
    """Read an export's parts and check its form.

    Raises:
        Unreadable: its form is broken; the finding is in the report.
    """
    try:
        return _read(file, report)
    except Unreadable as error:
        report.need("V0.1", "the container", False, "the one form of an export", str(error))
        raise


def _read(file: BinaryIO, report: Report) -> Container:
    parts = list(_parts(file))
    names = [name for name, _ in parts]
    attached = names[3:]
    folders = [name.partition("/")[0] for name in attached]
    if tuple(names[:3]) != FIRST or attached != sorted(set(attached)) or folders != sorted(folders):
        raise Unreadable("the files are not the ones, or not in order")
    if not all(_ATTACHED.fullmatch(name) for name in attached):
        raise Unreadable("a file of another name")
    report.need("V0.1", "the container", True, "", "")
    container = Container(
        about=_about(_whole(parts[0][1])),
        entries=_lines(_whole(parts[1][1])),
        checkpoints=_lines(_whole(parts[2][1])),
        documents={n[10:]: p for n, p in parts[3:] if n.startswith("documents/")},
        sealed={n[7:]: p for n, p in parts[3:] if n.startswith("sealed/")},
    )
    _check(container, report)
    return container


def _check(container: Container, report: Report) -> None:
    about = container.about
    for name in ("entries", "checkpoints", "documents", "sealed"):
        count = len(getattr(container, name))
        report.need("V0.2", f"the number of {name}", about[name] == count, about[name], count)
    service = about["service"]
    keyid = hash_hex(bytes.fromhex(service["key"]))
    report.need("V0.3", "the service's key", service["keyid"] == keyid, keyid, service["keyid"])
    for name, part in container.documents.items():
        found = digest(part)
        report.need("V0.4", f"document {name}", found == name, name, found)


def _about(data: bytes) -> dict[str, Any]:
    try:
        value = canonical.read(data)
    except NotCanonical as error:
        raise Unreadable("record.json: " + str(error)) from error
    wrong = _ABOUT(value)
    if wrong is not None:
        raise Unreadable("record.json " + wrong)
    about: dict[str, Any] = value
    return about


def _lines(data: bytes) -> list[bytes]:
    if data and not data.endswith(b"\n"):
        raise Unreadable("a last line without its end")
    return data.split(b"\n")[:-1]


def _whole(part: Part) -> bytes:
    return part.read(0, part.size)


def _parts(file: BinaryIO) -> Iterator[tuple[str, Part]]:
    length = file.seek(0, 2)
    at = 0
    while True:
        file.seek(at)
        head = file.read(_BLOCK)
        if head[:1] in {b"\0", b""}:
            break
        name, size = _told(head)
        start = at + _BLOCK
        at = start + size + -size % _BLOCK
        if at > length:
            raise Unreadable(name + " is cut")
        file.seek(start + size)
        if file.read(at - start - size).strip(b"\0"):
            raise Unreadable(name + " is not followed by zeros")
        yield name, Part(file, start, size)
    file.seek(at)
    if file.read(2 * _BLOCK + 1) != bytes(2 * _BLOCK):
        raise Unreadable("it does not end with 1024 zeros")


def _told(head: bytes) -> tuple[str, int]:
    try:
        name = head[:100].rstrip(b"\0").decode("ascii")
        size = int(head[124:135].decode("ascii"), 8)
    except ValueError as error:
        raise Unreadable("a header without name or size") from error
    if size < 0 or head != _header(name, size):
        raise Unreadable("the header of " + repr(name))
    return name, size


def _header(name: str, size: int) -> bytes:
    parts = [
        name.encode().ljust(100, b"\0"), b"0000644\0", b"0000000\0" * 2,
        b"%011o\0" % size, b"00000000000\0", b" " * 8, b"0", bytes(100),
        b"ustar\x0000", bytes(64), b"0000000\0" * 2, bytes(167),
    ]  # fmt: skip
    head = b"".join(parts)
    return head[:148] + b"%06o\0 " % sum(head) + head[156:]
