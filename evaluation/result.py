"""The commands about a section's result, each by its own rule; permission and phase before; pure.

What may be published is a function of the record: the outcome the report's facts hold. It must
not look at anything else.
"""

from collections.abc import Callable, Mapping
from typing import Any

from evaluation import commands, publication
from evaluation.messages import Candidate, Candidates, NoCandidate
from evaluation.publication import Choice, Result, ResultObjection
from evaluation.reevaluation import follows, published
from evaluation.scoring.rule import ScoringRule
from evaluation.state import Evaluation, EvaluationState
from evaluation.summary import outcome
from opening.envelopes import Checked, acting, acting_signer, expect, read
from opening.session import organisation_name
from opening.state import OpeningState
from record.errors import NotValid, OutOfOrder
from record.events import Event
from record.rules import Given

Decide = Callable[[OpeningState, EvaluationState, Any, Given], tuple[Event, ...]]


def result_of(opening: OpeningState, found: Evaluation, rule: ScoringRule) -> Result:
    """Return what a report comes to, as its facts say it; the report is drawn up."""
    told = outcome(opening, found, rule)
    rows = [one for one in told.get("places", ()) if one["candidate"]]
    if rows:
        return Result(found.report.facts, tuple(_candidate(opening, row) for row in rows))
    return Result(found.report.facts, (), _reason(told))


def expected_candidates(
    opening: OpeningState, state: EvaluationState, section: str, until: int
) -> Candidates:
    """Return the one message a clerk may publish, as its client makes it from the record.

    Refusals: publication.no_report, reevaluation.open.
    """
    found = _reported(state, section)
    result = result_of(opening, found, state.rules[section])
    reevaluation, replaces = follows(found.reevaluations)
    return Candidates(
        v=1,
        project=opening.project,
        section=section,
        facts=result.facts,
        until=until,
        candidates=result.candidates,
        reason=result.reason,
        reevaluation=reevaluation,
        replaces=replaces,
    )


def publish_candidates(
    opening: OpeningState,
    state: EvaluationState,
    command: commands.PublishCandidates,
    given: Given,
) -> tuple[Event, ...]:
    """Publish what the report found.

    Refusals: message.not_signer, message.malformed, evaluation.wrong_project,
    publication.no_report, reevaluation.open, and those of `publication.publish`.
    """
    checked = expect(given, Checked, command.message)
    acting_signer(opening, given, "clerk", checked)
    said = read(command.message, Candidates)
    if (said.project, said.section) != (opening.project, command.section):
        raise NotValid("evaluation.wrong_project")
    found = _reported(state, command.section)
    return publication.publish(
        found.publication,
        result_of(opening, found, state.rules[command.section]),
        said,
        now=given.received,
        period=opening.sections[command.section].terms.periods.publication,
        follows=follows(found.reevaluations),
        envelope=command.message,
    )


def object_to_result(
    opening: OpeningState, state: EvaluationState, command: commands.ObjectToResult, given: Given
) -> tuple[Event, ...]:
    """Object to the result, for one's own organisation.

    Refusals: reevaluation.open, and those of `publication.object_to`.
    """
    found = _settled(state, command.section)
    bids = () if found is None else found.review.bids
    objection = ResultObjection(
        objection=given.new_id("objection"),
        organisation=acting(opening, given, "bidder").organisation,
        text=command.text,
        at=given.received,
        due=given.received + publication.ANSWER_WITHIN,
    )
    return publication.object_to(
        command.section,
        None if found is None else found.publication,
        objection,
        frozenset(opening.bids[bid].organisation for bid in bids),
    )


def answer_objection(
    _: OpeningState,
    state: EvaluationState,
    command: commands.AnswerResultObjection,
    __: Given,
) -> tuple[Event, ...]:
    """Answer an objection to the result, to one that was withdrawn too."""
    found = state.evaluations.get(command.section)
    known = () if found is None else published(found.reevaluations, found.publication)
    about = next((one for one in known if command.objection in one.objections), None)
    last = known[-1] if known else None
    return publication.answer(command.section, about or last, command.objection, command.answer)


def award_section(
    _: OpeningState, state: EvaluationState, command: commands.AwardSection, given: Given
) -> tuple[Event, ...]:
    """Name the winner.

    Refusals: reevaluation.open, and those of `publication.award`.
    """
    found = _settled(state, command.section)
    return publication.award(
        command.section,
        None if found is None else found.publication,
        () if found is None else published(found.reevaluations, None),
        Choice(command.bid, command.reason),
        given.received,
    )


def _candidate(opening: OpeningState, row: Mapping[str, Any]) -> Candidate:
    organisation = opening.bids[row["bid"]].organisation
    return Candidate(
        place=row["rank"],
        bid=row["bid"],
        organisation=organisation,
        name=organisation_name(opening, organisation),
        price=row["price"],
        total=row["total"],
    )


def _reason(told: Mapping[str, Any]) -> NoCandidate:
    """Return why an outcome has no candidate."""
    why = told.get("impossible")
    if why is None:
        return "no_valid_bid"
    return "competition_lacking" if why == "competition_lacking" else "rule_inapplicable"


def _settled(state: EvaluationState, section: str) -> Evaluation | None:
    """Return a section's evaluation, in which no marks are given again; `reevaluation.open`."""
    found = state.evaluations.get(section)
    if found is not None and found.reevaluation is not None:
        raise OutOfOrder("reevaluation.open", since=found.reevaluation.at)
    return found


def _reported(state: EvaluationState, section: str) -> Evaluation:
    found = _settled(state, section)
    if found is None or not found.report.is_finished:
        raise OutOfOrder("publication.no_report")
    return found


DECIDES: Mapping[type[commands.OfSection], Decide] = {
    commands.PublishCandidates: publish_candidates,
    commands.ObjectToResult: object_to_result,
    commands.AnswerResultObjection: answer_objection,
    commands.AwardSection: award_section,
}
