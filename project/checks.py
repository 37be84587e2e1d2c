"""Heavy checks of a project's commands, made before the desk; pure, they decide nothing."""

from opening import checks, envelopes
from opening.messages import Amendment, Message, Notice, StageDecision
from project.commands import Amend, DecideStage, PublishNotice
from project.state import ProjectState
from record.events import Signed
from record.rules import Command


def check(state: ProjectState, command: Command) -> object | None:
    """Check what a command proves, outside the lock; the outcome goes into `given.checked`.

    Nothing is returned for a command that proves nothing.

    Refusals: message.not_signer, message.signature, message.malformed, and those of
    `opening.checks.check`.
    """
    match command:
        case PublishNotice():
            return _signed_by_clerk(state, command.message, Notice)
        case Amend():
            return _signed_by_clerk(state, command.message, Amendment)
        case DecideStage():
            return _signed_by_clerk(state, command.message, StageDecision)
        case _:
            return checks.check(state.opening, command)


def _signed_by_clerk(
    state: ProjectState, message: Signed, kind: type[Message]
) -> envelopes.Checked:
    envelopes.signed_as(state.opening, "clerk", message, kind)
    return envelopes.Checked(message=message, keyid=envelopes.signer(message))
