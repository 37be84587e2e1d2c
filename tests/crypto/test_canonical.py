from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crypto.canonical import JsonInput, JsonValue, NotCanonical, dumps, loads

keys = st.from_regex(r"[a-z][a-z0-9_]{0,8}", fullmatch=True)
texts = st.text(st.characters(exclude_categories=["Cs"]), max_size=12)
leaves = st.booleans() | st.integers(-(2**53) + 1, 2**53 - 1) | texts
values = st.recursive(
    leaves,
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(keys, inner, max_size=4),
    max_leaves=12,
)


@given(values)
def test_what_was_dumped_loads_as_it_was(value: JsonValue) -> None:
    assert loads(dumps(value)) == value


@given(values, st.data())
def test_a_flipped_byte_is_refused_or_is_another_value(
    value: JsonValue, data: st.DataObject
) -> None:
    raw = dumps(value)
    place = data.draw(st.integers(0, len(raw) - 1))
    changed = raw[:place] + bytes([raw[place] ^ data.draw(st.integers(1, 255))]) + raw[place + 1 :]
    try:
        other = loads(changed)
    except NotCanonical:
        return
    assert dumps(other) == changed


def test_keys_are_sorted_and_text_is_escaped_as_little_as_possible() -> None:
    value: JsonInput = {"b": [1, True, '\x00"\\\n\u2028é标'], "a": {"z_9": -5, "z": 0}}
    assert dumps(value) == (
        '{"a":{"z":0,"z_9":-5},"b":[1,true,"\\u0000\\"\\\\\\n\u2028é标"]}'.encode()
    )


def test_an_envelope_keeps_the_names_of_its_standard() -> None:
    envelope: JsonInput = {
        "payload": "e30=",
        "payloadType": "t",
        "signatures": [{"keyid": "k", "sig": "s"}],
    }
    assert loads(dumps({"envelope": envelope})) == {"envelope": envelope}


@pytest.mark.parametrize(
    "raw",
    [
        b"",
        b" {}",
        b"{} ",
        b"{}\n",
        b"\xef\xbb\xbf{}",
        b"null",
        b'{"a":null}',
        b"1.0",
        b"1e3",
        b"-0",
        b"01",
        b"NaN",
        b"Infinity",
        b"-Infinity",
        b"9007199254740992",
        b"-9007199254740992",
        b"9" * 5000,
        b'{"a":1,"a":1}',
        b'{"a":1,"\\u0061":2}',
        b'{"b":1,"a":2}',
        b'{"a": 1}',
        b'{"A":1}',
        b'{"":1}',
        b'{"1a":1}',
        b'{"a-b":1}',
        '{"é":1}'.encode(),
        b'{"payloadType":1}',
        b'{"payload":1,"payloadType":1,"signatures":1,"x":1}',
        b'"\\u0041"',
        b'"\\/"',
        b'"\\u001F"',
        b'"\\ud800"',
        b'"\xed\xa0\x80"',
        b'"\xff"',
        b"[1,]",
        b'{"a":1}{"a":1}',
        b"[" * 100 + b"]" * 100,
        b"[" * 200_000,
    ],
    ids=lambda raw: raw[:24],
)
def test_bytes_outside_the_subset_are_refused(raw: bytes) -> None:
    with pytest.raises(NotCanonical):
        loads(raw)


def test_bytes_over_the_limit_are_refused_unread() -> None:
    assert loads(b'"aa"', limit=4) == "aa"
    with pytest.raises(NotCanonical, match="too long"):
        loads(b'"aaa"', limit=4)


@pytest.mark.parametrize(
    "value",
    [None, 1.0, float("nan"), {"A": 1}, {1: 1}, {"a": None}, b"", {"a"}, 2**53, -(2**53), "\ud800"],
    ids=repr,
)
def test_values_outside_the_subset_are_not_dumped(value: Any) -> None:
    with pytest.raises(NotCanonical):
        dumps(value)
