"""The commands about prices and competition, each by its own rule; permission comes before.

Beside `evaluation.rules`, and like it pure: it must not look at anything but the record.
"""

from collections.abc import Callable, Mapping
from typing import Any

from evaluation import commands, committee, competition, correction
from evaluation.acting import answering, bidders_answer, evaluation_of, member_names, unreported
from evaluation.clarification import carried_names
from evaluation.events import CompetitionJudged, CorrectionProposed, PricesChecked
from evaluation.messages import CorrectionAnswer
from evaluation.state import Evaluation, EvaluationState
from evaluation.summary import present_amount
from opening.session import organisation_name
from opening.state import OpeningState
from record.errors import NotAllowed, NotValid, OutOfOrder
from record.events import Event
from record.rules import Given

Decide = Callable[[OpeningState, EvaluationState, Any, Given], tuple[Event, ...]]


def judge_competition(
    _: OpeningState, state: EvaluationState, command: commands.JudgeCompetition, given: Given
) -> tuple[Event, ...]:
    """Judge whether few valid bids are too little competition."""
    found, account = evaluation_of(state, command), given.actor.account
    said = CompetitionJudged(
        section=command.section,
        seat=committee.seat_of(found.committee, account).member.seat,
        lacking=command.lacking,
        reason=command.reason,
    )
    return competition.judge(found.committee, found.review, found.competition, account, said)


def propose_correction(
    opening: OpeningState,
    state: EvaluationState,
    command: commands.ProposeCorrection,
    given: Given,
) -> tuple[Event, ...]:
    """Propose another price for a bid, before the prices are checked.

    Refusals: prices.checked, competition.undecided, competition.lacking,
    correction.carries_name, and those of `correction.propose`.
    """
    found, account = evaluation_of(state, command), given.actor.account
    said = CorrectionProposed(
        section=command.section,
        correction=given.fresh[:16].hex(),
        seat=committee.seat_of(found.committee, account).member.seat,
        bid=command.bid,
        ground=command.ground,
        price=command.price,
        reason=command.reason,
        period=command.period,
    )
    _check_open(found)
    rule = state.rules[command.section]
    known = command.bid in found.review.valid
    present = present_amount(opening, found, rule, command.bid) if known else None
    events = correction.propose(
        found.committee,
        found.review,
        found.corrections,
        account=account,
        said=said,
        present=present,
    )
    bidders = {opening.bids[bid].organisation for bid in found.review.bids}
    names = [organisation_name(opening, one) for one in bidders]
    carried = carried_names(command.reason, [*member_names(opening, found), *names])
    if carried:
        raise NotValid("correction.carries_name", names=carried)
    return events


def vote_correction(
    _: OpeningState, state: EvaluationState, command: commands.VoteCorrection, given: Given
) -> tuple[Event, ...]:
    """Agree to a correction or not.

    Refusals: report.bidders_asked, and those of `correction.vote`.
    """
    found = unreported(state, command)
    return correction.vote(
        found.committee,
        found.review,
        found.corrections,
        given.actor.account,
        command.correction,
        agrees=command.agrees,
        now=given.received,
    )


def answer_correction(
    opening: OpeningState, state: EvaluationState, command: commands.AnswerCorrection, given: Given
) -> tuple[Event, ...]:
    """Confirm a corrected price or refuse it.

    Refusals: report.bidders_asked, evaluation.wrong_project, and those of `correction.answer`.
    """
    found = unreported(state, command)
    told = bidders_answer(opening, command, given, CorrectionAnswer)
    said = answering(opening, found.corrections, told.correction, given, command.message)
    return correction.answer(command.section, found.corrections, told, said)


def expire_correction(
    _: OpeningState, state: EvaluationState, command: commands.ExpireCorrection, given: Given
) -> tuple[Event, ...]:
    """Note that the time to confirm is over.

    Refusals: report.bidders_asked, and those of `correction.expire`.
    """
    found = unreported(state, command)
    return correction.expire(command.section, found.corrections, command.correction, given.received)


def check_prices(
    _: OpeningState, state: EvaluationState, command: commands.CheckPrices, given: Given
) -> tuple[Event, ...]:
    """Say that the arithmetic of the offers was checked, as the chair does.

    Refusals: committee.not_a_member, review.not_chair, review.not_begun, prices.too_early,
    prices.checked, competition.undecided, competition.lacking, correction.open.
    """
    found = evaluation_of(state, command)
    if committee.seat_of(found.committee, given.actor.account).member.seat != found.committee.chair:
        raise NotAllowed("review.not_chair")
    if not found.committee.is_quorate:
        raise OutOfOrder("review.not_begun")
    if not found.review.is_closed:
        raise OutOfOrder("prices.too_early")
    _check_open(found)
    correction.check_none_open(found.corrections, found.review.valid)
    return (PricesChecked(section=command.section),)


def _check_open(found: Evaluation) -> None:
    """Refuse where prices are checked already, or nothing of them counts.

    Refusals: prices.checked, competition.undecided, competition.lacking.
    """
    if found.prices_checked:
        raise OutOfOrder("prices.checked")
    competition.check(found.committee, found.review, found.competition)


DECIDES: Mapping[type[commands.OfSection], Decide] = {
    commands.JudgeCompetition: judge_competition,
    commands.ProposeCorrection: propose_correction,
    commands.VoteCorrection: vote_correction,
    commands.AnswerCorrection: answer_correction,
    commands.ExpireCorrection: expire_correction,
    commands.CheckPrices: check_prices,
}
