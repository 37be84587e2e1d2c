"""What an administrator does: the first account, organisations, accounts, invitations.

It must not know anybody's password but its own: others choose theirs on an invitation.
"""

import hashlib
from collections.abc import Iterable
from dataclasses import dataclass

from client import keys
from client.seat import Answer, Seat
from crypto import canonical, random
from crypto.signatures import PrivateKey, payload_type


@dataclass(frozen=True, slots=True)
class Organisation:
    """An organisation as it is entered.

    Args:
        kind: `uscc` for a unified social credit code, `other` for another register's number.
    """

    name: str
    kind: str
    code: str


@dataclass(frozen=True, slots=True)
class Person:
    """An account as it is opened."""

    account: str
    name: str
    organisation: str
    roles: tuple[str, ...]


async def begin(
    seat: Seat, first_token: str, organisation: Organisation, person: Person, password: str
) -> None:
    """Make the first administrator with the token the service printed at its first start."""
    told = await seat.service.post(
        "/api/registry/first",
        {
            "token": first_token,
            "organisation": organisation.name,
            "kind": organisation.kind,
            "code": organisation.code,
            "account": person.account,
            "name": person.name,
            "password": password,
        },
    )
    await seat.take_session(person.account, str(told["token"]))


async def enter_organisation(seat: Seat, organisation: Organisation) -> str:
    """Enter an organisation and return its id."""
    answer = await seat.ask_registry(
        {
            "type": "registry.register_organisation",
            "name": organisation.name,
            "kind": organisation.kind,
            "code": organisation.code,
        }
    )
    return str(answer.events[0]["organisation"])


async def open_account(seat: Seat, person: Person) -> str:
    """Open an account, invite its person, and return the invitation's token."""
    await seat.ask_registry(
        {
            "type": "registry.open_account",
            "account": person.account,
            "name": person.name,
            "organisation": person.organisation,
            "roles": list(person.roles),
        }
    )
    return await invite(seat, person.account)


async def invite(seat: Seat, account: str) -> str:
    """Invite a person to choose a password; the token is shown once and kept nowhere."""
    token = random.fresh(32).hex()
    await seat.ask_registry(
        {
            "type": "registry.invite_account",
            "account": account,
            "token_hash": hashlib.sha256(token.encode()).hexdigest(),
        }
    )
    return token


async def invited(seat: Seat, token: str) -> str:
    """Return the account an invitation is for."""
    told = await seat.service.post("/api/registry/invitations/look", {"token": token})
    return str(told["account"])


async def accept_invitation(seat: Seat, account: str, token: str, password: str) -> None:
    """Choose a password on an invitation and be signed in."""
    told = await seat.service.post(
        "/api/registry/invitations", {"token": token, "password": password}
    )
    await seat.take_session(account, str(told["token"]))


async def register_key(seat: Seat, key: PrivateKey) -> Answer:
    """Register a signing key of one's own; the message is signed by the key itself."""
    payload = canonical.dumps({"v": 1, "account": seat.account, "key": keys.spki(key)})
    message = keys.sign_payload(payload_type("key-registration"), payload, key)
    return await seat.ask_registry(
        {"type": "registry.register_key", "message": message.model_dump(mode="json")}
    )


async def accounts(seat: Seat) -> list[dict[str, object]]:
    """List the accounts this seat may see."""
    return await _pages(seat, "/api/registry/accounts", "account")


async def organisations(seat: Seat) -> list[dict[str, object]]:
    """List the organisations this seat may see."""
    return await _pages(seat, "/api/registry/organisations", "organisation")


async def disable(seat: Seat, account: str, reason: str) -> Answer:
    """End the use of an account."""
    return await seat.ask_registry(
        {"type": "registry.disable_account", "account": account, "reason": reason}
    )


async def change_roles(seat: Seat, account: str, roles: Iterable[str], reason: str) -> Answer:
    """Say what an account may be used for from now on."""
    return await seat.ask_registry(
        {
            "type": "registry.change_roles",
            "account": account,
            "roles": sorted(roles),
            "reason": reason,
        }
    )


async def _pages(seat: Seat, path: str, key: str) -> list[dict[str, object]]:
    found: list[dict[str, object]] = []
    after = ""
    while True:
        page = await seat.service.get(path, after=after)
        found += page["items"]
        after = page.get("next", "")
        if not after:
            return sorted(found, key=lambda one: str(one[key]))
