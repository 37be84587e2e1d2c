"""Threads for what would hold the event loop up; it must not know what it runs."""

import asyncio
import os
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import TypeVar

T = TypeVar("T")


class Workers:
    """Three small pools: for proofs and files, for passwords, and for reading; none starves."""

    def __init__(self) -> None:
        count = max(2, os.cpu_count() or 2)
        self._heavy = ThreadPoolExecutor(count, "web-heavy")
        # a guess at a password costs memory on purpose, so few are checked at once
        self._passwords = ThreadPoolExecutor(2, "web-password")
        self._reading = ThreadPoolExecutor(2 * count, "web-reading")

    async def run(self, work: Callable[..., T], *args: object) -> T:
        """Run something heavy in a thread and return what it returns."""
        return await asyncio.get_running_loop().run_in_executor(self._heavy, work, *args)

    async def run_password(self, work: Callable[..., T], *args: object) -> T:
        """Run the hashing of a password in a thread of its own."""
        return await asyncio.get_running_loop().run_in_executor(self._passwords, work, *args)

    async def run_reading(self, work: Callable[..., T], *args: object) -> T:
        """Read a little of a file, which is soon done, and return what was read."""
        return await asyncio.get_running_loop().run_in_executor(self._reading, work, *args)

    async def close(self) -> None:
        """Wait for what runs, and end the threads."""
        for pool in (self._heavy, self._passwords, self._reading):
            await asyncio.to_thread(pool.shutdown)
