"""`python -m load_tests.callers PORT CONNECTIONS FILE`: sends requests as fast as it is answered.

Each connection stays open and sends its next request when the last one is answered. The requests
are ready-made bytes, so that the client costs little beside the server it shares the machine with.
Prints JSON: the seconds it took, and how many answers had which status.
"""

import asyncio
import json
import sys
import time
from collections import Counter, deque
from pathlib import Path
from typing import cast

import uvloop

REQUEST_END = b"\x00\x00--next--\x00\x00"


class Caller(asyncio.Protocol):
    """One connection.

    Args:
        left: the requests that nobody has sent yet.
        statuses: counts the answers.
        done: set when the last answer of all is there.
    """

    def __init__(
        self, left: deque[bytes], statuses: Counter[bytes], done: "asyncio.Future[None]"
    ) -> None:
        self._left = left
        self._statuses = statuses
        self._done = done
        self._expected = len(left)
        self._buffer = b""
        self._transport: asyncio.Transport | None = None

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """Keep the line; nothing is sent yet."""
        self._transport = cast("asyncio.Transport", transport)

    def send(self) -> None:
        """Send the next request there is."""
        if self._left and self._transport is not None:
            self._transport.write(self._left.popleft())

    def data_received(self, data: bytes) -> None:
        """Count an answer once it is whole, and send on."""
        self._buffer += data
        head, gap, body = self._buffer.partition(b"\r\n\r\n")
        if not gap or len(body) < _length(head):
            return
        self._buffer = b""
        self._statuses[head[9:12]] += 1
        if self._statuses.total() == self._expected and not self._done.done():
            self._done.set_result(None)
        self.send()

    def connection_lost(self, exc: Exception | None) -> None:
        """Say that answers are missing, if any are."""
        if not self._done.done():
            self._done.set_exception(exc or ConnectionError("the server hung up"))


def _length(head: bytes) -> int:
    for line in head.split(b"\r\n"):
        if line[:15].lower() == b"content-length:":
            return int(line[15:])
    return 0


async def run(port: int, connections: int, requests: list[bytes]) -> dict[str, object]:
    """Send everything and return what came of it."""
    loop = asyncio.get_running_loop()
    left, statuses, done = deque(requests), Counter[bytes](), loop.create_future()
    callers: list[Caller] = []
    for _ in range(connections):
        caller = Caller(left, statuses, done)
        await loop.create_connection(lambda caller=caller: caller, "127.0.0.1", port)  # type: ignore[misc]  # a lambda that binds its loop variable
        callers.append(caller)
    begun = time.perf_counter()
    for caller in callers:
        caller.send()
    await done
    took = time.perf_counter() - begun
    return {"seconds": took, "statuses": {k.decode(): v for k, v in statuses.items()}}


if __name__ == "__main__":
    content = Path(sys.argv[3]).read_bytes().split(REQUEST_END)
    print(json.dumps(uvloop.run(run(int(sys.argv[1]), int(sys.argv[2]), content))))
