"""What may be asked of an evaluation; imperative, parsed strictly from the wire."""

from collections.abc import Mapping
from typing import Annotated, Literal

from pydantic import Field

from evaluation.discussion_events import Naming
from evaluation.events import CorrectionGround, Ground, ItemVerdict, Member
from evaluation.pause_events import PauseCause
from evaluation.reevaluation_events import Cells, Fault
from evaluation.scoring.rule import ItemId, ScoringRule
from evaluation.values import Amount, Reason, SeatNumber, Statement
from opening.messages import BidId, SectionId
from record.events import Hex32, Line, Millis, Prose, Signed
from record.rules import Command


class OfSection(Command):
    """A command about the evaluation of one section."""

    section: SectionId


class SetRule(OfSection):
    """Clerk: set the scoring rule of a section, whole; until the notice is published."""

    type: Literal["evaluation.set_rule"] = "evaluation.set_rule"
    rule: ScoringRule


class ConveneCommittee(OfSection):
    """Clerk: name the committee, each member with its seat; once the bids are opened."""

    type: Literal["evaluation.convene_committee"] = "evaluation.convene_committee"
    members: Annotated[tuple[Member, ...], Field(min_length=1, max_length=99)]
    shown_by: Naming = "name"
    """By what members stand beside what they say to each other."""


class TakeSeat(OfSection):
    """Member: sit down; the message is `commitment`."""

    type: Literal["evaluation.take_seat"] = "evaluation.take_seat"
    message: Signed


class DeclareTies(OfSection):
    """Member: declare employers, holdings and relatives, before any bidder's name is shown."""

    type: Literal["evaluation.declare_ties"] = "evaluation.declare_ties"
    ties: Annotated[tuple[Line, ...], Field(max_length=50)]


class ConfirmNames(OfSection):
    """Member: the bidders' names give no reason to stand aside."""

    type: Literal["evaluation.confirm_names"] = "evaluation.confirm_names"


class StandAside(OfSection):
    """Member: leave the committee, with the reason."""

    type: Literal["evaluation.stand_aside"] = "evaluation.stand_aside"
    reason: Prose


class ReplaceMember(OfSection):
    """Clerk: give a seat to another member, with the reason."""

    type: Literal["evaluation.replace_member"] = "evaluation.replace_member"
    member: Member
    reason: Prose


class VoteChair(OfSection):
    """Member: vote for the chair."""

    type: Literal["evaluation.vote_chair"] = "evaluation.vote_chair"
    choice: SeatNumber


class ReviewBid(OfSection):
    """Member: say of every item whether a bid passes it."""

    type: Literal["evaluation.review_bid"] = "evaluation.review_bid"
    bid: BidId
    verdicts: Annotated[tuple[ItemVerdict, ...], Field(max_length=1000)]


class OpenVote(OfSection):
    """Chair: let the committee vote on what its members disagree on."""

    type: Literal["evaluation.open_vote"] = "evaluation.open_vote"
    bid: BidId
    item: ItemId


class CastVote(OfSection):
    """Member: vote on an item of a bid."""

    type: Literal["evaluation.cast_vote"] = "evaluation.cast_vote"
    bid: BidId
    item: ItemId
    passes: bool


class CloseReview(OfSection):
    """Chair: close the preliminary review, each bid that failed rejected on a ground."""

    type: Literal["evaluation.close_review"] = "evaluation.close_review"
    rejected: Mapping[BidId, Ground]


class DraftClarification(OfSection):
    """Member: draft a question to the bidder of a bid, without a name of the committee in it."""

    type: Literal["evaluation.draft_clarification"] = "evaluation.draft_clarification"
    bid: BidId
    text: Prose
    period: Millis


class OfClarification(OfSection):
    """A command about one question."""

    clarification: Hex32


class AgreeClarification(OfClarification):
    """Member: want a question asked; the chair's or most members' wish sends it on."""

    type: Literal["evaluation.agree_clarification"] = "evaluation.agree_clarification"


class DropClarification(OfClarification):
    """Member: take back a question of one's own, or any as the chair, before it is sent."""

    type: Literal["evaluation.drop_clarification"] = "evaluation.drop_clarification"


class CheckQuestion(OfClarification):
    """Supervisor: let a question out, or give it back with the reason."""

    type: Literal["evaluation.check_question"] = "evaluation.check_question"
    returned: Line | None = None


class AnswerClarification(OfSection):
    """Bidder: answer a question; the message is `clarification-answer`."""

    type: Literal["evaluation.answer_clarification"] = "evaluation.answer_clarification"
    message: Signed


class CheckAnswer(OfClarification):
    """Supervisor: show an answer to the committee, or give it back with the reason."""

    type: Literal["evaluation.check_answer"] = "evaluation.check_answer"
    returned: Line | None = None


class JudgeAnswer(OfClarification):
    """Member: accept an answer, or not, because it changes the substance of the bid."""

    type: Literal["evaluation.judge_answer"] = "evaluation.judge_answer"
    accepts: bool


class ExpireClarification(OfClarification):
    """Duty: the time for an answer is over."""

    type: Literal["evaluation.expire_clarification"] = "evaluation.expire_clarification"


class JudgeCompetition(OfSection):
    """Member: say whether fewer than three valid bids are too little competition, and why."""

    type: Literal["evaluation.judge_competition"] = "evaluation.judge_competition"
    lacking: bool
    reason: Reason


class ProposeCorrection(OfSection):
    """Member: propose another price for a bid, on one of the law's grounds, with the reason."""

    type: Literal["evaluation.propose_correction"] = "evaluation.propose_correction"
    bid: BidId
    ground: CorrectionGround
    price: Amount
    reason: Reason
    period: Millis


class OfCorrection(OfSection):
    """A command about one correction."""

    correction: Hex32


class VoteCorrection(OfCorrection):
    """Member: agree to a correction or not; most members' agreement asks the bidder."""

    type: Literal["evaluation.vote_correction"] = "evaluation.vote_correction"
    agrees: bool


class AnswerCorrection(OfSection):
    """Bidder: confirm a corrected price or refuse it; the message is `correction-answer`."""

    type: Literal["evaluation.answer_correction"] = "evaluation.answer_correction"
    message: Signed


class ExpireCorrection(OfCorrection):
    """Duty: the time to confirm a corrected price is over."""

    type: Literal["evaluation.expire_correction"] = "evaluation.expire_correction"


class CheckPrices(OfSection):
    """Chair: the committee has checked the arithmetic of the offers."""

    type: Literal["evaluation.check_prices"] = "evaluation.check_prices"


class DrawAliases(OfSection):
    """Duty: marks can begin; each valid bid's blind part gets its alias."""

    type: Literal["evaluation.draw_aliases"] = "evaluation.draw_aliases"


class SubmitMarks(OfSection):
    """Member: submit all marks, for good; the message is `score-sheet`."""

    type: Literal["evaluation.submit_marks"] = "evaluation.submit_marks"
    message: Signed


class DrawUpReport(OfSection):
    """Duty: the report as it was rendered, in `given.checked`."""

    type: Literal["evaluation.draw_up_report"] = "evaluation.draw_up_report"


class SignReport(OfSection):
    """Member: sign the report or dissent from it; the message is `report`."""

    type: Literal["evaluation.sign_report"] = "evaluation.sign_report"
    message: Signed


class FinishReport(OfSection):
    """Chair: the report stands; who neither signed nor gave reasons is deemed to agree."""

    type: Literal["evaluation.finish_report"] = "evaluation.finish_report"


class PublishCandidates(OfSection):
    """Clerk: publish what the report found, for objections; the message is `candidates`."""

    type: Literal["evaluation.publish_candidates"] = "evaluation.publish_candidates"
    message: Signed


class ObjectToResult(OfSection):
    """Bidder: object to the published result, while it is published."""

    type: Literal["evaluation.object_to_result"] = "evaluation.object_to_result"
    text: Statement


class AnswerResultObjection(OfSection):
    """Clerk: answer an objection to the result; nothing is awarded before."""

    type: Literal["evaluation.answer_result_objection"] = "evaluation.answer_result_objection"
    objection: Hex32
    answer: Statement


class AwardSection(OfSection):
    """Clerk: choose the winner among the candidates, another than the first with the reason."""

    type: Literal["evaluation.award_section"] = "evaluation.award_section"
    bid: BidId
    reason: Prose | None = None


class Pause(OfSection):
    """Clerk: pause the evaluation for lunch, overnight 隔夜 or a fault; every site is locked."""

    type: Literal["evaluation.pause"] = "evaluation.pause"
    cause: PauseCause
    reason: Reason


class Resume(OfSection):
    """Clerk: let the evaluation go on if it is still what was paused, in `given.checked`."""

    type: Literal["evaluation.resume"] = "evaluation.resume"


class Say(OfSection):
    """Member: say something to the committee, which the supervisor sees and nobody else."""

    type: Literal["evaluation.say"] = "evaluation.say"
    text: Prose


class OrderReevaluation(OfSection):
    """Clerk: let the committee that signed mark some items again; the result is withdrawn."""

    type: Literal["evaluation.order_reevaluation"] = "evaluation.order_reevaluation"
    ground: Fault
    reason: Reason
    cells: Cells
    objection: Hex32 | None = None


class GiveMarksAgain(OfSection):
    """Member: mark all that is named again, for good; the message is `remarks`."""

    type: Literal["evaluation.give_marks_again"] = "evaluation.give_marks_again"
    message: Signed


class DropReevaluation(OfSection):
    """Clerk: give a re-evaluation up; the former report and its publication stand again."""

    type: Literal["evaluation.drop_reevaluation"] = "evaluation.drop_reevaluation"
    reason: Reason
