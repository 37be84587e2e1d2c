"""The scenes of the experts' guide: the guides' tender at its committee's table, at four moments."""

from dataclasses import dataclass
from typing import Self

from evaluation.commands import ReviewBid
from evaluation.events import ItemVerdict, Member
from evaluation.scoring.rule import ScoringRule
from tests.browser.committee import RULE
from tests.browser.guide_stage import ENGLISH, Scene, said
from tests.opening.parties import Party
from tests.project.sitting import Sitting, expert
from web.texts import Language

OWN = 5
"""The seat of whoever the pictures are of, who is elected chair."""
_ROOM = "市中心 评标一室"
_WHY = "资质证书已过有效期。"
ENGLISH.update(
    {
        "李明远": "Li Mingyuan",
        "王淑芬": "Wang Shufen",
        "张立新": "Zhang Lixin",
        "赵国庆": "Zhao Guoqing",
        "陈晓岚": "Chen Xiaolan",
        "省综合评标专家库": "Provincial pool of experts",
        _ROOM: "City centre, room 1",
        _WHY: "The certificate has expired.",
    }
)
_RULE_IN_ENGLISH = {
    "综合评估法(施工招标)": "Comprehensive evaluation (works)",
    "资格评审": "Qualification",
    "具有有效的营业执照": "Valid business licence",
    "招标文件第二章 3.5.1": "Tender documents, chapter 2, 3.5.1",
    "市政公用工程施工总承包一级以上资质": "First-grade contractor for municipal works",
    "项目负责人具有一级建造师资格": "Project leader is a first-grade constructor",
    "施工组织设计": "Construction plan",
    "施工方案与技术措施": "Method and technical measures",
    "质量管理体系": "Quality management",
    "安全文明施工": "Safety on site",
    "企业与业绩": "Firm and record",
    "近五年类似工程业绩": "Similar works of the last five years",
}


@dataclass
class Told(Sitting):
    """A committee whose people and rooms are told in the scene's language."""

    def bind(self) -> "Told":
        world = self.world
        assert isinstance(world, Scene)
        self.people = {seat: world.named(expert(seat)) for seat in range(1, self.size + 1)}
        for one in self.people.values():
            world.happened(one.bound(), world.clerk.actor)
        return self

    def member(self, seat: int) -> Member:
        world = self.world
        assert isinstance(world, Scene)
        return super().member(seat).model_copy(update={"place": world.say(_ROOM)})


@dataclass
class Tabled(Scene):
    """The guides' tender, with the moments of its evaluation besides."""

    def person(self, account: str) -> Party:
        return next(one for one in (*self.people, *self.experts) if one.account == account)

    def drafted(self) -> Self:
        super().drafted()
        self.set_rule()
        return self

    def convened(self) -> Self:
        """Everybody but one has sat down."""
        self._table()
        return self

    def reviewing(self) -> Self:
        """All but the chair have reviewed every bid, and two of them doubt one."""
        table = self._table()
        table.sit(OWN)
        table.elect(OWN)
        for seat in range(1, OWN):
            for number, bid in enumerate(table.bids):
                table.act(seat, ReviewBid, bid=bid, verdicts=self._verdicts(seat, number))
        return self

    def marking(self) -> Self:
        """All but the chair have given their marks."""
        table = self._table()
        table.sit(OWN)
        table.elect(OWN)
        table.reviewed().priced()
        for seat in range(1, OWN):
            table.submit(seat)
        return self

    def reporting(self) -> Self:
        """All marks are in; the service draws up the report."""
        table = self._table()
        table.sit(OWN)
        table.elect(OWN)
        table.reviewed()
        table.marked()
        return self

    def _table(self) -> Told:
        self.rule = _rule(self.language)
        self.ended()
        table = Told(self)
        table.bind().convene()
        self.experts = list(table.people.values())
        for seat in range(1, OWN):
            table.sit(seat)
        return table

    def _verdicts(self, seat: int, number: int) -> tuple[ItemVerdict, ...]:
        items = ("licence", "grade", "leader")
        lacking = "grade" if number == 0 and seat < OWN // 2 + 1 else ""
        return tuple(
            ItemVerdict(
                item=item,
                passed=item != lacking,
                reason=said(self.language, _WHY) if item == lacking else None,
            )
            for item in items
        )


def _rule(language: Language) -> ScoringRule:
    """Return the rule with its texts in a language."""
    text = RULE.model_dump_json()
    if language == "en":
        for chinese, english in _RULE_IN_ENGLISH.items():
            text = text.replace(f'"{chinese}"', f'"{english}"')
    return ScoringRule.model_validate_json(text)
