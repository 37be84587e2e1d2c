"""The public arithmetic of a key ceremony; it must not know messages or who signed them.

Source: c2sp.org/cocktail-dkg v0.2.1, suite COCKTAIL(P-256, SHA-256); docs/sealing.md section 4.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from hashlib import sha256

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.ciphers.algorithms import AES
from cryptography.hazmat.primitives.cmac import CMAC

from verifier import curve
from verifier.curve import Affine, Point, PointInvalid
from verifier.hashing import ORDER, frame, tagged, u32

SUITE = b"COCKTAIL(P-256, SHA-256)"

_PREFIX = b"COCKTAIL-DKG-P256-SHA256-"


@dataclass(frozen=True)
class Deal:
    """What a custodian dealt."""

    c: tuple[Affine, ...]
    pop: bytes
    e: Affine
    shares: tuple[bytes, ...]


@dataclass(frozen=True)
class Ceremony:
    """All that an attempt's arithmetic is a function of.

    Args:
        sid: 32 bytes.
        static: P_1..P_n.
        deals: of custodians 1..n.
        y_t: the timekeeper's public share key, and `pop_t` its proof.
    """

    sid: bytes
    k: int
    static: tuple[Affine, ...]
    deals: tuple[Deal, ...]
    y_t: Affine
    pop_t: bytes

    @property
    def context(self) -> bytes:
        """COCKTAIL's context."""
        return context(self.sid, self.static)

    def transcript(self) -> bytes:
        """Return T, which everybody signs."""
        sealed = [share for deal in self.deals for share in deal.shares]
        ext = tagged("dkg-ext", curve.compressed(self.y_t), self.pop_t, *sealed)
        return b"".join(
            [
                _framed(SUITE),
                _framed(self.context),
                len(self.static).to_bytes(4, "little"),
                self.k.to_bytes(4, "little"),
                joined(self.static),
                *(joined(deal.c) for deal in self.deals),
                *(deal.pop for deal in self.deals),
                joined([deal.e for deal in self.deals]),
                _framed(ext),
            ]
        )

    def coefficients(self) -> list[Point]:
        """Return the custodians' polynomial, added up place by place."""
        return [curve.add(*(deal.c[place] for deal in self.deals)) for place in range(self.k)]

    def key(self) -> Point:
        """Return the key bids are sealed to."""
        return curve.add(self.coefficients()[0], self.y_t)

    def share_key(self, index: int) -> Point:
        """Return Y_i."""
        return curve.evaluate(self.coefficients(), index)


def context(sid: bytes, static: Sequence[Affine]) -> bytes:
    """Return COCKTAIL's context of a session."""
    return sha256(
        b"COCKTAIL-DKG-CONTEXT"
        + len(sid).to_bytes(8, "big")
        + sid
        + len(SUITE).to_bytes(8, "big")
        + SUITE
        + len(static).to_bytes(4, "little")
        + joined(static)
    ).digest()


def joined(points: Sequence[Affine]) -> bytes:
    """Return points in compressed form one after the other."""
    return b"".join(curve.compressed(point) for point in points)


def commitment(sid: bytes, index: int, deal: Deal) -> bytes:
    """Return what a custodian must have posted when it joined."""
    return tagged("dkg-commit", sid, u32(index), joined(deal.c), curve.compressed(deal.e))


def timekeeper_commitment(sid: bytes, y_t: Affine) -> bytes:
    """Return what the timekeeper must have posted when it joined."""
    return tagged("dkg-commit", sid, u32(0), curve.compressed(y_t))


def possesses(within: bytes, deal: Deal) -> bool:
    """Tell whether a dealer proved that it knows its polynomial's constant."""
    return signed(deal.c[0], within + joined(deal.c) + curve.compressed(deal.e), deal.pop)


def timekeeper_possesses(within: bytes, y_t: Affine, pop: bytes) -> bool:
    """Tell whether the timekeeper proved that it knows its share key."""
    return signed(y_t, within + b"timekeeper" + curve.compressed(y_t), pop)


def rehearsed(y_i: Affine, key_id: bytes, checkpoint: bytes, signature: bytes) -> bool:
    """Tell whether a custodian proved that it still has its share."""
    return signed(y_i, frame(b"rehearsal", key_id, checkpoint), signature)


def signed(public: Affine, message: bytes, signature: bytes) -> bool:
    """Tell whether a Schnorr signature of 65 bytes holds."""
    if len(signature) != 65:
        return False
    try:
        first, response = curve.decode(signature[:33]), curve.scalar(signature[33:])
    except PointInvalid:
        return False
    challenge = _scalar(_PREFIX + b"H7" + signature[:33] + curve.compressed(public) + message)
    return curve.combine([(response, curve.G), (-challenge, public)]) == first


def bad_dealers(ceremony: Ceremony, accuser: int, secret: int) -> tuple[int, ...]:
    """Return whose shares for an accuser, whose static secret is open, are not as committed."""
    return tuple(
        dealer
        for dealer, deal in enumerate(ceremony.deals, 1)
        if not _is_good(ceremony, (dealer, deal), accuser, secret)
    )


def _is_good(ceremony: Ceremony, dealt: tuple[int, Deal], accuser: int, secret: int) -> bool:
    dealer, deal = dealt
    sender, receiver = ceremony.static[dealer - 1], ceremony.static[accuser - 1]
    ephemeral = curve.real(curve.multiply(secret, deal.e))
    both = curve.compressed(ephemeral) + curve.compressed(
        curve.real(curve.multiply(secret, sender))
    )
    head = both + joined([deal.e, sender, receiver])
    key, nonce = _h6(ceremony, head, b"key"), _h6(ceremony, head, b"nonce")[:24]
    try:
        plain = _xaes(key, nonce[:12]).decrypt(nonce[12:], deal.shares[accuser - 1], None)
        share = curve.scalar(plain)
    except (InvalidTag, PointInvalid):
        return False
    return curve.multiply(share, curve.G) == curve.evaluate(deal.c, accuser)


def _h6(ceremony: Ceremony, head: bytes, label: bytes) -> bytes:
    extra = _framed(ceremony.context) + _framed(label)
    return sha256(_PREFIX + b"H6" + head + _framed(extra)).digest()


def _xaes(key: bytes, nonce: bytes) -> AESGCM:
    """Return the cipher of a derived key (C2SP XAES-256-GCM)."""
    derived = b""
    for counter in (1, 2):
        mac = CMAC(AES(key))
        mac.update(counter.to_bytes(2, "big") + b"X\0" + nonce)
        derived += mac.finalize()
    return AESGCM(derived)


def _scalar(data: bytes) -> int:
    wide = sha256(b"\1" + data).digest() + sha256(b"\2" + data).digest()[:16]
    return int.from_bytes(wide, "big") % ORDER


def _framed(part: bytes) -> bytes:
    return len(part).to_bytes(8, "little") + part
