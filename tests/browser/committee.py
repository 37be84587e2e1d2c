"""A committee of named people at the stage's road, one of whom may sit at a browser."""

from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import httpx

from evaluation.commands import (
    CastVote,
    ConfirmNames,
    DeclareTies,
    JudgeCompetition,
    ReviewBid,
    SignReport,
    SubmitMarks,
    TakeSeat,
    VoteChair,
)
from evaluation.events import ItemVerdict
from evaluation.scoring.rule import LowestPrice, PassItem, PointsItem, ScoringRule
from evaluation.scoring.rule import Stage as Part
from tests.browser.shown import Shown
from tests.browser.stage import FIRMS, Named, Stage
from tests.opening.parties import party
from tests.opening.world import PROJECT, SECTION
from tests.project.sitting import Sitting
from tests.web.tender import headers, read_record

RULE = ScoringRule(
    title="综合评估法(施工招标)",
    stages=(
        Part(
            part="qualification",
            title="资格评审",
            items=(
                PassItem(
                    kind="pass",
                    item="licence",
                    title="具有有效的营业执照",
                    ground="招标文件第二章 3.5.1",
                ),
                PassItem(kind="pass", item="grade", title="市政公用工程施工总承包一级以上资质"),
                PassItem(kind="pass", item="leader", title="项目负责人具有一级建造师资格"),
            ),
        ),
        Part(
            part="technical",
            title="施工组织设计",
            items=(
                PointsItem(
                    kind="points", item="plan", title="施工方案与技术措施", highest="25", step="0.5"
                ),
                PointsItem(
                    kind="points", item="quality", title="质量管理体系", highest="10", step="0.5"
                ),
                PointsItem(
                    kind="points", item="safety", title="安全文明施工", highest="10", step="1"
                ),
            ),
        ),
        Part(
            part="commercial",
            title="企业与业绩",
            items=(
                PointsItem(
                    kind="points",
                    item="record",
                    title="近五年类似工程业绩",
                    highest="5",
                    step="1",
                    objective=True,
                ),
            ),
        ),
    ),
    price=LowestPrice(family="lowest_price", weight="50"),
)
NAMES = {1: "李明远", 2: "王淑芬", 3: "张立新", 4: "赵国庆", 5: "陈晓岚"}
FIRMS.update({f"expert-{seat}": (name, "省综合评标专家库") for seat, name in NAMES.items()})


def expert(seat: int) -> Named:
    """Return a member with the name of a person."""
    made = party("expert", seat)
    return Named(made.account, made.role, made.key)


class Road(Stage):
    """The stage's road, with a scoring rule from its draft on."""

    def begun(self) -> "Road":
        super().begun()
        self.set_rule()
        return self


@dataclass
class Bench(Sitting):
    """A committee of named people."""

    def bind(self) -> "Bench":
        self.people = {seat: expert(seat) for seat in range(1, self.size + 1)}
        for one in self.people.values():
            self.world.happened(one.bound(), self.world.clerk.actor)
        return self

    def seated(self) -> "Bench":
        """Let everybody sit down and elect the last seat."""
        for seat in self.people:
            self.sit(seat)
        self.elect()
        return self


def convened() -> Bench:
    """Return a committee that was just named; nobody has sat down."""
    road = Road(rule=RULE)
    road.ended()
    made = Bench(road)
    made.bind().convene()
    road.experts = list(made.people.values())
    return made


@dataclass
class Others:
    """The members who do not sit at the browser: they act by HTTP, on what is recorded by now."""

    bench: Bench
    service: Shown
    folder: Path
    seats: tuple[int, ...]
    count: int = field(default=0)

    def follow(self) -> None:
        world = self.bench.world
        assert isinstance(world, Stage)
        world.follow(read_record(self.folder))

    def act(self, seat: int, kind: type[Any], **fields: Any) -> None:
        self.count += 1
        body = kind(section=SECTION, **fields).model_dump(mode="json")
        told = headers(self.bench.people[seat], idempotency_key=f"o{self.count}")
        path = f"{self.service.url}/api/projects/{PROJECT}/commands"
        answer = httpx.post(path, json=body, headers=told, trust_env=False)
        assert answer.status_code == 200, answer.text

    def sit(self) -> None:
        for seat in self.seats:
            commitment = self.bench.people[seat].sign(self.bench.commitment(seat))
            self.act(seat, TakeSeat, message=commitment)
            self.act(seat, DeclareTies, ties=())
            self.act(seat, ConfirmNames)

    def elect(self, chair: int) -> None:
        for seat in self.seats:
            self.act(seat, VoteChair, choice=str(chair))

    def review(self, failing: dict[int, tuple[int, str]] | None = None) -> None:
        """Let every bid pass, but for members who find that one bid fails an item."""
        self.follow()
        for seat in self.seats:
            number, lacking = (failing or {}).get(seat, (-1, ""))
            for index, bid in enumerate(self.bench.bids):
                verdicts = tuple(
                    ItemVerdict(item=item, passed=False, reason="资质证书已过有效期")
                    if (index, item) == (number, lacking)
                    else ItemVerdict(item=item, passed=True)
                    for item in self.bench.found.review.items
                )
                self.act(seat, ReviewBid, bid=bid, verdicts=verdicts)

    def vote(self, bid: str, item: str, *, passes: bool) -> None:
        for seat in self.seats:
            self.act(seat, CastVote, bid=bid, item=item, passes=passes)

    def judge_competition(self, *, lacking: bool, by: int) -> None:
        """Judge the competition, the first so many members."""
        for seat in self.seats[:by]:
            self.act(seat, JudgeCompetition, lacking=lacking, reason="报价有明显差异")

    def submit(self) -> None:
        self.follow()
        for seat in self.seats:
            sheet = self.bench.people[seat].sign(self.bench.sheet(seat))
            self.act(seat, SubmitMarks, message=sheet)

    def sign(self) -> None:
        self.follow()
        for seat in self.seats:
            message = self.bench.people[seat].sign(self.bench.signature(seat))
            self.act(seat, SignReport, message=message)
