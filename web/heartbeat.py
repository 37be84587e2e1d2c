"""When the service was not there: a beat on disk every few seconds, and the gaps between beats.

It must not judge whether a gap matters; the rules about outages do.
"""

import contextlib
import json
import os
from pathlib import Path

from web.clock import Clock

BEAT_SECONDS = 5
GAP = 20_000
"""A silence longer than this, ms, counts as having been away."""
KEPT = 50


class Heartbeat:
    """Keeps the last beat and the last gaps in one small file, replaced whole.

    Args:
        path: the file.
        clock: the service's clock.
    """

    def __init__(self, path: Path, clock: Clock) -> None:
        self._path = path
        self._clock = clock
        self._spans: list[tuple[int, int]] = []
        self._last: int | None = None
        with contextlib.suppress(FileNotFoundError, ValueError, KeyError, TypeError):
            told = json.loads(path.read_bytes())
            self._spans = [(int(since), int(until)) for since, until in told["away"]]
            self._last = int(told["beat"])

    @property
    def away(self) -> tuple[tuple[int, int], ...]:
        """Return the spans (from, until) in ms in which nobody was answered."""
        return tuple(self._spans)

    def beat(self) -> None:
        """Say that the service is here; a long silence before becomes a span."""
        now = self._clock.now()
        if self._last is not None and now - self._last > GAP:
            self._spans = [*self._spans, (self._last, now)][-KEPT:]
        self._last = now
        draft = self._path.with_suffix(".new")
        with draft.open("w") as kept:
            json.dump({"beat": now, "away": self._spans}, kept)
            kept.flush()
            os.fsync(kept.fileno())
        draft.rename(self._path)
