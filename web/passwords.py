"""Passwords as argon2id hashes; it never keeps, logs or compares a password in the open."""

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError

from record.errors import NotValid
from web.settings import PasswordCost
from web.workers import Workers

SHORTEST = 10
LONGEST = 200


class Passwords:
    """Hashes and checks passwords in threads, at one cost for known and unknown accounts."""

    def __init__(self, workers: Workers, cost: PasswordCost) -> None:
        self._workers = workers
        self._hasher = PasswordHasher(
            time_cost=cost.passes, memory_cost=cost.memory_kib, parallelism=cost.lanes
        )
        # checked in the place of a hash nobody has, so that the answer takes as long
        self._nobody = self._hasher.hash("nobody has this password")

    async def hash(self, password: str) -> str:
        """Return the hash to keep.

        Raises:
            NotValid: `web.password_length`, outside 10 to 200 characters.
        """
        if not SHORTEST <= len(password) <= LONGEST:
            raise NotValid("web.password_length", shortest=SHORTEST, longest=LONGEST)
        return await self._workers.run_password(self._hasher.hash, password)

    async def is_right(self, kept: str | None, password: str) -> bool:
        """Tell whether a password is the one behind a hash; no hash costs the same time."""
        if len(password) > LONGEST:
            password = password[:LONGEST]
            kept = None
        return await self._workers.run_password(self._is_right, kept, password)

    def _is_right(self, kept: str | None, password: str) -> bool:
        try:
            self._hasher.verify(kept if kept is not None else self._nobody, password)
        except (VerificationError, InvalidHashError):
            return False
        return kept is not None
