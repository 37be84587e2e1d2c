"""Exact numbers: decimal texts in, fractions between, decimal texts out, rounded half up.

No float comes near a score. A number is rounded where a rule says so and nowhere else.
"""

from fractions import Fraction
from typing import Annotated

from pydantic import StringConstraints

NUMBER = r"^-?(0|[1-9][0-9]{0,17})(\.[0-9]{1,6})?$"
POSITIVE = r"^(0|[1-9][0-9]{0,17})(\.[0-9]{1,6})?$"
Number = Annotated[str, StringConstraints(pattern=NUMBER)]
"""An exact decimal: up to 18 digits before its point and six after it; no exponent."""
Positive = Annotated[str, StringConstraints(pattern=POSITIVE)]
"""A `Number` of zero or more."""


def exact(text: str) -> Fraction:
    """Return the value of a `Number`; of texts that are none nothing is promised."""
    return Fraction(text)


def half_up(value: Fraction, decimals: int) -> Fraction:
    """Round 四舍五入: to the nearest, and what lies in the middle away from zero.

    Args:
        value: any.
        decimals: places behind the point, from 0.
    """
    scale = 10**decimals
    whole, rest = divmod(abs(value) * scale, 1)
    magnitude = Fraction(whole + (rest * 2 >= 1), scale)
    return -magnitude if value < 0 else magnitude


def rounded(value: Fraction, decimals: int | None) -> Fraction:
    """Round half up to so many decimals; None leaves it as exact as it is."""
    return value if decimals is None else half_up(value, decimals)


def fixed(value: Fraction, decimals: int) -> str:
    """Return a value, rounded half up, with just so many decimals."""
    scaled = int(half_up(abs(value), decimals) * 10**decimals)
    digits = str(scaled).rjust(decimals + 1, "0")
    sign = "-" if value < 0 and scaled else ""
    if decimals == 0:
        return sign + digits
    return f"{sign}{digits[:-decimals]}.{digits[-decimals:]}"


def shown(value: Fraction) -> str:
    """Return a value exactly: as a decimal where it is one, and else as `n/d` in lowest terms."""
    decimals = _decimals(value.denominator)
    return str(value) if decimals is None else fixed(value, decimals)


def _decimals(denominator: int) -> int | None:
    """Return how many decimals a denominator takes; None where no number of them is enough."""
    counts = []
    for prime in (2, 5):
        count = 0
        while denominator % prime == 0:
            denominator //= prime
            count += 1
        counts.append(count)
    return max(counts) if denominator == 1 else None
