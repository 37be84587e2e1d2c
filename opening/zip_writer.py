"""Writes a ZIP of stored entries, a function of names and contents alone.

It must not choose names or order; whoever packs does. No dates, owners or comments go in, and the
browser's writer makes the same bytes.
"""

import zlib
from collections.abc import Callable
from typing import BinaryIO

from opening.zip_layout import (
    CENTRAL,
    CENTRAL_SIGNATURE,
    DATE,
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
    PLAIN_VERSION,
    STORED,
    UTF8_NAME,
    ZIP64_VERSION,
    zip64_field,
)

_BLOCK = 1 << 20
_CRC_OFFSET = 14


class ZipWriter:
    """Appends entries to a seekable sink, each once and whole, then the directory."""

    def __init__(self, sink: BinaryIO) -> None:
        self._sink = sink
        self._start = sink.tell()
        self._at = 0
        self._central: list[bytes] = []

    def add(
        self, name: bytes, source: BinaryIO, size: int, seen: Callable[[memoryview], None]
    ) -> None:
        """Store the next entry.

        Args:
            name: UTF-8, checked by the caller.
            source: gives the content from where it stands.
            size: how much it gives.
            seen: told the content, piece by piece.

        Raises:
            ValueError: the source gave more or less; the file changed while it was packed.
        """
        self._write(_local_header(name, size))
        crc = self._copy(source, size, seen)
        offset = self._at
        self._sink.seek(self._start + offset + _CRC_OFFSET)
        self._sink.write(crc.to_bytes(4, "little"))
        self._central.append(_central_record(name, size, crc, offset))
        self._at += len(_local_header(name, size)) + size
        self._sink.seek(self._start + self._at)

    def finish(self) -> int:
        """Write the directory and return the length of the whole ZIP."""
        length = sum(len(record) for record in self._central)
        for record in self._central:
            self._write(record)
        ending = _ending(len(self._central), length, self._at)
        self._write(ending)
        return self._at + length + len(ending)

    def _copy(self, source: BinaryIO, size: int, seen: Callable[[memoryview], None]) -> int:
        crc, left = 0, size
        while left:
            piece = source.read(min(_BLOCK, left))
            if not piece:
                raise ValueError("a file became shorter while it was packed")
            self._write(piece)
            crc = zlib.crc32(piece, crc)
            seen(memoryview(piece))
            left -= len(piece)
        if source.read(1):
            raise ValueError("a file became longer while it was packed")
        return crc

    def _write(self, data: bytes) -> None:
        self._sink.write(data)


def _local_header(name: bytes, size: int) -> bytes:
    extra = zip64_field(size, size) if size >= FULL32 else b""
    version = ZIP64_VERSION if extra else PLAIN_VERSION
    told = min(size, FULL32)
    fixed = LOCAL.pack(
        LOCAL_SIGNATURE, version, UTF8_NAME, STORED, 0, DATE, 0, told, told, len(name), len(extra)
    )
    return fixed + name + extra


def _central_record(name: bytes, size: int, crc: int, offset: int) -> bytes:
    large = (size, size) if size >= FULL32 else ()
    far = (offset,) if offset >= FULL32 else ()
    extra = zip64_field(*large, *far) if large or far else b""
    version = ZIP64_VERSION if extra else PLAIN_VERSION
    told = min(size, FULL32)
    sizes = (crc, told, told, len(name), len(extra), 0)
    place = (0, 0, 0, min(offset, FULL32))
    head = (CENTRAL_SIGNATURE, version, version, UTF8_NAME, STORED, 0, DATE)
    return CENTRAL.pack(*head, *sizes, *place) + name + extra


def _ending(count: int, length: int, at: int) -> bytes:
    is_large = count >= FULL16 or length >= FULL32 or at >= FULL32
    if not is_large:
        return END.pack(END_SIGNATURE, 0, 0, count, count, length, at, 0)
    record = END64.pack(
        END64_SIGNATURE,
        END64.size - 12,
        ZIP64_VERSION,
        ZIP64_VERSION,
        0,
        0,
        count,
        count,
        length,
        at,
    )
    locator = LOCATOR.pack(LOCATOR_SIGNATURE, 0, at + length, 1)
    told = (FULL16, FULL16, FULL32, FULL32)
    return record + locator + END.pack(END_SIGNATURE, 0, 0, *told, 0)
