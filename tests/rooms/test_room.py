import json
from dataclasses import dataclass, field
from typing import Any

import pytest

from record.desk import Recorded
from record.entries import GENESIS, Act, Salts, make_entry, trace_bytes
from rooms.merge import View, merge
from rooms.messages import Code, Since
from rooms.presence import GRACE_MS
from rooms.projection import EPOCH
from rooms.room import BEHIND_MS, BUFFER_LIMIT, Listener, Room
from tests.opening.world import PROJECT
from tests.rooms.story import Story, bidder_channel


@dataclass
class Line:
    """A socket's line that a test drains when it likes."""

    sent: list[dict[str, Any]] = field(default_factory=list)
    buffered: int = 0
    closed: Code | None = None
    slow: bool = False

    def send(self, text: str) -> None:
        self.sent.append(json.loads(text))
        if self.slow:
            self.buffered += len(text)

    def close(self, code: Code) -> None:
        self.closed = code

    def of(self, kind: str, channel: str = "hall") -> list[dict[str, Any]]:
        return [one for one in self.sent if one["t"] == kind and one.get("ch") == channel]


def recorded(story: Story) -> tuple[Recorded, ...]:
    head, told = GENESIS, []
    for event, stamp in story.record:
        act = Act(PROJECT, stamp.at, stamp.actor, stamp.command, trace_bytes({}))
        entry = make_entry(head, act, event.type, event.body(), Salts.cut(bytes(96)))
        told.append(Recorded(stamp, event, entry))
        head = entry.head
    return tuple(told)


def told() -> tuple[Story, tuple[Recorded, ...]]:
    story = Story()
    story.whole()
    return story, recorded(story)


def listen(
    room: Room, line: Line, since: int = 0, epoch: str = EPOCH, who: str = "clerk"
) -> Listener:
    return room.enter(who, line, {"hall": Since(since=since, epoch=epoch)}, 0, 0)


def view_of(line: Line, start: View) -> View:
    view = start
    for one in line.sent:
        if one["t"] == "snapshot":
            view = one["view"]
        if one["t"] == "frame":
            view = merge(view, one["patch"])
    return view


@pytest.fixture(scope="module")
def whole() -> tuple[Story, tuple[Recorded, ...]]:
    return told()


@pytest.fixture
def room(whole: tuple[Story, tuple[Recorded, ...]]) -> Room:
    made = Room(PROJECT)
    made.feed(whole[1], 0)
    return made


def test_from_zero_a_page_gets_every_frame_in_order(room: Room) -> None:
    line = Line()
    listen(room, line)
    assert [one["n"] for one in line.of("frame")] == list(range(1, room.last("hall") + 1))
    assert line.sent[0]["t"] == "welcome"
    assert line.sent[0]["channels"]["hall"] == {
        "n": room.last("hall"),
        "epoch": EPOCH,
        "reset": False,
    }
    assert view_of(line, {}) == room.projection.channel("hall").view


def test_from_the_middle_it_gets_what_it_has_not(room: Room) -> None:
    line, middle = Line(), room.last("hall") // 2
    listen(room, line, middle)
    assert [one["n"] for one in line.of("frame")] == list(range(middle + 1, room.last("hall") + 1))


def test_at_the_top_it_gets_nothing_but_the_welcome(room: Room) -> None:
    line = Line()
    listen(room, line, room.last("hall"))
    assert not line.of("frame")
    assert not line.of("snapshot")


@pytest.mark.parametrize(
    ("beyond", "epoch"),
    [(1, EPOCH), (0, "0123456789abcdef"), (0, "")],
    ids=["beyond the top", "another epoch", "no epoch"],
)
def test_beyond_the_top_or_in_another_epoch_it_gets_a_snapshot(
    room: Room, beyond: int, epoch: str
) -> None:
    line = Line()
    listen(room, line, room.last("hall") + beyond, epoch)
    assert line.sent[0]["channels"]["hall"]["reset"] is True
    (snapshot,) = line.of("snapshot")
    assert snapshot["n"] == room.last("hall")
    assert snapshot["view"] == room.projection.channel("hall").view


def test_frames_come_live_and_the_same_text_to_all(
    whole: tuple[Story, tuple[Recorded, ...]],
) -> None:
    room, lines = Room(PROJECT), (Line(), Line())
    entries = whole[1]
    room.feed(entries[:40], 0)
    for line in lines:
        listen(room, line, room.last("hall"))
    for one in entries[40:]:
        room.feed((one,), 0)
    assert lines[0].of("frame") == lines[1].of("frame")
    assert lines[0].of("frame")[-1]["n"] == room.last("hall")


def test_a_slow_reader_holds_nobody_up_and_catches_up_from_where_it_was(
    whole: tuple[Story, tuple[Recorded, ...]],
) -> None:
    room, slow, quick = Room(PROJECT), Line(slow=True), Line()
    entries = whole[1]
    room.feed(entries[:50], 0)
    behind = listen(room, slow, room.last("hall"))
    listen(room, quick, room.last("hall"))
    slow.buffered = BUFFER_LIMIT + 1
    for one in entries[50:]:
        room.feed((one,), 5)
    assert not slow.of("frame")
    assert quick.of("frame")[-1]["n"] == room.last("hall")
    assert behind.behind == 5
    slow.buffered = 0
    slow.slow = False
    room.pump(behind, 6)
    assert behind.behind is None
    assert slow.of("frame") == quick.of("frame")


def test_who_stays_behind_is_closed(room: Room) -> None:
    line = Line(buffered=BUFFER_LIMIT + 1)
    listen(room, line)
    room.tick(BEHIND_MS - 1)
    assert line.closed is None
    room.tick(BEHIND_MS)
    assert line.closed is Code.BEHIND


def test_a_ring_that_lost_what_is_asked_for_gives_a_snapshot(
    whole: tuple[Story, tuple[Recorded, ...]], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("rooms.ring.LENGTH", 5)
    room = Room(PROJECT)
    room.feed(whole[1], 0)
    line, near = Line(), Line()
    listen(room, line, 1)
    listen(room, near, room.last("hall") - 5)
    assert line.of("snapshot")
    assert len(near.of("frame")) == 5


def test_a_right_that_ends_closes_its_channel_at_once() -> None:
    story = Story()
    story.opened_up()
    room, line = Room(PROJECT), Line()
    room.feed(recorded(story), 0)
    bidder = story.bidder[1]
    wanted = {"hall": Since(), bidder_channel(bidder): Since()}
    room.enter(bidder.account, line, wanted, 0, 0)
    from opening.participants import ParticipantReleased  # noqa: PLC0415 - one use

    story.happened(ParticipantReleased(account=bidder.account, role="bidder", reason="离开"))
    room.feed(recorded(story)[-1:], 0)
    assert line.of("gone", bidder_channel(bidder))
    assert line.closed is None
    assert not line.of("gone", "hall")


def here(line: Line) -> set[str]:
    return set(line.of("presence")[-1]["here"])


def test_presence_has_grace_and_a_reconnect_is_not_told() -> None:
    story = Story()
    story.opened_up()
    room, line = Room(PROJECT), Line()
    room.feed(recorded(story), 0)
    listen(room, line)
    gone = room.enter("custodian-1", Line(), {"hall": Since()}, 0, 0)
    assert here(line) == {"clerk/Clerk", "custodian/Custodian-1"}
    room.leave(gone, 1000)
    room.tick(1000 + GRACE_MS - 1)
    assert here(line) == {"clerk/Clerk", "custodian/Custodian-1"}
    room.tick(1000 + GRACE_MS)
    assert here(line) == {"clerk/Clerk"}


def test_the_hall_does_not_see_bidders_present_before_the_close() -> None:
    story = Story()
    story.opened_up()
    room, line, watching = Room(PROJECT), Line(), Line()
    room.feed(recorded(story), 0)
    listen(room, line)
    room.enter("supervisor", watching, {"supervisor": Since()}, 0, 0)
    room.enter("bidder-1", Line(), {"hall": Since()}, 0, 0)
    assert "bidder/Bidder-1" not in json.dumps(line.sent)
    assert "bidder/Bidder-1" in watching.of("presence", "supervisor")[-1]["here"]
    before = len(story.record)
    story.close_now()
    room.feed(recorded(story)[before:], 0)
    assert "bidder/Bidder-1" in here(line)
