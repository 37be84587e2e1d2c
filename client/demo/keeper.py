"""Keeps one process running: starts it again when it ends by itself, and not for ever.

It must not look into what the process does; a kill is nothing special to the service.
"""

import asyncio
import os
import shutil
import socket
from collections.abc import Awaitable, Callable
from dataclasses import replace

from client import clock, waiting
from client.demo.long_logs import set_aside
from client.errors import Unreachable, Unusable
from client.rehearsal.processes import Process

Tell = Callable[[str], None]

_FIRST_PAUSE = 1.0
_MOST = 5
"""After so many ends in a row something is wrong that another start does not mend."""
_STEADY = 60.0
"""Whoever ran that long, seconds, is not ending in a row."""
_PORT_PATIENCE = 5.0
_LAST_WORDS = 2000


class Keeper:
    """Keeps a process.

    Args:
        process: not started yet.
        tell: says something to whoever watches the terminal.
    """

    def __init__(self, process: Process, tell: Tell) -> None:
        self.process = replace(process, command=(*_leash(), *process.command))
        self._tell = tell
        self.since = 0
        """How long its output was when it last started, bytes."""

    async def start(self) -> None:
        """Start the process."""
        self.since = set_aside(self.process.log)
        await self.process.start()

    async def watch(self, started: Callable[[], Awaitable[None]]) -> None:
        """Start it again whenever it ends.

        Args:
            started: what is to be done after each of these starts.

        Raises:
            Unusable: it keeps ending.
        """
        in_a_row = 0
        while True:
            code, lasted = await self._ended()
            in_a_row = 1 if lasted > _STEADY else in_a_row + 1
            name = self.process.name
            if in_a_row > _MOST:
                raise Unusable(self._last_words(), self.process.log)
            pause = _FIRST_PAUSE * 2 ** (in_a_row - 1)
            self._tell(
                f"The {name} ended by itself ({code}); it starts again in {pause:.0f} s. "
                f"What it said is in {self.process.log}."
            )
            await asyncio.sleep(pause)
            await self.start()
            await self.settle(started)

    async def settle(self, started: Callable[[], Awaitable[None]]) -> None:
        """Do what is to be done after a start, unless the process ends meanwhile.

        Then there is nothing more to do: whoever watches it starts it again, and does this then.

        Raises:
            ClientError: it runs, and this cannot be done.
        """
        while self.process.is_alive:
            try:
                await started()
            except Unreachable:
                # a busy machine takes its time: as long as it runs it is waited for
                self._tell(
                    f"The {self.process.name} runs and does not answer yet; it is waited for. "
                    f"What it said is in {self.process.log}."
                )
                continue
            except Unusable:
                if self.process.is_alive:
                    raise
            return

    async def _ended(self) -> tuple[int, float]:
        begun = clock.ticks()
        if self.process.running is None:
            raise Unusable("it was never started", self.process.name)
        code = await self.process.running.wait()
        return code, clock.ticks() - begun

    def _last_words(self) -> str:
        """Return how the process ended, for people."""
        said = self.process.log.read_bytes()[-_LAST_WORDS:].decode(errors="replace")
        lines = [line for line in said.splitlines() if line.strip()]
        last = lines[-1][:300] if lines else "nothing"
        return f"the {self.process.name} keeps ending; the last it said is {last!r}. All of it"


async def check_port(port: int) -> None:
    """Refuse a port that another program has; one of our own may need a moment to end.

    Raises:
        Unusable: it is taken.
    """

    async def look() -> bool:
        with socket.socket() as trying:
            trying.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            try:
                trying.bind(("127.0.0.1", port))
            except OSError:
                return False
            return True

    try:
        await waiting.until(look, "the port", _PORT_PATIENCE)
    except Unreachable as error:
        raise Unusable(
            "another program has the port; end it, or begin another installation with "
            "--folder DIR --port NUMBER. The port is",
            port,
        ) from error


def _leash() -> tuple[str, ...]:
    """Return what makes the system end a process with its parent, where there is such a thing.

    Without it a kill -9 would leave the service behind, with the port and the database. Whoever
    dies before the leash is on pulls at nothing: so a process looks whether its starter is there.
    """
    found = shutil.which("setpriv")
    if found is None:
        return ()
    begins = '[ "$PPID" = "$0" ] && exec "$@"'
    return (found, "--pdeathsig", "KILL", "--", "sh", "-c", begins, str(os.getpid()))
