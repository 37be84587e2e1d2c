import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from project.commands import DefineSection, TakePart
from project.events import ProjectCreated
from project.parse import COMMANDS, EVENTS, parse_command, parse_event
from record.errors import NotValid
from tests.project import world as w

DEFINE = w.terms().model_dump(mode="json", exclude_none=True)


def problems(body: bytes) -> str:
    with pytest.raises(NotValid, match=r"command\.malformed") as refused:
        parse_command(body)
    return str(refused.value.facts["problems"])


def test_a_command_is_read_as_its_type_says() -> None:
    assert parse_command(b'{"type": "project.take_part"}') == TakePart()
    assert isinstance(parse_command(json.dumps(DEFINE).encode()), DefineSection)


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"[]",
        b"null",
        b'"project.take_part"',
        b"{}",
        b'{"type": 1}',
        b'{"type": null}',
        b'{"type": "project.unheard_of"}',
        b'{"type": "registry.known_account"}',
        b'{"type": "project.take_part", "type": "project.take_part"}',
        b'{"type": "project.take_part", "more": 1}',
        b'\xff{"type": "project.take_part"}',
        b'{"type": "project.take_part", "n": NaN}',
        b"[" * 100_000,
        b'{"a":' * 100_000,
    ],
)
def test_what_is_no_command_is_refused(body: bytes) -> None:
    assert problems(body)


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("deadline", 1.5),
        ("deadline", "1"),
        ("deadline", -1),
        ("n", 1),
        ("n", True),
        ("section", "Not A Section"),
        ("title", ""),
        ("envelopes", 3),
        ("form", None),
    ],
)
def test_a_field_outside_its_range_is_named(field: str, value: object) -> None:
    assert field in problems(json.dumps({**DEFINE, field: value}).encode())


def test_the_problems_never_repeat_what_was_sent() -> None:
    body = {"type": "opening.release_secret", "bid": "canary-bid", "secret": "canary-secret"}
    told = problems(json.dumps(body).encode())
    assert "secret" in told
    assert "canary" not in told


def test_the_problems_are_few() -> None:
    body = {"type": "project.take_part", **{f"field{number}": 1 for number in range(1000)}}
    assert len(problems(json.dumps(body).encode())) < 1000


@given(st.binary(max_size=200))
def test_no_bytes_do_worse_than_be_refused(body: bytes) -> None:
    assert problems(body)


def test_names_on_the_wire_are_areas_and_words() -> None:
    for name, one in {**COMMANDS, **EVENTS}.items():
        area, _, word = name.partition(".")
        camel = "".join(part.title() for part in word.split("_"))
        assert area in {"project", "opening", "evaluation"}
        assert camel == one.__name__


def test_an_event_comes_back_from_its_bytes() -> None:
    event = ProjectCreated(number="1", title="道路", tenderer="T", currency="CNY")
    assert parse_event(event.type, event.body()) == event


@pytest.mark.parametrize(
    ("name", "body"),
    [
        ("project.unheard_of", b"{}"),
        ("project.take_part", b"{}"),
        ("project.project_created", b"{}"),
        ("project.project_created", b'{"number":"1"}'),
        ("opening.bids_opened_up", b'{"section": "s1"}'),
        ("opening.bids_opened_up", b'{"section":"s1","section":"s1"}'),
    ],
)
def test_bytes_that_are_no_event_are_an_error(name: str, body: bytes) -> None:
    with pytest.raises(ValueError, match=r"."):
        parse_event(name, body)
