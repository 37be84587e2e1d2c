"""A committee at work in a whole project told through its rules; seats are by their number."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from hashlib import sha256
from typing import Any

from evaluation import blind, competition
from evaluation.attachments import ENDINGS
from evaluation.clarification import MINUTE, question_hash
from evaluation.commands import (
    AgreeClarification,
    AnswerClarification,
    AnswerCorrection,
    CastVote,
    CheckAnswer,
    CheckPrices,
    CheckQuestion,
    CloseReview,
    ConfirmNames,
    ConveneCommittee,
    DeclareTies,
    DraftClarification,
    DrawAliases,
    DrawUpReport,
    DropClarification,
    ExpireClarification,
    ExpireCorrection,
    FinishReport,
    JudgeAnswer,
    JudgeCompetition,
    OpenVote,
    ProposeCorrection,
    ReplaceMember,
    ReviewBid,
    SignReport,
    StandAside,
    SubmitMarks,
    TakeSeat,
    VoteChair,
    VoteCorrection,
)
from evaluation.competition import is_due
from evaluation.discussion_events import Naming
from evaluation.events import Ground, ItemVerdict, Member
from evaluation.marking import rule_hash
from evaluation.messages import (
    Attached,
    BidMarks,
    ClarificationAnswer,
    Commitment,
    CorrectionAnswer,
    ItemMark,
    ReportSignature,
    ScoreSheet,
)
from evaluation.promise import promise_hash
from evaluation.report_facts import facts
from evaluation.scoring.exact import exact, shown
from evaluation.scoring.marks import scored_items
from evaluation.scoring.rule import LowestPrice, PassItem, PointsItem, ScoringRule, Stage
from evaluation.state import Evaluation
from evaluation.values import Capacity
from opening.messages import FailedBidder, StageDecision
from opening.minutes import DrawnUp
from project.commands import DecideStage
from record.events import Event, Signed
from record.rules import Facts, StoredAttachment
from tests.opening.parties import Party, party
from tests.opening.world import PROJECT, SECTION, SERVICE
from tests.project.blind_sheet import blind_marks
from tests.project.pausing import Pausing
from tests.project.whole import Whole

PDF = "cd" * 32
RULE = ScoringRule(
    title="综合评估法",
    stages=(
        Stage(
            part="qualification",
            title="资格评审",
            items=(
                PassItem(kind="pass", item="licence", title="营业执照有效"),
                PassItem(kind="pass", item="grade", title="资质等级符合要求"),
            ),
        ),
        Stage(
            part="technical",
            title="技术评审",
            items=(
                PointsItem(kind="points", item="plan", title="施工方案", highest="30", step="0.5"),
                PointsItem(kind="points", item="safety", title="安全措施", highest="20", step="1"),
            ),
        ),
    ),
    price=LowestPrice(family="lowest_price", weight="50"),
)
"""Two items to pass, two to score, and the lowest price."""
BLIND = ScoringRule.model_validate_json(
    RULE.model_dump_json(exclude_none=True).replace('"blind":false', '"blind":true', 1)
)
"""The same, the first of the two to score blind."""


def expert(seat: int) -> Party:
    return party("expert", seat)


def kind(name: str) -> str:
    """Return what the bytes of a file are, by its name."""
    return next(one for one, ends in ENDINGS.items() if name.casefold().endswith(ends))


def sheet_rows(bid: str, marks: Mapping[str, str]) -> BidMarks:
    """Return the marks of a bid as a sheet has them."""
    items = tuple(ItemMark(item=item, mark=mark) for item, mark in marks.items())
    return BidMarks(bid=bid, items=items)


@dataclass
class Sitting(Pausing):
    """A committee at work.

    Args:
        world: whose sessions are over, as far as they come before the evaluation.
        size: how many seats.
        tenderers: how many of them, the first ones, are the tenderer's.
    """

    world: Whole
    size: int = 5
    tenderers: int = 0
    people: dict[int, Party] = field(default_factory=dict)

    @property
    def found(self) -> Evaluation:
        return self.world.whole.evaluation.evaluations[SECTION]

    @property
    def rule(self) -> ScoringRule:
        return self.world.whole.evaluation.rules[SECTION]

    @property
    def bids(self) -> tuple[str, ...]:
        return self.found.review.bids

    def member(self, seat: int) -> Member:
        capacity: Capacity = "tenderer" if seat <= self.tenderers else "expert"
        return Member(
            seat=str(seat), place="评标一室", account=self.people[seat].account, capacity=capacity
        )

    def act(self, seat: int, kind: type[Any], **fields: Any) -> tuple[Event, ...]:
        """Let a member do something."""
        command = kind(section=SECTION, **fields)
        return self.world.do(self.people[seat].actor, command)

    def bind(self) -> "Sitting":
        """Bind every member, as the clerk does once bids are closed."""
        self.people = {seat: expert(seat) for seat in range(1, self.size + 1)}
        for one in self.people.values():
            self.world.happened(one.bound(), self.world.clerk.actor)
        return self

    def convene(self, shown_by: Naming = "name") -> "Sitting":
        members = tuple(self.member(seat) for seat in self.people)
        command = ConveneCommittee(section=SECTION, members=members, shown_by=shown_by)
        self.world.do(self.world.clerk.actor, command)
        return self

    def sit(self, seat: int, ties: tuple[str, ...] = ()) -> None:
        """Take a seat, declare ties and confirm the names."""
        self.act(seat, TakeSeat, message=self.people[seat].sign(self.commitment(seat)))
        self.act(seat, DeclareTies, ties=ties)
        self.act(seat, ConfirmNames)

    def commitment(self, seat: int, /, **changes: Any) -> Commitment:
        values: dict[str, Any] = {
            "v": 1,
            "project": PROJECT,
            "section": SECTION,
            "seat": str(seat),
            "text": promise_hash(),
        }
        return Commitment(**{**values, **changes})

    def elect(self, chair: int | None = None) -> None:
        """Let everybody vote for one expert, the last one unless told."""
        for seat in self.people:
            self.act(seat, VoteChair, choice=str(chair or self.size))

    @property
    def chair(self) -> int:
        return int(self.found.committee.chair or 0)

    def quorate(self) -> "Sitting":
        """Come to a committee with its chair."""
        self.bind().convene()
        for seat in self.people:
            self.sit(seat)
        self.elect()
        return self

    def review(self, seat: int, bid: str, failing: tuple[str, ...] = ()) -> None:
        verdicts = tuple(
            ItemVerdict(
                item=item,
                passed=item not in failing,
                reason="与招标文件不符" if item in failing else None,
            )
            for item in self.found.review.items
        )
        self.act(seat, ReviewBid, bid=bid, verdicts=verdicts)

    def vote(self, bid: str, item: str, *, passing: int) -> None:
        """Vote on an item; the first so many members let it pass."""
        self.act(self.chair, OpenVote, bid=bid, item=item)
        for number, seat in enumerate(self.people):
            self.act(seat, CastVote, bid=bid, item=item, passes=number < passing)

    def reviewed(self, rejected: Mapping[str, Ground] | None = None) -> "Sitting":
        """Review every bid; all find that those to be rejected lack their licence."""
        out = rejected or {}
        for bid in self.bids:
            for seat in self.people:
                self.review(seat, bid, ("licence",) if bid in out else ())
        self.act(self.chair, CloseReview, rejected=out)
        return self

    def close(self, rejected: Mapping[str, Ground] | None = None) -> None:
        """Close a review that was opened again, as the chair does."""
        self.act(self.chair, CloseReview, rejected=rejected or {})

    def draft(
        self, seat: int, bid: str, text: str = "请说明工期的计算依据。", period: int = 30 * MINUTE
    ) -> str:
        """Draft a question to a bidder and return its id."""
        self.act(seat, DraftClarification, bid=bid, text=text, period=period)
        return list(self.found.clarifications)[-1]

    def agree(self, seat: int, clarification: str) -> None:
        self.act(seat, AgreeClarification, clarification=clarification)

    def drop(self, seat: int, clarification: str) -> None:
        self.act(seat, DropClarification, clarification=clarification)

    def check_question(self, clarification: str, returned: str | None = None) -> None:
        """Let a question out, or give it back, as the supervisor does."""
        command = CheckQuestion(section=SECTION, clarification=clarification, returned=returned)
        self.world.do(self.world.supervisor.actor, command)

    def ask(self, bid: str, text: str = "请说明工期的计算依据。", period: int = 30 * MINUTE) -> str:
        """Bring a question of the chair's to its bidder and return its id."""
        name = self.draft(self.chair, bid, text, period)
        self.agree(self.chair, name)
        self.check_question(name)
        return name

    def asked(self, clarification: str) -> Party:
        """Return the bidder a question is to."""
        bid = self.found.clarifications[clarification].bid
        organisation = self.world.state.bids[bid].organisation
        return next(one for one in self.world.bidder.values() if one.organisation == organisation)

    def answered(self, clarification: str, /, **changes: Any) -> Signed:
        """Return an answer as its bidder signs it."""
        values: dict[str, Any] = {
            "v": 1,
            "project": PROJECT,
            "section": SECTION,
            "clarification": clarification,
            "question": question_hash(self.found.clarifications[clarification].text),
            "text": "工期按定额计算, 投标报价不变。",
        }
        return self.asked(clarification).sign(ClarificationAnswer(**{**values, **changes}))

    def answer(self, clarification: str, /, **changes: Any) -> None:
        """Answer a question, as its bidder does."""
        message = self.answered(clarification, **changes)
        command = AnswerClarification(section=SECTION, message=message)
        named: tuple[Attached, ...] = changes.get("attachments") or ()
        stored = tuple(StoredAttachment(one.sha256, one.size, kind(one.name)) for one in named)
        self.world.do(self.asked(clarification).actor, command, Facts(attached=stored))

    def check_answer(self, clarification: str, returned: str | None = None) -> None:
        """Show an answer to the committee, or give it back, as the supervisor does."""
        command = CheckAnswer(section=SECTION, clarification=clarification, returned=returned)
        self.world.do(self.world.supervisor.actor, command)

    def judge(self, clarification: str, *, accepting: int) -> None:
        """Judge an answer until it is decided; the first so many members accept it."""
        for number, seat in enumerate(self.people):
            if self.found.clarifications[clarification].status == "shown":
                accepts = number < accepting
                self.act(seat, JudgeAnswer, clarification=clarification, accepts=accepts)

    def expire(self, clarification: str) -> None:
        """Let the time for an answer pass, and the service note it, as the duty does."""
        self.world.now = max(self.world.now, self.found.clarifications[clarification].due)
        command = ExpireClarification(section=SECTION, clarification=clarification)
        self.world.do(SERVICE, command)

    def clarified(self, clarification: str, *, accepting: int) -> None:
        """Take a question that is out to its end: answered, shown and judged."""
        self.answer(clarification)
        self.check_answer(clarification)
        self.judge(clarification, accepting=accepting)

    def judge_competition(self, *, lacking: int = 0) -> None:
        """Judge the competition until it is decided; the first so many members find it lacking."""
        for number, seat in enumerate(self.people):
            if competition.lacking(self.found.committee, self.found.competition) is None:
                said = number < lacking
                self.act(seat, JudgeCompetition, lacking=said, reason="有效投标不足三个")

    def propose(self, seat: int, bid: str, price: int, /, **changes: Any) -> str:
        """Propose another price for a bid and return the correction's id."""
        values: dict[str, Any] = {
            "bid": bid,
            "ground": "unit_price",
            "price": price,
            "reason": "单价与数量的乘积与合价不一致",
            "period": 30 * MINUTE,
        }
        self.act(seat, ProposeCorrection, **{**values, **changes})
        return list(self.found.corrections)[-1]

    def agree_price(self, correction: str, *, agreeing: int) -> None:
        """Vote on a correction until it is decided; the first so many who have yet to vote agree."""
        voted = self.found.corrections[correction].votes
        others = [seat for seat in self.people if str(seat) not in voted]
        for number, seat in enumerate(others):
            if self.found.corrections[correction].status == "proposed":
                agrees = number < agreeing
                self.act(seat, VoteCorrection, correction=correction, agrees=agrees)

    def correct(self, bid: str, price: int, /, **changes: Any) -> str:
        """Bring a corrected price to its bidder and return the correction's id."""
        name = self.propose(self.chair, bid, price, **changes)
        self.agree_price(name, agreeing=self.size)
        return name

    def corrected(self, correction: str) -> Party:
        """Return the bidder whose price is corrected."""
        bid = self.found.corrections[correction].bid
        organisation = self.world.state.bids[bid].organisation
        return next(one for one in self.world.bidder.values() if one.organisation == organisation)

    def confirmation(self, correction: str, /, **changes: Any) -> Signed:
        """Return a bidder's word on a corrected price as it signs it."""
        one = self.found.corrections[correction]
        values: dict[str, Any] = {
            "v": 1,
            "project": PROJECT,
            "section": SECTION,
            "correction": correction,
            "bid": one.bid,
            "price": one.price,
            "accepts": True,
        }
        return self.corrected(correction).sign(CorrectionAnswer(**{**values, **changes}))

    def confirm_price(self, correction: str, /, **changes: Any) -> None:
        """Confirm a corrected price, or refuse it, as its bidder does."""
        message = self.confirmation(correction, **changes)
        command = AnswerCorrection(section=SECTION, message=message)
        self.world.do(self.corrected(correction).actor, command)

    def leave_unconfirmed(self, correction: str) -> None:
        """Let the time to confirm pass, and the service note it, as the duty does."""
        self.world.now = max(self.world.now, self.found.corrections[correction].due)
        command = ExpireCorrection(section=SECTION, correction=correction)
        self.world.do(SERVICE, command)

    def check_prices(self) -> "Sitting":
        """Say that the prices are checked, as the chair does."""
        self.act(self.chair, CheckPrices)
        return self

    def priced(self) -> "Sitting":
        """Come from a closed review of one envelope to where marks are taken."""
        if is_due(self.found.review):
            self.judge_competition()
        return self.check_prices()

    def sheet(self, seat: int, /, **changes: Any) -> ScoreSheet:
        values: dict[str, Any] = {
            "v": 1,
            "project": PROJECT,
            "section": SECTION,
            "seat": str(seat),
            "rule": rule_hash(self.rule),
            "marks": tuple(
                sheet_rows(bid, self.marks(seat, bid)) for bid in self.found.review.valid
            ),
            "blind": blind_marks(self.found.marking, lambda bid: self.marks(seat, bid, blind=True)),
        }
        return ScoreSheet(**{**values, **changes})

    @property
    def aliases(self) -> Mapping[str, str]:
        """Return the aliases in force, with the bids they stand for."""
        marking = self.found.marking
        return {} if marking.draw is None else marking.draws[marking.draw]

    def draw_aliases(self) -> None:
        """Draw aliases where they are due, as the duty does."""
        if blind.is_due(self.found, self.rule, self.world.envelopes):
            self.world.do(SERVICE, DrawAliases(section=SECTION))

    def marks(self, seat: int, bid: str, *, blind: bool = False) -> dict[str, str]:
        """Return marks a little different for each seat and bid, within their ranges."""
        off = (seat + self.bids.index(bid)) % 4
        return {
            item.item: shown(exact(item.highest) - off * exact(item.step))
            for _, item in scored_items(self.rule)
            if item.blind is blind
        }

    def submit(self, seat: int, /, **changes: Any) -> tuple[Event, ...]:
        self.draw_aliases()
        message = self.people[seat].sign(self.sheet(seat, **changes))
        return self.act(seat, SubmitMarks, message=message)

    def marked(self) -> "Sitting":
        """Let everybody submit marks; of one envelope, what comes before is done where it is due."""
        if self.world.envelopes == 1 and not self.found.prices_checked:
            self.priced()
        elif is_due(self.found.review):
            self.judge_competition()
        for seat in self.people:
            self.submit(seat)
        return self

    def draw_up(self) -> None:
        """Draw the report up, as the duty does."""
        told = facts(self.world.state, self.found, self.rule)
        drawn = DrawnUp(sha256(told).hexdigest(), PDF, 1)
        self.world.do(SERVICE, DrawUpReport(section=SECTION), checked=drawn)

    def signature(
        self, seat: int, /, reasons: str | None = None, **changes: Any
    ) -> ReportSignature:
        values: dict[str, Any] = {
            "v": 1,
            "project": PROJECT,
            "section": SECTION,
            "seat": str(seat),
            "facts": self.found.report.facts,
            "pdf": self.found.report.pdf,
            "opinion": "agrees" if reasons is None else "dissents",
            "reasons": reasons,
        }
        return ReportSignature(**{**values, **changes})

    def sign(self, seat: int, /, reasons: str | None = None, **changes: Any) -> None:
        message = self.people[seat].sign(self.signature(seat, reasons, **changes))
        self.act(seat, SignReport, message=message)

    def signed(self, dissenting: int = 0) -> "Sitting":
        """Let everybody sign and the chair finish; one may dissent."""
        for seat in self.people:
            self.sign(seat, "评分畸高,理由见附件" if seat == dissenting else None)
        self.finish()
        return self

    def finish(self) -> None:
        """Let the report stand, as the chair does."""
        self.act(self.chair, FinishReport)

    def stand_aside(self, seat: int) -> None:
        self.act(seat, StandAside, reason="与投标人有利害关系")

    def replace(self, seat: int) -> None:
        """Give a seat to somebody new, who is bound for it."""
        self.people[seat] = expert(seat + 100)
        self.world.happened(self.people[seat].bound(), self.world.clerk.actor)
        command = ReplaceMember(section=SECTION, member=self.member(seat), reason="原成员回避")
        self.world.do(self.world.clerk.actor, command)

    def decide_stage(self, passed: tuple[str, ...]) -> None:
        """Record whose second envelope is opened, by organisation; all others failed."""
        organisations = [self.world.state.bids[bid].organisation for bid in self.bids]
        failed = tuple(
            FailedBidder(organisation=one, reason="技术标未通过")
            for one in organisations
            if one not in passed
        )
        decision = StageDecision(
            v=1, project=PROJECT, section=SECTION, passed=passed, failed=failed
        )
        message = self.world.clerk.sign(decision)
        self.world.do(self.world.clerk.actor, DecideStage(message=message))
