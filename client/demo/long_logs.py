"""What a demo does with a log that grew long: one more is kept, whatever goes wrong for how long.

It must not be asked for a file that another process is writing.
"""

from pathlib import Path

LONGEST = 20_000_000
"""A longer log, bytes, is set aside; the one that was set aside before is dropped."""


def set_aside(log: Path) -> int:
    """Set a log aside if it is too long, and return how long the log is now."""
    size = log.stat().st_size if log.exists() else 0
    if size <= LONGEST:
        return size
    log.replace(log.with_suffix(".old.log"))
    return 0
