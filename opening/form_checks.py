"""What a value of a bid form may be: one check a kind, each passing the value on or nothing.

It must not know the form's fields; it judges one value at a time.
"""

import json
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any, TypeAlias

FORM_LIMIT = 64 << 10
LINE_LENGTH = 500
PROSE_LENGTH = 20_000
DAYS_LIMIT = 36_500
AMOUNT_BOUND = 1 << 53
DECIMAL = r"-?(0|[1-9][0-9]{0,17})(\.[0-9]{1,10})?"
CURRENCY = r"[A-Z]{3}"
DATE = r"[0-9]{4}-[0-9]{2}-[0-9]{2}"


Value: TypeAlias = str | int


def load(data: bytes | None) -> dict[str, Any]:
    """Read a form as one JSON object; raises ValueError or TypeError when it is none."""
    if data is None or len(data) > FORM_LIMIT:
        raise ValueError("too large to be read")
    try:
        value = json.loads(
            data.decode(),
            object_pairs_hook=_pairs,
            parse_float=_NotWhole,
            parse_constant=_NotWhole,
        )
    except RecursionError as error:
        raise ValueError("nested too deeply") from error
    if not isinstance(value, dict):
        raise TypeError("not an object")
    return value


def _pairs(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    value = dict(pairs)
    if len(value) != len(pairs):
        raise ValueError("a field occurs twice")
    return value


@dataclass(frozen=True, slots=True)
class _NotWhole:
    """A number that is no integer; no check takes it."""

    text: str


def object_(value: object) -> dict[str, Any] | None:
    """Pass an object."""
    return value if isinstance(value, dict) else None


def version(value: object) -> int | None:
    """Pass the number of this version."""
    return 1 if value == 1 and value is not True else None


def flag(value: object) -> bool | None:
    """Pass true or false."""
    return value if isinstance(value, bool) else None


def _text(value: object, longest: int) -> str | None:
    if not isinstance(value, str) or not 0 < len(value) <= longest or not value.strip():
        return None
    return None if any("\ud800" <= c <= "\udfff" for c in value) else value


def line(value: object) -> str | None:
    """Pass a short text."""
    return _text(value, LINE_LENGTH)


def prose(value: object) -> str | None:
    """Pass a text."""
    return _text(value, PROSE_LENGTH)


def _matching(pattern: str) -> Callable[[object], str | None]:
    compiled = re.compile(pattern, re.ASCII)
    return lambda value: value if isinstance(value, str) and compiled.fullmatch(value) else None


def _integer(value: object, low: int, high: int) -> int | None:
    if not isinstance(value, int) or isinstance(value, bool):
        return None
    return value if low <= value <= high else None


def amount(value: object) -> int | None:
    """Pass an amount in minor units."""
    return _integer(value, 0, AMOUNT_BOUND - 1)


def whole(value: object) -> int | None:
    """Pass an integer that every JSON reader keeps whole."""
    return _integer(value, 1 - AMOUNT_BOUND, AMOUNT_BOUND - 1)


def days(value: object) -> int | None:
    """Pass a number of days."""
    return _integer(value, 1, DAYS_LIMIT)


currency = _matching(CURRENCY)
decimal = _matching(DECIMAL)
_dated = _matching(DATE)


def day(value: object) -> str | None:
    """Pass a day of the calendar, as YYYY-MM-DD."""
    text = _dated(value)
    if text is None:
        return None
    try:
        date.fromisoformat(text)
    except ValueError:
        return None
    return text


CHECKS: Mapping[str, Callable[[object], Value | None]] = {
    "text": prose,
    "amount": amount,
    "integer": whole,
    "decimal": decimal,
    "date": day,
}
