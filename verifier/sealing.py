"""What is public about a sealed bid and its opening; it must not know the record.

Source: docs/sealing.md sections 5 to 7; RFC 9180 for the key schedule.
"""

import hmac
from collections.abc import Iterable, Mapping
from hashlib import sha256

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from verifier import curve
from verifier.curve import Affine, Point, PointInvalid
from verifier.hashing import ORDER, frame, hkdf, tagged, to_scalar, u32, u64

_KEM = b"KEM\x00\x10"
_SUITE = b"HPKE\x00\x10\x00\x01\x00\x02"


def statement(params: bytes, enc: bytes, ct: bytes, size: int, root: bytes) -> bytes:
    """Return the hash that stands for a bid."""
    return tagged("statement", params, enc, ct, u64(size), root)


def sealer_knew(pok: bytes, enc: Affine, stmt: bytes) -> bool:
    """Tell whether the sealer's proof holds: z G = R + c enc."""
    try:
        first, z = curve.decode(pok[:33]), curve.scalar(pok[33:])
    except PointInvalid:
        return False
    c = to_scalar("sealer-pok", frame(curve.compressed(enc), pok[:33], stmt))
    return curve.combine([(z, curve.G), (-c, enc)]) == first


def secret_commitment(secret: bytes, bid: str) -> bytes:
    """Return what a bidder that co-opens committed to."""
    return tagged("bidder-secret", secret, bid.encode())


def share_context(project: str, key_id: bytes, opening_id: bytes, bid: str, index: int) -> bytes:
    """Return what a share is bound to."""
    return frame(project.encode(), key_id, opening_id, bid.encode(), u32(index))


def share_point(share: bytes, y_i: Affine, enc: Affine, ctx: bytes) -> Affine | None:
    """Return D of a share whose proof holds: z G = T1 + c Y and z E = T2 + c D; else None."""
    try:
        d, t1, t2 = (curve.decode(share[at : at + 33]) for at in (0, 33, 66))
        z = curve.scalar(share[99:])
    except PointInvalid:
        return None
    ends = (share[:33], share[33:66], share[66:99])
    c = to_scalar("dleq", frame(ctx, curve.compressed(y_i), curve.compressed(enc), *ends))
    if curve.combine([(z, curve.G), (-c, y_i)]) != t1:
        return None
    return d if curve.combine([(z, enc), (-c, d)]) == t2 else None


def combined(shares: Mapping[int, Affine], last: Affine) -> Point:
    """Return what k custodians' points and the timekeeper's give together."""
    terms: list[tuple[int, Point]] = [(1, last)]
    for i, point in shares.items():
        top = bottom = 1
        for j in shares:
            if j != i:
                top, bottom = top * j % ORDER, bottom * (j - i) % ORDER
        terms.append((top * pow(bottom, -1, ORDER) % ORDER, point))
    return curve.combine(terms)


def open_secret(x: bytes, pk: bytes, params: bytes, enc: bytes, ct: bytes) -> bytes | None:
    """Return the sealed secret, by the x coordinate that the shares give; None if it does not open.

    Args:
        x: 32 bytes.
        pk: the key, 65 bytes.
        params: the params bytes.
        enc: 65 bytes.
        ct: 48 bytes.
    """
    prk = _extract(_KEM, b"", b"eae_prk", x)
    shared = _expand(_KEM, prk, b"shared_secret", enc + pk, 32)
    info = frame(b"kaibiao-v1/hpke-info", params)
    within = (
        b"\0"
        + _extract(_SUITE, b"", b"psk_id_hash", b"")
        + _extract(_SUITE, b"", b"info_hash", info)
    )
    secret = _extract(_SUITE, shared, b"secret", b"")
    key = _expand(_SUITE, secret, b"key", within, 32)
    nonce = _expand(_SUITE, secret, b"base_nonce", within, 12)
    try:
        return AESGCM(key).decrypt(nonce, ct, b"")
    except InvalidTag:
        return None


def content_key(secret: bytes, own: bytes, params: bytes, enc: bytes, ct: bytes) -> bytes:
    """Return the key of a bid's body; `own` is the bidder's secret, empty where there is none."""
    salt = tagged("cek-salt", params, enc, ct)
    return hkdf(secret + own, salt, b"kaibiao-v1/cek", 32)


def close_list(rows: Iterable[tuple[int, str, str, bytes]]) -> bytes:
    """Return the hash of a close's list: (seq, bid, status, stmt) of every bid, by seq."""
    framed = (
        frame(u64(seq), bid.encode(), status.encode(), stmt) for seq, bid, status, stmt in rows
    )
    return tagged("close-list", *framed)


def fingerprint(key_id: bytes) -> list[int]:
    """Return the eight numbers that stand for a key in words."""
    bits = int.from_bytes(tagged("fingerprint", key_id)[:11], "big")
    return [bits >> 11 * place & 2047 for place in range(7, -1, -1)]


def _extract(suite: bytes, salt: bytes, label: bytes, key: bytes) -> bytes:
    return hmac.digest(salt or bytes(32), b"HPKE-v1" + suite + label + key, "sha256")


def _expand(suite: bytes, prk: bytes, label: bytes, info: bytes, length: int) -> bytes:
    labelled = length.to_bytes(2, "big") + b"HPKE-v1" + suite + label + info
    return hmac.digest(prk, labelled + b"\1", "sha256")[:length]


def key_hash(pk: bytes) -> str:
    """Return the hash of a key that params name."""
    return sha256(pk).hexdigest()
