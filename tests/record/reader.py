"""A reader of exported records, from docs/record-format.md, just strict enough to test the writer."""

import hashlib
from typing import Any

from crypto import canonical
from crypto.checkpoints import CosignedCheckpoint, open_cosigned
from crypto.merkle import leaf_hash, verify_consistency, verify_inclusion
from crypto.notes import VerifierKey, parse_note
from record.entries import leaf_data, place_hash, read_text, trace_hash


class Unsound(Exception):
    """The export is not what it must be."""


def need(holds: bool, what: str) -> None:  # noqa: FBT001 - it reads like assert
    if not holds:
        raise Unsound(what)


def unhex(text: str) -> bytes:
    """Read hex in its one spelling: lower case, nothing in between."""
    data = bytes.fromhex(text)
    need(data.hex() == text, "hex")
    return data


def split(data: bytes) -> list[tuple[str, bytes]]:
    files, at = [], 0
    while data[at : at + 1] not in (b"\0", b""):
        head = data[at : at + 512]
        name = head[:100].rstrip(b"\0").decode("ascii")
        size = int(head[124:135], 8)
        need(head == remade(name, size), "header of " + name)
        body = data[at + 512 : at + 512 + size]
        need(len(body) == size, "length of " + name)
        at += 512 + size
        gap = -size % 512
        need(data[at : at + gap] == bytes(gap), "padding of " + name)
        at += gap
        files.append((name, body))
    need(data[at:] == bytes(1024), "end")
    return files


def remade(name: str, size: int) -> bytes:
    fields = [
        (name.encode(), 100), (b"0000644", 8), (b"0000000", 8), (b"0000000", 8),
        (b"%011o" % size, 12), (b"00000000000", 12), (b" " * 8, 8), (b"0", 1), (b"", 100),
        (b"ustar\x0000", 8), (b"", 64), (b"0000000", 8), (b"0000000", 8), (b"", 167),
    ]  # fmt: skip
    head = b"".join(value.ljust(width, b"\0") for value, width in fields)
    return head[:148] + b"%06o\0 " % sum(head) + head[156:]


def lines(data: bytes) -> list[Any]:
    need(not data or data.endswith(b"\n"), "last newline")
    return [canonical.loads(line, 1 << 26) for line in data.split(b"\n")[:-1]]


def read(data: bytes) -> tuple[dict[str, Any], list[dict[str, Any]], list[CosignedCheckpoint]]:
    """Check a whole export; return record.json, entry lines and checkpoints."""
    files = split(data)
    names = [name for name, _ in files]
    need(names[:3] == ["record.json", "entries.jsonl", "checkpoints.jsonl"], "first files")
    about: Any = canonical.loads(files[0][1])
    entries, notes = lines(files[1][1]), lines(files[2][1])
    _check_about(about, entries, notes, files[3:])
    checkpoints = _check_checkpoints(about, notes)
    _check_entries(about, entries, checkpoints)
    return about, entries, checkpoints


def _check_about(
    about: dict[str, Any], entries: list[Any], notes: list[Any], rest: list[tuple[str, bytes]]
) -> None:
    need(
        set(about) == {
            "v", "project", "log", "witness", "service", "entries", "checkpoints", "documents",
            "sealed",
        },
        "fields",
    )  # fmt: skip
    need(about["v"] == 1, "format")
    service = about["service"]
    need(set(service) == {"key", "keyid"}, "service")
    need(service["keyid"] == hashlib.sha256(unhex(service["key"])).hexdigest(), "keyid")
    need((about["entries"], about["checkpoints"]) == (len(entries), len(notes)), "counts")
    documents = [file for file in rest if file[0].startswith("documents/")]
    sealed = [file for file in rest if file[0].startswith("sealed/")]
    need((about["documents"], about["sealed"]) == (len(documents), len(sealed)), "files")
    need(rest == sorted(documents) + sorted(sealed), "order of files")
    for name, body in documents:
        need(name == "documents/" + hashlib.sha256(body).hexdigest(), name)


def _check_checkpoints(about: dict[str, Any], notes: list[Any]) -> list[CosignedCheckpoint]:
    log, witness = VerifierKey.decode(about["log"]), VerifierKey.decode(about["witness"])
    opened = []
    for number, line in enumerate(notes):
        is_last = number + 1 == len(notes)
        need(set(line) == ({"checkpoint"} if is_last else {"checkpoint", "proof"}), "fields")
        note = line["checkpoint"].encode()
        need([s.name for s in parse_note(note).signatures] == [log.name, witness.name], "signers")
        opened.append(open_cosigned(note, log, witness))
    for number, line in enumerate(notes[:-1]):
        old, new = opened[number].checkpoint, opened[number + 1].checkpoint
        need(old.size < new.size, "sizes rise")
        proof = [unhex(step) for step in line["proof"]]
        verify_consistency(old.size, old.root, new.size, new.root, proof)
    return opened


def _check_entries(
    about: dict[str, Any], entries: list[Any], checkpoints: list[CosignedCheckpoint]
) -> None:
    before, used, index, at = bytes(32), set(), -1, 0
    for number, line in enumerate(entries, start=1):
        need(line["seq"] == number, "number")
        need(line["index"] > index, "index rises")
        index = line["index"]
        if "entry" in line:
            at = _check_open(about, line, before, at)
            before = leaf_data(unhex(line["salt"]), line["entry"].encode())
        else:
            need(set(line) == {"seq", "index", "proof", "leaf"}, "fields")
            before = unhex(line["leaf"])
        first = next(c for c in checkpoints if c.checkpoint.size > index)
        used.add(first.checkpoint.size)
        path = [unhex(step) for step in line["proof"]]
        size, root = first.checkpoint.size, first.checkpoint.root
        verify_inclusion(leaf_hash(before), index, size, path, root)
    need(used == {c.checkpoint.size for c in checkpoints}, "each checkpoint is needed")


def _check_open(about: dict[str, Any], line: dict[str, Any], before: bytes, at: int) -> int:
    traced = {"trace", "trace_salt"} if "trace" in line else set()
    names = {"seq", "index", "proof", "entry", "salt", "place_salt"} | traced
    need(set(line) == names, "fields")
    text = line["entry"].encode()
    canonical.loads(text, 1 << 26)
    written = read_text(text)
    need(written.project == about["project"], "project")
    need(written.at >= at, "time")
    place_salt = unhex(line["place_salt"])
    need(written.place == place_hash(place_salt, line["seq"], before), "place")
    if traced:
        salt = unhex(line["trace_salt"])
        need(written.trace == trace_hash(salt, line["trace"].encode()), "trace")
    return written.at
