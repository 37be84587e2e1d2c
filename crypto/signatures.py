"""Signed messages: one payload, its type and one signature, in an envelope of the DSSE standard.

It must not decide whose key counts, and never reads or rewrites a payload.
"""

import base64
import binascii
import hashlib
import json
import re
from collections.abc import Callable
from dataclasses import dataclass
from functools import lru_cache
from typing import TypeAlias

from cryptography.exceptions import InvalidSignature, UnsupportedAlgorithm
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey
from cryptography.hazmat.primitives.asymmetric.utils import (
    decode_dss_signature,
    encode_dss_signature,
)
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.serialization import (
    Encoding,
    PublicFormat,
    load_der_public_key,
)

_Verify: TypeAlias = Callable[[bytes, bytes], None]
PrivateKey: TypeAlias = ec.EllipticCurvePrivateKey | Ed25519PrivateKey
PublicKey: TypeAlias = ec.EllipticCurvePublicKey | Ed25519PublicKey
Envelope: TypeAlias = "dict[str, str | list[dict[str, str]]]"

ENVELOPE_LIMIT = 24 << 20
SPKI_LIMIT = 256
KNOWN_KEYS = 4096
"""How many public keys are kept as read; a key is public and never changes."""

_PRIVATE = (ec.EllipticCurvePrivateKey, Ed25519PrivateKey)
_KEYID = re.compile(r"[0-9a-f]{64}", re.ASCII)
_TYPE = re.compile(r"application/vnd\.kaibiao\.[a-z]+(?:-[a-z]+)*\.v1\+json", re.ASCII)
_ECDSA = ec.ECDSA(SHA256(), deterministic_signing=True)


class EnvelopeInvalid(ValueError):
    """A message that is no envelope, or not the one envelope its parts make."""


@dataclass(frozen=True, slots=True)
class UnverifiedEnvelope:
    """What an envelope claims; nothing in it is to be believed before `open_envelope`."""

    payload: bytes
    type_: str
    keyid: str
    signature: bytes


class SignatureInvalid(ValueError):
    """A signature that is not the key's over this type and payload, or a key of no known kind."""


def payload_type(message: str) -> str:
    """Return the payload type of a message, such as `bid` or `opening-order`."""
    return _checked_type(f"application/vnd.kaibiao.{message}.v1+json")


def pae(type_: str, payload: bytes) -> bytes:
    """Return the bytes that are signed.

    Source: DSSE v1.0.0, pre-authentication encoding.
    """
    name = type_.encode()
    return b"DSSEv1 %d %b %d %b" % (len(name), name, len(payload), payload)


def p256_private_key(scalar: int) -> ec.EllipticCurvePrivateKey:
    """Return the ECDSA key of a scalar in [1, q-1]."""
    return ec.derive_private_key(scalar, ec.SECP256R1())


def ed25519_private_key(seed: bytes) -> Ed25519PrivateKey:
    """Return the Ed25519 key of 32 random bytes."""
    return Ed25519PrivateKey.from_private_bytes(seed)


def public_spki(key: PrivateKey | PublicKey) -> bytes:
    """Return the public key as SubjectPublicKeyInfo DER."""
    public = key.public_key() if isinstance(key, _PRIVATE) else key
    return public.public_bytes(Encoding.DER, PublicFormat.SubjectPublicKeyInfo)


def keyid(spki: bytes) -> str:
    """Return the name of a key: the hex SHA-256 of its SubjectPublicKeyInfo."""
    return hashlib.sha256(spki).hexdigest()


@lru_cache(maxsize=KNOWN_KEYS)
def load_spki(spki: bytes) -> PublicKey:
    """Read a public key strictly: P-256 or Ed25519, in its one DER form.

    Raises:
        SignatureInvalid: it is no key, of another kind, or in another form.
    """
    try:
        key = load_der_public_key(spki) if len(spki) <= SPKI_LIMIT else None
    except (ValueError, UnsupportedAlgorithm) as error:
        raise SignatureInvalid("not a public key") from error
    if not isinstance(key, (ec.EllipticCurvePublicKey, Ed25519PublicKey)):
        raise SignatureInvalid("a key of no known kind")
    if public_spki(key) != spki:
        raise SignatureInvalid("a key in another form than its own")
    _verifier(key)
    return key


def sign(type_: str, payload: bytes, key: PrivateKey) -> Envelope:
    """Sign a payload and return its envelope.

    Args:
        type_: the whole payload type, as `payload_type` gives it.
        payload: the bytes, carried unchanged.
        key: the signer's private key.
    """
    message = pae(_checked_type(type_), payload)
    if isinstance(key, Ed25519PrivateKey):
        signature = key.sign(message)
    else:
        r, s = decode_dss_signature(key.sign(message, _ECDSA))
        signature = r.to_bytes(32) + s.to_bytes(32)
    return {
        "payload": _encode(payload),
        "payloadType": type_,
        "signatures": [{"keyid": keyid(public_spki(key)), "sig": _encode(signature)}],
    }


def envelope_bytes(envelope: Envelope) -> bytes:
    """Return an envelope's one byte form: sorted keys, no spaces."""
    return json.dumps(envelope, sort_keys=True, separators=(",", ":")).encode()


def parse_envelope(data: bytes) -> Envelope:
    """Read the bytes of an envelope strictly; its signature is not checked yet.

    Raises:
        EnvelopeInvalid: the bytes are not the one form of an envelope.
    """
    if len(data) > ENVELOPE_LIMIT:
        raise EnvelopeInvalid("too long")
    try:
        value: Envelope = json.loads(data)
    except (ValueError, RecursionError) as error:
        raise EnvelopeInvalid("not JSON") from error
    look_into(value)
    if envelope_bytes(value) != data:
        raise EnvelopeInvalid("not in its one form")
    return value


def look_into(envelope: object) -> UnverifiedEnvelope:
    """Read what an envelope claims, strictly, to find out whose key to check it with.

    Raises:
        EnvelopeInvalid: something is missing, unknown, of another shape or spelled otherwise.
    """
    match envelope:
        case {
            "payload": str(payload),
            "payloadType": str(type_),
            "signatures": [{"keyid": str(key), "sig": str(sig), **more}],
            **rest,
        } if not more and not rest:
            if not _KEYID.fullmatch(key):
                raise EnvelopeInvalid("not a key id")
            return UnverifiedEnvelope(_decode(payload), _checked_type(type_), key, _decode(sig))
    raise EnvelopeInvalid("not an envelope with one signature")


def open_envelope(envelope: object, expected_type: str, spki: bytes) -> bytes:
    """Check an envelope and return its payload.

    Args:
        envelope: the JSON object as it was parsed.
        expected_type: the whole payload type it must have.
        spki: the key that must have signed, SubjectPublicKeyInfo DER.

    Raises:
        EnvelopeInvalid: it is malformed, or of another type.
        SignatureInvalid: it names another key, or the signature does not verify.
    """
    claimed = look_into(envelope)
    if claimed.type_ != expected_type:
        raise EnvelopeInvalid("a message of another type")
    if claimed.keyid != keyid(spki):
        raise SignatureInvalid("signed with another key")
    verify(spki, claimed.signature, pae(expected_type, claimed.payload))
    return claimed.payload


def verify(spki: bytes, signature: bytes, message: bytes) -> None:
    """Check a bare signature with the verifier for the key's algorithm.

    Raises:
        SignatureInvalid: the key is of no known kind, or the signature is not its own.
    """
    if len(signature) != 64:
        raise SignatureInvalid("a signature has 64 bytes")
    check = _verifier(load_spki(spki))
    try:
        check(signature, message)
    except InvalidSignature as error:
        raise SignatureInvalid("the signature does not verify") from error


def _p256_verifier(key: PublicKey) -> _Verify | None:
    if not isinstance(key, ec.EllipticCurvePublicKey) or not isinstance(key.curve, ec.SECP256R1):
        return None

    def check(signature: bytes, message: bytes) -> None:
        r, s = int.from_bytes(signature[:32]), int.from_bytes(signature[32:])
        key.verify(encode_dss_signature(r, s), message, ec.ECDSA(SHA256()))

    return check


def _ed25519_verifier(key: PublicKey) -> _Verify | None:
    return key.verify if isinstance(key, Ed25519PublicKey) else None


_VERIFIERS: tuple[Callable[[PublicKey], _Verify | None], ...] = (_p256_verifier, _ed25519_verifier)
"""The algorithms known: each makes the check for a key of its kind, or has none."""


def _verifier(key: PublicKey) -> _Verify:
    for make in _VERIFIERS:
        check = make(key)
        if check is not None:
            return check
    raise SignatureInvalid("a key of no known kind")


def _checked_type(type_: str) -> str:
    if not _TYPE.fullmatch(type_):
        raise EnvelopeInvalid("not a payload type")
    return type_


def _encode(data: bytes) -> str:
    return base64.b64encode(data).decode()


def _decode(text: str) -> bytes:
    try:
        data = base64.b64decode(text, validate=True)
    except (binascii.Error, ValueError) as error:
        raise EnvelopeInvalid("not base64") from error
    if _encode(data) != text:
        raise EnvelopeInvalid("not the one base64 spelling")
    return data
