"""What the evaluation leaves on the record."""

from typing import Annotated, Literal

from pydantic import Field

from evaluation.blind_events import BlindEvent
from evaluation.discussion_events import Naming, Said
from evaluation.pause_events import PauseEvent
from evaluation.reevaluation_events import ReevaluationEvent
from evaluation.result_events import ResultEvent
from evaluation.scoring.rule import ItemId, ScoringRule
from evaluation.values import Amount, Capacity, Reason, SeatNumber
from opening.messages import BidId, SectionId
from record.events import (
    Account,
    Event,
    Frozen,
    Hex32,
    Hex64,
    Line,
    Millis,
    Prose,
    Signed,
    Size,
)


class StageDecided(Event):
    """The result of the first envelope, as the clerk recorded it; holds `stage-decision`."""

    type: Literal["evaluation.stage_decided"] = "evaluation.stage_decided"
    section: SectionId
    envelope: Signed


class RuleSet(Event):
    """The scoring rule of a section, whole; the last one before the notice counts."""

    type: Literal["evaluation.rule_set"] = "evaluation.rule_set"
    section: SectionId
    rule: ScoringRule


class Member(Frozen):
    """Who sits where in a committee."""

    seat: SeatNumber
    place: Line
    """The room and site of the seat."""
    account: Account
    capacity: Capacity


class CommitteeConvened(Event):
    """The committee 评标委员会 of a section as the clerk named it."""

    type: Literal["evaluation.committee_convened"] = "evaluation.committee_convened"
    section: SectionId
    members: Annotated[tuple[Member, ...], Field(min_length=1, max_length=99)]
    bids: Annotated[tuple[BidId, ...], Field(max_length=1000)]
    """What it is to judge: every bid that was opened, in the order of submission."""
    shown_by: Naming | None = None
    """By what members stand beside what they say; none says by name."""


class MemberSignedIn(Event):
    """A member sat down and signed the commitment 承诺书; holds `commitment`."""

    type: Literal["evaluation.member_signed_in"] = "evaluation.member_signed_in"
    section: SectionId
    seat: SeatNumber
    envelope: Signed


class TiesDeclared(Event):
    """What ties a member has to anybody who may bid, before it knows who did; perhaps none."""

    type: Literal["evaluation.ties_declared"] = "evaluation.ties_declared"
    section: SectionId
    seat: SeatNumber
    ties: Annotated[tuple[Line, ...], Field(max_length=50)]


class MemberConfirmed(Event):
    """A member saw the bidders' names and has no reason to stand aside."""

    type: Literal["evaluation.member_confirmed"] = "evaluation.member_confirmed"
    section: SectionId
    seat: SeatNumber


class MemberWithdrew(Event):
    """A member stands aside 回避, or can go on no longer; its seat is free."""

    type: Literal["evaluation.member_withdrew"] = "evaluation.member_withdrew"
    section: SectionId
    seat: SeatNumber
    account: Account
    reason: Prose


class MemberReplaced(Event):
    """Another member has the seat; what the one before gave is void. Regulation, article 48."""

    type: Literal["evaluation.member_replaced"] = "evaluation.member_replaced"
    section: SectionId
    member: Member
    reason: Prose


class ChairBallotCast(Event):
    """A member's vote for the chair 组长."""

    type: Literal["evaluation.chair_ballot_cast"] = "evaluation.chair_ballot_cast"
    section: SectionId
    round: Annotated[int, Field(ge=1, le=100)]
    seat: SeatNumber
    choice: SeatNumber


class ChairElected(Event):
    """Most votes of the last ballot were for this seat."""

    type: Literal["evaluation.chair_elected"] = "evaluation.chair_elected"
    section: SectionId
    seat: SeatNumber


class ChairTied(Event):
    """Several seats had most votes; the next ballot is between them."""

    type: Literal["evaluation.chair_tied"] = "evaluation.chair_tied"
    section: SectionId
    round: Annotated[int, Field(ge=1, le=100)]
    seats: tuple[SeatNumber, ...]


CommitteeEvent = (
    CommitteeConvened
    | MemberSignedIn
    | TiesDeclared
    | MemberConfirmed
    | MemberWithdrew
    | MemberReplaced
    | ChairBallotCast
    | ChairElected
    | ChairTied
)
Ground = Literal[
    "unsigned",
    "consortium",
    "unqualified",
    "several_bids",
    "price_limit",
    "unresponsive",
    "collusion",
]
"""The seven grounds 否决投标 of the Regulation's article 51, in its order."""


class ItemVerdict(Frozen):
    """What a member says of one item of one bid."""

    item: ItemId
    passed: bool
    reason: Line | None = None
    """Why it fails; only there."""


class BidReviewed(Event):
    """A member went through every item of a bid."""

    type: Literal["evaluation.bid_reviewed"] = "evaluation.bid_reviewed"
    section: SectionId
    seat: SeatNumber
    bid: BidId
    verdicts: Annotated[tuple[ItemVerdict, ...], Field(max_length=1000)]


class VoteOpened(Event):
    """Members disagree on an item of a bid: the committee votes."""

    type: Literal["evaluation.vote_opened"] = "evaluation.vote_opened"
    section: SectionId
    bid: BidId
    item: ItemId


class VoteCast(Event):
    """A member's vote on an item of a bid."""

    type: Literal["evaluation.vote_cast"] = "evaluation.vote_cast"
    section: SectionId
    seat: SeatNumber
    bid: BidId
    item: ItemId
    passes: bool


class BidRejected(Event):
    """A bid is out 否决: which items it failed, and on which ground of the law."""

    type: Literal["evaluation.bid_rejected"] = "evaluation.bid_rejected"
    section: SectionId
    bid: BidId
    ground: Ground
    items: tuple[ItemId, ...]


class ReviewClosed(Event):
    """The preliminary review is over; whoever is not rejected is scored."""

    type: Literal["evaluation.review_closed"] = "evaluation.review_closed"
    section: SectionId


ReviewEvent = BidReviewed | VoteOpened | VoteCast | BidRejected | ReviewClosed


class ClarificationDrafted(Event):
    """A member drafts a question to a bidder 询标; nobody outside the committee sees it yet."""

    type: Literal["evaluation.clarification_drafted"] = "evaluation.clarification_drafted"
    section: SectionId
    clarification: Hex32
    seat: SeatNumber
    bid: BidId
    text: Prose
    period: Millis
    """How long the bidder has to answer, from when the question is sent."""


class ClarificationAgreed(Event):
    """A member wants a question asked; the chair alone or most members send it on."""

    type: Literal["evaluation.clarification_agreed"] = "evaluation.clarification_agreed"
    section: SectionId
    clarification: Hex32
    seat: SeatNumber


class ClarificationDropped(Event):
    """A question was taken back before it was sent."""

    type: Literal["evaluation.clarification_dropped"] = "evaluation.clarification_dropped"
    section: SectionId
    clarification: Hex32
    seat: SeatNumber


class QuestionChecked(Event):
    """The supervisor let a question out to the bidder, or gave it back with the reason."""

    type: Literal["evaluation.question_checked"] = "evaluation.question_checked"
    section: SectionId
    clarification: Hex32
    due: Millis | None = None
    """Until when the bidder can answer; where the question went out."""
    returned: Line | None = None


class ClarificationAnswered(Event):
    """The bidder answered; holds `clarification-answer`."""

    type: Literal["evaluation.clarification_answered"] = "evaluation.clarification_answered"
    section: SectionId
    clarification: Hex32
    envelope: Signed


class AnswerChecked(Event):
    """The supervisor showed an answer to the committee, or gave it back with the reason."""

    type: Literal["evaluation.answer_checked"] = "evaluation.answer_checked"
    section: SectionId
    clarification: Hex32
    due: Millis | None = None
    """Until when the bidder can answer again; where the answer was given back."""
    returned: Line | None = None


class AnswerJudged(Event):
    """A member accepts an answer, or finds that it changes the substance of the bid."""

    type: Literal["evaluation.answer_judged"] = "evaluation.answer_judged"
    section: SectionId
    clarification: Hex32
    seat: SeatNumber
    accepts: bool


class ClarificationExpired(Event):
    """The time for an answer is over, and there is none."""

    type: Literal["evaluation.clarification_expired"] = "evaluation.clarification_expired"
    section: SectionId
    clarification: Hex32


ClarificationEvent = (
    ClarificationDrafted
    | ClarificationAgreed
    | ClarificationDropped
    | QuestionChecked
    | ClarificationAnswered
    | AnswerChecked
    | AnswerJudged
    | ClarificationExpired
)


class CompetitionJudged(Event):
    """A member says whether fewer than three valid bids are too little competition."""

    type: Literal["evaluation.competition_judged"] = "evaluation.competition_judged"
    section: SectionId
    seat: SeatNumber
    lacking: bool
    reason: Reason


CorrectionGround = Literal["opening_list", "words", "decimal", "unit_price"]
"""What rules over what in an offer that differs from itself, Order 87, article 59, in its order:
the read-out over other content, words over figures, an obvious decimal shift in a unit price, unit
price times quantity over the total."""


class CorrectionProposed(Event):
    """A member finds that the arithmetic of an offer comes to another price 算术修正."""

    type: Literal["evaluation.correction_proposed"] = "evaluation.correction_proposed"
    section: SectionId
    correction: Hex32
    seat: SeatNumber
    bid: BidId
    ground: CorrectionGround
    price: Amount
    reason: Reason
    """For committee, supervisor and report; the bidder is not shown it."""
    period: Millis
    """How long the bidder has to confirm, from when it is asked."""


class CorrectionVoted(Event):
    """A member agrees to a correction or does not; whoever proposed it agrees."""

    type: Literal["evaluation.correction_voted"] = "evaluation.correction_voted"
    section: SectionId
    correction: Hex32
    seat: SeatNumber
    agrees: bool


class CorrectionAsked(Event):
    """Most members agree: the bidder is asked to confirm the corrected price."""

    type: Literal["evaluation.correction_asked"] = "evaluation.correction_asked"
    section: SectionId
    correction: Hex32
    due: Millis


class CorrectionAnswered(Event):
    """The bidder confirms the corrected price or refuses it; holds `correction-answer`."""

    type: Literal["evaluation.correction_answered"] = "evaluation.correction_answered"
    section: SectionId
    correction: Hex32
    accepts: bool
    envelope: Signed


class CorrectionExpired(Event):
    """The time to confirm is over, and nobody did."""

    type: Literal["evaluation.correction_expired"] = "evaluation.correction_expired"
    section: SectionId
    correction: Hex32


class PricesChecked(Event):
    """The chair says that the committee has checked the arithmetic of the offers."""

    type: Literal["evaluation.prices_checked"] = "evaluation.prices_checked"
    section: SectionId


CorrectionEvent = (
    CorrectionProposed | CorrectionVoted | CorrectionAsked | CorrectionAnswered | CorrectionExpired
)
PriceEvent = CorrectionEvent | PricesChecked | CompetitionJudged


class MarksSubmitted(Event):
    """A member's marks, all of them; holds `score-sheet`. Shown to nobody before the lock."""

    type: Literal["evaluation.marks_submitted"] = "evaluation.marks_submitted"
    section: SectionId
    seat: SeatNumber
    envelope: Signed


class MarksLocked(Event):
    """Every member has submitted: no mark changes any more, and all are shown."""

    type: Literal["evaluation.marks_locked"] = "evaluation.marks_locked"
    section: SectionId


MarkingEvent = MarksSubmitted | MarksLocked


class ReportDrawnUp(Event):
    """The report, by the hashes of its facts and of its PDF."""

    type: Literal["evaluation.report_drawn_up"] = "evaluation.report_drawn_up"
    section: SectionId
    facts: Hex64
    pdf: Hex64
    pdf_size: Size


class ReportSigned(Event):
    """A member signed the report, or dissents with reasons; holds `report`."""

    type: Literal["evaluation.report_signed"] = "evaluation.report_signed"
    section: SectionId
    seat: SeatNumber
    opinion: Literal["agrees", "dissents"]
    envelope: Signed


class ReportFinished(Event):
    """The report stands; seats that neither signed nor gave reasons are deemed to agree."""

    type: Literal["evaluation.report_finished"] = "evaluation.report_finished"
    section: SectionId
    unsigned: tuple[SeatNumber, ...]


ReportEvent = ReportDrawnUp | ReportSigned | ReportFinished


EvaluationEvent = (
    StageDecided
    | RuleSet
    | CommitteeEvent
    | ReviewEvent
    | ClarificationEvent
    | PriceEvent
    | BlindEvent
    | MarkingEvent
    | ReportEvent
    | ResultEvent
    | ReevaluationEvent
    | PauseEvent
    | Said
)
