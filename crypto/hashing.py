"""Framing, tagged hashes and hashes to scalars: the only ways this product hashes a structure.

It must not know any message format; callers say which parts are framed under which tag.
"""

import hashlib
from struct import Struct

ORDER = 0xFFFFFFFF00000000FFFFFFFFFFFFFFFFBCE6FAADA7179E84F3B9CAC2FC632551
"""The order q of the group P-256."""

PREFIX = "kaibiao-v1/"

_DST = b"KAIBIAO-V01-with-P256_XMD:SHA-256_L48_"
_BLOCK = 64
_U64 = Struct(">Q").pack


def u32(number: int) -> bytes:
    """Return a number as four bytes, big endian."""
    return number.to_bytes(4, "big")


def u64(number: int) -> bytes:
    """Return a number as eight bytes, big endian."""
    return number.to_bytes(8, "big")


def lp(*parts: bytes) -> bytes:
    """Join parts, each after its own length, so that two different lists never collide."""
    return b"".join([piece for part in parts for piece in (_U64(len(part)), part)])


def H(tag: str, *parts: bytes) -> bytes:  # noqa: N802 - the name it has in docs/sealing.md
    """Return the tagged hash of framed parts, 32 bytes; a tag has one use."""
    return hashlib.sha256(lp((PREFIX + tag).encode(), *parts)).digest()


def expand_message_xmd(message: bytes, dst: bytes, length: int) -> bytes:
    """Expand a message to uniform bytes with SHA-256.

    Args:
        message: what is hashed.
        dst: the domain separation tag, 1 to 255 bytes.
        length: the number of bytes wanted, up to 8160.

    Source: RFC 9380 section 5.3.1.
    """
    rounds = -(-length // 32)
    if not 0 < len(dst) < 256 or not 0 < rounds < 256:
        raise ValueError("the tag or the length is out of range")
    tail = dst + bytes([len(dst)])
    first = hashlib.sha256(bytes(_BLOCK) + message + length.to_bytes(2, "big") + b"\0" + tail)
    b0 = first.digest()
    blocks = [hashlib.sha256(b0 + b"\1" + tail).digest()]
    for index in range(2, rounds + 1):
        mixed = bytes(a ^ b for a, b in zip(b0, blocks[-1], strict=True))
        blocks.append(hashlib.sha256(mixed + bytes([index]) + tail).digest())
    return b"".join(blocks)[:length]


def h2s(purpose: str, message: bytes) -> int:
    """Hash a message to a scalar in [0, q-1] for one purpose.

    Source: RFC 9380 hash_to_field with m = 1, L = 48 on the scalar field of P-256.
    """
    return int.from_bytes(expand_message_xmd(message, _DST + purpose.encode(), 48), "big") % ORDER


def hedged_nonce(kind: str, fresh: bytes, secret: int, statement: bytes, ctx: bytes = b"") -> int:
    """Return a nonce in [1, q-1] that stays safe when either the randomness or the hash fails.

    Args:
        kind: which proof it is for; nonces of two proofs never meet.
        fresh: 32 random bytes, used once.
        secret: the scalar the proof is about.
        statement: what is proved.
        ctx: where it is proved.
    """
    if len(fresh) != 32:
        raise ValueError("a nonce needs 32 random bytes")
    while True:
        framed = lp(kind.encode(), fresh, secret.to_bytes(32, "big"), statement, ctx)
        nonce = h2s("nonce", framed)
        if nonce:
            return nonce
        fresh = hashlib.sha256(fresh).digest()
