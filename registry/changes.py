"""The changes to the registry's tables that go with its events; each is one statement to run."""

from collections.abc import Mapping

from record.store import Change
from registry.tables import credentials, devices, invitations, passkeys, sessions


def set_password(account: str, password: str, at: int) -> tuple[Change, ...]:
    """Keep a password's hash in the place of the one before."""
    return (
        credentials.delete().where(credentials.c.account == account),
        credentials.insert().values(account=account, password=password, changed=at),
    )


def end_sessions(account: str, but: bytes | None = None) -> Change:
    """End the sessions of an account, all or all but one."""
    query = sessions.delete().where(sessions.c.account == account)
    return query if but is None else query.where(sessions.c.token_hash != but)


def put_invitation(account: str, invitation: str, token_hash: bytes) -> tuple[Change, ...]:
    """Keep an invitation's token by its hash; the ones before are void."""
    values = {"token_hash": token_hash, "account": account, "invitation": invitation}
    return (drop_invitations(account), invitations.insert().values(**values))


def drop_invitations(account: str) -> Change:
    """Forget the invitations of an account."""
    return invitations.delete().where(invitations.c.account == account)


def put_device(keyid: str, account: str, device: str) -> tuple[Change, ...]:
    """Keep on which device a signing key was made."""
    return (
        devices.delete().where(devices.c.keyid == keyid),
        devices.insert().values(keyid=keyid, account=account, device=device),
    )


def put_passkey(values: Mapping[str, object]) -> Change:
    """Keep a passkey: what checks its signatures, and its counter."""
    return passkeys.insert().values(**values)


def drop_passkey(account: str, passkey: str) -> Change:
    """Forget a passkey of an account."""
    return passkeys.delete().where(passkeys.c.account == account, passkeys.c.passkey == passkey)
