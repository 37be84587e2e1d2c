"""The commands of an evaluation, each by its own rule; permission and phase come before; pure.

A seat is not a role: every member is an expert of the project, and which seat is whose the
committee says. It must not look at anything but the record.
"""

import hashlib
from collections.abc import Callable, Mapping
from typing import Any

from evaluation import (
    clarification,
    commands,
    committee,
    competition,
    marking,
    report,
    result,
    review,
)
from evaluation.acting import (
    answering,
    bidders_answer,
    evaluation_of,
    member_names,
    signed,
    unreported,
)
from evaluation.attachments import check_attachments
from evaluation.events import ClarificationDrafted, ReportDrawnUp, RuleSet
from evaluation.messages import ClarificationAnswer, Commitment, ReportSignature, ScoreSheet
from evaluation.promise import promise_hash
from evaluation.report_facts import facts
from evaluation.scoring.rule import ScoringRule
from evaluation.scoring.rule_checks import problems
from evaluation.state import Evaluation, EvaluationState
from evaluation.summary import is_number
from evaluation.waiting import still_open
from opening.minutes import DrawnUp
from opening.state import OpeningState, Session
from opening.terms import TermsSet
from record.errors import NotAllowed, NotFound, NotValid, OutOfOrder
from record.events import Event
from record.rules import Given

Decide = Callable[[OpeningState, EvaluationState, Any, Given], tuple[Event, ...]]


def set_rule(
    opening: OpeningState, _: EvaluationState, command: commands.SetRule, __: Given
) -> tuple[RuleSet, ...]:
    """Set a section's scoring rule, whole.

    Refusals: evaluation.rule_wrong.
    """
    check_rule(opening.sections[command.section].terms, command.rule)
    return (RuleSet(section=command.section, rule=command.rule),)


def check_rule(terms: TermsSet, rule: ScoringRule) -> None:
    """Check that a rule can be applied in a section with these terms.

    Refusals: evaluation.rule_wrong.
    """
    has_draw = bool(terms.draw) and all(is_number(value) for value in terms.draw)
    found = problems(rule, has_limit=terms.limit is not None, has_draw=has_draw)
    if found:
        told = [" ".join(filter(None, (one.code, one.where))) for one in found]
        raise NotValid("evaluation.rule_wrong", section=terms.section, problems=told)


def convene(
    opening: OpeningState, state: EvaluationState, command: commands.ConveneCommittee, _: Given
) -> tuple[Event, ...]:
    """Name the committee once the bids are opened.

    Refusals: evaluation.no_rule, evaluation.convened, evaluation.not_an_expert, and those of
    `committee.convene`.
    """
    if command.section not in state.rules:
        raise OutOfOrder("evaluation.no_rule")
    if command.section in state.evaluations:
        raise OutOfOrder("evaluation.convened")
    for member in command.members:
        _check_expert(opening, member.account)
    session = opening.sessions.get((command.section, 1), Session())
    bids = sorted(session.opened, key=lambda bid: opening.bids[bid].stamp.seq)
    return committee.convene(command.section, command.members, bids, command.shown_by)


def take_seat(
    opening: OpeningState, state: EvaluationState, command: commands.TakeSeat, given: Given
) -> tuple[Event, ...]:
    """Sit down with the signed commitment.

    Refusals: evaluation.other_seat, evaluation.other_promise, and those of `committee.sign_in`.
    """
    found = evaluation_of(state, command)
    said = signed(opening, command.message, given, Commitment)
    seat = committee.seat_of(found.committee, given.actor.account).member.seat
    if (said.section, said.seat) != (command.section, seat):
        raise NotValid("evaluation.other_seat", seat=said.seat)
    if said.text != promise_hash():
        raise NotValid("evaluation.other_promise")
    return committee.sign_in(found.committee, given.actor.account, command.message)


def declare_ties(
    _: OpeningState, state: EvaluationState, command: commands.DeclareTies, given: Given
) -> tuple[Event, ...]:
    """Declare ties before any name is shown."""
    found = evaluation_of(state, command)
    return committee.declare_ties(found.committee, given.actor.account, command.ties)


def confirm_names(
    opening: OpeningState, state: EvaluationState, command: commands.ConfirmNames, given: Given
) -> tuple[Event, ...]:
    """Confirm that the bidders' names are no reason to stand aside."""
    found = evaluation_of(state, command)
    return committee.confirm(
        found.committee, given.actor.account, bidders(opening, found.review.bids)
    )


def bidders(opening: OpeningState, bids: tuple[str, ...]) -> list[str]:
    """Return names and codes of the organisations behind some bids."""
    organisations = {opening.bids[bid].organisation for bid in bids}
    return [
        name
        for (_, role), who in opening.participants.items()
        if role == "bidder" and who.organisation in organisations
        for name in (who.organisation_name, who.organisation_code)
    ]


def stand_aside(
    _: OpeningState, state: EvaluationState, command: commands.StandAside, given: Given
) -> tuple[Event, ...]:
    """Leave the committee; not any more once a report stood.

    Refusals: report.finished, reevaluation.original, and those of `committee.withdraw`.
    """
    found = evaluation_of(state, command)
    _check_changes(found)
    return committee.withdraw(found.committee, given.actor.account, command.reason)


def replace_member(
    opening: OpeningState, state: EvaluationState, command: commands.ReplaceMember, _: Given
) -> tuple[Event, ...]:
    """Give a seat to another; not any more once a report stood.

    Refusals: report.finished, reevaluation.original, evaluation.not_an_expert, and those of
    `committee.replace_member`.
    """
    found = evaluation_of(state, command)
    _check_changes(found)
    _check_expert(opening, command.member.account)
    return committee.replace_member(found.committee, command.member, command.reason)


def _check_changes(found: Evaluation) -> None:
    """Refuse to change the members of a committee whose report stands, or that marks again.

    Refusals: report.finished, reevaluation.original.
    """
    if found.report.is_finished:
        raise OutOfOrder("report.finished")
    if found.reevaluation is not None:
        raise OutOfOrder("reevaluation.original")


def vote_chair(
    _: OpeningState, state: EvaluationState, command: commands.VoteChair, given: Given
) -> tuple[Event, ...]:
    """Vote for the chair."""
    found = evaluation_of(state, command)
    return committee.vote_chair(found.committee, given.actor.account, command.choice)


def review_bid(
    _: OpeningState, state: EvaluationState, command: commands.ReviewBid, given: Given
) -> tuple[Event, ...]:
    """Review a bid item by item."""
    found = evaluation_of(state, command)
    return review.review_bid(
        found.committee, found.review, given.actor.account, command.bid, command.verdicts
    )


def open_vote(
    _: OpeningState, state: EvaluationState, command: commands.OpenVote, given: Given
) -> tuple[Event, ...]:
    """Open a vote."""
    found = evaluation_of(state, command)
    return review.open_vote(
        found.committee, found.review, given.actor.account, command.bid, command.item
    )


def cast_vote(
    _: OpeningState, state: EvaluationState, command: commands.CastVote, given: Given
) -> tuple[Event, ...]:
    """Vote on an item of a bid."""
    found, vote = evaluation_of(state, command), (command.bid, command.item)
    return review.cast_vote(
        found.committee, found.review, given.actor.account, vote, passes=command.passes
    )


def close_review(
    _: OpeningState, state: EvaluationState, command: commands.CloseReview, given: Given
) -> tuple[Event, ...]:
    """Close the review."""
    found = evaluation_of(state, command)
    return review.close_review(found.committee, found.review, given.actor.account, command.rejected)


def draft_clarification(
    opening: OpeningState,
    state: EvaluationState,
    command: commands.DraftClarification,
    given: Given,
) -> tuple[Event, ...]:
    """Draft a question to a bidder.

    Refusals: report.bidders_asked, and those of `clarification.draft`.
    """
    found, account = unreported(state, command), given.actor.account
    asked = ClarificationDrafted(
        section=command.section,
        clarification=given.fresh[:16].hex(),
        seat=committee.seat_of(found.committee, account).member.seat,
        bid=command.bid,
        text=command.text,
        period=command.period,
    )
    return clarification.draft(
        found.committee,
        found.review,
        found.marking,
        found.clarifications,
        account=account,
        asked=asked,
        names=member_names(opening, found),
    )


def agree_clarification(
    _: OpeningState, state: EvaluationState, command: commands.AgreeClarification, given: Given
) -> tuple[Event, ...]:
    """Want a question asked.

    Refusals: report.bidders_asked, and those of `clarification.agree`.
    """
    found = unreported(state, command)
    return clarification.agree(
        found.committee, found.clarifications, given.actor.account, command.clarification
    )


def drop_clarification(
    _: OpeningState, state: EvaluationState, command: commands.DropClarification, given: Given
) -> tuple[Event, ...]:
    """Take a question back.

    Refusals: report.bidders_asked, and those of `clarification.drop`.
    """
    found = unreported(state, command)
    return clarification.drop(
        found.committee, found.clarifications, given.actor.account, command.clarification
    )


def check_question(
    _: OpeningState, state: EvaluationState, command: commands.CheckQuestion, given: Given
) -> tuple[Event, ...]:
    """Let a question out, or give it back.

    Refusals: report.bidders_asked, and those of `clarification.check_question`.
    """
    return clarification.check_question(
        command.section,
        unreported(state, command).clarifications,
        command.clarification,
        now=given.received,
        returned=command.returned,
    )


def answer_clarification(
    opening: OpeningState,
    state: EvaluationState,
    command: commands.AnswerClarification,
    given: Given,
) -> tuple[Event, ...]:
    """Answer a question.

    Refusals: report.bidders_asked, evaluation.wrong_project, and those of
    `clarification.answer` and `check_attachments`.
    """
    found = unreported(state, command)
    told = bidders_answer(opening, command, given, ClarificationAnswer)
    asked = found.clarifications
    said = answering(opening, asked, told.clarification, given, command.message)
    answered = clarification.answer(command.section, asked, told, said)
    check_attachments(told.attachments or (), given.facts.attached)
    return answered


def check_answer(
    _: OpeningState, state: EvaluationState, command: commands.CheckAnswer, given: Given
) -> tuple[Event, ...]:
    """Show an answer, or give it back.

    Refusals: report.bidders_asked, and those of `clarification.check_answer`.
    """
    return clarification.check_answer(
        command.section,
        unreported(state, command).clarifications,
        command.clarification,
        now=given.received,
        returned=command.returned,
    )


def judge_answer(
    _: OpeningState, state: EvaluationState, command: commands.JudgeAnswer, given: Given
) -> tuple[Event, ...]:
    """Accept an answer or not.

    Refusals: report.bidders_asked, and those of `clarification.judge`.
    """
    found = unreported(state, command)
    return clarification.judge(
        found.committee,
        found.clarifications,
        given.actor.account,
        command.clarification,
        accepts=command.accepts,
    )


def expire_clarification(
    _: OpeningState, state: EvaluationState, command: commands.ExpireClarification, given: Given
) -> tuple[Event, ...]:
    """Note that the time for an answer is over.

    Refusals: report.bidders_asked, and those of `clarification.expire`.
    """
    return clarification.expire(
        command.section,
        unreported(state, command).clarifications,
        command.clarification,
        given.received,
    )


def _check_clarified(found: Evaluation) -> None:
    """Refuse to go on while a question about a bid still in waits; `clarification.open`."""
    waiting = still_open(found.clarifications, found.review.valid)
    if waiting:
        raise OutOfOrder("clarification.open", clarifications=waiting)


def submit_marks(
    opening: OpeningState, state: EvaluationState, command: commands.SubmitMarks, given: Given
) -> tuple[Event, ...]:
    """Submit all marks, once no question to a bidder waits and what comes before is decided.

    Refusals: clarification.open, competition.undecided, competition.lacking, prices.unchecked,
    and those of `marking.submit_marks`.
    """
    found = evaluation_of(state, command)
    _check_clarified(found)
    competition.check(found.committee, found.review, found.competition)
    envelopes = opening.sections[command.section].terms.envelopes
    if envelopes == 1 and found.review.is_closed and not found.prices_checked:
        raise OutOfOrder("prices.unchecked")
    return marking.submit_marks(
        found.committee,
        found.review,
        found.marking,
        state.rules[command.section],
        account=given.actor.account,
        sheet=signed(opening, command.message, given, ScoreSheet),
        envelope=command.message,
    )


def draw_up_report(
    opening: OpeningState, state: EvaluationState, command: commands.DrawUpReport, given: Given
) -> tuple[Event, ...]:
    """Record the report as it was rendered; from older facts it is refused and rendered anew.

    Refusals: report.marks_open, prices.unchecked, report.drawn_up, report.not_rendered,
    report.facts_changed.
    """
    found = evaluation_of(state, command)
    is_marked = found.marking.is_locked and not found.awaits_remarks
    if not is_marked and not found.lacks_competition:
        raise OutOfOrder("report.marks_open")
    if not found.is_reportable:
        raise OutOfOrder("prices.unchecked")
    if found.report.facts:
        raise OutOfOrder("report.drawn_up")
    drawn = given.checked
    if not isinstance(drawn, DrawnUp):
        raise OutOfOrder("report.not_rendered")
    rule: ScoringRule = state.rules[command.section]
    if drawn.facts != hashlib.sha256(facts(opening, found, rule)).hexdigest():
        raise OutOfOrder("report.facts_changed")
    return (
        ReportDrawnUp(
            section=command.section, facts=drawn.facts, pdf=drawn.pdf, pdf_size=drawn.pdf_size
        ),
    )


def sign_report(
    opening: OpeningState, state: EvaluationState, command: commands.SignReport, given: Given
) -> tuple[Event, ...]:
    """Sign the report or dissent from it."""
    found = evaluation_of(state, command)
    return report.sign_report(
        found.committee,
        found.report,
        account=given.actor.account,
        said=signed(opening, command.message, given, ReportSignature),
        envelope=command.message,
    )


def finish_report(
    _: OpeningState, state: EvaluationState, command: commands.FinishReport, given: Given
) -> tuple[Event, ...]:
    """Let the report stand, as the chair does."""
    found = evaluation_of(state, command)
    seat = committee.seat_of(found.committee, given.actor.account).member.seat
    if seat != found.committee.chair:
        raise NotAllowed("review.not_chair")
    return report.finish_report(found.committee, found.report)


def _check_expert(opening: OpeningState, account: str) -> None:
    if (account, "expert") not in opening.participants:
        raise NotFound("evaluation.not_an_expert", account=account)


DECIDES: Mapping[type[commands.OfSection], Decide] = {
    commands.SetRule: set_rule,
    commands.ConveneCommittee: convene,
    commands.TakeSeat: take_seat,
    commands.DeclareTies: declare_ties,
    commands.ConfirmNames: confirm_names,
    commands.StandAside: stand_aside,
    commands.ReplaceMember: replace_member,
    commands.VoteChair: vote_chair,
    commands.ReviewBid: review_bid,
    commands.OpenVote: open_vote,
    commands.CastVote: cast_vote,
    commands.CloseReview: close_review,
    commands.DraftClarification: draft_clarification,
    commands.AgreeClarification: agree_clarification,
    commands.DropClarification: drop_clarification,
    commands.CheckQuestion: check_question,
    commands.AnswerClarification: answer_clarification,
    commands.CheckAnswer: check_answer,
    commands.JudgeAnswer: judge_answer,
    commands.ExpireClarification: expire_clarification,
    commands.SubmitMarks: submit_marks,
    commands.DrawUpReport: draw_up_report,
    commands.SignReport: sign_report,
    commands.FinishReport: finish_report,
    **result.DECIDES,
}
