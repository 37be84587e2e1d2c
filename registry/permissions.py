"""Who may ask what of the registry: one row a command; no row, not allowed."""

from collections.abc import Mapping
from typing import Literal

from record.errors import NotAllowed
from record.rules import Given
from registry import commands
from registry.commands import RegistryCommand
from registry.state import RegistryState

Right = Literal["administrator", "account", "unknown"]
"""An administrator; anyone with an account in use; somebody who has no account in use yet."""

PERMISSIONS: Mapping[type[RegistryCommand], frozenset[Right]] = {
    commands.BeginInstallation: frozenset({"unknown"}),
    commands.RegisterOrganisation: frozenset({"administrator"}),
    commands.RenameOrganisation: frozenset({"administrator"}),
    commands.OpenAccount: frozenset({"administrator"}),
    commands.InviteAccount: frozenset({"administrator"}),
    commands.AcceptInvitation: frozenset({"unknown", "account"}),
    commands.ChangePassword: frozenset({"account"}),
    commands.ChooseLanguage: frozenset({"account"}),
    commands.ChangeRoles: frozenset({"administrator"}),
    commands.DisableAccount: frozenset({"administrator"}),
    commands.EnableAccount: frozenset({"administrator"}),
    commands.RegisterKey: frozenset({"account"}),
    commands.RevokeKey: frozenset({"account"}),
    commands.RegisterPasskey: frozenset({"account"}),
    commands.RemovePasskey: frozenset({"account"}),
}


def rights_of(state: RegistryState, account: str) -> frozenset[Right]:
    """Return what an account may be taken for."""
    found = state.accounts.get(account)
    if found is None or found.disabled or not found.active:
        return frozenset({"unknown"})
    if "administrator" in found.roles:
        return frozenset({"administrator", "account"})
    return frozenset({"account"})


def permit(state: RegistryState, command: RegistryCommand, given: Given) -> None:
    """Refuse a command that has no row for who asks; `registry.not_permitted`."""
    allowed = PERMISSIONS.get(type(command), frozenset())
    if not allowed & rights_of(state, given.actor.account):
        raise NotAllowed("registry.not_permitted")
