"""The arithmetic of the key ceremony: COCKTAIL-DKG among the custodians, and the timekeeper's part.

It must not know messages, envelopes or the order of steps: every function is one step on bytes and
points that the caller has taken from entries it already trusts.

Source: c2sp.org/cocktail-dkg v0.2.1, suite COCKTAIL(P-256, SHA-256); docs/sealing.md section 4.
"""

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal, Self

from crypto import schnorr, xaes
from crypto.hashing import ORDER, H, u32, u64
from crypto.points import (
    InvalidPoint,
    InvalidScalar,
    Point,
    PreparedScalar,
    base_mul,
    check_peer_point,
    decode33,
    decode_scalar,
    encode_scalar,
    evaluate,
    sum_points,
)

SUITE = b"COCKTAIL(P-256, SHA-256)"
CIPHERTEXT_LENGTH = 48
TIMEKEEPER = 0

Fault = Literal[
    "roster",
    "commitment",
    "length",
    "point",
    "possession",
    "undecryptable",
    "share",
    "identity",
    "certificate",
    "secret",
]


class CeremonyInvalid(ValueError):
    """A ceremony message does not hold; `fault` says which check, `party` whose message.

    `party` is the custodian's number, 0 for the timekeeper, or None where it is nobody's alone.
    """

    def __init__(self, fault: Fault, party: int | None) -> None:
        super().__init__(f"{fault}: {party}")
        self.fault = fault
        self.party = party


@dataclass(frozen=True, slots=True)
class Session:
    """What all custodians of one attempt agree on before anybody deals."""

    sid: bytes
    k: int
    static: tuple[Point, ...]
    context: bytes

    @classmethod
    def begin(cls, sid: bytes, k: int, static: Sequence[Point]) -> Self:
        """Fix the static keys P_1..P_n, in the roster's order.

        Raises:
            CeremonyInvalid: two keys are the same, one has the generator's x, or k does not fit n.
        """
        seen: set[Point] = set()
        for party, point in enumerate(static, 1):
            if point in seen:
                raise CeremonyInvalid("roster", party)
            _peer(point, party)
            seen.add(point)
        if not 2 <= k <= len(static):
            raise CeremonyInvalid("roster", None)
        return cls(sid, k, tuple(static), session_context(sid, static))

    @property
    def n(self) -> int:
        """The number of custodians."""
        return len(self.static)


@dataclass(frozen=True, slots=True)
class DealerSecrets:
    """A custodian's secrets of one attempt; all of them derive from its kit."""

    static: int
    ephemeral: int
    coefficients: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Deal:
    """COCKTAIL's first message: commitments, possession, ephemeral key, one ciphertext each."""

    c: tuple[Point, ...]
    pop: bytes
    e: Point
    shares: tuple[bytes, ...]


@dataclass(frozen=True, slots=True)
class TimekeeperDeal:
    """The timekeeper's share key for this attempt and the proof that it has the secret."""

    y: Point
    pop: bytes


def session_context(session_id: bytes, static: Sequence[Point]) -> bytes:
    """Return COCKTAIL's context of a session and an ordered list of static keys."""
    return hashlib.sha256(
        b"COCKTAIL-DKG-CONTEXT"
        + u64(len(session_id))
        + session_id
        + u64(len(SUITE))
        + SUITE
        + len(static).to_bytes(4, "little")
        + joined(static),
    ).digest()


def dealer_commitment(sid: bytes, index: int, c: Sequence[Point], e: Point) -> bytes:
    """Return what a custodian posts before anybody deals, so that nobody deals last with choice."""
    return H("dkg-commit", sid, u32(index), joined(c), e.compressed())


def timekeeper_commitment(sid: bytes, y_t: Point) -> bytes:
    """Return what the timekeeper posts before anybody deals."""
    return H("dkg-commit", sid, u32(TIMEKEEPER), y_t.compressed())


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
        key, nonce = _share_key(session, both, ephemeral.base, static.base, public)
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


def decode_point(data: bytes, party: int) -> Point:
    """Decode a point of a ceremony message; a bad one is its sender's fault."""
    try:
        return decode33(data)
    except InvalidPoint as error:
        raise CeremonyInvalid("point", party) from error


def check_deal(session: Session, index: int, commit: bytes, dealt: Deal) -> None:
    """Check all of a deal that is public.

    Raises:
        CeremonyInvalid: lengths, a point, the earlier commitment or the proof of possession.
    """
    if len(dealt.c) != session.k or len(dealt.shares) != session.n:
        raise CeremonyInvalid("length", index)
    if any(len(share) != CIPHERTEXT_LENGTH for share in dealt.shares):
        raise CeremonyInvalid("length", index)
    _peer(dealt.e, index)
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
    return _share_key(session, both, e, public, session.static[recipient - 1])


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


def _share_key(
    session: Session, both: bytes, e: Point, sender: Point, recipient: Point
) -> tuple[bytes, bytes]:
    head = both + e.compressed() + sender.compressed() + recipient.compressed()
    return _h6(session, head, b"key"), _h6(session, head, b"nonce")[:24]


def _h6(session: Session, head: bytes, label: bytes) -> bytes:
    extra = _framed(session.context) + _framed(label)
    return hashlib.sha256(schnorr.PREFIX + b"H6" + head + _framed(extra)).digest()


def _framed(part: bytes) -> bytes:
    """Frame as COCKTAIL does, little endian; not to be mixed up with `lp`."""
    return len(part).to_bytes(8, "little") + part


def joined(points: Sequence[Point]) -> bytes:
    """Return points in compressed form, one after the other."""
    return b"".join(point.compressed() for point in points)


def _possession_message(session: Session, c: Sequence[Point], e: Point) -> bytes:
    return session.context + joined(c) + e.compressed()


def _timekeeper_message(session: Session, y_t: Point) -> bytes:
    return session.context + b"timekeeper" + y_t.compressed()


def _evaluate_scalar(coefficients: Sequence[int], index: int) -> int:
    value = 0
    for coefficient in reversed(coefficients):
        value = (value * index + coefficient) % ORDER
    return value


def _is_zero_at(c: Sequence[Point], index: int) -> bool:
    try:
        evaluate(c, index)
    except InvalidPoint:
        return True
    return False


def check_signature(
    public: Point, message: bytes, signature: bytes, fault: Fault, party: int
) -> None:
    """Check a party's Schnorr signature; the fault says what it was for.

    Raises:
        CeremonyInvalid: it does not hold.
    """
    try:
        schnorr.check(public, message, signature)
    except schnorr.SchnorrInvalid as error:
        raise CeremonyInvalid(fault, party) from error


def _peer(point: Point, party: int) -> None:
    try:
        check_peer_point(point)
    except InvalidPoint as error:
        raise CeremonyInvalid("point", party) from error
