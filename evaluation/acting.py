"""What rules of an evaluation begin with: whose it is, who sits there, what was signed; pure.

It must not decide anything.
"""

from collections.abc import Mapping
from typing import Any, TypeVar

from evaluation import commands
from evaluation.commands import OfSection
from evaluation.messages import ClarificationAnswer, CorrectionAnswer
from evaluation.state import Evaluation, EvaluationState
from evaluation.waiting import Said, Waiting
from opening.envelopes import Checked, acting_signer, expect, read
from opening.messages import Message
from opening.participants import Role
from opening.state import OpeningState
from record.errors import NotValid, OutOfOrder
from record.events import Signed
from record.rules import Given

M = TypeVar("M", bound=Message)
A = TypeVar("A", ClarificationAnswer, CorrectionAnswer)


def evaluation_of(state: EvaluationState, command: OfSection) -> Evaluation:
    """Return the evaluation of the section a command is about.

    Refusals: evaluation.not_convened.
    """
    found = state.evaluations.get(command.section)
    if found is None:
        raise OutOfOrder("evaluation.not_convened")
    return found


def unreported(state: EvaluationState, command: OfSection) -> Evaluation:
    """Return an evaluation in which bidders may still be asked: it has no report, nor ever had.

    Refusals: evaluation.not_convened, report.bidders_asked, reevaluation.marks_only.
    """
    found = evaluation_of(state, command)
    if found.report.facts:
        raise OutOfOrder("report.bidders_asked")
    if found.reevaluations:
        raise OutOfOrder("reevaluation.marks_only")
    return found


def signed(
    opening: OpeningState, message: Any, given: Given, kind: type[M], role: Role = "expert"
) -> M:
    """Return what a message says, signed by whoever acts, in that role of this project.

    Refusals: evaluation.wrong_project, and those of `opening.envelopes`.
    """
    checked = expect(given, Checked, message)
    acting_signer(opening, given, role, checked)
    said = read(message, kind)
    if getattr(said, "project", opening.project) != opening.project:
        raise NotValid("evaluation.wrong_project")
    return said


def bidders_answer(
    opening: OpeningState,
    command: commands.AnswerClarification | commands.AnswerCorrection,
    given: Given,
    kind: type[A],
) -> A:
    """Return what a bidder answers, signed by it, in the section its command is about.

    Refusals: evaluation.wrong_project, and those of `signed`.
    """
    told = signed(opening, command.message, given, kind, "bidder")
    if told.section != command.section:
        raise NotValid("evaluation.wrong_project")
    return told


def answering(
    opening: OpeningState, found: Mapping[str, Waiting], name: str, given: Given, envelope: Signed
) -> Said:
    """Return who answers what was put to a bidder under a name, and whose bid that is about."""
    asked = found.get(name)
    return Said(
        owner="" if asked is None else opening.bids[asked.bid].organisation,
        organisation=opening.participants[given.actor.account, "bidder"].organisation,
        at=given.received,
        envelope=envelope,
    )


def member_names(opening: OpeningState, found: Evaluation) -> list[str]:
    """Return the names of everybody who has a seat."""
    accounts = [seat.member.account for seat in found.committee.seats.values()]
    known = (opening.known.get((account, "expert")) for account in accounts)
    return [one.name for one in known if one is not None]
