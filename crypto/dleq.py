"""Partial decryptions: a custodian's share times a bid's encapsulated key, proved to be just that.

It must not prove or check several bids by one proof: batched weights can be forged at these sizes.
"""

import hmac

from crypto.hashing import ORDER, h2s, hedged_nonce, lp, u32
from crypto.points import (
    GENERATOR,
    InvalidPoint,
    InvalidScalar,
    Point,
    PreparedScalar,
    check_peer_point,
    commitment,
    decode33,
    decode_scalar,
    encode_scalar,
    prepare,
)

SHARE_LENGTH = 131


class InvalidShare(ValueError):
    """The partial decryption is not the share behind Y_i times this bid's encapsulated key."""


def context(project: str, key_id: bytes, opening_id: bytes, bid: str, index: int) -> bytes:
    """Return what a partial is bound to.

    Args:
        project: the project's id.
        key_id: 32 bytes.
        opening_id: 32 bytes.
        bid: the bid's id, 32 hex characters.
        index: the custodian's number from 1, or 0 for the timekeeper.
    """
    return lp(project.encode(), key_id, opening_id, bid.encode(), u32(index))


def prove(share: int | PreparedScalar, enc: Point, ctx: bytes, fresh: bytes) -> bytes:
    """Return a partial decryption with its proof.

    Args:
        share: x_i in [1, q-1]; prepare it once where there are many bids.
        enc: the bid's encapsulated key E, already strictly decoded.
        ctx: from `context`.
        fresh: 32 random bytes for the hedged nonce, used once.

    Returns:
        D, T1, T2 (33 bytes each) and z (32 bytes).

    Source: Chaum and Pedersen 1992; docs/sealing.md section 7.
    """
    check_peer_point(enc)
    key = share if isinstance(share, PreparedScalar) else PreparedScalar(share)
    partial = key.times(enc)
    statement = key.base.compressed() + enc.compressed() + partial.compressed()
    nonce = PreparedScalar(hedged_nonce("dleq", fresh, key.scalar, statement, ctx))
    firsts = (nonce.base.compressed(), nonce.times(enc).compressed())
    challenge = _challenge(ctx, key.base, enc, partial.compressed(), *firsts)
    response = encode_scalar((nonce.scalar + challenge * key.scalar) % ORDER)
    return partial.compressed() + b"".join(firsts) + response


def verify(share: bytes, y_i: Point, enc: Point, ctx: bytes) -> Point:
    """Check one partial decryption and return its point D.

    Raises:
        InvalidShare: wrong length, a point or scalar out of form, or a proof that does not hold.
    """
    if len(share) != SHARE_LENGTH:
        raise InvalidShare("not 131 bytes")
    first, second = share[33:66], share[66:99]
    try:
        partial = decode33(share[:33])
        z = prepare(decode_scalar(share[99:]))
        c = prepare(_challenge(ctx, y_i, enc, share[:33], first, second))
        expected = (
            commitment(z, GENERATOR, c, y_i).compressed()
            + commitment(z, enc, c, partial).compressed()
        )
    except (InvalidPoint, InvalidScalar) as error:
        raise InvalidShare(str(error)) from error
    if not hmac.compare_digest(expected, first + second):
        raise InvalidShare("the proof does not hold")
    return partial


def _challenge(
    ctx: bytes, y_i: Point, enc: Point, partial: bytes, first: bytes, second: bytes
) -> int:
    return h2s("dleq", lp(ctx, y_i.compressed(), enc.compressed(), partial, first, second))
