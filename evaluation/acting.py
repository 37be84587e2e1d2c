"""What rules of an evaluation begin with: whose it is, who sits there, what was signed; pure.

It must not decide anything.
"""

from typing import Any, TypeVar

from evaluation.commands import OfSection
from evaluation.state import Evaluation, EvaluationState
from opening.envelopes import Checked, acting_signer, expect, read
from opening.messages import Message
from opening.participants import Role
from opening.state import OpeningState
from record.errors import NotValid, OutOfOrder
from record.rules import Given

M = TypeVar("M", bound=Message)


def evaluation_of(state: EvaluationState, command: OfSection) -> Evaluation:
    """Return the evaluation of the section a command is about.

    Refusals: evaluation.not_convened.
    """
    found = state.evaluations.get(command.section)
    if found is None:
        raise OutOfOrder("evaluation.not_convened")
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


def member_names(opening: OpeningState, found: Evaluation) -> list[str]:
    """Return the names of everybody who has a seat."""
    accounts = [seat.member.account for seat in found.committee.seats.values()]
    known = (opening.known.get((account, "expert")) for account in accounts)
    return [one.name for one in known if one is not None]
