"""What is wrong with a bid form, told as the record tells it; it must not refuse a bid.

Source: docs/record-format.md, The bid form; its schema is opening/bid-form.schema.json.
"""

import json
import re
from collections.abc import Callable, Mapping
from datetime import date
from typing import Any

from verifier.capitals import agree

MOST = 50
LONGEST = 64 << 10

Note = dict[str, str]
_KEY = re.compile(r"[a-z][a-z0-9_]{0,31}", re.ASCII)
_DECIMAL = re.compile(r"-?(0|[1-9][0-9]{0,17})(\.[0-9]{1,10})?", re.ASCII)
_CURRENCY = re.compile(r"[A-Z]{3}", re.ASCII)
_DATE = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}", re.ASCII)


class _Odd:
    """A number that is no integer; nothing takes it."""


def problems(form: bytes | None, terms: Mapping[str, Any], envelope: int) -> list[Note]:
    """Return what is not as the terms want it, in the order in which it is found.

    Args:
        form: bid-form.json; None where it is larger than 64 KiB.
        terms: of the section.
        envelope: 1 or 2; the price stands in the last.
    """
    try:
        value = _load(form)
    except (ValueError, TypeError):
        return [{"field": "bid-form.json", "problem": "unreadable"}]
    notes: list[Note] = []
    last = envelope == terms["envelopes"]
    reader = _Reader(value, "", notes)
    reader.take("v", lambda one: one == 1 and one is not True, needed=True)
    reader.take("bidder", _line, needed=True)
    if last:
        _read_price(reader, terms)
    security = reader.inner("security", needed=False)
    if security is not None:
        security.take("given", lambda one: isinstance(one, bool), needed=True)
        security.take("amount", _amount)
        security.take("form", _line)
        security.end()
    reader.take("quality", _line)
    reader.take("duration_days", lambda one: _whole(one, 1, 36_500))
    reader.take("leader", _line)
    reader.take("remarks", _prose)
    asked = [{**one, "required": one["required"] and last} for one in terms["form"]]
    _read_extra(reader, asked)
    reader.end()
    return notes[:MOST]


def price(form: str | None) -> tuple[bool, str] | None:
    """Return whether the price of a form is an amount, and its text; None where there is none."""
    try:
        value = _load(None if form is None else form.encode()).get("price")
    except (ValueError, TypeError):
        return None
    if not isinstance(value, dict):
        return None
    if _amount(value.get("amount")):
        return True, str(value["amount"])
    rate = value.get("rate")
    return (False, str(rate)) if _matches(_DECIMAL, rate) else None


class _Reader:
    """An object whose fields are taken one by one."""

    def __init__(self, value: dict[str, Any], path: str, notes: list[Note]) -> None:
        self.value, self._left, self._path, self._notes = value, dict(value), path, notes

    def take(self, name: str, fits: Callable[[Any], bool], *, needed: bool = False) -> Any:
        """Return a field that fits; note one that is missing or does not."""
        if name not in self._left:
            if needed:
                self.note(name, "missing")
            return None
        value = self._left.pop(name)
        if fits(value):
            return value
        self.note(name, "invalid")
        return None

    def inner(self, name: str, *, needed: bool) -> "_Reader | None":
        """Return the reader of an object inside."""
        value = self.take(name, lambda one: isinstance(one, dict), needed=needed)
        return None if value is None else _Reader(value, f"{self._path}{name}.", self._notes)

    def end(self) -> None:
        """Note what nobody asked for."""
        for name in self._left:
            self.note(name if _KEY.fullmatch(name) else "?", "unknown")

    def note(self, name: str, problem: str) -> None:
        """Note a problem."""
        self._notes.append({"field": self._path + name, "problem": problem})


def _read_price(reader: _Reader, terms: Mapping[str, Any]) -> None:
    price = reader.inner("price", needed=True)
    if price is None:
        return
    amount = price.take("amount", _amount)
    currency = price.take("currency", lambda one: _matches(_CURRENCY, one))
    price.take("unit", _line)
    price.take("rate", lambda one: _matches(_DECIMAL, one))
    capitals = price.take("capitals", _line)
    price.end()
    if "amount" not in price.value:
        _judge_rate(price)
        return
    if "rate" in price.value:
        price.note("rate", "unknown")
    if "currency" not in price.value:
        price.note("currency", "missing")
    elif currency is not None and currency != terms["currency"]:
        price.note("currency", "invalid")
    if amount is not None:
        if capitals is not None and not agree(capitals, amount):
            price.note("capitals", "capitals")
        if amount > terms.get("limit", amount):
            price.note("amount", "over_limit")


def _judge_rate(price: _Reader) -> None:
    if "rate" not in price.value:
        price.note("amount", "missing")
        return
    for name in ("currency", "capitals"):
        if name in price.value:
            price.note(name, "unknown")


def _read_extra(reader: _Reader, asked: list[dict[str, Any]]) -> None:
    extra = reader.inner("extra", needed=any(one["required"] for one in asked))
    if extra is None:
        return
    for one in asked:
        extra.take(one["field"], _KINDS[one["kind"]], needed=one["required"])
    extra.end()


def _load(form: bytes | None) -> dict[str, Any]:
    if form is None or len(form) > LONGEST:
        raise ValueError("too large")
    try:
        value = json.loads(
            form.decode(),
            object_pairs_hook=_once,
            parse_float=lambda _: _Odd(),
            parse_constant=lambda _: _Odd(),
        )
    except RecursionError as error:
        raise ValueError("nested too deeply") from error
    if not isinstance(value, dict):
        raise TypeError("not an object")
    return value


def _once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    value = dict(pairs)
    if len(value) < len(pairs):
        raise ValueError("a field twice")
    return value


def _words(value: Any, longest: int) -> bool:
    if not isinstance(value, str) or not 0 < len(value) <= longest or not value.strip():
        return False
    return not any("\ud800" <= c <= "\udfff" for c in value)


def _line(value: Any) -> bool:
    return _words(value, 500)


def _prose(value: Any) -> bool:
    return _words(value, 20_000)


def _whole(value: Any, low: int, high: int) -> bool:
    return isinstance(value, int) and not isinstance(value, bool) and low <= value <= high


def _amount(value: Any) -> bool:
    return _whole(value, 0, (1 << 53) - 1)


def _matches(pattern: re.Pattern[str], value: Any) -> bool:
    return isinstance(value, str) and pattern.fullmatch(value) is not None


def _day(value: Any) -> bool:
    try:
        return _matches(_DATE, value) and bool(date.fromisoformat(value))
    except ValueError:
        return False


_KINDS: Mapping[str, Callable[[Any], bool]] = {
    "text": _prose,
    "amount": _amount,
    "integer": lambda one: _whole(one, 1 - (1 << 53), (1 << 53) - 1),
    "decimal": lambda one: _matches(_DECIMAL, one),
    "date": _day,
}
