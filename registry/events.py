"""What happens to organisations, accounts and keys; values that were written once, no judgement."""

from typing import Annotated, ClassVar, Literal, Self

from pydantic import Field, StringConstraints

from crypto import canonical
from record.events import (
    Account,
    Event,
    Frozen,
    Hex32,
    Hex64,
    Line,
    Millis,
    OrganisationId,
    Signed,
)
from registry.codes import CodeKind

RECORD = "registry"
"""The name of the installation's own record; no project can have it, their ids are hex."""

RegistryRole = Literal[
    "administrator", "clerk", "bidder", "custodian", "timekeeper", "supervisor", "expert"
]
Roles = Annotated[tuple[RegistryRole, ...], Field(max_length=7)]
Code = Annotated[str, StringConstraints(min_length=1, max_length=64)]
Language = Literal["zh-CN", "en"]
KeyBytes = Annotated[str, StringConstraints(pattern=r"^([0-9a-f]{2}){40,600}$")]
"""A SubjectPublicKeyInfo in DER, as hex."""


class KeyRegistration(Frozen):
    """The message by which a key says whose it is, signed by that key."""

    name: ClassVar[str] = "key-registration"

    v: Literal[1]
    account: Account
    key: KeyBytes

    @classmethod
    def payload_type(cls) -> str:
        """Return the DSSE payload type of this message."""
        return f"application/vnd.kaibiao.{cls.name}.v1+json"

    @classmethod
    def read(cls, payload: bytes) -> Self:
        """Parse a payload strictly; raises ValueError when it is not canonically this message."""
        canonical.loads(payload)
        return cls.model_validate_json(payload)

    def payload(self) -> bytes:
        """Return the canonical bytes to sign."""
        return canonical.dumps(self.model_dump(mode="json"))


class OrganisationRegistered(Event):
    """An organisation was entered."""

    type: Literal["registry.organisation_registered"] = "registry.organisation_registered"
    organisation: OrganisationId
    name: Line
    kind: CodeKind
    code: Code


class OrganisationRenamed(Event):
    """An organisation has another name from now on; projects keep the one they were begun with."""

    type: Literal["registry.organisation_renamed"] = "registry.organisation_renamed"
    organisation: OrganisationId
    name: Line
    reason: Line


class AccountOpened(Event):
    """A person got an account for an organisation; it has no password before an invitation."""

    type: Literal["registry.account_opened"] = "registry.account_opened"
    account: Account
    name: Line
    organisation: OrganisationId
    roles: Roles


class RolesChanged(Event):
    """An account may from now on be used for these roles."""

    type: Literal["registry.roles_changed"] = "registry.roles_changed"
    account: Account
    roles: Roles
    reason: Line


class AccountDisabled(Event):
    """An account can no longer be used; its sessions ended."""

    type: Literal["registry.account_disabled"] = "registry.account_disabled"
    account: Account
    reason: Line


class AccountEnabled(Event):
    """An account can be used again."""

    type: Literal["registry.account_enabled"] = "registry.account_enabled"
    account: Account
    reason: Line


class AccountInvited(Event):
    """Somebody was asked to choose a password; the token's hash is in a table, not here."""

    type: Literal["registry.account_invited"] = "registry.account_invited"
    account: Account
    invitation: Hex32
    until: Millis


class InvitationAccepted(Event):
    """A person chose a password on an invitation; earlier sessions ended."""

    type: Literal["registry.invitation_accepted"] = "registry.invitation_accepted"
    account: Account
    invitation: Hex32


class PasswordChanged(Event):
    """A person changed the password; all other sessions ended."""

    type: Literal["registry.password_changed"] = "registry.password_changed"
    account: Account


class LanguageChosen(Event):
    """A person chose the language of pages and answers."""

    type: Literal["registry.language_chosen"] = "registry.language_chosen"
    account: Account
    language: Language


class KeyRegistered(Event):
    """A person's device registered a signing key; the envelope holds `key-registration`."""

    type: Literal["registry.key_registered"] = "registry.key_registered"
    account: Account
    keyid: Hex64
    envelope: Signed


class KeyRevoked(Event):
    """A signing key must no longer be taken into any project."""

    type: Literal["registry.key_revoked"] = "registry.key_revoked"
    account: Account
    keyid: Hex64
    reason: Line


class PasskeyRegistered(Event):
    """A person may sign in with a device; its public key is in a table, not here."""

    type: Literal["registry.passkey_registered"] = "registry.passkey_registered"
    account: Account
    passkey: Hex64
    """SHA-256 of the credential's id."""


class PasskeyRemoved(Event):
    """A device can no longer be signed in with."""

    type: Literal["registry.passkey_removed"] = "registry.passkey_removed"
    account: Account
    passkey: Hex64


RegistryEvent = Annotated[
    OrganisationRegistered
    | OrganisationRenamed
    | AccountOpened
    | RolesChanged
    | AccountDisabled
    | AccountEnabled
    | AccountInvited
    | InvitationAccepted
    | PasswordChanged
    | LanguageChosen
    | KeyRegistered
    | KeyRevoked
    | PasskeyRegistered
    | PasskeyRemoved,
    Field(discriminator="type"),
]
