"""The key a ceremony gives: transcript, certificates, and the proof that a share is still there.

It must not take a transcript on trust: the key comes from deals whose every public check passed.
"""

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass

from crypto import schnorr
from crypto.dkg import (
    SUITE,
    TIMEKEEPER,
    CeremonyInvalid,
    Deal,
    Session,
    TimekeeperDeal,
    aggregate,
    check_deal,
    check_signature,
    check_timekeeper_deal,
    joined,
    verification_share,
)
from crypto.hashing import H, lp
from crypto.points import InvalidPoint, Point


@dataclass(frozen=True, slots=True)
class Key:
    """What a ceremony gives: the key bids are sealed to, and what partials are checked against."""

    pk: Point
    y_t: Point
    y: tuple[Point, ...]
    transcript: bytes
    key_id: bytes


def key(session: Session, deals: Sequence[Deal], timekeeper: TimekeeperDeal) -> Key:
    """Return the key that checked deals give, with its transcript.

    Raises:
        CeremonyInvalid: the key, a verification share or an aggregated coefficient is the identity.
    """
    aggregated = aggregate(session, deals)
    try:
        pk = aggregated[0].add(timekeeper.y)
    except InvalidPoint as error:
        raise CeremonyInvalid("identity", None) from error
    y = tuple(verification_share(aggregated, index) for index in range(1, session.n + 1))
    signed = transcript(session, deals, extension(timekeeper, deals))
    return Key(pk, timekeeper.y, y, signed, hashlib.sha256(signed).digest())


def extension(timekeeper: TimekeeperDeal, deals: Sequence[Deal]) -> bytes:
    """Return what COCKTAIL's transcript binds beyond itself: timekeeper and all ciphertexts."""
    ciphertexts = [share for dealt in deals for share in dealt.shares]
    return H("dkg-ext", timekeeper.y.compressed(), timekeeper.pop, *ciphertexts)


def transcript(session: Session, deals: Sequence[Deal], ext: bytes) -> bytes:
    """Return COCKTAIL's transcript T, which everybody signs."""
    return b"".join(
        [
            len(SUITE).to_bytes(8, "little"),
            SUITE,
            len(session.context).to_bytes(8, "little"),
            session.context,
            session.n.to_bytes(4, "little"),
            session.k.to_bytes(4, "little"),
            joined(session.static),
            *(joined(dealt.c) for dealt in deals),
            *(dealt.pop for dealt in deals),
            joined([dealt.e for dealt in deals]),
            len(ext).to_bytes(8, "little"),
            ext,
        ],
    )


def certify(secret: int, signed: bytes, fresh: bytes) -> bytes:
    """Sign the transcript with the static secret, or the timekeeper's share secret."""
    return schnorr.sign(secret, signed, fresh)


def check_certificate(public: Point, signed: bytes, signature: bytes, party: int) -> None:
    """Check one party's signature over the transcript.

    Raises:
        CeremonyInvalid: it is not one.
    """
    check_signature(public, signed, signature, "certificate", party)


def accept(
    session: Session,
    commits: Sequence[bytes],
    deals: Sequence[Deal],
    timekeeper: TimekeeperDeal,
    certificates: Sequence[bytes],
) -> Key:
    """Repeat every public check of a ceremony and return its key.

    Args:
        session: the attempt.
        commits: of the timekeeper first, then of custodians 1..n.
        deals: of custodians 1..n.
        timekeeper: its deal.
        certificates: of the timekeeper first, then of custodians 1..n.

    Raises:
        CeremonyInvalid: the first check that does not hold.
    """
    if not len(commits) == len(certificates) == len(deals) + 1 == session.n + 1:
        raise CeremonyInvalid("length", None)
    check_timekeeper_deal(session, commits[TIMEKEEPER], timekeeper)
    for index, dealt in enumerate(deals, 1):
        check_deal(session, index, commits[index], dealt)
    made = key(session, deals, timekeeper)
    publics = (timekeeper.y, *session.static)
    for party, (public, signature) in enumerate(zip(publics, certificates, strict=True)):
        check_certificate(public, made.transcript, signature, party)
    return made


def rehearse(share: int, key_id: bytes, checkpoint: bytes, fresh: bytes) -> bytes:
    """Prove, before the close, that a custodian still has its share.

    Args:
        share: x_i.
        key_id: 32 bytes.
        checkpoint: the note text of a recent cosigned checkpoint, three lines.
        fresh: 32 random bytes.
    """
    return schnorr.sign(share, _rehearsal_message(key_id, checkpoint), fresh)


def check_rehearsal(y_i: Point, key_id: bytes, checkpoint: bytes, signature: bytes) -> None:
    """Check a rehearsal under the custodian's verification share.

    Raises:
        SchnorrInvalid: it does not hold.
    """
    schnorr.check(y_i, _rehearsal_message(key_id, checkpoint), signature)


def _rehearsal_message(key_id: bytes, checkpoint: bytes) -> bytes:
    return lp(b"rehearsal", key_id, checkpoint)
