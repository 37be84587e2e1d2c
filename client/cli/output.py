"""What a command prints and with which number it ends; it must not do anything else.

Exit codes: 0 done, 1 refused by the service, 2 wrong usage, 3 the service does not answer,
4 something did not hold and was not trusted, 5 a file or passphrase here cannot be used.
"""

import asyncio
import json
from collections.abc import Coroutine
from typing import Any, TypeVar

import typer
from rich.console import Console

from client.errors import ClientError, Declined, NotTrusted, Unreachable, Unusable

T = TypeVar("T")
_CODES: tuple[tuple[type[ClientError], int], ...] = (
    (Declined, 1),
    (Unreachable, 3),
    (NotTrusted, 4),
    (Unusable, 5),
)

console = Console()
errors = Console(stderr=True)


def run(doing: Coroutine[Any, Any, T]) -> T:
    """Run what a command does; an error of the client's becomes a sentence and an exit code."""
    try:
        return asyncio.run(doing)
    except ClientError as error:
        errors.print(f"[red]{error}[/]")
        raise typer.Exit(code_of(error)) from error


def code_of(error: ClientError) -> int:
    """Return the exit code of an error."""
    return next(code for kind, code in _CODES if isinstance(error, kind))


def tell(value: dict[str, Any], *, as_json: bool) -> None:
    """Print what came out: one JSON object, or a line for each field."""
    if as_json:
        typer.echo(json.dumps(value, ensure_ascii=False))
        return
    for name, what in value.items():
        console.print(f"[bold]{name}[/]: {what}")
