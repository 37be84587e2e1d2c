"""The service's own two keys: one signs the log, one signs refusals; no key of a bid is ever here.

Both are made at the first start and kept in the data folder, readable by the service alone.
"""

import os
from dataclasses import dataclass
from pathlib import Path

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from crypto.notes import ED25519, NoteSigner
from crypto.random import fresh
from crypto.signatures import ed25519_private_key, public_spki

SEED_BYTES = 32


class KeyFileInvalid(Exception):
    """A key file is not what this service wrote; nothing is signed with it."""


@dataclass(frozen=True, slots=True)
class ServiceKeys:
    """What the service signs with.

    Args:
        log: signs tree heads under the log's name.
        refusals: signs the answers to signed bids that were not admitted.
    """

    log: NoteSigner
    refusals: Ed25519PrivateKey

    @property
    def refusal_spki(self) -> bytes:
        """Return the public key of refusals, SubjectPublicKeyInfo DER."""
        return public_spki(self.refusals)


def load_keys(folder: Path, log_name: str) -> ServiceKeys:
    """Read the keys, or make them at the first start.

    Args:
        folder: made with mode 0700 where it is missing.
        log_name: the log's origin; the log's key carries it.

    Raises:
        KeyFileInvalid: a file is there and is no key.
    """
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    log = ed25519_private_key(_seed(folder / "log.key"))
    refusals = ed25519_private_key(_seed(folder / "refusals.key"))
    return ServiceKeys(NoteSigner(log_name, ED25519, log), refusals)


def _seed(path: Path) -> bytes:
    if not path.exists():
        _write_once(path, fresh(SEED_BYTES).hex().encode() + b"\n")
    text = path.read_bytes()
    try:
        seed = bytes.fromhex(text.decode().removesuffix("\n"))
    except ValueError as error:
        raise KeyFileInvalid(str(path)) from error
    if len(seed) != SEED_BYTES:
        raise KeyFileInvalid(str(path))
    return seed


def _write_once(path: Path, content: bytes) -> None:
    """Write a file whole or not at all: a crash here leaves no half a key."""
    draft = path.with_suffix(".new")
    draft.unlink(missing_ok=True)
    descriptor = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(descriptor, "wb") as file:
        file.write(content)
        file.flush()
        os.fsync(file.fileno())
    draft.rename(path)
    folder = os.open(path.parent, os.O_RDONLY)
    try:
        os.fsync(folder)
    finally:
        os.close(folder)
