"""XAES-256-GCM, the encryption of shares in the key ceremony.

It must not choose nonces: the ceremony derives them, and a key seals one share only.
"""

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers import algorithms
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.kdf.kbkdf import KBKDFCMAC, CounterLocation, Mode


class NotAuthentic(ValueError):
    """The ciphertext was not made with this key and nonce."""


def seal(key: bytes, nonce: bytes, plaintext: bytes, aad: bytes = b"") -> bytes:
    """Encrypt under a key of 32 bytes and a nonce of 24.

    Source: c2sp.org/XAES-256-GCM.
    """
    return _subkey(key, nonce).encrypt(nonce[12:], plaintext, aad)


def unseal(key: bytes, nonce: bytes, ciphertext: bytes, aad: bytes = b"") -> bytes:
    """Decrypt what `seal` made.

    Raises:
        NotAuthentic: key, nonce, ciphertext or associated data are not those of the sealing.
    """
    try:
        return _subkey(key, nonce).decrypt(nonce[12:], ciphertext, aad)
    except InvalidTag as error:
        raise NotAuthentic("the tag does not match") from error


def _subkey(key: bytes, nonce: bytes) -> AESGCM:
    if len(key) != 32 or len(nonce) != 24:
        raise ValueError("a key has 32 bytes and a nonce 24")
    derivation = KBKDFCMAC(
        algorithm=algorithms.AES,
        mode=Mode.CounterMode,
        length=32,
        rlen=2,
        llen=None,
        location=CounterLocation.BeforeFixed,
        label=None,
        context=None,
        fixed=b"X\0" + nonce[:12],
    )
    return AESGCM(derivation.derive(key))
