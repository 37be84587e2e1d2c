"""`python -m load_tests.listeners PORT PATH FILE`: many sockets in one room, in one process.

FILE has one ticket a line. Says `ready` when all are in and it is quiet; then for each line `N` on
its standard input says `counting`, and `done` when every socket has had N frames more. It reads
frames with as little as it takes to count them.
"""

import asyncio
import base64
import json
import sys
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import cast

import uvloop

QUIET_SECONDS = 1.0
CHANNEL = "hall"
FRAME = b'{"t":"frame"'
WELCOME = b'{"t":"welcome"'
KEY = base64.b64encode(bytes(16)).decode()


class Counts:
    """What all sockets together have had."""

    def __init__(self) -> None:
        self.welcomes = 0
        self.frames = 0
        self.news = asyncio.Event()

    def heard(self, frame: bytes) -> None:
        """Count a message."""
        self.frames += frame.startswith(FRAME)
        self.welcomes += frame.startswith(WELCOME)
        self.news.set()

    async def reach(self, welcomes: int, frames: int) -> None:
        """Wait until there are so many."""
        while self.welcomes < welcomes or self.frames < frames:
            self.news.clear()
            await self.news.wait()


class Listener(asyncio.Protocol):
    """One socket of a page.

    Args:
        port: of the service.
        path: of the room.
        ticket: for the channel.
        heard: is given every message.
        channel: what it listens to.
    """

    def __init__(
        self,
        port: int,
        path: str,
        ticket: str,
        heard: Callable[[bytes], None],
        channel: str = CHANNEL,
    ) -> None:
        self._port = port
        self._path = path
        self._hello = {"t": "hello", "ticket": ticket, "channels": {channel: {}}}
        self._heard = heard
        self._buffer = b""
        self._is_open = False
        self._transport: asyncio.Transport | None = None

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """Ask for a WebSocket."""
        self._transport = cast("asyncio.Transport", transport)
        self._transport.write(
            f"GET {self._path} HTTP/1.1\r\nhost: 127.0.0.1:{self._port}\r\nupgrade: websocket\r\n"
            "connection: Upgrade\r\nsec-websocket-version: 13\r\n"
            f"sec-websocket-protocol: room.v1\r\nsec-websocket-key: {KEY}\r\n\r\n".encode()
        )

    def data_received(self, data: bytes) -> None:
        """Pass on whole messages."""
        self._buffer += data
        if not self._is_open:
            self._open()
        while self._is_open and (frame := self._next()) is not None:
            self._heard(frame)

    def _open(self) -> None:
        head, gap, rest = self._buffer.partition(b"\r\n\r\n")
        if not gap:
            return
        if head[9:12] != b"101":
            raise ConnectionError(head)
        self._is_open, self._buffer = True, rest
        self.say(self._hello)

    def say(self, message: Mapping[str, object]) -> None:
        """Send a message."""
        body = json.dumps(message).encode()
        # masked with zeros, which leaves the body as it is
        head = b"\x81\xfe" + len(body).to_bytes(2, "big") + bytes(4)
        cast("asyncio.Transport", self._transport).write(head + body)

    def _next(self) -> bytes | None:
        """Take the payload of the next whole frame off the buffer."""
        if len(self._buffer) < 10:
            return None
        start, size = 2, self._buffer[1]
        if size >= 126:
            start = 4 if size == 126 else 10
            size = int.from_bytes(self._buffer[2:start])
        if len(self._buffer) < start + size:
            return None
        payload, self._buffer = self._buffer[start : start + size], self._buffer[start + size :]
        return payload


async def main(port: int, path: str, tickets: list[str]) -> None:
    """Connect, and follow what standard input says."""
    loop, counts = asyncio.get_running_loop(), Counts()
    for ticket in tickets:
        listener = Listener(port, path, ticket, counts.heard)
        await loop.create_connection(lambda listener=listener: listener, "127.0.0.1", port)  # type: ignore[misc]  # a lambda that binds its loop variable
    await counts.reach(len(tickets), 0)
    await asyncio.sleep(QUIET_SECONDS)
    awaited = counts.frames
    print("ready", flush=True)
    while line := await loop.run_in_executor(None, sys.stdin.readline):
        awaited += int(line) * len(tickets)
        print("counting", flush=True)
        await counts.reach(0, awaited)
        print("done", flush=True)


if __name__ == "__main__":
    uvloop.run(main(int(sys.argv[1]), sys.argv[2], Path(sys.argv[3]).read_text().split()))
