"""`kaibiao up`: everything on this machine, with a demo in it or empty; it only sets things off."""

import asyncio
import signal
from contextlib import AsyncExitStack
from pathlib import Path
from typing import Annotated

import typer

from client.cli import output
from client.demo.home import PORT, Home
from client.demo.run import Up


def up(
    folder: Annotated[
        Path, typer.Option("--folder", help="where everything is kept between two starts")
    ] = Path("var"),
    port: Annotated[int | None, typer.Option(help=f"to listen on; {PORT} at first")] = None,
    pace: Annotated[
        float, typer.Option(min=0.1, max=100, help="of the bots; 1 is slow enough to watch")
    ] = 1.0,
    *,
    empty: Annotated[
        bool, typer.Option("--empty", help="nobody in it; prints the link for the first person")
    ] = False,
) -> None:
    """Start the service, the timekeeper and a demo; Ctrl-C ends everything."""
    try:
        output.run(_up(folder.absolute(), port, pace, empty=empty))
    except asyncio.CancelledError:
        output.console.print("Everything has ended; the next start goes on.")


async def _up(folder: Path, port: int | None, pace: float, *, empty: bool) -> None:
    task, loop = asyncio.current_task(), asyncio.get_running_loop()
    if task is not None:
        for number in (signal.SIGINT, signal.SIGTERM):
            loop.add_signal_handler(number, task.cancel)
    with Home.held(folder, "own" if empty else "demo", port) as home:
        async with AsyncExitStack() as stack:
            started = Up(home, output.console, stack, pace)
            try:
                await (started.empty() if empty else started.demo())
            finally:
                await started.close()
