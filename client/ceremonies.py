"""Key ceremonies as a party sees them: folded from proved entries alone, every check repeated.

It must not hold a secret; `client.custodian` and `client.timekeeper` do.
"""

from client.errors import NotProvenYet, NotTrusted
from client.receipts import Proven
from client.seat import Seat
from crypto import certificate, dkg, sealing
from opening import rules, transcripts
from opening.envelopes import payload, verify
from opening.events import OpeningEvent
from opening.messages import (
    CeremonyCertify,
    CeremonyDeal,
    CeremonyJoin,
    CeremonyStart,
    TimekeeperDeal,
)
from opening.state import Attempt, OpeningState
from record.errors import Refused


async def fetch(seat: Seat, project: str, sid: str) -> Attempt:
    """Fetch what is proved of an attempt, and check who signed every message of it.

    Raises:
        NotProvenYet: not even its start is proved.
        NotTrusted: a proof, a signature or a public check does not hold.
    """
    found = await seat.proven(project, kind="ceremony", sid=sid)
    return fold(project, sid, found)


def fold(project: str, sid: str, found: tuple[Proven, ...]) -> Attempt:
    """Fold the proved entries of one attempt and check them.

    Raises:
        NotProvenYet: its start is not among them.
        NotTrusted: they are not one attempt, or a check does not hold.
    """
    state = OpeningState(project)
    for number, one in enumerate(found, start=1):
        if isinstance(one.event, OpeningEvent):
            state = rules.evolve(state, one.event, one.stamp(number))
    attempt = state.attempts.get(sid)
    if attempt is None:
        raise NotProvenYet("the start of the ceremony is not witnessed yet", sid)
    try:
        _check(attempt)
    except (Refused, dkg.CeremonyInvalid) as error:
        raise NotTrusted("the ceremony does not hold", error) from error
    return attempt


def accept(attempt: Attempt, clerk: str) -> certificate.Key:
    """Repeat every check on a whole certificate and return its key.

    Raises:
        NotTrusted: it does not hold.
    """
    try:
        return transcripts.accept(attempt, clerk)
    except (Refused, KeyError) as error:
        raise NotTrusted("the key's certificate does not hold", error) from error


def _check(attempt: Attempt) -> None:
    if sealing.sid(payload(attempt.started)).hex() != attempt.sid:
        raise NotTrusted("the ceremony's id is not its own", attempt.sid)
    start = attempt.start
    for party, signed in attempt.joins.items():
        verify(signed, CeremonyJoin, transcripts.party_key(start, party) or "")
    for party, signed in attempt.deals.items():
        kind = CeremonyDeal if party else TimekeeperDeal
        verify(signed, kind, transcripts.party_key(start, party) or "")
    for party, signed in attempt.certifies.items():
        verify(signed, CeremonyCertify, transcripts.party_key(start, party) or "")
    if len(attempt.joins) == start.n + 1:
        _check_deals(attempt, transcripts.session(attempt))


def _check_deals(attempt: Attempt, session: dkg.Session) -> None:
    """Check whatever is dealt so far against what was committed to."""
    for party, signed in attempt.deals.items():
        committed = transcripts.commitment(attempt, party)
        message = transcripts.read_deal(signed)
        if isinstance(message, TimekeeperDeal):
            dealt = transcripts.decode_timekeeper_deal(message)
            dkg.check_timekeeper_deal(session, committed, dealt)
        else:
            dkg.check_deal(session, party, committed, transcripts.decode_deal(session, message))


def check_start(attempt: Attempt, clerk: str) -> CeremonyStart:
    """Check that this clerk started an attempt.

    Raises:
        NotTrusted: somebody else did.
    """
    try:
        verify(attempt.started, CeremonyStart, clerk)
    except Refused as error:
        raise NotTrusted("the ceremony was not started by this clerk", error) from error
    return attempt.start
