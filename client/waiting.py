"""Waiting until something holds, with a limit; it must not decide what to do when it does not."""

import asyncio
from collections.abc import Awaitable, Callable
from typing import TypeVar

from client import clock
from client.errors import Unreachable

T = TypeVar("T")
_FIRST_PAUSE = 0.05
_LONGEST_PAUSE = 1.0


async def until(look: Callable[[], Awaitable[T | None]], what: str, patience: float) -> T:
    """Look again and again until there is something true, and return it.

    Args:
        look: gives what is waited for, or something false.
        what: named when it does not come.
        patience: seconds.

    Raises:
        Unreachable: it did not come in time.
    """
    limit = clock.ticks() + patience
    pause = _FIRST_PAUSE
    while True:
        found = await look()
        if found:
            return found
        if clock.ticks() > limit:
            raise Unreachable("waited in vain for " + what)
        await asyncio.sleep(pause)
        pause = min(1.3 * pause, _LONGEST_PAUSE)
