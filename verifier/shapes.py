"""Shapes of JSON values, as tables of fields; it must not know what they mean.

A shape is a function that returns None for a value that has it, else where and how it does not.
"""

import re
from collections.abc import Callable, Mapping
from typing import Any

Shape = Callable[[Any], str | None]
Fields = Mapping[str, Shape]


def matching(pattern: str, longest: int = 1 << 24) -> Shape:
    """Return the shape of text of a pattern."""
    compiled = re.compile(pattern, re.ASCII | re.DOTALL)

    def check(value: Any) -> str | None:
        fits = isinstance(value, str) and len(value) <= longest and compiled.fullmatch(value)
        return None if fits else "is not text of the form " + pattern

    return check


def hexed(length: int) -> Shape:
    """Return the shape of so many bytes in hex."""
    return matching(f"[0-9a-f]{{{2 * length}}}")


def text(longest: int) -> Shape:
    """Return the shape of text that is not empty."""
    return matching(".+", longest)


def integer(low: int = 0, high: int = (1 << 53) - 1) -> Shape:
    """Return the shape of an integer in a range, both ends included."""

    def check(value: Any) -> str | None:
        fits = isinstance(value, int) and not isinstance(value, bool) and low <= value <= high
        return None if fits else f"is not an integer from {low} to {high}"

    return check


def one_of(*values: str | int) -> Shape:
    """Return the shape of one of some values."""

    def check(value: Any) -> str | None:
        fits = not isinstance(value, bool) and value in values
        return None if fits else f"is none of {values}"

    return check


def flag(value: Any) -> str | None:
    """Say whether a value is true or false."""
    return None if isinstance(value, bool) else "is not true or false"


def listed(shape: Shape, least: int = 0, most: int = 1 << 24) -> Shape:
    """Return the shape of a list of so many things of one shape."""

    def check(value: Any) -> str | None:
        if not isinstance(value, list) or not least <= len(value) <= most:
            return f"is not a list of {least} to {most}"
        for place, inner in enumerate(value):
            wrong = shape(inner)
            if wrong is not None:
                return f"[{place}] {wrong}"
        return None

    return check


def fields(table: Fields) -> Shape:
    """Return the shape of an object with exactly these fields; a name with `?` may be absent."""
    known = {name.removesuffix("?"): shape for name, shape in table.items()}
    needed = {name for name in table if not name.endswith("?")}

    def check(value: Any) -> str | None:
        if not isinstance(value, dict):
            return "is not an object"
        odd = needed - value.keys() | value.keys() - known.keys()
        if odd:
            return f"has or lacks {sorted(odd)}"
        for name, inner in value.items():
            wrong = known[name](inner)
            if wrong is not None:
                return f".{name} {wrong}"
        return None

    return check


def told_by(name: str, shapes: Mapping[str, Shape]) -> Shape:
    """Return the shape of an object of one of several kinds, its kind in a field of its own."""

    def check(value: Any) -> str | None:
        kind = value.get(name) if isinstance(value, dict) else None
        shape = shapes.get(kind) if isinstance(kind, str) else None
        return f".{name} is none of {sorted(shapes)}" if shape is None else shape(value)

    return check
