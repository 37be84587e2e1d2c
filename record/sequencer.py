"""The sequencer: puts entries into the log, signs its checkpoints and has them cosigned.

One at a time, for it holds the database's lock. It must not show a checkpoint whose size is not on
disk or which is not in the file outside the database, and never signs two of one size: what it
signs is always the tree as stored, so after a crash it goes on where the store stands.
"""

import asyncio
import contextlib
import logging
from contextlib import AsyncExitStack
from dataclasses import dataclass
from pathlib import Path
from types import TracebackType
from typing import Self

from crypto import merkle
from crypto.checkpoints import Checkpoint, open_checkpoint, sign_checkpoint
from crypto.notes import NoteInvalid, NoteSigner, VerifierKey
from crypto.random import fresh
from record import proofs
from record.checkpoint_file import CheckpointFile
from record.receipts import NotWitnessed, Receipts
from record.store import Cosigned, Placed, Store, StoreAway, Waiting
from record.tasks import end
from record.witnessing import Signed, Witness, WitnessAway, WitnessHolds, Witnessing

__all__ = [
    "LogBehind",
    "NotWitnessed",
    "Pace",
    "Sequencer",
    "Signed",
    "Witness",
    "WitnessAway",
    "WitnessHolds",
]

BATCH = 1000
COVERS = 3

_log = logging.getLogger(__name__)


class LogBehind(Exception):
    """The database is older than the checkpoints outside it, or another log's; nothing may run."""


@dataclass(frozen=True, slots=True)
class Pace:
    """How often what failed is tried again, and how long a witness may take; seconds."""

    first: float = 0.25
    longest: float = 15.0
    witness: float = 2.0


class Sequencer:
    """Runs as long as its `async with` block.

    Args:
        store: holds entries and log.
        signer: the log's key; its name is the log's origin.
        path: the file of checkpoints outside the database.
        witness: who cosigns.
        witness_key: the key its cosignatures are checked with.
        pace: how it waits.
    """

    def __init__(
        self,
        store: Store,
        signer: NoteSigner,
        path: Path,
        *,
        witness: Witness,
        witness_key: VerifierKey,
        pace: Pace | None = None,
    ) -> None:
        self._store = store
        self._signer = signer
        self._path = path
        self._pace = pace or Pace()
        self._witnessing = Witnessing(store, witness, witness_key, self._pace.witness)
        self._receipts = Receipts(store, self._witnessing)
        self._stack = AsyncExitStack()
        self._work = asyncio.Event()
        self._edge: dict[merkle.Node, bytes] = {}
        self._size = 0

    @property
    def log_key(self) -> VerifierKey:
        """The key that checks this log's checkpoints."""
        return self._signer.verifier

    @property
    def witness_key(self) -> VerifierKey:
        """The key that checks the witness's cosignatures."""
        return self._witnessing.key

    @property
    def head(self) -> Signed | None:
        """The newest checkpoint the log signed; None as long as the log is empty."""
        return self._witnessing.head

    async def __aenter__(self) -> Self:
        try:
            await self._stack.enter_async_context(self._store.sequencing())
            self._file = await asyncio.to_thread(CheckpointFile, self._path)
            self._stack.callback(self._file.close)
            await self._recover()
        except BaseException:
            await self._stack.aclose()
            raise
        self._work.set()
        tasks = [
            asyncio.create_task(self._run(), name="sequencer"),
            asyncio.create_task(self._witnessing.run(self._pace.first, self._pace.longest)),
        ]
        self._stack.push_async_callback(end, tasks)
        return self

    async def __aexit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        await self._stack.aclose()

    def wake(self) -> None:
        """Tell that entries may wait; the sequencer looks by itself when it starts."""
        self._work.set()

    async def receipt(self, project: str, seq: int, patience: float = 2.0) -> bytes:
        """Return the receipt of an entry; see `Receipts.receipt`."""
        return await self._receipts.receipt(project, seq, patience)

    async def proven(self, project: str, seqs: list[int]) -> dict[int, bytes]:
        """Return the receipts there are now, by number."""
        return await self._receipts.proven(project, seqs)

    async def cosigned(self) -> Cosigned | None:
        """Return the newest cosigned checkpoint."""
        return await self._store.newest_cosigned()

    async def _recover(self) -> None:
        """Take up the log as stored, and refuse when the file outside knows more."""
        await self._take_up()
        if self._file.last is not None:
            await self._check_against(self._file.last)
        await self._witnessing.recover()
        await self._publish()

    async def _take_up(self) -> None:
        self._size = await self._store.tree_size()
        self._edge = await self._store.nodes(merkle.frontier(self._size))

    async def _check_against(self, note: bytes) -> None:
        try:
            known = open_checkpoint(note, self.log_key)
        except NoteInvalid as error:
            message = f"{self._path} is another log's: {error}"
            raise LogBehind(message) from error
        if known.size > self._size:
            message = (
                f"the database has {self._size} leaves and {self._path} a checkpoint of "
                f"{known.size}: it was put back to an earlier state"
            )
            raise LogBehind(message)
        if await proofs.root(self._store, known.size) != known.root:
            message = f"the database and {self._path} disagree at size {known.size}"
            raise LogBehind(message)

    async def _run(self) -> None:
        pause = self._pace.first
        while True:
            await self._work.wait()
            self._work.clear()
            try:
                while await self._extend():
                    await self._publish()
                await self._publish()
                pause = self._pace.first
            except Exception:  # noqa: BLE001 - whatever it was, the log must go on
                # The tree may have grown or not: only the store knows, and is asked again.
                _log.exception("the log cannot grow now")
                self._work.set()
                await asyncio.sleep(pause)
                pause = min(2 * pause, self._pace.longest)
                with contextlib.suppress(StoreAway):
                    await self._take_up()
                    await self._receipts.look_again()

    async def _extend(self) -> bool:
        """Put what waits into the log; tell whether there was anything."""
        waiting = await self._store.waiting(BATCH)
        if not waiting:
            return False
        leaves = _with_covers(waiting)
        hashes = [merkle.leaf_hash(leaf.leaf) for leaf in leaves]
        grown = self._size + len(leaves)
        placed = [
            Placed(leaf.project, leaf.seq, position)
            for position, leaf in enumerate(leaves, start=self._size)
            if leaf.seq
        ]
        nodes = merkle.append(self._edge, self._size, hashes)
        await self._store.extend_log(self._size, grown, placed, nodes)
        known = self._edge | nodes
        self._edge = {node: known[node] for node in merkle.frontier(grown)}
        self._size = grown
        self._receipts.tell(placed)
        return True

    async def _publish(self) -> None:
        """Sign the tree as stored, keep the checkpoint outside the database, then show it."""
        head = self.head
        if self._size == (head.checkpoint.size if head is not None else 0):
            return
        root = merkle.tree_root(self._edge, self._size)
        checkpoint = Checkpoint(self._signer.name, self._size, root)
        note = sign_checkpoint(checkpoint, self._signer)
        if self._file.last != note:
            await asyncio.to_thread(self._file.append, note)
        self._witnessing.show(Signed(checkpoint, note))


def _with_covers(waiting: list[Waiting]) -> list[Waiting]:
    """Mix 0 to 3 leaves that stand for nothing among those that stand for entries."""
    leaves = list(waiting)
    for _ in range(fresh(1)[0] % (COVERS + 1)):
        at = int.from_bytes(fresh(8)) % (len(leaves) + 1)
        leaves.insert(at, Waiting("", 0, fresh(32)))
    return leaves
