"""How a request's body is read: never more than its cap, never longer than its time."""

import asyncio
import json
from typing import TypeVar

from pydantic import BaseModel, ValidationError
from starlette.requests import ClientDisconnect, Request

from record.errors import NotValid, TooLate

M = TypeVar("M", bound=BaseModel)

PROBLEMS = 10
"""How many things wrong with a body are told at once."""


class BodyTooLong(NotValid):
    """More bytes than this route takes."""

    status = 413


class BodyTooSlow(TooLate):
    """The body did not arrive in its time."""

    status = 408


class WrongMedia(NotValid):
    """The body is not said to be JSON, so a form on another site might have sent it."""

    status = 415


async def read_body(request: Request, cap: int, within: int) -> bytes:
    """Read a whole body.

    Args:
        request: whose body it is.
        cap: the most bytes taken; not one more is kept.
        within: how long it may take, ms.

    Raises:
        BodyTooLong, BodyTooSlow: `web.body_too_long`, `web.body_too_slow`.
        NotValid: `web.body_cut`, the sender went away.
    """
    told = request.headers.get("content-length", "")
    if told.isdigit() and int(told) > cap:
        raise BodyTooLong("web.body_too_long", most=cap)
    try:
        async with asyncio.timeout(within / 1000):
            return await _read(request, cap)
    except TimeoutError as error:
        raise BodyTooSlow("web.body_too_slow") from error
    except ClientDisconnect as error:
        raise NotValid("web.body_cut") from error


async def read_json(request: Request, kind: type[M], cap: int, within: int) -> M:
    """Read a body of a few fields; what is wrong with it is told by place, never by value."""
    check_media(request)
    body = await read_body(request, cap, within)
    check_json(body)
    try:
        return kind.model_validate_json(body)
    except ValidationError as error:
        raise NotValid("web.body_malformed", problems=problems_of(error)) from None


def check_media(request: Request) -> None:
    """Refuse a body that is not said to be JSON; `web.not_json`."""
    media = request.headers.get("content-type", "").partition(";")[0].strip().lower()
    if media != "application/json":
        raise WrongMedia("web.not_json")


def check_json(body: bytes) -> None:
    """Refuse a body that readers might read in two ways; `web.body_malformed`."""
    try:
        json.loads(body, object_pairs_hook=_object)
    except (ValueError, RecursionError):
        raise NotValid("web.body_malformed", problems=["json"]) from None


def problems_of(error: ValidationError) -> list[str]:
    """Say where a body is wrong and how, without a word of what it said."""
    return [
        ".".join(str(part) for part in found["loc"]) + ": " + found["type"]
        for found in error.errors(include_url=False, include_context=False, include_input=False)
    ][:PROBLEMS]


def _object(pairs: list[tuple[str, object]]) -> None:
    if len({name for name, _ in pairs}) != len(pairs):
        raise ValueError("a key occurs twice")


async def _read(request: Request, cap: int) -> bytes:
    pieces: list[bytes] = []
    size = 0
    async for piece in request.stream():
        size += len(piece)
        if size > cap:
            raise BodyTooLong("web.body_too_long", most=cap)
        pieces.append(piece)
    return b"".join(pieces)
