"""All rooms of a process: made from the record when somebody comes, and kept up with it.

It must not know what is in an entry; `rooms.projection` does. Nothing waits for a socket here.
"""

import asyncio
import logging
from collections.abc import AsyncIterator, Callable, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass, field

from record.desk import Desk, Recorded
from rooms.backplane import Backplane, InProcess
from rooms.facts import Happened
from rooms.messages import Code, Since
from rooms.projection import EPOCH, Frame, Projection
from rooms.room import Listener, Outlet, Room

_log = logging.getLogger(__name__)

PAGE = 200
TICK_SECONDS = 1.0
ROOMS_KEPT = 200
"""Rooms with nobody in them that are kept ready."""
FRAMES_A_PAGE = 500


@dataclass(slots=True)
class _Loading:
    """A room that is being made, and what was committed meanwhile."""

    news: list[Recorded] = field(default_factory=list)
    task: asyncio.Task[Room] | None = None
    """A task of its own: whoever asked first may go away."""


@dataclass(frozen=True, slots=True)
class Page:
    """Frames of a channel, and where it stands."""

    frames: list[Frame]
    n: int


class Hub:
    """The rooms of one process.

    Args:
        desk: where records are read.
        monotonic: milliseconds that only ever grow, for grace and patience.
        backplane: what tells of commits; the desk's own unless there are other nodes.
    """

    def __init__(
        self, desk: Desk, monotonic: Callable[[], int], backplane: Backplane | None = None
    ) -> None:
        self._desk = desk
        self._monotonic = monotonic
        self._backplane = backplane or InProcess(desk)
        self._rooms: dict[str, Room] = {}
        self._loading: dict[str, _Loading] = {}

    @asynccontextmanager
    async def running(self) -> AsyncIterator["Hub"]:
        """Keep all rooms up to date until the block is left; then send everybody away."""
        unsubscribe = self._backplane.listen(self._heard)
        ticking = asyncio.create_task(self._tick())
        try:
            yield self
        finally:
            ticking.cancel()
            unsubscribe()
            for room in self._rooms.values():
                room.close(Code.GOING_AWAY)

    async def room(self, project: str) -> Room:
        """Return a project's room, as the record has it now."""
        room = self._rooms.get(project)
        if room is not None:
            return room
        loading = self._loading.get(project)
        if loading is None:
            loading = self._loading[project] = _Loading()
        if loading.task is None:
            loading.task = asyncio.create_task(self._load(project, loading.news))
        return await asyncio.shield(loading.task)

    def enter(
        self, room: Room, account: str, outlet: Outlet, wanted: Mapping[str, Since], clock: int
    ) -> Listener:
        """Let a socket into a room; the caller has checked its rights."""
        return room.enter(account, outlet, wanted, self._monotonic(), clock)

    def drained(self, room: Room, listener: Listener) -> None:
        """Note that a socket's buffer is empty: it gets what it missed."""
        if listener.behind is not None and listener in room.listeners:
            room.pump(listener, self._monotonic())

    def leave(self, room: Room, listener: Listener) -> None:
        """Let a socket go."""
        room.leave(listener, self._monotonic())

    def watchers(self, project: str) -> int:
        """Return how many sockets are in a project's room."""
        room = self._rooms.get(project)
        return 0 if room is None else len(room.listeners)

    async def frames(self, project: str, channel: str, after: int) -> Page:
        """Return a page of a channel's frames that follow a number, from the record if need be."""
        room = await self.room(project)
        if room.needs_reset(channel, Since(since=after, epoch=EPOCH)):
            return Page(await self._from_record(project, channel, after), room.last(channel))
        return Page(room.frames(channel, after, FRAMES_A_PAGE), room.last(channel))

    async def wait(self, project: str, channel: str, after: int, seconds: float) -> None:
        """Wait until a channel has a frame after a number, or for so long."""
        room = await self.room(project)
        if room.last(channel) > after:
            return
        event = room.news(channel)
        try:
            async with asyncio.timeout(seconds):
                await event.wait()
        except TimeoutError:
            pass
        finally:
            room.forget_news(channel, event)

    def _heard(self, project: str, entries: tuple[Recorded, ...]) -> None:
        loading = self._loading.get(project)
        if loading is not None:
            loading.news.extend(entries)
            return
        room = self._rooms.get(project)
        if room is None:
            return
        news = _after(entries, room.projection.seq)
        if news and news[0].stamp.seq != room.projection.seq + 1:
            self._drop(room)
            return
        try:
            room.feed(news, self._monotonic())
        except Exception:  # noqa: BLE001 - the record is right whatever a room makes of it
            _log.exception("a room failed and is made anew")
            self._drop(room)

    def _drop(self, room: Room) -> None:
        """Let a room be made anew from the record; its sockets come back by themselves."""
        del self._rooms[room.project]
        room.close(Code.TRY_AGAIN)

    async def _load(self, project: str, news: list[Recorded]) -> Room:
        room = Room(project)
        try:
            while found := await self._desk.read(project, room.projection.seq, PAGE):
                room.feed(tuple(found), self._monotonic())
                await asyncio.sleep(0)
            # nothing is awaited from here on: what was committed meanwhile is all in the list
            room.feed(_after(tuple(news), room.projection.seq), self._monotonic())
            self._rooms[project] = room
        finally:
            del self._loading[project]
        self._keep_few()
        return room

    def _keep_few(self) -> None:
        empty = [name for name, room in self._rooms.items() if not room.listeners]
        for name in empty[: max(0, len(empty) - ROOMS_KEPT)]:
            del self._rooms[name]

    async def _from_record(self, project: str, channel: str, after: int) -> list[Frame]:
        """Show a record anew, for frames that no ring keeps."""
        projection, frames = Projection(project), list[Frame]()
        while found := await self._desk.read(project, projection.seq, PAGE):
            for one in found:
                happened = Happened(one.event, one.stamp, one.entry.leaf.hex())
                shown = projection.show(happened)
                frames += [f for f in shown if f.channel == channel and f.n > after]
            if len(frames) >= FRAMES_A_PAGE:
                break
        return frames[:FRAMES_A_PAGE]

    async def _tick(self) -> None:
        while True:
            await asyncio.sleep(TICK_SECONDS)
            for room in tuple(self._rooms.values()):
                if room.listeners:
                    room.tick(self._monotonic())


def _after(entries: tuple[Recorded, ...], seq: int) -> tuple[Recorded, ...]:
    return tuple(one for one in entries if one.stamp.seq > seq)
