"""From a record to numbered frames, channel by channel: what is shown, and under which number.

A function of the record alone, so it comes out the same after a restart and on every node. Frames
of a channel are counted by what that channel shows, and tell nothing of what it does not. Pure.
"""

from collections import defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Final

from crypto.hashing import H
from opening.state import OpeningState, Place
from project.events import AnyEvent
from project.rules import ProjectRules, evolve
from project.state import ProjectState
from rooms.facts import Facts, Happened, facts_of, place_of
from rooms.merge import Patch, View, merge
from rooms.patches import patch_of
from rooms.rights import committee_channel
from rooms.views import ROWS, Audience, Fields, Moment, Row, kind_of

LINE_FIELDS: Final = frozenset(
    {
        "section", "envelope", "bid", "i", "sid", "key_id", "window", "until", "reason", "cause",
        "blame", "role", "name", "organisation_name", "count", "minimum", "draw", "account",
        "result", "objection", "question", "document", "title", "deadline", "step", "attempt",
        "decision", "revision", "code", "approval", "subject", "pause", "seat", "round", "item",
        "ground", "opinion", "due", "returned",
    }
)  # fmt: skip
"""What a line of the timeline repeats of the fields that its channel shows."""
EPOCH: Final = H("rooms-epoch", repr(sorted(ROWS.items())).encode())[:8].hex()
"""Changes with the table of rows: numbers of another table mean other frames."""
ID_LENGTH: Final = 32

_Key = tuple[Moment, Place | str]


@dataclass(frozen=True, slots=True)
class Frame:
    """One frame of a channel.

    Args:
        n: 1, 2, 3 ... in its channel.
        event: the timeline's line; a later frame with the same `id` takes its place.
        patch: what changes in the channel's view.
    """

    channel: str
    n: int
    event: Mapping[str, Any]
    patch: Patch


@dataclass(frozen=True, slots=True)
class _Held:
    channel: str
    happened: Happened
    facts: Facts
    fields: Fields
    nameless: bool


@dataclass(slots=True)
class Channel:
    """What a channel shows so far."""

    n: int
    view: View


class Projection:
    """Shows a project's entries to its channels, one after the other, each once."""

    def __init__(self, project: str) -> None:
        self.state: ProjectState = ProjectRules().initial(project)
        self.channels: dict[str, Channel] = defaultdict(lambda: Channel(0, {}))
        self.seq = 0
        self._held: dict[_Key, list[_Held]] = defaultdict(list)

    def channel(self, name: str) -> Channel:
        """Return a channel as it is now; one that was never shown anything is empty."""
        return self.channels.get(name) or Channel(0, {})

    def show(self, happened: Happened) -> tuple[Frame, ...]:
        """Take the next entry in and return the frames it gives, in order."""
        before = self.state
        event: AnyEvent = happened.event  # type: ignore[assignment]  # a project's record holds no others
        self.state = evolve(before, event, happened.stamp)
        self.seq = happened.stamp.seq
        kind = kind_of(happened.event)
        row = ROWS.get(kind)
        facts = facts_of(happened, before, self.state)
        due = [] if row is None else list(self._due(row, happened, facts))
        for key in _reached(happened, facts):
            due += self._held.pop(key, [])
        return tuple(self._frame(shown) for shown in due)

    def _due(self, row: Row, happened: Happened, facts: Facts) -> Iterator[_Held]:
        """Give what is shown at once, and keep what has to wait."""
        for audience, fields in row.now.items():
            for channel in _channels(audience, facts):
                yield _Held(channel, happened, facts, fields, audience in row.nameless)
        for audience, (moment, fields) in row.later.items():
            key = _key(moment, facts)
            if key is None:
                continue
            for channel in _channels(audience, facts):
                held = _Held(channel, happened, facts, fields, audience in row.nameless)
                if _has_passed(self.state.opening, key):
                    yield held
                else:
                    self._held[key].append(held)

    def _frame(self, shown: _Held) -> Frame:
        channel = self.channels[shown.channel]
        happened = shown.happened
        told = {name: shown.facts[name] for name in shown.fields if name in shown.facts}
        identity = happened.leaf[:ID_LENGTH]
        event = {
            "id": identity,
            "type": happened.event.type,
            "at": happened.stamp.at,
            "hash": happened.leaf,
            **{name: value for name, value in told.items() if name in LINE_FIELDS},
        }
        if not shown.nameless:
            event["who"] = shown.facts["who"]
        patch = patch_of(happened.event, told, channel.view, identity, happened.stamp.at)
        channel.n += 1
        channel.view = merge(channel.view, patch)
        return Frame(shown.channel, channel.n, event, patch)


def _channels(audience: Audience, facts: Facts) -> list[str]:
    if audience == "committee":
        return [committee_channel(str(facts["section"]))]
    if audience != "bidder":
        return [audience]
    organisation = facts.get("organisation")
    concerned = [organisation] if organisation else facts.get("organisations", [])
    return [f"bidder/{one}" for one in concerned]


def _key(moment: Moment, facts: Facts) -> _Key | None:
    if moment == "read_out":
        return (moment, str(facts["bid"]))
    place = place_of(facts)
    return None if place is None else (moment, place)


def _has_passed(state: OpeningState, key: _Key) -> bool:
    moment, about = key
    if isinstance(about, str):
        return any(about in session.read_out for session in state.sessions.values())
    session = state.sessions.get(about)
    if session is None:
        return False
    return session.closed is not None if moment == "closed" else session.stage == "ended"


def _reached(happened: Happened, facts: Facts) -> Iterator[_Key]:
    """Give the moments that come with an event."""
    place = place_of(facts)
    match happened.event.type:
        case "opening.bids_closed" if place is not None:
            yield ("closed", place)
        case "opening.bid_read_out":
            yield ("read_out", str(facts["bid"]))
        case "opening.session_ended" if place is not None:
            yield ("ended", place)
        case _:
            return
