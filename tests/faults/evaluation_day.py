"""An evaluation held over HTTP against a service that may die at every step of it."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import Any

from evaluation.clarification import MINUTE
from evaluation.commands import (
    AnswerCorrection,
    CastVote,
    CheckPrices,
    CloseReview,
    ConfirmNames,
    ConveneCommittee,
    DeclareTies,
    FinishReport,
    JudgeCompetition,
    OpenVote,
    Pause,
    ProposeCorrection,
    ReplaceMember,
    Resume,
    ReviewBid,
    SignReport,
    StandAside,
    SubmitMarks,
    TakeSeat,
    VoteChair,
    VoteCorrection,
)
from evaluation.events import ItemVerdict
from record.rules import Command
from tests.faults.opening_day import Day, Step
from tests.opening.world import SECTION
from tests.project.sitting import RULE, Sitting, expert
from tests.web.tender import Tender

SPARE = 102


def opened() -> Tender:
    """Return a tender whose bids are opened, with its experts bound and one to spare."""
    return Tender(rule=RULE).open_up().all_opened()


@dataclass
class Judging(Day):
    """One evaluation, from the naming of its committee to the report that stands."""

    world: Tender = field(default_factory=opened)

    def __post_init__(self) -> None:
        self.sitting = Sitting(self.world).bind()
        spare = expert(SPARE)
        self.world.happened(spare.bound(), self.world.clerk.actor)
        self.world.experts = [*self.sitting.people.values(), spare]

    def _acts(self) -> list[Callable[[], Iterator[Step]]]:
        return [
            self.convene,
            self.sit,
            self.elect,
            self.review,
            self.compete,
            self.price,
            self.lunch,
            self.mark,
            self.sign,
        ]

    def convene(self) -> Iterator[Step]:
        members = tuple(self.sitting.member(seat) for seat in self.sitting.people)
        yield self.world.clerk, _wire(ConveneCommittee(section=SECTION, members=members))

    def sit(self) -> Iterator[Step]:
        """Let everybody sit down; the second member leaves at the names and is replaced."""
        for seat in self.sitting.people:
            yield from self._sits(seat)
        yield self._by(2, StandAside, reason="与投标人有利害关系")
        self.sitting.people[2] = expert(SPARE)
        member = self.sitting.member(2)
        replaced = ReplaceMember(section=SECTION, member=member, reason="原成员回避")
        yield self.world.clerk, _wire(replaced)
        yield from self._sits(2)

    def elect(self) -> Iterator[Step]:
        for seat in self.sitting.people:
            yield self._by(seat, VoteChair, choice="5")

    def review(self) -> Iterator[Step]:
        """Reject the first bid by agreement; let the second through by a vote."""
        self._follow()
        first, second, _ = self.sitting.bids
        for bid in self.sitting.bids:
            for seat in self.sitting.people:
                fails = bid == first or (bid == second and seat == 1)
                yield self._by(seat, ReviewBid, bid=bid, verdicts=self._verdicts(fails=fails))
        yield self._by(5, OpenVote, bid=second, item="licence")
        for seat in self.sitting.people:
            yield self._by(seat, CastVote, bid=second, item="licence", passes=seat != 1)
        yield self._by(5, CloseReview, rejected={first: "unqualified"})

    def compete(self) -> Iterator[Step]:
        """Find that the two bids that are left are competition enough."""
        for seat in (1, 2, 3):
            yield self._by(seat, JudgeCompetition, lacking=False, reason="报价有差异")

    def price(self) -> Iterator[Step]:
        """Correct a price that its bidder confirms, then say that all are checked."""
        self._follow()
        bid = self.sitting.bids[2]
        proposal = {"bid": bid, "ground": "words", "price": 90_000_000, "reason": "大写为准"}
        yield self._by(2, ProposeCorrection, **proposal, period=30 * MINUTE)
        self._follow()
        (name,) = self.sitting.found.corrections
        for seat in (1, 3):
            yield self._by(seat, VoteCorrection, correction=name, agrees=True)
        self._follow()
        message = self.sitting.confirmation(name)
        answer = AnswerCorrection(section=SECTION, message=message)
        yield self.sitting.corrected(name), _wire(answer)
        yield self._by(5, CheckPrices)

    def lunch(self) -> Iterator[Step]:
        """Pause, and go on in the same state, whoever died meanwhile."""
        paused = Pause(section=SECTION, cause="lunch", reason="午休")
        yield self.world.clerk, _wire(paused)
        yield self.world.clerk, _wire(Resume(section=SECTION))

    def mark(self) -> Iterator[Step]:
        self._follow()
        for seat, who in self.sitting.people.items():
            yield self._by(seat, SubmitMarks, message=who.sign(self.sitting.sheet(seat)))

    def sign(self) -> Iterator[Step]:
        self._until(lambda: bool(self.sitting.found.report.facts))
        for seat, who in self.sitting.people.items():
            reasons = "评分畸高" if seat == 3 else None
            message = who.sign(self.sitting.signature(seat, reasons))
            yield self._by(seat, SignReport, message=message)
        yield self._by(5, FinishReport)

    def _sits(self, seat: int) -> Iterator[Step]:
        message = self.sitting.people[seat].sign(self.sitting.commitment(seat))
        yield self._by(seat, TakeSeat, message=message)
        yield self._by(seat, DeclareTies, ties=())
        yield self._by(seat, ConfirmNames)

    def _verdicts(self, *, fails: bool) -> tuple[ItemVerdict, ...]:
        reason = "营业执照已过期" if fails else None
        return (
            ItemVerdict(item="licence", passed=not fails, reason=reason),
            ItemVerdict(item="grade", passed=True),
        )

    def _by(self, seat: int, kind: type[Command], **fields: Any) -> Step:
        made = kind.model_validate({"section": SECTION, **fields})
        return self.sitting.people[seat], _wire(made)


def _wire(command: Command) -> dict[str, Any]:
    return command.model_dump(mode="json", exclude_none=True)
