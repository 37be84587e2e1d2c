"""What travels over a room's socket: a closed set of small JSON messages; it sends nothing.

From the page: hello, ack, ping. To the page: welcome, snapshot, frame, presence, gone, pong.
"""

import json
from collections.abc import Mapping
from enum import IntEnum
from typing import Annotated, Any, Literal

from pydantic import Field, TypeAdapter, ValidationError

from record.events import Frozen
from rooms.projection import Frame

SUBPROTOCOL = "room.v1"
MESSAGE_LIMIT = 4096
"""The largest message a page may send, bytes."""

CHANNEL = (
    r"^(public|hall|clerk|custodians|timekeeper|supervisor"
    r"|bidder/[0-9a-f]{32}|committee/[a-z0-9][a-z0-9-]{0,31})$"
)
ChannelName = Annotated[str, Field(pattern=CHANNEL)]
Number = Annotated[int, Field(ge=0, lt=1 << 53)]
Epoch = Annotated[str, Field(pattern=r"^[0-9a-f]{0,16}$")]


class Code(IntEnum):
    """Why a socket was closed; those from 4000 on are this protocol's own.

    After TRY_AGAIN, BEHIND and IDLE a page comes back with a new ticket; after NOT_YOURS it signs
    in first; after the others it is wrong and stays away.
    """

    GOING_AWAY = 1001
    NOT_TEXT = 1003
    TOO_LONG = 1009
    TRY_AGAIN = 1013
    MALFORMED = 4400
    NOT_YOURS = 4401
    NO_HELLO = 4408
    TOO_MANY = 4429
    BEHIND = 4430
    IDLE = 4431


class Since(Frozen):
    """Up to which frame of a channel a page has everything."""

    since: Number = 0
    epoch: Epoch = ""


class Hello(Frozen):
    """The first message: the right to come in, and where the page stands in each channel."""

    t: Literal["hello"]
    ticket: Annotated[str, Field(min_length=1, max_length=2048)]
    channels: Annotated[dict[ChannelName, Since], Field(min_length=1, max_length=4)]


class Ack(Frozen):
    """The page has these frames; it lets the service tell who is behind."""

    t: Literal["ack"]
    n: Annotated[dict[ChannelName, Number], Field(max_length=4)]


class Ping(Frozen):
    """The page measures the line and the clock."""

    t: Literal["ping"]
    id: Number


Incoming = Annotated[Hello | Ack | Ping, Field(discriminator="t")]
_INCOMING: TypeAdapter[Hello | Ack | Ping] = TypeAdapter(Incoming)


class Malformed(ValueError):
    """A message that is none of these; whoever sent it is wrong, not unlucky."""


def read(text: str) -> Hello | Ack | Ping:
    """Read a message of a page strictly.

    Raises:
        Malformed: it is none.
    """
    try:
        return _INCOMING.validate_json(text, strict=True)
    except (ValidationError, RecursionError) as error:
        raise Malformed("no message of a page") from error


def _text(message: Mapping[str, Any]) -> str:
    return json.dumps(message, ensure_ascii=False, separators=(",", ":"))


def welcome(now: int, channels: Mapping[str, tuple[int, bool]], epoch: str) -> str:
    """Return the answer to a hello: the service's clock, and per channel its n and a reset."""
    told = {
        name: {"n": n, "epoch": epoch, "reset": is_reset}
        for name, (n, is_reset) in channels.items()
    }
    return _text({"t": "welcome", "v": 1, "now": now, "channels": told})


def snapshot(channel: str, n: int, view: Mapping[str, Any]) -> str:
    """Return a channel's whole view."""
    return _text({"t": "snapshot", "ch": channel, "n": n, "view": view})


def frame_body(frame: Frame) -> dict[str, Any]:
    """Return a frame as JSON, as sockets and long polls carry it."""
    return {"ch": frame.channel, "n": frame.n, "event": frame.event, "patch": frame.patch}


def frame(shown: Frame) -> str:
    """Return the message of a frame."""
    return _text({"t": "frame", **frame_body(shown)})


def presence(channel: str, here: Mapping[str, Mapping[str, str]]) -> str:
    """Return who is here; it is no frame and has no number."""
    return _text({"t": "presence", "ch": channel, "here": here})


def gone(channel: str) -> str:
    """Return that a right ended: the channel says no more."""
    return _text({"t": "gone", "ch": channel})


def pong(identity: int, now: int) -> str:
    """Return the answer to a ping, with the service's clock, ms UTC."""
    return _text({"t": "pong", "id": identity, "now": now})
