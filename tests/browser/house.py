"""A service and a timekeeper as real processes, driven from a thread of their own; they can crash."""

import asyncio
import threading
from collections.abc import Coroutine, Iterator
from contextlib import AsyncExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any, TypeVar

from client.bidder import Bidder
from client.rehearsal import cast, processes, run
from client.rehearsal.cast import Casting
from client.rehearsal.processes import Process
from client.seat import Seat

T = TypeVar("T")


@dataclass
class House:
    """What runs, and the loop it runs in.

    Args:
        casting: makes accounts over the API.
        admin: the administrator's seat.
        service: the process that can be killed.
    """

    loop: asyncio.AbstractEventLoop
    casting: Casting
    admin: Seat
    service: Process

    @property
    def url(self) -> str:
        """Where the service answers."""
        return self.casting.server

    def run(self, work: Coroutine[Any, Any, T]) -> T:
        """Do something in the loop and wait for it."""
        return asyncio.run_coroutine_threadsafe(work, self.loop).result(180)

    def member(self, account: str, role: str, organisation: str) -> Seat:
        """Make somebody who can sign in, without a key."""
        return self.run(self.casting.member(self.admin, account, role, organisation))[0]

    def bidder(self, number: int) -> Bidder:
        """Make a bidder that uses the client."""
        return self.run(cast.bidder(self.casting, self.admin, number))

    def crash(self) -> None:
        """End the service as a power cut does, and start it again."""
        self.run(self._crash())

    async def _crash(self) -> None:
        self.service.kill()
        await self.service.wait()
        await self.service.start()
        await processes.wait_for_service(self.service, self.url)


@contextmanager
def house(folder: Path) -> Iterator[House]:
    """Run both until the block is left; the first administrator is made."""
    loop = asyncio.new_event_loop()
    thread = threading.Thread(target=loop.run_forever, daemon=True)
    thread.start()

    def wait(work: Coroutine[Any, Any, T]) -> T:
        return asyncio.run_coroutine_threadsafe(work, loop).result(120)

    stack = AsyncExitStack()
    try:
        casting, admin, running = wait(run.begin(folder, stack))
        wait(run.wait_for_witness(admin))
        yield House(loop, casting, admin, running["service"])
    finally:
        wait(stack.aclose())
        loop.call_soon_threadsafe(loop.stop)
        thread.join(20)
        loop.close()
