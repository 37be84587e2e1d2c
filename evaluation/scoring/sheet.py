"""The proof sheet: every value on the way to a score, each with the sum it came from.

A sum is written with numbers alone, so that a person with a pocket calculator can follow it in any
language; what each value is called is a key of the catalogue. It must not compute anything.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field
from fractions import Fraction

from evaluation.scoring.exact import rounded, shown


@dataclass(frozen=True, slots=True)
class Step:
    """One value: what it is, how it came about, and what goes on from here."""

    name: str
    formula: str
    exact: str
    """As `exact.shown` has it, before rounding."""
    value: str
    """After the rounding that the rule asks for here; the same where it asks for none."""
    about: str = ""
    """The item or part of the review it is of, where it is of one."""


@dataclass(slots=True)
class Sheet:
    """Steps as they are made, those of all bids together and those of each."""

    together: list[Step] = field(default_factory=list)
    by_bid: dict[str, list[Step]] = field(default_factory=dict)

    def note(
        self,
        name: str,
        formula: str,
        value: Fraction,
        decimals: int | None = None,
        bid: str = "",
        about: str = "",
    ) -> Fraction:
        """Write a value down and return it as it goes on.

        Args:
            name: what it is, as the catalogue knows it.
            formula: the sum, in numbers.
            value: its exact outcome.
            decimals: what it is rounded to; None for not at all.
            bid: whose value it is; empty for all together.
            about: the item or part it is of.
        """
        kept = rounded(value, decimals)
        steps = self.by_bid.setdefault(bid, []) if bid else self.together
        steps.append(Step(name, formula, shown(value), shown(kept), about))
        return kept


def term(value: Fraction) -> str:
    """Return a value as it stands inside a sum: a fraction and what is below zero in brackets."""
    text = shown(value)
    return f"({text})" if "/" in text or value < 0 else text


def sum_of(values: Sequence[Fraction]) -> str:
    """Return a sum's text; of no values it is 0."""
    return " + ".join(map(term, values)) or "0"
