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

IDLE = 32
"""How many wait for another reading of their file, half a megabyte each."""

Source = IO[bytes] | At
Lent = tuple[SealedReader, Source]
Begin = Callable[[], Lent]


class Unreadable(NotFound):
    """What lies on the disk is not what was opened."""


class Idle:
    """Readers that wait for another reading of their file, those given back last first."""

    def __init__(self, most: int = IDLE) -> None:
        self._most = most
        self._waiting: list[tuple[Readers, Lent]] = []
        self._lock = Lock()

    def take(self, of: "Readers") -> Lent | None:
        """Return a reader of a file, if one waits."""
        with self._lock:
            for at in reversed(range(len(self._waiting))):
                if self._waiting[at][0] is of:
                    return self._waiting.pop(at)[1]
        return None

    def add(self, of: "Readers", lent: Lent) -> None:
        """Let a reader wait; the one that waited longest goes where there are too many."""
        with self._lock:
            self._waiting.append((of, lent))
            gone = self._waiting.pop(0) if len(self._waiting) > self._most else None
        if gone is not None:
            gone[1][1].close()

    def drop(self, of: "Readers") -> None:
        """Let every reader of a file go."""
        while (lent := self.take(of)) is not None:
            lent[1].close()

    @property
    def count(self) -> int:
        """Return how many wait."""
        return len(self._waiting)


class Readers:
    """The readers of one sealed file.

    Args:
        begin: opens another one.
        idle: where those wait that nobody reads by.
    """

    def __init__(self, begin: Begin, idle: Idle) -> None:
        self._begin = begin
        self._idle = idle
        self._is_over = False

    def take(self) -> Lent:
        """Return a reader for one reading.

        Raises:
            Unreadable: `reading.damaged`, and what opening it raises.
        """
        lent = self._idle.take(self)
        if lent is not None:
            return lent
        try:
            return self._begin()
        except BodyInvalid:
            raise Unreadable("reading.damaged") from None

    def give_back(self, lent: Lent) -> None:
        """Take a reader back after its reading."""
        if self._is_over:
            lent[1].close()
        else:
            self._idle.add(self, lent)

    def close(self) -> None:
        """Let the file go; what is lent goes when it comes back."""
        self._is_over = True
        self._idle.drop(self)


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
