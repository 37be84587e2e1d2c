"""What happens to a key once it is made, and to dead attempts: rehearsals and erasures.

It must not do arithmetic: `opening.checks_ceremony` did, before the desk.
"""

from dataclasses import replace

from opening.attempts import put_attempt
from opening.ceremony import check_party
from opening.checks_ceremony import (
    CheckedErase,
    CheckedRehearsal,
    attempt_by_sid,
    key_by_id,
)
from opening.commands import EraseKey, RehearseKey
from opening.envelopes import expect, read
from opening.events import KeyErased, KeyRehearsed
from opening.messages import Erase, Rehearsal
from opening.state import Attempt, OpeningState
from opening.transcripts import TIMEKEEPER
from record.errors import NotFound, NotValid, OutOfOrder
from record.events import Stamp
from record.rules import Given

REHEARSAL_AGE = 24 * 60 * 60 * 1000
"""How old a cosigned checkpoint may be for a rehearsal to rest on it, ms."""

KeyEvent = KeyRehearsed | KeyErased


def rehearse_key(
    state: OpeningState, command: RehearseKey, given: Given
) -> tuple[KeyRehearsed, ...]:
    """Prove possession of a share, on a checkpoint that shows when.

    Refusals: ceremony.no_such_key, opening.not_bound, ceremony.not_this_party, rehearsal.erased,
    rehearsal.closed, rehearsal.checkpoint_unknown, rehearsal.checkpoint_old.
    """
    checked = expect(given, CheckedRehearsal, command.message)
    key = key_by_id(state, checked.rehearsal.key_id)
    check_party(state, given, state.attempts[key.sid], checked.rehearsal.i)
    if key.erased:
        raise OutOfOrder("rehearsal.erased")
    session = state.sessions.get(key.place)
    if session is not None and session.closed is not None:
        raise OutOfOrder("rehearsal.closed")
    if checked.cosigned_at is None:
        raise NotFound("rehearsal.checkpoint_unknown")
    if given.received - checked.cosigned_at > REHEARSAL_AGE:
        raise NotValid("rehearsal.checkpoint_old", cosigned_at=checked.cosigned_at)
    return (KeyRehearsed(envelope=command.message),)


def erase_key(state: OpeningState, command: EraseKey, given: Given) -> tuple[KeyErased, ...]:
    """Record that the timekeeper erased its share key of an attempt, every copy.

    A dead attempt's at once; a key's only when no bid under it may still be opened: the session of
    its place ended, or the section was terminated.

    Refusals: ceremony.no_such_attempt, opening.not_bound, ceremony.not_this_party,
    erase.wrong_project, erase.already_erased, erase.attempt_open, erase.wrong_key_id,
    erase.key_needed.
    """
    erase = expect(given, CheckedErase, command.message).erase
    attempt = attempt_by_sid(state, erase.sid)
    check_party(state, given, attempt, TIMEKEEPER)
    if erase.project != state.project:
        raise NotValid("erase.wrong_project")
    if attempt.erased:
        raise OutOfOrder("erase.already_erased")
    if attempt.status == "open":
        raise OutOfOrder("erase.attempt_open")
    if erase.key_id != _key_id(state, attempt):
        raise NotValid("erase.wrong_key_id")
    if attempt.status == "made" and _is_needed(state, attempt):
        raise OutOfOrder("erase.key_needed")
    return (KeyErased(envelope=command.message),)


def evolve_key(state: OpeningState, event: KeyEvent, stamp: Stamp) -> OpeningState:
    """Fold one event in. Never refuses: what is in the record has happened."""
    match event:
        case KeyRehearsed():
            return _rehearsed(state, read(event.envelope, Rehearsal), stamp)
        case KeyErased():
            return _erased(state, read(event.envelope, Erase))


def _rehearsed(state: OpeningState, rehearsal: Rehearsal, stamp: Stamp) -> OpeningState:
    keys = {
        place: replace(key, rehearsed={**key.rehearsed, rehearsal.i: stamp.at})
        if key.key_id == rehearsal.key_id
        else key
        for place, key in state.keys.items()
    }
    return replace(state, keys=keys)


def _erased(state: OpeningState, erase: Erase) -> OpeningState:
    attempt = state.attempts.get(erase.sid)
    if attempt is None:
        return state
    keys = {
        place: replace(key, erased=True) if key.sid == erase.sid else key
        for place, key in state.keys.items()
    }
    return replace(put_attempt(state, replace(attempt, erased=True)), keys=keys)


def _key_id(state: OpeningState, attempt: Attempt) -> str | None:
    """Return the id of the key an attempt gave; None for a dead one."""
    made = [key.key_id for key in state.keys.values() if key.sid == attempt.sid]
    return made[0] if made else None


def _is_needed(state: OpeningState, attempt: Attempt) -> bool:
    section = state.sections.get(attempt.start.section)
    session = state.sessions.get((attempt.start.section, attempt.start.envelope))
    ended = session is not None and session.stage == "ended"
    return not (ended or (section is not None and section.terminated))
