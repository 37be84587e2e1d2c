"""How often browsers said that a page broke its own policy, by kind; kept in memory alone."""

import re
from dataclasses import dataclass, field

KINDS = 50
"""How many kinds are told apart; what comes after is counted together."""
OTHERS = "others"
_DIRECTIVE = re.compile(r"[a-z-]{1,40}", re.ASCII)


@dataclass(slots=True)
class Reports:
    """Counts since the service started, by the directive that was violated."""

    counts: dict[str, int] = field(default_factory=dict)

    def count(self, directive: str) -> str:
        """Count one report, and return the kind it was counted as: one of ours, not its words."""
        kind = directive if _DIRECTIVE.fullmatch(directive) else OTHERS
        if kind not in self.counts and len(self.counts) >= KINDS:
            kind = OTHERS
        self.counts[kind] = self.counts.get(kind, 0) + 1
        return kind

    @property
    def total(self) -> int:
        """Return how many there were."""
        return sum(self.counts.values())
