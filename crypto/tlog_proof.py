"""Proof files: that a leaf is in a log, to be checked offline.

It must not hash the leaf: what a leaf is, and the extra data it needs, is the caller's.
"""

from dataclasses import dataclass

from crypto.checkpoints import Checkpoint, CosignedCheckpoint, open_checkpoint, open_cosigned
from crypto.merkle import verify_inclusion
from crypto.notes import (
    NOTE_LIMIT,
    NoteInvalid,
    VerifierKey,
    check_text,
    decode_base64,
    decode_decimal,
    decode_hash,
    encode_base64,
    parse_note,
)

_HEADER = "c2sp.org/tlog-proof@v1"
_PATH_LINES = 63


@dataclass(frozen=True, slots=True)
class TlogProof:
    """A leaf's index, its path to the root, and the checkpoint that has the root.

    Args:
        extra: the application's own bytes, not authenticated; none when there is no such line.
        index: the leaf's place in the log, from 0.
        path: sibling hashes from the leaf to the root.
        note: the checkpoint's note, verbatim.
    """

    extra: bytes | None
    index: int
    path: tuple[bytes, ...]
    note: bytes

    def encode(self) -> bytes:
        """Write the proof file."""
        extra = [] if self.extra is None else ["extra " + encode_base64(self.extra)]
        path = [encode_base64(step) for step in self.path]
        lines = [_HEADER, *extra, f"index {self.index}", *path, "", ""]
        return "\n".join(lines).encode() + self.note

    def verify(self, leaf: bytes, log: VerifierKey, witness: VerifierKey) -> CosignedCheckpoint:
        """Check that the log signed, the witness cosigned, and the leaf hash is under the root.

        Raises:
            NoteInvalid: a signature is missing or wrong.
            ProofInvalid: the path does not lead to the root.
        """
        cosigned = open_cosigned(self.note, log, witness)
        self._verify_path(leaf, cosigned.checkpoint)
        return cosigned

    def verify_log(self, leaf: bytes, log: VerifierKey) -> Checkpoint:
        """Check the same without a witness: it binds the log, but to no time.

        Raises:
            NoteInvalid: the log's signature is missing or wrong.
            ProofInvalid: the path does not lead to the root.
        """
        checkpoint = open_checkpoint(self.note, log)
        self._verify_path(leaf, checkpoint)
        return checkpoint

    def _verify_path(self, leaf: bytes, head: Checkpoint) -> None:
        verify_inclusion(leaf, self.index, head.size, self.path, head.root)


def parse_tlog_proof(data: bytes) -> TlogProof:
    """Read a proof file strictly: writing it again gives the same bytes.

    Source: C2SP tlog-proof@v1, format.
    """
    if len(data) > 2 * NOTE_LIMIT:
        raise NoteInvalid("the proof is too long")
    check_text(data)
    head, blank, note = data.partition(b"\n\n")
    lines = head.decode().split("\n")
    if not blank or lines.pop(0) != _HEADER:
        raise NoteInvalid("not a proof file")
    extra = None
    if lines and lines[0].startswith("extra "):
        extra = decode_base64(lines.pop(0).removeprefix("extra "))
    if not lines or not lines[0].startswith("index "):
        raise NoteInvalid("the proof names no index")
    index = decode_decimal(lines.pop(0).removeprefix("index "))
    if len(lines) > _PATH_LINES:
        raise NoteInvalid("the path is too long")
    parse_note(note)
    return TlogProof(extra, index, tuple(decode_hash(line) for line in lines), note)
