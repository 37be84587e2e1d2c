"""A tender whose section is scored, and its experts with names and firms."""

from dataclasses import dataclass, field

from evaluation.scoring.rule import ScoringRule
from tests.opening.parties import Party
from tests.opening.world import MINUTE
from tests.project.sitting import RULE, Sitting, expert
from tests.web.tender import Tender

NAMES = {
    "expert-1": ("李文博", "滨河市规划设计研究院"),
    "expert-2": ("王秀兰", "滨河大学土木工程学院"),
    "expert-3": ("张建军", "滨河市交通工程咨询中心"),
    "expert-4": ("刘芳", "滨河市工程造价协会"),
    "expert-5": ("陈志远", "滨河市政工程检测中心"),
    "expert-6": ("杨帆", "省公路科学研究所"),
    "expert-7": ("赵海燕", "省建筑设计院"),
}


@dataclass(frozen=True)
class Expert(Party):
    """An expert with the name of a person and of a firm."""

    @property
    def name(self) -> str:
        return NAMES[self.account][0]

    @property
    def organisation_name(self) -> str:
        return NAMES[self.account][1]


def named(seat: int) -> Expert:
    one = expert(seat)
    return Expert(one.account, one.role, one.key)


@dataclass
class Scored(Tender):
    """A tender that is scored; two experts more than seats are there."""

    rule: ScoringRule | None = field(default_factory=lambda: RULE)

    def opened(self) -> "Scored":
        """The bids are opened and the first session is over."""
        self.experts = [named(seat) for seat in range(1, 8)]
        self.open_up()
        if self.envelopes == 2:
            self.half_opened()
            return self
        self.all_opened()
        return self

    def sitting(self) -> Sitting:
        """Bind the experts and let five of them be convened."""
        made = Sitting(self)
        for one in self.experts:
            self.happened(one.bound(), self.clerk.actor)
        made.people = {seat: named(seat) for seat in range(1, 6)}
        self.now += MINUTE
        made.convene()
        return made
