"""The opening's rules in one place: which function decides a command, which folds an event.

It must not judge anything itself; it only knows whose turn it is.
"""

from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import Any, TypeAlias, assert_never

from opening import bids, ceremony, closing, commands, keys
from opening.bids import BidEvent, evolve_bid
from opening.ceremony import CeremonyEvent, evolve_ceremony
from opening.closing import CloseEvent, evolve_close
from opening.events import OpeningEvent
from opening.keys import KeyEvent, evolve_key
from opening.participants import ParticipantEvent, ParticipantKeyChanged, evolve_participants
from opening.sections import evolve_terms
from opening.state import KeyChange, OpeningState
from opening.terms import TermsEvent
from record.events import Event, Stamp
from record.rules import Command, Given

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
    if isinstance(event, BidEvent):
        return evolve_bid(state, event, stamp)
    if isinstance(event, CloseEvent):
        return evolve_close(state, event, stamp)
    assert_never(event)


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
    return replace(state, participants=participants, key_changes=changes)
