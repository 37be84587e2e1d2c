"""`./dev load [NAME ...]`: measures and prints every goal as a ratio of this run."""

import importlib
import sys

from load_tests.results import HEAD, Goal

NAMES = (
    "append",
    "bodies",
    "shares",
    "scoring",
    "uploads",
    "http",
    "receipts",
    "rooms",
    "committees",
    "memory",
    "pages",
    "browser_sealing",
    "reading",
)


def main() -> int:
    """Measure what is named, or all; returns 0 however the goals fare."""
    wanted = sys.argv[1:] or NAMES
    unknown = set(wanted) - set(NAMES)
    if unknown:
        print(f"unknown: {', '.join(sorted(unknown))}; there are {', '.join(NAMES)}")
        return 2
    print(HEAD, flush=True)
    missed: list[Goal] = []
    for name in wanted:
        for goal in importlib.import_module(f"load_tests.{name}").measure():
            print(goal.row(), flush=True)
            missed += [] if goal.is_reached else [goal]
    print(f"\n{len(missed)} missed" + "".join(f"; {goal.name}" for goal in missed))
    return 0


if __name__ == "__main__":
    sys.exit(main())
