"""Entries: their bytes, to the byte, and the chain they make."""

import json
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crypto import canonical
from crypto.hashing import H, u64
from record.entries import (
    GENESIS,
    Act,
    Entry,
    EntryInvalid,
    Head,
    Salts,
    check_entry,
    leaf_data,
    make_entry,
    read_entry,
    read_text,
    trace_bytes,
)
from record.events import Actor

SALTS = Salts(b"a" * 32, b"b" * 32, b"c" * 32)
texts = st.text(st.characters(codec="utf-8"), max_size=20)
bodies = st.dictionaries(
    st.from_regex(r"[a-z][a-z0-9_]{0,8}", fullmatch=True),
    st.recursive(
        texts | st.integers(-(2**53) + 1, 2**53 - 1) | st.booleans(),
        lambda inner: st.lists(inner, max_size=3),
        max_leaves=6,
    ),
    max_size=5,
)
acts = st.builds(
    Act,
    project=texts,
    received=st.integers(0, 2**53 - 1),
    actor=st.builds(Actor, account=texts, seat=st.none() | texts),
    command=texts,
    trace=st.dictionaries(st.sampled_from(["address", "session"]), texts).map(trace_bytes),
)


def an_entry(head: Head = GENESIS, **changes: object) -> Entry:
    act = Act("p", 7, Actor("ann"), "c", b"{}")
    return make_entry(head, replace(act, **changes), "toy.thing", b'{"a":1}', SALTS)  # type: ignore[arg-type] # field names of Act


def test_the_bytes_of_an_entry_are_the_ones_the_format_says() -> None:
    place = H("place", SALTS.place, u64(1), bytes(32)).hex()
    trace = H("trace", SALTS.trace, b"{}").hex()
    expected = (
        '{"actor":{"account":"ann"},"at":7,"body":{"a":1},"command":"c",'
        f'"place":"{place}","project":"p","trace":"{trace}","type":"toy.thing","v":1}}'
    )
    assert an_entry().text == expected.encode()
    assert an_entry().leaf == H("leaf", SALTS.leaf, expected.encode())


def test_the_known_leaf_is_right() -> None:
    assert leaf_data(bytes(32), b"{}").hex() == (
        "340173352f219141601fe320bbfd266b5d3dcb1e19b3ae7d35eb488e233c41eb"
    )


@given(acts, bodies)
def test_an_entry_is_canonical_and_reads_back(act: Act, body: dict[str, object]) -> None:
    body_bytes = canonical.dumps(body)  # type: ignore[arg-type] # made of what the subset allows
    entry = make_entry(GENESIS, act, "toy.thing", body_bytes, SALTS)
    assert canonical.dumps(json.loads(entry.text)) == entry.text
    again = read_entry(entry.seq, entry.text, entry.trace, SALTS, entry.leaf)
    assert again == entry
    assert again.written.body == body_bytes
    check_entry(again, GENESIS)


@given(st.lists(st.integers(0, 1000), min_size=1, max_size=20))
def test_a_chain_counts_and_time_never_falls(moments: list[int]) -> None:
    head, highest = GENESIS, 0
    for number, moment in enumerate(moments, start=1):
        entry = an_entry(head, received=moment)
        check_entry(entry, head)
        highest = max(highest, moment)
        assert (entry.seq, entry.written.at) == (number, highest)
        head = entry.head


def test_an_entry_that_was_touched_does_not_stand() -> None:
    first = an_entry()
    second = an_entry(first.head)
    flipped = second.text.replace(b'"a":1', b'"a":2')
    touched = [
        replace(second, seq=3),
        replace(second, text=flipped),
        replace(second, leaf=bytes(32)),
        replace(second, trace=b'{"address":"192.0.2.1"}'),
        replace(second, salts=replace(SALTS, leaf=bytes(32))),
        replace(second, salts=replace(SALTS, place=bytes(32))),
        replace(second, salts=replace(SALTS, trace=bytes(32))),
        replace(second, written=replace(second.written, at=6)),
    ]
    for entry in touched:
        with pytest.raises(EntryInvalid):
            check_entry(entry, first.head)
    with pytest.raises(EntryInvalid):
        check_entry(second, replace(first.head, leaf=bytes(32)))
    check_entry(second, first.head)


@pytest.mark.parametrize(
    "text",
    [
        b"",
        b"{}",
        b"[]",
        b"null",
        b"\xff",
        an_entry().text + b" ",
        b" " + an_entry().text,
        an_entry().text.replace(b'"v":1', b'"v":2'),
        an_entry().text.replace(b'"v":1', b'"v":1,"w":1'),
        an_entry().text.replace(b'"at":7', b'"at":7.0'),
        an_entry().text.replace(b'"at":7', b'"at":"7"'),
        an_entry().text.replace(b'"account":"ann"', b'"account":"ann","x":1'),
        an_entry().text.replace(b'"account":"ann"', b'"account":1'),
        an_entry().text.replace(b'"account":"ann"', b'"account":"ann","seat":1'),
        an_entry().text.replace(b'"account":"ann"', b'"account":"ann","seat":[]'),
        an_entry().text.replace(b'"at":7', b'"at":true'),
    ],
)
def test_what_is_no_entry_is_refused(text: bytes) -> None:
    with pytest.raises(EntryInvalid):
        read_text(text)


def test_salts_are_cut_from_96_bytes_and_no_other_number() -> None:
    assert Salts.cut(bytes(range(96))).place == bytes(range(32, 64))
    with pytest.raises(ValueError, match="96"):
        Salts.cut(bytes(95))
