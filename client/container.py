"""Reading an exported record strictly: its container, its checkpoints, each entry's proof.

It must not judge what events say; `client.record_copy` folds them. Hidden entries keep their
number and their leaf.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import pairwise
from typing import Any, BinaryIO

from client.errors import NotTrusted
from client.profile import Trust
from crypto import canonical
from crypto.checkpoints import CosignedCheckpoint, open_cosigned
from crypto.hashing import H, u64
from crypto.merkle import ProofInvalid, leaf_hash, verify_consistency, verify_inclusion
from crypto.notes import NoteInvalid, VerifierKey
from project.parse import parse_event
from record.events import BODY_LIMIT, Actor, Event, Stamp

BLOCK = 512
LINE_LIMIT = BODY_LIMIT + (1 << 20)
_FIRST = ("record.json", "entries.jsonl", "checkpoints.jsonl")
_NONE = bytes(32)
_PROVED = frozenset({"seq", "index", "proof"})
_HIDDEN = _PROVED | {"leaf"}
_OPEN = _PROVED | {"entry", "salt", "place_salt"}
_SHAPES = (_HIDDEN, _OPEN, _OPEN | {"trace", "trace_salt"})


@dataclass(frozen=True, slots=True)
class Line:
    """One entry of an export.

    Args:
        event: None for a hidden entry.
        stamp: None for a hidden entry.
        seq: its number in the project.
        cosigned: the first listed checkpoint that holds it.
    """

    event: Event | None
    stamp: Stamp | None
    seq: int
    cosigned: CosignedCheckpoint


@dataclass(frozen=True, slots=True)
class Container:
    """An export whose every proof holds under the pinned keys."""

    project: str
    lines: tuple[Line, ...]
    checkpoints: tuple[CosignedCheckpoint, ...]


def read(source: BinaryIO, trust: Trust, project: str) -> Container:
    """Read an export and check its container, checkpoints, chain and inclusion.

    Files beside the three of the record are not read.

    Raises:
        NotTrusted: something in it does not hold.
    """
    try:
        files = dict(_files(source))
        if tuple(files) != _FIRST:
            raise NotTrusted("the export has not the files a record has")
        about: Any = canonical.loads(files["record.json"])
        if about["project"] != project or about["v"] != 1:
            raise NotTrusted("the export is of another project")
        if (about["log"], about["witness"]) != (trust.log, trust.timekeeper):
            raise NotTrusted("the export names other keys than the pinned ones")
        checkpoints = _checkpoints(files["checkpoints.jsonl"], trust)
        lines = tuple(_entries(files["entries.jsonl"], project, checkpoints))
        if (about["entries"], about["checkpoints"]) != (len(lines), len(checkpoints)):
            raise NotTrusted("the export's counts are wrong")
    except (NoteInvalid, ProofInvalid, ValueError, KeyError, TypeError) as error:
        raise NotTrusted("the export does not hold", error) from error
    return Container(project, lines, checkpoints)


def _files(source: BinaryIO) -> Iterator[tuple[str, bytes]]:
    """Give the first three files, whose headers are plain ustar."""
    for _ in _FIRST:
        head = _exactly(source, BLOCK)
        name, size = head[:100].rstrip(b"\0").decode("ascii"), int(head[124:135], 8)
        if head[257:265] != b"ustar\x0000" or sum(head) - sum(head[148:156]) + 256 != int(
            head[148:154], 8
        ):
            raise NotTrusted("not a header of an export", name)
        yield name, _exactly(source, size)
        _exactly(source, -size % BLOCK)


def _exactly(source: BinaryIO, size: int) -> bytes:
    data = source.read(size)
    if len(data) != size:
        raise NotTrusted("the export is cut short")
    return data


def _json_lines(data: bytes) -> Iterator[Any]:
    for line in data.split(b"\n")[:-1]:
        yield canonical.loads(line, LINE_LIMIT)


def _checkpoints(data: bytes, trust: Trust) -> tuple[CosignedCheckpoint, ...]:
    log, witness = VerifierKey.decode(trust.log), VerifierKey.decode(trust.timekeeper)
    found = list(_json_lines(data))
    opened = tuple(open_cosigned(one["checkpoint"].encode(), log, witness) for one in found)
    for line, (older, newer) in zip(found, pairwise(opened), strict=False):
        old, new = older.checkpoint, newer.checkpoint
        if old.size >= new.size:
            raise NotTrusted("checkpoints are out of order")
        proof = [bytes.fromhex(step) for step in line["proof"]]
        verify_consistency(old.size, old.root, new.size, new.root, proof)
    return opened


def _entries(
    data: bytes, project: str, checkpoints: tuple[CosignedCheckpoint, ...]
) -> Iterator[Line]:
    before, index, which, at = _NONE, -1, 0, 0
    for number, line in enumerate(_json_lines(data), start=1):
        if set(line) not in _SHAPES or line["seq"] != number or line["index"] <= index:
            raise NotTrusted("entries are out of order", number)
        index = line["index"]
        while which < len(checkpoints) and checkpoints[which].checkpoint.size <= index:
            which += 1
        if which == len(checkpoints):
            raise NotTrusted("no checkpoint holds an entry", number)
        event, stamp = None, None
        if "entry" in line:
            event, stamp = _opened(line, project, before)
            if stamp.at < at:
                raise NotTrusted("time goes back", number)
            at = stamp.at
            before = H("leaf", bytes.fromhex(line["salt"]), line["entry"].encode())
        else:
            before = bytes.fromhex(line["leaf"])
        head = checkpoints[which].checkpoint
        path = [bytes.fromhex(step) for step in line["proof"]]
        verify_inclusion(leaf_hash(before), index, head.size, path, head.root)
        yield Line(event, stamp, number, checkpoints[which])


def _opened(line: dict[str, Any], project: str, before: bytes) -> tuple[Event, Stamp]:
    entry: Any = canonical.loads(line["entry"].encode(), LINE_LIMIT)
    if entry["project"] != project:
        raise NotTrusted("an entry of another project", line["seq"])
    place = H("place", bytes.fromhex(line["place_salt"]), u64(line["seq"]), before)
    if place.hex() != entry["place"]:
        raise NotTrusted("an entry is out of its place", line["seq"])
    if "trace" in line:
        trace = H("trace", bytes.fromhex(line["trace_salt"]), line["trace"].encode())
        if trace.hex() != entry["trace"]:
            raise NotTrusted("a trace is not the one its entry binds", line["seq"])
    actor = Actor(entry["actor"]["account"], entry["actor"].get("seat"))
    event = parse_event(entry["type"], canonical.dumps(entry["body"]))
    return event, Stamp(line["seq"], entry["at"], actor, entry["command"])
