"""Checkpoints of the log: signed by the log, cosigned by the timekeeper with its own time.

It must not decide which keys are trusted or what time it is; both are given.
"""

from dataclasses import dataclass

from crypto.notes import (
    COSIGNATURE_V1,
    ED25519,
    Note,
    NoteInvalid,
    NoteSignature,
    NoteSigner,
    VerifierKey,
    decode_decimal,
    decode_hash,
    encode_base64,
    parse_note,
)

__all__ = [
    "Checkpoint",
    "CosignedCheckpoint",
    "NoteInvalid",
    "add_cosignature",
    "cosign",
    "open_checkpoint",
    "open_cosigned",
    "parse_checkpoint",
    "sign_checkpoint",
    "verify_cosignature",
]

_TIME_BYTES = 8


@dataclass(frozen=True, slots=True)
class Checkpoint:
    """A tree head: the log's origin, how many leaves, and their root."""

    origin: str
    size: int
    root: bytes

    def encode(self) -> bytes:
        """Write the three lines that are signed."""
        return f"{self.origin}\n{self.size}\n{encode_base64(self.root)}\n".encode()


@dataclass(frozen=True, slots=True)
class CosignedCheckpoint:
    """A tree head that the log signed and the witness saw.

    Args:
        checkpoint: the tree head.
        cosigned_at: POSIX seconds by the witness's clock.
        note: the bytes both were read from.
    """

    checkpoint: Checkpoint
    cosigned_at: int
    note: bytes


def parse_checkpoint(text: bytes) -> Checkpoint:
    """Read a note's text as a tree head strictly; there are no extension lines.

    Source: C2SP tlog-checkpoint v1.0.0, note text.
    """
    try:
        lines = text.decode().split("\n")
    except UnicodeDecodeError as error:
        raise NoteInvalid("not UTF-8") from error
    if len(lines) != 4 or lines[3]:
        raise NoteInvalid("a checkpoint has three lines")
    if not lines[0]:
        raise NoteInvalid("a checkpoint names its log")
    return Checkpoint(lines[0], decode_decimal(lines[1]), decode_hash(lines[2]))


def sign_checkpoint(checkpoint: Checkpoint, log: NoteSigner) -> bytes:
    """Sign a tree head as the log.

    The caller holds the lock and has the size durable: two heads of one size are a broken log.
    """
    if log.kind != ED25519 or log.name != checkpoint.origin:
        raise ValueError("the log signs its own checkpoints")
    text = checkpoint.encode()
    return Note(text, (log.line(text),)).encode()


def open_checkpoint(note: bytes, log: VerifierKey) -> Checkpoint:
    """Return the tree head of a note that the log signed.

    Raises:
        NoteInvalid: the note is malformed, of another log, or not signed by it.
    """
    return _checkpoint_of(parse_note(note), log)


def cosign(checkpoint: Checkpoint, witness: NoteSigner, seconds: int) -> NoteSignature:
    """Cosign a tree head as the witness.

    Args:
        checkpoint: checked to continue the last one cosigned, which is durable by now.
        witness: the witness's key, used for nothing else.
        seconds: POSIX seconds, now.

    Source: C2SP tlog-cosignature v1.0.1, cosignature/v1.
    """
    if witness.kind != COSIGNATURE_V1:
        raise ValueError("a cosignature needs a witness key")
    if not 0 < seconds < 1 << 63:
        raise ValueError("the time is out of range")
    prefix = seconds.to_bytes(_TIME_BYTES)
    return witness.line(_cosigned_message(checkpoint, seconds), prefix)


def verify_cosignature(checkpoint: Checkpoint, line: NoteSignature, witness: VerifierKey) -> int:
    """Check a witness's line over a tree head and return its time in POSIX seconds.

    Raises:
        NoteInvalid: the line is another key's, malformed, or does not verify.
    """
    if witness.kind != COSIGNATURE_V1:
        raise NoteInvalid("not a witness key: " + witness.name)
    if (line.name, line.key_id) != (witness.name, witness.key_id):
        raise NoteInvalid("a line of another key: " + line.name)
    seconds = int.from_bytes(line.signature[:_TIME_BYTES])
    if not 0 < seconds < 1 << 63:
        raise NoteInvalid("the time is out of range")
    witness.verify(line.signature[_TIME_BYTES:], _cosigned_message(checkpoint, seconds))
    return seconds


def add_cosignature(note: bytes, line: NoteSignature) -> bytes:
    """Return a checkpoint's note with a witness's line at its end."""
    return parse_note(note).with_lines(line).encode()


def open_cosigned(note: bytes, log: VerifierKey, witness: VerifierKey) -> CosignedCheckpoint:
    """Return the tree head of a note that the log signed and the witness cosigned.

    Raises:
        NoteInvalid: the note is malformed, of another log, or a signature is missing or wrong.
    """
    parsed = parse_note(note)
    checkpoint = _checkpoint_of(parsed, log)
    seconds = verify_cosignature(checkpoint, parsed.the_line_of(witness), witness)
    return CosignedCheckpoint(checkpoint, seconds, note)


def _checkpoint_of(note: Note, log: VerifierKey) -> Checkpoint:
    checkpoint = parse_checkpoint(note.text)
    if checkpoint.origin != log.name:
        raise NoteInvalid("a checkpoint of another log")
    if log.kind != ED25519:
        raise NoteInvalid("not a log key: " + log.name)
    log.verify(note.the_line_of(log).signature, note.text)
    return checkpoint


def _cosigned_message(checkpoint: Checkpoint, seconds: int) -> bytes:
    return f"cosignature/v1\ntime {seconds}\n".encode() + checkpoint.encode()
