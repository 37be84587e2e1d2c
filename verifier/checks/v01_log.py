"""V1: the log. Signatures, cosignatures, growth, and that each checkpoint listed is needed."""

from typing import Any

from verifier import canonical, merkle
from verifier.canonical import NotCanonical
from verifier.container import Container
from verifier.notes import LOG, WITNESS, Checkpoint, NoteInvalid, Vkey, read_checkpoint, read_key
from verifier.report import Report
from verifier.shapes import fields, listed, text
from verifier.values import HEX32

_LINE = fields({"checkpoint": text(1 << 16), "proof?": listed(HEX32)})


def check(container: Container, report: Report) -> list[Checkpoint]:
    """Check the checkpoints of an export and return them, as far as they can be read."""
    keys = _keys(container, report)
    if keys is None:
        return []
    found: list[tuple[Checkpoint, list[str] | None]] = []
    for number, line in enumerate(container.checkpoints, 1):
        read = _read(line, keys)
        name = f"checkpoint {number}"
        if isinstance(read, str):
            report.need("V1.1", name, False, "a line of the log", read)
            report.blind(1)
            return []
        checkpoint, proof = read
        report.need("V1.1", name, True, "", "")
        held = checkpoint.signed_by(keys[0])
        report.need("V1.2", name, held, "the log's signature", "none that holds")
        held = checkpoint.cosigned_by(keys[1])
        report.need("V1.3", name, held, "the witness's cosignature", "none that holds")
        found.append((checkpoint, proof))
    _check_growth(found, report)
    return [checkpoint for checkpoint, _ in found]


def check_needed(checkpoints: list[Checkpoint], indexes: list[int], report: Report) -> None:
    """Check that each checkpoint is the first to hold some entry."""
    low = 0
    for number, checkpoint in enumerate(checkpoints, 1):
        needed = any(low <= index < checkpoint.size for index in indexes)
        report.need(
            "V1.6", f"checkpoint {number}", needed, "the first to hold an entry", "it holds none"
        )
        low = checkpoint.size


def _keys(container: Container, report: Report) -> tuple[Vkey, Vkey] | None:
    try:
        keys = read_key(container.about["log"], LOG), read_key(container.about["witness"], WITNESS)
    except NoteInvalid as error:
        report.need("V1.1", "the log's keys", False, "two vkeys", str(error))
        report.blind(1)
        return None
    report.need("V1.1", "the log's keys", True, "", "")
    return keys


def _read(line: bytes, keys: tuple[Vkey, Vkey]) -> tuple[Checkpoint, list[str] | None] | str:
    try:
        value: dict[str, Any] = canonical.read(line)
        wrong = _LINE(value)
        if wrong is not None:
            return wrong
        return read_checkpoint(value["checkpoint"], *keys), value.get("proof")
    except (NotCanonical, NoteInvalid) as error:
        return str(error)


def _check_growth(found: list[tuple[Checkpoint, list[str] | None]], report: Report) -> None:
    for number, (checkpoint, proof) in enumerate(found, 1):
        name = f"checkpoint {number}"
        if number == len(found):
            report.need("V1.5", name, proof is None, "no proof in the last line", "a proof")
            break
        after, rests = found[number][0], (f"checkpoint {number + 1}",)
        rises = checkpoint.size < after.size and checkpoint.seconds <= after.seconds
        report.need(
            "V1.4",
            name,
            rises,
            "a size that rises and a time that does not fall",
            f"size {checkpoint.size} then {after.size}, {checkpoint.seconds} then {after.seconds}",
            rests=rests,
        )
        steps = [bytes.fromhex(step) for step in proof or ()]
        roots = merkle.grown(checkpoint.size, checkpoint.root, after.size, steps)
        holds = roots == (checkpoint.root, after.root)
        report.need("V1.5", name, holds, "a proof of growth", "none that holds", rests=rests)
