"""The short form of a key that people read out and compare: eight words.

It must not stand for the key anywhere a program compares: programs compare the whole key id.
"""

from crypto.hashing import H
from crypto.wordlists import CHINESE, ENGLISH

WORDS = 8
_BITS = 11


def numbers(key_id: bytes) -> tuple[int, ...]:
    """Return the fingerprint of a key as eight numbers of eleven bits."""
    head = int.from_bytes(H("fingerprint", key_id)[: WORDS * _BITS // 8])
    return tuple((head >> _BITS * place) % (1 << _BITS) for place in reversed(range(WORDS)))


def words(key_id: bytes) -> tuple[str, ...]:
    """Return the fingerprint of a key as eight English words."""
    return tuple(ENGLISH[number] for number in numbers(key_id))


def characters(key_id: bytes) -> tuple[str, ...]:
    """Return the fingerprint of a key as eight Chinese characters, beside the words."""
    return tuple(CHINESE[number] for number in numbers(key_id))
