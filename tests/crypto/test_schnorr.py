import pytest

from crypto import schnorr
from crypto.hashing import ORDER
from crypto.points import InvalidScalar, base_mul, encode_scalar

FRESH = b"\7" * 32


def test_a_signature_checks_under_its_key_and_message_alone() -> None:
    signature = schnorr.sign(5, b"message", FRESH)
    schnorr.check(base_mul(5), b"message", signature)
    for public, message in ((base_mul(6), b"message"), (base_mul(5), b"other")):
        with pytest.raises(schnorr.SchnorrInvalid):
            schnorr.check(public, message, signature)


def test_signatures_of_one_message_differ_by_their_randomness() -> None:
    assert schnorr.sign(5, b"m", FRESH) != schnorr.sign(5, b"m", b"\x08" * 32)


@pytest.mark.parametrize("place", [0, 1, 32, 33, 64])
def test_a_flipped_byte_spoils_a_signature(place: int) -> None:
    good = schnorr.sign(5, b"message", FRESH)
    bad = good[:place] + bytes([good[place] ^ 1]) + good[place + 1 :]
    with pytest.raises(schnorr.SchnorrInvalid):
        schnorr.check(base_mul(5), b"message", bad)


def test_signatures_out_of_form_are_refused() -> None:
    good = schnorr.sign(5, b"message", FRESH)
    over = good[:33] + ORDER.to_bytes(32, "big")
    for bad in (b"", good[:-1], good + b"\0", bytes(65), over, good[:33] + bytes(32)):
        with pytest.raises(schnorr.SchnorrInvalid):
            schnorr.check(base_mul(5), b"message", bad)


def test_a_zero_response_is_checked_like_any_other() -> None:
    first = base_mul(3).compressed()
    with pytest.raises(schnorr.SchnorrInvalid, match="equation"):
        schnorr.check(base_mul(9), b"m", first + encode_scalar(0))


def test_no_secret_out_of_range_signs() -> None:
    for secret in (0, ORDER):
        with pytest.raises(InvalidScalar):
            schnorr.sign(secret, b"m", FRESH)
