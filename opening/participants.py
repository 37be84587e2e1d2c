"""Who takes part in a project, with which role and which signing key; bound once, on the record."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Literal

from opening.messages import Spki
from record.events import Account, Event, Hex64, Line, OrganisationId, Stamp

Role = Literal["bidder", "clerk", "custodian", "timekeeper", "supervisor", "expert"]


class ParticipantBound(Event):
    """An account takes part for an organisation, with a role and, where it signs, a key."""

    type: Literal["opening.participant_bound"] = "opening.participant_bound"
    account: Account
    name: Line
    organisation: OrganisationId
    organisation_name: Line
    organisation_code: Line
    """Unified social credit code 统一社会信用代码 or another register's number."""
    role: Role
    key: Spki | None = None
    keyid: Hex64 | None = None


class ParticipantReleased(Event):
    """An account no longer takes part."""

    type: Literal["opening.participant_released"] = "opening.participant_released"
    account: Account
    role: Role
    reason: Line


class ParticipantKeyChanged(Event):
    """A participant signs with another key from now on; pages and minutes say so."""

    type: Literal["opening.participant_key_changed"] = "opening.participant_key_changed"
    account: Account
    role: Role
    old: Hex64
    key: Spki
    keyid: Hex64
    reason: Line


ParticipantEvent = ParticipantBound | ParticipantReleased | ParticipantKeyChanged


@dataclass(frozen=True, slots=True)
class Participant:
    """One binding; `key_since` is the seq of the entry that bound the present key."""

    account: str
    name: str
    organisation: str
    organisation_name: str
    organisation_code: str
    role: Role
    key: str | None
    keyid: str | None
    key_since: int
    keys: Mapping[str, str]
    """Every key this participant ever had: keyid -> SPKI hex."""


Participants = Mapping[tuple[str, Role], Participant]
"""Whoever takes part now, by account and role; one account may have several roles."""


def evolve_participants(
    participants: Participants, event: ParticipantEvent, stamp: Stamp
) -> Participants:
    """Fold one event in. Never refuses: what is in the record has happened."""
    match event:
        case ParticipantBound():
            keys = {event.keyid: event.key} if event.keyid and event.key else {}
            bound = Participant(
                account=event.account,
                name=event.name,
                organisation=event.organisation,
                organisation_name=event.organisation_name,
                organisation_code=event.organisation_code,
                role=event.role,
                key=event.key,
                keyid=event.keyid,
                key_since=stamp.seq,
                keys=keys,
            )
            return {**participants, (event.account, event.role): bound}
        case ParticipantReleased():
            gone = (event.account, event.role)
            return {who: found for who, found in participants.items() if who != gone}
        case ParticipantKeyChanged():
            found = participants.get((event.account, event.role))
            if found is None:
                return participants
            changed = replace(
                found,
                key=event.key,
                keyid=event.keyid,
                key_since=stamp.seq,
                keys={**found.keys, event.keyid: event.key},
            )
            return {**participants, (event.account, event.role): changed}
