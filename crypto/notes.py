"""Signed notes: a text and the lines of those who signed it, read and written to the byte.

It must not know what a text means; checkpoints and cosignatures stand on top of it.
"""

import base64
import binascii
import hashlib
from dataclasses import dataclass
from typing import Self

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey

ED25519 = 0x01
COSIGNATURE_V1 = 0x04
NOTE_LIMIT = 64 << 10
SIGNATURE_LINES = 64

_DASH = "\u2014 "


class NoteInvalid(ValueError):
    """Bytes that are no signed note, or a note without the signature it must have."""


@dataclass(frozen=True, slots=True)
class VerifierKey:
    """The public key behind signature lines of one name.

    Args:
        name: no spaces and no plus sign.
        kind: the signature type, `ED25519` or `COSIGNATURE_V1`.
        public: 32 bytes of an Ed25519 key.
    """

    name: str
    kind: int
    public: bytes

    def __post_init__(self) -> None:
        check_name(self.name)
        if self.kind not in {ED25519, COSIGNATURE_V1} or len(self.public) != 32:
            raise NoteInvalid("a key of an unknown kind")

    @property
    def key_id(self) -> bytes:
        """The four bytes that tell this key's lines from others of its name."""
        seed = self.name.encode() + b"\n" + bytes([self.kind]) + self.public
        return hashlib.sha256(seed).digest()[:4]

    @classmethod
    def decode(cls, text: str) -> Self:
        """Read a vkey strictly.

        Source: C2SP signed-note v1.0.0, verifier keys.
        """
        parts = text.split("+", 2)
        if len(parts) != 3:
            raise NoteInvalid("not a verifier key")
        material = decode_base64(parts[2])
        key = cls(parts[0], material[0] if material else 0, material[1:])
        if key.encode() != text:
            raise NoteInvalid("the key's id is not its own")
        return key

    def encode(self) -> str:
        """Write the vkey as text."""
        material = encode_base64(bytes([self.kind]) + self.public)
        return f"{self.name}+{self.key_id.hex()}+{material}"

    def verify(self, signature: bytes, message: bytes) -> None:
        """Check an Ed25519 signature.

        Raises:
            NoteInvalid: it is not this key's over this message.
        """
        try:
            Ed25519PublicKey.from_public_bytes(self.public).verify(signature, message)
        except (InvalidSignature, ValueError) as error:
            raise NoteInvalid("a signature does not verify: " + self.name) from error


@dataclass(frozen=True, slots=True)
class NoteSigner:
    """The private key behind signature lines of one name."""

    name: str
    kind: int
    private: Ed25519PrivateKey

    @property
    def verifier(self) -> VerifierKey:
        """The public half, to be given to whoever reads the notes."""
        return VerifierKey(self.name, self.kind, self.private.public_key().public_bytes_raw())

    def line(self, message: bytes, prefix: bytes = b"") -> "NoteSignature":
        """Sign a message; the signature in the line follows `prefix`."""
        signature = prefix + self.private.sign(message)
        return NoteSignature(self.name, self.verifier.key_id, signature)


@dataclass(frozen=True, slots=True)
class NoteSignature:
    """One signature line."""

    name: str
    key_id: bytes
    signature: bytes

    def encode(self) -> bytes:
        """Write the line with its newline."""
        material = encode_base64(self.key_id + self.signature)
        return f"{_DASH}{self.name} {material}\n".encode()


@dataclass(frozen=True, slots=True)
class Note:
    """A text, its last newline included, and its signature lines in order."""

    text: bytes
    signatures: tuple[NoteSignature, ...]

    def encode(self) -> bytes:
        """Write the note."""
        return self.text + b"\n" + b"".join(line.encode() for line in self.signatures)

    def with_lines(self, *lines: NoteSignature) -> "Note":
        """Return the note with more signature lines at its end."""
        return Note(self.text, self.signatures + lines)

    def by(self, key: VerifierKey) -> NoteSignature | None:
        """Return the one line of a key; unverified.

        Raises:
            NoteInvalid: the key has two lines, and which one counts would be a choice.
        """
        lines = [s for s in self.signatures if (s.name, s.key_id) == (key.name, key.key_id)]
        if len(lines) > 1:
            raise NoteInvalid("a key signed twice: " + key.name)
        return lines[0] if lines else None

    def the_line_of(self, key: VerifierKey) -> NoteSignature:
        """Return the one line of a key that must have signed; unverified."""
        line = self.by(key)
        if line is None:
            raise NoteInvalid("a signature is missing: " + key.name)
        return line


def parse_note(data: bytes) -> Note:
    """Read a signed note strictly: writing it again gives the same bytes.

    Source: C2SP signed-note v1.0.0, format.
    """
    if len(data) > NOTE_LIMIT:
        raise NoteInvalid("the note is too long")
    check_text(data)
    cut = data.rfind(b"\n\n")
    if cut < 0:
        raise NoteInvalid("no blank line before signatures")
    lines = parse_signature_lines(data[cut + 2 :])
    return Note(data[: cut + 1], lines)


def parse_signature_lines(data: bytes) -> tuple[NoteSignature, ...]:
    """Read one or more signature lines, each with its newline."""
    check_text(data)
    if not data.endswith(b"\n"):
        raise NoteInvalid("the last line does not end")
    lines = data.decode().split("\n")[:-1]
    if len(lines) > SIGNATURE_LINES:
        raise NoteInvalid("too many signatures")
    return tuple(_parse_line(line) for line in lines)


def check_text(data: bytes) -> None:
    """Refuse bytes that are not UTF-8, or have control characters other than the newline."""
    try:
        data.decode()
    except UnicodeDecodeError as error:
        raise NoteInvalid("not UTF-8") from error
    if any(byte < 0x20 and byte != 0x0A for byte in data):
        raise NoteInvalid("a control character")


def check_name(name: str) -> None:
    """Refuse what cannot be the name of a key."""
    if not name or "+" in name or any(c.isspace() or c < " " for c in name):
        raise NoteInvalid("a key's name is empty, or has a space or a plus sign")


def encode_base64(data: bytes) -> str:
    """Write standard base64 with padding."""
    return base64.b64encode(data).decode()


def decode_base64(text: str) -> bytes:
    """Read standard base64 strictly: with its padding, and no other spelling of the bytes."""
    try:
        data = base64.b64decode(text, validate=True)
    except (binascii.Error, ValueError) as error:
        raise NoteInvalid("not base64") from error
    if encode_base64(data) != text:
        raise NoteInvalid("not the one base64 spelling")
    return data


def decode_decimal(text: str) -> int:
    """Read a number without sign or leading zeros, below 2^63."""
    if not (text.isascii() and text.isdigit()) or len(text) > 19:
        raise NoteInvalid("not a number")
    number = int(text)
    if str(number) != text or number >= 1 << 63:
        raise NoteInvalid("not a number")
    return number


def decode_hash(text: str) -> bytes:
    """Read a SHA-256 hash in base64."""
    data = decode_base64(text)
    if len(data) != 32:
        raise NoteInvalid("not a hash")
    return data


def _parse_line(line: str) -> NoteSignature:
    name, space, material = line.removeprefix(_DASH).partition(" ")
    if not line.startswith(_DASH) or not space:
        raise NoteInvalid("not a signature line")
    check_name(name)
    data = decode_base64(material)
    if len(data) < 5:
        raise NoteInvalid("a signature too short")
    return NoteSignature(name, data[:4], data[4:])
