import pytest

from crypto import dleq
from crypto.hashing import ORDER, H, h2s, lp
from crypto.points import (
    GENERATOR,
    InvalidPoint,
    Point,
    PreparedScalar,
    base_mul,
    commitment,
    decode33,
    encode_scalar,
    prepare,
)

FRESH = b"\x09" * 32
KEY_ID = bytes(32)
OPENING = H("opening", b"{}")
BID = "0" * 32
E, Y = base_mul(2), base_mul(5)


def ctx(index: int = 1, bid: str = BID) -> bytes:
    return dleq.context("P", KEY_ID, OPENING, bid, index)


def by_hand(share: int, nonce: int) -> bytes:
    """The proof as the specification writes it, with a nonce of our choice."""
    parts = [base_mul(share), E, E.mul_public(share), base_mul(nonce), E.mul_public(nonce)]
    framed = [part.compressed() for part in parts]
    challenge = h2s("dleq", lp(ctx(), *framed))
    return b"".join(framed[2:]) + encode_scalar((nonce + challenge * share) % ORDER)


def test_the_response_is_the_known_one() -> None:
    proof = by_hand(5, 7)
    known = "40451bb7084997c8fe2c12a2677a9edf315e8e182924fad83431c1060d33b678"
    assert proof[99:].hex() == known
    assert dleq.verify(proof, Y, E, ctx()) == base_mul(10)


def test_a_partial_gives_the_point_it_proves() -> None:
    for share in (5, PreparedScalar(5)):
        proof = dleq.prove(share, E, ctx(), FRESH)
        assert len(proof) == dleq.SHARE_LENGTH
        assert dleq.verify(proof, Y, E, ctx()) == base_mul(10)


def test_a_partial_holds_for_its_bid_custodian_and_opening_alone() -> None:
    proof = dleq.prove(5, E, ctx(), FRESH)
    others = [
        (base_mul(6), E, ctx()),
        (Y, base_mul(3), ctx()),
        (Y, E.neg(), ctx()),
        (Y, E, ctx(2)),
        (Y, E, ctx(bid="1" * 32)),
        (Y, E, dleq.context("Q", KEY_ID, OPENING, BID, 1)),
        (Y, E, dleq.context("P", b"\1" * 32, OPENING, BID, 1)),
        (Y, E, dleq.context("P", KEY_ID, bytes(32), BID, 1)),
    ]
    for y_i, enc, context in others:
        with pytest.raises(dleq.InvalidShare):
            dleq.verify(proof, y_i, enc, context)


@pytest.mark.parametrize("place", [0, 1, 32, 33, 34, 66, 67, 99, 130])
def test_a_flipped_byte_spoils_a_partial(place: int) -> None:
    good = dleq.prove(5, E, ctx(), FRESH)
    bad = good[:place] + bytes([good[place] ^ 1]) + good[place + 1 :]
    with pytest.raises(dleq.InvalidShare):
        dleq.verify(bad, Y, E, ctx())


def test_partials_out_of_form_are_refused() -> None:
    good = dleq.prove(5, E, ctx(), FRESH)
    identity = bytes(33)
    for bad in (
        b"",
        good[:-1],
        good + b"\0",
        identity + good[33:],
        good[:33] + identity + good[66:],
        good[:66] + identity + good[99:],
        good[:99] + ORDER.to_bytes(32, "big"),
        good[:99] + b"\xff" * 32,
        bytes(131),
    ):
        with pytest.raises(dleq.InvalidShare):
            dleq.verify(bad, Y, E, ctx())


def test_a_wrong_share_with_the_right_form_is_refused() -> None:
    good = dleq.prove(5, E, ctx(), FRESH)
    for wrong in (base_mul(11), base_mul(10).neg(), GENERATOR, GENERATOR.neg()):
        with pytest.raises(dleq.InvalidShare):
            dleq.verify(wrong.compressed() + good[33:], Y, E, ctx())


def test_a_share_of_another_polynomial_is_refused() -> None:
    with pytest.raises(dleq.InvalidShare):
        dleq.verify(dleq.prove(6, E, ctx(), FRESH), Y, E, ctx())


@pytest.mark.parametrize("enc", [GENERATOR, GENERATOR.neg()], ids=["G", "-G"])
def test_no_share_multiplies_the_generator_or_its_negative(enc: Point) -> None:
    with pytest.raises(InvalidPoint):
        dleq.prove(5, enc, ctx(), FRESH)


def weak_challenge(first: bytes, second: bytes) -> int:
    """A challenge that leaves out what the proof is about: E and D."""
    return h2s("dleq", lp(ctx(), Y.compressed(), first, second))


def weakly_valid(share: bytes) -> bool:
    partial, first, second = decode33(share[:33]), share[33:66], share[66:99]
    z, c = prepare(int.from_bytes(share[99:])), prepare(weak_challenge(first, second))
    expected = [commitment(z, GENERATOR, c, Y), commitment(z, E, c, partial)]
    return [point.compressed() for point in expected] == [first, second]


def test_with_a_weak_challenge_a_wrong_share_would_pass_and_ours_refuses_it() -> None:
    # The custodian knows x = 5. It fixes both commitments first, T2 being unrelated to E, and
    # solves the second equation for a D that is not 5E.
    nonce, unrelated = 1234, base_mul(987654321)
    first, second = base_mul(nonce).compressed(), unrelated.compressed()
    challenge = weak_challenge(first, second)
    response = (nonce + challenge * 5) % ORDER
    solved = E.mul_public(response).sub(unrelated).mul_public(pow(challenge, -1, ORDER))
    forged = solved.compressed() + first + second + encode_scalar(response)
    assert solved != E.mul_public(5)
    assert weakly_valid(forged)
    with pytest.raises(dleq.InvalidShare):
        dleq.verify(forged, Y, E, ctx())
