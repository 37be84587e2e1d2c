"""Receipts: waiting until an entry is in the log and cosigned, and proving it then.

It must not sign or ask a witness; it waits for those who do.
"""

import asyncio

from record import proofs
from record.entries import Entry
from record.errors import NotFound
from record.store import Placed, Store
from record.witnessing import Witnessing


class NotWitnessed(Exception):
    """No cosignature came in time; the receipt follows when the witness answers.

    Args:
        receipt: the same receipt with the log's signature alone, when the entry is in the log.
    """

    def __init__(self, receipt: bytes | None) -> None:
        super().__init__("not yet witnessed")
        self.receipt = receipt


class Receipts:
    """Makes receipts for one running sequencer.

    Args:
        store: holds entries, log and cosigned checkpoints.
        witnessing: knows what is cosigned.
    """

    def __init__(self, store: Store, witnessing: Witnessing) -> None:
        self._store = store
        self._witnessing = witnessing
        self._awaited: dict[tuple[str, int], asyncio.Future[int]] = {}

    async def receipt(self, project: str, seq: int, patience: float) -> bytes:
        """Return the receipt of an entry, against the first cosigned checkpoint that holds it.

        Args:
            project: whose record it is.
            seq: which entry.
            patience: seconds to wait for log and witness.

        Raises:
            NotFound: there is no such entry.
            NotWitnessed: the witness did not answer in time.
        """
        entry = await self._entry(project, seq)
        try:
            async with asyncio.timeout(patience):
                position = await self._sequenced(project, seq)
                await self._witnessing.holds(position)
        except TimeoutError:
            raise NotWitnessed(await self._own_receipt(entry)) from None
        return await self._receipt(entry, position)

    async def proven(self, project: str, seqs: list[int]) -> dict[int, bytes]:
        """Return the receipts there are now, by number."""
        receipts: dict[int, bytes] = {}
        for seq in seqs:
            position = await self._position(project, seq)
            if position is None or position >= self._witnessing.cosigned_size:
                continue
            receipts[seq] = await self._receipt(await self._entry(project, seq), position)
        return receipts

    async def look_again(self) -> None:
        """After a failure, look in the store for every entry somebody waits for."""
        await self._look(list(self._awaited))

    async def _receipt(self, entry: Entry, position: int) -> bytes:
        cosigned = await self._store.cosigned_holding(position)
        if cosigned is None:
            raise LookupError("a checkpoint was cosigned and is not kept")
        place = (position, cosigned.size)
        return await proofs.receipt(self._store, entry, place, cosigned.note)

    async def _sequenced(self, project: str, seq: int) -> int:
        """Wait until an entry is in the log; return its position."""
        unused: asyncio.Future[int] = asyncio.get_running_loop().create_future()
        # Registered before looking, so that the entry cannot slip in between unseen.
        future = self._awaited.setdefault((project, seq), unused)
        await self._look([(project, seq)])
        return await asyncio.shield(future)

    async def _look(self, awaited: list[tuple[str, int]]) -> None:
        """Look in the store for entries somebody waits for."""
        for project, seq in awaited:
            position = await self._position(project, seq)
            if position is not None:
                self.tell([Placed(project, seq, position)])

    def tell(self, placed: list[Placed]) -> None:
        """Tell that entries are in the log now."""
        for place in placed:
            future = self._awaited.pop((place.project, place.seq), None)
            if future is not None and not future.done():
                future.set_result(place.position)

    async def _own_receipt(self, entry: Entry) -> bytes | None:
        head = self._witnessing.head
        position = await self._position(entry.project, entry.seq)
        if head is None or position is None or position >= head.checkpoint.size:
            return None
        place = (position, head.checkpoint.size)
        return await proofs.receipt(self._store, entry, place, head.note)

    async def _entry(self, project: str, seq: int) -> Entry:
        found = await self._store.entries(project, seq - 1, 1)
        if seq < 1 or not found:
            raise NotFound("record.no_such_entry")
        return found[0]

    async def _position(self, project: str, seq: int) -> int | None:
        found = await self._store.positions(project, seq - 1, 1)
        return found[0].position if found and found[0].seq == seq else None
