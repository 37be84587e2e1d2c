"""Canonical JSON, read strictly; it must not repair or rewrite anything.

Source: docs/record-format.md, and docs/sealing.md section 2.
"""

import json
import re
from typing import Any

DEEPEST = 32
BOUND = 1 << 53

_NAME = re.compile(r"[a-z][a-z0-9_]*", re.ASCII)
_DSSE = {"payload", "payloadType", "signatures"}


class NotCanonical(ValueError):
    """Bytes that are not the one form of what they say."""


def write(value: Any) -> bytes:
    """Return the one form of a value."""
    text = json.dumps(value, sort_keys=True, separators=(",", ":"), ensure_ascii=False)
    try:
        return text.encode("utf-8")
    except UnicodeEncodeError as error:
        raise NotCanonical("a lone surrogate") from error


def read(data: bytes) -> Any:
    """Read bytes that must be the one form of a value.

    Raises:
        NotCanonical: they are not.
    """
    try:
        value = json.loads(data.decode("utf-8"))
    except (ValueError, RecursionError) as error:
        raise NotCanonical("not JSON") from error
    _inspect(value, 1)
    if write(value) != data:
        raise NotCanonical("not in canonical form")
    return value


def _inspect(value: Any, depth: int) -> None:
    if depth > DEEPEST:
        raise NotCanonical("nested too deeply")
    if isinstance(value, dict):
        for name, inner in value.items():
            if not _NAME.fullmatch(name) and not (name == "payloadType" and set(value) == _DSSE):
                raise NotCanonical("a key out of form: " + name[:40])
            _inspect(inner, depth + 1)
    elif isinstance(value, list):
        for inner in value:
            _inspect(inner, depth + 1)
    elif isinstance(value, float) or value is None:
        raise NotCanonical("a number that is no integer, or null")
    elif isinstance(value, int) and not -BOUND < value < BOUND:
        raise NotCanonical("an integer out of range")
