"""Following a record from a number on: first what the store has, then what is committed.

It must not skip an entry, nor give one twice, and it keeps nothing for a slow follower: whoever
falls behind reads from the store again.
"""

import asyncio
from collections.abc import AsyncGenerator, AsyncIterator
from contextlib import aclosing, asynccontextmanager

from record.desk import Desk, Recorded

PAGE = 500


@asynccontextmanager
async def follow(
    desk: Desk, project: str, after: int = 0
) -> AsyncIterator[AsyncIterator[Recorded]]:
    """Give a project's entries that follow a number, as they come; ends when the block is left."""
    news = asyncio.Event()

    def listen(named: str, _entries: tuple[Recorded, ...]) -> None:
        if named == project:
            news.set()

    unsubscribe = desk.subscribe(listen)
    try:
        async with aclosing(_entries(desk, project, after, news)) as entries:
            yield entries
    finally:
        unsubscribe()


async def _entries(
    desk: Desk, project: str, after: int, news: asyncio.Event
) -> AsyncGenerator[Recorded, None]:
    while True:
        news.clear()
        while found := await desk.read(project, after, PAGE):
            for recorded in found:
                yield recorded
                after = recorded.stamp.seq
        await news.wait()
