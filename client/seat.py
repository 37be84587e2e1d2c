"""One person at one service: signed in, with trust pinned, sending commands and reading proofs.

It must not know what any role does; roles are built on it.
"""

from dataclasses import dataclass
from types import TracebackType
from typing import Any, Self

from client import receipts
from client.http import PATIENCE, Service
from client.profile import Profile
from client.receipts import Proven
from client.trust import Watch
from crypto import random
from record.rules import Command


@dataclass(frozen=True, slots=True)
class Answer:
    """What an accepted command was answered with.

    Args:
        command_id: its receipt is asked for by this.
        events: as this seat may see them.
    """

    command_id: str
    events: tuple[dict[str, Any], ...]

    def first(self, event_type: str) -> dict[str, Any] | None:
        """Return the first event of a type."""
        return next((event for event in self.events if event["type"] == event_type), None)


class Seat:
    """Somebody's connection; enter it, then sign in or go on with the session there is."""

    def __init__(self, profile: Profile, *, patience: float = PATIENCE) -> None:
        self.profile = profile
        self.service = Service(profile.server, profile.token, patience=patience)
        self.watch = Watch(profile, self.service)

    async def __aenter__(self) -> Self:
        await self.service.__aenter__()
        return self

    async def __aexit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        await self.service.__aexit__(kind, error, trace)

    @property
    def account(self) -> str:
        """Who this is."""
        return self.profile.account

    async def sign_in(self, account: str, password: str) -> None:
        """Sign in, keep the session, and pin the service's keys at first use."""
        told = await self.service.post("/api/session", {"account": account, "password": password})
        await self.take_session(account, str(told["token"]))

    async def take_session(self, account: str, token: str) -> None:
        """Go on with a session somebody was handed, as after an invitation."""
        self.profile.account = account
        self.profile.token = token
        self.service.sign(token)
        await self.watch.pin()

    async def me(self) -> dict[str, Any]:
        """Ask the service who this is to it."""
        told: dict[str, Any] = await self.service.get("/api/me")
        return told

    async def do(self, project: str, command: Command, command_id: str = "") -> Answer:
        """Send a command; the id makes sending it twice do it once."""
        body = command.model_dump_json(exclude_none=True).encode()
        return await self.do_body(project, body, command_id)

    async def do_body(self, project: str, body: bytes, command_id: str = "") -> Answer:
        """Send a command as it was written before, unchanged."""
        name = command_id or random.fresh(16).hex()
        path = f"/api/projects/{project}/commands"
        told = await self.service.post_body(path, body, command_id=name)
        return Answer(name, tuple(told["events"]))

    async def ask_registry(self, command: dict[str, Any], command_id: str = "") -> Answer:
        """Send a command to the registry."""
        name = command_id or random.fresh(16).hex()
        told = await self.service.post("/api/registry/commands", command, command_id=name)
        return Answer(name, tuple(told["events"]))

    async def view(self, project: str) -> dict[str, Any]:
        """Read what this seat may see of a project."""
        told: dict[str, Any] = await self.service.get(f"/api/projects/{project}")
        return told

    async def receipt(self, project: str, command_id: str) -> Proven:
        """Wait for the receipt of a command and check it."""
        return await receipts.fetch(self.service, self.watch, project, command_id)

    async def proven(self, project: str, **query: str | int) -> tuple[Proven, ...]:
        """Fetch and check the receipts of one kind."""
        return await receipts.proven(self.service, self.watch, project, **query)
