"""One project's room: its channels, the sockets that listen, and what each of them has so far.

Nothing here waits for anybody: a frame is handed to whoever has room for it, and who has none
catches up from the ring, or from a snapshot, when its buffer has drained.
"""

import asyncio
from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Protocol

from opening.events import BidsClosed, SectionFailed
from opening.participants import ParticipantBound, ParticipantReleased
from opening.terms import SectionTerminated
from record.desk import Recorded
from rooms import messages
from rooms.facts import Happened
from rooms.messages import Code, Since
from rooms.presence import Presence
from rooms.projection import EPOCH, Frame, Projection
from rooms.rights import channels_of, seats_of, shows_bidders
from rooms.ring import Ring

BUFFER_LIMIT = 256 * 1024
"""Characters that may wait for one socket; above, it is behind and gets nothing live."""
BEHIND_MS = 30_000
"""How long a socket may be behind before it is closed."""
PRESENCE_CHANNELS = ("hall", "supervisor")


class Outlet(Protocol):
    """Where a socket's messages go; neither method ever waits."""

    @property
    def buffered(self) -> int:
        """Return how many characters wait to be written."""

    def send(self, text: str) -> None:
        """Take a message to be written when the line takes it."""

    def close(self, code: Code) -> None:
        """Close the socket after this; what still waits is dropped."""


@dataclass(eq=False, slots=True)
class Listener:
    """One socket in a room.

    Args:
        positions: channel -> the last frame handed to the outlet.
        behind: since when it is behind, ms; None while it is not.
    """

    account: str
    outlet: Outlet
    positions: dict[str, int]
    behind: int | None = None
    resets: set[str] = field(default_factory=set)
    """Channels that need a snapshot before frames."""
    sent_presence: dict[str, str] = field(default_factory=dict)


class Room:
    """The room of one project; lives on the event loop, no method blocks."""

    def __init__(self, project: str) -> None:
        self.project = project
        self.projection = Projection(project)
        self.listeners: set[Listener] = set()
        self.presence = Presence()
        self._rings: dict[str, Ring] = defaultdict(Ring)
        self._waiters: dict[str, set[asyncio.Event]] = defaultdict(set)

    def feed(self, entries: tuple[Recorded, ...], now: int) -> None:
        """Show new entries to everybody who listens; the first must follow the last one shown."""
        changed: set[str] = set()
        for recorded in entries:
            happened = Happened(recorded.event, recorded.stamp, recorded.entry.leaf.hex())
            for frame in self.projection.show(happened):
                self._rings[frame.channel].add(frame)
                changed.add(frame.channel)
        if any(isinstance(one.event, ParticipantReleased) for one in entries):
            self._check_rights()
        for channel in changed:
            for event in self._waiters.pop(channel, ()):
                event.set()
        for listener in tuple(self.listeners):
            if not changed.isdisjoint(listener.positions):
                self.pump(listener, now)
        if any(isinstance(one.event, _CHANGES_PRESENCE) for one in entries):
            self.tell_presence(now)

    def enter(
        self, account: str, outlet: Outlet, wanted: Mapping[str, Since], now: int, clock: int
    ) -> Listener:
        """Let a socket in: it is welcomed, and gets what it has not.

        Args:
            account: whose socket it is; the caller has checked the right to the channels.
            outlet: where its messages go.
            wanted: channel -> up to where it has everything.
            now: for measuring how long it is behind, ms.
            clock: the service's time, ms UTC.
        """
        listener = Listener(account, outlet, {})
        told: dict[str, tuple[int, bool]] = {}
        for name, since in wanted.items():
            is_reset = self.needs_reset(name, since)
            listener.positions[name] = 0 if is_reset else since.since
            if is_reset:
                listener.resets.add(name)
            told[name] = (self.last(name), is_reset)
        outlet.send(messages.welcome(clock, told, EPOCH))
        self.listeners.add(listener)
        self.presence.came(account)
        self.pump(listener, now)
        self.tell_presence(now)
        return listener

    def leave(self, listener: Listener, now: int) -> None:
        """Let a socket go."""
        if listener in self.listeners:
            self.listeners.discard(listener)
            self.presence.went(listener.account, now)

    def pump(self, listener: Listener, now: int) -> None:
        """Hand a socket what it has not, as far as its buffer takes it."""
        for name in tuple(listener.positions):
            if not self._pump_channel(listener, name):
                if listener.behind is None:
                    listener.behind = now
                return
        listener.behind = None

    def tick(self, now: int) -> None:
        """Do what time alone makes due."""
        for listener in tuple(self.listeners):
            if listener.behind is not None and now - listener.behind >= BEHIND_MS:
                listener.outlet.close(Code.BEHIND)
        self.tell_presence(now)

    def close(self, code: Code) -> None:
        """Send everybody away."""
        for listener in tuple(self.listeners):
            listener.outlet.close(code)
        for waiting in self._waiters.values():
            for event in waiting:
                event.set()

    def last(self, channel: str) -> int:
        """Return the number of a channel's last frame."""
        return self.projection.channel(channel).n

    def needs_reset(self, channel: str, since: Since) -> bool:
        """Tell whether frames after a number do not lead from there to now."""
        if since.epoch != EPOCH or since.since > self.last(channel):
            return True
        return since.since + 1 < self._first(channel)

    def frames(self, channel: str, after: int, limit: int) -> list[Frame]:
        """Return frames that follow a number, which must not need a reset."""
        ring = self._rings.get(channel)
        return [] if ring is None else ring.frames(after, limit)

    def news(self, channel: str) -> asyncio.Event:
        """Return an event that is set when a channel has a new frame."""
        event = asyncio.Event()
        self._waiters[channel].add(event)
        return event

    def forget_news(self, channel: str, event: asyncio.Event) -> None:
        """Wait no longer."""
        self._waiters[channel].discard(event)

    def tell_presence(self, now: int) -> None:
        """Tell the hall and the supervisor who is here, where that changed.

        The hall is told about bidders only once every section is closed.
        """
        texts = {name: self._presence_text(name, now) for name in PRESENCE_CHANNELS}
        for listener in self.listeners:
            for name, text in texts.items():
                if name in listener.positions and listener.sent_presence.get(name) != text:
                    listener.sent_presence[name] = text
                    listener.outlet.send(text)

    def _presence_text(self, channel: str, now: int) -> str:
        state = self.projection.state
        sees_all = channel == "supervisor"
        sees_bidders = sees_all or shows_bidders(state.opening)
        here: dict[str, dict[str, str]] = {}
        for account, is_up in self.presence.here(now).items():
            for seat in seats_of(state, account):
                if seat.role == "bidder" and not sees_bidders:
                    continue
                if seat.role == "expert" and not sees_all:
                    continue
                here[f"{seat.role}/{seat.name}"] = {
                    "role": seat.role,
                    "name": seat.name,
                    "organisation_name": seat.organisation_name,
                    "line": "up" if is_up else "dropped",
                }
        return messages.presence(channel, here)

    def _pump_channel(self, listener: Listener, name: str) -> bool:
        """Hand over what fits; tells whether that was all."""
        outlet, ring = listener.outlet, self._rings.get(name)
        if name in listener.resets or listener.positions[name] + 1 < self._first(name):
            if outlet.buffered > BUFFER_LIMIT:
                return False
            channel = self.projection.channel(name)
            outlet.send(messages.snapshot(name, channel.n, channel.view))
            listener.positions[name] = channel.n
            listener.resets.discard(name)
        while ring is not None and listener.positions[name] < ring.last:
            if outlet.buffered > BUFFER_LIMIT:
                return False
            listener.positions[name] += 1
            outlet.send(ring.text(listener.positions[name]))
        return True

    def _first(self, channel: str) -> int:
        ring = self._rings.get(channel)
        return 1 if ring is None else ring.first

    def _check_rights(self) -> None:
        for listener in tuple(self.listeners):
            allowed = channels_of(self.projection.state, listener.account)
            for name in [one for one in listener.positions if one not in allowed]:
                del listener.positions[name]
                listener.outlet.send(messages.gone(name))
            if not listener.positions:
                listener.outlet.close(Code.NOT_YOURS)


_CHANGES_PRESENCE = (
    BidsClosed,
    SectionFailed,
    SectionTerminated,
    ParticipantBound,
    ParticipantReleased,
)
