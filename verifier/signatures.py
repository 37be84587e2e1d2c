"""DSSE envelopes and the keys that sign them; it must not decide whose key counts.

Source: DSSE v1.0.0; docs/sealing.md section 2.
"""

import re
from dataclasses import dataclass
from typing import Any

from cryptography.exceptions import InvalidSignature, UnsupportedAlgorithm
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey
from cryptography.hazmat.primitives.asymmetric.utils import encode_dss_signature
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.serialization import (
    Encoding,
    PublicFormat,
    load_der_public_key,
)

from verifier.hashing import hash_hex
from verifier.notes import NoteInvalid, unbase64

_TYPE = re.compile(r"application/vnd\.kaibiao\.([a-z]+(?:-[a-z]+)*)\.v1\+json", re.ASCII)
_DER = (Encoding.DER, PublicFormat.SubjectPublicKeyInfo)
_HEX64 = re.compile(r"[0-9a-f]{64}", re.ASCII)


class EnvelopeInvalid(ValueError):
    """An envelope that is out of form."""


@dataclass(frozen=True)
class Envelope:
    """What an envelope claims."""

    name: str
    payload: bytes
    keyid: str
    signature: bytes

    def signed_by(self, spki: bytes) -> bool:
        """Tell whether the key of this SubjectPublicKeyInfo signed."""
        kind = f"application/vnd.kaibiao.{self.name}.v1+json".encode()
        counted = b"DSSEv1 %d %b %d " % (len(kind), kind, len(self.payload))
        return self.keyid == hash_hex(spki) and verifies(
            spki, self.signature, counted + self.payload
        )


def read_envelope(value: Any) -> Envelope:
    """Read an envelope whose fields have the right shapes already.

    Raises:
        EnvelopeInvalid: not one signature, a type out of form, or base64 in another spelling.
    """
    if len(value["signatures"]) != 1:
        raise EnvelopeInvalid("not one signature")
    found = _TYPE.fullmatch(value["payloadType"])
    only = value["signatures"][0]
    if found is None or not _HEX64.fullmatch(only["keyid"]):
        raise EnvelopeInvalid("a type or a key id out of form")
    try:
        payload, signature = unbase64(value["payload"]), unbase64(only["sig"])
    except NoteInvalid as error:
        raise EnvelopeInvalid(str(error)) from error
    return Envelope(found[1], payload, only["keyid"], signature)


def verifies(spki: bytes, signature: bytes, message: bytes) -> bool:
    """Tell whether a signature of 64 bytes is this key's: ECDSA P-256 with SHA-256, or Ed25519."""
    try:
        key = load_der_public_key(spki)
        if len(signature) != 64 or key.public_bytes(*_DER) != spki:
            return False
        if isinstance(key, Ed25519PublicKey):
            key.verify(signature, message)
        elif isinstance(key, ec.EllipticCurvePublicKey) and isinstance(key.curve, ec.SECP256R1):
            r, s = int.from_bytes(signature[:32], "big"), int.from_bytes(signature[32:], "big")
            key.verify(encode_dss_signature(r, s), message, ec.ECDSA(SHA256()))
        else:
            return False
    except (InvalidSignature, ValueError, UnsupportedAlgorithm):
        return False
    return True
