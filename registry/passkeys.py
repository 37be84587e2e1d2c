"""How passkeys enter and leave the registry; pure, the device's answer comes checked."""

from dataclasses import dataclass

from record.errors import NotAllowed, NotFound, NotValid, OutOfOrder
from record.rules import Given
from registry.accounts import account_of
from registry.commands import RemovePasskey
from registry.events import PasskeyRegistered, PasskeyRemoved
from registry.state import RegistryState

PASSKEYS_AN_ACCOUNT = 20
"""How many passkeys one account can have at a time."""


@dataclass(frozen=True, slots=True)
class CheckedPasskey:
    """A device answered the challenge of this account, with its user verified."""

    account: str
    passkey: str


def register_passkey(state: RegistryState, given: Given) -> tuple[PasskeyRegistered]:
    """Enter a passkey of the actor's own.

    Refusals: registry.passkey_not_proved, registry.passkey_taken, registry.too_many_passkeys.
    """
    checked = given.checked
    if not isinstance(checked, CheckedPasskey) or checked.account != given.actor.account:
        raise NotValid("registry.passkey_not_proved")
    if any(checked.passkey in found.passkeys for found in state.accounts.values()):
        raise OutOfOrder("registry.passkey_taken")
    if len(account_of(state, checked.account).passkeys) >= PASSKEYS_AN_ACCOUNT:
        raise OutOfOrder("registry.too_many_passkeys")
    return (PasskeyRegistered(account=checked.account, passkey=checked.passkey),)


def remove_passkey(
    state: RegistryState, command: RemovePasskey, given: Given
) -> tuple[PasskeyRemoved]:
    """Strike a passkey out: its owner or an administrator does.

    Refusals: registry.not_permitted, registry.no_such_passkey.
    """
    actor = given.actor.account
    if actor != command.account and "administrator" not in account_of(state, actor).roles:
        raise NotAllowed("registry.not_permitted")
    if command.passkey not in account_of(state, command.account).passkeys:
        raise NotFound("registry.no_such_passkey")
    return (PasskeyRemoved(account=command.account, passkey=command.passkey),)
