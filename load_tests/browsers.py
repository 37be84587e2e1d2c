"""What a driven browser's processes take together: memory and CPU time."""

import os
import threading
from pathlib import Path
from typing import Self

PROC = Path("/proc")
PAGE = os.sysconf("SC_PAGE_SIZE")
TICKS = os.sysconf("SC_CLK_TCK")
LOOK = 0.05


def processes() -> list[Path]:
    """Return the folders under /proc of every browser process that this one started."""
    found, left = [], [os.getpid()]
    while left:
        pid = PROC / str(left.pop())
        try:
            if b"chromium" in (pid / "cmdline").read_bytes():
                found.append(pid)
            for task in (pid / "task").iterdir():
                left += [int(child) for child in (task / "children").read_text().split()]
        except OSError:
            continue
    return found


def resident() -> int:
    """Return how much memory they hold now, bytes."""
    return sum(_number(pid / "statm", 1) for pid in processes()) * PAGE


def spent() -> float:
    """Return the CPU time they took so far, seconds."""
    return sum(_number(pid / "stat", at) for pid in processes() for at in (11, 12)) / TICKS


def _number(path: Path, at: int) -> int:
    """Return one number of a line; 0 when the process is gone. A name in brackets is left out."""
    try:
        return int(path.read_text().rpartition(")")[2].split()[at])
    except OSError:
        return 0


class Peak:
    """The most memory they held within a `with` block, bytes."""

    def __init__(self) -> None:
        self.most = 0
        self._over = threading.Event()
        self._thread = threading.Thread(target=self._look, daemon=True)

    def _look(self) -> None:
        while not self._over.wait(LOOK):
            self.most = max(self.most, resident())

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._over.set()
        self._thread.join()
