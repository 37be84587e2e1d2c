"""A witness in this process, with a clock that only counts; and a log with its keys."""

import asyncio
from pathlib import Path

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from crypto.checkpoints import Checkpoint, cosign
from crypto.notes import COSIGNATURE_V1, ED25519, NoteSigner
from crypto.witness import AddCheckpoint, WitnessRefused, judge
from record.sequencer import Pace, Sequencer
from record.store import Store
from record.witnessing import WitnessAway, WitnessHolds

ORIGIN = "127.0.0.1/test"
LOG = NoteSigner(ORIGIN, ED25519, Ed25519PrivateKey.from_private_bytes(bytes(31) + b"\1"))
TIMEKEEPER = NoteSigner(
    "timekeeper", COSIGNATURE_V1, Ed25519PrivateKey.from_private_bytes(bytes(31) + b"\2")
)
PATIENCE = 120.0
"""How long to wait for a receipt, seconds; a busy machine takes its time."""
FAST = Pace(first=0.001, longest=0.01, witness=2.0)


class CountingWitness:
    """Judges as the real one does; can be sent away, and can lose its answer."""

    def __init__(self) -> None:
        self.last: Checkpoint | None = None
        self.seen: list[int] = []
        self.is_away = False
        self.loses_answers = 0
        self.now = 1_000
        self.asked = asyncio.Event()

    async def cosign(self, old: int, proof: tuple[bytes, ...], note: bytes) -> bytes:
        self.asked.set()
        if self.is_away:
            raise WitnessAway("away")
        body = AddCheckpoint(old, proof, note).encode()
        try:
            self.last = judge(body, LOG.verifier, self.last)
        except WitnessRefused as refused:
            if refused.size is not None:
                raise WitnessHolds(refused.size) from refused
            raise WitnessAway(str(refused)) from refused
        self.seen.append(self.last.size)
        self.now += 1
        if self.loses_answers:
            self.loses_answers -= 1
            raise WitnessAway("the answer was lost")
        return cosign(self.last, TIMEKEEPER, self.now).encode()


def sequencer_of(store: Store, path: Path, witness: CountingWitness) -> Sequencer:
    """Make a sequencer for tests: it waits milliseconds where it would wait seconds."""
    return Sequencer(store, LOG, path, witness=witness, witness_key=TIMEKEEPER.verifier, pace=FAST)
