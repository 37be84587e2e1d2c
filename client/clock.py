"""The client's clock, the one place where the client reads the time; it must not judge any."""

import time


def now() -> int:
    """Return the moment by this machine's clock, ms UTC."""
    return time.time_ns() // 1_000_000  # noqa: TID251 - one of the two clocks of the product


def seconds() -> int:
    """Return the moment by this machine's clock, POSIX seconds."""
    return now() // 1000


def ticks() -> float:
    """Return seconds of a clock that never goes back; only differences mean anything."""
    return time.monotonic()
