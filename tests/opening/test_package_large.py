import io
import struct
import zlib
from collections.abc import Callable

import pytest

from opening.package import (
    PackageInvalid,
    index_package,
    read_file,
)
from opening.zip_layout import FULL32, zip64_field
from opening.zip_writer import _central_record, _ending, _local_header
from tests.opening.packages import cause


class Sparse:
    """A reader whose middle is zeros that nobody stores, for places beyond four gigabytes."""

    def __init__(self, parts: list[tuple[int, bytes]], length: int) -> None:
        self.parts = parts
        self.length = length
        self.place = 0

    def seek(self, offset: int, whence: int = 0, /) -> int:
        self.place = offset + (self.length if whence == 2 else 0)
        return self.place

    def readinto(self, buffer: memoryview, /) -> int:
        count = min(len(buffer), self.length - self.place)
        buffer[:count] = bytes(count)
        for at, data in self.parts:
            low, high = max(at, self.place), min(at + len(data), self.place + count)
            if low < high:
                buffer[low - self.place : high - self.place] = data[low - at : high - at]
        self.place += count
        return count


@pytest.mark.parametrize("size", [FULL32 - 1, FULL32, 5 << 30])
def test_entries_beyond_four_gigabytes_are_found(size: int) -> None:
    head = _local_header(b"huge", size)
    small = bytearray(_local_header(b"small", 1))
    small[14:18] = zlib.crc32(b"s").to_bytes(4, "little")
    second = len(head) + size
    start = second + len(small) + 1
    directory = _central_record(b"huge", size, 0, 0)
    directory += _central_record(b"small", 1, zlib.crc32(b"s"), second)
    tail = bytes(small) + b"s" + directory + _ending(2, len(directory), start)
    reader = Sparse([(0, head), (second, tail)], second + len(tail))
    found = index_package(reader)
    assert (found["huge"].size, found["huge"].stored) == (size, size)
    assert found["small"].offset == second
    assert b"".join(read_file(reader, found["small"])) == b"s"


def broken_end64() -> list[tuple[str, Callable[[bytes], bytes]]]:
    return [
        ("signature", lambda end: b"XX" + end[2:]),
        ("length", lambda end: end[:4] + b"\x2d" + end[5:]),
        ("disk", lambda end: end[:16] + b"\x01" + end[17:]),
        ("count here", lambda end: end[:24] + b"\x09" + end[25:]),
        ("size", lambda end: end[:40] + b"\x09" + end[41:]),
        ("locator", lambda end: end[:56] + b"XX" + end[58:]),
        ("locator place", lambda end: end[:64] + b"\x09" + end[65:]),
        ("count below", lambda end: end[:-12] + b"\x09\x00" + end[-10:]),
    ]


@pytest.mark.parametrize(
    "change", [row[1] for row in broken_end64()], ids=[row[0] for row in broken_end64()]
)
def test_a_wrong_end_of_a_large_package_is_refused(change: Callable[[bytes], bytes]) -> None:
    size = 5 << 30
    head = _local_header(b"huge", size)
    start = len(head) + size
    directory = _central_record(b"huge", size, 0, 0)
    tail = directory + change(_ending(1, len(directory), start))
    with pytest.raises(PackageInvalid, match="directory"):
        index_package(Sparse([(0, head), (start, tail)], start + len(tail)))


def with_extra(extra: bytes) -> bytes:
    data = b"y"
    head = _local_header(b"x", 1)
    record = bytearray(_central_record(b"x", 1, zlib.crc32(data), 0))
    record[30:32] = len(extra).to_bytes(2, "little")
    whole = bytes(record) + extra
    return head + data + whole + _ending(1, len(whole), len(head) + 1)


@pytest.mark.parametrize(
    "extra",
    [
        b"\x01",
        b"\x01\x00\x08\x00",
        zip64_field(1),
        zip64_field() + zip64_field(),
        struct.pack("<HH", 1, 4) + bytes(4),
        struct.pack("<HH", 0x7075, 5) + bytes(5),
    ],
)
def test_an_extra_field_that_misleads_is_refused(extra: bytes) -> None:
    assert cause(with_extra(extra)) == "directory"


def test_an_extra_field_with_a_date_is_passed_over() -> None:
    data = with_extra(struct.pack("<HHBI", 0x5455, 5, 1, 0))
    assert set(index_package(io.BytesIO(data))) == {"x"}
