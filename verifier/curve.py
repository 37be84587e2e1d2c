"""The group P-256 in plain integers, for public values only; it must never see a secret.

A point is (x, y) or None, the identity. Inside a product points are Jacobian: (X, Y, Z) stands for
(X / Z^2, Y / Z^3), and Z = 0 for the identity.

Source: SEC 1; FIPS 186-5.
"""

from collections.abc import Iterable, Sequence
from functools import cache

from verifier.hashing import ORDER

P = 2**256 - 2**224 + 2**192 + 2**96 - 1
B = 0x5AC635D8AA3A93E7B3EBBD55769886BC651D06B0CC53B0F63BCE3C3E27D2604B
G = (
    0x6B17D1F2E12C4247F8BCE6E563A440F277037D812DEB33A0F4A13945D898C296,
    0x4FE342E2FE1A7F9B8EE7EB4A7C0F9E162BCE33576B315ECECBB6406837BF51F5,
)

Affine = tuple[int, int]
Point = Affine | None
_Jacobian = tuple[int, int, int]

_WIDTH = 5
_ZERO: _Jacobian = (1, 1, 0)


class PointInvalid(ValueError):
    """Bytes that are no point in the form asked for, or a point that may not stand there."""


def decode(data: bytes) -> Affine:
    """Read a point in SEC1 form, 33 or 65 bytes; the identity has none.

    Raises:
        PointInvalid: wrong length or prefix, a coordinate not below p, or off the curve.
    """
    if len(data) == 33 and data[0] in {2, 3}:
        x = int.from_bytes(data[1:], "big")
        square = (x * x * x - 3 * x + B) % P
        y = pow(square, (P + 1) // 4, P)
        if x >= P or y * y % P != square:
            raise PointInvalid("not on the curve")
        return x, (y if y & 1 == data[0] & 1 else P - y)
    if len(data) == 65 and data[0] == 4:
        x, y = int.from_bytes(data[1:33], "big"), int.from_bytes(data[33:], "big")
        if x >= P or y >= P or (y * y - x * x * x + 3 * x - B) % P:
            raise PointInvalid("not on the curve")
        return x, y
    raise PointInvalid("not a point's form")


def compressed(point: Affine) -> bytes:
    """Return 33 bytes."""
    return bytes([2 | point[1] & 1]) + point[0].to_bytes(32, "big")


def uncompressed(point: Affine) -> bytes:
    """Return 65 bytes."""
    return b"\4" + point[0].to_bytes(32, "big") + point[1].to_bytes(32, "big")


def scalar(data: bytes) -> int:
    """Read a scalar of 32 bytes below q.

    Raises:
        PointInvalid: it is not one.
    """
    number = int.from_bytes(data, "big")
    if len(data) != 32 or number >= ORDER:
        raise PointInvalid("not a scalar")
    return number


def real(point: Point) -> Affine:
    """Return a point that is not the identity.

    Raises:
        PointInvalid: it is.
    """
    if point is None:
        raise PointInvalid("the identity")
    return point


def negative(point: Point) -> Point:
    """Return the opposite point."""
    return None if point is None else (point[0], -point[1] % P)


def add(*points: Point) -> Point:
    """Return the sum of points."""
    total = _ZERO
    for point in points:
        if point is not None:
            total = _mixed(total, point)
    return _affine(total)


def combine(terms: Iterable[tuple[int, Point]]) -> Point:
    """Return the sum of scalar times point over all terms."""
    rows = []
    for factor, point in terms:
        if point is not None and factor % ORDER:
            rows.append((_digits(factor % ORDER), _odd_multiples(point)))
    total = _ZERO
    for place in range(max((len(digits) for digits, _ in rows), default=0) - 1, -1, -1):
        total = _double(total)
        for digits, table in rows:
            digit = digits[place] if place < len(digits) else 0
            if digit > 0:
                total = _mixed(total, table[digit >> 1])
            elif digit < 0:
                x, y = table[-digit >> 1]
                total = _mixed(total, (x, P - y))
    return _affine(total)


def multiply(factor: int, point: Point) -> Point:
    """Return scalar times point."""
    return combine([(factor, point)])


def evaluate(coefficients: Sequence[Point], at: int) -> Point:
    """Return the value of a polynomial over points at a small number."""
    return combine((pow(at, power), point) for power, point in enumerate(coefficients))


def _digits(number: int) -> list[int]:
    """Return a number's signed digits, odd or zero, least first (width-w non-adjacent form)."""
    out = []
    while number:
        digit = 0
        if number & 1:
            digit = number & ((1 << _WIDTH) - 1)
            if digit >> (_WIDTH - 1):
                digit -= 1 << _WIDTH
            number -= digit
        out.append(digit)
        number >>= 1
    return out


@cache
def _generator_multiples() -> list[Affine]:
    return _table(G)


def _odd_multiples(point: Affine) -> list[Affine]:
    return _generator_multiples() if point == G else _table(point)


def _table(point: Affine) -> list[Affine]:
    """Return P, 3P, 5P ... in affine form; one inversion for all."""
    double = _affine(_double((*point, 1)))
    row: list[_Jacobian] = [(*point, 1)]
    for _ in range((1 << (_WIDTH - 2)) - 1):
        row.append(_mixed(row[-1], double) if double else row[-1])
    return _all_affine(row)


def _all_affine(points: list[_Jacobian]) -> list[Affine]:
    """Make points affine; none of them is the identity, for q is prime."""
    products = [1]
    for _, _, z in points:
        products.append(products[-1] * z % P)
    inverse = pow(products[-1], -1, P)
    out = []
    for (x, y, z), before in zip(reversed(points), reversed(products[:-1]), strict=True):
        own = inverse * before % P
        inverse = inverse * z % P
        square = own * own % P
        out.append((x * square % P, y * square * own % P))
    return out[::-1]


def _affine(point: _Jacobian) -> Point:
    x, y, z = point
    if z == 0:
        return None
    inverse = pow(z, -1, P)
    square = inverse * inverse % P
    return x * square % P, y * square * inverse % P


def _double(point: _Jacobian) -> _Jacobian:
    x, y, z = point
    if z == 0 or y == 0:
        return _ZERO
    zz = z * z % P
    yy = y * y % P
    slope = 3 * (x - zz) * (x + zz) % P
    four = 4 * x * yy % P
    new = (slope * slope - 2 * four) % P
    return new, (slope * (four - new) - 8 * yy * yy) % P, 2 * y * z % P


def _mixed(point: _Jacobian, other: Affine) -> _Jacobian:
    """Add an affine point to a Jacobian one."""
    x, y, z = point
    if z == 0:
        return (*other, 1)
    zz = z * z % P
    step = (other[0] * zz - x) % P
    rise = (other[1] * zz * z - y) % P
    if step == 0:
        return _double(point) if rise == 0 else _ZERO
    square = step * step % P
    cube = square * step % P
    base = x * square % P
    new = (rise * rise - cube - 2 * base) % P
    return new, (rise * (base - new) - y * cube) % P, z * step % P
