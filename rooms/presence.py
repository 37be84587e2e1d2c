"""Who is here: connections by account, with some grace, so that a reconnect is no coming and going.

It carries no authority and is in no record. Time is an argument; it sends nothing.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field

GRACE_MS = 20_000
"""How long somebody whose line dropped still counts as here."""


@dataclass(slots=True)
class _Here:
    connections: int = 0
    left: int = 0
    """When the last connection ended, ms."""


@dataclass(slots=True)
class Presence:
    """The accounts that are in one room."""

    _here: dict[str, _Here] = field(default_factory=dict)

    def came(self, account: str) -> None:
        """Note one more connection of an account."""
        self._here.setdefault(account, _Here()).connections += 1

    def went(self, account: str, now: int) -> None:
        """Note that a connection of an account ended."""
        here = self._here.get(account)
        if here is not None and here.connections:
            here.connections -= 1
            here.left = now

    def here(self, now: int) -> Mapping[str, bool]:
        """Return who is here, in order: account -> whether a line is up at this moment."""
        for account, here in list(self._here.items()):
            if not here.connections and now - here.left >= GRACE_MS:
                del self._here[account]
        return {account: bool(here.connections) for account, here in sorted(self._here.items())}
