"""A service that kills itself, once for each append to a project's record, before or after it.

Its clock stands where a file says. Started as `python tests/faults/dying.py`, with DYING_WHEN
(before, after, never), DYING_EVERY (each how manieth append) and DYING_FOLDER, where the clock's
file is and the list of appends it has died for. Nothing of the service itself is replaced.
"""

import asyncio
import os
import signal
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import uvicorn

from record.sql import SqlStore
from record.store import Append
from registry.events import RECORD
from web.app import create_app
from web.logs import set_up_logs
from web.settings import Settings

WHEN = os.environ.get("DYING_WHEN", "never")
EVERY = int(os.environ.get("DYING_EVERY", "1"))
FOLDER = Path(os.environ["DYING_FOLDER"])
SEEN = FOLDER / "seen"


@dataclass(frozen=True)
class FileClock:
    """Stands where the file says; whoever sets it replaces the file as a whole."""

    path: Path

    def now(self) -> int:
        return int(self.path.read_text())


def is_due(names: list[str]) -> bool:
    """Note these appends as seen, and tell whether to die for them."""
    seen = SEEN.read_text().splitlines() if SEEN.exists() else []
    fresh = [name for name in names if name not in seen]
    with SEEN.open("a") as told:
        told.writelines(name + "\n" for name in fresh)
    return any((len(seen) + number) % EVERY == 0 for number in range(len(fresh)))


def let_die() -> None:
    """Put the deaths around every append of the store."""
    append = SqlStore.append

    async def dying(store: SqlStore, *appends: Append) -> None:
        names = [row.command for one in appends if one.project != RECORD for row in one.commands]
        due = is_due(names)
        if due and WHEN == "before":
            os.kill(os.getpid(), signal.SIGKILL)
        await append(store, *appends)
        if due and WHEN == "after":
            os.kill(os.getpid(), signal.SIGKILL)

    patched: Any = SqlStore
    patched.append = dying


async def main() -> None:
    set_up_logs()
    if WHEN != "never":
        let_die()
    settings = Settings()
    app = create_app(settings, FileClock(FOLDER / "clock"))
    config = uvicorn.Config(app, host=settings.host, port=settings.port, log_config=None)
    await uvicorn.Server(config).serve()


if __name__ == "__main__":
    asyncio.run(main())
