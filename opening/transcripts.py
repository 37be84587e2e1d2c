"""An attempt at a key as the arithmetic needs it: its messages decoded, its key, its certificate.

It must not change state; services, custodians, bidders and the timekeeper all read an attempt here.
"""

from collections.abc import Iterator
from itertools import chain
from typing import Literal

from crypto import certificate, dkg, sealing
from crypto.canonical import loads
from crypto.dkg import CeremonyInvalid
from opening.envelopes import payload, read, verify
from opening.messages import (
    CeremonyCertify,
    CeremonyDeal,
    CeremonyJoin,
    CeremonyStart,
    Message,
    TimekeeperDeal,
)
from opening.state import Attempt
from record.errors import NotValid
from record.events import Signed

Step = Literal["join", "deal", "certify"]
TIMEKEEPER = dkg.TIMEKEEPER


def parties(attempt: Attempt) -> tuple[int, ...]:
    """Return all parties of an attempt: the timekeeper, 0, and custodians 1..n."""
    return tuple(range(attempt.start.n + 1))


def step(attempt: Attempt) -> Step:
    """Return which step an open attempt is at."""
    if len(attempt.joins) <= attempt.start.n:
        return "join"
    return "deal" if len(attempt.deals) <= attempt.start.n else "certify"


def missing(attempt: Attempt) -> tuple[int, ...]:
    """Return the parties that have not yet done the present step."""
    done = {"join": attempt.joins, "deal": attempt.deals, "certify": attempt.certifies}
    return tuple(party for party in parties(attempt) if party not in done[step(attempt)])


def step_deadline(start: CeremonyStart, at: Step) -> int:
    """Return until when a step of an attempt must be done, ms."""
    return {"join": start.join_by, "deal": start.deal_by, "certify": start.certify_by}[at]


def party_key(start: CeremonyStart, party: int) -> str | None:
    """Return the signing key of a party as the ceremony names it; None where there is none."""
    if party == TIMEKEEPER:
        return start.timekeeper.key
    return start.roster[party - 1].key if 0 < party <= len(start.roster) else None


def envelopes(attempt: Attempt) -> tuple[Signed, ...]:
    """Return the certificate of a made key: the 3n+4 envelopes in their order."""
    steps = (attempt.joins, attempt.deals, attempt.certifies)
    done = (each[party] for each in steps for party in parties(attempt))
    return tuple(chain((attempt.started,), done))


def session(attempt: Attempt) -> dkg.Session:
    """Return what all custodians agreed on; all of them have joined.

    Raises:
        CeremonyInvalid: static keys that may not stand together.
    """
    sid = bytes.fromhex(attempt.sid)
    points = []
    for party in range(1, attempt.start.n + 1):
        joined = read(attempt.joins[party], CeremonyJoin)
        points.append(dkg.decode_point(bytes.fromhex(joined.p or ""), party))
    return dkg.Session.begin(sid, attempt.start.k, points)


def commitment(attempt: Attempt, party: int) -> bytes:
    """Return what a party committed to when it joined."""
    return bytes.fromhex(read(attempt.joins[party], CeremonyJoin).commit)


def read_deal(signed: Signed) -> CeremonyDeal | TimekeeperDeal:
    """Read a `ceremony-deal`, whose fields differ for the timekeeper.

    Raises:
        NotValid: `message.malformed`.
    """
    if _is_timekeepers(signed):
        return read(signed, TimekeeperDeal)
    return read(signed, CeremonyDeal)


def decode_deal(agreed: dkg.Session, message: CeremonyDeal) -> dkg.Deal:
    """Decode a custodian's deal strictly.

    Raises:
        CeremonyInvalid: a length or a point is wrong.
    """
    return dkg.decode_deal(
        agreed,
        message.i,
        [bytes.fromhex(point) for point in message.c],
        bytes.fromhex(message.pop),
        bytes.fromhex(message.e),
        [bytes.fromhex(share) for share in message.shares],
    )


def decode_timekeeper_deal(message: TimekeeperDeal) -> dkg.TimekeeperDeal:
    """Decode the timekeeper's deal strictly.

    Raises:
        CeremonyInvalid: the point is wrong.
    """
    point = dkg.decode_point(bytes.fromhex(message.y), TIMEKEEPER)
    return dkg.TimekeeperDeal(point, bytes.fromhex(message.pop))


def deals(attempt: Attempt, agreed: dkg.Session) -> tuple[dkg.Deal, ...]:
    """Return the deals of custodians 1..n; all parties have dealt."""
    return tuple(
        decode_deal(agreed, read(attempt.deals[party], CeremonyDeal))
        for party in range(1, attempt.start.n + 1)
    )


def timekeeper_deal(attempt: Attempt) -> dkg.TimekeeperDeal:
    """Return the timekeeper's deal; all parties have dealt."""
    return decode_timekeeper_deal(read(attempt.deals[TIMEKEEPER], TimekeeperDeal))


def key(attempt: Attempt) -> certificate.Key:
    """Return the key that the deals of an attempt give; their own checks passed at admission.

    Raises:
        CeremonyInvalid: the key or a part of it is the identity.
    """
    agreed = session(attempt)
    return certificate.key(agreed, deals(attempt, agreed), timekeeper_deal(attempt))


def accept(attempt: Attempt, clerk: str) -> certificate.Key:
    """Repeat every public check on a whole certificate, signatures too, and return its key.

    This is what a bidder's, a custodian's and the timekeeper's client do before they use a key.

    Args:
        attempt: an attempt that all parties certified.
        clerk: the key under which the ceremony must have been started, SPKI in hex.

    Raises:
        NotValid: an envelope is not signed by the party the ceremony names, or malformed;
            `ceremony.proof` when the certificate does not hold, with what fails.
    """
    verify(attempt.started, CeremonyStart, clerk)
    if sealing.sid(payload(attempt.started)).hex() != attempt.sid:
        raise NotValid("ceremony.wrong_sid")
    for party, signed, kind in _signed_steps(attempt):
        verify(signed, kind, party_key(attempt.start, party) or "")
        if read(signed, kind).model_dump(include={"sid", "i"}) != {"sid": attempt.sid, "i": party}:
            raise NotValid("ceremony.not_this_party", party=party)
    try:
        agreed = session(attempt)
        return certificate.accept(
            agreed,
            [commitment(attempt, party) for party in parties(attempt)],
            deals(attempt, agreed),
            timekeeper_deal(attempt),
            [_certificate(attempt, party) for party in parties(attempt)],
        )
    except CeremonyInvalid as error:
        raise faulty(error) from error


def faulty(error: CeremonyInvalid) -> NotValid:
    """Return the refusal that tells what the arithmetic found: `ceremony.proof`."""
    party = -1 if error.party is None else error.party
    return NotValid("ceremony.proof", fault=error.fault, party=party)


def _certificate(attempt: Attempt, party: int) -> bytes:
    return bytes.fromhex(read(attempt.certifies[party], CeremonyCertify).sig)


def _signed_steps(attempt: Attempt) -> Iterator[tuple[int, Signed, type[Message]]]:
    for party in parties(attempt):
        yield party, attempt.joins[party], CeremonyJoin
        deal_kind = TimekeeperDeal if party == TIMEKEEPER else CeremonyDeal
        yield party, attempt.deals[party], deal_kind
        yield party, attempt.certifies[party], CeremonyCertify


def _is_timekeepers(signed: Signed) -> bool:
    try:
        value = loads(payload(signed), limit=1 << 20)
    except ValueError as error:
        raise NotValid("message.malformed", message=CeremonyDeal.name) from error
    return isinstance(value, dict) and value.get("i") == TIMEKEEPER
