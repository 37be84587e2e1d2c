"""Asking the witness: every new checkpoint is sent until it is cosigned; nothing else waits for it.

It must not sign, and it keeps no checkpoint whose cosignature it has not checked.
"""

import asyncio
import logging
from dataclasses import dataclass
from typing import Protocol

from crypto.checkpoints import Checkpoint, add_cosignature
from crypto.notes import NoteInvalid, VerifierKey
from crypto.witness import parse_cosignatures
from record import proofs
from record.store import Cosigned, Store, StoreAway

_log = logging.getLogger(__name__)


class WitnessAway(Exception):
    """The witness does not answer, or not as its protocol says."""


class WitnessHolds(Exception):
    """The witness cosigned another size last; it says which."""

    def __init__(self, size: int) -> None:
        super().__init__(f"the witness holds size {size}")
        self.size = size


class Witness(Protocol):
    """Somebody outside who sees that the log only grows."""

    async def cosign(self, old: int, proof: tuple[bytes, ...], note: bytes) -> bytes:
        """Ask for a cosignature; the request is `crypto.witness.AddCheckpoint`.

        Returns:
            The answer's body: signature lines.

        Raises:
            WitnessAway: no answer, or a refusal.
            WitnessHolds: its last size is not `old`.
        """


@dataclass(frozen=True, slots=True)
class Signed:
    """A checkpoint with the log's own signature."""

    checkpoint: Checkpoint
    note: bytes


class Witnessing:
    """Keeps asking about the newest checkpoint.

    Args:
        store: keeps cosigned checkpoints.
        witness: who is asked.
        key: checks what it answers.
        patience: seconds an answer may take.
    """

    def __init__(self, store: Store, witness: Witness, key: VerifierKey, patience: float) -> None:
        self.key = key
        self.head: Signed | None = None
        self.cosigned_size = 0
        self._shown = asyncio.Event()
        self._waiting: list[tuple[int, asyncio.Future[None]]] = []
        self._store = store
        self._witness = witness
        self._patience = patience
        self._held = 0

    async def recover(self) -> None:
        """Take up what was cosigned before."""
        newest = await self._store.newest_cosigned()
        self.cosigned_size = self._held = newest.size if newest is not None else 0

    def show(self, head: Signed) -> None:
        """Show a new checkpoint, which is on disk."""
        self.head = head
        self._shown.set()

    async def holds(self, position: int) -> None:
        """Wait until a cosigned checkpoint holds a leaf."""
        if position >= self.cosigned_size:
            held: asyncio.Future[None] = asyncio.get_running_loop().create_future()
            self._waiting.append((position, held))
            await held

    async def run(self, first: float, longest: float) -> None:
        """Ask again and again, more slowly while there is no answer."""
        pause = first
        while True:
            await self._shown.wait()
            self._shown.clear()
            head = self.head
            if head is None or head.checkpoint.size <= self.cosigned_size:
                continue
            try:
                await self._ask(head)
            except (WitnessAway, StoreAway, TimeoutError) as error:
                _log.warning("size %d is not cosigned: %r", head.checkpoint.size, error)
            except Exception:  # noqa: BLE001 - whatever it was, receipts must go on
                _log.exception("size %d is not cosigned", head.checkpoint.size)
            else:
                pause = first
                continue
            self._shown.set()
            await asyncio.sleep(pause)
            pause = min(2 * pause, longest)

    async def _ask(self, head: Signed) -> None:
        size = head.checkpoint.size
        proof = await proofs.consistency(self._store, self._held, size)
        try:
            async with asyncio.timeout(self._patience):
                answer = await self._witness.cosign(self._held, proof, head.note)
        except WitnessHolds as other:
            self._take_size(other.size, size)
            self._shown.set()
            return
        try:
            line, _ = parse_cosignatures(answer, head.checkpoint, self.key)
        except NoteInvalid as error:
            message = f"its answer does not verify: {error}"
            raise WitnessAway(message) from error
        self._held = size
        await self._store.keep_cosigned(Cosigned(size, add_cosignature(head.note, line)))
        self.cosigned_size = size
        self._wake()

    def _take_size(self, held: int, size: int) -> None:
        """Start from the size the witness says; it may have cosigned what we did not keep."""
        if held == self._held:
            raise WitnessAway("it holds the size asked from, and says another")
        if held > size:
            message = f"it holds size {held}, more than this log ever had"
            raise WitnessAway(message)
        self._held = held

    def _wake(self) -> None:
        """Wake whoever waits for a leaf that is held now."""
        waiting, self._waiting = self._waiting, []
        for position, held in waiting:
            if held.done():
                continue
            if position < self.cosigned_size:
                held.set_result(None)
            else:
                self._waiting.append((position, held))
