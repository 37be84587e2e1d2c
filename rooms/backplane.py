"""How a hub hears what was committed; the seam behind which other nodes will stand.

A backplane tells each entry of a project once and in order, from some entry on; a hub that finds a
gap reads the record. It must not decide who sees what.
"""

from collections.abc import Callable
from typing import Protocol

from record.desk import Desk, Recorded

Listener = Callable[[str, tuple[Recorded, ...]], None]


class Backplane(Protocol):
    """Brings news of committed entries."""

    def listen(self, listener: Listener) -> Callable[[], None]:
        """Call a listener with a project and its new entries; returns what ends that."""


class InProcess:
    """The one node there is: what its own desk commits."""

    def __init__(self, desk: Desk) -> None:
        self._desk = desk

    def listen(self, listener: Listener) -> Callable[[], None]:
        """Call a listener on the event loop after each commit; it must not block."""
        return self._desk.subscribe(listener)
