"""The bid form: what is read out of a bid, as its bidder wrote it into bid-form.json.

It must not reject a bid: what is wrong with a form is told, shown and recorded, never fatal.
"""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any, Final, Literal, TypeAlias, TypeVar

from opening import form_checks
from opening.capitals import capitals_agree, chinese_capitals
from opening.events import FormProblem
from opening.form_checks import Value
from opening.messages import FormField

__all__ = [
    "BidForm",
    "BidFormInvalid",
    "FormTerms",
    "Price",
    "ReadForm",
    "Security",
    "capitals_agree",
    "chinese_capitals",
    "parse",
    "read_form",
]

PROBLEM_LIMIT = 50

_KEY = re.compile(r"[a-z][a-z0-9_]{0,31}", re.ASCII)
_WHOLE: Final = "bid-form.json"

T = TypeVar("T")
Problem: TypeAlias = Literal[
    "missing", "invalid", "unknown", "capitals", "over_limit", "unreadable"
]


@dataclass(frozen=True, slots=True)
class FormTerms:
    """What a section asks of the form.

    Args:
        fields: those a project adds; they stand under `extra`.
        priced: whether this envelope holds the price; a technical envelope must not.
        currency: the project's; None where any will do.
        limit: the highest price 最高投标限价, minor units.
    """

    fields: tuple[FormField, ...] = ()
    priced: bool = True
    currency: str | None = None
    limit: int | None = None


@dataclass(frozen=True, slots=True)
class Price:
    """The price 投标报价: an amount, or a rate where the project asks for one.

    Args:
        amount: minor units of `currency`.
        currency: three letters.
        unit: what it is the price of, where that is not the whole.
        rate: a decimal number as text.
        capitals: the amount in words 大写, as the bidder wrote it.
    """

    amount: int | None = None
    currency: str | None = None
    unit: str | None = None
    rate: str | None = None
    capitals: str | None = None


@dataclass(frozen=True, slots=True)
class Security:
    """The bid security 投标保证金: whether it was given, how much, in what form."""

    given: bool
    amount: int | None = None
    form: str | None = None


@dataclass(frozen=True, slots=True)
class BidForm:
    """What could be read of a form; a field that could not is None and has its problem."""

    bidder: str | None = None
    price: Price | None = None
    security: Security | None = None
    quality: str | None = None
    duration_days: int | None = None
    leader: str | None = None
    remarks: str | None = None
    extra: Mapping[str, Value] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class ReadForm:
    """A form as it was read, with everything that is not as the terms want it."""

    form: BidForm
    problems: tuple[FormProblem, ...]


class BidFormInvalid(ValueError):
    """A form that its bidder should correct before sealing it."""

    def __init__(self, problems: tuple[FormProblem, ...]) -> None:
        super().__init__(", ".join(f"{each.field}: {each.problem}" for each in problems))
        self.problems = problems


def parse(data: bytes, terms: FormTerms) -> BidForm:
    """Read a form that has nothing wrong with it.

    Raises:
        BidFormInvalid: something is; the problems say what.
    """
    found = read_form(data, terms)
    if found.problems:
        raise BidFormInvalid(found.problems)
    return found.form


def read_form(data: bytes | None, terms: FormTerms) -> ReadForm:
    """Read whatever a form holds and tell what is wrong with it; never refuses.

    Args:
        data: bid-form.json; None when it is too large to be shown.
        terms: what the section asks.
    """
    try:
        value = form_checks.load(data)
    except (ValueError, TypeError):
        return ReadForm(BidForm(), (FormProblem(field=_WHOLE, problem="unreadable"),))
    problems: list[FormProblem] = []
    form = _read(_Reader(value, "", problems), terms)
    return ReadForm(form, tuple(problems[:PROBLEM_LIMIT]))


class _Reader:
    """Takes the fields of one object by name and notes what is wrong with them."""

    def __init__(self, value: dict[str, Any], path: str, problems: list[FormProblem]) -> None:
        self.given = frozenset(value)
        self._left = dict(value)
        self._path = path
        self.problems = problems

    def take(self, name: str, check: Callable[[Any], T], *, required: bool = False) -> T | None:
        """Return a field that passes its check; note one that is missing or does not."""
        if name not in self._left:
            if required:
                self.note(name, "missing")
            return None
        found = check(self._left.pop(name))
        if found is None:
            self.note(name, "invalid")
        return found

    def part(self, name: str, *, required: bool = False) -> "_Reader | None":
        """Return the reader of an object inside this one."""
        value = self.take(name, form_checks.object_, required=required)
        if value is None:
            return None
        return _Reader(value, f"{self._path}{name}.", self.problems)

    def end(self) -> None:
        """Note every field that nobody asked for."""
        for name in self._left:
            self.note(name if _KEY.fullmatch(name) else "?", "unknown")

    def note(self, name: str, problem: Problem) -> None:
        """Note a problem with a field."""
        self.problems.append(FormProblem(field=self._path + name, problem=problem))


def _read(reader: _Reader, terms: FormTerms) -> BidForm:
    reader.take("v", form_checks.version, required=True)
    form = BidForm(
        bidder=reader.take("bidder", form_checks.line, required=True),
        price=_read_price(reader, terms) if terms.priced else None,
        security=_read_security(reader),
        quality=reader.take("quality", form_checks.line),
        duration_days=reader.take("duration_days", form_checks.days),
        leader=reader.take("leader", form_checks.line),
        remarks=reader.take("remarks", form_checks.prose),
        extra=_read_extra(reader, terms.fields),
    )
    reader.end()
    return form


def _read_price(reader: _Reader, terms: FormTerms) -> Price | None:
    part = reader.part("price", required=True)
    if part is None:
        return None
    price = Price(
        amount=part.take("amount", form_checks.amount),
        currency=part.take("currency", form_checks.currency),
        unit=part.take("unit", form_checks.line),
        rate=part.take("rate", form_checks.decimal),
        capitals=part.take("capitals", form_checks.line),
    )
    part.end()
    _judge_price(part, price, terms)
    return price


def _judge_price(part: _Reader, price: Price, terms: FormTerms) -> None:
    """Note what each field passes but the price as a whole does not."""
    if "amount" not in part.given:
        if "rate" not in part.given:
            part.note("amount", "missing")
            return
        for name in ("currency", "capitals"):
            if name in part.given:
                part.note(name, "unknown")
        return
    if "rate" in part.given:
        part.note("rate", "unknown")
    if "currency" not in part.given:
        part.note("currency", "missing")
    elif price.currency is not None and terms.currency not in {None, price.currency}:
        part.note("currency", "invalid")
    if price.amount is not None:
        _judge_amount(part, price.amount, price.capitals, terms.limit)


def _judge_amount(part: _Reader, amount: int, capitals: str | None, limit: int | None) -> None:
    if capitals is not None and not capitals_agree(capitals, amount):
        part.note("capitals", "capitals")
    if limit is not None and amount > limit:
        part.note("amount", "over_limit")


def _read_security(reader: _Reader) -> Security | None:
    part = reader.part("security")
    if part is None:
        return None
    given = part.take("given", form_checks.flag, required=True)
    amount, form = part.take("amount", form_checks.amount), part.take("form", form_checks.line)
    part.end()
    return None if given is None else Security(given, amount, form)


def _read_extra(reader: _Reader, fields: tuple[FormField, ...]) -> Mapping[str, Value]:
    needed = any(each.required for each in fields)
    part = reader.part("extra", required=needed)
    if part is None:
        return {}
    values: dict[str, Value] = {}
    for each in fields:
        value: Value | None = part.take(
            each.field, form_checks.CHECKS[each.kind], required=each.required
        )
        if value is not None:
            values[each.field] = value
    part.end()
    return values
