import pytest
from Cryptodome.PublicKey.ECC import EccPoint
from hypothesis import given, settings
from hypothesis import strategies as st

from crypto import random
from crypto.hashing import ORDER
from crypto.points import (
    GENERATOR,
    B,
    InvalidPoint,
    InvalidScalar,
    P,
    Point,
    PreparedScalar,
    base_mul,
    check_peer_point,
    commitment,
    decode33,
    decode65,
    decode_nonzero_scalar,
    decode_scalar,
    encode_scalar,
    evaluate,
    prepare,
    sum_points,
)

scalars = st.integers(1, ORDER - 1)
edges = st.sampled_from([1, 2, 3, ORDER // 2, ORDER - 2, ORDER - 1])
few = settings(max_examples=15, deadline=None)


def oracle(point: Point) -> EccPoint:
    """The same point in another library."""
    return EccPoint(point.x_int, point.y_int, "p256")


def same(point: Point, other: EccPoint) -> bool:
    return (point.x_int, point.y_int) == (int(other.x), int(other.y))


@few
@given(scalars | edges, scalars | edges)
def test_products_agree_with_another_library(a: int, k: int) -> None:
    point = base_mul(a)
    expected = oracle(GENERATOR) * (a * k % ORDER)
    assert same(point, oracle(GENERATOR) * a)
    assert same(point.mul_public(k), expected)
    assert same(PreparedScalar(k).times(point), expected)


@few
@given(scalars.filter(lambda a: a not in {1, ORDER - 1}), scalars | edges)
def test_a_secret_product_agrees_with_a_public_one(a: int, k: int) -> None:
    point = base_mul(a)
    assert point.mul_secret(k) == point.mul_public(k)
    assert point.dh_secret(k) == point.mul_public(k).x()


@few
@given(scalars | edges, scalars | edges)
def test_sums_agree_with_another_library(a: int, b: int) -> None:
    left, right = base_mul(a), base_mul(b)
    if (a + b) % ORDER == 0:
        with pytest.raises(InvalidPoint):
            left.add(right)
    else:
        assert same(left.add(right), oracle(left) + oracle(right))
    if a != b:
        assert left.sub(right) == base_mul((a - b) % ORDER)


def test_the_point_with_x_zero_multiplies_like_any_other() -> None:
    root = pow(B, (P + 1) // 4, P)
    point = decode33(bytes([2 + (root & 1)]) + bytes(32))
    for k in (2, 3, ORDER - 1, 12345):
        assert same(point.mul_secret(k), oracle(point) * k)


def test_the_generator_and_its_negative_multiply_publicly() -> None:
    assert GENERATOR.mul_public(7) == base_mul(7)
    assert GENERATOR.neg().mul_public(7) == base_mul(7).neg()


@pytest.mark.parametrize("point", [GENERATOR, GENERATOR.neg()], ids=["G", "-G"])
def test_no_secret_multiplies_the_generator_or_its_negative(point: Point) -> None:
    for refused in (
        lambda: check_peer_point(point),
        lambda: point.mul_secret(5),
        lambda: point.dh_secret(5),
    ):
        with pytest.raises(InvalidPoint):
            refused()


@pytest.mark.parametrize("scalar", [0, -1, ORDER, ORDER + 1])
def test_secret_scalars_out_of_range_are_refused(scalar: int) -> None:
    with pytest.raises(InvalidScalar):
        base_mul(scalar)
    with pytest.raises(InvalidScalar):
        base_mul(2).mul_secret(scalar)


def test_a_public_product_with_zero_is_refused_and_others_wrap() -> None:
    for zero in (0, ORDER, -ORDER):
        with pytest.raises(InvalidPoint):
            base_mul(2).mul_public(zero)
    assert base_mul(2).mul_public(-1) == base_mul(2).neg()


@few
@given(scalars)
def test_both_forms_decode_to_the_point(a: int) -> None:
    point = base_mul(a)
    assert decode33(point.compressed()) == point == decode65(point.uncompressed())
    assert hash(point) == hash(decode33(point.compressed()))
    assert point.neg().neg() == point != point.neg()
    assert point.compressed().hex() in repr(point)


def test_a_sum_may_pass_through_the_identity_but_not_end_there() -> None:
    a, b = base_mul(3), base_mul(4)
    assert sum_points([a, a.neg(), b]) == b
    assert sum_points([a, a]) == base_mul(6)
    with pytest.raises(InvalidPoint):
        sum_points([a, a.neg()])


def test_a_polynomial_of_points_has_the_values_of_its_scalars() -> None:
    coefficients = [random.scalar() for _ in range(4)]
    points = [base_mul(coefficient) for coefficient in coefficients]
    for index in (1, 2, 3, 97):
        value = sum(c * index**place for place, c in enumerate(coefficients)) % ORDER
        assert evaluate(points, index) == base_mul(value)


def test_a_polynomial_that_is_zero_somewhere_has_no_value_there() -> None:
    points = [base_mul(ORDER - 6), base_mul(3)]
    assert evaluate(points, 1) == base_mul(ORDER - 3)
    with pytest.raises(InvalidPoint):
        evaluate(points, 2)


def test_a_commitment_is_what_the_proof_began_with() -> None:
    base, public = base_mul(11), base_mul(13)
    assert commitment(prepare(5), base, prepare(2), public) == base_mul(55 - 26)
    assert commitment(prepare(5), base, prepare(0), public) == base_mul(55)
    assert commitment(prepare(0), base, prepare(2), public) == base_mul(26).neg()
    for z, c in ((13, 11), (0, 0)):
        with pytest.raises(InvalidPoint):
            commitment(prepare(z), base, prepare(c), public)


def test_scalars_decode_at_their_length_and_below_the_order_only() -> None:
    assert decode_scalar(bytes(32)) == 0
    assert decode_scalar(encode_scalar(ORDER - 1)) == ORDER - 1
    assert decode_nonzero_scalar(encode_scalar(1)) == 1
    for data in (b"", bytes(31), bytes(33), ORDER.to_bytes(32, "big"), b"\xff" * 32):
        with pytest.raises(InvalidScalar):
            decode_scalar(data)
    with pytest.raises(InvalidScalar):
        decode_nonzero_scalar(bytes(32))


@given(st.binary(min_size=33, max_size=33) | st.binary(max_size=70))
def test_random_bytes_never_decode_to_a_point_off_the_curve(data: bytes) -> None:
    for decode, encode in ((decode33, Point.compressed), (decode65, Point.uncompressed)):
        try:
            point = decode(data)
        except InvalidPoint:
            continue
        assert encode(point) == data
        assert (point.y_int**2 - point.x_int**3 + 3 * point.x_int - B) % P == 0


def test_fresh_scalars_and_bytes_are_in_range_and_differ() -> None:
    drawn = {random.scalar() for _ in range(20)}
    assert len(drawn) == 20
    assert all(0 < scalar < ORDER for scalar in drawn)
    assert len({random.fresh(32) for _ in range(20)}) == 20
    assert len(random.fresh(7)) == 7
