import io
from collections.abc import Callable

import pytest
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA512
from cryptography.hazmat.primitives.kdf.hkdf import HKDFExpand
from hypothesis import given
from hypothesis import strategies as st

from crypto import merkle
from crypto.cobblestone import (
    BodyInvalid,
    SealedBody,
    SealedReader,
    SliceTree,
    file_root,
    open_stream,
    package_bounds,
    seal_stream,
    sealed_size,
)

CEK = bytes(range(32))
CONTEXT = b"\x07" * 32
SALT = bytes(range(24))
CHUNK = 16384
SEALED_CHUNK = CHUNK + 16
MIB = 1 << 20
FULL_PAD = 65536 - 8
"""The longest package that fits one step of padding."""


def some_bytes(length: int) -> bytes:
    return (bytes(range(251)) * (length // 251 + 1))[:length]


def seal(package: bytes) -> tuple[bytes, SealedBody]:
    sink = io.BytesIO()
    body = seal_stream(io.BytesIO(package), sink, CEK, CONTEXT, SALT, len(package))
    return sink.getvalue(), body


def unseal(sealed: bytes, size: int | None = None) -> bytes:
    sink = io.BytesIO()
    open_stream(io.BytesIO(sealed), sink, CEK, CONTEXT, len(sealed) if size is None else size)
    return sink.getvalue()


def by_the_book(package: bytes) -> bytes:
    """Build the sealed file from the formulas, one step a line."""
    label = b"c2sp.org/chunked-encryption@v1+AEAD_AES_256_GCM\x00"
    okm = HKDFExpand(SHA512(), 76, label + SALT + CONTEXT).derive(CEK)
    key, base, commitment = okm[:32], okm[32:44], okm[44:]
    plain = len(package).to_bytes(8) + package
    plain += bytes(-len(plain) % 65536)
    chunks = [plain[at : at + CHUNK] for at in range(0, len(plain) + 1, CHUNK)]
    out = SALT + commitment
    for index, chunk in enumerate(chunks):
        nonce = bytes(a ^ b for a, b in zip(base, index.to_bytes(12), strict=True))
        out += AESGCM(key).encrypt(nonce, chunk, None)
    return out


def book_root(data: bytes) -> bytes:
    slices = [data[at : at + MIB] for at in range(0, len(data), MIB)]
    return merkle.root([merkle.leaf_hash(part) for part in slices])


def forge(plain: bytes) -> bytes:
    """Seal any plaintext under the right keys, as a bidder with its own program could."""
    label = b"c2sp.org/chunked-encryption@v1+AEAD_AES_256_GCM\x00"
    okm = HKDFExpand(SHA512(), 76, label + SALT + CONTEXT).derive(CEK)
    base = int.from_bytes(okm[32:44])
    out = SALT + okm[44:]
    for index in range(len(plain) // CHUNK + 1):
        chunk = plain[index * CHUNK : (index + 1) * CHUNK]
        out += AESGCM(okm[:32]).encrypt((base ^ index).to_bytes(12), chunk, None)
    return out


LENGTHS = [0, 1, FULL_PAD - 1, FULL_PAD, FULL_PAD + 1, MIB - 8, MIB - 7, 3 * MIB + 5]


@pytest.mark.parametrize("length", LENGTHS)
def test_a_sealed_body_is_what_the_formulas_say(length: int) -> None:
    package = some_bytes(length)
    sealed, body = seal(package)
    assert sealed == by_the_book(package)
    assert body == SealedBody(len(sealed), book_root(sealed))
    assert body.size == sealed_size(length)


@pytest.mark.parametrize("length", LENGTHS)
def test_what_was_sealed_opens(length: int) -> None:
    package = some_bytes(length)
    sealed, _ = seal(package)
    assert unseal(sealed) == package


def test_more_slices_than_may_wait_are_hashed_in_order() -> None:
    package = some_bytes(40 * MIB)
    sealed, body = seal(package)
    assert body.root == book_root(sealed)
    assert file_root(io.BytesIO(sealed)) == (body.size, body.root)


@given(st.integers(0, 1 << 40))
def test_the_size_tells_the_length_within_one_step_of_padding(length: int) -> None:
    low, high = package_bounds(sealed_size(length))
    assert low <= length <= high
    assert high - low < 65536


def test_sizes_next_to_a_right_one_are_refused() -> None:
    right = sealed_size(0)
    assert package_bounds(right) == (0, FULL_PAD)
    for wrong in (0, 55, 72, right - 1, right + 1, right - SEALED_CHUNK, right + SEALED_CHUNK):
        with pytest.raises(BodyInvalid) as caught:
            package_bounds(wrong)
        assert caught.value.cause == "shape"


def flip(data: bytes, at: int) -> bytes:
    return data[:at] + bytes([data[at] ^ 1]) + data[at + 1 :]


def chunk_at(sealed: bytes, index: int) -> bytes:
    return sealed[56 + index * SEALED_CHUNK : 56 + (index + 1) * SEALED_CHUNK]


def swap(sealed: bytes) -> bytes:
    head, tail = sealed[:56], sealed[56 + 2 * SEALED_CHUNK :]
    return head + chunk_at(sealed, 1) + chunk_at(sealed, 0) + tail


def splice(sealed: bytes) -> bytes:
    other = io.BytesIO()
    seal_stream(io.BytesIO(bytes(100)), other, CEK, CONTEXT, SALT[::-1], 100)
    return sealed[:56] + other.getvalue()[56 : 56 + SEALED_CHUNK] + sealed[56 + SEALED_CHUNK :]


def cut_a_chunk(sealed: bytes) -> bytes:
    return sealed[:56] + sealed[56 + SEALED_CHUNK :]


def cut_four_chunks(sealed: bytes) -> bytes:
    return sealed[: -16 - 4 * SEALED_CHUNK] + sealed[-16:]


TAMPERED: list[tuple[str, Callable[[bytes], bytes], str]] = [
    ("salt", lambda s: flip(s, 3), "commitment"),
    ("commitment", lambda s: flip(s, 30), "commitment"),
    ("first chunk", lambda s: flip(s, 56), "tag"),
    ("a tag", lambda s: flip(s, 56 + SEALED_CHUNK - 1), "tag"),
    ("last chunk", lambda s: flip(s, len(s) - 17), "tag"),
    ("last tag", lambda s: flip(s, len(s) - 1), "tag"),
    ("swapped chunks", swap, "tag"),
    ("spliced chunk", splice, "tag"),
    ("cut at the end", lambda s: s[:-1], "shape"),
    ("last chunk gone", lambda s: s[:-16], "shape"),
    ("one chunk gone", cut_a_chunk, "shape"),
    ("four chunks gone", cut_four_chunks, "length"),
    ("cut to the prefix", lambda s: s[:56], "shape"),
    ("cut in the prefix", lambda s: s[:40], "shape"),
    ("nothing", lambda s: s[:0], "shape"),
    ("a byte more", lambda s: s + b"\x00", "shape"),
]


@pytest.mark.parametrize(
    ("change", "cause"), [row[1:] for row in TAMPERED], ids=[row[0] for row in TAMPERED]
)
def test_a_tampered_body_is_refused_with_its_cause(
    change: Callable[[bytes], bytes], cause: str
) -> None:
    sealed, _ = seal(some_bytes(2 * FULL_PAD))
    broken = change(sealed)
    with pytest.raises(BodyInvalid) as caught:
        unseal(broken)
    assert caught.value.cause == cause
    with pytest.raises(BodyInvalid) as caught:
        SealedReader(io.BytesIO(broken), CEK, CONTEXT, len(broken)).read()
    assert caught.value.cause == ("tag" if change is cut_four_chunks else cause)


def test_a_file_that_is_not_as_long_as_stated_is_refused() -> None:
    sealed, body = seal(some_bytes(5))
    for content in (sealed + b"\x00", sealed[:-1], sealed[:-16]):
        with pytest.raises(BodyInvalid, match=r"shape|tag"):
            unseal(content, body.size)
        with pytest.raises(BodyInvalid, match=r"shape|tag"):
            SealedReader(io.BytesIO(content), CEK, CONTEXT, body.size)


@pytest.mark.parametrize(
    ("plain", "cause"),
    [
        ((FULL_PAD + 1).to_bytes(8) + bytes(FULL_PAD), "length"),
        ((1 << 63).to_bytes(8) + bytes(FULL_PAD), "length"),
        ((5).to_bytes(8) + bytes(2 * 65536 - 8), "length"),
        ((5).to_bytes(8) + bytes(FULL_PAD - 1) + b"\x01", "padding"),
        ((5).to_bytes(8) + b"abcdef" + bytes(FULL_PAD - 6), "padding"),
    ],
)
def test_a_body_that_lies_about_its_length_is_refused(plain: bytes, cause: str) -> None:
    sealed = forge(plain)
    with pytest.raises(BodyInvalid, match=cause):
        unseal(sealed)
    with pytest.raises(BodyInvalid, match=cause):
        SealedReader(io.BytesIO(sealed), CEK, CONTEXT, len(sealed))


@pytest.mark.parametrize("plain", [b"\x00" * 8, bytes(16384), bytes(65536 + 16384)])
def test_a_body_that_is_not_padded_is_refused(plain: bytes) -> None:
    with pytest.raises(BodyInvalid, match="shape"):
        unseal(forge(plain))


def test_another_key_or_context_does_not_open() -> None:
    sealed, _ = seal(b"price")
    for cek, context in ((CEK[::-1], CONTEXT), (CEK, CONTEXT + b"\x00")):
        with pytest.raises(BodyInvalid, match="commitment"):
            open_stream(io.BytesIO(sealed), io.BytesIO(), cek, context, len(sealed))


@pytest.mark.parametrize(("cek", "salt"), [(CEK[1:], SALT), (CEK, SALT[1:])])
def test_keys_and_salts_of_another_length_are_refused(cek: bytes, salt: bytes) -> None:
    with pytest.raises(ValueError, match="32 bytes"):
        seal_stream(io.BytesIO(), io.BytesIO(), cek, CONTEXT, salt, 0)


def test_a_package_shorter_than_its_length_is_refused() -> None:
    with pytest.raises(ValueError, match="ended before"):
        seal_stream(io.BytesIO(b"abc"), io.BytesIO(), CEK, CONTEXT, SALT, 4)


def test_a_package_beyond_the_limit_is_refused_before_anything_is_written() -> None:
    sink = io.BytesIO()
    with pytest.raises(ValueError, match="too large"):
        seal_stream(io.BytesIO(), sink, CEK, CONTEXT, SALT, (1 << 50) + 1)
    assert sink.getvalue() == b""


def test_progress_grows_to_the_size() -> None:
    told: list[int] = []
    package = some_bytes(3 * MIB)
    sink = io.BytesIO()
    body = seal_stream(io.BytesIO(package), sink, CEK, CONTEXT, SALT, len(package), told.append)
    assert told == sorted(told)
    assert told[-1] == body.size
    told.clear()
    open_stream(io.BytesIO(sink.getvalue()), io.BytesIO(), CEK, CONTEXT, body.size, told.append)
    assert told == sorted(told)
    assert told[-1] == body.size - 16
    told.clear()
    file_root(io.BytesIO(sink.getvalue()), told.append)
    assert told[-1] == body.size


class Dribble(io.RawIOBase):
    """A source and a sink that take a few bytes at a time, as raw files and pipes may."""

    def __init__(self, data: bytes = b"") -> None:
        super().__init__()
        self.data = bytearray(data)

    def readable(self) -> bool:
        return True

    def writable(self) -> bool:
        return True

    def readinto(self, buffer: memoryview) -> int:  # type: ignore[override] # bytes views only
        part = self.data[: min(len(buffer), 7000)]
        buffer[: len(part)] = part
        del self.data[: len(part)]
        return len(part)

    def write(self, data: memoryview) -> int:  # type: ignore[override] # bytes views only
        part = data[:9000]
        self.data += part
        return len(part)


def test_short_reads_and_writes_are_gone_on_with() -> None:
    package = some_bytes(200_000)
    sink = Dribble()
    body = seal_stream(Dribble(package), sink, CEK, CONTEXT, SALT, len(package))
    sealed = bytes(sink.data)
    assert sealed == by_the_book(package)
    opened = Dribble()
    assert open_stream(Dribble(sealed), opened, CEK, CONTEXT, body.size) == len(package)
    assert opened.data == package


class Full:
    """A sink without room, as a pipe that must not wait may be."""

    def write(self, _data: memoryview) -> None:
        return None


def test_a_sink_that_takes_nothing_stops_the_sealing() -> None:
    with pytest.raises(BlockingIOError):
        seal_stream(io.BytesIO(b"a"), Full(), CEK, CONTEXT, SALT, 1)


READ_PACKAGE = some_bytes(700_000)
READ_SEALED = seal(READ_PACKAGE)[0]


@given(st.lists(st.tuples(st.integers(0, 720_000), st.integers(0, 300_000)), max_size=8))
def test_the_reader_gives_the_same_bytes_at_any_place(reads: list[tuple[int, int]]) -> None:
    reader = SealedReader(io.BytesIO(READ_SEALED), CEK, CONTEXT, len(READ_SEALED))
    plain = io.BytesIO(READ_PACKAGE)
    buffered = io.BufferedReader(reader)
    for place, count in reads:
        buffered.seek(place)
        plain.seek(place)
        assert buffered.read(count) == plain.read(count)


def test_the_reader_knows_its_ends() -> None:
    reader = SealedReader(io.BytesIO(READ_SEALED), CEK, CONTEXT, len(READ_SEALED))
    assert reader.readable()
    assert reader.seekable()
    assert reader.length == len(READ_PACKAGE)
    assert reader.seek(-3, io.SEEK_END) == len(READ_PACKAGE) - 3
    assert reader.read() == READ_PACKAGE[-3:]
    assert reader.tell() == len(READ_PACKAGE)
    assert reader.read(1) == b""
    assert reader.seek(-1, io.SEEK_CUR) == len(READ_PACKAGE) - 1
    with pytest.raises(ValueError, match="before the start"):
        reader.seek(-1)


def test_the_reader_never_returns_bytes_of_a_chunk_that_fails() -> None:
    broken = flip(READ_SEALED, 56 + 20 * SEALED_CHUNK + 5)
    reader = SealedReader(io.BytesIO(broken), CEK, CONTEXT, len(broken))
    assert reader.read(1000) == READ_PACKAGE[:1000]
    reader.seek(21 * CHUNK)
    for _ in range(2):
        with pytest.raises(BodyInvalid, match="tag"):
            reader.read(10)


@given(st.lists(st.integers(0, 700_000), max_size=7), st.integers(0, 3))
def test_a_slice_tree_does_not_care_how_the_bytes_are_cut(cuts: list[int], extra: int) -> None:
    data = some_bytes(sum(cuts) + extra)
    tree = SliceTree()
    at = 0
    for cut in cuts:
        tree.update(data[at : at + cut])
        at += cut
        assert tree.root() == book_root(data[:at])
    tree.update(memoryview(data)[at:])
    assert (tree.size, tree.root()) == (len(data), book_root(data))


def test_an_empty_file_has_the_empty_root() -> None:
    assert file_root(io.BytesIO()) == (0, merkle.empty_root())
    assert SliceTree().root() == merkle.empty_root()
