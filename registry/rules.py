"""What the registry allows: a fold and a decision, both pure; it knows no password and no table."""

from typing import Any, get_args

from record.events import Event, Stamp
from record.rules import Given
from registry import accounts, keys, organisations, passkeys
from registry.commands import (
    AcceptInvitation,
    BeginInstallation,
    ChangePassword,
    ChangeRoles,
    ChooseLanguage,
    DisableAccount,
    EnableAccount,
    InviteAccount,
    OpenAccount,
    RegisterKey,
    RegisterOrganisation,
    RegisterPasskey,
    RegistryCommand,
    RemovePasskey,
    RenameOrganisation,
    RevokeKey,
)
from registry.events import RegistryEvent
from registry.permissions import permit
from registry.state import RegistryState, evolve

_CLASSES: dict[str, type[Event]] = {
    kind.model_fields["type"].default: kind for kind in get_args(get_args(RegistryEvent)[0])
}


class RegistryRules:
    """The rules of the installation's own record."""

    def initial(self, project: str) -> RegistryState:
        """Return the state before the first entry."""
        del project
        return RegistryState()

    def parse(self, event_type: str, body: bytes) -> Event:
        """Read an event back; an unknown type is a ValueError."""
        kind = _CLASSES.get(event_type)
        if kind is None:
            raise ValueError("no such event: " + event_type)
        return kind.from_body(body)

    def evolve(self, state: RegistryState, event: Any, stamp: Stamp) -> RegistryState:
        """Fold one event in."""
        return evolve(state, event, stamp)

    def decide(
        self, state: RegistryState, command: RegistryCommand, given: Given
    ) -> tuple[Event, ...]:
        """Check permission and rule, and return the events; raises Refused."""
        permit(state, command, given)
        return decide(state, command, given)


def decide(  # noqa: C901, PLR0911, PLR0912 - one row a command, nothing else
    state: RegistryState, command: RegistryCommand, given: Given
) -> tuple[Event, ...]:
    """Hand a permitted command to its rule."""
    match command:
        case BeginInstallation():
            return accounts.begin_installation(state, command, given)
        case RegisterOrganisation():
            return organisations.register_organisation(state, command, given)
        case RenameOrganisation():
            return organisations.rename_organisation(state, command)
        case OpenAccount():
            return accounts.open_account(state, command)
        case InviteAccount():
            return accounts.invite_account(state, command, given)
        case AcceptInvitation():
            return accounts.accept_invitation(state, command, given)
        case ChangePassword():
            return accounts.change_password(given)
        case ChooseLanguage():
            return accounts.choose_language(state, command, given)
        case ChangeRoles():
            return accounts.change_roles(state, command)
        case DisableAccount():
            return accounts.disable_account(state, command, given)
        case EnableAccount():
            return accounts.enable_account(state, command)
        case RegisterKey():
            return keys.register_key(state, command, given)
        case RevokeKey():
            return keys.revoke_key(state, command, given)
        case RegisterPasskey():
            return passkeys.register_passkey(state, given)
        case RemovePasskey():
            return passkeys.remove_passkey(state, command, given)
