"""The group P-256: strict decoding of points and scalars, and arithmetic on what passed it.

It must not accept a point or scalar in any form but the one its format names, and it never
reduces on input. Multiplication runs in OpenSSL in constant time: ECDH of k with P and with P + G
gives x(kP) and x(kP + kG), and these two with the point kG determine kP.
"""

from collections.abc import Iterable
from functools import cached_property

from cryptography.hazmat.primitives.asymmetric import ec

from crypto.hashing import ORDER

P = 0xFFFFFFFF00000001000000000000000000000000FFFFFFFFFFFFFFFFFFFFFFFF
B = 0x5AC635D8AA3A93E7B3EBBD55769886BC651D06B0CC53B0F63BCE3C3E27D2604B

_CURVE = ec.SECP256R1()
_ECDH = ec.ECDH()


class InvalidPoint(ValueError):
    """The bytes are not a point in the one form allowed, or the result is the identity."""


class InvalidScalar(ValueError):
    """The bytes are not a scalar of 32 bytes below q, or it is a zero where none may be."""


class Point:
    """An affine point of P-256 that is not the identity.

    Made by `decode33`, `decode65` or arithmetic alone; the coordinates given to it are not checked.
    """

    def __init__(self, x: int, y: int) -> None:
        self.x_int = x
        self.y_int = y

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Point) and self.x_int == other.x_int and self.y_int == other.y_int

    def __hash__(self) -> int:
        return hash((self.x_int, self.y_int))

    def __repr__(self) -> str:
        return f"Point({self.compressed().hex()})"

    def compressed(self) -> bytes:
        """Return the SEC1 compressed form, 33 bytes."""
        return bytes([2 + (self.y_int & 1)]) + self.x()

    def uncompressed(self) -> bytes:
        """Return the SEC1 uncompressed form, 65 bytes."""
        return b"\4" + self.x() + self.y_int.to_bytes(32, "big")

    def x(self) -> bytes:
        """Return the affine x coordinate, 32 bytes."""
        return self.x_int.to_bytes(32, "big")

    def neg(self) -> "Point":
        """Return the point with the opposite y."""
        return Point(self.x_int, P - self.y_int)

    def add(self, other: "Point") -> "Point":
        """Return the sum of two points.

        Raises:
            InvalidPoint: the sum is the identity.
        """
        return _not_identity(_add(self, other))

    def sub(self, other: "Point") -> "Point":
        """Return this point less another.

        Raises:
            InvalidPoint: the difference is the identity.
        """
        return self.add(other.neg())

    def mul_public(self, scalar: int) -> "Point":
        """Multiply by a scalar that is no secret.

        Args:
            scalar: any integer; it counts modulo q.

        Raises:
            InvalidPoint: the scalar is a multiple of q, so that the product is the identity.
        """
        scalar %= ORDER
        if scalar == 0:
            raise InvalidPoint("the product is the identity")
        return PreparedScalar(scalar).times(self)

    def mul_secret(self, scalar: int) -> "Point":
        """Multiply by a secret scalar in [1, q-1], in constant time.

        Raises:
            InvalidPoint: x is that of the generator, which no honest peer's point has.
            InvalidScalar: the scalar is out of range.
        """
        check_peer_point(self)
        return PreparedScalar(scalar).times(self)

    def dh_secret(self, scalar: int) -> bytes:
        """Return the x coordinate, 32 bytes, of a secret scalar in [1, q-1] times this point.

        Raises:
            InvalidPoint: x is that of the generator, which no honest peer's point has.
            InvalidScalar: the scalar is out of range.
        """
        check_peer_point(self)
        return PreparedScalar(scalar).x_times(self)

    @cached_property
    def openssl_key(self) -> ec.EllipticCurvePublicKey:
        """The point as OpenSSL holds it."""
        return ec.EllipticCurvePublicKey.from_encoded_point(_CURVE, self.uncompressed())

    @cached_property
    def plus_generator(self) -> "Point":
        """The sum of this point and the generator; there is none for minus the generator."""
        return self.add(GENERATOR)


class PreparedScalar:
    """A scalar k in [1, q-1] made ready for several products; kG comes with it."""

    def __init__(self, scalar: int) -> None:
        if not 0 < scalar < ORDER:
            raise InvalidScalar("the scalar is out of range")
        self.scalar = scalar
        self._key = ec.derive_private_key(scalar, _CURVE)
        numbers = self._key.public_key().public_numbers()
        self.base = Point(numbers.x, numbers.y)

    def times(self, point: Point) -> Point:
        """Return k times a point."""
        k = self.base
        if point.x_int == GENERATOR.x_int:
            return k if point.y_int == GENERATOR.y_int else k.neg()
        ax = int.from_bytes(self.x_times(point))
        bx = int.from_bytes(self._key.exchange(_ECDH, point.plus_generator.openssl_key))
        # With A = kP and A + kG = B: (yA - yK)^2 = (xA + xK + xB)(xA - xK)^2, and the curve gives
        # yA^2; what remains is linear in yA. xA = xK would mean P = G or P = -G.
        square = (ax * ax * ax - 3 * ax + B) % P
        slope = (ax + k.x_int + bx) * (ax - k.x_int) ** 2
        ay = (square + k.y_int * k.y_int - slope) * self._half_inverse % P
        return Point(ax, ay)

    def x_times(self, point: Point) -> bytes:
        """Return the x coordinate of k times a point, 32 bytes."""
        return self._key.exchange(_ECDH, point.openssl_key)

    @cached_property
    def _half_inverse(self) -> int:
        return pow(2 * self.base.y_int, -1, P)


def prepare(scalar: int) -> PreparedScalar | None:
    """Make a public scalar in [0, q-1] ready for `commitment`; None stands for zero."""
    return PreparedScalar(scalar) if scalar else None


def commitment(
    response: PreparedScalar | None,
    base: Point,
    challenge: PreparedScalar | None,
    public: Point,
) -> Point:
    """Return the commitment a Schnorr proof must have begun with: z times base less c times public.

    Raises:
        InvalidPoint: it is the identity, which no proof may begin with.
    """
    product = response.times(base) if response else None
    subtrahend = challenge.times(public).neg() if challenge else None
    return _not_identity(_add(product, subtrahend))


def base_mul(scalar: int) -> Point:
    """Return a scalar in [1, q-1] times the generator, in constant time.

    Raises:
        InvalidScalar: the scalar is out of range.
    """
    return PreparedScalar(scalar).base


def sum_points(points: Iterable[Point]) -> Point:
    """Return the sum of at least one point.

    Raises:
        InvalidPoint: the whole sum is the identity; a part of it may be.
    """
    total: Point | None = None
    for point in points:
        total = _add(total, point)
    return _not_identity(total)


def evaluate(coefficients: Iterable[Point], index: int) -> Point:
    """Return the value at a small index of a polynomial whose coefficients are points.

    Raises:
        InvalidPoint: the value is the identity.
    """
    value: Point | None = None
    for coefficient in reversed(list(coefficients)):
        value = _add(_times_small(value, index), coefficient)
    return _not_identity(value)


def decode33(data: bytes) -> Point:
    """Decode a point in SEC1 compressed form.

    Raises:
        InvalidPoint: wrong length or prefix, x not below p, or no such point on the curve.
    """
    if len(data) != 33 or data[0] not in {2, 3}:
        raise InvalidPoint("not the compressed form of a point")
    if int.from_bytes(data[1:]) >= P:
        raise InvalidPoint("a coordinate is not below p")
    try:
        key = ec.EllipticCurvePublicKey.from_encoded_point(_CURVE, data)
    except ValueError as error:
        raise InvalidPoint("not on the curve") from error
    numbers = key.public_numbers()
    return Point(numbers.x, numbers.y)


def decode65(data: bytes) -> Point:
    """Decode a point in SEC1 uncompressed form.

    Raises:
        InvalidPoint: wrong length or prefix, a coordinate not below p, or not on the curve.
    """
    if len(data) != 65 or data[0] != 4:
        raise InvalidPoint("not the uncompressed form of a point")
    x, y = int.from_bytes(data[1:33]), int.from_bytes(data[33:])
    if x >= P or y >= P:
        raise InvalidPoint("a coordinate is not below p")
    if (y * y - (x * x * x - 3 * x + B)) % P:
        raise InvalidPoint("not on the curve")
    return Point(x, y)


def check_peer_point(point: Point) -> None:
    """Refuse a point from outside that a secret must not multiply.

    Raises:
        InvalidPoint: x is that of the generator; minus the generator would stop a browser, which
            multiplies by way of P + G.
    """
    if point.x() == GENERATOR.x():
        raise InvalidPoint("a peer's point has the generator's x")


def decode_scalar(data: bytes) -> int:
    """Decode a scalar of 32 bytes in [0, q-1].

    Raises:
        InvalidScalar: wrong length, or not below q.
    """
    if len(data) != 32:
        raise InvalidScalar("not 32 bytes")
    scalar = int.from_bytes(data)
    if scalar >= ORDER:
        raise InvalidScalar("not below q")
    return scalar


def decode_nonzero_scalar(data: bytes) -> int:
    """Decode a scalar of 32 bytes in [1, q-1].

    Raises:
        InvalidScalar: wrong length, zero, or not below q.
    """
    scalar = decode_scalar(data)
    if scalar == 0:
        raise InvalidScalar("zero")
    return scalar


def encode_scalar(scalar: int) -> bytes:
    """Return a scalar as 32 bytes."""
    return scalar.to_bytes(32, "big")


def _add(a: Point | None, b: Point | None) -> Point | None:
    """Add two points where None is the identity; of public points only."""
    if a is None:
        return b
    if b is None:
        return a
    if a.x_int == b.x_int:
        if a.y_int != b.y_int:
            return None
        slope = 3 * (a.x_int * a.x_int - 1) * pow(2 * a.y_int, -1, P) % P
    else:
        slope = (b.y_int - a.y_int) * pow(b.x_int - a.x_int, -1, P) % P
    x = (slope * slope - a.x_int - b.x_int) % P
    return Point(x, (slope * (a.x_int - x) - a.y_int) % P)


def _times_small(point: Point | None, factor: int) -> Point | None:
    """Multiply a public point by a small public factor, by doubling and adding."""
    total: Point | None = None
    for bit in f"{factor:b}":
        total = _add(total, total)
        if bit == "1":
            total = _add(total, point)
    return total


def _not_identity(point: Point | None) -> Point:
    if point is None:
        raise InvalidPoint("the result is the identity")
    return point


GENERATOR = Point(
    0x6B17D1F2E12C4247F8BCE6E563A440F277037D812DEB33A0F4A13945D898C296,
    0x4FE342E2FE1A7F9B8EE7EB4A7C0F9E162BCE33576B315ECECBB6406837BF51F5,
)
