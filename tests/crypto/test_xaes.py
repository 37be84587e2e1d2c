import pytest

from crypto import xaes

NONCE = b"ABCDEFGHIJKLMNOPQRSTUVWX"
# c2sp.org/XAES-256-GCM, test vectors
PUBLISHED = [
    (1, b"", "ce546ef63c9cc60765923609b33a9a1974e96e52daf2fcf7075e2271"),
    (
        3,
        b"c2sp.org/XAES-256-GCM",
        "986ec1832593df5443a179437fd083bf3fdb41abd740a21f71eb769d",
    ),
]


@pytest.mark.parametrize(("byte", "aad", "known"), PUBLISHED)
def test_the_published_cases_hold(byte: int, aad: bytes, known: str) -> None:
    key = bytes([byte]) * 32
    assert xaes.seal(key, NONCE, b"XAES-256-GCM", aad).hex() == known
    assert xaes.unseal(key, NONCE, bytes.fromhex(known), aad) == b"XAES-256-GCM"


def test_nothing_opens_when_anything_is_changed() -> None:
    key, sealed = bytes(32), xaes.seal(bytes(32), NONCE, b"text", b"aad")
    changed = [
        (b"\1" + key[1:], NONCE, sealed, b"aad"),
        (key, b"a" + NONCE[1:], sealed, b"aad"),
        (key, NONCE[:-1] + b"x", sealed, b"aad"),
        (key, NONCE, sealed[:-1] + bytes([sealed[-1] ^ 1]), b"aad"),
        (key, NONCE, sealed, b""),
        (key, NONCE, sealed[:10], b"aad"),
    ]
    for inputs in changed:
        with pytest.raises(xaes.NotAuthentic):
            xaes.unseal(*inputs)


@pytest.mark.parametrize(("key", "nonce"), [(31, 24), (33, 24), (32, 12), (32, 25)])
def test_keys_and_nonces_of_other_lengths_are_refused(key: int, nonce: int) -> None:
    with pytest.raises(ValueError, match="32 bytes and a nonce 24"):
        xaes.seal(bytes(key), bytes(nonce), b"")
