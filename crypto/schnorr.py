"""The Schnorr signature of COCKTAIL-DKG, for possession, certification and rehearsal.

It must not be used for anything a signing key signs: those are `crypto.signatures`.
"""

import hashlib

from crypto.hashing import ORDER
from crypto.points import (
    GENERATOR,
    InvalidPoint,
    InvalidScalar,
    Point,
    PreparedScalar,
    commitment,
    decode_scalar,
    encode_scalar,
    prepare,
)

PREFIX = b"COCKTAIL-DKG-P256-SHA256-"
SIGNATURE_LENGTH = 65


class SchnorrInvalid(ValueError):
    """The signature was not made over this message with the secret of this public key."""


def hash_to_scalar(data: bytes) -> int:
    """Hash bytes to a scalar by COCKTAIL's own rule, which is not the one of our proofs.

    Source: c2sp.org/cocktail-dkg v0.2.1, Schnorr Hash-to-Scalar Reduction.
    """
    wide = hashlib.sha256(b"\1" + data).digest() + hashlib.sha256(b"\2" + data).digest()[:16]
    return int.from_bytes(wide) % ORDER


def sign(secret: int, message: bytes, fresh: bytes) -> bytes:
    """Sign a message.

    Args:
        secret: in [1, q-1].
        message: any bytes.
        fresh: 32 random bytes that hedge the nonce; empty only in the published vectors.

    Returns:
        R and z, 65 bytes.
    """
    key = PreparedScalar(secret)
    nonce = hash_to_scalar(PREFIX + b"NONCE" + encode_scalar(secret) + message + fresh)
    if nonce == 0:
        raise InvalidScalar("the nonce is zero")
    first = PreparedScalar(nonce).base.compressed()
    challenge = _challenge(first, key.base, message)
    return first + encode_scalar((nonce + challenge * secret) % ORDER)


def check(public: Point, message: bytes, signature: bytes) -> None:
    """Check a signature.

    Raises:
        SchnorrInvalid: it is not one of this message under this key.
    """
    if len(signature) != SIGNATURE_LENGTH:
        raise SchnorrInvalid("not 65 bytes")
    first, response = signature[:33], signature[33:]
    try:
        z = prepare(decode_scalar(response))
        c = prepare(_challenge(first, public, message))
        expected = commitment(z, GENERATOR, c, public)
    except (InvalidPoint, InvalidScalar) as error:
        raise SchnorrInvalid(str(error)) from error
    if expected.compressed() != first:
        raise SchnorrInvalid("the equation does not hold")


def _challenge(first: bytes, public: Point, message: bytes) -> int:
    return hash_to_scalar(PREFIX + b"H7" + first + public.compressed() + message)
