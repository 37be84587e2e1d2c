"""Reads a ZIP that somebody else made, strictly: every byte is accounted for before it counts.

It must not trust a size, a name or a place that it has not checked, nor hold a file in memory.
"""

import struct
import zlib
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Protocol, TypeAlias

from crypto.slices import fill
from opening.package_rules import (
    NAME_BYTES,
    Limits,
    PackageInvalid,
    check_kind,
    check_name,
)
from opening.zip_layout import (
    CENTRAL,
    CENTRAL_SIGNATURE,
    DESCRIBED,
    DESCRIPTOR_SIGNATURE,
    END,
    END64,
    END64_SIGNATURE,
    END_SIGNATURE,
    FULL16,
    FULL32,
    LOCAL,
    LOCAL_SIGNATURE,
    LOCATOR,
    LOCATOR_SIGNATURE,
    STORED,
    UNICODE_PATH_EXTRA,
    UTF8_NAME,
    ZIP64_EXTRA,
)

_ENTRY_BYTES = CENTRAL.size + NAME_BYTES + 64
_BLOCK = 256 << 10

Take: TypeAlias = Callable[[int], bytes]
"""Gives exactly the next so many bytes of a package."""


class Seekable(Protocol):
    """A package that can be read at any place."""

    def seek(self, offset: int, whence: int = 0, /) -> int:
        """Go to a place."""

    def readinto(self, buffer: memoryview, /) -> int | None:
        """Fill the buffer from the start and tell how much, 0 at the end."""


@dataclass(frozen=True, slots=True)
class ZipEntry:
    """One entry as the directory has it."""

    name: str
    raw_name: bytes
    flags: int
    method: int
    crc: int
    stored: int
    size: int
    offset: int


@dataclass(frozen=True, slots=True)
class Directory:
    """The entries in the order they lie in the file, and where the directory begins."""

    entries: tuple[ZipEntry, ...]
    start: int
    length: int


def read_directory(reader: Seekable, limits: Limits) -> Directory:
    """Read the directory and check every entry in it against the rules and limits.

    Raises:
        PackageInvalid: any cause but content, manifest and form.
    """
    length = reader.seek(0, 2)
    count, start, size = _read_end(reader, length)
    if count > limits.files:
        raise PackageInvalid("count", str(count))
    if size > count * _ENTRY_BYTES:
        raise PackageInvalid("directory", "longer than its entries")
    data = read_at(reader, start, size)
    entries = []
    at = 0
    for _ in range(count):
        entry, at = _read_central(data, at)
        _check_size(entry, limits)
        entries.append(entry)
    if at != len(data):
        raise PackageInvalid("directory", "more than its entries")
    if len({entry.name for entry in entries}) != count:
        raise PackageInvalid("duplicate", "a name occurs twice")
    if sum(entry.size for entry in entries) > limits.inflated:
        raise PackageInvalid("size", "all entries together")
    entries.sort(key=lambda entry: entry.offset)
    return Directory(tuple(entries), start, length)


def read_local_header(take: Take, entry: ZipEntry) -> int:
    """Read the local header of an entry, check it against the directory and return its length."""
    parts = LOCAL.unpack(take(LOCAL.size))
    signature, _, flags, method, _, _, crc, stored, size, name_length, extra_length = parts
    if signature != LOCAL_SIGNATURE or (flags, method) != (entry.flags, entry.method):
        raise PackageInvalid("directory", "a header is not the directory's: " + entry.name)
    rest = take(name_length + extra_length)
    if rest[:name_length] != entry.raw_name:
        raise PackageInvalid("directory", "a header has another name: " + entry.name)
    size, stored = _widen(rest[name_length:], (size, stored))
    told = (crc, stored, size)
    is_later = entry.flags & DESCRIBED and told == (0, 0, 0)
    if not is_later and told != (entry.crc, entry.stored, entry.size):
        raise PackageInvalid("directory", "a header has another size: " + entry.name)
    return LOCAL.size + len(rest)


def check_descriptor(data: bytes, entry: ZipEntry) -> None:
    """Check what stands between an entry's data and the next entry: nothing, or its descriptor."""
    if not entry.flags & DESCRIBED:
        if data:
            raise PackageInvalid("layout", "a gap after " + entry.name)
        return
    signature = struct.pack("<I", DESCRIPTOR_SIGNATURE)
    wide = struct.pack("<IQQ", entry.crc, entry.stored, entry.size)
    right = {wide, signature + wide}
    if max(entry.stored, entry.size) < FULL32:
        narrow = struct.pack("<III", entry.crc, entry.stored, entry.size)
        right |= {narrow, signature + narrow}
    if data not in right:
        raise PackageInvalid("layout", "a gap after " + entry.name)


def inflate(pieces: Iterator[memoryview], entry: ZipEntry) -> Iterator[memoryview]:
    """Turn the stored form of an entry into its content, in pieces; each is good until the next.

    Raises:
        PackageInvalid: content.
    """
    left = entry.size
    for piece in pieces if entry.method == STORED else _inflated(pieces, entry):
        left -= len(piece)
        if left < 0:
            raise PackageInvalid("content", "longer than it says: " + entry.name)
        yield piece
    if left:
        raise PackageInvalid("content", "shorter than it says: " + entry.name)


def read_at(reader: Seekable, place: int, count: int) -> bytes:
    """Read exactly so many bytes at a place."""
    reader.seek(place)
    data = fill(reader, memoryview(bytearray(count)))
    if len(data) != count:
        raise PackageInvalid("directory", "it ends too early")
    return bytes(data)


def _inflated(pieces: Iterator[memoryview], entry: ZipEntry) -> Iterator[memoryview]:
    stream = zlib.decompressobj(-zlib.MAX_WBITS)
    try:
        for piece in pieces:
            if stream.eof:
                raise PackageInvalid("content", "data after its end: " + entry.name)
            data: memoryview | bytes = piece
            while data and not stream.eof:
                yield memoryview(stream.decompress(data, _BLOCK))
                data = stream.unconsumed_tail
        while not stream.eof and (rest := stream.decompress(stream.unconsumed_tail, _BLOCK)):
            yield memoryview(rest)
    except zlib.error as error:
        raise PackageInvalid("content", "does not inflate: " + entry.name) from error
    if not stream.eof or stream.unused_data:
        raise PackageInvalid("content", "does not end where it says: " + entry.name)


def _read_end(reader: Seekable, length: int) -> tuple[int, int, int]:
    """Return count, start and size of the directory, which ends where the end records begin."""
    at = length - END.size
    if at < 0:
        raise PackageInvalid("directory", "too short")
    parts = END.unpack(read_at(reader, at, END.size))
    signature, disk, first, here, count, size, start, comment = parts
    if signature != END_SIGNATURE or (disk, first, comment) != (0, 0, 0) or here != count:
        raise PackageInvalid("directory", "no end record")
    if start + size == at and FULL32 not in (start, size) and count != FULL16:
        return count, start, size
    at -= LOCATOR.size + END64.size
    if at < 0:
        raise PackageInvalid("directory", "no end record for large files")
    found = _read_end64(read_at(reader, at, END64.size + LOCATOR.size), at)
    for told, real, full in zip((count, start, size), found, (FULL16, FULL32, FULL32), strict=True):
        if told not in (real, full):
            raise PackageInvalid("directory", "two end records disagree")
    return found


def _read_end64(data: bytes, at: int) -> tuple[int, int, int]:
    parts = END64.unpack(data[: END64.size])
    signature, rest, _, _, disk, first, here, count, size, start = parts
    if signature != END64_SIGNATURE or rest != END64.size - 12:
        raise PackageInvalid("directory", "no end record for large files")
    locator = LOCATOR.unpack(data[END64.size :])
    if (disk, first, here) != (0, 0, count) or locator != (LOCATOR_SIGNATURE, 0, at, 1):
        raise PackageInvalid("directory", "no end record for large files")
    if start + size != at:
        raise PackageInvalid("directory", "not where the end record says")
    return count, start, size


def _read_central(data: bytes, at: int) -> tuple[ZipEntry, int]:
    if len(data) - at < CENTRAL.size:
        raise PackageInvalid("directory", "fewer entries than it says")
    parts = CENTRAL.unpack_from(data, at)
    signature, _, _, flags, method, _, _, crc, stored, size = parts[:10]
    name_length, extra_length, comment, disk, _, attributes, offset = parts[10:]
    end = at + CENTRAL.size + name_length + extra_length
    if signature != CENTRAL_SIGNATURE or (comment, disk) != (0, 0):
        raise PackageInvalid("directory", "an entry is malformed")
    if end > len(data):
        raise PackageInvalid("directory", "fewer entries than it says")
    raw = data[at + CENTRAL.size :][:name_length]
    name = _read_name(raw, flags)
    check_kind(name, flags, method, attributes >> 16)
    extra = data[at + CENTRAL.size + name_length : end]
    size, stored, offset = _widen(extra, (size, stored, offset))
    return ZipEntry(name, raw, flags, method, crc, stored, size, offset), end


def _read_name(raw: bytes, flags: int) -> str:
    try:
        name = raw.decode("utf-8" if flags & UTF8_NAME else "ascii")
    except UnicodeDecodeError as error:
        raise PackageInvalid("name", "not UTF-8") from error
    check_name(name)
    return name


def _check_size(entry: ZipEntry, limits: Limits) -> None:
    if entry.method == STORED and entry.stored != entry.size:
        raise PackageInvalid("directory", "a stored entry has two sizes: " + entry.name)
    if entry.size > limits.ratio * entry.stored + (1 << 20):
        raise PackageInvalid("ratio", entry.name)
    if entry.size > limits.inflated:
        raise PackageInvalid("size", entry.name)


def _widen(extra: bytes, values: tuple[int, ...]) -> tuple[int, ...]:
    """Replace full 32-bit values by those of the extra field made for them."""
    wide: list[int] | None = None
    at = 0
    while at < len(extra):
        if len(extra) - at < 4:
            raise PackageInvalid("directory", "an extra field is cut")
        kind, length = struct.unpack_from("<HH", extra, at)
        field = extra[at + 4 : at + 4 + length]
        if len(field) != length or kind == UNICODE_PATH_EXTRA:
            raise PackageInvalid("directory", "an extra field is cut or names the entry anew")
        if kind == ZIP64_EXTRA:
            if wide is not None or length % 8:
                raise PackageInvalid("directory", "two fields for large sizes")
            wide = [number for (number,) in struct.iter_unpack("<Q", field)]
        at += 4 + length
    full = [value for value in values if value == FULL32]
    if len(full) != len(wide or ()):
        raise PackageInvalid("directory", "a large size without its field")
    numbers = iter(wide or ())
    return tuple(next(numbers) if value == FULL32 else value for value in values)
