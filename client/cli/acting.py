"""One act from a seat at the command line: opened, done, and its outcome printed.

It must not decide what is done; what was typed and cannot be is told as wrong usage.
"""

from collections.abc import Awaitable, Callable
from contextlib import AbstractAsyncContextManager
from typing import TypeVar

import typer
from pydantic import ValidationError

from client.cli import output
from client.seat import Answer

Opened = TypeVar("Opened")


def act(
    seat: AbstractAsyncContextManager[Opened], doing: Callable[[Opened], Awaitable[Answer]]
) -> None:
    """Open a seat, act from it, and print the command's id and its events.

    Raises:
        typer.BadParameter: something typed has not the form it must have.
    """

    async def do() -> Answer:
        async with seat as opened:
            return await doing(opened)

    try:
        done = output.run(do())
    except ValidationError as error:
        problem = error.errors()[0]
        said = f"{problem['loc'][-1]}: {problem['msg']}"
        raise typer.BadParameter(said) from error
    output.tell({"command": done.command_id, "events": list(done.events)}, as_json=True)
