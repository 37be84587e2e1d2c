"""Shares of the key ceremony: encrypted to a recipient, decrypted, checked, added up, disputed.

It must not tell a share or a secret to anybody: callers post only what the ceremony says.
"""

import hashlib
from collections.abc import Sequence

from crypto import schnorr, xaes
from crypto.dkg_session import CeremonyInvalid, Deal, Session
from crypto.hashing import ORDER
from crypto.points import (
    InvalidPoint,
    InvalidScalar,
    Point,
    PreparedScalar,
    base_mul,
    decode_scalar,
    evaluate,
    sum_points,
)


def decrypt_share(session: Session, recipient: int, secret: int, dealer: int, dealt: Deal) -> int:
    """Decrypt the share a dealer sent and check it against the dealer's commitments.

    Args:
        session: the attempt.
        recipient: whose share it is.
        secret: the recipient's static secret of this attempt.
        dealer: who sent it.
        dealt: what it sent.

    Raises:
        CeremonyInvalid: it does not decrypt, or it is not the committed polynomial's value; the
            dealer is the party.
    """
    key, nonce = share_key_of_recipient(session, recipient, secret, dealer, dealt.e)
    try:
        share = decode_scalar(xaes.unseal(key, nonce, dealt.shares[recipient - 1]))
    except (xaes.NotAuthentic, InvalidScalar) as error:
        raise CeremonyInvalid("undecryptable", dealer) from error
    if not is_share(share, recipient, dealt.c):
        raise CeremonyInvalid("share", dealer)
    return share


def share_key_of_recipient(
    session: Session, recipient: int, secret: int, dealer: int, e: Point
) -> tuple[bytes, bytes]:
    """Return key and nonce of the share a dealer with ephemeral key `e` sent to a recipient."""
    static, public = PreparedScalar(secret), session.static[dealer - 1]
    both = static.times(e).compressed() + static.times(public).compressed()
    return share_key(session, both, e, public, session.static[recipient - 1])


def is_share(share: int, recipient: int, c: Sequence[Point]) -> bool:
    """Say whether a share is the value at the recipient of the polynomial committed to."""
    try:
        return base_mul(share) == evaluate(c, recipient)
    except (InvalidScalar, InvalidPoint):
        # A polynomial may really be zero somewhere: then the one right share is zero.
        return share == 0 and _is_zero_at(c, recipient)


def secret_share(session: Session, index: int, secret: int, deals: Sequence[Deal]) -> int:
    """Return x_i: decrypt and check every share sent to a custodian and add them up.

    Raises:
        CeremonyInvalid: a share is bad (its dealer is the party), or the sum is not that of Y_i.
    """
    shares = [
        decrypt_share(session, index, secret, dealer, dealt)
        for dealer, dealt in enumerate(deals, 1)
    ]
    total = sum(shares) % ORDER
    if total == 0 or base_mul(total) != verification_share(aggregate(session, deals), index):
        raise CeremonyInvalid("identity", None)
    return total


def verification_share(aggregated: Sequence[Point], index: int) -> Point:
    """Return Y_i from the aggregated commitments.

    Raises:
        CeremonyInvalid: it is the identity.
    """
    try:
        return evaluate(aggregated, index)
    except InvalidPoint as error:
        raise CeremonyInvalid("identity", None) from error


def blame(
    session: Session, accuser: int, secret: int, deals: Sequence[Deal]
) -> tuple[CeremonyInvalid, ...]:
    """Find, with an accuser's opened static secret, which dealers sent it a bad share.

    The attempt is dead once the secret is out.

    Returns:
        One fault for each such dealer; none where the accusation is empty.

    Raises:
        CeremonyInvalid: the secret is not the accuser's, which is the accuser's fault.
    """
    if not 0 < secret < ORDER or base_mul(secret) != session.static[accuser - 1]:
        raise CeremonyInvalid("secret", accuser)
    faults = []
    for dealer, dealt in enumerate(deals, 1):
        try:
            decrypt_share(session, accuser, secret, dealer, dealt)
        except CeremonyInvalid as fault:
            faults.append(fault)
    return tuple(faults)


def aggregate(session: Session, deals: Sequence[Deal]) -> list[Point]:
    """Return the sum of all dealers' commitments, place by place.

    Raises:
        CeremonyInvalid: one of the sums is the identity.
    """
    try:
        return [sum_points(dealt.c[place] for dealt in deals) for place in range(session.k)]
    except InvalidPoint as error:
        raise CeremonyInvalid("identity", None) from error


def share_key(
    session: Session, both: bytes, e: Point, sender: Point, recipient: Point
) -> tuple[bytes, bytes]:
    """Return key and nonce of one share.

    Args:
        session: the attempt.
        both: the ephemeral-static and the static-static product, compressed and joined.
        e: the dealer's ephemeral key.
        sender: the dealer's static key.
        recipient: the recipient's static key.
    """
    head = both + e.compressed() + sender.compressed() + recipient.compressed()
    return _h6(session, head, b"key"), _h6(session, head, b"nonce")[:24]


def _h6(session: Session, head: bytes, label: bytes) -> bytes:
    extra = _framed(session.context) + _framed(label)
    return hashlib.sha256(schnorr.PREFIX + b"H6" + head + _framed(extra)).digest()


def _framed(part: bytes) -> bytes:
    """Frame as COCKTAIL does, little endian; not to be mixed up with `lp`."""
    return len(part).to_bytes(8, "little") + part


def _is_zero_at(c: Sequence[Point], index: int) -> bool:
    try:
        evaluate(c, index)
    except InvalidPoint:
        return True
    return False
