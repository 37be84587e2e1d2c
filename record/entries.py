"""An entry of a record: its bytes, its place in the chain, and its leaf in the log.

It is pure: salts are handed in, and it must not read a clock, a store or a key.
"""

import hmac
import json
from collections.abc import Mapping
from dataclasses import dataclass, replace

from crypto import canonical
from crypto.hashing import H, u64
from record.events import Actor, Stamp

SALT_BYTES = 32
NO_LEAF = bytes(32)
"""What the first entry binds in the place of a leaf before it."""


class EntryInvalid(ValueError):
    """Bytes that are no entry, or an entry that does not stand where it is said to stand."""


@dataclass(frozen=True, slots=True)
class Salts:
    """Three independent salts of 32 random bytes; each can be shown without the others."""

    leaf: bytes
    place: bytes
    trace: bytes

    @classmethod
    def cut(cls, fresh: bytes) -> "Salts":
        """Cut 96 random bytes into the three salts of one entry."""
        if len(fresh) != 3 * SALT_BYTES:
            raise ValueError("an entry needs 96 random bytes")
        return cls(fresh[:32], fresh[32:64], fresh[64:])


@dataclass(frozen=True, slots=True)
class Head:
    """Where a record ends.

    Args:
        seq: the number of the last entry, 0 when there is none.
        at: its moment, ms UTC.
        leaf: its leaf data, 32 bytes, zeros when there is none.
    """

    seq: int
    at: int
    leaf: bytes


GENESIS = Head(0, 0, NO_LEAF)


@dataclass(frozen=True, slots=True)
class Written:
    """What an entry says in the open: everything but its number."""

    project: str
    at: int
    actor: Actor
    command: str
    type: str
    body: bytes
    place: str
    trace: str


@dataclass(frozen=True, slots=True)
class Entry:
    """One entry as it is stored: the bytes that were hashed and what opens them.

    Args:
        text: the entry bytes; they are the truth, everything in `written` is read from them.
        trace: canonical JSON of network address and session; only its salted hash is in `text`.
        leaf: leaf data, H("leaf", salt, text).
    """

    seq: int
    written: Written
    text: bytes
    trace: bytes
    salts: Salts
    leaf: bytes

    @property
    def project(self) -> str:
        """Return the project whose record this is."""
        return self.written.project

    @property
    def head(self) -> Head:
        """Return the head a record has when this is its last entry."""
        return Head(self.seq, self.written.at, self.leaf)

    @property
    def stamp(self) -> Stamp:
        """Return what a fold sees beside the event."""
        written = self.written
        return Stamp(self.seq, written.at, written.actor, written.command)


def place_hash(salt: bytes, seq: int, before: bytes) -> str:
    """Return the salted hash that binds an entry's number and the leaf data before it."""
    return H("place", salt, u64(seq), before).hex()


def trace_hash(salt: bytes, trace: bytes) -> str:
    """Return the salted hash that stands for address and session in the public part."""
    return H("trace", salt, trace).hex()


def leaf_data(salt: bytes, text: bytes) -> bytes:
    """Return the 32 bytes that stand for an entry in the log."""
    return H("leaf", salt, text)


def trace_bytes(trace: Mapping[str, str]) -> bytes:
    """Return the canonical bytes of a trace."""
    return canonical.dumps(dict(trace))


@dataclass(frozen=True, slots=True)
class Act:
    """What the entries of one command share.

    Args:
        received: ms UTC by the service's clock.
        trace: canonical bytes of network address and session.
    """

    project: str
    received: int
    actor: Actor
    command: str
    trace: bytes


def make_entry(head: Head, act: Act, event_type: str, body: bytes, salts: Salts) -> Entry:
    """Make the entry that follows a head.

    Args:
        head: where the record ends now.
        act: who acts, when, on whose command.
        event_type: the event's name on the wire.
        body: canonical bytes of the event.
        salts: fresh for this entry.
    """
    seq = head.seq + 1
    written = Written(
        project=act.project,
        at=max(act.received, head.at),
        actor=act.actor,
        command=act.command,
        type=event_type,
        body=body,
        place=place_hash(salts.place, seq, head.leaf),
        trace=trace_hash(salts.trace, act.trace),
    )
    opening, closing = _around_body(written)
    text = opening + body + closing
    return Entry(seq, written, text, act.trace, salts, leaf_data(salts.leaf, text))


def read_entry(seq: int, text: bytes, trace: bytes, salts: Salts, leaf: bytes) -> Entry:
    """Read a stored entry back; the hashes are taken as stored, `check_entry` checks them.

    Raises:
        EntryInvalid: the bytes are not those of an entry.
    """
    return Entry(seq, read_text(text), text, trace, salts, leaf)


def read_text(text: bytes) -> Written:
    """Parse entry bytes; the body stays the bytes it is.

    Raises:
        EntryInvalid: the bytes are not those of an entry.
    """
    written = _parse(text)
    opening, closing = _around_body(written)
    if not text.startswith(opening) or not text.endswith(closing):
        raise EntryInvalid("not an entry in canonical form")
    return replace(written, body=text[len(opening) : len(text) - len(closing)])


def _parse(text: bytes) -> Written:
    """Read all but the body; whatever else stands in the text, `_around_body` would not write."""
    try:
        value = json.loads(text)
    except ValueError as error:
        raise EntryInvalid("not JSON") from error
    match value:
        case {
            "project": str(project),
            "at": int(at),
            "actor": {"account": str(account), **more},
            "command": str(command),
            "type": str(event_type),
            "place": str(place),
            "trace": str(trace),
        } if not isinstance(at, bool):
            actor = Actor(account, _seat(more))
            return Written(project, at, actor, command, event_type, b"", place, trace)
    raise EntryInvalid("not an entry")


def _seat(more: Mapping[object, object]) -> str | None:
    seat = more.get("seat")
    if seat is None or isinstance(seat, str):
        return seat
    raise EntryInvalid("the seat is not text")


def check_entry(entry: Entry, head: Head) -> None:
    """Check that an entry follows a head: number, moment, place, trace and leaf.

    Raises:
        EntryInvalid: it does not; the database was changed by something else.
    """
    written, salts = entry.written, entry.salts
    if entry.seq != head.seq + 1:
        raise EntryInvalid("the number does not follow")
    if written.at < head.at:
        raise EntryInvalid("the moment is before the one before")
    _same(written.place, place_hash(salts.place, entry.seq, head.leaf), "place")
    _same(written.trace, trace_hash(salts.trace, entry.trace), "trace")
    _same(entry.leaf.hex(), leaf_data(salts.leaf, entry.text).hex(), "leaf")


def _same(found: str, expected: str, what: str) -> None:
    if not hmac.compare_digest(found, expected):
        raise EntryInvalid("another " + what)


def _around_body(written: Written) -> tuple[bytes, bytes]:
    """Return the canonical bytes before and after the body; the body goes in as it is.

    Written out by hand because each entry passes here; a test holds it against `canonical`.
    """
    if not 0 <= written.at < canonical.INTEGER_BOUND:
        raise EntryInvalid("the moment is out of range")
    account, seat = _quoted(written.actor.account), written.actor.seat
    seated = "" if seat is None else f',"seat":{_quoted(seat)}'
    opening = f'{{"actor":{{"account":{account}{seated}}},"at":{written.at:d},"body":'
    closing = (
        f',"command":{_quoted(written.command)},"place":{_quoted(written.place)}'
        f',"project":{_quoted(written.project)},"trace":{_quoted(written.trace)}'
        f',"type":{_quoted(written.type)},"v":1}}'
    )
    try:
        return opening.encode(), closing.encode()
    except UnicodeEncodeError as error:
        raise EntryInvalid("a string has a lone surrogate") from error


_quoted = json.JSONEncoder(ensure_ascii=False).encode
