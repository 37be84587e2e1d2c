import json
from functools import cache
from pathlib import Path
from typing import Any

import cryptography_vectors
import pytest
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.hpke import AEAD, KDF, KEM, Suite

from crypto import hpke
from crypto.points import GENERATOR, InvalidPoint, base_mul, decode65

CARRIED = Path(__file__).parents[1] / "vectors" / "hpke.json"
SUITE = (0, 0x0010, 0x0001, 0x0002)


def of_the_suite(data: str) -> list[dict[str, Any]]:
    names = ("mode", "kem_id", "kdf_id", "aead_id")
    return [row for row in json.loads(data) if tuple(row[name] for name in names) == SUITE]


@cache
def published() -> list[dict[str, Any]]:
    with cryptography_vectors.open_vector_file("HPKE/test-vectors.json", "r") as file:
        return of_the_suite(file.read())


def check(row: dict[str, Any]) -> None:
    """The first message of a published case seals and opens byte for byte."""
    first = row["encryptions"][0]
    info, aad, plaintext, ct, enc = (
        bytes.fromhex(text)
        for text in (row["info"], first["aad"], first["pt"], first["ct"], row["enc"])
    )
    pk = decode65(bytes.fromhex(row["pkRm"]))
    assert hpke.seal_base(pk, info, aad, plaintext, int(row["skEm"], 16)) == (enc, ct)
    secret = int(row["skRm"], 16)
    assert hpke.open_base(secret, enc, info, aad, ct) == plaintext
    dh_x = decode65(enc).mul_secret(secret).x()
    assert hpke.open_with_dh(dh_x, enc, pk, info, aad, ct) == plaintext


def test_the_published_cases_of_this_suite_hold() -> None:
    rows = published()
    assert rows
    for row in rows:
        check(row)


def test_the_case_carried_for_the_browser_is_a_published_one() -> None:
    (carried,) = json.loads(CARRIED.read_text())["vectors"]
    encryptions = carried.pop("encryptions")
    assert encryptions
    rows = [{**row, "encryptions": row["encryptions"][: len(encryptions)]} for row in published()]
    assert {**carried, "encryptions": encryptions} in [
        {name: row[name] for name in (*carried, "encryptions")} for row in rows
    ]


def test_another_implementation_opens_what_this_one_seals() -> None:
    private = ec.derive_private_key(1234567, ec.SECP256R1())
    suite = Suite(KEM.P256, KDF.HKDF_SHA256, AEAD.AES_256_GCM)
    enc, ct = hpke.seal_base(base_mul(1234567), b"info", b"", b"secret", 7654321)
    assert suite.decrypt(enc + ct, private, b"info") == b"secret"


def test_this_one_opens_what_another_implementation_seals() -> None:
    private = ec.derive_private_key(1234567, ec.SECP256R1())
    suite = Suite(KEM.P256, KDF.HKDF_SHA256, AEAD.AES_256_GCM)
    sealed = suite.encrypt(b"secret", private.public_key(), b"info")
    assert hpke.open_base(1234567, sealed[:65], b"info", b"", sealed[65:]) == b"secret"


def test_nothing_opens_when_anything_is_changed() -> None:
    enc, ct = hpke.seal_base(base_mul(77), b"info", b"aad", b"secret", 99)
    changed = [
        (78, enc, b"info", b"aad", ct),
        (77, base_mul(98).uncompressed(), b"info", b"aad", ct),
        (77, enc, b"other", b"aad", ct),
        (77, enc, b"info", b"other", ct),
        (77, enc, b"info", b"aad", bytes([ct[0] ^ 1]) + ct[1:]),
        (77, enc, b"info", b"aad", ct[:10]),
    ]
    for inputs in changed:
        with pytest.raises(hpke.HpkeInvalid):
            hpke.open_base(*inputs)


@pytest.mark.parametrize("peer", [GENERATOR, GENERATOR.neg()], ids=["G", "-G"])
def test_the_generator_is_neither_a_key_nor_an_encapsulation(peer: Any) -> None:
    with pytest.raises(InvalidPoint):
        hpke.seal_base(peer, b"", b"", b"", 5)
    with pytest.raises(InvalidPoint):
        hpke.open_base(5, peer.uncompressed(), b"", b"", bytes(48))
