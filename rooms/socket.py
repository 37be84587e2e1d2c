"""One WebSocket of a room: reads what a page says, writes what the room has for it.

A slow line holds up nobody but its own writer. It must not decide who may enter: the ticket and
`rooms.rights` do.
"""

import asyncio
from collections import deque
from collections.abc import Awaitable, Callable
from dataclasses import dataclass

from starlette.websockets import WebSocket, WebSocketDisconnect, WebSocketState

from record.errors import NotAllowed
from rooms.hub import Hub
from rooms.messages import Code, Hello, Ping, pong
from rooms.rights import channels_of
from rooms.room import Listener, Room
from rooms.session import Close, SocketSession
from rooms.tickets import Grant, Tickets

LOOK_SECONDS = 5.0
CLOSE_SECONDS = 5.0


@dataclass(frozen=True, slots=True)
class Entrance:
    """What a socket is let in by.

    Args:
        clock: the service's time, ms UTC.
        monotonic: milliseconds that only ever grow.
        is_signed_in: whether the sign-in with this hash still lasts.
    """

    hub: Hub
    tickets: Tickets
    clock: Callable[[], int]
    monotonic: Callable[[], int]
    is_signed_in: Callable[[bytes], Awaitable[bool]]


class _Outlet:
    """Messages on their way to one socket."""

    def __init__(self, socket: WebSocket) -> None:
        self._socket = socket
        self._queue: deque[str] = deque()
        self._news = asyncio.Event()
        self.buffered = 0
        self.closing: Code | None = None

    def send(self, text: str) -> None:
        """Take a message to be written when the line takes it."""
        if self.closing is None:
            self._queue.append(text)
            self.buffered += len(text)
            self._news.set()

    def close(self, code: Code) -> None:
        """Close the socket; what still waits is dropped, what tells the page why is not."""
        if self.closing is None:
            self.closing = code
            self._news.set()

    async def write(self, drained: Callable[[], None]) -> Code:
        """Write until the socket is to be closed; returns why."""
        while self.closing is None:
            while self._queue and self.closing is None:
                text = self._queue.popleft()
                await self._socket.send_text(text)
                self.buffered -= len(text)
            drained()
            if not self._queue and self.closing is None:
                self._news.clear()
                await self._news.wait()
        return self.closing


async def serve_socket(socket: WebSocket, project: str, entrance: Entrance) -> None:
    """Serve an accepted socket until it ends."""
    session = SocketSession(entrance.monotonic())
    code: Code | None = None
    try:
        code = await _serve(socket, project, entrance, session)
    except (WebSocketDisconnect, OSError, RuntimeError):
        # the line is down, which a room knows by the socket's leaving
        return
    if socket.application_state is WebSocketState.CONNECTED:
        try:
            async with asyncio.timeout(CLOSE_SECONDS):
                await socket.close(code)
        except (TimeoutError, RuntimeError, OSError):
            return


async def _serve(
    socket: WebSocket, project: str, entrance: Entrance, session: SocketSession
) -> Code:
    said = await _listen_once(socket, session, entrance)
    if not isinstance(said, Hello):
        return said.code if isinstance(said, Close) else Code.MALFORMED
    try:
        grant = entrance.tickets.redeem(said.ticket, project, entrance.clock())
    except NotAllowed:
        return Code.NOT_YOURS
    if not set(said.channels) <= set(grant.channels):
        return Code.NOT_YOURS
    room = await entrance.hub.room(project)
    if not set(said.channels) <= channels_of(room.projection.state, grant.account):
        return Code.NOT_YOURS
    session.entered()
    outlet = _Outlet(socket)
    listener = entrance.hub.enter(room, grant.account, outlet, said.channels, entrance.clock())
    try:
        return await _converse(socket, entrance, session, _Seat(room, listener, outlet, grant))
    finally:
        entrance.hub.leave(room, listener)


@dataclass(frozen=True, slots=True)
class _Seat:
    room: Room
    listener: Listener
    outlet: _Outlet
    grant: Grant


async def _converse(
    socket: WebSocket, entrance: Entrance, session: SocketSession, seat: _Seat
) -> Code:
    """Read and write at once; whichever ends first ends both."""
    drained = lambda: entrance.hub.drained(seat.room, seat.listener)  # noqa: E731 - one use, no name needed
    writing = asyncio.create_task(seat.outlet.write(drained))
    reading = asyncio.create_task(_read(socket, entrance, session, seat))
    try:
        done, _ = await asyncio.wait({writing, reading}, return_when=asyncio.FIRST_COMPLETED)
        return next(iter(done)).result()
    finally:
        for task in (writing, reading):
            task.cancel()
        await asyncio.gather(writing, reading, return_exceptions=True)


async def _read(socket: WebSocket, entrance: Entrance, session: SocketSession, seat: _Seat) -> Code:
    while True:
        said = await _listen_once(socket, session, entrance)
        if isinstance(said, Close):
            return said.code
        if isinstance(said, Ping):
            seat.outlet.send(pong(said.id, entrance.clock()))
            if not await entrance.is_signed_in(bytes.fromhex(seat.grant.session)):
                return Code.NOT_YOURS


async def _listen_once(
    socket: WebSocket, session: SocketSession, entrance: Entrance
) -> Hello | Ping | Close | object:
    """Return what the page says next, or that it was silent for too long."""
    receiving = asyncio.create_task(socket.receive())
    try:
        while True:
            done, _ = await asyncio.wait({receiving}, timeout=LOOK_SECONDS)
            if done:
                break
            late = session.check_time(entrance.monotonic())
            if late is not None:
                return late
        message = receiving.result()
    finally:
        receiving.cancel()
    if message["type"] == "websocket.disconnect":
        raise WebSocketDisconnect(message.get("code", 1006))
    text = message.get("text")
    return session.binary() if text is None else session.text(text, entrance.monotonic())
