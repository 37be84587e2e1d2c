"""The service's one clock; nothing else in the service may read the time of day."""

import time
from dataclasses import dataclass
from typing import Protocol


class Clock(Protocol):
    """Tells the time in milliseconds since 1970 UTC."""

    def now(self) -> int:
        """Return the present moment, ms UTC."""


@dataclass(frozen=True, slots=True)
class SystemClock:
    """The machine's own clock."""

    def now(self) -> int:
        """Return the present moment, ms UTC."""
        return time.time_ns() // 1_000_000  # noqa: TID251 - this module is where time comes from


@dataclass(slots=True)
class SetClock:
    """A clock that stands where it was put; for tests and rehearsals of deadlines."""

    moment: int

    def now(self) -> int:
        """Return the moment it was put to, ms UTC."""
        return self.moment

    def advance(self, millis: int) -> None:
        """Let that many milliseconds pass."""
        self.moment += millis
