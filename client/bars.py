"""Progress with speed and time left, shown as it comes; it must not slow what it shows.

Several workers may tell at once, from several threads; equal kinds of work share one bar.
"""

from threading import Lock
from types import TracebackType
from typing import Self

from rich.console import Console
from rich.progress import (
    BarColumn,
    DownloadColumn,
    Progress,
    TaskID,
    TextColumn,
    TimeRemainingColumn,
    TransferSpeedColumn,
)

from client.sealing import Progress as Told

_WORDS = {"seal": "sealing", "check": "opening again", "upload": "uploading"}


class Bars:
    """One bar for each kind of work while this is entered; nothing where nobody looks."""

    def __init__(self, console: Console) -> None:
        self._shown = Progress(
            TextColumn("  {task.description:<14}"),
            BarColumn(),
            DownloadColumn(),
            TransferSpeedColumn(),
            TimeRemainingColumn(),
            console=console,
            transient=True,
            disable=not console.is_terminal,
        )
        self._lock = Lock()
        self._tasks: dict[str, TaskID] = {}
        self._totals: dict[str, int] = {}

    def __enter__(self) -> Self:
        self._shown.start()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._shown.stop()

    def teller(self) -> Told:
        """Return what one worker tells its progress to, one piece of work after the other."""
        last: dict[str, tuple[int, int]] = {}

        def told(what: str, done: int, total: int) -> None:
            before, known = last.get(what, (0, 0))
            is_new = total != known or done < before
            last[what] = (done, total)
            with self._lock:
                if is_new:
                    self._totals[what] = self._totals.get(what, 0) + total
                    before = 0
                self._advance(what, done - before)

        return told

    def _advance(self, what: str, by: int) -> None:
        if what not in self._tasks:
            self._tasks[what] = self._shown.add_task(_WORDS.get(what, what), total=0)
        self._shown.update(self._tasks[what], advance=by, total=self._totals[what])
