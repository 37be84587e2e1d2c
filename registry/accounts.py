"""How accounts are opened, invited, changed and ended; pure, passwords are the service's matter."""

from dataclasses import dataclass

from record.errors import NotAllowed, NotFound, NotValid, OutOfOrder, TooLate
from record.events import Actor
from record.rules import Given
from registry import organisations
from registry.commands import (
    AcceptInvitation,
    BeginInstallation,
    ChangeRoles,
    ChooseLanguage,
    DisableAccount,
    EnableAccount,
    InviteAccount,
    OpenAccount,
)
from registry.events import (
    AccountDisabled,
    AccountEnabled,
    AccountInvited,
    AccountOpened,
    InvitationAccepted,
    LanguageChosen,
    OrganisationRegistered,
    PasswordChanged,
    RegistryRole,
    RolesChanged,
)
from registry.state import AccountEntry, RegistryState

RESERVED = frozenset({Actor.SERVICE, "anonymous"})
"""Names that stand for no person in a record."""
INVITATION_AGE = 7 * 24 * 3_600_000
"""How long an invitation can be accepted, ms."""


@dataclass(frozen=True, slots=True)
class FirstRun:
    """The service saw the token it had printed at its first start."""


@dataclass(frozen=True, slots=True)
class HeldInvitation:
    """The service found an invitation by the token somebody showed."""

    account: str
    invitation: str


def begin_installation(
    state: RegistryState, command: BeginInstallation, given: Given
) -> tuple[OrganisationRegistered, AccountOpened, PasswordChanged]:
    """Enter the first organisation and its administrator.

    Refusals: registry.not_empty, registry.first_token_wrong, registry.name_reserved,
        registry.code_not_valid, registry.code_taken.
    """
    if not state.is_empty:
        raise OutOfOrder("registry.not_empty")
    if not isinstance(given.checked, FirstRun):
        raise NotAllowed("registry.first_token_wrong")
    _check_name(state, command.account)
    organisation = given.new_id("organisation")
    return (
        organisations.enter(
            state, command.organisation_name, command.kind, command.code, organisation
        ),
        AccountOpened(
            account=command.account,
            name=command.name,
            organisation=organisation,
            roles=("administrator",),
        ),
        PasswordChanged(account=command.account),
    )


def open_account(state: RegistryState, command: OpenAccount) -> tuple[AccountOpened]:
    """Open an account for a person of a registered organisation.

    Refusals: registry.account_taken, registry.name_reserved, registry.no_such_organisation.
    """
    _check_name(state, command.account)
    if command.organisation not in state.organisations:
        raise NotFound("registry.no_such_organisation")
    opened = AccountOpened(
        account=command.account,
        name=command.name,
        organisation=command.organisation,
        roles=_in_order(command.roles),
    )
    return (opened,)


def invite_account(
    state: RegistryState, command: InviteAccount, given: Given
) -> tuple[AccountInvited]:
    """Let a person choose a password; an invitation before this one is void.

    Refusals: registry.no_such_account, registry.account_disabled.
    """
    if account_of(state, command.account).disabled:
        raise OutOfOrder("registry.account_disabled", account=command.account)
    until = given.received + INVITATION_AGE
    invitation = given.new_id("invitation")
    return (AccountInvited(account=command.account, invitation=invitation, until=until),)


def accept_invitation(
    state: RegistryState, command: AcceptInvitation, given: Given
) -> tuple[InvitationAccepted]:
    """Take an invitation up; it counts once.

    Refusals: registry.invitation_unknown, registry.invitation_expired.
    """
    found = state.accounts.get(command.account)
    held, open_one = given.checked, found.invitation if found is not None else None
    if (
        open_one is None
        or not isinstance(held, HeldInvitation)
        or (held.account, held.invitation) != (command.account, open_one.invitation)
    ):
        raise NotFound("registry.invitation_unknown")
    if given.received >= open_one.until:
        raise TooLate("registry.invitation_expired")
    return (InvitationAccepted(account=command.account, invitation=open_one.invitation),)


def change_password(given: Given) -> tuple[PasswordChanged]:
    """Note that the actor chose another password; the service checked the old one."""
    return (PasswordChanged(account=given.actor.account),)


def choose_language(
    state: RegistryState, command: ChooseLanguage, given: Given
) -> tuple[LanguageChosen]:
    """Choose the language of pages and answers.

    Refusals: registry.nothing_to_change.
    """
    account = account_of(state, given.actor.account)
    if account.language == command.language:
        raise OutOfOrder("registry.nothing_to_change")
    return (LanguageChosen(account=account.account, language=command.language),)


def change_roles(state: RegistryState, command: ChangeRoles) -> tuple[RolesChanged]:
    """Say what an account may be used for from now on.

    Refusals: registry.no_such_account, registry.nothing_to_change,
        registry.last_administrator.
    """
    account = account_of(state, command.account)
    roles = _in_order(command.roles)
    if roles == account.roles:
        raise OutOfOrder("registry.nothing_to_change")
    if "administrator" not in roles:
        _keep_an_administrator(state, account)
    return (RolesChanged(account=account.account, roles=roles, reason=command.reason),)


def disable_account(
    state: RegistryState, command: DisableAccount, given: Given
) -> tuple[AccountDisabled]:
    """End the use of an account.

    Refusals: registry.no_such_account, registry.account_disabled, registry.own_account,
        registry.last_administrator.
    """
    account = account_of(state, command.account)
    if account.disabled:
        raise OutOfOrder("registry.account_disabled", account=account.account)
    if account.account == given.actor.account:
        raise NotAllowed("registry.own_account")
    _keep_an_administrator(state, account)
    return (AccountDisabled(account=account.account, reason=command.reason),)


def enable_account(state: RegistryState, command: EnableAccount) -> tuple[AccountEnabled]:
    """Allow the use of an account again.

    Refusals: registry.no_such_account, registry.nothing_to_change.
    """
    account = account_of(state, command.account)
    if not account.disabled:
        raise OutOfOrder("registry.nothing_to_change")
    return (AccountEnabled(account=account.account, reason=command.reason),)


def account_of(state: RegistryState, account: str) -> AccountEntry:
    """Return an account; `registry.no_such_account` when there is none."""
    found = state.accounts.get(account)
    if found is None:
        raise NotFound("registry.no_such_account", account=account)
    return found


def _check_name(state: RegistryState, account: str) -> None:
    if account in RESERVED:
        raise NotValid("registry.name_reserved", account=account)
    if account in state.accounts:
        raise OutOfOrder("registry.account_taken", account=account)


def _keep_an_administrator(state: RegistryState, leaving: AccountEntry) -> None:
    others = [
        found
        for found in state.accounts.values()
        if found.account != leaving.account
        and "administrator" in found.roles
        and found.active
        and not found.disabled
    ]
    if "administrator" in leaving.roles and not others:
        raise OutOfOrder("registry.last_administrator")


def _in_order(roles: frozenset[RegistryRole]) -> tuple[RegistryRole, ...]:
    return tuple(sorted(roles))
