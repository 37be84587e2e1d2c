"""One measured goal: a ratio, what it is of, and whether it is reached."""

import statistics
import time
from collections.abc import Callable
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Goal:
    """A ratio of one run.

    Args:
        name: which goal.
        ours: what we took or did, with its unit.
        peer: the peer or limit in the same run, with its unit.
        ratio: what is compared.
        bound: what it should reach; None where no goal is set yet.
        at_least: whether more is better.
    """

    name: str
    ours: str
    peer: str
    ratio: float
    bound: float | None
    at_least: bool = True

    @property
    def is_reached(self) -> bool:
        """Tell whether the ratio is on the right side of its bound."""
        if self.bound is None:
            return True
        return self.ratio >= self.bound if self.at_least else self.ratio <= self.bound

    def row(self) -> str:
        """Return the goal as a row of a Markdown table."""
        sign = "≥" if self.at_least else "≤"
        bound, verdict = "", "no goal yet"
        if self.bound is not None:
            bound = f"{sign} {self.bound:g}"
            verdict = "reached" if self.is_reached else "**missed**"
        return (
            f"| {self.name} | {self.ours} | {self.peer} | {self.ratio:.2f} | {bound} | {verdict} |"
        )


HEAD = "| goal | ours | peer or limit | ratio | bound | |\n|---|---|---|---|---|---|"


def alternate(
    rounds: int, ours: Callable[[], float], peer: Callable[[], float]
) -> tuple[float, float]:
    """Measure two things in turn after a warm-up and return the median of each, in seconds."""
    ours()
    peer()
    pairs = [(ours(), peer()) for _ in range(rounds)]
    return statistics.median(a for a, _ in pairs), statistics.median(b for _, b in pairs)


def timed(work: Callable[[], object]) -> float:
    """Run something once and return how long it took, in seconds."""
    begun = time.perf_counter()
    work()
    return time.perf_counter() - begun
