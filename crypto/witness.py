"""What a log sends its witness and what the witness answers: bodies, checks and refusals.

It must not keep the last tree head: the witness makes it durable itself before it cosigns.
"""

from dataclasses import dataclass
from typing import Literal, TypeAlias

from crypto.checkpoints import Checkpoint, open_checkpoint, verify_cosignature
from crypto.merkle import ProofInvalid, empty_root, verify_consistency
from crypto.notes import (
    NoteInvalid,
    NoteSignature,
    VerifierKey,
    check_text,
    decode_decimal,
    decode_hash,
    encode_base64,
    parse_note,
    parse_signature_lines,
)

PROOF_LINES = 63

RefusalStatus: TypeAlias = Literal[400, 403, 404, 409, 422]


class WitnessRefused(ValueError):
    """A request the witness answers with one of the statuses its protocol names."""

    def __init__(self, status: RefusalStatus, why: str, size: int | None = None) -> None:
        super().__init__(why)
        self.status: RefusalStatus = status
        self.size = size


@dataclass(frozen=True, slots=True)
class AddCheckpoint:
    """A request to cosign a tree head, with the proof from the one cosigned before."""

    old: int
    proof: tuple[bytes, ...]
    note: bytes

    def encode(self) -> bytes:
        """Write the request's body."""
        lines = [f"old {self.old}", *(encode_base64(step) for step in self.proof), "", ""]
        return "\n".join(lines).encode() + self.note


def parse_add_checkpoint(body: bytes) -> AddCheckpoint:
    """Read a request's body strictly.

    Source: C2SP tlog-witness v1.0.0, add-checkpoint.
    """
    check_text(body)
    head, blank, note = body.partition(b"\n\n")
    if not blank:
        raise NoteInvalid("no blank line before the checkpoint")
    first, *rest = head.decode().split("\n")
    if not first.startswith("old ") or len(rest) > PROOF_LINES:
        raise NoteInvalid("not a request to add a checkpoint")
    parse_note(note)
    proof = tuple(decode_hash(line) for line in rest)
    return AddCheckpoint(decode_decimal(first.removeprefix("old ")), proof, note)


def judge(body: bytes, log: VerifierKey, last: Checkpoint | None) -> Checkpoint:
    """Return the tree head a witness may cosign, once it has made it durable as its last.

    Args:
        body: the request as it came.
        log: the one log this witness watches.
        last: the tree head cosigned last, if there is one.

    Raises:
        WitnessRefused: the request is malformed, of another log, or not a continuation.

    Source: C2SP tlog-witness v1.0.0, add-checkpoint.
    """
    try:
        request = parse_add_checkpoint(body)
        origin = parse_note(request.note).text.partition(b"\n")[0].decode()
    except NoteInvalid as error:
        raise WitnessRefused(400, str(error)) from error
    if origin != log.name:
        raise WitnessRefused(404, "the log is not known here")
    try:
        checkpoint = open_checkpoint(request.note, log)
    except NoteInvalid as error:
        raise WitnessRefused(403, str(error)) from error
    _check_continuation(request, checkpoint, last)
    return checkpoint


def encode_size(size: int) -> bytes:
    """Write the answer to a request that starts from another size than the last."""
    return f"{size}\n".encode()


def parse_size(body: bytes) -> int:
    """Read the answer to a request that started from another size than the last."""
    check_text(body)
    text = body.decode()
    if not text.endswith("\n"):
        raise NoteInvalid("the line does not end")
    return decode_decimal(text[:-1])


def parse_cosignatures(
    body: bytes, checkpoint: Checkpoint, witness: VerifierKey
) -> tuple[NoteSignature, int]:
    """Return the witness's line out of its answer, and its time in POSIX seconds.

    Raises:
        NoteInvalid: the answer is malformed, or holds not exactly one right line of the witness.
    """
    lines = parse_signature_lines(body)
    mine = [s for s in lines if (s.name, s.key_id) == (witness.name, witness.key_id)]
    if len(mine) != 1:
        raise NoteInvalid("not one cosignature of the witness")
    return mine[0], verify_cosignature(checkpoint, mine[0], witness)


def _check_continuation(
    request: AddCheckpoint, checkpoint: Checkpoint, last: Checkpoint | None
) -> None:
    if request.old > checkpoint.size:
        raise WitnessRefused(400, "the old size is above the new one")
    known = last.size if last is not None else 0
    if request.old != known:
        raise WitnessRefused(409, "the last size cosigned is another", known)
    root = last.root if last is not None else empty_root()
    try:
        verify_consistency(known, root, checkpoint.size, checkpoint.root, request.proof)
    except ProofInvalid as error:
        raise WitnessRefused(422, str(error)) from error
