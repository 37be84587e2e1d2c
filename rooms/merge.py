"""JSON merge patches: how a view changes, as a value; it knows no event and no room."""

from collections.abc import Mapping
from typing import Any, TypeAlias

View: TypeAlias = Mapping[str, Any]
"""JSON without null; lists stand where nothing inside them ever changes, maps everywhere else."""
Patch: TypeAlias = Mapping[str, Any]
"""What changes in a view; null takes a member away."""


def merge(view: View, patch: Patch) -> View:
    """Return the view with a patch applied; neither of the two is changed.

    Source: RFC 7396 section 2.
    """
    merged = dict(view)
    for name, value in patch.items():
        if value is None:
            merged.pop(name, None)
        elif isinstance(value, Mapping):
            inner = merged.get(name)
            merged[name] = merge(inner if isinstance(inner, Mapping) else {}, value)
        else:
            merged[name] = value
    return merged


def at_path(path: tuple[str, ...], value: Any) -> Patch:
    """Return the patch that puts a value at a path."""
    for name in reversed(path):
        value = {name: value}
    patch: Patch = value
    return patch


def together(*patches: Patch) -> Patch:
    """Return one patch that does what these do one after the other, nulls kept."""
    joined: dict[str, Any] = {}
    for patch in patches:
        for name, value in patch.items():
            inner = joined.get(name)
            if isinstance(value, Mapping) and isinstance(inner, Mapping):
                joined[name] = together(inner, value)
            else:
                joined[name] = value
    return joined
