"""What people ask of the registry; parsed strictly, judged in `registry.rules`.

No password and no token is ever part of a command: commands are hashed and kept.
"""

from typing import Annotated, Literal

from pydantic import Field, TypeAdapter

from record.events import Account, Hex64, Line, OrganisationId, Signed
from record.rules import Command
from registry.codes import CodeKind
from registry.events import Code, Language, RegistryRole

RoleSet = Annotated[frozenset[RegistryRole], Field(max_length=7)]


class BeginInstallation(Command):
    """First person: the first organisation and its administrator, while nobody is there yet."""

    type: Literal["registry.begin_installation"] = "registry.begin_installation"
    organisation_name: Line
    kind: CodeKind
    code: Code
    account: Account
    name: Line


class RegisterOrganisation(Command):
    """Administrator: enter an organisation."""

    type: Literal["registry.register_organisation"] = "registry.register_organisation"
    name: Line
    kind: CodeKind
    code: Code


class RenameOrganisation(Command):
    """Administrator: correct or change an organisation's name."""

    type: Literal["registry.rename_organisation"] = "registry.rename_organisation"
    organisation: OrganisationId
    name: Line
    reason: Line


class OpenAccount(Command):
    """Administrator: open an account for a person of an organisation."""

    type: Literal["registry.open_account"] = "registry.open_account"
    account: Account
    name: Line
    organisation: OrganisationId
    roles: RoleSet


class InviteAccount(Command):
    """Administrator: let a person choose a password, the first one or a forgotten one.

    The administrator's own client makes the token, 32 random bytes, and gives it to the person;
    here it names the token by its SHA-256 only.
    """

    type: Literal["registry.invite_account"] = "registry.invite_account"
    account: Account
    token_hash: Hex64


class AcceptInvitation(Command):
    """Whoever holds the token; `given.checked` is the `HeldInvitation`."""

    type: Literal["registry.accept_invitation"] = "registry.accept_invitation"
    account: Account


class ChangePassword(Command):
    """Anyone: a new password, after the old one was checked by the service."""

    type: Literal["registry.change_password"] = "registry.change_password"


class ChooseLanguage(Command):
    """Anyone: the language of pages and answers."""

    type: Literal["registry.choose_language"] = "registry.choose_language"
    language: Language


class ChangeRoles(Command):
    """Administrator: what an account may be used for."""

    type: Literal["registry.change_roles"] = "registry.change_roles"
    account: Account
    roles: RoleSet
    reason: Line


class DisableAccount(Command):
    """Administrator: end the use of an account."""

    type: Literal["registry.disable_account"] = "registry.disable_account"
    account: Account
    reason: Line


class EnableAccount(Command):
    """Administrator: allow the use of an account again."""

    type: Literal["registry.enable_account"] = "registry.enable_account"
    account: Account
    reason: Line


class RegisterKey(Command):
    """Anyone: register a signing key of one's own; the message is `key-registration`."""

    type: Literal["registry.register_key"] = "registry.register_key"
    message: Signed


class RevokeKey(Command):
    """Anyone for a key of one's own; an administrator for any."""

    type: Literal["registry.revoke_key"] = "registry.revoke_key"
    account: Account
    keyid: Hex64
    reason: Line


class RegisterPasskey(Command):
    """Anyone: sign in with a device from now on; `given.checked` is the `CheckedPasskey`."""

    type: Literal["registry.register_passkey"] = "registry.register_passkey"


class RemovePasskey(Command):
    """Anyone for a passkey of one's own; an administrator for any."""

    type: Literal["registry.remove_passkey"] = "registry.remove_passkey"
    account: Account
    passkey: Hex64


RegistryCommand = (
    BeginInstallation
    | RegisterOrganisation
    | RenameOrganisation
    | OpenAccount
    | InviteAccount
    | AcceptInvitation
    | ChangePassword
    | ChooseLanguage
    | ChangeRoles
    | DisableAccount
    | EnableAccount
    | RegisterKey
    | RevokeKey
    | RegisterPasskey
    | RemovePasskey
)

WireCommand = Annotated[
    RegisterOrganisation
    | RenameOrganisation
    | OpenAccount
    | InviteAccount
    | ChooseLanguage
    | ChangeRoles
    | DisableAccount
    | EnableAccount
    | RegisterKey
    | RevokeKey
    | RemovePasskey,
    Field(discriminator="type"),
]
"""What the command route takes; the others come by routes that handle a password or a device."""

WIRE: TypeAdapter[WireCommand] = TypeAdapter(WireCommand)
