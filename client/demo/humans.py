"""Who of the demo's people is played by a person at a browser, and for how long a bot waits.

It must not keep a role from a person for good, nor the demo from going on: every wait has an end.
"""

from collections.abc import Iterable

from client import clock
from client.errors import ClientError
from client.seat import Seat

_LOOK = 1.0
"""Seconds between two questions to the service."""


class Humans:
    """Asks the service who is here.

    Args:
        admin: an administrator's seat; None where the bots are among themselves.
    """

    def __init__(self, admin: Seat | None) -> None:
        self._admin = admin
        self._here: frozenset[str] = frozenset()
        self._asked: float | None = None
        self._since: dict[tuple[str, str], float] = {}

    async def here(self) -> frozenset[str]:
        """Return the accounts that people play; whoever was here stays while nobody answers."""
        now = clock.ticks()
        is_new = self._asked is not None and now - self._asked < _LOOK
        if self._admin is None or is_new:
            return self._here
        self._asked = now
        try:
            told = await self._admin.service.get("/api/demo/here")
        except ClientError:
            return self._here
        self._here = frozenset(told["accounts"])
        return self._here

    async def waits(self, account: str, what: str, patience: float) -> bool:
        """Tell whether a person is still to be waited for.

        Args:
            account: who would act.
            what: named apart from everything else that person may do.
            patience: seconds from when the person could first have done it.
        """
        if account not in await self.here():
            return False
        since = self._since.setdefault((account, what), clock.ticks())
        return clock.ticks() - since < patience

    async def among(self, accounts: Iterable[str]) -> frozenset[str]:
        """Return which of some accounts people play."""
        return (await self.here()).intersection(accounts)


NOBODY = Humans(None)
"""For what the bots play alone."""
