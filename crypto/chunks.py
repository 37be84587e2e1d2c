"""The format of a sealed body: its keys, its chunks, its exact shape, and what padding must be.

It must not read, write or wait; streaming is the work of `crypto.cobblestone`.
"""

from typing import Literal, TypeAlias

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA512
from cryptography.hazmat.primitives.kdf.hkdf import HKDFExpand

SALT_BYTES = 24
COMMIT_BYTES = 32
PREFIX_BYTES = SALT_BYTES + COMMIT_BYTES
CHUNK_BYTES = 16 << 10
TAG_BYTES = 16
SEALED_CHUNK_BYTES = CHUNK_BYTES + TAG_BYTES
PAD_BYTES = 64 << 10
HEADER_BYTES = 8
PACKAGE_LIMIT = 1 << 50

_LABEL = b"c2sp.org/chunked-encryption@v1+AEAD_AES_256_GCM\x00"

BodyCause: TypeAlias = Literal["commitment", "shape", "tag", "length", "padding"]


class BodyInvalid(ValueError):
    """A sealed body that is not what its key, its size and the format say it must be."""

    def __init__(self, cause: BodyCause) -> None:
        super().__init__(cause)
        self.cause: BodyCause = cause


def sealed_size(length: int) -> int:
    """Return the size of the sealed file of a package of this length."""
    return PREFIX_BYTES + padded_size(length) // CHUNK_BYTES * SEALED_CHUNK_BYTES + TAG_BYTES


def package_bounds(size: int) -> tuple[int, int]:
    """Return the least and the greatest package length a sealed file of this size can hold.

    Raises:
        BodyInvalid: no sealed file has this size.
    """
    most = chunk_count(size) * CHUNK_BYTES - HEADER_BYTES
    return max(0, most - PAD_BYTES + 1), most


class Cipher:
    """The keys of one sealed body and what they do to whole chunks."""

    def __init__(self, cek: bytes, context: bytes, salt: bytes) -> None:
        if len(cek) != 32 or len(salt) != SALT_BYTES:
            raise ValueError("the key has 32 bytes and the salt 24")
        info = _LABEL + salt + context
        okm = HKDFExpand(algorithm=SHA512(), length=32 + 12 + COMMIT_BYTES, info=info).derive(cek)
        self._aead = AESGCM(okm[:32])
        self._base = int.from_bytes(okm[32:44])
        self.commitment = okm[44:]

    def seal(self, index: int, plain: memoryview, sealed: memoryview) -> memoryview:
        """Encrypt whole chunks, numbered from `index`, to the start of `sealed`."""
        count = len(plain) // CHUNK_BYTES
        encrypt, base = self._aead.encrypt_into, self._base
        for number in range(count):
            at, to = number * CHUNK_BYTES, number * SEALED_CHUNK_BYTES
            nonce = (base ^ (index + number)).to_bytes(12)
            target = sealed[to : to + SEALED_CHUNK_BYTES]
            encrypt(nonce, plain[at : at + CHUNK_BYTES], None, target)
        return sealed[: count * SEALED_CHUNK_BYTES]

    def seal_last(self, index: int) -> bytes:
        """Encrypt the empty chunk that ends every body."""
        return self._aead.encrypt((self._base ^ index).to_bytes(12), b"", None)

    def open(self, index: int, sealed: memoryview, plain: memoryview) -> memoryview:
        """Decrypt whole chunks, numbered from `index`, to the start of `plain`."""
        count = len(sealed) // SEALED_CHUNK_BYTES
        decrypt, base = self._aead.decrypt_into, self._base
        try:
            for number in range(count):
                at, to = number * SEALED_CHUNK_BYTES, number * CHUNK_BYTES
                nonce = (base ^ (index + number)).to_bytes(12)
                target = plain[to : to + CHUNK_BYTES]
                decrypt(nonce, sealed[at : at + SEALED_CHUNK_BYTES], None, target)
        except InvalidTag as error:
            raise BodyInvalid("tag") from error
        return plain[: count * CHUNK_BYTES]

    def open_last(self, index: int, sealed: memoryview) -> None:
        """Check the empty chunk that ends every body."""
        try:
            self._aead.decrypt((self._base ^ index).to_bytes(12), sealed, None)
        except InvalidTag as error:
            raise BodyInvalid("tag") from error


def padded_size(length: int) -> int:
    """Return the size of header, package and zeros together."""
    return -(-(HEADER_BYTES + length) // PAD_BYTES) * PAD_BYTES


def chunk_count(size: int) -> int:
    """Return the full chunks of a sealed file; the least multiple of the padding has four."""
    count, rest = divmod(size - PREFIX_BYTES - TAG_BYTES, SEALED_CHUNK_BYTES)
    if rest or count <= 0 or count % (PAD_BYTES // CHUNK_BYTES):
        raise BodyInvalid("shape")
    if count * CHUNK_BYTES > PACKAGE_LIMIT + PAD_BYTES:
        raise BodyInvalid("shape")
    return count


def package_length(header: memoryview, chunks: int) -> int:
    """Read the length out of the header; the body must be the least that holds it."""
    length = int.from_bytes(header)
    if padded_size(length) != chunks * CHUNK_BYTES:
        raise BodyInvalid("length")
    return length


def check_zeros(padding: memoryview) -> None:
    """Refuse padding that is not all zeros."""
    if padding != bytes(len(padding)):
        raise BodyInvalid("padding")
