"""Whom the client believes: the keys pinned at first use, and a log that never goes back.

It must not fetch anything by itself but the proof that one tree head continues another.
"""

import asyncio

from client.errors import Declined, NotTrusted, Unusable
from client.http import Service
from client.profile import Profile, Trust
from crypto.checkpoints import CosignedCheckpoint, open_cosigned
from crypto.merkle import ProofInvalid, verify_consistency
from crypto.notes import NoteInvalid, VerifierKey


class Watch:
    """The log as this profile sees it: every tree head must continue the newest one seen."""

    def __init__(self, profile: Profile, service: Service) -> None:
        self._profile = profile
        self._service = service
        self._lock = asyncio.Lock()

    @property
    def trust(self) -> Trust:
        """The pinned keys.

        Raises:
            Unusable: none are pinned yet.
        """
        if self._profile.trust is None:
            raise Unusable("no keys are pinned yet; sign in first")
        return self._profile.trust

    async def pin(self) -> Trust:
        """Pin the service's keys at first use; later, refuse others.

        Raises:
            NotTrusted: the service shows other keys than the pinned ones.
        """
        told = await self._service.get("/api/log/keys")
        shown = Trust(
            log=str(told["log"]),
            timekeeper=str(told.get("witness") or ""),
            service=str(told["service"]),
        )
        known = self._profile.trust
        if known is not None and known != shown:
            raise NotTrusted("the service shows other keys than the pinned ones")
        self._profile.trust = shown
        self._profile.save()
        return shown

    def open(self, note: bytes) -> CosignedCheckpoint:
        """Check both signatures of a tree head.

        Raises:
            NotTrusted: one does not hold.
        """
        try:
            log = VerifierKey.decode(self.trust.log)
            return open_cosigned(note, log, VerifierKey.decode(self.trust.timekeeper))
        except NoteInvalid as error:
            raise NotTrusted("a checkpoint is not signed by log and timekeeper", error) from error

    async def see(self, note: bytes) -> CosignedCheckpoint:
        """Check that a cosigned tree head belongs to the same log as the newest one seen.

        Raises:
            NotTrusted: the log showed two histories, or a signature does not hold.
        """
        shown = self.open(note)
        async with self._lock:
            if not self._profile.checkpoint:
                self._profile.checkpoint = note
                return shown
            seen = self.open(self._profile.checkpoint)
            older, newer = sorted((seen, shown), key=lambda one: one.checkpoint.size)
            await self._check_continues(older, newer)
            if newer is shown and shown.checkpoint.size > seen.checkpoint.size:
                self._profile.checkpoint = note
        return shown

    async def newest(self) -> CosignedCheckpoint:
        """Fetch the newest cosigned tree head and check it."""
        return await self.see(await self._service.get_bytes("/api/log/checkpoint"))

    async def _check_continues(self, older: CosignedCheckpoint, newer: CosignedCheckpoint) -> None:
        old, new = older.checkpoint, newer.checkpoint
        if old.size == new.size:
            if old.root != new.root:
                raise NotTrusted("the log signed two trees of one size", old.size)
            return
        try:
            told = await self._service.get("/api/log/consistency", old=old.size, new=new.size)
            proof = [bytes.fromhex(step) for step in told["proof"]]
            verify_consistency(old.size, old.root, new.size, new.root, proof)
        except (ProofInvalid, ValueError, KeyError, Declined) as error:
            raise NotTrusted("the log does not continue what it showed before", error) from error
