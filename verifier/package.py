"""The package: a ZIP read strictly, every byte of it; it must not unpack anything to a disk.

Source: docs/sealing.md section 5; APPNOTE.TXT for the fields.
"""

import struct
import zlib
from collections.abc import Iterator
from dataclasses import dataclass, field
from hashlib import sha256
from typing import Any

from verifier import canonical
from verifier.body import Span

FORM = "bid-form.json"
MANIFEST = "manifest.json"
LARGEST_FORM = 64 << 10
LARGEST_MANIFEST = 16 << 20
MOST_FILES = 10_000
LARGEST = 16 << 30
RATIO = 200

_BLOCK = 1 << 18
_FULL = 0xFFFFFFFF
_FLAGS = 0x0008 | 0x0006 | 0x0800


class PackageInvalid(ValueError):
    """A package that is not as the rules want it."""


@dataclass(frozen=True)
class Row:
    """An entry as the directory has it."""

    name: str
    raw: bytes
    flags: int
    method: int
    crc: int
    stored: int
    size: int
    offset: int


@dataclass
class Contents:
    """What a package holds: the files its manifest must list, and two texts."""

    files: dict[str, tuple[int, str]] = field(default_factory=dict)
    form: bytes | None = None
    manifest: bytes = b""


def read_package(span: Span) -> Contents:
    """Read a package whole.

    Raises:
        PackageInvalid: it breaks a rule.
        BodyInvalid: what it is read from does.
    """
    rows, start = _directory(span)
    names = [row.name for row in rows]
    _need(len(set(names)) == len(names), "a name twice")
    _need(MANIFEST in names and FORM in names, "no manifest or no form")
    _need(sum(row.size for row in rows) <= LARGEST, "too large")
    contents, at = Contents(), 0
    for row, end in zip(rows, [row.offset for row in rows[1:]] + [start], strict=True):
        _need(row.offset == at, "a gap or an overlap")
        _read_entry(span, row, end, contents)
        at = end
    _need(at == start, "a gap before the directory")
    listed: list[Any] = [
        {"name": name, "sha256": contents.files[name][1], "size": contents.files[name][0]}
        for name in sorted(contents.files, key=str.encode)
    ]
    wanted = canonical.write({"v": 1, "files": listed})
    _need(contents.manifest == wanted, "the manifest does not list what is there")
    return contents


def _read_entry(span: Span, row: Row, end: int, contents: Contents) -> None:
    head = span.read(row.offset, 30)
    _need(len(head) == 30, "a header is cut")
    parts = struct.unpack("<IHHHHHIIIHH", head)
    _need(parts[0] == 0x04034B50 and parts[2:4] == (row.flags, row.method), "another header")
    rest = span.read(row.offset + 30, parts[9] + parts[10])
    _need(rest[: parts[9]] == row.raw, "a header's name")
    size, stored = _widened(rest[parts[9] :], (parts[8], parts[7]))
    told = (parts[6], stored, size)
    later = row.flags & 8 and told == (0, 0, 0)
    _need(bool(later) or told == (row.crc, row.stored, row.size), "a header's sizes")
    at = row.offset + 30 + len(rest)
    gap = span.read(at + row.stored, max(0, end - at - row.stored))
    _need(end - at - row.stored == len(gap) and _is_gap(gap, row), "a gap after an entry")
    limit = {FORM: LARGEST_FORM, MANIFEST: LARGEST_MANIFEST}.get(row.name, -1)
    _need(row.name != MANIFEST or row.size <= limit, "the manifest is too large")
    kept, digest, crc = bytearray(), sha256(), 0
    for piece in _inflated(span, at, row):
        digest.update(piece)
        crc = zlib.crc32(piece, crc)
        if row.size <= limit:
            kept += piece
    _need(crc == row.crc, "a checksum")
    if row.name == MANIFEST:
        contents.manifest = bytes(kept)
        return
    contents.files[row.name] = (row.size, digest.hexdigest())
    if row.name == FORM and row.size <= limit:
        contents.form = bytes(kept)


def _inflated(span: Span, at: int, row: Row) -> Iterator[bytes]:
    stream = zlib.decompressobj(-15) if row.method else None
    given, place, end = 0, at, at + row.stored
    while place < end:
        data = span.read(place, min(_BLOCK, end - place))
        place += len(data)
        while data:
            piece = data if stream is None else _step(stream, data)
            data = b"" if stream is None else stream.unconsumed_tail
            given += len(piece)
            _need(given <= row.size, "longer than it says")
            yield piece
    if stream is not None:
        while not stream.eof and (piece := _step(stream, b"")):
            given += len(piece)
            _need(given <= row.size, "longer than it says")
            yield piece
        _need(stream.eof and not stream.unused_data, "does not end where it says")
    _need(given == row.size, "shorter than it says")


def _step(stream: Any, data: bytes) -> bytes:
    _need(not stream.eof, "data after its end")
    try:
        piece: bytes = stream.decompress(data, _BLOCK)
    except zlib.error as error:
        raise PackageInvalid("does not inflate") from error
    return piece


def _is_gap(data: bytes, row: Row) -> bool:
    if not row.flags & 8:
        return not data
    right = [struct.pack("<IQQ", row.crc, row.stored, row.size)]
    if max(row.stored, row.size) < _FULL:
        right.append(struct.pack("<III", row.crc, row.stored, row.size))
    return data in right or data in [b"PK\7\x08" + one for one in right]


def _directory(span: Span) -> tuple[list[Row], int]:
    """Return the entries in the order they lie in, and where the directory starts."""
    at = span.size - 22
    _need(at >= 0, "too short")
    parts = struct.unpack("<IHHHHIIH", span.read(at, 22))
    _need(parts[0] == 0x06054B50 and parts[1:3] == (0, 0) and parts[7] == 0, "no end record")
    _need(parts[3] == parts[4], "no end record")
    count, size, start = parts[4:7]
    if start + size != at or _FULL in (start, size) or count == 0xFFFF:
        count, size, start = _wide_end(span, at - 76, (count, size, start))
    _need(count <= MOST_FILES, "too many files")
    _need(size <= count * (46 + 1024 + 64), "a directory longer than its entries")
    data = span.read(start, size)
    _need(len(data) == size, "the directory is cut")
    rows, place = [], 0
    for _ in range(count):
        row, place = _central(data, place)
        rows.append(row)
    _need(place == len(data), "a directory longer than its entries")
    return sorted(rows, key=lambda row: row.offset), start


def _wide_end(span: Span, at: int, told: tuple[int, int, int]) -> tuple[int, int, int]:
    _need(at >= 0, "no end record")
    data = span.read(at, 76)
    parts = struct.unpack("<IQHHIIQQQQ", data[:56])
    where = struct.unpack("<IIQI", data[56:])
    _need(parts[:2] == (0x06064B50, 44) and parts[4:6] == (0, 0), "no end record")
    _need(where == (0x07064B50, 0, at, 1) and parts[6] == parts[7], "no end record")
    count, size, start = parts[7:10]
    _need(start + size == at, "not where the end record says")
    for said, real, full in zip(told, (count, size, start), (0xFFFF, _FULL, _FULL), strict=True):
        _need(said in (real, full), "two end records disagree")
    return count, size, start


def _central(data: bytes, at: int) -> tuple[Row, int]:
    _need(len(data) - at >= 46, "fewer entries than it says")
    parts = struct.unpack_from("<IHHHHHHIIIHHHHHII", data, at)
    _need(parts[0] == 0x02014B50 and parts[12:14] == (0, 0), "an entry out of form")
    flags, method, crc, stored, size = parts[3], parts[4], *parts[7:10]
    middle, end = at + 46 + parts[10], at + 46 + parts[10] + parts[11]
    _need(end <= len(data), "fewer entries than it says")
    raw = data[at + 46 : middle]
    size, stored, offset = _widened(data[middle:end], (size, stored, parts[16]))
    row = Row(_name(raw, flags), raw, flags, method, crc, stored, size, offset)
    _need(not flags & ~_FLAGS and method in {0, 8}, "a flag or a method")
    _need(parts[15] >> 16 & 0o170000 in {0, 0o100000}, "no plain file")
    _need(method != 0 or stored == size, "a stored entry with two sizes")
    _need(size <= RATIO * stored + (1 << 20) and size <= LARGEST, "inflates too much")
    return row, end


def _name(raw: bytes, flags: int) -> str:
    try:
        name = raw.decode("utf-8" if flags & 0x0800 else "ascii")
    except UnicodeDecodeError as error:
        raise PackageInvalid("a name that is no text") from error
    is_drive = name[:1].isascii() and name[:1].isalpha() and name[1:2] == ":"
    _need(len(name.encode()) <= 1024 and not is_drive, "a name")
    _need(not any(c < " " or c in "\x7f\\" for c in name), "a name")
    _need(not {"", ".", ".."} & set(name.split("/")), "a name")
    return name


def _widened(extra: bytes, values: tuple[int, ...]) -> tuple[int, ...]:
    """Replace full 32-bit values by those of the one extra field for large sizes."""
    wide: list[int] | None = None
    at = 0
    while at < len(extra):
        _need(len(extra) - at >= 4, "an extra field is cut")
        kind, length = struct.unpack_from("<HH", extra, at)
        held = extra[at + 4 : at + 4 + length]
        _need(len(held) == length and kind != 0x7075, "an extra field")
        if kind == 1:
            _need(wide is None and length % 8 == 0, "two fields for large sizes")
            wide = [number for (number,) in struct.iter_unpack("<Q", held)]
        at += 4 + length
    wide = wide or []
    _need(sum(value == _FULL for value in values) == len(wide), "a large size without its field")
    return tuple(wide.pop(0) if value == _FULL else value for value in values)


def _need(holds: bool, what: str) -> None:  # noqa: FBT001 - it reads like assert
    if not holds:
        raise PackageInvalid(what)
