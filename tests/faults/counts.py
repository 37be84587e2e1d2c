"""How often a fault is tried: a few times in every run, the full count with KAIBIAO_FAULTS=full."""

import os


def count(full: int, few: int) -> int:
    """Return how often to try a fault in this run."""
    return full if os.environ.get("KAIBIAO_FAULTS") == "full" else few
