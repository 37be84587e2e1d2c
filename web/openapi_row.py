"""What one route takes and answers, as the tables of rows say it; it must not know a route."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Literal

from pydantic import BaseModel

from web.openapi_shapes import TEXT, Schema, ref

JSON = "application/json"
OCTETS = "application/octet-stream"

Seat = Literal["anyone", "perhaps", "account"]
"""Who may ask: anyone, anyone but more with an account, or an account alone."""


@dataclass(frozen=True, slots=True)
class Answer:
    """What a route says when all is well.

    Args:
        says: in a few words.
        shape: of the body; none where there is no body.
        example: of a JSON body.
        media: of the body.
        headers: that come with it.
    """

    says: str
    shape: Schema | None = None
    example: Any = None
    media: str = JSON
    headers: Mapping[str, Schema] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Row:
    """A route.

    Args:
        name: of the operation, for generated clients.
        answers: by status.
        seat: who may ask.
        takes: a class, or the name of a union of commands, or the media type of plain bytes.
        needs_body: whether there must be one.
        examples: of the JSON body, by what they do.
        headers: read by hand, with whether they must be there.
    """

    name: str
    answers: Mapping[int, Answer]
    seat: Seat = "account"
    takes: type[BaseModel] | str | None = None
    needs_body: bool = True
    examples: Mapping[str, Any] = field(default_factory=dict)
    headers: Mapping[str, tuple[Schema, bool]] = field(default_factory=dict)


def told(says: str, name: str, example: Any) -> Answer:
    """Return an answer of JSON, by the name of its shape."""
    return Answer(says, ref(name), example)


def file(says: str, media: str = OCTETS) -> Answer:
    """Return an answer that is saved as a file."""
    headers = {"Content-Disposition": TEXT}
    return Answer(says, {"type": "string", "format": "binary"}, None, media, headers)
