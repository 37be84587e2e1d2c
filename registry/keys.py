"""How signing keys enter and leave the registry; pure, the proof of possession comes checked."""

from record.errors import NotAllowed, NotFound, NotValid, OutOfOrder
from record.rules import Given
from registry.accounts import account_of
from registry.commands import RegisterKey, RevokeKey
from registry.events import KeyRegistered, KeyRevoked
from registry.possession import CheckedKey
from registry.state import RegistryState

KEYS_AN_ACCOUNT = 100
"""How many keys one account can ever register, revoked ones counted."""


def register_key(state: RegistryState, command: RegisterKey, given: Given) -> tuple[KeyRegistered]:
    """Enter a key of the actor's own.

    Refusals: registry.key_not_proved, registry.key_of_another, registry.key_taken,
        registry.too_many_keys.
    """
    checked = given.checked
    if not isinstance(checked, CheckedKey):
        raise NotValid("registry.key_not_proved")
    if checked.account != given.actor.account:
        raise NotAllowed("registry.key_of_another")
    if checked.keyid in state.key_owners:
        raise OutOfOrder("registry.key_taken")
    if len(account_of(state, checked.account).keys) >= KEYS_AN_ACCOUNT:
        raise OutOfOrder("registry.too_many_keys")
    entered = KeyRegistered(account=checked.account, keyid=checked.keyid, envelope=command.message)
    return (entered,)


def revoke_key(state: RegistryState, command: RevokeKey, given: Given) -> tuple[KeyRevoked]:
    """Strike a key out: its owner or an administrator does.

    Refusals: registry.not_permitted, registry.no_such_key, registry.key_revoked.
    """
    actor = given.actor.account
    if actor != command.account and "administrator" not in account_of(state, actor).roles:
        raise NotAllowed("registry.not_permitted")
    key = account_of(state, command.account).keys.get(command.keyid)
    if key is None:
        raise NotFound("registry.no_such_key")
    if key.revoked:
        raise OutOfOrder("registry.key_revoked")
    return (KeyRevoked(account=command.account, keyid=command.keyid, reason=command.reason),)
