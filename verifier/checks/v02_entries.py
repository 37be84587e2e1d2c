"""V2: every entry by itself. Form, leaf, proof, chain, order, event, message."""

from bisect import bisect_right
from collections.abc import Sequence
from typing import Any

from verifier import canonical, merkle
from verifier.canonical import NotCanonical
from verifier.container import Container
from verifier.entries import Entry
from verifier.formats import EVENTS, MESSAGE_OF, MESSAGES
from verifier.hashing import tagged, u64
from verifier.notes import Checkpoint
from verifier.report import Report
from verifier.shapes import Shape, fields, integer, listed, matching, one_of, text
from verifier.signatures import Envelope, EnvelopeInvalid, read_envelope
from verifier.values import ACCOUNT, HEX16, HEX32, MILLIS

_TEXT = text(1 << 25)
_PLACED = {"seq": integer(1), "index": integer(), "proof": listed(HEX32)}
_HIDDEN = fields({**_PLACED, "leaf": HEX32})
_SHOWN = {**_PLACED, "entry": _TEXT, "salt": HEX32, "place_salt": HEX32}
_OPEN = fields(_SHOWN)
_TRACED = fields({**_SHOWN, "trace": _TEXT, "trace_salt": HEX32})
_ENTRY = fields(
    {
        "v": one_of(1), "project": HEX16, "at": MILLIS,
        "actor": fields({"account": ACCOUNT, "seat?": text(500)}),
        "command": matching("[A-Za-z0-9/_.-]{1,64}"), "type": text(100),
        "body": lambda _: None, "place": HEX32, "trace": HEX32,
    }
)  # fmt: skip


def check(container: Container, checkpoints: Sequence[Checkpoint], report: Report) -> list[Entry]:
    """Check each entry by itself and in the chain, and return them all."""
    entries: list[Entry] = []
    for seq, line in enumerate(container.entries, 1):
        value = _line(line)
        if isinstance(value, str) or value["seq"] != seq:
            found = value if isinstance(value, str) else f"number {value['seq']}"
            report.need("V2.1", seq, False, f"the line of entry {seq}", found)
            entries.append(Entry(seq, -1, b""))
            report.blind(seq)
            continue
        report.need("V2.1", seq, True, "", "")
        entries.append(_entry(value, container, report))
    _check_log(entries, container, checkpoints, report)
    _check_chain(entries, container, report)
    _check_commands(entries, report)
    return entries


def _line(line: bytes) -> dict[str, Any] | str:
    try:
        value: Any = canonical.read(line)
    except NotCanonical as error:
        return str(error)
    shape = _HIDDEN
    if isinstance(value, dict) and "entry" in value:
        shape = _TRACED if "trace" in value or "trace_salt" in value else _OPEN
    return shape(value) or value


def _entry(value: dict[str, Any], container: Container, report: Report) -> Entry:
    seq: int = value["seq"]
    if "leaf" in value:
        report.hide(seq)
        return Entry(seq, value["index"], bytes.fromhex(value["leaf"]), shown=False)
    written: str = value["entry"]
    leaf = tagged("leaf", bytes.fromhex(value["salt"]), written.encode())
    entry = Entry(seq, value["index"], leaf)
    told = _written(written)
    if isinstance(told, str):
        report.need("V2.2", seq, False, "an entry in canonical form", told)
        report.blind(seq)
        return entry
    entry.at, entry.account = told["at"], told["actor"]["account"]
    entry.command, entry.type, entry.body = told["command"], told["type"], told["body"]
    entry.place, entry.trace, entry.project = told["place"], told["trace"], told["project"]
    report.need("V2.2", seq, True, "", "")
    wanted = container.about["project"]
    report.need("V2.3", seq, entry.project == wanted, wanted, entry.project)
    if "trace" in value:
        hashed = _trace(value)
        report.need("V2.7", seq, hashed == entry.trace, "the trace's hash", "another")
    _read_event(entry, report)
    return entry


def _written(written: str) -> dict[str, Any] | str:
    try:
        value: Any = canonical.read(written.encode())
    except NotCanonical as error:
        return str(error)
    return _ENTRY(value) or value


def _trace(value: dict[str, Any]) -> str:
    trace: str = value["trace"]
    try:
        canonical.read(trace.encode())
    except NotCanonical:
        return ""
    return tagged("trace", bytes.fromhex(value["trace_salt"]), trace.encode()).hex()


def _read_event(entry: Entry, report: Report) -> None:
    shape = EVENTS.get(entry.type)
    wrong = "an unknown event" if shape is None else shape(entry.body)
    if not report.need("V2.8", entry.seq, wrong is None, f"a {entry.type}", wrong):
        report.blind(entry.seq)
        return
    told = _read_message(entry)
    if not report.need("V2.9", entry.seq, told is None, "a message in form", told):
        report.blind(entry.seq)
        return
    entry.readable = True


def _read_message(entry: Entry) -> str | None:
    """Read the message of an event into its entry; say what is wrong with it."""
    if not isinstance(entry.body.get("envelope"), dict):
        return None
    try:
        entry.envelope = read_envelope(entry.body["envelope"])
        if entry.type == "opening.bid_refused":
            read_envelope(entry.body["answer"])
            entry.message, entry.params = _of_refused(entry.envelope)
            return None
        name = MESSAGE_OF[entry.type]
        if entry.envelope.name != name:
            return "a message of another type"
        entry.message = _read(entry.envelope.payload, MESSAGES[name], name)
        if name == "bid":
            params = entry.message["params"].encode()
            entry.params = _read(params, MESSAGES["bid-params"], "bid-params")
    except (EnvelopeInvalid, NotCanonical) as error:
        return str(error)
    return None


def _read(payload: bytes, shape: Shape, name: str) -> dict[str, Any]:
    value: Any = canonical.read(payload)
    if name == "ceremony-deal" and isinstance(value, dict) and value.get("i") == 0:
        shape = MESSAGES["ceremony-deal of the timekeeper"]
    wrong = shape(value)
    if wrong is not None:
        raise NotCanonical(name + " " + wrong)
    told: dict[str, Any] = value
    return told


def _of_refused(envelope: Envelope) -> tuple[dict[str, Any], dict[str, Any] | None]:
    """Read a refused bid as far as it can be read: it may be refused for not being readable."""
    try:
        message = _read(envelope.payload, MESSAGES["bid"], "bid")
        params = _read(message["params"].encode(), MESSAGES["bid-params"], "bid-params")
    except NotCanonical:
        return {}, None
    return message, params


def _check_chain(entries: list[Entry], container: Container, report: Report) -> None:
    before, at = bytes(32), 0
    for entry, line in zip(entries, container.entries, strict=True):
        if entry.place:
            salt = bytes.fromhex(canonical.read(line)["place_salt"])
            wanted = tagged("place", salt, u64(entry.seq), before).hex()
            holds = entry.place == wanted
            rests = range(entry.seq - 1, max(0, entry.seq - 2), -1)
            report.need("V2.5", entry.seq, holds, "its place in the chain", "another", rests=rests)
            what = f"not before {at}"
            report.need("V2.6", entry.seq, entry.at >= at, what, entry.at, rests=rests)
            at = entry.at
        before = entry.leaf


def _check_log(
    entries: list[Entry],
    container: Container,
    checkpoints: Sequence[Checkpoint],
    report: Report,
) -> None:
    index = -1
    sizes = [checkpoint.size for checkpoint in checkpoints]
    for entry, line in zip(entries, container.entries, strict=True):
        if not entry.leaf:
            continue
        first = bisect_right(sizes, entry.index)
        entry.held = (first + 1, checkpoints[first]) if first < len(sizes) else None
        proof = [bytes.fromhex(step) for step in canonical.read(line)["proof"]]
        reached = None
        if entry.held is not None:
            size = entry.held[1].size
            reached = merkle.included(merkle.leaf(entry.leaf), entry.index, size, proof)
        holds = entry.held is not None and reached == entry.held[1].root and entry.index > index
        found = "none that holds" if entry.index > index else "an index that does not rise"
        rests = (entry.checkpoint,)
        report.need("V2.4", entry.seq, holds, "a proof of its leaf", found, rests=rests)
        index = entry.index


def _check_commands(entries: list[Entry], report: Report) -> None:
    """Check that entries of one command follow each other; what lies between may be hidden."""
    last: dict[str, Entry] = {}
    before: Entry | None = None
    for entry in entries:
        if not entry.command:
            continue
        same = last.get(entry.command)
        holds = same is None or (same is before and same.account == entry.account)
        wanted = "entries of one command together, of one account"
        found = "" if same is None else f"the command of entry {same.seq}"
        report.need("V2.10", entry.seq, holds, wanted, found)
        last[entry.command] = before = entry
