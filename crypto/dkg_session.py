"""What custodians of a key ceremony agree on: the session, the shapes of deals, who is at fault.

It must not know messages or envelopes, and holds no secret but those a dealer passes through it.

Source: c2sp.org/cocktail-dkg v0.2.1, suite COCKTAIL(P-256, SHA-256); docs/sealing.md section 4.
"""

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Literal, Self

from crypto import schnorr
from crypto.hashing import H, u32, u64
from crypto.points import InvalidPoint, Point, check_peer_point, decode33

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
            check_peer(point, party)
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

    static: int = field(repr=False)
    ephemeral: int = field(repr=False)
    coefficients: tuple[int, ...] = field(repr=False)


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


def decode_point(data: bytes, party: int) -> Point:
    """Decode a point of a ceremony message; a bad one is its sender's fault."""
    try:
        return decode33(data)
    except InvalidPoint as error:
        raise CeremonyInvalid("point", party) from error


def joined(points: Sequence[Point]) -> bytes:
    """Return points in compressed form, one after the other."""
    return b"".join(point.compressed() for point in points)


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


def check_peer(point: Point, party: int) -> None:
    """Refuse a sender's point that a secret must not multiply."""
    try:
        check_peer_point(point)
    except InvalidPoint as error:
        raise CeremonyInvalid("point", party) from error
