"""Keys, checkpoints and cosignatures of the log as signed notes; it must not choose whom to trust.

Source: C2SP signed-note v1.0.0, tlog-checkpoint v1.0.0, tlog-cosignature v1.0.1.
"""

import base64
import binascii
from dataclasses import dataclass
from hashlib import sha256

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

LOG = 1
WITNESS = 4

_DASH = "\u2014 "


class NoteInvalid(ValueError):
    """A note, a key or a signature that is not what it must be."""


@dataclass(frozen=True)
class Vkey:
    """A key that signs notes under a name."""

    name: str
    kind: int
    public: bytes

    @property
    def hint(self) -> bytes:
        """The four bytes that stand before this key's signatures."""
        text = self.name.encode() + b"\n" + bytes([self.kind]) + self.public
        return sha256(text).digest()[:4]

    def verifies(self, signature: bytes, message: bytes) -> bool:
        """Tell whether a signature is this key's."""
        try:
            Ed25519PublicKey.from_public_bytes(self.public).verify(signature, message)
        except (InvalidSignature, ValueError):
            return False
        return True


@dataclass(frozen=True)
class Checkpoint:
    """A tree head, its signed text, and one signature line of the log and of the witness."""

    origin: str
    size: int
    root: bytes
    text: bytes
    log: bytes
    witness: bytes

    @property
    def seconds(self) -> int:
        """The time the cosignature claims."""
        return int.from_bytes(self.witness[:8], "big")

    def signed_by(self, key: Vkey) -> bool:
        """Tell whether the log signed."""
        return self.origin == key.name and key.verifies(self.log, self.text)

    def cosigned_by(self, key: Vkey) -> bool:
        """Tell whether the witness cosigned."""
        message = f"cosignature/v1\ntime {self.seconds}\n".encode() + self.text
        return 0 < self.seconds < 1 << 63 and key.verifies(self.witness[8:], message)


def read_key(text: str, kind: int) -> Vkey:
    """Read a vkey of one kind.

    Raises:
        NoteInvalid: it is not one, or not in its one form.
    """
    name, _, rest = text.partition("+")
    hint, _, material = rest.partition("+")
    data = unbase64(material)
    key = Vkey(name, data[0] if data else 0, data[1:])
    if not _is_name(name) or key.kind != kind or len(key.public) != 32 or key.hint.hex() != hint:
        raise NoteInvalid("not a key of this kind")
    return key


def read_checkpoint(note: str, log: Vkey, witness: Vkey) -> Checkpoint:
    """Read a checkpoint with exactly the lines of log and witness; signatures are not checked.

    Raises:
        NoteInvalid: it is out of form.
    """
    parts = note.split("\n")
    if len(parts) != 7 or parts[3] or parts[6]:
        raise NoteInvalid("not three lines, an empty one and two signatures")
    origin, size, digest = parts[:3]
    if not origin or not _is_decimal(size) or int(size) >= 1 << 63:
        raise NoteInvalid("not a tree head")
    root = unbase64(digest)
    if len(root) != 32:
        raise NoteInvalid("not a root")
    text = "".join(part + "\n" for part in parts[:3]).encode()
    mine, theirs = _line(parts[4], log), _line(parts[5], witness)
    return Checkpoint(origin, int(size), root, text, mine, theirs)


def unbase64(text: str) -> bytes:
    """Read standard base64 in its one spelling."""
    try:
        data = base64.b64decode(text, validate=True)
    except (binascii.Error, ValueError) as error:
        raise NoteInvalid("not base64") from error
    if base64.b64encode(data).decode() != text:
        raise NoteInvalid("not the one spelling of base64")
    return data


def _line(text: str, key: Vkey) -> bytes:
    start = f"{_DASH}{key.name} "
    if not text.startswith(start):
        raise NoteInvalid("a signature line of another name")
    data = unbase64(text[len(start) :])
    if data[:4] != key.hint:
        raise NoteInvalid("a signature line of another key")
    return data[4:]


def _is_name(name: str) -> bool:
    return bool(name) and not any(c.isspace() or c < " " or c == "+" for c in name)


def _is_decimal(text: str) -> bool:
    return text.isascii() and text.isdigit() and str(int(text)) == text
