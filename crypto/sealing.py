"""What a bid is made of besides its body: statement, sealer's proof, keys, and the combination.

It must not parse params or know the record: params are the bytes the bidder signed.
"""

import hashlib
import hmac
from collections.abc import Iterable, Mapping
from itertools import pairwise

from crypto.hashing import ORDER, PREFIX, H, h2s, hedged_nonce, lp, u64
from crypto.hpke import HpkeInvalid, open_with_dh, seal_base
from crypto.points import (
    GENERATOR,
    InvalidPoint,
    InvalidScalar,
    Point,
    PreparedScalar,
    check_peer_point,
    commitment,
    decode_scalar,
    encode_scalar,
    prepare,
    sum_points,
)

SUITE = "P256-SHA256-A256GCM"
SECRET_LENGTH = 32
CT_LENGTH = 48
POK_LENGTH = 65


class InvalidProof(ValueError):
    """The sealer's proof does not show that whoever sealed the bid knew its ephemeral secret."""


class SecretInvalid(ValueError):
    """The sealed secret does not open: the bid was not sealed to this key as its params say."""


def sid(payload: bytes) -> bytes:
    """Return a ceremony's id from the payload of its `ceremony-start` message."""
    return H("sid", payload)


def opening_id(payload: bytes) -> bytes:
    """Return an opening's id from the payload of its `opening-order` message."""
    return H("opening", payload)


def key_id(transcript: bytes) -> bytes:
    """Return a key's id from the ceremony transcript T."""
    return hashlib.sha256(transcript).digest()


def key_hash(pk: Point) -> bytes:
    """Return the hash of the public key that params name."""
    return hashlib.sha256(pk.uncompressed()).digest()


def seal_secret(pk: Point, params: bytes, secret: bytes, r: int) -> tuple[bytes, bytes]:
    """Seal a bid's secret to the opening key.

    Args:
        pk: the key of the section, from a verified ceremony.
        params: the params bytes, which the sealing binds.
        secret: 32 random bytes.
        r: fresh and random in [1, q-1]; the sealer's proof needs it again, nothing else does.

    Returns:
        enc (65 bytes) and ct (48 bytes).
    """
    if len(secret) != SECRET_LENGTH:
        raise ValueError("a secret has 32 bytes")
    return seal_base(pk, _info(params), b"", secret, r)


def open_secret(dh_x: bytes, pk: Point, params: bytes, enc: bytes, ct: bytes) -> bytes:
    """Open a bid's secret with the x coordinate that `combine` gives.

    Raises:
        SecretInvalid: it does not open, so the bid is proved invalid once the shares are verified.
    """
    if len(ct) != CT_LENGTH:
        raise SecretInvalid("ct has not 48 bytes")
    try:
        return open_with_dh(dh_x, enc, pk, _info(params), b"", ct)
    except HpkeInvalid as error:
        raise SecretInvalid(str(error)) from error


def bidder_secret_commit(secret: bytes, bid: str) -> bytes:
    """Return the commitment to a bidder's own secret; `bid` is the id's 32 hex characters."""
    return H("bidder-secret", secret, bid.encode())


def cek(secret: bytes, bidder_secret: bytes | None, params: bytes, enc: bytes, ct: bytes) -> bytes:
    """Return the key of a bid's body, 32 bytes.

    Args:
        secret: the sealed secret, 32 bytes.
        bidder_secret: the bidder's own, 32 bytes, where the policy has bidders co-open.
        params: the params bytes.
        enc: 65 bytes.
        ct: 48 bytes.
    """
    for part in (secret, bidder_secret):
        if part is not None and len(part) != SECRET_LENGTH:
            raise ValueError("a secret has 32 bytes")
    salt = H("cek-salt", params, enc, ct)
    prk = hmac.digest(salt, secret + (bidder_secret or b""), "sha256")
    return hmac.digest(prk, (PREFIX + "cek").encode() + b"\1", "sha256")


def body_key_context(params: bytes, enc: bytes, ct: bytes) -> bytes:
    """Return what the body's encryption is bound to."""
    return H("body", params, enc, ct)


def statement(params: bytes, enc: bytes, ct: bytes, size: int, root: bytes) -> bytes:
    """Return the hash that stands for a whole bid.

    Args:
        params: the params bytes.
        enc: 65 bytes.
        ct: 48 bytes.
        size: length of the sealed file in bytes.
        root: Merkle root of the sealed file, 32 bytes.
    """
    return H("statement", params, enc, ct, u64(size), root)


def prove_sealer(r: int, stmt: bytes, fresh: bytes) -> bytes:
    """Prove knowledge of the ephemeral secret behind enc = rG, bound to the statement.

    Args:
        r: as given to `seal_secret`.
        stmt: from `statement`.
        fresh: 32 random bytes for the hedged nonce, used once.

    Returns:
        R (33 bytes) and z (32 bytes).
    """
    enc = PreparedScalar(r).base
    nonce = PreparedScalar(hedged_nonce("sealer-pok", fresh, r, stmt, enc.compressed()))
    first = nonce.base.compressed()
    response = (nonce.scalar + _sealer_challenge(enc, first, stmt) * r) % ORDER
    return first + encode_scalar(response)


def verify_sealer(pok: bytes, enc: Point, stmt: bytes) -> None:
    """Check the sealer's proof of a bid.

    Without it whoever sees a bid's enc could hand in a shifted one, have that opened, and compute
    from it what the first one hides, even when that was withdrawn.

    Raises:
        InvalidProof: wrong length, a point or scalar out of form, or a proof that does not hold.
    """
    if len(pok) != POK_LENGTH:
        raise InvalidProof("not 65 bytes")
    first = pok[:33]
    try:
        check_peer_point(enc)
        z = prepare(decode_scalar(pok[33:]))
        expected = commitment(z, GENERATOR, prepare(_sealer_challenge(enc, first, stmt)), enc)
    except (InvalidPoint, InvalidScalar) as error:
        raise InvalidProof(str(error)) from error
    if not hmac.compare_digest(expected.compressed(), first):
        raise InvalidProof("the proof does not hold")


def lagrange_at_zero(indices: Iterable[int]) -> dict[int, int]:
    """Return, for distinct custodian numbers from 1, the weight of each share at zero."""
    chosen = list(indices)
    if not chosen or len(set(chosen)) != len(chosen) or not all(0 < i < ORDER for i in chosen):
        raise ValueError("the numbers of custodians are distinct and start from 1")
    return {i: _weight(i, chosen) for i in chosen}


def combine(partials: Mapping[int, Point], d_t: Point) -> bytes:
    """Return x of the combined point, 32 bytes.

    Args:
        partials: the verified D_i of exactly k custodians, by number.
        d_t: the timekeeper's verified D.

    Raises:
        InvalidPoint: the combination is the identity.
    """
    weights = lagrange_at_zero(partials)
    return sum_points([*(partials[i].mul_public(weights[i]) for i in partials), d_t]).x()


def close_list(rows: Iterable[tuple[int, str, str, bytes]]) -> bytes:
    """Return the hash of a `close` list.

    Args:
        rows: (seq, bid, status, stmt) of every bid ever admitted under the key, seq rising.

    Raises:
        ValueError: the rows are not in order of seq.
    """
    listed = list(rows)
    numbers = [row[0] for row in listed]
    if any(later <= earlier for earlier, later in pairwise(numbers)):
        raise ValueError("the rows are not in order")
    return H(
        "close-list",
        *(lp(u64(seq), bid.encode(), status.encode(), stmt) for seq, bid, status, stmt in listed),
    )


def _info(params: bytes) -> bytes:
    return lp((PREFIX + "hpke-info").encode(), params)


def _sealer_challenge(enc: Point, first: bytes, stmt: bytes) -> int:
    return h2s("sealer-pok", lp(enc.compressed(), first, stmt))


def _weight(index: int, chosen: list[int]) -> int:
    numerator = denominator = 1
    for other in chosen:
        if other != index:
            numerator = numerator * other % ORDER
            denominator = denominator * (other - index) % ORDER
    return numerator * pow(denominator, -1, ORDER) % ORDER
