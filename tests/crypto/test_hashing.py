import hashlib

import pytest

from crypto.hashing import ORDER, H, expand_message_xmd, h2s, hedged_nonce, lp, u32, u64


def test_the_hash_of_an_empty_leaf_is_the_known_one() -> None:
    known = "340173352f219141601fe320bbfd266b5d3dcb1e19b3ae7d35eb488e233c41eb"
    assert H("leaf", bytes(32), b"{}").hex() == known


def test_the_hash_to_a_scalar_is_the_known_one() -> None:
    known = "1479cdea1cd8c618d6132671950f7adfbe16b640069a05f0c119d99470b461ae"
    assert f"{h2s('dleq', b'abc'):064x}" == known


def test_framing_keeps_apart_what_joins_alike() -> None:
    assert lp(b"ab", b"c") != lp(b"a", b"bc")
    assert lp(b"") != lp()
    assert lp(b"abc") == bytes(7) + b"\3abc"
    assert lp(lp(b"a"), b"b") != lp(b"a", b"b")


def test_tags_and_purposes_keep_hashes_apart() -> None:
    assert H("leaf", b"x") != H("place", b"x")
    assert len({h2s(purpose, b"x") for purpose in ("sealer-pok", "dleq", "nonce")}) == 3


def test_numbers_have_fixed_length_and_do_not_overflow() -> None:
    assert (u32(1), u64(1)) == (b"\0\0\0\1", b"\0\0\0\0\0\0\0\1")
    with pytest.raises(OverflowError):
        u32(1 << 32)
    with pytest.raises(OverflowError):
        u64(-1)


# RFC 9380 appendix K.1
EXPANDED = [
    (b"", 0x20, "68a985b87eb6b46952128911f2a4412bbc302a9d759667f87f7a21d803f07235"),
    (b"abc", 0x20, "d8ccab23b5985ccea865c6c97b6e5b8350e794e603b4b97902f53a8a0d605615"),
    (
        b"abcdef0123456789",
        0x20,
        "eff31487c770a893cfb36f912fbfcbff40d5661771ca4b2cb4eafe524333f5c1",
    ),
    (
        b"",
        0x80,
        (
            "af84c27ccfd45d41914fdff5df25293e221afc53d8ad2ac06d5e3e29485dadbe"
            "e0d121587713a3e0dd4d5e69e93eb7cd4f5df4cd103e188cf60cb02edc3edf18"
            "eda8576c412b18ffb658e3dd6ec849469b979d444cf7b26911a08e63cf31f9dc"
            "c541708d3491184472c2c29bb749d4286b004ceb5ee6b9a7fa5b646c993f0ced"
        ),
    ),
]


@pytest.mark.parametrize(("message", "length", "known"), EXPANDED)
def test_messages_expand_as_the_standard_publishes(message: bytes, length: int, known: str) -> None:
    dst = b"QUUX-V01-CS02-with-expander-SHA256-128"
    assert expand_message_xmd(message, dst, length).hex() == known


def test_expansion_refuses_what_the_standard_does_not_define() -> None:
    for dst, length in ((b"", 32), (b"x" * 256, 32), (b"x", 0), (b"x", 256 * 32)):
        with pytest.raises(ValueError, match="out of range"):
            expand_message_xmd(b"", dst, length)


def test_a_nonce_depends_on_everything_it_is_given() -> None:
    base = ("dleq", bytes(32), 5, b"statement", b"ctx")
    others = [
        ("sealer-pok", *base[1:]),
        ("dleq", b"\1" * 32, *base[2:]),
        (*base[:2], 6, *base[3:]),
        (*base[:3], b"other", b"ctx"),
        (*base[:4], b"other"),
    ]
    nonces = {hedged_nonce(*inputs) for inputs in (base, *others)}
    assert len(nonces) == 6
    assert all(0 < nonce < ORDER for nonce in nonces)


def test_a_nonce_needs_all_its_randomness() -> None:
    with pytest.raises(ValueError, match="32 random bytes"):
        hedged_nonce("dleq", bytes(31), 5, b"")


def test_the_tag_is_framed_with_its_version() -> None:
    framed = lp(b"kaibiao-v1/leaf", b"x")
    assert H("leaf", b"x") == hashlib.sha256(framed).digest()
