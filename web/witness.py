"""Asking the timekeeper for cosignatures over HTTP; it must not believe what it answers.

Source: C2SP tlog-witness v1.0.0, add-checkpoint. The sequencer checks every cosignature.
"""

from dataclasses import dataclass

import httpx

from crypto.notes import COSIGNATURE_V1, NoteInvalid, VerifierKey
from crypto.witness import AddCheckpoint, parse_size
from record.witnessing import WitnessAway, WitnessHolds
from web.clock import Clock

ANSWER_LIMIT = 64 << 10
CONFLICT_TYPE = "text/x.tlog.size"
NOBODY = VerifierKey("nobody", COSIGNATURE_V1, bytes(32))
"""Stands where no witness is set up: no signature holds under it."""


@dataclass(frozen=True, slots=True)
class Exchange:
    """A cosignature that came back: what it is of, and when by our clock, ms UTC."""

    note: bytes
    asked: int
    answered: int


class HttpWitness:
    """A witness at an address.

    Args:
        url: what `/add-checkpoint` is put behind.
        timeout: seconds for one answer.
        clock: tells when it was asked and when it answered; its own time stands in its answer.
    """

    def __init__(self, url: str, timeout: float, clock: Clock) -> None:
        self.last: Exchange | None = None
        self._clock = clock
        self._url = url.rstrip("/") + "/add-checkpoint"
        self._client = httpx.AsyncClient(timeout=timeout, trust_env=False)

    async def cosign(self, old: int, proof: tuple[bytes, ...], note: bytes) -> bytes:
        """Ask for a cosignature; raises WitnessAway or WitnessHolds."""
        body, asked = AddCheckpoint(old, proof, note).encode(), self._clock.now()
        try:
            async with self._client.stream("POST", self._url, content=body) as answer:
                line = _read(answer, await _limited(answer))
        except httpx.HTTPError as error:
            raise WitnessAway(type(error).__name__) from error
        self.last = Exchange(note, asked, self._clock.now())
        return line

    async def close(self) -> None:
        """Let go of the connection."""
        await self._client.aclose()


class NoWitness:
    """Stands where no witness is set up; receipts wait until one is."""

    last: Exchange | None = None

    async def cosign(self, old: int, proof: tuple[bytes, ...], note: bytes) -> bytes:
        """Raise WitnessAway."""
        del old, proof, note
        raise WitnessAway("no witness is set up")

    async def close(self) -> None:
        """Do nothing: there is no connection."""


async def _limited(answer: httpx.Response) -> bytes:
    body = b""
    async for piece in answer.aiter_bytes():
        body += piece
        if len(body) > ANSWER_LIMIT:
            raise WitnessAway("the answer is too long")
    return body


def _read(answer: httpx.Response, body: bytes) -> bytes:
    if answer.status_code == 200:
        return body
    if answer.status_code == 409 and answer.headers.get("content-type") == CONFLICT_TYPE:
        try:
            raise WitnessHolds(parse_size(body))
        except NoteInvalid as error:
            raise WitnessAway("not a size") from error
    raise WitnessAway("status " + str(answer.status_code))
