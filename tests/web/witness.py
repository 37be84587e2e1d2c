"""A witness on a free port, with the protocol the timekeeper speaks; it can be told to be away."""

import asyncio
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import uvicorn

from crypto.checkpoints import Checkpoint, cosign
from crypto.notes import COSIGNATURE_V1, NoteSigner, VerifierKey
from crypto.signatures import ed25519_private_key
from crypto.witness import WitnessRefused, encode_size, judge
from tests.web.service import PATIENCE, listen

SIGNER = NoteSigner("timekeeper.example", COSIGNATURE_V1, ed25519_private_key(b"w" * 32))
SECONDS = 1_800_000_100


class Witness:
    """Cosigns the one log it is told of."""

    def __init__(self) -> None:
        self.log: VerifierKey | None = None
        self.last: Checkpoint | None = None
        self.is_away = False
        self.seconds = SECONDS

    async def __call__(self, scope: Any, receive: Any, send: Any) -> None:
        if scope["type"] != "http":
            return
        body, more = b"", True
        while more:
            message = await receive()
            body += message.get("body", b"")
            more = message.get("more_body", False)
        status, media, content = self.answer(body)
        headers = [(b"content-type", media)]
        await send({"type": "http.response.start", "status": status, "headers": headers})
        await send({"type": "http.response.body", "body": content})

    def answer(self, body: bytes) -> tuple[int, bytes, bytes]:
        if self.is_away or self.log is None:
            return 503, b"text/plain", b""
        try:
            checkpoint = judge(body, self.log, self.last)
        except WitnessRefused as refused:
            if refused.status == 409 and refused.size is not None:
                return 409, b"text/x.tlog.size", encode_size(refused.size)
            return refused.status, b"text/plain", b""
        self.last = checkpoint
        return 200, b"text/plain", cosign(checkpoint, SIGNER, self.seconds).encode()


@contextmanager
def witnessing() -> Iterator[tuple[Witness, str]]:
    """Run a witness; gives it and its address."""
    witness = Witness()
    listening = listen()
    config = uvicorn.Config(witness, log_config=None, lifespan="off")
    server = uvicorn.Server(config)
    thread = threading.Thread(target=lambda: asyncio.run(server.serve([listening])), daemon=True)
    thread.start()
    yield witness, f"http://127.0.0.1:{listening.getsockname()[1]}"
    server.should_exit = True
    thread.join(PATIENCE)
