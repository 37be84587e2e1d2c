"""Files of bids that were packed tight, inflated once into sealed files that lie nowhere by name.

Each lies on disk encrypted under a key that is in memory alone, and its name is taken away as soon
as it is there: when the service ends, however it ends, nobody can read it and its room is free. It
must not write a byte in the clear.
"""

import hashlib
import os
from collections import OrderedDict
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from threading import Lock
from typing import Self

from crypto.cobblestone import SealedReader, seal_stream, sealed_size
from crypto.random import fresh
from record.errors import Busy
from web.at import At
from web.files import Files, NoRoom, room
from web.readers import Idle, Readers, Unreadable

Name = tuple[str, int]
"""A bid, and the place of one of its files."""
CONTEXT = b"kaibiao inflated file"
KEPT = 256
"""How many files are kept at the most, for each is open."""


@dataclass(frozen=True, slots=True)
class About:
    """What a file must be; `size` in bytes, the hash in hex."""

    size: int
    sha256: str


@dataclass(slots=True)
class _Kept:
    handle: int
    size: int
    """Of the sealed form, bytes."""
    used: int
    """When it was last read, ms."""
    readers: Readers

    @classmethod
    def of(cls, handle: int, key: bytes, size: int, now: int, idle: Idle) -> Self:
        """Return what is kept of a file that was just written."""

        def begin() -> tuple[SealedReader, At]:
            source = At(handle)
            return SealedReader(source, key, CONTEXT, size), source

        return cls(handle, size, now, Readers(begin, idle))


class Inflated:
    """What was inflated, the least lately read forgotten first. Its methods block.

    Args:
        folder: where files lie while they are written; emptied at the start.
        files: asked whether there is room on the disk.
        most: bytes kept of all together.
    """

    def __init__(self, folder: Path, files: Files, most: int) -> None:
        self._folder = folder
        self._files = files
        self._most = most
        self.idle = Idle()
        self._kept: OrderedDict[Name, _Kept] = OrderedDict()
        self._promised: dict[Name, int] = {}
        self._lock = Lock()
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        for left in folder.iterdir():
            left.unlink()

    def readers(self, name: Name, now: int) -> Readers | None:
        """Return the readers of a file, if it is kept."""
        with self._lock:
            kept = self._kept.get(name)
            if kept is None:
                return None
            kept.used = now
            self._kept.move_to_end(name)
            return kept.readers

    def keep(self, name: Name, about: About, pieces: Iterator[bytes], now: int) -> None:
        """Inflate a file.

        Args:
            name: what it is kept by.
            about: what it must be.
            pieces: give its content.
            now: ms.

        Raises:
            Busy: `reading.no_room`.
            Unreadable: `reading.too_large`, `reading.damaged`.
        """
        size = sealed_size(about.size)
        self._make_room(name, size)
        try:
            kept = self._made(about, pieces, now)
            with self._lock:
                self._kept[name] = kept
        except NoRoom:
            raise Busy("reading.no_room") from None
        finally:
            with self._lock:
                del self._promised[name]

    def forget(self, before: int | None = None) -> None:
        """Forget what was not read since a moment, or everything."""
        with self._lock:
            for name, kept in list(self._kept.items()):
                if before is None or kept.used < before:
                    self._drop(name)

    @property
    def count(self) -> int:
        """Return how many files are kept."""
        return len(self._kept)

    @property
    def held(self) -> int:
        """Return how many bytes are kept or are being written."""
        return sum(kept.size for kept in self._kept.values()) + sum(self._promised.values())

    def _make_room(self, name: Name, size: int) -> None:
        if size > self._most:
            raise Unreadable("reading.too_large", most=self._most)
        with self._lock:
            while self._kept and (self.held + size > self._most or len(self._kept) >= KEPT):
                self._drop(next(iter(self._kept)))
            if self.held + size > self._most:
                raise Busy("reading.no_room")
            try:
                self._files.check_reserve(size)
            except NoRoom:
                raise Busy("reading.no_room") from None
            self._promised[name] = size

    def _drop(self, name: Name) -> None:
        gone = self._kept.pop(name)
        gone.readers.close()
        os.close(gone.handle)

    def _made(self, about: About, pieces: Iterator[bytes], now: int) -> _Kept:
        key, path = fresh(32), self._folder / fresh(16).hex()
        with room(), path.open("x+b", buffering=0) as sink:
            path.unlink()
            source = _Source(pieces)
            try:
                body = seal_stream(source, sink, key, CONTEXT, fresh(24), about.size)
                source.check(about.sha256)
            except ValueError:
                raise Unreadable("reading.damaged") from None
            return _Kept.of(os.dup(sink.fileno()), key, body.size, now, self.idle)


class _Source:
    """Pieces as one stream, hashed as they pass."""

    def __init__(self, pieces: Iterator[bytes]) -> None:
        self._pieces = pieces
        self._rest = memoryview(b"")
        self.digest = hashlib.sha256()

    def readinto(self, buffer: memoryview, /) -> int:
        """Fill the buffer as far as one piece reaches; 0 at the end."""
        while not self._rest:
            piece = next(self._pieces, None)
            if piece is None:
                return 0
            self.digest.update(piece)
            self._rest = memoryview(piece)
        count = min(len(buffer), len(self._rest))
        buffer[:count] = self._rest[:count]
        self._rest = self._rest[count:]
        return count

    def check(self, sha256: str) -> None:
        """Raise ValueError unless this was all, and what it should be."""
        if self._rest or next(self._pieces, None) is not None:
            raise ValueError("longer than it says")
        if self.digest.hexdigest() != sha256:
            raise ValueError("another content")
