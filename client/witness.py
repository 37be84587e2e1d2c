"""The timekeeper as witness of the log: it cosigns a tree head only if that continues the last.

What was cosigned last is durable before the cosignature exists, so that a crash here can never
lead to two histories. It sees no entry, only tree heads and proofs.

Source: C2SP tlog-witness v1.0.0 and tlog-cosignature v1.0.1.
"""

import asyncio
from dataclasses import dataclass
from pathlib import Path

from client import clock, durable
from crypto import checkpoints
from crypto.checkpoints import Checkpoint, parse_checkpoint
from crypto.notes import NoteSigner, VerifierKey
from crypto.witness import WitnessRefused, encode_size, judge

_SIZE_TYPE = "text/x.tlog.size"


@dataclass(frozen=True, slots=True)
class Answer:
    """What a request to cosign is answered with."""

    status: int
    body: bytes
    content_type: str = "text/plain; charset=utf-8"


class Witness:
    """Cosigns for one log.

    Args:
        path: the file that holds the last tree head cosigned.
        log: the log's key; no other log is known here.
        signer: used for cosignatures and for nothing else.
    """

    def __init__(self, path: Path, log: VerifierKey, signer: NoteSigner) -> None:
        self._path = path
        self._log = log
        self._signer = signer
        self._last = parse_checkpoint(path.read_bytes()) if path.exists() else None
        self._lock = asyncio.Lock()

    @property
    def last(self) -> Checkpoint | None:
        """The last tree head cosigned."""
        return self._last

    async def add_checkpoint(self, body: bytes) -> Answer:
        """Judge a request, make its tree head durable, and cosign it; one at a time."""
        async with self._lock:
            try:
                checkpoint = judge(body, self._log, self._last)
            except WitnessRefused as refused:
                if refused.size is not None:
                    return Answer(refused.status, encode_size(refused.size), _SIZE_TYPE)
                return Answer(refused.status, str(refused).encode() + b"\n")
            await asyncio.to_thread(durable.write, self._path, checkpoint.encode())
            self._last = checkpoint
            line = checkpoints.cosign(checkpoint, self._signer, clock.seconds())
            return Answer(200, line.encode())
