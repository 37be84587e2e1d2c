"""Commands from the wire and events from the record: bytes to values, strictly; judges nothing."""

import json
from collections.abc import Mapping
from types import UnionType
from typing import Annotated, Any, get_args, get_origin

from pydantic import ValidationError

from project.events import AnyEvent
from project.permissions import ROLES
from record.errors import NotValid
from record.events import Event
from record.rules import Command

MOST_PROBLEMS = 10

COMMANDS: Mapping[str, type[Command]] = {
    command.model_fields["type"].default: command for command in ROLES
}
"""Every command a project takes, by its name on the wire."""


def _classes(union: Any) -> list[type[Event]]:
    """Return the classes of a union, however deep it is built of other unions."""
    if get_origin(union) is Annotated:
        return _classes(get_args(union)[0])
    if isinstance(union, UnionType) or get_args(union):
        return [one for part in get_args(union) for one in _classes(part)]
    return [union]


EVENTS: Mapping[str, type[Event]] = {
    event.model_fields["type"].default: event for event in _classes(AnyEvent)
}
"""Every event a project's record may hold, by its name."""


def parse_event(event_type: str, body: bytes) -> Event:
    """Read an event back from the record; raises ValueError when it is none of a project's."""
    known = EVENTS.get(event_type)
    if known is None:
        raise ValueError("no event of a project: " + event_type)
    return known.from_body(body)


def parse_command(body: bytes) -> Command:
    """Read a command as it came over the wire.

    The problems told never repeat what was sent, which may be secret: a place and a kind each.

    Args:
        body: JSON with a `type`; the caller has limited its size.

    Refusals: command.malformed.
    """
    try:
        sent = json.loads(body, object_pairs_hook=_object, parse_constant=_refuse)
    except (ValueError, RecursionError) as error:
        raise NotValid("command.malformed", problems=["json"]) from error
    name = sent.get("type") if isinstance(sent, dict) else None
    command = COMMANDS.get(name) if isinstance(name, str) else None
    if command is None:
        raise NotValid("command.malformed", problems=["type"])
    try:
        return command.model_validate_json(body)
    except ValidationError as error:
        raise NotValid("command.malformed", problems=_problems(error)) from error


def _problems(error: ValidationError) -> list[str]:
    found = error.errors(include_url=False, include_context=False, include_input=False)
    return [
        ".".join(_step(step) for step in problem["loc"]) + ": " + problem["type"]
        for problem in found[:MOST_PROBLEMS]
    ]


def _step(step: int | str) -> str:
    return str(step)[:40]


def _object(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    value = dict(pairs)
    if len(value) != len(pairs):
        raise ValueError("a key occurs twice")
    return value


def _refuse(constant: str) -> None:
    raise ValueError("not JSON: " + constant)
