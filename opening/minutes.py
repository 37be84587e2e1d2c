"""Minutes 开标记录 and the end of a session: drawn up by the service, signed, then published.

It must not render anything: `web` makes the PDF from the facts and says what it measured.
"""

import hashlib
from dataclasses import dataclass, replace
from typing import Final, Literal

from opening.checks_opening import CheckedMinutes
from opening.commands import DrawUpMinutes, EndSession, SignMinutes
from opening.envelopes import expect, payload, read
from opening.events import MinutesDrawnUp, MinutesSigned, OpeningEvent, SessionEnded
from opening.facts import facts
from opening.hall import noted
from opening.messages import MinutesSignature
from opening.stages import place_of, running, session_at, within
from opening.state import Minutes, OpeningState, Place, Session
from record.errors import NotAllowed, NotValid, OutOfOrder
from record.events import Stamp
from record.rules import Given

MinutesEvent = MinutesDrawnUp | MinutesSigned | SessionEnded
Signer = Literal["clerk", "supervisor", "bidder"]
SIGNERS: Final[tuple[Signer, ...]] = ("clerk", "supervisor", "bidder")


@dataclass(frozen=True, slots=True)
class DrawnUp:
    """What the service rendered, and from which facts.

    Args:
        facts: SHA-256 of the facts, hex.
        pdf: SHA-256 of the PDF, hex.
        pdf_size: its length in bytes.
    """

    facts: str
    pdf: str
    pdf_size: int


def draw_up_minutes(
    state: OpeningState, command: DrawUpMinutes, given: Given
) -> tuple[OpeningEvent, ...]:
    """Record the minutes, once objections are over and every one is answered.

    The facts are computed here again: what was rendered from older ones is refused, and the duty
    renders anew.

    Refusals: those of `running`, opening.window_running, opening.unanswered,
    minutes.not_rendered, minutes.facts_changed.
    """
    place = place_of(command)
    _, session = running(state, place, command)
    if session.windows:
        raise OutOfOrder("opening.window_running", window=next(iter(session.windows)))
    unanswered = [o.objection for o in session.objections.values() if o.answer is None]
    if unanswered:
        raise OutOfOrder("opening.unanswered", objections=unanswered)
    drawn = given.checked
    if not isinstance(drawn, DrawnUp):
        raise OutOfOrder("minutes.not_rendered")
    if drawn.facts != hashlib.sha256(facts(state, place)).hexdigest():
        raise OutOfOrder("minutes.facts_changed")
    return (
        MinutesDrawnUp(
            section=command.section,
            envelope=command.envelope,
            facts=drawn.facts,
            pdf=drawn.pdf,
            pdf_size=drawn.pdf_size,
        ),
    )


def sign_minutes(
    state: OpeningState, command: SignMinutes, given: Given
) -> tuple[OpeningEvent, ...]:
    """Sign the minutes as clerk, supervisor or bidder of this session.

    Refusals: message.not_signer, message.malformed, opening.wrong_project, those of `running`,
    minutes.other_minutes, minutes.not_a_signer, minutes.already_signed.
    """
    checked = expect(given, CheckedMinutes, command.message)
    if checked.account != given.actor.account:
        raise NotValid("message.not_signer")
    message = read(command.message, MinutesSignature)
    place = place_of(command)
    if message.project != state.project or (message.section, message.envelope) != place:
        raise NotValid("opening.wrong_project")
    _, session = running(state, place, command)
    minutes = session.minutes
    if minutes is None or (message.facts, message.pdf) != (minutes.facts, minutes.pdf):
        raise NotValid("minutes.other_minutes")
    role = _signs_as(state, session, given.actor.account, checked.keyid)
    if given.actor.account in minutes.signed:
        raise OutOfOrder("minutes.already_signed")
    return (MinutesSigned(account=given.actor.account, role=role, envelope=command.message),)


def end_session(state: OpeningState, command: EndSession, given: Given) -> tuple[OpeningEvent, ...]:
    """End the session once a clerk signed; bidders that did not sign are deemed to accept.

    Refusals: those of `running`, minutes.clerk_unsigned.
    """
    del given
    place = place_of(command)
    _, session = running(state, place, command)
    signed = session.minutes.signed if session.minutes else {}
    if "clerk" not in signed.values():
        raise OutOfOrder("minutes.clerk_unsigned")
    return (
        SessionEnded(
            section=command.section,
            envelope=command.envelope,
            unsigned=_unsigned(state, session, set(signed)),
        ),
    )


def evolve_minutes(state: OpeningState, event: MinutesEvent, stamp: Stamp) -> OpeningState:
    """Fold one event in. Never refuses: what is in the record has happened."""
    match event:
        case MinutesDrawnUp():
            minutes = Minutes(event.facts, event.pdf, event.pdf_size)
            place: Place = (event.section, event.envelope)
            return within(state, place, stage="minutes", minutes=minutes)
        case MinutesSigned():
            return _signed(state, event, stamp)
        case SessionEnded():
            place = (event.section, event.envelope)
            return within(noted(state, place, "ended", stamp), place, stage="ended")


def _signed(state: OpeningState, event: MinutesSigned, stamp: Stamp) -> OpeningState:
    message = MinutesSignature.read(payload(event.envelope))
    place: Place = (message.section, message.envelope)
    minutes = session_at(state, place).minutes
    if minutes is None:
        return state
    signed = replace(minutes, signed={**minutes.signed, event.account: event.role})
    moved = noted(state, place, f"signed/{event.account}", stamp)
    return within(moved, place, minutes=signed)


def _signs_as(state: OpeningState, session: Session, account: str, keyid: str) -> Signer:
    """Return the role in which an account signs; a bidder only where its bid was announced.

    Refusals: minutes.not_a_signer.
    """
    announced = {state.bids[bid].organisation for bid in session.announced}
    for role in SIGNERS:
        found = state.participants.get((account, role))
        if found is None or found.keyid != keyid:
            continue
        if role != "bidder" or found.organisation in announced:
            return role
    raise NotAllowed("minutes.not_a_signer")


def _unsigned(state: OpeningState, session: Session, signed: set[str]) -> tuple[str, ...]:
    signers = {
        who.organisation
        for (account, role), who in state.participants.items()
        if role == "bidder" and account in signed
    }
    announced = (state.bids[bid].organisation for bid in session.announced)
    return tuple(organisation for organisation in announced if organisation not in signers)
