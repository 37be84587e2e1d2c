"""The sealed body: a package padded and encrypted in chunks, streamed or read at any place.

It must not choose keys, salts or contexts, and never hands out a byte whose tag it has not checked.
"""

import hmac
import io
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING, Protocol, TypeAlias

from crypto.chunks import (
    CHUNK_BYTES,
    HEADER_BYTES,
    PACKAGE_LIMIT,
    PREFIX_BYTES,
    SALT_BYTES,
    SEALED_CHUNK_BYTES,
    TAG_BYTES,
    BodyCause,
    BodyInvalid,
    Cipher,
    check_zeros,
    chunk_count,
    package_bounds,
    package_length,
    padded_size,
    sealed_size,
)
from crypto.hashing import u64
from crypto.slices import Readable, SliceTree, ThreadedSlices, file_root, fill

if TYPE_CHECKING:
    from _typeshed import WriteableBuffer

__all__ = [
    "BodyCause",
    "BodyInvalid",
    "SealedBody",
    "SealedReader",
    "SliceTree",
    "file_root",
    "open_stream",
    "package_bounds",
    "seal_stream",
    "sealed_size",
]

_PIECE_CHUNKS = 64
_PIECE_BYTES = _PIECE_CHUNKS * CHUNK_BYTES
_WINDOW_CHUNKS = 16

Progress: TypeAlias = Callable[[int], None]


class Writable(Protocol):
    """A binary sink; each write is done with its bytes when it returns."""

    def write(self, data: memoryview, /) -> int | None:
        """Take bytes and tell how many were taken."""


class Seekable(Readable, Protocol):
    """A binary source that can be read at any place."""

    def seek(self, offset: int, /) -> int:
        """Go to a place counted from the start."""


@dataclass(frozen=True, slots=True)
class SealedBody:
    """What the statement says of a sealed file."""

    size: int
    root: bytes


def seal_stream(
    source: Readable,
    sink: Writable,
    cek: bytes,
    context: bytes,
    salt: bytes,
    length: int,
    progress: Progress | None = None,
) -> SealedBody:
    """Seal the next bytes of a source into a sink, in constant memory.

    Args:
        source: gives the package.
        sink: takes the sealed file from its start; making it durable is the caller's.
        cek: the content key, 32 bytes.
        context: what the body is bound to, `H("body", params, enc, ct)`.
        salt: 24 random bytes, never used twice with this key, not even for the same package.
        length: bytes of the package.
        progress: told the sealed bytes written so far, after each piece.

    Raises:
        ValueError: the source ended before `length` bytes.

    Source: C2SP chunked-encryption, Cobblestone-256; docs/sealing.md section 5.
    """
    if not 0 <= length <= PACKAGE_LIMIT:
        raise ValueError("the package is too large")
    cipher = Cipher(cek, context, salt)
    with ThreadedSlices(_PIECE_CHUNKS * SEALED_CHUNK_BYTES, busy=True) as slices:

        def emit(data: bytes | memoryview) -> None:
            view = memoryview(data)
            _write_all(sink, view)
            slices.update(view)
            if progress is not None:
                progress(slices.size)

        emit(salt + cipher.commitment)
        index = 0
        for piece in _plaintext(source, length):
            emit(cipher.seal(index, piece, slices.buffer()))
            index += len(piece) // CHUNK_BYTES
        emit(cipher.seal_last(index))
        return SealedBody(slices.size, slices.root())


def open_stream(
    source: Readable,
    sink: Writable,
    cek: bytes,
    context: bytes,
    size: int,
    progress: Progress | None = None,
) -> int:
    """Open a sealed file into a sink and return the length of the package.

    What the sink has taken is worth nothing when this raises: the caller throws it away.

    Args:
        source: gives the sealed file from its start.
        sink: takes the package.
        cek: the content key, 32 bytes.
        context: what the body is bound to.
        size: the size of the sealed file as the statement has it.
        progress: told the sealed bytes read so far.

    Raises:
        BodyInvalid: the commitment, the shape, a tag, the length or the padding is wrong.
    """
    cipher = _check_prefix(_read(source, PREFIX_BYTES), cek, context)
    chunks = chunk_count(size)
    most = min(_PIECE_CHUNKS, chunks)
    plain = memoryview(bytearray(most * CHUNK_BYTES))
    sealed = memoryview(bytearray(most * SEALED_CHUNK_BYTES))
    length = written = 0
    for index in range(0, chunks, _PIECE_CHUNKS):
        count = min(_PIECE_CHUNKS, chunks - index)
        part = _read_exactly(source, sealed[: count * SEALED_CHUNK_BYTES])
        piece = cipher.open(index, part, plain)
        if index == 0:
            length = package_length(piece[:HEADER_BYTES], chunks)
            piece = piece[HEADER_BYTES:]
        package, padding = piece[: length - written], piece[length - written :]
        check_zeros(padding)
        _write_all(sink, package)
        written += len(package)
        if progress is not None:
            progress(PREFIX_BYTES + (index + count) * SEALED_CHUNK_BYTES)
    cipher.open_last(chunks, _read(source, TAG_BYTES))
    if _read(source, 1):
        raise BodyInvalid("shape")
    return length


class SealedReader(io.RawIOBase):
    """The package inside a sealed file as a seekable file: it decrypts what is read, no more.

    One thread at a time; closing it leaves the sealed file open. The end and the padding are
    checked at once, every other tag when its chunk is read; a wrong one raises BodyInvalid.
    """

    def __init__(self, source: Seekable, cek: bytes, context: bytes, size: int) -> None:
        super().__init__()
        self._source = source
        source.seek(0)
        self._cipher = _check_prefix(_read(source, PREFIX_BYTES), cek, context)
        self._chunks = chunk_count(size)
        self._plain = memoryview(bytearray(_WINDOW_CHUNKS * CHUNK_BYTES))
        self._sealed = memoryview(bytearray(_WINDOW_CHUNKS * SEALED_CHUNK_BYTES))
        self._window: tuple[int, memoryview] = (-1, self._plain[:0])
        self._place = HEADER_BYTES
        source.seek(PREFIX_BYTES + self._chunks * SEALED_CHUNK_BYTES)
        self._cipher.open_last(self._chunks, _read(source, TAG_BYTES))
        if _read(source, 1):
            raise BodyInvalid("shape")
        self.length = package_length(self._window_at(0)[:HEADER_BYTES], self._chunks)
        self._end = HEADER_BYTES + self.length
        self._check_padding()

    def readable(self) -> bool:
        """Tell that this can be read."""
        return True

    def seekable(self) -> bool:
        """Tell that this can be read at any place."""
        return True

    def tell(self) -> int:
        """Return the place the next read begins at."""
        return self._place - HEADER_BYTES

    def seek(self, offset: int, whence: int = io.SEEK_SET) -> int:
        """Go to a place in the package, counted as files do."""
        base = {io.SEEK_SET: 0, io.SEEK_CUR: self.tell(), io.SEEK_END: self.length}[whence]
        if base + offset < 0:
            raise ValueError("a place before the start")
        self._place = HEADER_BYTES + base + offset
        return base + offset

    def readinto(self, buffer: "WriteableBuffer", /) -> int:
        """Fill a buffer as far as one window of chunks reaches."""
        target = memoryview(buffer).cast("B")
        wanted = min(len(target), self._end - self._place)
        if wanted <= 0:
            return 0
        part = self._window_at(self._place)[:wanted]
        target[: len(part)] = part
        self._place += len(part)
        return len(part)

    def _window_at(self, place: int) -> memoryview:
        """Return decrypted bytes from this place of the plaintext to the end of its window."""
        first = place // CHUNK_BYTES // _WINDOW_CHUNKS * _WINDOW_CHUNKS
        if self._window[0] != first:
            self._window = (-1, self._plain[:0])
            count = min(_WINDOW_CHUNKS, self._chunks - first)
            self._source.seek(PREFIX_BYTES + first * SEALED_CHUNK_BYTES)
            sealed = _read_exactly(self._source, self._sealed[: count * SEALED_CHUNK_BYTES])
            self._window = (first, self._cipher.open(first, sealed, self._plain))
        return self._window[1][place - first * CHUNK_BYTES :]

    def _check_padding(self) -> None:
        place = self._end
        while place < self._chunks * CHUNK_BYTES:
            part = self._window_at(place)
            check_zeros(part)
            place += len(part)


def _plaintext(source: Readable, length: int) -> Iterator[memoryview]:
    """Give header, package and zeros in whole chunks; each piece is good until the next."""
    total = padded_size(length)
    buffer = memoryview(bytearray(min(_PIECE_BYTES, total)))
    buffer[:HEADER_BYTES] = u64(length)
    at, left = HEADER_BYTES, length
    for done in range(0, total, _PIECE_BYTES):
        piece = buffer[: min(_PIECE_BYTES, total - done)]
        package = piece[at : at + left]
        if len(fill(source, package)) != len(package):
            raise ValueError("the package ended before its length")
        rest = piece[at + len(package) :]
        rest[:] = bytes(len(rest))
        yield piece
        at, left = 0, left - len(package)


def _read(source: Readable, count: int) -> memoryview:
    return fill(source, memoryview(bytearray(count)))


def _read_exactly(source: Readable, buffer: memoryview) -> memoryview:
    if len(fill(source, buffer)) != len(buffer):
        raise BodyInvalid("shape")
    return buffer


def _write_all(sink: Writable, view: memoryview) -> None:
    while view:
        taken = sink.write(view)
        if taken is None:
            raise BlockingIOError("the sink takes nothing now")
        view = view[taken:]


def _check_prefix(prefix: memoryview, cek: bytes, context: bytes) -> Cipher:
    if len(prefix) != PREFIX_BYTES:
        raise BodyInvalid("shape")
    cipher = Cipher(cek, context, bytes(prefix[:SALT_BYTES]))
    if not hmac.compare_digest(cipher.commitment, bytes(prefix[SALT_BYTES:])):
        raise BodyInvalid("commitment")
    return cipher
