"""Framing and tagged hashes; it must not know what is hashed.

Source: docs/sealing.md section 2; RFC 9380 section 5.
"""

import hmac
from hashlib import sha256

ORDER = 2**256 - 2**224 + 2**192 - 0x4319055258E8617B0C46353D039CDAAF
"""The order q of P-256."""

_DST = "KAIBIAO-V01-with-P256_XMD:SHA-256_L48_"


def u32(number: int) -> bytes:
    """Return four bytes, big endian."""
    return number.to_bytes(4, "big")


def u64(number: int) -> bytes:
    """Return eight bytes, big endian."""
    return number.to_bytes(8, "big")


def frame(*parts: bytes) -> bytes:
    """Return each part after its length."""
    out = bytearray()
    for part in parts:
        out += u64(len(part)) + part
    return bytes(out)


def tagged(tag: str, *parts: bytes) -> bytes:
    """Return H(tag, parts...), 32 bytes."""
    return sha256(frame(f"kaibiao-v1/{tag}".encode(), *parts)).digest()


def expand(message: bytes, dst: bytes, length: int) -> bytes:
    """Return expand_message_xmd with SHA-256."""
    suffix = dst + bytes([len(dst)])
    start = sha256(bytes(64) + message + length.to_bytes(2, "big") + b"\0" + suffix).digest()
    out, block, number = b"", bytes(32), 0
    while len(out) < length:
        number += 1
        mixed = (int.from_bytes(start, "big") ^ int.from_bytes(block, "big")).to_bytes(32, "big")
        block = sha256(mixed + bytes([number]) + suffix).digest()
        out += block
    return out[:length]


def to_scalar(purpose: str, message: bytes) -> int:
    """Return h2s(purpose, message)."""
    wide = expand(message, (_DST + purpose).encode(), 48)
    return int.from_bytes(wide, "big") % ORDER


def hkdf(key: bytes, salt: bytes, info: bytes, length: int) -> bytes:
    """Return HKDF-SHA256."""
    prk = hmac.digest(salt, key, "sha256")
    return hkdf_expand(prk, info, length, "sha256")


def hkdf_expand(prk: bytes, info: bytes, length: int, name: str) -> bytes:
    """Return HKDF-Expand with the hash of this name."""
    out, block, number = b"", b"", 0
    while len(out) < length:
        number += 1
        block = hmac.digest(prk, block + info + bytes([number]), name)
        out += block
    return out[:length]


def hash_hex(data: bytes) -> str:
    """Return SHA-256 in hex."""
    return sha256(data).hexdigest()
