"""The proof sheet as it fills, and why a rule cannot be applied; it must not compute a value.

Source: docs/record-format.md, The proof sheet.
"""

from collections.abc import Sequence
from fractions import Fraction
from typing import Any

from verifier.scoring.numbers import half_up, written


class Impossible(Exception):
    """The rule cannot be applied to the case."""

    def __init__(self, code: str, about: Sequence[str] = ()) -> None:
        super().__init__(code)
        self.code, self.about = code, list(about)


class Sheet:
    """Lines in the order in which they are worked out."""

    def __init__(self) -> None:
        self._lines: list[tuple[str, dict[str, str]]] = []

    def line(
        self,
        bid: str,
        name: str,
        formula: str,
        value: Fraction,
        places: int | None = None,
        about: str = "",
    ) -> Fraction:
        """Write a line of a bid, or of all where `bid` is empty, and return what goes on."""
        kept = value if places is None else half_up(value, places)
        told = {"name": name, "formula": formula, "exact": written(value), "value": written(kept)}
        self._lines.append((bid, {**told, "about": about} if about else told))
        return kept

    def told(self) -> dict[str, Any]:
        """Return the sheet as the report has it."""
        by_bid: dict[str, list[dict[str, str]]] = {}
        for bid, line in self._lines:
            by_bid.setdefault(bid, []).append(line)
        together = by_bid.pop("", [])
        rows = [{"bid": bid, "steps": steps} for bid, steps in sorted(by_bid.items())]
        return {"together": together, "by_bid": rows}
