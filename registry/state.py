"""Who is who, folded from the registry's record; values only, and no secret among them."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace

from record.events import Stamp
from registry.codes import CodeKind
from registry.events import (
    AccountDisabled,
    AccountEnabled,
    AccountInvited,
    AccountOpened,
    InvitationAccepted,
    KeyRegistered,
    KeyRevoked,
    LanguageChosen,
    OrganisationRegistered,
    OrganisationRenamed,
    PasskeyRegistered,
    PasskeyRemoved,
    PasswordChanged,
    RegistryEvent,
    RolesChanged,
)
from registry.possession import registered


@dataclass(frozen=True, slots=True)
class Organisation:
    """An organisation, by the registry's id and by its own register's number."""

    organisation: str
    name: str
    kind: CodeKind
    code: str


@dataclass(frozen=True, slots=True)
class Invitation:
    """An invitation that was not accepted yet."""

    invitation: str
    until: int


@dataclass(frozen=True, slots=True)
class SigningKey:
    """A key a person registered; a revoked one stays known, so that nobody registers it again."""

    keyid: str
    spki: str
    since: int
    revoked: bool = False


@dataclass(frozen=True, slots=True)
class AccountEntry:
    """An account as the registry knows it; `active` from the first password on."""

    account: str
    name: str
    organisation: str
    roles: tuple[str, ...]
    active: bool = False
    disabled: bool = False
    language: str | None = None
    invitation: Invitation | None = None
    keys: Mapping[str, SigningKey] = field(default_factory=dict)
    passkeys: Mapping[str, int] = field(default_factory=dict)
    """SHA-256 of the credential's id -> since when, ms."""

    @property
    def usable_keys(self) -> tuple[SigningKey, ...]:
        """Return the keys that were not revoked, oldest first."""
        return tuple(key for key in self.keys.values() if not key.revoked)


@dataclass(frozen=True, slots=True)
class RegistryState:
    """Everything the registry's rules know."""

    organisations: Mapping[str, Organisation] = field(default_factory=dict)
    codes: Mapping[tuple[str, str], str] = field(default_factory=dict)
    """(kind, code) -> organisation."""
    accounts: Mapping[str, AccountEntry] = field(default_factory=dict)
    key_owners: Mapping[str, str] = field(default_factory=dict)
    """Key id -> account; a key has one owner for ever."""

    @property
    def is_empty(self) -> bool:
        """Tell whether the first administrator is still to come."""
        return not self.accounts


def evolve(state: RegistryState, event: RegistryEvent, stamp: Stamp) -> RegistryState:
    """Fold one event in. Never refuses: what is in the record has happened."""
    match event:
        case OrganisationRegistered() | OrganisationRenamed():
            return _evolve_organisation(state, event)
        case AccountOpened():
            opened = AccountEntry(event.account, event.name, event.organisation, event.roles)
            return replace(state, accounts={**state.accounts, event.account: opened})
        case KeyRegistered():
            owners = {**state.key_owners, event.keyid: event.account}
            return _evolve_account(replace(state, key_owners=owners), event, stamp)
        case (
            RolesChanged()
            | AccountDisabled()
            | AccountEnabled()
            | AccountInvited()
            | InvitationAccepted()
            | PasswordChanged()
            | LanguageChosen()
            | KeyRevoked()
            | PasskeyRegistered()
            | PasskeyRemoved()
        ):
            return _evolve_account(state, event, stamp)


def _evolve_organisation(
    state: RegistryState, event: OrganisationRegistered | OrganisationRenamed
) -> RegistryState:
    codes = state.codes
    known = state.organisations.get(event.organisation)
    match event:
        case OrganisationRegistered():
            known = Organisation(event.organisation, event.name, event.kind, event.code)
            codes = {**codes, (event.kind, event.code): event.organisation}
        case OrganisationRenamed():
            known = replace(known, name=event.name) if known is not None else None
    if known is None:
        return state
    organisations = {**state.organisations, event.organisation: known}
    return replace(state, organisations=organisations, codes=codes)


_AboutAccount = (
    RolesChanged
    | AccountDisabled
    | AccountEnabled
    | AccountInvited
    | InvitationAccepted
    | PasswordChanged
    | LanguageChosen
    | KeyRegistered
    | KeyRevoked
    | PasskeyRegistered
    | PasskeyRemoved
)


def _evolve_account(state: RegistryState, event: _AboutAccount, stamp: Stamp) -> RegistryState:
    known = state.accounts.get(event.account)
    if known is None:
        return state
    changed = _changed(known, event, stamp)
    return replace(state, accounts={**state.accounts, event.account: changed})


def _changed(  # noqa: C901, PLR0911 - one row an event, nothing else
    known: AccountEntry, event: _AboutAccount, stamp: Stamp
) -> AccountEntry:
    match event:
        case RolesChanged():
            return replace(known, roles=event.roles)
        case AccountDisabled():
            return replace(known, disabled=True, invitation=None)
        case AccountEnabled():
            return replace(known, disabled=False)
        case AccountInvited():
            return replace(known, invitation=Invitation(event.invitation, event.until))
        case InvitationAccepted():
            return replace(known, active=True, invitation=None)
        case PasswordChanged():
            return replace(known, active=True)
        case LanguageChosen():
            return replace(known, language=event.language)
        case KeyRegistered():
            spki = registered(event.envelope).key
            key = SigningKey(event.keyid, spki, stamp.at)
            return replace(known, keys={**known.keys, event.keyid: key})
        case KeyRevoked():
            return replace(known, keys=_revoked(known.keys, event.keyid))
        case PasskeyRegistered():
            return replace(known, passkeys={**known.passkeys, event.passkey: stamp.at})
        case PasskeyRemoved():
            left = {name: at for name, at in known.passkeys.items() if name != event.passkey}
            return replace(known, passkeys=left)


def _revoked(keys: Mapping[str, SigningKey], keyid: str) -> Mapping[str, SigningKey]:
    found = keys.get(keyid)
    return keys if found is None else {**keys, keyid: replace(found, revoked=True)}
