"""The Merkle root over 1 MiB slices of a sealed file, computed as it is written or read.

It must not know what the bytes mean: service and bidder compute it over the sealed file alone.
"""

import hashlib
import os
from collections import deque
from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor
from types import TracebackType
from typing import Protocol, Self, TypeAlias

from crypto.merkle import Frontier

SLICE_BYTES = 1 << 20
_CORES = os.cpu_count() or 1
_AHEAD = 8
"""Slices that may wait for their hash: what bounds the memory."""

_Pieces: TypeAlias = list[bytes | memoryview]


class Readable(Protocol):
    """A binary source that fills a buffer, as files do."""

    def readinto(self, buffer: memoryview, /) -> int | None:
        """Fill the buffer from the start and tell how much, 0 at the end."""


class SliceTree:
    """The root over what has been given so far, in constant memory, one thread."""

    __slots__ = ("_frontier", "_hash", "size")

    def __init__(self) -> None:
        self.size = 0
        self._frontier = Frontier()
        self._hash = hashlib.sha256(b"\x00")

    def update(self, data: bytes | bytearray | memoryview) -> None:
        """Go on with the next bytes of the file, however they are cut."""
        view = memoryview(data)
        while view:
            room = SLICE_BYTES - self.size % SLICE_BYTES
            part = view[:room]
            self._hash.update(part)
            self.size += len(part)
            view = view[room:]
            if self.size % SLICE_BYTES == 0:
                self._frontier.push(self._hash.digest())
                self._hash = hashlib.sha256(b"\x00")

    def root(self) -> bytes:
        """Return the root of the file as it stands; more may follow."""
        return self._frontier.root_with(self._hash.digest() if self.size % SLICE_BYTES else None)


class ThreadedSlices:
    """The same root, hashed on threads of its own beside whatever makes the bytes.

    It lends the buffers the bytes are made in, in turn: allocating a new one for every piece
    costs more than the hash does. At most `_AHEAD` slices and a part of one are not hashed yet,
    less than the buffers given since one was last lent, so what waits is never overwritten.

    Args:
        piece_bytes: the size of the buffers, at least a slice; all but the last are given whole.
        busy: the caller works a core hard itself, which leaves one less to hash on.
    """

    def __init__(self, piece_bytes: int, *, busy: bool) -> None:
        if piece_bytes < SLICE_BYTES:
            raise ValueError("a buffer smaller than a slice would be lent too early")
        self.size = 0
        self._piece_bytes = piece_bytes
        self._buffers: deque[memoryview] = deque(maxlen=_AHEAD + 3)
        self._frontier = Frontier()
        self._pool = ThreadPoolExecutor(max(1, min(4, _CORES - busy)), "slices")
        self._waiting: deque[Future[bytes]] = deque()
        self._pieces: _Pieces = []
        self._held = 0

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._pool.shutdown(cancel_futures=True)

    def buffer(self) -> memoryview:
        """Lend the next buffer; the one lent before must have been given to `update`."""
        if len(self._buffers) < _AHEAD + 3:
            self._buffers.append(memoryview(bytearray(self._piece_bytes)))
        else:
            self._buffers.rotate(-1)
        return self._buffers[-1]

    def update(self, data: bytes | memoryview) -> None:
        """Go on with the next bytes: a lent buffer, or bytes that change no more."""
        view = memoryview(data)
        while view:
            room = SLICE_BYTES - self._held
            part = view[:room]
            self._pieces.append(part)
            self._held += len(part)
            self.size += len(part)
            view = view[room:]
            if self._held == SLICE_BYTES:
                self._send()

    def root(self) -> bytes:
        """Wait for the last hash and return the root; nothing may follow."""
        if self._held:
            self._send()
        self._settle(0)
        return self._frontier.root()

    def _send(self) -> None:
        self._waiting.append(self._pool.submit(_hash_slice, self._pieces))
        self._pieces, self._held = [], 0
        if len(self._waiting) > _AHEAD:
            self._settle(_AHEAD // 2)

    def _settle(self, left: int) -> None:
        while len(self._waiting) > left:
            self._frontier.push(self._waiting.popleft().result())


def file_root(source: Readable, progress: Callable[[int], None] | None = None) -> tuple[int, bytes]:
    """Read a file to its end and return its size and its root.

    Args:
        source: open for reading, at its start.
        progress: told the bytes read so far, after each slice.
    """
    with ThreadedSlices(SLICE_BYTES, busy=False) as slices:
        while piece := fill(source, slices.buffer()):
            slices.update(piece)
            if progress is not None:
                progress(slices.size)
        return slices.size, slices.root()


def fill(source: Readable, buffer: memoryview) -> memoryview:
    """Fill a buffer from a source and return the filled part, all of it but at the end."""
    filled = 0
    while filled < len(buffer):
        got = source.readinto(buffer[filled:])
        if not got:
            break
        filled += got
    return buffer[:filled]


def _hash_slice(pieces: _Pieces) -> bytes:
    digest = hashlib.sha256(b"\x00")
    for piece in pieces:
        digest.update(piece)
    return digest.digest()
