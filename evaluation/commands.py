"""What may be asked of an evaluation; imperative, parsed strictly from the wire."""

from collections.abc import Mapping
from typing import Annotated, Literal

from pydantic import Field

from evaluation.events import Ground, ItemVerdict, Member, SeatNumber
from evaluation.scoring.rule import ItemId, ScoringRule
from opening.messages import BidId, SectionId
from record.events import Line, Prose, Signed
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
