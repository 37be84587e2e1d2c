"""Progress while bids are sealed and uploaded, shown as it comes; it must not slow anything."""

from threading import Lock
from types import TracebackType
from typing import Self

from rich.console import Console
from rich.progress import (
    BarColumn,
    DownloadColumn,
    Progress,
    TextColumn,
    TimeRemainingColumn,
    TransferSpeedColumn,
)


class Live:
    """One bar for each kind of work, all bidders together, while this is entered."""

    def __init__(self, console: Console) -> None:
        self._shown = Progress(
            TextColumn("  {task.description}"),
            BarColumn(),
            DownloadColumn(),
            TransferSpeedColumn(),
            TimeRemainingColumn(),
            console=console,
            transient=True,
            disable=not console.is_terminal,
        )
        self._lock = Lock()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._shown.stop()

    def told(self, what: str, done: int, total: int) -> None:
        """Take what one bidder's client tells; it comes from several threads."""
        del what, done, total
