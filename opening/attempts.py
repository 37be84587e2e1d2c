"""How an attempt at a key is folded from the record; a fold alone, it judges nothing."""

from dataclasses import replace

from crypto import sealing
from opening import transcripts
from opening.envelopes import payload, read
from opening.events import (
    CeremonyAborted,
    CeremonyCertified,
    CeremonyDealt,
    CeremonyExpired,
    CeremonyJoined,
    CeremonyStarted,
    KeyMade,
)
from opening.messages import (
    CeremonyAbort,
    CeremonyCertify,
    CeremonyDeal,
    CeremonyJoin,
    CeremonyStart,
    TimekeeperDeal,
)
from opening.state import Attempt, Key, OpeningState, Place
from record.events import Signed

CeremonyEvent = (
    CeremonyStarted
    | CeremonyJoined
    | CeremonyDealt
    | CeremonyCertified
    | CeremonyAborted
    | CeremonyExpired
    | KeyMade
)
StepMessage = CeremonyJoin | CeremonyDeal | TimekeeperDeal | CeremonyCertify


def evolve_ceremony(state: OpeningState, event: CeremonyEvent) -> OpeningState:
    """Fold one event in. Never refuses: what is in the record has happened."""
    match event:
        case CeremonyStarted(envelope=envelope):
            return put_attempt(state, _started(envelope))
        case CeremonyJoined() | CeremonyDealt() | CeremonyCertified():
            return _posted(state, event)
        case CeremonyAborted(envelope=envelope):
            abort = read(envelope, CeremonyAbort)
            return _died(state, abort.sid, abort.cause, event.offenders)
        case CeremonyExpired():
            return _died(state, event.sid, "expired", event.missing)
        case KeyMade():
            return _made(state, event)


def put_attempt(state: OpeningState, attempt: Attempt) -> OpeningState:
    """Return the state with an attempt, new or changed."""
    return replace(state, attempts={**state.attempts, attempt.sid: attempt})


def _started(envelope: Signed) -> Attempt:
    signed = payload(envelope)
    start = read(envelope, CeremonyStart)
    return Attempt(sid=sealing.sid(signed).hex(), start=start, payload=signed, started=envelope)


def _posted(
    state: OpeningState, event: CeremonyJoined | CeremonyDealt | CeremonyCertified
) -> OpeningState:
    message = _message(event)
    attempt = state.attempts.get(message.sid)
    if attempt is None:
        return state
    match event:
        case CeremonyJoined():
            joins = {**attempt.joins, message.i: event.envelope}
            return put_attempt(state, replace(attempt, joins=joins))
        case CeremonyDealt():
            deals = {**attempt.deals, message.i: event.envelope}
            return put_attempt(state, replace(attempt, deals=deals))
        case CeremonyCertified():
            certifies = {**attempt.certifies, message.i: event.envelope}
            return put_attempt(state, replace(attempt, certifies=certifies))


def _message(event: CeremonyJoined | CeremonyDealt | CeremonyCertified) -> StepMessage:
    match event:
        case CeremonyJoined():
            return read(event.envelope, CeremonyJoin)
        case CeremonyDealt():
            return transcripts.read_deal(event.envelope)
        case CeremonyCertified():
            return read(event.envelope, CeremonyCertify)


def _died(state: OpeningState, sid: str, cause: str, offenders: tuple[int, ...]) -> OpeningState:
    attempt = state.attempts.get(sid)
    if attempt is None:
        return state
    return put_attempt(state, replace(attempt, status="dead", ended=cause, offenders=offenders))


def _made(state: OpeningState, event: KeyMade) -> OpeningState:
    attempt = state.attempts.get(event.sid)
    if attempt is None:
        return state
    place: Place = (attempt.start.section, attempt.start.envelope)
    key = Key(
        place=place,
        sid=event.sid,
        key_id=event.key_id,
        pk=bytes.fromhex(event.pk),
        y_t=bytes.fromhex(event.y_t),
        y=tuple(bytes.fromhex(point) for point in event.y),
    )
    made = put_attempt(state, replace(attempt, status="made"))
    return replace(made, keys={**state.keys, place: key})
