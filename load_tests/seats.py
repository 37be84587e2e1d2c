"""`python -m load_tests.seats FILE`: committees at work, every seat with its socket and its line.

FILE is JSON: `port`, `rate` (acts a second in a room), `rooms`; a room has its `project`, its
`seats` (each with `token`, `channel`) and its `acts` in order (each with `seat`, `key`, `body`).
Says `ready` when everybody is in; then begins at a line on its standard input and prints JSON: how
many ms each act took to each of the others, from the moment it was to be sent, and the seconds in
all.
"""

import asyncio
import json
import sys
from contextlib import suppress
from pathlib import Path
from typing import Any, cast

import uvloop

from load_tests.listeners import FRAME, WELCOME, Listener

PING_SECONDS = 4.0
QUIET_SECONDS = 1.0
LONGEST_SECONDS = 60.0


class Line(asyncio.Protocol):
    """A connection over which one request after the other is asked."""

    def __init__(self) -> None:
        self._answers: list[asyncio.Future[tuple[bytes, bytes]]] = []
        self._buffer = b""
        self._transport: asyncio.Transport | None = None

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """Keep the line."""
        self._transport = cast("asyncio.Transport", transport)

    @property
    def is_open(self) -> bool:
        """Whether it can be asked over; an idle line is closed by the service."""
        return self._transport is not None and not self._transport.is_closing()

    def ask(self, request: bytes) -> "asyncio.Future[tuple[bytes, bytes]]":
        """Send a request; its answer's status and body come, or ConnectionError."""
        answer = asyncio.get_running_loop().create_future()
        self._answers.append(answer)
        cast("asyncio.Transport", self._transport).write(request)
        return answer

    def data_received(self, data: bytes) -> None:
        """Hand on answers once they are whole."""
        self._buffer += data
        while True:
            head, gap, rest = self._buffer.partition(b"\r\n\r\n")
            length = _length(head)
            if not gap or len(rest) < length:
                return
            self._buffer = rest[length:]
            self._answers.pop(0).set_result((head[9:12], rest[:length]))

    def connection_lost(self, exc: Exception | None) -> None:
        """Say so to whoever waits."""
        for answer in self._answers:
            answer.set_exception(exc or ConnectionResetError())


class Caller:
    """Somebody's requests; a line that was closed is taken up again, as a page does."""

    def __init__(self, port: int, token: str) -> None:
        self._port = port
        self._token = token
        self._line = Line()

    async def post(self, path: str, body: bytes, key: str = "") -> bytes:
        """Post a body and return the answer's; RuntimeError unless its status is of success."""
        head = (
            f"POST {path} HTTP/1.1\r\nhost: 127.0.0.1\r\nauthorization: Bearer {self._token}\r\n"
            f"content-type: application/json\r\nidempotency-key: {key}\r\n"
            f"content-length: {len(body)}\r\n\r\n"
        )
        status, told = await self._asked(head.encode() + body)
        if not status.startswith(b"20"):
            raise RuntimeError(status, told)
        return told

    async def _asked(self, request: bytes) -> tuple[bytes, bytes]:
        with suppress(ConnectionError):
            if self._line.is_open:
                return await self._line.ask(request)
        loop = asyncio.get_running_loop()
        _, self._line = await loop.create_connection(Line, "127.0.0.1", self._port)
        return await self._line.ask(request)


def _length(head: bytes) -> int:
    for line in head.split(b"\r\n"):
        if line[:15].lower() == b"content-length:":
            return int(line[15:])
    return 0


class Watch:
    """When acts were to be sent, and how long they took to each of the others."""

    def __init__(self, awaited: int) -> None:
        self.took: list[float] = []
        self.welcomes = 0
        self.news = asyncio.Event()
        self._awaited = awaited
        self._due: dict[tuple[int, str, str], float] = {}

    def act(self, room: int, seat: str, bid: str, due: float) -> None:
        """Note when an act is to be sent."""
        self._due[room, seat, bid] = due

    def heard(self, room: int, seat: str, frame: bytes) -> None:
        """Note a message that came to a seat; its own acts do not count."""
        now = asyncio.get_running_loop().time()
        if frame.startswith(WELCOME):
            self.welcomes += 1
            self.news.set()
        if not frame.startswith(FRAME):
            return
        event = json.loads(frame)["event"]
        due = self._due.get((room, event.get("seat", ""), event.get("bid", "")))
        if due is not None and event["seat"] != seat:
            self.took.append((now - due) * 1000)
            if len(self.took) == self._awaited:
                self.news.set()

    async def until(self, welcomes: int, seen: int) -> None:
        """Wait until so many are in, and so many acts were seen."""
        while self.welcomes < welcomes or len(self.took) < seen:
            self.news.clear()
            await self.news.wait()


async def main(plan: dict[str, Any]) -> None:
    """Connect everybody, and act when told to."""
    rooms, port = plan["rooms"], plan["port"]
    others = sum(len(room["acts"]) * (len(room["seats"]) - 1) for room in rooms)
    watch = Watch(others)
    callers, sockets = await _connect(rooms, port, watch)
    await watch.until(len(sockets), 0)
    await asyncio.sleep(QUIET_SECONDS)
    pinging = asyncio.create_task(_ping(sockets))
    print("ready", flush=True)
    loop = asyncio.get_running_loop()
    await loop.run_in_executor(None, sys.stdin.readline)
    begun = loop.time()
    gap = 1 / plan["rate"]
    async with asyncio.timeout(LONGEST_SECONDS), asyncio.TaskGroup() as group:
        for at, room in enumerate(rooms):
            start = begun + gap * at / len(rooms)
            group.create_task(_work(at, room, callers, watch, start, gap))
    async with asyncio.timeout(LONGEST_SECONDS):
        await watch.until(0, others)
    pinging.cancel()
    print(json.dumps({"took": sorted(watch.took), "seconds": loop.time() - begun}))


async def _connect(
    rooms: list[dict[str, Any]], port: int, watch: Watch
) -> tuple[dict[tuple[int, str], Caller], list[Listener]]:
    loop = asyncio.get_running_loop()
    callers: dict[tuple[int, str], Caller] = {}
    sockets: list[Listener] = []
    for at, room in enumerate(rooms):
        for name, seat in room["seats"].items():
            caller = Caller(port, seat["token"])
            asked = {"project": room["project"], "channels": [seat["channel"]]}
            told = await caller.post("/api/rooms/ticket", json.dumps(asked).encode())
            listener = Listener(
                port,
                f"/rooms/{room['project']}",
                json.loads(told)["ticket"],
                lambda frame, at=at, name=name: watch.heard(at, name, frame),  # type: ignore[misc]  # a lambda that binds its loop variables
                seat["channel"],
            )
            await loop.create_connection(lambda one=listener: one, "127.0.0.1", port)  # type: ignore[misc]  # likewise
            callers[at, name] = caller
            sockets.append(listener)
    return callers, sockets


async def _work(
    at: int,
    room: dict[str, Any],
    callers: dict[tuple[int, str], Caller],
    watch: Watch,
    start: float,
    gap: float,
) -> None:
    """Let a room's seats act, each act at its time whether or not the last one is answered."""
    loop, path = asyncio.get_running_loop(), f"/api/projects/{room['project']}/commands"
    async with asyncio.TaskGroup() as group:
        for number, act in enumerate(room["acts"]):
            due = start + gap * number
            await asyncio.sleep(due - loop.time())
            body = act["body"]
            watch.act(at, act["seat"], body["bid"], due)
            caller = callers[at, act["seat"]]
            group.create_task(caller.post(path, json.dumps(body).encode(), act["key"]))


async def _ping(sockets: list[Listener]) -> None:
    """Say from every seat that it is there, as a page does."""
    for number in range(1, 1000):
        for one in sockets:
            one.say({"t": "ping", "id": number})
            await asyncio.sleep(PING_SECONDS / len(sockets))


if __name__ == "__main__":
    uvloop.run(main(json.loads(Path(sys.argv[1]).read_bytes())))
