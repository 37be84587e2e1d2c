"""How tests start `up`, and what it says when everything is there."""

import sys
from pathlib import Path

READY = "Ctrl-C ends everything"


def up(folder: Path, port: int, pace: int, *more: str) -> list[str]:
    """Return the command that plays a demo in a folder, so many times as fast as life."""
    place = ("--folder", str(folder), "--port", str(port), "--pace", str(pace))
    return [sys.executable, "-m", "client", "up", *place, *more]
