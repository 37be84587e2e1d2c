"""Crashes in a rehearsal: processes end without a word, and are started again as they were.

It must not know what they were doing; whoever talks to them must find that out.
"""

import asyncio
from collections.abc import Mapping
from contextlib import AsyncExitStack

from client.rehearsal.processes import Process

VICTIMS: Mapping[str, tuple[str, ...]] = {
    "ceremony": ("timekeeper",),
    "bids": ("service", "timekeeper"),
    "opening": ("service", "timekeeper"),
    "marks": ("service",),
}
"""Who crashes at which point of the story."""
_AFTER = (0.2, 0.7)
"""Seconds after the point at which they do, one after the other."""


class Crashes:
    """Crashes processes in the background of a story.

    Args:
        running: the processes by name.
        stack: ends what is still to come when the rehearsal ends.
    """

    def __init__(self, running: Mapping[str, Process], stack: AsyncExitStack) -> None:
        self._running = running
        self._tasks: set[asyncio.Task[None]] = set()
        stack.push_async_callback(self._end)

    def at(self, point: str) -> None:
        """Have the victims of a point crash soon, and come back."""
        for name, after in zip(VICTIMS[point], _AFTER, strict=False):
            task = asyncio.create_task(self._crash(self._running[name], after))
            self._tasks.add(task)
            task.add_done_callback(self._tasks.discard)

    async def _crash(self, process: Process, after: float) -> None:
        await asyncio.sleep(after)
        process.kill()
        await process.stop()
        await process.start()

    async def _end(self) -> None:
        for task in tuple(self._tasks):
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)
