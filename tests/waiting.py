"""Waiting for what a service does by itself: for the state that is needed, and never for a time."""

import threading
from collections.abc import Callable
from typing import TypeVar

PAUSE = 0.01
"""Between two looks, seconds."""
LOOKS = 12_000
"""Two minutes at least: how long a busy machine takes says nothing."""
T = TypeVar("T")


def wait_for(look: Callable[[], T | None]) -> T:
    """Look again and again until there is something true, and return it."""
    pace = threading.Event()
    for _ in range(LOOKS):
        if found := look():
            return found
        pace.wait(PAUSE)
    raise AssertionError("what was waited for did not come")
