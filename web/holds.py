"""One request at a time on each upload; the newest wins, because an older line may be dead."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field

from record.errors import Busy

PATIENCE_SECONDS = 5
"""How long a newer request waits for an older one to let go."""


class Locked(Busy):
    """Another request works on the upload and does not let go."""

    status = 423


@dataclass(slots=True)
class Hold:
    """Who works on an upload; `scope` is what a newer request ends."""

    lock: asyncio.Lock = field(default_factory=asyncio.Lock)
    scope: asyncio.Timeout | None = None
    waiting: int = 0


class Holds:
    """One request at a time on each upload; the newest wins."""

    def __init__(self) -> None:
        self._holds: dict[str, Hold] = {}

    @asynccontextmanager
    async def take(self, upload: str) -> AsyncIterator[Hold]:
        """Take an upload over; Locked `uploads.locked` when the holder does not let go."""
        hold = self._holds.setdefault(upload, Hold())
        hold.waiting += 1
        if hold.scope is not None:
            hold.scope.reschedule(asyncio.get_running_loop().time())
        try:
            async with asyncio.timeout(PATIENCE_SECONDS):
                await hold.lock.acquire()
        except TimeoutError:
            raise Locked("uploads.locked") from None
        finally:
            hold.waiting -= 1
        try:
            yield hold
        finally:
            hold.scope = None
            hold.lock.release()
            if not hold.waiting:
                self._holds.pop(upload, None)
