"""The opening's rules in one place: which function decides a command, which folds an event.

It must not judge anything itself; it only knows whose turn it is.
"""

from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import Any, TypeAlias

from opening import (
    bids,
    ceremony,
    closing,
    commands,
    decryption,
    draw,
    keys,
    minutes,
    readout,
    session,
    windows,
)
from opening.attempts import CeremonyEvent, evolve_ceremony
from opening.bids import BidEvent, evolve_bid
from opening.closing import CloseEvent, evolve_close
from opening.drawn import DrawEvent, evolve_draw
from opening.events import OpeningEvent
from opening.hall import HallEvent, evolve_hall
from opening.keys import KeyEvent, evolve_key
from opening.minutes import MinutesEvent, evolve_minutes
from opening.participants import ParticipantEvent, ParticipantKeyChanged, evolve_participants
from opening.results import ResultEvent, evolve_result
from opening.sections import evolve_terms
from opening.state import KeyChange, OpeningState
from opening.terms import TermsEvent
from record.events import Event, Stamp
from record.rules import Command, Given

SealingEvent = CeremonyEvent | KeyEvent | BidEvent | CloseEvent
Decision: TypeAlias = Callable[[OpeningState, Any, Given], tuple[Event, ...]]

DECISIONS: Mapping[type[Command], Decision] = {
    commands.StartCeremony: ceremony.start_ceremony,
    commands.JoinCeremony: ceremony.join_ceremony,
    commands.DealCeremony: ceremony.deal_ceremony,
    commands.CertifyCeremony: ceremony.certify_ceremony,
    commands.AbortCeremony: ceremony.abort_ceremony,
    commands.ExpireCeremony: ceremony.expire_ceremony,
    commands.RehearseKey: keys.rehearse_key,
    commands.EraseKey: keys.erase_key,
    commands.AdmitBid: bids.admit_bid,
    commands.RefuseBid: bids.refuse_bid,
    commands.WithdrawBid: bids.withdraw_bid,
    commands.CloseBids: closing.close_bids,
    commands.ApproveContinuation: closing.approve_continuation,
    commands.SignIn: session.sign_in,
    commands.RecordFiles: session.record_files,
    commands.AnnounceSession: session.announce_session,
    commands.PauseSession: session.pause_session,
    commands.ResumeSession: session.resume_session,
    commands.OpenWindow: windows.open_window,
    commands.ExtendWindow: windows.extend_window,
    commands.EndWindow: windows.end_window,
    commands.ReleaseSecret: windows.release_secret,
    commands.IssueOrder: decryption.issue_order,
    commands.PostPartial: decryption.post_partial,
    commands.ReleaseKey: decryption.release_key,
    commands.RecordBody: decryption.record_body,
    commands.ReadOut: readout.read_out,
    commands.ConfirmLine: readout.confirm_line,
    commands.RaiseObjection: readout.raise_objection,
    commands.AnswerObjection: readout.answer_objection,
    commands.StartDraw: draw.start_draw,
    commands.CommitDraw: draw.commit_draw,
    commands.SealDraw: draw.seal_draw,
    commands.RevealDraw: draw.reveal_draw,
    commands.DrawUpMinutes: minutes.draw_up_minutes,
    commands.SignMinutes: minutes.sign_minutes,
    commands.EndSession: minutes.end_session,
}
"""Which function decides a command of the opening."""


def decide(state: OpeningState, command: Command, given: Given) -> tuple[Event, ...]:
    """Return what follows from a command; permission and phase were checked before.

    Raises:
        Refused: as the command's own function tells.
    """
    return DECISIONS[type(command)](state, command, given)


def evolve(
    state: OpeningState,
    event: OpeningEvent | TermsEvent | ParticipantEvent,
    stamp: Stamp,
) -> OpeningState:
    """Fold one event in. Never refuses: what is in the record has happened."""
    if isinstance(event, ParticipantEvent):
        return _participants(state, event, stamp)
    if isinstance(event, TermsEvent):
        return evolve_terms(state, event, stamp)
    if isinstance(event, CeremonyEvent):
        return evolve_ceremony(state, event)
    if isinstance(event, KeyEvent):
        return evolve_key(state, event, stamp)
    if isinstance(event, BidEvent | CloseEvent):
        return _bids(state, event, stamp)
    return _session(state, event, stamp)


def _bids(state: OpeningState, event: BidEvent | CloseEvent, stamp: Stamp) -> OpeningState:
    if isinstance(event, BidEvent):
        return evolve_bid(state, event, stamp)
    return evolve_close(state, event, stamp)


def _sealing(state: OpeningState, event: SealingEvent, stamp: Stamp) -> OpeningState:
    """Fold one event of what comes before a session in: keys and bids."""
    if isinstance(event, CeremonyEvent):
        return evolve_ceremony(state, event)
    if isinstance(event, KeyEvent):
        return evolve_key(state, event, stamp)
    if isinstance(event, BidEvent):
        return evolve_bid(state, event, stamp)
    return evolve_close(state, event, stamp)


def _session(
    state: OpeningState,
    event: HallEvent | ResultEvent | DrawEvent | MinutesEvent,
    stamp: Stamp,
) -> OpeningState:
    if isinstance(event, HallEvent):
        return evolve_hall(state, event, stamp)
    if isinstance(event, ResultEvent):
        return evolve_result(state, event, stamp)
    if isinstance(event, DrawEvent):
        return evolve_draw(state, event)
    return evolve_minutes(state, event, stamp)


def _participants(state: OpeningState, event: ParticipantEvent, stamp: Stamp) -> OpeningState:
    found = state.participants.get((event.account, event.role))
    changes = state.key_changes
    if isinstance(event, ParticipantKeyChanged) and found is not None:
        change = KeyChange(
            account=event.account,
            organisation=found.organisation,
            role=event.role,
            at=stamp.at,
            old=event.old,
            new=event.keyid,
            reason=event.reason,
        )
        changes = (*changes, change)
    participants = evolve_participants(state.participants, event, stamp)
    bound = participants.get((event.account, event.role))
    clerk_keys = state.clerk_keys
    if bound is not None and bound.role == "clerk":
        clerk_keys = {**clerk_keys, **bound.keys}
    known = state.known if bound is None else {**state.known, (event.account, event.role): bound}
    return replace(
        state,
        participants=participants,
        known=known,
        clerk_keys=clerk_keys,
        key_changes=changes,
    )
