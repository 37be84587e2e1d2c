"""HPKE base mode in the one suite a bid uses: P-256, HKDF-SHA256, AES-256-GCM, one message.

It must not offer another suite, another mode, or a second message under one encapsulation.
"""

import hmac

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from crypto.points import Point, PreparedScalar, check_peer_point, decode65

_KEM_SUITE = b"KEM" + (0x0010).to_bytes(2, "big")
_SUITE = b"HPKE" + b"".join(number.to_bytes(2, "big") for number in (0x0010, 0x0001, 0x0002))
_VERSION = b"HPKE-v1"
_BASE_MODE = b"\0"


class HpkeInvalid(ValueError):
    """The ciphertext was not sealed to this key with this info and associated data."""


def seal_base(
    pk: Point, info: bytes, aad: bytes, plaintext: bytes, eph_scalar: int
) -> tuple[bytes, bytes]:
    """Seal one message to a public key.

    Args:
        pk: the recipient's key.
        info: what the sealing is for.
        aad: associated data.
        plaintext: the message.
        eph_scalar: fresh and random in [1, q-1], used for this sealing alone.

    Returns:
        The encapsulated key, 65 bytes, and the ciphertext.

    Source: RFC 9180 section 6.1, with the ephemeral key given.
    """
    check_peer_point(pk)
    ephemeral = PreparedScalar(eph_scalar)
    enc = ephemeral.base.uncompressed()
    key, nonce = _key_schedule(_shared_secret(ephemeral.x_times(pk), enc, pk), info)
    return enc, AESGCM(key).encrypt(nonce, plaintext, aad)


def open_with_dh(dh_x: bytes, enc: bytes, pk: Point, info: bytes, aad: bytes, ct: bytes) -> bytes:
    """Open a message by the x coordinate of the combined point, without the private key.

    Args:
        dh_x: x of the private key times the encapsulated key, 32 bytes.
        enc: the encapsulated key, 65 bytes, already strictly decoded.
        pk: the recipient's key.
        info: as at the sealing.
        aad: as at the sealing.
        ct: the ciphertext.

    Raises:
        HpkeInvalid: the message does not open.
    """
    key, nonce = _key_schedule(_shared_secret(dh_x, enc, pk), info)
    try:
        return AESGCM(key).decrypt(nonce, ct, aad)
    except InvalidTag as error:
        raise HpkeInvalid("the tag does not match") from error


def open_base(secret: int, enc: bytes, info: bytes, aad: bytes, ct: bytes) -> bytes:
    """Open a message with the whole private key.

    Raises:
        InvalidPoint: the encapsulated key is not a point a secret may multiply.
        HpkeInvalid: the message does not open.
    """
    point = decode65(enc)
    check_peer_point(point)
    private = PreparedScalar(secret)
    return open_with_dh(private.x_times(point), enc, private.base, info, aad, ct)


def _shared_secret(dh_x: bytes, enc: bytes, pk: Point) -> bytes:
    prk = _extract(_KEM_SUITE, b"", b"eae_prk", dh_x)
    return _expand(_KEM_SUITE, prk, b"shared_secret", enc + pk.uncompressed(), 32)


def _key_schedule(shared_secret: bytes, info: bytes) -> tuple[bytes, bytes]:
    context = (
        _BASE_MODE
        + _extract(_SUITE, b"", b"psk_id_hash", b"")
        + _extract(_SUITE, b"", b"info_hash", info)
    )
    secret = _extract(_SUITE, shared_secret, b"secret", b"")
    return (
        _expand(_SUITE, secret, b"key", context, 32),
        _expand(_SUITE, secret, b"base_nonce", context, 12),
    )


def _extract(suite: bytes, salt: bytes, label: bytes, ikm: bytes) -> bytes:
    return hmac.digest(salt or bytes(32), _VERSION + suite + label + ikm, "sha256")


def _expand(suite: bytes, prk: bytes, label: bytes, info: bytes, length: int) -> bytes:
    """Expand to at most one block, which is all this suite needs."""
    labeled = length.to_bytes(2, "big") + _VERSION + suite + label + info
    return hmac.digest(prk, labeled + b"\1", "sha256")[:length]
