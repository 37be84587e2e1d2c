"""The commands of a re-evaluation, each by its own rule; permission and phase come before; pure.

It must not look at anything but the record.
"""

from collections.abc import Callable, Mapping
from typing import Any

from evaluation import commands, publication, reevaluation
from evaluation.acting import evaluation_of, signed
from evaluation.marking import signed_marks
from evaluation.messages import Remarks
from evaluation.reevaluation import Reevaluation
from evaluation.reevaluation_events import (
    PublicationRestored,
    ReevaluationDropped,
    ReevaluationOrdered,
)
from evaluation.state import Evaluation, EvaluationState
from opening.state import OpeningState
from record.errors import NotValid, OutOfOrder
from record.events import Event
from record.rules import Given

Decide = Callable[[OpeningState, EvaluationState, Any, Given], tuple[Event, ...]]


def order(
    _: OpeningState, state: EvaluationState, command: commands.OrderReevaluation, given: Given
) -> tuple[Event, ...]:
    """Let the committee mark again, once its report stands.

    Refusals: evaluation.not_convened, reevaluation.open, reevaluation.no_report, and those of
    `reevaluation.check_cells` and `reevaluation.order`.
    """
    found = evaluation_of(state, command)
    if found.reevaluation is not None:
        raise OutOfOrder("reevaluation.open", since=found.reevaluation.at)
    if not found.report.is_finished:
        raise OutOfOrder("reevaluation.no_report")
    marks = {} if found.lacks_competition else signed_marks(found.marking)
    reevaluation.check_cells(state.rules[command.section], marks, command.cells)
    said = ReevaluationOrdered(
        section=command.section,
        reevaluation=given.new_id("reevaluation"),
        ground=command.ground,
        reason=command.reason,
        cells=command.cells,
        objection=command.objection,
    )
    return reevaluation.order(found.reevaluations, found.publication, said)


def give_marks_again(
    opening: OpeningState, state: EvaluationState, command: commands.GiveMarksAgain, given: Given
) -> tuple[Event, ...]:
    """Mark again what is named.

    Refusals: evaluation.not_convened, reevaluation.none, evaluation.wrong_project, those of
    `signed` and of `reevaluation.remark`.
    """
    found = evaluation_of(state, command)
    one = _opened(found)
    said = signed(opening, command.message, given, Remarks)
    if said.section != command.section:
        raise NotValid("evaluation.wrong_project")
    return reevaluation.remark(
        found.committee,
        found.marking,
        state.rules[command.section],
        one,
        account=given.actor.account,
        said=said,
        envelope=command.message,
    )


def drop(
    _: OpeningState, state: EvaluationState, command: commands.DropReevaluation, given: Given
) -> tuple[Event, ...]:
    """Give a re-evaluation up; what stood before stands again, published for as long as was left.

    Refusals: evaluation.not_convened, reevaluation.none.
    """
    one = _opened(evaluation_of(state, command))
    section, name = command.section, one.reevaluation
    dropped = ReevaluationDropped(section=section, reevaluation=name, reason=command.reason)
    shift = max(0, given.received - one.at)
    stands = publication.resumed(one.publication, one.at, shift)
    if stands is None:
        return (dropped,)
    return (dropped, PublicationRestored(section=section, reevaluation=name, until=stands.until))


def _opened(found: Evaluation) -> Reevaluation:
    one = found.reevaluation
    if one is None:
        raise OutOfOrder("reevaluation.none")
    return one


DECIDES: Mapping[type[commands.OfSection], Decide] = {
    commands.OrderReevaluation: order,
    commands.GiveMarksAgain: give_marks_again,
    commands.DropReevaluation: drop,
}
