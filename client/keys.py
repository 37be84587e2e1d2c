"""Signing keys kept in files under a passphrase, and how messages are signed with them.

It must not write a private key in the clear.
"""

from collections.abc import Callable
from pathlib import Path
from typing import Protocol, TypeAlias

from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import (
    BestAvailableEncryption,
    Encoding,
    NoEncryption,
    PrivateFormat,
    load_der_private_key,
    load_pem_private_key,
)

from client import durable
from client.errors import Unusable
from crypto import random, signatures
from crypto.signatures import PrivateKey
from record.events import Signed

KeySource: TypeAlias = Callable[[], PrivateKey]
"""Gives a signing key when it is needed, and asks for its passphrase not before."""


class Signable(Protocol):
    """A message that knows its payload type and its bytes."""

    @classmethod
    def payload_type(cls) -> str:
        """Return the payload type."""

    def payload(self) -> bytes:
        """Return the bytes to sign."""


def make() -> ec.EllipticCurvePrivateKey:
    """Make a signing key, ECDSA over P-256."""
    return signatures.p256_private_key(random.scalar())


def spki(key: PrivateKey) -> str:
    """Return the public key as the record names it, hex."""
    return signatures.public_spki(key).hex()


def keyid(key: PrivateKey) -> str:
    """Return the name of a key."""
    return signatures.keyid(signatures.public_spki(key))


def sign(message: Signable, key: PrivateKey) -> Signed:
    """Sign a message."""
    return sign_payload(message.payload_type(), message.payload(), key)


def sign_payload(payload_type: str, payload: bytes, key: PrivateKey) -> Signed:
    """Sign bytes of a payload type."""
    envelope = signatures.sign(payload_type, payload, key)
    return Signed.model_validate_json(signatures.envelope_bytes(envelope))


def pkcs8(key: PrivateKey) -> bytes:
    """Return a key as PKCS #8 DER, unencrypted: only for what is encrypted as a whole."""
    return key.private_bytes(Encoding.DER, PrivateFormat.PKCS8, NoEncryption())


def from_pkcs8(data: bytes) -> PrivateKey:
    """Read a key from PKCS #8 DER.

    Raises:
        Unusable: it is none, or of another kind.
    """
    try:
        return _known(load_der_private_key(data, None))
    except ValueError as error:
        raise Unusable("not a signing key") from error


def save(path: Path, key: PrivateKey, passphrase: str) -> None:
    """Keep a key in a file under a passphrase."""
    encryption = BestAvailableEncryption(passphrase.encode())
    durable.write(path, key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, encryption))


def load(path: Path, passphrase: str) -> PrivateKey:
    """Open a key's file.

    Raises:
        Unusable: there is no such file, or the passphrase does not open it.
    """
    if not path.exists():
        raise Unusable("there is no signing key", path)
    try:
        return _known(load_pem_private_key(path.read_bytes(), passphrase.encode()))
    except (ValueError, TypeError) as error:
        raise Unusable("the passphrase does not open the signing key") from error


def _known(key: object) -> PrivateKey:
    if not isinstance(key, PrivateKey):
        raise Unusable("a signing key of another kind")
    return key
