"""Turns a told project into an export, step by step, so that each step can be told falsely.

Whoever forges here holds the keys of log and witness: a cheating service with its timekeeper.
"""

import hashlib
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from typing import Any

from crypto import canonical, merkle, signatures
from crypto.checkpoints import Checkpoint, add_cosignature, cosign, sign_checkpoint
from record import ustar
from record.entries import GENESIS, Act, Entry, Salts, make_entry, trace_bytes
from record.events import Actor, Event, Stamp
from tests.opening.parties import seeded
from tests.opening.world import PROJECT
from tests.verifier.told import LOG, PDF, SERVICE_KEY, WITNESS, Told

TRACE = trace_bytes({"address": "192.0.2.1", "session": "s"})


@dataclass(frozen=True)
class Row:
    """An entry before it is made: what it says and when the witness saw it."""

    type: str
    body: Any
    at: int
    actor: str
    command: str
    cosigned: int
    """Seconds."""
    project: str = PROJECT


@dataclass
class Logbook:
    """A record to be exported."""

    rows: list[Row]
    sealed: dict[str, bytes] = field(default_factory=dict)
    documents: list[bytes] = field(default_factory=list)
    hidden: Callable[[Row], bool] = lambda _row: False
    traced: bool = False
    idle: bool = False
    """Whether a last checkpoint holds no entry."""
    dropped: int | None = None
    """A row that is left out after the chain was made over it."""

    def find(self, event: str, nth: int = 0) -> int:
        """Return the place of the nth row of an event; a negative one counts from the end."""
        return [place for place, row in enumerate(self.rows) if row.type == event][nth]

    def entries(self) -> list[Entry]:
        head, made = GENESIS, []
        for place, row in enumerate(self.rows):
            act = Act(row.project, row.at, Actor(row.actor), row.command, TRACE)
            salts = Salts(*(seeded(f"{kind}/{place}") for kind in ("leaf", "place", "trace")))
            free = replace(head, at=0)  # a forger may let time fall
            entry = make_entry(free, act, row.type, canonical.dumps(row.body), salts)
            made.append(entry)
            head = entry.head
        if self.dropped is not None:
            del made[self.dropped], self.rows[self.dropped]
            made = [replace(entry, seq=seq) for seq, entry in enumerate(made, 1)]
        return made


def logbook(world: Told, *, files: bool = True) -> Logbook:
    """Return the rows of a told project."""
    rows = [_row(event, stamp) for event, stamp in world.record]
    sealed = {bid: made.file for bid, made in world.sealed.items()} if files else {}
    drawn_up = any(row.type == "opening.minutes_drawn_up" for row in rows)
    return Logbook(rows, sealed, [PDF] if drawn_up and files else [])


def _row(event: Event, stamp: Stamp) -> Row:
    body = canonical.loads(event.body(), limit=1 << 25)
    seconds = stamp.at // 1000 + 1
    return Row(event.type, body, stamp.at, stamp.actor.account, stamp.command, seconds)


@dataclass
class Parts:
    """The files of a container before they are joined."""

    about: dict[str, Any]
    entries: list[Any]
    checkpoints: list[Any]
    documents: Mapping[str, bytes]
    sealed: Mapping[str, bytes]

    def joined(self) -> bytes:
        about = canonical.dumps(self.about)
        entries = b"".join(canonical.dumps(line) + b"\n" for line in self.entries)
        checkpoints = b"".join(canonical.dumps(line) + b"\n" for line in self.checkpoints)
        files = [("record.json", about), ("entries.jsonl", entries)]
        files.append(("checkpoints.jsonl", checkpoints))
        files += [(f"documents/{name}", data) for name, data in sorted(self.documents.items())]
        files += [(f"sealed/{name}", data) for name, data in sorted(self.sealed.items())]
        whole = (ustar.header(n, len(d)) + d + ustar.padding(len(d)) for n, d in files)
        return b"".join(whole) + ustar.END


def parts(book: Logbook) -> Parts:
    """Return the parts of the export of a logbook: one checkpoint a command, a cover leaf each."""
    entries = book.entries()
    leaves: list[bytes] = []
    indexes, sizes, times = [], [], []
    for place, (row, entry) in enumerate(zip(book.rows, entries, strict=True)):
        indexes.append(len(leaves))
        leaves.append(merkle.leaf_hash(entry.leaf))
        following = book.rows[place + 1 : place + 2]
        if not following or following[0].command != row.command:
            leaves.append(merkle.leaf_hash(seeded(f"cover/{place}")))
            sizes.append(len(leaves))
            times.append(row.cosigned)
    if book.idle:
        leaves.append(merkle.leaf_hash(seeded("cover/last")))
        sizes.append(len(leaves))
        times.append(times[-1])
    nodes = merkle.append({}, 0, leaves)
    lines = [
        _line(book, entry, index, _proof(nodes, index, sizes))
        for entry, index in zip(entries, indexes, strict=True)
    ]
    heads = [Checkpoint(LOG.name, size, merkle.tree_root(nodes, size)) for size in sizes]
    notes = [
        add_cosignature(sign_checkpoint(head, LOG), cosign(head, WITNESS, seconds)).decode()
        for head, seconds in zip(heads, times, strict=True)
    ]
    checkpoints: list[dict[str, Any]] = [{"checkpoint": note} for note in notes]
    for number in range(len(sizes) - 1):
        steps = merkle.consistency_proof(nodes, sizes[number], sizes[number + 1])
        checkpoints[number]["proof"] = [step.hex() for step in steps]
    documents = {hashlib.sha256(data).hexdigest(): data for data in book.documents}
    service = signatures.public_spki(SERVICE_KEY)
    about = {
        "v": 1,
        "project": PROJECT,
        "log": LOG.verifier.encode(),
        "witness": WITNESS.verifier.encode(),
        "service": {"key": service.hex(), "keyid": signatures.keyid(service)},
        "entries": len(lines),
        "checkpoints": len(checkpoints),
        "documents": len(documents),
        "sealed": len(book.sealed),
    }
    return Parts(about, lines, checkpoints, documents, book.sealed)


def _proof(nodes: merkle.Nodes, index: int, sizes: list[int]) -> list[str]:
    size = next(size for size in sizes if size > index)
    return [step.hex() for step in merkle.inclusion_proof(nodes, index, size)]


def _line(book: Logbook, entry: Entry, index: int, proof: list[str]) -> dict[str, Any]:
    line: dict[str, Any] = {"seq": entry.seq, "index": index, "proof": proof}
    if book.hidden(book.rows[entry.seq - 1]):
        return {**line, "leaf": entry.leaf.hex()}
    line |= {"entry": entry.text.decode(), "salt": entry.salts.leaf.hex()}
    line["place_salt"] = entry.salts.place.hex()
    if book.traced:
        line |= {"trace": entry.trace.decode(), "trace_salt": entry.salts.trace.hex()}
    return line
