"""Exact numbers: rounded half up and nowhere else, and written as they are."""

from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import TypeAdapter, ValidationError

from evaluation.scoring.exact import Number, Positive, exact, fixed, half_up, shown


@pytest.mark.parametrize(
    ("value", "decimals", "text"),
    [
        ("0.005", 2, "0.01"),
        ("0.0049999", 2, "0.00"),
        ("-0.005", 2, "-0.01"),
        ("-0.004", 2, "0.00"),
        ("2.5", 0, "3"),
        ("-2.5", 0, "-3"),
        ("29.995", 2, "30.00"),
        ("1000000.125", 2, "1000000.13"),
    ],
)
def test_the_middle_goes_away_from_zero(value: str, decimals: int, text: str) -> None:
    assert fixed(Fraction(value), decimals) == text


@pytest.mark.parametrize(
    ("value", "text"),
    [("1/3", "1/3"), ("1/8", "0.125"), ("-1/4", "-0.25"), ("7", "7"), ("9/7", "9/7"), ("0", "0")],
)
def test_what_is_no_decimal_is_shown_as_a_fraction(value: str, text: str) -> None:
    assert shown(Fraction(value)) == text


@given(st.fractions())
def test_what_is_shown_is_the_value(value: Fraction) -> None:
    assert Fraction(shown(value)) == value


@given(st.fractions(), st.integers(0, 6))
def test_rounding_is_to_the_nearest(value: Fraction, decimals: int) -> None:
    kept = half_up(value, decimals)
    assert (kept * 10**decimals).denominator == 1
    assert abs(kept - value) * 10**decimals * 2 <= 1
    assert Fraction(fixed(value, decimals)) == kept
    assert half_up(-value, decimals) == -kept


@pytest.mark.parametrize(
    "text", ["1e3", "NaN", "1,000", " 1", "01", ".5", "1.", "1.1234567", "", "+1"]
)
def test_a_number_is_written_in_one_way(text: str) -> None:
    with pytest.raises(ValidationError):
        TypeAdapter(Number).validate_python(text)


def test_a_number_may_be_below_zero_where_it_may() -> None:
    assert exact(TypeAdapter(Number).validate_python("-12.50")) == Fraction(-25, 2)
    with pytest.raises(ValidationError):
        TypeAdapter(Positive).validate_python("-12.50")
