"""Readers of one sealed file that are used again: to begin one costs more than to read a little.

It must not keep many, and lends each to one reading at a time.
"""

from collections.abc import Callable
from threading import Lock
from typing import IO

from crypto.cobblestone import BodyInvalid, SealedReader
from opening.package_rules import PackageInvalid
from opening.zip_reader import read_at
from record.errors import NotFound
from web.at import At

IDLE = 4
"""How many wait for another reading of the same file."""

Source = IO[bytes] | At
Begin = Callable[[], tuple[SealedReader, Source]]


class Unreadable(NotFound):
    """What lies on the disk is not what was opened."""


class Readers:
    """The readers of one sealed file.

    Args:
        begin: opens another one.
    """

    def __init__(self, begin: Begin) -> None:
        self._begin = begin
        self._idle: list[tuple[SealedReader, Source]] = []
        self._lock = Lock()
        self._is_over = False

    def take(self) -> tuple[SealedReader, Source]:
        """Return a reader for one reading.

        Raises:
            Unreadable: `reading.damaged`, and what opening it raises.
        """
        with self._lock:
            if self._idle:
                return self._idle.pop()
        try:
            return self._begin()
        except BodyInvalid:
            raise Unreadable("reading.damaged") from None

    def give_back(self, lent: tuple[SealedReader, Source]) -> None:
        """Take a reader back after its reading."""
        with self._lock:
            if not self._is_over and len(self._idle) < IDLE:
                self._idle.append(lent)
                return
        lent[1].close()

    def close(self) -> None:
        """Let the file go; what is lent goes when it comes back."""
        with self._lock:
            self._is_over = True
            idle, self._idle = self._idle, []
        for _, source in idle:
            source.close()


class Content:
    """One file of a bid being read; its methods block, one thread at a time."""

    def __init__(self, readers: Readers, start: int) -> None:
        self._readers = readers
        self._lent = readers.take()
        self._start = start
        self._lock = Lock()
        self._is_over = False

    def read(self, begin: int, end: int) -> bytes:
        """Return bytes of the file, all of them checked.

        Raises:
            Unreadable: `reading.damaged`; nothing of a chunk that is damaged is returned.
        """
        with self._lock:
            if self._is_over:
                raise ValueError("nobody reads this any longer")
            try:
                return read_at(self._lent[0], self._start + begin, end - begin)
            except (BodyInvalid, PackageInvalid):
                raise Unreadable("reading.damaged") from None

    def close(self) -> None:
        """Let the file go, once a thread that still reads a piece of it is through."""
        with self._lock:
            if not self._is_over:
                self._is_over = True
                self._readers.give_back(self._lent)
