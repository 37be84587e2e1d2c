"""Canonical JSON: the one byte form of whatever is hashed or signed.

It must not repair anything: what is not canonical already is refused.
"""

import json
import re
from collections.abc import Mapping, Sequence
from functools import lru_cache
from typing import NoReturn, TypeAlias

JsonValue: TypeAlias = "dict[str, JsonValue] | list[JsonValue] | str | int | bool"
JsonInput: TypeAlias = "Mapping[str, JsonInput] | Sequence[JsonInput] | str | int | bool"

INTEGER_BOUND = 1 << 53
DEPTH_LIMIT = 32
KNOWN_KEYS = 4096
"""How many names of fields are remembered as within the rule."""

_KEY = re.compile(r"[a-z][a-z0-9_]*", re.ASCII)
# A DSSE envelope keeps the names its own standard gives, the one exception to the key rule.
_ENVELOPE_KEYS = frozenset({"payload", "payloadType", "signatures"})


class NotCanonical(ValueError):
    """The bytes are not canonical JSON of the subset used here."""


def dumps(value: JsonInput) -> bytes:
    """Return the canonical bytes of a value.

    Raises:
        NotCanonical: the value has a float, a null, a key or an integer outside the subset,
            a lone surrogate, or is nested too deeply.

    Source: RFC 8785 on a subset, docs/sealing.md section 2.
    """
    _check(value, DEPTH_LIMIT)
    try:
        return _encode(value).encode()
    except UnicodeEncodeError as error:
        raise NotCanonical("a string has a lone surrogate") from error


def loads(data: bytes, limit: int = 1 << 20) -> JsonValue:
    """Parse canonical bytes strictly.

    Args:
        data: the bytes as they were received.
        limit: the most bytes that are looked at.

    Raises:
        NotCanonical: the bytes are too long, are not JSON of the subset, or are not the
            canonical form of what they say.
    """
    if len(data) > limit:
        raise NotCanonical("too long")
    try:
        value: JsonValue = _decode(data.decode())
    except RecursionError as error:
        raise NotCanonical("nested too deeply") from error
    except NotCanonical:
        raise
    except ValueError as error:
        raise NotCanonical("not JSON") from error
    if dumps(value) != data:
        raise NotCanonical("not in canonical form")
    return value


def _object(pairs: list[tuple[str, JsonValue]]) -> dict[str, JsonValue]:
    value = dict(pairs)
    if len(value) != len(pairs):
        raise NotCanonical("a key occurs twice")
    return value


def _refuse_number(text: str) -> NoReturn:
    raise NotCanonical("a number is not an integer: " + text[:32])


def _check(value: object, depth: int) -> None:
    if depth == 0:
        raise NotCanonical("nested too deeply")
    kind = type(value)
    if kind is str or kind is bool:
        return
    if isinstance(value, dict):
        _check_keys(value)
        for item in value.values():
            _check(item, depth - 1)
    elif isinstance(value, list | tuple):
        for item in value:
            _check(item, depth - 1)
    else:
        _check_plain(value)


def _check_plain(value: object) -> None:
    match value:
        case bool() | str():
            return
        case int():
            if not -INTEGER_BOUND < value < INTEGER_BOUND:
                raise NotCanonical("an integer is out of range")
        case _:
            raise NotCanonical("a value of this kind has no place here: " + type(value).__name__)


def _check_keys(value: dict[object, object]) -> None:
    for key in value:
        if not isinstance(key, str):
            raise NotCanonical("a key is not a string")
        # a name nobody would choose is not remembered, however long it is
        is_key = _is_key(key) if len(key) <= 64 else _KEY.fullmatch(key)
        if not is_key and not (key == "payloadType" and set(value) == _ENVELOPE_KEYS):
            raise NotCanonical("a key is outside the rule: " + key[:32])


@lru_cache(maxsize=KNOWN_KEYS)
def _is_key(key: str) -> bool:
    return _KEY.fullmatch(key) is not None


# Made once: the module's own functions make a new coder for every value with such options.
_encode = json.JSONEncoder(sort_keys=True, separators=(",", ":"), ensure_ascii=False).encode
_decode = json.JSONDecoder(
    object_pairs_hook=_object, parse_float=_refuse_number, parse_constant=_refuse_number
).decode
