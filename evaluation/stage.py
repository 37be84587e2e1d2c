"""The result of the first envelope, on which the second one waits; pure."""

from evaluation.events import StageDecided
from evaluation.state import EvaluationState
from evaluation.summary import passed_on
from opening import envelopes
from opening.messages import StageDecision
from opening.state import OpeningState
from opening.terms import BidsPassedOn
from record.errors import NotValid, OutOfOrder
from record.events import Signed
from record.rules import Given


def decide_stage(
    state: OpeningState, evaluation: EvaluationState, message: Signed, given: Given
) -> tuple[StageDecided | BidsPassedOn, ...]:
    """Record whose second envelope may be opened; every opened first envelope is judged once.

    Args:
        state: where the section's first session has ended.
        evaluation: where there is a scoring rule, the committee decides and the clerk records it.
        message: the `stage-decision`, its signature checked.
        given: its `checked` is the outcome of that check.

    Refusals: message.not_signer, message.malformed, evaluation.wrong_project,
    evaluation.judged_twice, evaluation.not_opened, evaluation.not_judged, evaluation.not_locked,
    evaluation.not_the_outcome.
    """
    checked = envelopes.expect(given, envelopes.Checked, message)
    envelopes.acting_signer(state, given, "clerk", checked)
    decision = envelopes.read(message, StageDecision)
    if decision.project != state.project:
        raise NotValid("evaluation.wrong_project")
    _check_judged(state, decision)
    _check_committee(state, evaluation, decision)
    return (
        StageDecided(section=decision.section, envelope=message),
        BidsPassedOn(section=decision.section, organisations=decision.passed),
    )


def _check_judged(state: OpeningState, decision: StageDecision) -> None:
    judged = [*decision.passed, *(bidder.organisation for bidder in decision.failed)]
    if len(set(judged)) != len(judged):
        raise NotValid("evaluation.judged_twice")
    opened = opened_first(state, decision.section)
    if set(judged) - opened:
        raise NotValid("evaluation.not_opened", organisations=sorted(set(judged) - opened))
    if opened - set(judged):
        raise NotValid("evaluation.not_judged", organisations=sorted(opened - set(judged)))


def _check_committee(
    state: OpeningState, evaluation: EvaluationState, decision: StageDecision
) -> None:
    rule = evaluation.rules.get(decision.section)
    if rule is None:
        return
    found = evaluation.evaluations.get(decision.section)
    if found is None or not (found.marking.is_locked or found.lacks_competition):
        raise OutOfOrder("evaluation.not_locked")
    wanted = {state.bids[bid].organisation for bid in passed_on(found, rule)}
    differing = wanted ^ set(decision.passed)
    if differing:
        raise NotValid("evaluation.not_the_outcome", organisations=sorted(differing))


def opened_first(state: OpeningState, section: str) -> frozenset[str]:
    """Return the organisations whose first envelope was opened."""
    session = state.sessions.get((section, 1))
    opened = () if session is None else session.opened
    return frozenset(state.bids[bid].organisation for bid in opened)
