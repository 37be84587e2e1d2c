"""One act or one look from a seat at the command line: opened, done, and its outcome printed.

It must not decide what is done; what was typed and cannot be is told as wrong usage.
"""

import json
from collections.abc import Awaitable, Callable
from contextlib import AbstractAsyncContextManager
from pathlib import Path
from typing import Annotated, Any, TypeVar

import typer
from pydantic import ValidationError

from client.cli import output
from client.seat import Answer

Opened = TypeVar("Opened")
Seen = TypeVar("Seen")
Sure = Annotated[bool, typer.Option("--yes", help="do not ask")]


def ask(question: str, *, yes: bool) -> None:
    """Ask once more, unless whoever typed the command is sure; without consent it ends here."""
    if not yes:
        typer.confirm(question, abort=True, err=True)


def filled(path: Path) -> Any:
    """Return what somebody filled in in a JSON file.

    Raises:
        BadParameter: it cannot be read, or is none.
    """
    try:
        return json.loads(path.read_bytes())
    except (OSError, ValueError) as error:
        raise typer.BadParameter(str(error)) from error


def look(
    seat: AbstractAsyncContextManager[Opened], reading: Callable[[Opened], Awaitable[Seen]]
) -> Seen:
    """Open a seat, and return what is read from it."""

    async def do() -> Seen:
        async with seat as opened:
            return await reading(opened)

    return output.run(do())


def act(
    seat: AbstractAsyncContextManager[Opened], doing: Callable[[Opened], Awaitable[Answer]]
) -> None:
    """Open a seat, act from it, and print the command's id and its events.

    Raises:
        typer.BadParameter: something typed has not the form it must have.
    """
    try:
        done = look(seat, doing)
    except ValidationError as error:
        problem = error.errors()[0]
        said = f"{problem['loc'][-1]}: {problem['msg']}"
        raise typer.BadParameter(said) from error
    output.tell({"command": done.command_id, "events": list(done.events)}, as_json=True)
