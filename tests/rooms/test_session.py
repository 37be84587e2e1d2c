import json
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from rooms.messages import Ack, Code, Hello, Ping
from rooms.session import HELLO_MS, IDLE_MS, Close, SocketSession, Stage

HELLO = {"t": "hello", "ticket": "abc", "channels": {"hall": {"since": 0, "epoch": ""}}}
MALFORMED: list[tuple[str, str]] = [
    ("nothing", ""),
    ("no JSON", "hello"),
    ("half of JSON", '{"t":"hello"'),
    ("two values", '{"t":"ping","id":1}{"t":"ping","id":2}'),
    ("a number", "1"),
    ("a text", '"hello"'),
    ("a list", "[]"),
    ("null", "null"),
    ("an empty object", "{}"),
    ("no kind", '{"ticket":"abc"}'),
    ("a kind unknown", '{"t":"shout"}'),
    ("a kind that is no text", '{"t":1}'),
    ("what only a service says", '{"t":"frame","ch":"hall","n":1}'),
    ("hello without a ticket", '{"t":"hello","channels":{"hall":{}}}'),
    ("hello with an empty ticket", '{"t":"hello","ticket":"","channels":{"hall":{}}}'),
    ("hello without channels", '{"t":"hello","ticket":"abc"}'),
    ("hello with no channel", '{"t":"hello","ticket":"abc","channels":{}}'),
    ("hello with a channel unknown", '{"t":"hello","ticket":"a","channels":{"cellar":{}}}'),
    ("hello with a bidder that is none", '{"t":"hello","ticket":"a","channels":{"bidder/x":{}}}'),
    ("since below zero", '{"t":"hello","ticket":"a","channels":{"hall":{"since":-1}}}'),
    ("since beyond all numbers", '{"t":"hello","ticket":"a","channels":{"hall":{"since":1e99}}}'),
    ("since as a text", '{"t":"hello","ticket":"a","channels":{"hall":{"since":"1"}}}'),
    ("since as a float", '{"t":"hello","ticket":"a","channels":{"hall":{"since":1.5}}}'),
    ("an epoch that is none", '{"t":"hello","ticket":"a","channels":{"hall":{"epoch":"<b>"}}}'),
    ("a field too many", '{"t":"ping","id":1,"admin":true}'),
    ("ping without an id", '{"t":"ping"}'),
    ("an ack of nothing", '{"t":"ack"}'),
    ("nested without end", "[" * 4000),
    ("a lone surrogate", '{"t":"ping","id":"\\ud800"}'),
]


def opened() -> SocketSession:
    session = SocketSession(0)
    session.text(json.dumps(HELLO), 0)
    session.entered()
    return session


@pytest.mark.parametrize("text", [text for _, text in MALFORMED], ids=[n for n, _ in MALFORMED])
def test_a_malformed_message_closes_the_socket_as_malformed(text: str) -> None:
    for session in (SocketSession(0), opened()):
        assert session.text(text, 1) == Close(Code.MALFORMED)
        assert session.stage is Stage.CLOSED


def test_there_are_as_many_kinds_of_malformed_messages_as_promised() -> None:
    assert len(MALFORMED) >= 26


def test_hello_then_pings_and_acks_are_understood() -> None:
    session = SocketSession(0)
    assert isinstance(session.text(json.dumps(HELLO), 0), Hello)
    session.entered()
    assert session.stage is Stage.OPEN
    assert session.text('{"t":"ping","id":7}', 1000) == Ping(t="ping", id=7)
    assert isinstance(session.text('{"t":"ack","n":{"hall":3}}', 2000), Ack)


def test_a_second_hello_and_a_ping_before_hello_are_malformed() -> None:
    assert opened().text(json.dumps(HELLO), 1) == Close(Code.MALFORMED)
    assert SocketSession(0).text('{"t":"ping","id":1}', 1) == Close(Code.MALFORMED)


def test_binary_messages_are_turned_away() -> None:
    assert opened().binary() == Close(Code.NOT_TEXT)


def test_a_message_longer_than_the_limit_is_turned_away_unread() -> None:
    assert opened().text(" " * 4097, 1) == Close(Code.TOO_LONG)
    assert opened().text("鱼" * 1400, 1) == Close(Code.TOO_LONG)


def test_more_than_ten_messages_a_second_are_too_many() -> None:
    session = opened()
    answers = [session.text('{"t":"ping","id":1}', 500 + n) for n in range(12)]
    assert Close(Code.TOO_MANY) in answers
    slow = opened()
    for n in range(50):
        assert isinstance(slow.text('{"t":"ping","id":1}', 2000 + n * 110), Ping)


def test_silence_closes_the_socket() -> None:
    assert SocketSession(0).check_time(HELLO_MS - 1) is None
    assert SocketSession(0).check_time(HELLO_MS) == Close(Code.NO_HELLO)
    session = opened()
    session.text('{"t":"ping","id":1}', 10_000)
    assert session.check_time(10_000 + IDLE_MS - 1) is None
    assert session.check_time(10_000 + IDLE_MS) == Close(Code.IDLE)


_VALUES: Any = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(max_size=20),
    lambda inner: (
        st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=8), inner, max_size=3)
    ),
    max_leaves=8,
)


@settings(max_examples=300, deadline=None)
@given(
    name=st.sampled_from(["t", "ticket", "channels", "id", "n", "since"]),
    value=_VALUES,
    cut=st.integers(0, 200),
)
def test_a_mutated_message_is_understood_or_closes_and_never_fails(
    name: str, value: object, cut: int
) -> None:
    whole = json.dumps({**HELLO, name: value})
    for text in (whole, whole[:cut], whole[::-1]):
        said = SocketSession(0).text(text, 1)
        assert isinstance(said, Hello | Close)
