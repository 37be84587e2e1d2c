import hashlib

from crypto import fingerprint
from crypto.hashing import H
from crypto.wordlists import CHINESE, ENGLISH


def test_the_numbers_are_the_known_ones() -> None:
    known = (1525, 300, 1713, 618, 1884, 1359, 854, 1102)
    assert fingerprint.numbers(bytes(32)) == known


def test_the_numbers_are_the_first_88_bits_of_the_hash() -> None:
    joined = 0
    for number in fingerprint.numbers(b"key"):
        joined = joined << 11 | number
    assert joined.to_bytes(11, "big") == H("fingerprint", b"key")[:11]


def test_words_and_characters_stand_at_the_numbers() -> None:
    numbers = fingerprint.numbers(bytes(32))
    assert fingerprint.words(bytes(32)) == tuple(ENGLISH[number] for number in numbers)
    assert fingerprint.characters(bytes(32)) == tuple(CHINESE[number] for number in numbers)
    assert fingerprint.words(bytes(32)) != fingerprint.words(b"\1" * 32)


def test_the_word_lists_are_the_published_files() -> None:
    for words, known in (
        (ENGLISH, "2f5eed53a4727b4bf8880d8f3f199efc90e58503646d9ff8eff3a2ed3b24dbda"),
        (CHINESE, "5c5942792bd8340cb8b27cd592f1015edf56a8c5b26276ee18a482428e7c5726"),
    ):
        assert len(set(words)) == 2048
        file = "".join(word + "\n" for word in words).encode()
        assert hashlib.sha256(file).hexdigest() == known
