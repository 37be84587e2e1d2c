"""Memory while a bid of 4 GiB is sealed as a bidder does, and opened as the service does."""

import json
import subprocess
import sys

from load_tests.house import scratch
from load_tests.results import Goal

MIB = 1 << 20
MOST = 150
PATIENCE_SECONDS = 600


def measure() -> list[Goal]:
    """Return how much more than idle each of the two took, in a process of its own."""
    with scratch() as folder:
        command = [sys.executable, "-m", "load_tests.large_bid", str(folder)]
        told = subprocess.run(command, check=True, capture_output=True, timeout=PATIENCE_SECONDS)
    found = json.loads(told.stdout)
    return [_goal(what, **found[what]) for what in ("seal", "open")]


def _goal(what: str, grown: int, seconds: float) -> Goal:
    return Goal(
        f"memory to {what} 4 GiB, more than idle",
        f"{grown / MIB:.0f} MiB, in {seconds:.0f} s",
        f"{MOST} MiB",
        grown / MIB / MOST,
        1,
        at_least=False,
    )
