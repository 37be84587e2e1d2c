"""Keeps a bot at work: what it stumbles over is one sentence and a file, and then it goes on.

It must not hide how often: every stumble is told.
"""

import asyncio
import traceback
from collections.abc import Awaitable, Callable
from pathlib import Path

from client.demo.long_logs import set_aside

Tell = Callable[[str], None]
PAUSE = 20.0
"""Seconds until it begins again; whatever stood in its way may have gone."""


async def steadily(
    name: str,
    doing: Callable[[], Awaitable[None]],
    tell: Tell,
    log: Path,
    pause: float = PAUSE,
) -> None:
    """Do something to its end, beginning again after whatever goes wrong.

    Args:
        name: what is done, for people.
        doing: begins it, and goes on from what the service has.
        tell: says something to whoever watches the terminal.
        log: where the details are kept.
        pause: before it begins again, seconds.
    """
    while True:
        try:
            await doing()
        except Exception as error:  # noqa: BLE001 - one bot's fault must not end the installation
            details = traceback.format_exc()
            tell(
                f"{name}: something unexpected ({type(error).__name__}: {_first_line(error)}); "
                f"it goes on in {pause:.0f} s. Details are in {log}."
            )
            await asyncio.to_thread(_keep, log, details)
            await asyncio.sleep(pause)
        else:
            return


def _first_line(error: Exception) -> str:
    return next(iter(str(error).splitlines()), "no words")[:200]


def _keep(log: Path, details: str) -> None:
    set_aside(log)
    with log.open("a", encoding="utf-8") as file:
        file.write(details + "\n")
