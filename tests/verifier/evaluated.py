"""Stories of committees whose records must hold: from who is named to a report that stands."""

from collections.abc import Mapping
from hashlib import sha256
from typing import Literal

from evaluation.clarification import LONGEST, MINUTE
from evaluation.commands import (
    CloseReview,
    DeclareTies,
    DrawUpReport,
    FinishReport,
    JudgeAnswer,
    JudgeCompetition,
    TakeSeat,
    VoteChair,
    VoteCorrection,
)
from evaluation.messages import Attached, BidMarks
from evaluation.report_facts import facts
from evaluation.scoring.rule import ScoringRule
from opening.minutes import DrawnUp
from project.commands import ResumeSection, SuspendSection, TerminateSection
from tests.opening.bidding import package
from tests.opening.world import DEADLINE, FIRST, SECOND, SECTION, SERVICE
from tests.project.publishing import PERIOD, answer, award, object_to, over, publish, published
from tests.project.sitting import Sitting, sheet_rows
from tests.verifier.told import PDF, Told

SCORED = ScoringRule.model_validate(
    {
        "title": "综合评估法",
        "stages": [
            {
                "part": "qualification",
                "title": "资格评审",
                "items": [
                    {"kind": "pass", "item": "licence", "title": "营业执照有效"},
                    {"kind": "pass", "item": "grade-1", "title": "资质等级", "ground": "第二章"},
                ],
            },
            {
                "part": "technical",
                "title": "技术评审",
                "items": [
                    {
                        "kind": "points", "item": "quality-plan", "title": "质量", "highest": "30",
                        "step": "0.5",
                    },
                    {
                        "kind": "points", "item": "safety", "title": "安全", "highest": "10",
                        "step": "1", "objective": True,
                    },
                ],
            },
            {
                "part": "commercial",
                "title": "商务评审",
                "items": [
                    {
                        "kind": "points", "item": "record", "title": "业绩", "lowest": "2",
                        "highest": "10", "step": "1",
                    },
                ],
            },
        ],
        "experts": {"trim": {"least": 5, "high": 1, "low": 1}},
        "price": {
            "family": "mean_base",
            "weight": "50",
            "coefficient": "drawn",
            "deviation": {
                "above": [{"points": "1"}],
                "below": [{"points": "0.5", "to": "3"}, {"points": "0.7"}],
                "decimals": 4,
            },
        },
        "low_percent_of_mean": "100",
    },
    strict=False,
)  # fmt: skip
"""Two items to pass, three to score, a base drawn at the opening."""
BLIND = ScoringRule.model_validate_json(
    SCORED.model_dump_json(exclude_none=True).replace('"blind":false', '"blind":true', 1)
)
"""The same, the first of its scored items blind."""
PLAN = Attached(name="进度计划.pdf", sha256=sha256(PDF).hexdigest(), size=len(PDF))
"""What is attached to the answer that is accepted; its bytes are in the export."""
VALUES = ("0.95", "0.96", "0.97")


class Judging(Sitting):
    """A committee whose report is a file of the export."""

    def draw_up(self) -> None:
        told = facts(self.world.state, self.found, self.rule)
        drawn = DrawnUp(sha256(told).hexdigest(), sha256(PDF).hexdigest(), len(PDF))
        self.world.do(SERVICE, DrawUpReport(section=SECTION), checked=drawn)

    def ballot(self, choices: Mapping[int, int]) -> None:
        """Let each seat vote for the one it is said to."""
        for seat, choice in choices.items():
            self.act(seat, VoteChair, choice=str(choice))


def evaluated() -> Told:
    """One stands aside for a tie; a tied ballot, a vote, a rejection; one leaves late; a dissent."""
    world = Told(rule=SCORED, draws=VALUES, bidders=4)
    world.open_up()
    for bidder in (1, 2, 3):
        world.bid(bidder)
    world.bid(4, content=package(b"no form", {"a.pdf": b"%PDF"}))
    hold_session(world, 1)
    sitting = Judging(world, tenderers=1).bind().convene()
    assert isinstance(sitting, Judging)
    _stands_aside_for_a_tie(sitting, 2)
    for seat in (5, 1, 3, 4):
        sitting.sit(seat, ("某设计院",) if seat == 1 else ())
    sitting.ballot({1: 3, 2: 3, 3: 4, 4: 4, 5: 5})
    sitting.ballot({5: 3, 4: 4, 3: 4, 2: 3, 1: 3})
    rejected, disputed = sitting.bids[:2]
    for bid in sitting.bids:
        failing = {rejected: ("licence", "grade-1"), disputed: ("grade-1",)}.get(bid, ())
        for seat in sitting.people:
            sitting.review(seat, bid, failing if bid == rejected or seat < 3 else ())
    sitting.vote(disputed, "grade-1", passing=3)
    sitting.act(3, CloseReview, rejected={rejected: "unqualified"})
    sitting.priced()
    sitting.submit(1, marks=tuple(_reversed(one) for one in sitting.sheet(1).marks[::-1]))
    for seat in (2, 3, 4, 5):
        sitting.submit(seat)
    sitting.draw_up()
    sitting.sign(1)
    _leaves_and_is_followed(sitting, 4, rejected)
    sitting.draw_up()
    sitting.sign(3)
    sitting.sign(2, "资格审查的意见不一致")
    sitting.sign(1)
    sitting.act(3, FinishReport)
    return world


def evaluated_twice() -> Told:
    """The committee lets two bids through to the second envelope: one is out, one is too low."""
    rule = SCORED.model_copy(update={"technical_minimum": "20"})
    world = Told(rule=rule, draws=VALUES, bidders=4, envelopes=2)
    world.opened_up()
    hold_session(world, 1)
    sitting = Judging(world).bind().convene()
    assert isinstance(sitting, Judging)
    for seat in sitting.people:
        sitting.sit(seat)
    sitting.elect(1)
    rejected, low, *passing = sitting.bids
    sitting.reviewed({rejected: "unresponsive"})
    for seat in sitting.people:
        marks = {bid: sitting.marks(seat, bid) for bid in (low, *passing)}
        marks[low] = {"quality-plan": "1.5", "safety": "10", "record": "2"}
        sitting.submit(seat, marks=tuple(sheet_rows(bid, of) for bid, of in marks.items()))
    bids = world.state.bids
    sitting.decide_stage(tuple(bids[bid].organisation for bid in passing))
    world.do_duties()
    hold_session(world, 2)
    sitting.priced()
    sitting.draw_up()
    sitting.signed()
    return world


def blind() -> Told:
    """Blind parts are marked by alias; a member leaves after the lock, another marks under others."""
    world, sitting = begun(4, rule=BLIND)
    rejected = sitting.bids[0]
    sitting.reviewed({rejected: "unqualified"}).marked()
    sitting.draw_up()
    _leaves_and_is_followed(sitting, 4, rejected, ("licence",))
    sitting.draw_up()
    sitting.signed()
    return world


def blind_decided() -> Told:
    """Of two envelopes blind parts are marked before any price is opened."""
    rule = BLIND.model_copy(update={"technical_minimum": "5"})
    world, sitting = begun(3, envelopes=2, rule=rule)
    sitting.reviewed().marked()
    sitting.decide_stage(tuple(world.state.bids[bid].organisation for bid in sitting.bids))
    return world


def blind_ended() -> Told:
    """The section is ended while blind parts are marked, after lunch: nothing is left to be hidden."""
    world, sitting = begun(3, rule=BLIND)
    sitting.reviewed().priced()
    sitting.submit(1)
    sitting.paused(60 * MINUTE)
    sitting.submit(2)
    world.do(world.clerk.actor, TerminateSection(section=SECTION, reason="资金未落实"))
    return world


def clarified() -> Told:
    """Three questions go out: one accepted with a file after all came back once, one refused, one expired."""
    world, sitting = begun(4)
    _is_accepted(sitting, sitting.bids[0])
    refused = sitting.ask(sitting.bids[1], "是否可以降低报价?")
    given_back = sitting.ask(sitting.bids[2])
    sitting.clarified(refused, accepting=2)
    sitting.answer(given_back, text="我方项目经理与评委相识。")
    sitting.check_answer(given_back, "与问题无关")
    sitting.suspended(6 * 60 * MINUTE)
    sitting.drop(2, sitting.draft(2, sitting.bids[1]))
    wanted = sitting.draft(2, sitting.bids[2])
    sitting.agree(5, wanted)
    sitting.drop(5, wanted)
    sitting.expire(given_back)
    sitting.reviewed().marked()
    sitting.draw_up()
    sitting.signed()
    return world


def correcting() -> Told:
    """Prices are corrected: confirmed twice, refused, expired and not agreed; a member leaves."""
    world, _ = _correcting()
    return world


def corrected() -> Told:
    """What was corrected is scored, signed and reported."""
    world, sitting = _correcting()
    sitting.marked()
    sitting.draw_up()
    sitting.signed()
    return world


def _correcting() -> tuple[Told, Judging]:
    """Return a world with a committee that has just checked the prices."""
    world, sitting = begun(5)
    sitting.reviewed()
    first, second, third, fourth, _ = sitting.bids
    name = sitting.propose(2, first, 88_000_000, ground="words", period=LONGEST)
    sitting.act(1, VoteCorrection, correction=name, agrees=True)
    sitting.replace(_gone(sitting, 1))
    sitting.sit(1)
    for bid in sitting.bids:
        sitting.review(1, bid)
    sitting.close()
    sitting.act(3, VoteCorrection, correction=name, agrees=False)
    sitting.act(1, VoteCorrection, correction=name, agrees=True)
    sitting.act(4, VoteCorrection, correction=name, agrees=True)
    sitting.confirm_price(name)
    sitting.confirm_price(sitting.correct(first, 87_000_000))
    sitting.confirm_price(sitting.correct(second, 86_000_000), accepts=False)
    name = sitting.correct(third, 85_000_000)
    world.do(world.clerk.actor, SuspendSection(section=SECTION, reason="a complaint"))
    world.now += 5 * MINUTE
    world.do(world.clerk.actor, ResumeSection(section=SECTION))
    sitting.leave_unconfirmed(name)
    sitting.agree_price(sitting.propose(3, fourth, 84_000_000), agreeing=1)
    sitting.check_prices()
    return world, sitting


def left_open() -> Told:
    """A bid is out while its bidder is asked and its price corrected; the report waits for neither."""
    world, sitting = begun(4)
    out, *valid = sitting.bids
    question = sitting.ask(out)
    sitting.answer(question)
    sitting.check_answer(question)
    sitting.act(2, JudgeAnswer, clarification=question, accepts=True)
    sitting.reviewed()
    sitting.correct(out, 88_000_000, period=LONGEST)
    sitting.replace(_gone(sitting, 1))
    sitting.sit(1)
    sitting.review(1, out, ("licence",))
    for bid in valid:
        sitting.review(1, bid)
    sitting.vote(out, "licence", passing=2)
    sitting.close({out: "unqualified"})
    sitting.check_prices().marked()
    sitting.draw_up()
    sitting.signed()
    return world


def lacking() -> Told:
    """Two bids are valid; one who finds competition enough leaves, and most find it lacking."""
    world, _ = _lacking()
    return world


def lacking_published() -> Told:
    """That nobody is a candidate, for lack of competition, is published."""
    world, sitting = _lacking()
    publish(sitting)
    return world


def _lacking() -> tuple[Told, Judging]:
    """Return a world whose committee, whose report stands, found competition lacking."""
    world, sitting = begun(3)
    out, *valid = sitting.bids
    sitting.reviewed({out: "unqualified"})
    sitting.act(1, JudgeCompetition, lacking=False, reason="报价有差异")
    sitting.replace(_gone(sitting, 1))
    sitting.sit(1)
    sitting.review(1, out, ("licence",))
    for bid in valid:
        sitting.review(1, bid)
    sitting.close({out: "unqualified"})
    sitting.act(5, JudgeCompetition, lacking=False, reason="报价有差异")
    sitting.judge_competition(lacking=3)
    sitting.draw_up()
    sitting.signed()
    return world, sitting


def enough() -> Told:
    """Two bids are valid, most find competition enough, and both are scored."""
    world, sitting = begun(3)
    sitting.reviewed({sitting.bids[0]: "unqualified"})
    sitting.judge_competition(lacking=1)
    sitting.check_prices().marked()
    sitting.draw_up()
    sitting.signed()
    return world


def lacking_decided() -> Told:
    """Of two envelopes nobody is passed on for lack of competition."""
    world, sitting = begun(3, envelopes=2)
    sitting.reviewed({sitting.bids[0]: "unqualified"})
    sitting.judge_competition(lacking=5)
    sitting.decide_stage(())
    return world


def awarded() -> Told:
    """Objections to a published result, a suspension meanwhile, and another than the first wins."""
    world = Told(rule=SCORED, draws=VALUES, bidders=4)
    world.open_up()
    for bidder in (1, 2, 3):
        world.bid(bidder)
    hold_session(world, 1)
    sitting = Judging(world).quorate()
    assert isinstance(sitting, Judging)
    sitting.reviewed().marked()
    sitting.draw_up()
    sitting.signed()
    publish(sitting)
    first = object_to(sitting, 1)
    sitting.suspended(PERIOD)
    second = object_to(sitting, 2)
    answer(sitting, first)
    answer(sitting, object_to(sitting, 2), "与评标结果无关。")
    over(sitting)
    answer(sitting, second)
    award(sitting, published(sitting).result.candidates[1].bid, "第一名放弃中标")
    return world


def nobody_won() -> Told:
    """Every bid is rejected, which is published, and the section ended with an answer owed."""
    world, sitting = begun(3)
    sitting.reviewed(dict.fromkeys(sitting.bids, "unresponsive")).marked()
    sitting.draw_up()
    sitting.signed()
    publish(sitting)
    objection = object_to(sitting, 1)
    over(sitting)
    world.do(world.clerk.actor, TerminateSection(section=SECTION, reason="否决所有投标"))
    answer(sitting, objection)
    return world


def begun(
    bidders: int, envelopes: Literal[1, 2] = 1, rule: ScoringRule = SCORED
) -> tuple[Told, Judging]:
    """Return a world whose bids are opened, and a committee of it that can begin."""
    world = Told(rule=rule, draws=VALUES, bidders=bidders, envelopes=envelopes)
    world.opened_up()
    hold_session(world, 1)
    sitting = Judging(world).quorate()
    assert isinstance(sitting, Judging)
    return world, sitting


def _is_accepted(sitting: Sitting, bid: str) -> None:
    """Ask by a majority; question and answer are given back once; a member leaves meanwhile."""
    question = sitting.draft(2, bid, "施工方案与工期不一致, 请说明。", LONGEST)
    sitting.agree(1, question)
    sitting.replace(_gone(sitting, 1))
    sitting.sit(1)
    for seat in (1, 2, 3):
        sitting.agree(seat, question)
    sitting.check_question(question, "有提示性内容")
    sitting.agree(sitting.chair, question)
    sitting.check_question(question)
    sitting.answer(question, text="已附签名。")
    sitting.world.now = sitting.found.clarifications[question].due - MINUTE
    sitting.check_answer(question, "须写明工期")
    sitting.world.now += 2 * MINUTE
    sitting.answer(question, attachments=(PLAN,))
    sitting.check_answer(question)
    sitting.act(4, JudgeAnswer, clarification=question, accepts=True)
    sitting.replace(_gone(sitting, 4))
    sitting.sit(4)
    sitting.judge(question, accepting=4)


def _gone(sitting: Sitting, seat: int) -> int:
    sitting.stand_aside(seat)
    return seat


def _reversed(row: BidMarks) -> BidMarks:
    """Return the marks of a bid in an order of the member's own."""
    return row.model_copy(update={"items": row.items[::-1]})


def hold_session(world: Told, envelope: int) -> None:
    """Hold a session from the deadline on to its end."""
    place = FIRST if envelope == 1 else SECOND
    if envelope == 1:
        world.at(DEADLINE)
    world.announce(place)
    world.order(place)
    world.decrypt(place)
    world.finish_reading(place)
    world.ended(place)


def _stands_aside_for_a_tie(sitting: Sitting, seat: int) -> None:
    """Declare a tie that names a bidder, leave, and be followed."""
    tie = sitting.world.bidder[1].organisation_name
    sitting.act(seat, TakeSeat, message=sitting.people[seat].sign(sitting.commitment(seat)))
    sitting.act(seat, DeclareTies, ties=("某设计院", f" {tie.upper()}"))
    sitting.stand_aside(seat)
    sitting.replace(seat)
    sitting.sit(seat)


def _leaves_and_is_followed(
    sitting: Sitting, seat: int, rejected: str, failing: tuple[str, ...] = ("licence", "grade-1")
) -> None:
    """Replace a member once the report is there: its successor reviews and marks again."""
    sitting.replace(seat)
    sitting.sit(seat)
    for bid in sitting.bids:
        sitting.review(seat, bid, failing if bid == rejected else ())
    sitting.act(sitting.chair, CloseReview, rejected={rejected: "unqualified"})
    sitting.priced()
    sitting.submit(seat)
