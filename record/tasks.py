"""Tasks that run beside whoever started them, and how they are ended; it must not start any."""

import asyncio
from collections.abc import Iterable


async def end(tasks: Iterable[asyncio.Task[None]]) -> None:
    """Cancel tasks and wait until all of them are gone, whatever became of them."""
    ending = tuple(tasks)
    for task in ending:
        task.cancel()
    await asyncio.gather(*ending, return_exceptions=True)
