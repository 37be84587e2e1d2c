"""The sealed file: its size and root, and the package inside read at any place.

It must not write plaintext anywhere. Source: docs/sealing.md section 5; C2SP chunked-encryption.
"""

from hashlib import sha256
from typing import BinaryIO, Protocol

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from verifier import merkle
from verifier.hashing import hkdf_expand

SLICE = 1 << 20
CHUNK = 16 << 10
SEALED = CHUNK + 16
HEAD = 24 + 32
PAD = 64 << 10
LARGEST = 1 << 50

_LABEL = b"c2sp.org/chunked-encryption@v1+AEAD_AES_256_GCM\0"


class BodyInvalid(ValueError):
    """A body that is not as it must be; `cause` is commitment, shape, tag, length or padding."""

    def __init__(self, cause: str) -> None:
        super().__init__(cause)
        self.cause = cause


class Span(Protocol):
    """Bytes that can be read at any place."""

    size: int

    def read(self, at: int, count: int) -> bytes:
        """Return so many bytes from a place, fewer at the end."""


class Part:
    """A span of a file on disk."""

    def __init__(self, file: BinaryIO, start: int, size: int) -> None:
        self._file, self._start, self.size = file, start, size

    def read(self, at: int, count: int) -> bytes:
        """Return so many bytes from a place, fewer at the end."""
        self._file.seek(self._start + at)
        return self._file.read(max(0, min(count, self.size - at)))


def root(span: Span) -> bytes:
    """Return the Merkle root over slices of 1 MiB."""
    places = range(0, span.size, SLICE)
    return merkle.root(merkle.leaf(span.read(at, SLICE)) for at in places)


def digest(span: Span) -> str:
    """Return SHA-256 of a span in hex."""
    hashed = sha256()
    for at in range(0, span.size, SLICE):
        hashed.update(span.read(at, SLICE))
    return hashed.hexdigest()


class Package:
    """The package inside a sealed file, decrypted as it is read.

    Raises:
        BodyInvalid: at once for commitment, shape, length, padding and the end; for a tag when a
            chunk is read.
    """

    def __init__(self, sealed: Span, key: bytes, bound: bytes) -> None:
        head = sealed.read(0, HEAD)
        if len(head) != HEAD:
            raise BodyInvalid("shape")
        keys = hkdf_expand(key, _LABEL + head[:24] + bound, 76, "sha512")
        if keys[44:] != head[24:]:
            raise BodyInvalid("commitment")
        count, rest = divmod(sealed.size - HEAD - 16, SEALED)
        if rest or count <= 0 or count * CHUNK % PAD or count * CHUNK > LARGEST + PAD:
            raise BodyInvalid("shape")
        self._sealed, self._aead = sealed, AESGCM(keys[:32])
        self._base = int.from_bytes(keys[32:44], "big")
        self._held: tuple[int, bytes] = (-1, b"")
        self._decrypt(count, 16)
        self.size = int.from_bytes(self._chunk(0)[:8], "big")
        if -(-(8 + self.size) // PAD) * PAD != count * CHUNK:
            raise BodyInvalid("length")
        for number in range((8 + self.size) // CHUNK, count):
            skip = max(0, 8 + self.size - number * CHUNK)
            if self._chunk(number)[skip:].strip(b"\0"):
                raise BodyInvalid("padding")

    def read(self, at: int, count: int) -> bytes:
        """Return so many bytes of the package from a place, fewer at the end."""
        end = min(at + count, self.size) + 8
        at += 8
        out = bytearray()
        while at < end:
            start = at % CHUNK
            piece = self._chunk(at // CHUNK)[start : start + end - at]
            out += piece
            at += len(piece)
        return bytes(out)

    def _chunk(self, number: int) -> bytes:
        if self._held[0] != number:
            self._held = (number, self._decrypt(number, SEALED))
        return self._held[1]

    def _decrypt(self, number: int, length: int) -> bytes:
        data = self._sealed.read(HEAD + number * SEALED, length)
        try:
            return self._aead.decrypt((self._base ^ number).to_bytes(12, "big"), data, None)
        except InvalidTag as error:
            raise BodyInvalid("tag") from error
