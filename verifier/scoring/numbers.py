"""Exact numbers, and how a proof sheet writes them; it must not round where nobody asks it to."""

from collections.abc import Sequence
from fractions import Fraction

NOUGHT = Fraction(0)


def half_up(value: Fraction, places: int) -> Fraction:
    """Return a value rounded to so many decimals, what lies in the middle away from zero."""
    above, below = 2 * abs(value.numerator) * 10**places, 2 * value.denominator
    units = (above + value.denominator) // below
    return Fraction(-units if value < 0 else units, 10**places)


def with_places(value: Fraction, places: int) -> str:
    """Return a value written with just so many decimals, rounded half up."""
    units = int(half_up(value, places) * 10**places)
    whole, rest = divmod(abs(units), 10**places)
    text = f"{whole}.{rest:0{places}d}" if places else str(whole)
    return "-" + text if units < 0 else text


def written(value: Fraction) -> str:
    """Return a value exactly: as the shortest decimal, or as `n/d` where it has no end."""
    for places in range(value.denominator.bit_length()):
        if 10**places % value.denominator == 0:
            return with_places(value, places)
    return f"{value.numerator}/{value.denominator}"


def bracketed(value: Fraction) -> str:
    """Return a value as it stands within a sum."""
    text = written(value)
    return text if text.replace(".", "").isdigit() else f"({text})"


def added(values: Sequence[Fraction]) -> str:
    """Return a sum written out; of nothing it is 0."""
    return " + ".join(bracketed(value) for value in values) if values else "0"
