"""The steps of the key ceremony: COCKTAIL-DKG among the custodians, and the timekeeper's part.

It must not know messages, envelopes or the order of steps: every function is one step on bytes and
points that the caller has taken from entries it already trusts. What belongs to the steps besides,
session and shares, is named here too.
"""

from collections.abc import Sequence

from crypto import schnorr, xaes
from crypto.dkg_session import (
    CIPHERTEXT_LENGTH,
    SUITE,
    TIMEKEEPER,
    CeremonyInvalid,
    Deal,
    DealerSecrets,
    Fault,
    Session,
    TimekeeperDeal,
    check_peer,
    check_signature,
    dealer_commitment,
    decode_point,
    joined,
    session_context,
    timekeeper_commitment,
)
from crypto.dkg_shares import (
    aggregate,
    blame,
    decrypt_share,
    is_share,
    secret_share,
    share_key,
    share_key_of_recipient,
    verification_share,
)
from crypto.hashing import ORDER
from crypto.points import Point, PreparedScalar, base_mul, encode_scalar

__all__ = [
    "CIPHERTEXT_LENGTH",
    "SUITE",
    "TIMEKEEPER",
    "CeremonyInvalid",
    "Deal",
    "DealerSecrets",
    "Fault",
    "Session",
    "TimekeeperDeal",
    "aggregate",
    "blame",
    "check_deal",
    "check_peer",
    "check_signature",
    "check_timekeeper_deal",
    "deal",
    "dealer_commitment",
    "decode_deal",
    "decode_point",
    "decrypt_share",
    "is_share",
    "joined",
    "secret_share",
    "session_context",
    "share_key_of_recipient",
    "timekeeper_commitment",
    "timekeeper_deal",
    "verification_share",
]


def deal(session: Session, index: int, secrets: DealerSecrets, fresh: bytes) -> Deal:
    """Deal: commit to the polynomial and encrypt its value for every custodian.

    Args:
        session: the attempt.
        index: the dealer's own number.
        secrets: its static secret, ephemeral secret and k coefficients.
        fresh: 32 random bytes for the proof of possession.
    """
    if len(secrets.coefficients) != session.k:
        raise ValueError("a polynomial has exactly k coefficients")
    ephemeral, static = PreparedScalar(secrets.ephemeral), PreparedScalar(secrets.static)
    if static.base != session.static[index - 1]:
        raise CeremonyInvalid("secret", index)
    c = tuple(base_mul(coefficient) for coefficient in secrets.coefficients)
    message = _possession_message(session, c, ephemeral.base)
    pop = schnorr.sign(secrets.coefficients[0], message, fresh)
    shares = []
    for recipient, public in enumerate(session.static, 1):
        both = ephemeral.times(public).compressed() + static.times(public).compressed()
        key, nonce = share_key(session, both, ephemeral.base, static.base, public)
        share = _evaluate_scalar(secrets.coefficients, recipient)
        shares.append(xaes.seal(key, nonce, encode_scalar(share)))
    return Deal(c, pop, ephemeral.base, tuple(shares))


def decode_deal(
    session: Session,
    index: int,
    c: Sequence[bytes],
    pop: bytes,
    e: bytes,
    shares: Sequence[bytes],
) -> Deal:
    """Decode a dealer's message strictly; `check_deal` then checks what it says.

    Raises:
        CeremonyInvalid: not exactly k commitments and n ciphertexts, or a point out of form.
    """
    if len(c) != session.k or len(shares) != session.n:
        raise CeremonyInvalid("length", index)
    if any(len(share) != CIPHERTEXT_LENGTH for share in shares):
        raise CeremonyInvalid("length", index)
    points = tuple(decode_point(point, index) for point in c)
    return Deal(points, pop, decode_point(e, index), tuple(shares))


def check_deal(session: Session, index: int, commit: bytes, dealt: Deal) -> None:
    """Check all of a deal that is public.

    Raises:
        CeremonyInvalid: lengths, a point, the earlier commitment or the proof of possession.
    """
    if len(dealt.c) != session.k or len(dealt.shares) != session.n:
        raise CeremonyInvalid("length", index)
    if any(len(share) != CIPHERTEXT_LENGTH for share in dealt.shares):
        raise CeremonyInvalid("length", index)
    check_peer(dealt.e, index)
    if dealer_commitment(session.sid, index, dealt.c, dealt.e) != commit:
        raise CeremonyInvalid("commitment", index)
    message = _possession_message(session, dealt.c, dealt.e)
    check_signature(dealt.c[0], message, dealt.pop, "possession", index)


def timekeeper_deal(session: Session, x_t: int, fresh: bytes) -> TimekeeperDeal:
    """Deal for the timekeeper: its share key and the proof of possession."""
    y_t = base_mul(x_t)
    return TimekeeperDeal(y_t, schnorr.sign(x_t, _timekeeper_message(session, y_t), fresh))


def check_timekeeper_deal(session: Session, commit: bytes, dealt: TimekeeperDeal) -> None:
    """Check the timekeeper's deal.

    Raises:
        CeremonyInvalid: the earlier commitment or the proof of possession.
    """
    if timekeeper_commitment(session.sid, dealt.y) != commit:
        raise CeremonyInvalid("commitment", TIMEKEEPER)
    message = _timekeeper_message(session, dealt.y)
    check_signature(dealt.y, message, dealt.pop, "possession", TIMEKEEPER)


def _possession_message(session: Session, c: Sequence[Point], e: Point) -> bytes:
    return session.context + joined(c) + e.compressed()


def _timekeeper_message(session: Session, y_t: Point) -> bytes:
    return session.context + b"timekeeper" + y_t.compressed()


def _evaluate_scalar(coefficients: Sequence[int], index: int) -> int:
    value = 0
    for coefficient in reversed(coefficients):
        value = (value * index + coefficient) % ORDER
    return value
