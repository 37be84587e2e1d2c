"""What a rehearsal is to be: how many of what, and which fate each bid is to have; values only."""

import re
from dataclasses import dataclass
from pathlib import Path

from client.errors import Unusable
from evaluation.clarification import MOST
from evaluation.committee import LEAST
from evaluation.correction import MOST as MOST_CORRECTED

_UNITS = {"": 1, "B": 1, "KB": 10**3, "MB": 10**6, "GB": 10**9, "KIB": 1 << 10}
_UNITS |= {"MIB": 1 << 20, "GIB": 1 << 30}
_SIZE = re.compile(r"(\d+)\s*([A-Za-z]*)", re.ASCII)


@dataclass(frozen=True, slots=True)
class Plan:
    """One rehearsal.

    Args:
        bidders: all of them, those with a special fate included.
        size: bytes of random content in each bid.
        n: custodians.
        k: how many of them are needed.
        late: how many submit after the deadline.
        withdraw: how many withdraw.
        broken: how many seal what does not open.
        replace: how many replace their bid once.
        silent: how many keep their own secret (with co_open).
        incomplete: how many leave the second envelope out (with two envelopes).
        experts: members of the committee; 0 ends the story with the opening.
        dissent: how many of them dissent from the report.
        stand_aside: how many of them leave the committee and are replaced.
        clarifications: how many questions the committee asks bidders.
        corrections: how many prices the committee corrects.
        blind: have bids a blind part, and the rule a blind item.
        reevaluate: have marks given again over the objection to the result.
        erase: have the timekeeper erase its share keys at the end.
        kill: end service and timekeeper as a crash does, again and again, and start them again.
    """

    bidders: int = 3
    size: int = 20_000_000
    n: int = 3
    k: int = 2
    late: int = 0
    withdraw: int = 0
    broken: int = 0
    replace: int = 1
    silent: int = 0
    incomplete: int = 0
    experts: int = 0
    dissent: int = 0
    stand_aside: int = 1
    clarifications: int = 0
    corrections: int = 0
    two_envelopes: bool = False
    co_open: bool = False
    blind: bool = False
    reevaluate: bool = False
    kill: bool = False
    erase: bool = True
    verify: bool = True
    out: Path = Path("out")

    def check(self) -> None:
        """Refuse a plan that cannot be played.

        Raises:
            Unusable: it says what is wrong.
        """
        special = self.late + self.withdraw + self.broken + self.silent + self.incomplete
        if self.bidders < 1 or special >= self.bidders:
            raise Unusable("at least one bidder must have an ordinary bid")
        if not 2 <= self.k <= self.n:
            raise Unusable("custodians are K/N with 2 <= K <= N")
        if self.silent and not self.co_open:
            raise Unusable("only bidders that co-open can keep their secret")
        if self.incomplete and not self.two_envelopes:
            raise Unusable("only one of two envelopes can be left out")
        self._check_committee()

    def _check_committee(self) -> None:
        if self.blind and not self.experts:
            raise Unusable("blind parts are for a committee: say how many experts")
        if self.reevaluate and not self.experts:
            raise Unusable("marks are given again by a committee: say how many experts")
        if self.experts and (self.experts < LEAST or self.experts % 2 == 0):
            raise Unusable("a committee has an odd number of experts, five or more")
        if not 0 <= self.dissent < max(self.experts, 1):
            raise Unusable("the experts that dissent are fewer than the committee has")
        if self.experts and not 0 <= self.stand_aside <= self.most_aside:
            raise Unusable("of this committee no more can stand aside than", self.most_aside)
        if not 0 <= self.clarifications <= (MOST if self.experts else 0):
            raise Unusable("a committee asks at most as many questions as", MOST)
        if not 0 <= self.corrections <= (MOST_CORRECTED if self.experts else 0):
            raise Unusable("a committee corrects at most as many prices as", MOST_CORRECTED)

    @property
    def tenderers(self) -> int:
        """How many members represent the tenderer 招标人代表: as many as the law allows."""
        return self.experts // 3

    @property
    def expert_numbers(self) -> range:
        """The numbers of all experts, of those who come in the place of others too."""
        return range(1, self.experts + self.stand_aside + 1 if self.experts else 1)

    @property
    def most_aside(self) -> int:
        """How many members may be replaced: experts, and none that is voted for as chair."""
        return self.experts - self.tenderers - 2

    @property
    def envelopes(self) -> tuple[int, ...]:
        """The numbers of the envelopes."""
        return (1, 2) if self.two_envelopes else (1,)

    @property
    def parts(self) -> tuple[str, ...]:
        """What each bidder plays, in the order of their numbers; the ordinary ones come first."""
        special = (
            ["late"] * self.late
            + ["withdraw"] * self.withdraw
            + ["broken"] * self.broken
            + ["silent"] * self.silent
            + ["incomplete"] * self.incomplete
        )
        ordinary = ["ordinary"] * (self.bidders - len(special))
        replacing = min(self.replace, len(ordinary))
        ordinary[:replacing] = ["replace"] * replacing
        return (*ordinary, *special)


def parse_size(text: str) -> int:
    """Read a size such as 20MB.

    Raises:
        Unusable: it is none.
    """
    found = _SIZE.fullmatch(text.strip())
    if found is None or found[2].upper() not in _UNITS:
        raise Unusable("not a size", text)
    return int(found[1]) * _UNITS[found[2].upper()]


def parse_threshold(text: str) -> tuple[int, int]:
    """Read a threshold such as 3/5: k, then n.

    Raises:
        Unusable: it is none.
    """
    k, slash, n = text.partition("/")
    if not slash or not k.isascii() or not (k + n).isdigit():
        raise Unusable("not a threshold", text)
    return int(k), int(n)
