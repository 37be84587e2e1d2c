"""`python -m load_tests.witness FILE LOG_VKEY PORT`: the timekeeper's witness in its own process.

It is the product's own, durable before it cosigns; it must not do the timekeeper's other tasks,
which need a person's passphrase.
"""

import asyncio
import sys
from pathlib import Path

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from client.timekeeper_http import serving
from client.witness import Witness
from crypto.notes import COSIGNATURE_V1, NoteSigner, VerifierKey

SIGNER = NoteSigner(
    "timekeeper", COSIGNATURE_V1, Ed25519PrivateKey.from_private_bytes(bytes(31) + b"\2")
)


async def main() -> None:
    """Cosign until this process is ended."""
    path, log, port = sys.argv[1:4]
    witness = Witness(Path(path), VerifierKey.decode(log), SIGNER)
    async with serving(witness, "127.0.0.1", int(port)):
        await asyncio.Event().wait()


if __name__ == "__main__":
    asyncio.run(main())
