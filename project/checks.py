"""Heavy checks of a project's commands, made before the desk; pure, they decide nothing."""

from collections.abc import Mapping

from evaluation.commands import (
    AnswerClarification,
    AnswerCorrection,
    GiveMarksAgain,
    PublishCandidates,
    SignReport,
    SubmitMarks,
    TakeSeat,
)
from evaluation.messages import (
    Candidates,
    ClarificationAnswer,
    Commitment,
    CorrectionAnswer,
    Remarks,
    ReportSignature,
    ScoreSheet,
)
from opening import checks, envelopes
from opening.messages import Amendment, Message, Notice, StageDecision
from opening.participants import Role
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
    found = _SIGNED.get(type(command))
    if found is None:
        return checks.check(state.opening, command)
    role, kind = found
    message: Signed = getattr(command, "message")  # noqa: B009 - every command of the table has one
    return _signed_by(state, role, message, kind)


_SIGNED: Mapping[type[Command], tuple[Role, type[Message]]] = {
    PublishNotice: ("clerk", Notice),
    Amend: ("clerk", Amendment),
    DecideStage: ("clerk", StageDecision),
    TakeSeat: ("expert", Commitment),
    AnswerClarification: ("bidder", ClarificationAnswer),
    AnswerCorrection: ("bidder", CorrectionAnswer),
    SubmitMarks: ("expert", ScoreSheet),
    GiveMarksAgain: ("expert", Remarks),
    SignReport: ("expert", ReportSignature),
    PublishCandidates: ("clerk", Candidates),
}
"""What a command's message is, and who signs it."""


def _signed_by(
    state: ProjectState, role: Role, message: Signed, kind: type[Message]
) -> envelopes.Checked:
    envelopes.signed_as(state.opening, role, message, kind)
    return envelopes.Checked(message=message, keyid=envelopes.signer(message))
