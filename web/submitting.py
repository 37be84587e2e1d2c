"""How the registry's commands reach the desk; a password never comes along."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass

from crypto.hashing import H
from crypto.random import fresh
from record.desk import Outcome, Recorded
from record.events import Actor
from record.rules import Given
from record.store import Change
from registry.commands import RegistryCommand
from registry.events import RECORD
from web.services import Services

MakeChanges = Callable[[tuple[Recorded, ...]], Iterable[Change]]


def no_changes(_: tuple[Recorded, ...]) -> tuple[Change, ...]:
    """Change no table."""
    return ()


def these(*changes: Change) -> MakeChanges:
    """Make the same changes whatever the entries are."""
    return lambda _: changes


@dataclass(frozen=True, slots=True)
class Ask:
    """Who asks the registry for what, under which command id.

    Args:
        digest: over the request without any secret, 32 bytes.
    """

    account: str
    command_id: str
    digest: bytes
    received: int
    trace: Mapping[str, str]


async def ask_registry(
    services: Services,
    command: RegistryCommand,
    ask: Ask,
    *,
    checked: object | None = None,
    changes: MakeChanges = no_changes,
) -> Outcome:
    """Submit a command to the installation's own record, with the changes of its tables."""
    given = Given(
        actor=Actor(ask.account),
        received=ask.received,
        command_id=ask.command_id,
        fresh=fresh(32),
        checked=checked,
    )
    return await services.desk.submit(
        RECORD, command, given, digest=ask.digest, trace=ask.trace, changes=changes
    )


def once(services: Services, account: str, address: str) -> Ask:
    """Return an ask under a new id, for what is never sent again by itself."""
    command_id = fresh(16).hex()
    digest = H("request", account.encode(), command_id.encode())
    return Ask(account, command_id, digest, services.clock.now(), {"address": address})


def request_digest(account: str, body: bytes) -> bytes:
    """Return what a command id stands for: this body, sent by this account."""
    return H("request", account.encode(), body)
