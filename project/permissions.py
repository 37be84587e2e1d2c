"""Who may ask for what: one row a command, and who may not be what at once; decides nothing else.

A seat is a role bound in the project's record; `service` is the service on one of its duties,
`anyone` an account the registry knows, whose registry role the command's own rule looks at.
"""

from collections.abc import Mapping
from typing import Literal

from evaluation import commands as evaluation
from opening import commands as opening
from opening.participants import Role
from project import commands as project
from project.state import ProjectState
from record.errors import NotAllowed
from record.events import Actor
from record.rules import Command

Seat = Role | Literal["service", "anyone"]

_ANYONE: frozenset[Seat] = frozenset({"anyone"})
_SERVICE: frozenset[Seat] = frozenset({"service"})
_BIDDER: frozenset[Seat] = frozenset({"bidder"})
_CLERK: frozenset[Seat] = frozenset({"clerk"})
_CUSTODIAN: frozenset[Seat] = frozenset({"custodian"})
_TIMEKEEPER: frozenset[Seat] = frozenset({"timekeeper"})
_SUPERVISOR: frozenset[Seat] = frozenset({"supervisor"})
_EXPERT: frozenset[Seat] = frozenset({"expert"})
_KEY_HOLDERS = _CUSTODIAN | _TIMEKEEPER
_DRAWING = _CLERK | _SUPERVISOR | _TIMEKEEPER | _BIDDER
_EVERYBODY = _DRAWING | _CUSTODIAN | _EXPERT

ROLES: Mapping[type[Command], frozenset[Seat]] = {
    project.CreateProject: _ANYONE,
    project.CorrectProject: _CLERK,
    project.DefineSection: _CLERK,
    project.AddDocument: _CLERK,
    project.RemoveDocument: _CLERK,
    project.BindParticipant: _CLERK,
    project.TakePart: _ANYONE,
    project.ReleaseParticipant: _CLERK,
    project.ChangeKey: _EVERYBODY,
    project.PublishNotice: _CLERK,
    project.Amend: _CLERK,
    project.RecordFetch: _SERVICE,
    project.AskQuestion: _BIDDER,
    project.AnswerQuestion: _CLERK,
    project.SuspendSection: _CLERK,
    project.ResumeSection: _CLERK,
    project.TerminateSection: _CLERK,
    project.NoteOutage: _SERVICE,
    project.DecideOutage: _CLERK,
    project.DecideStage: _CLERK,
    evaluation.SetRule: _CLERK,
    evaluation.ConveneCommittee: _CLERK,
    evaluation.TakeSeat: _EXPERT,
    evaluation.DeclareTies: _EXPERT,
    evaluation.ConfirmNames: _EXPERT,
    evaluation.StandAside: _EXPERT,
    evaluation.ReplaceMember: _CLERK,
    evaluation.VoteChair: _EXPERT,
    evaluation.ReviewBid: _EXPERT,
    evaluation.OpenVote: _EXPERT,
    evaluation.CastVote: _EXPERT,
    evaluation.CloseReview: _EXPERT,
    evaluation.DraftClarification: _EXPERT,
    evaluation.AgreeClarification: _EXPERT,
    evaluation.DropClarification: _EXPERT,
    evaluation.CheckQuestion: _SUPERVISOR,
    evaluation.AnswerClarification: _BIDDER,
    evaluation.CheckAnswer: _SUPERVISOR,
    evaluation.JudgeAnswer: _EXPERT,
    evaluation.ExpireClarification: _SERVICE,
    evaluation.JudgeCompetition: _EXPERT,
    evaluation.ProposeCorrection: _EXPERT,
    evaluation.VoteCorrection: _EXPERT,
    evaluation.AnswerCorrection: _BIDDER,
    evaluation.ExpireCorrection: _SERVICE,
    evaluation.CheckPrices: _EXPERT,
    evaluation.DrawAliases: _SERVICE,
    evaluation.SubmitMarks: _EXPERT,
    evaluation.DrawUpReport: _SERVICE,
    evaluation.SignReport: _EXPERT,
    evaluation.FinishReport: _EXPERT,
    evaluation.PublishCandidates: _CLERK,
    evaluation.ObjectToResult: _BIDDER,
    evaluation.AnswerResultObjection: _CLERK,
    evaluation.AwardSection: _CLERK,
    evaluation.OrderReevaluation: _CLERK,
    evaluation.GiveMarksAgain: _EXPERT,
    evaluation.DropReevaluation: _CLERK,
    evaluation.Pause: _CLERK,
    evaluation.Resume: _CLERK,
    evaluation.Say: _EXPERT,
    project.RaiseNotice: _SUPERVISOR,
    project.AcknowledgeNotice: _CLERK,
    project.RecordView: _SERVICE,
    opening.StartCeremony: _CLERK,
    opening.JoinCeremony: _KEY_HOLDERS,
    opening.DealCeremony: _KEY_HOLDERS,
    opening.CertifyCeremony: _KEY_HOLDERS,
    opening.AbortCeremony: _KEY_HOLDERS,
    opening.ExpireCeremony: _SERVICE,
    opening.RehearseKey: _CUSTODIAN,
    opening.EraseKey: _TIMEKEEPER,
    opening.AdmitBid: _BIDDER,
    opening.RefuseBid: _SERVICE,
    opening.WithdrawBid: _BIDDER,
    opening.CloseBids: _SERVICE,
    opening.ApproveContinuation: _CLERK,
    opening.SignIn: _EVERYBODY - _EXPERT,
    opening.RecordFiles: _SERVICE,
    opening.AnnounceSession: _CLERK,
    opening.OpenWindow: _CLERK,
    opening.ExtendWindow: _CLERK,
    opening.EndWindow: _CLERK | _SERVICE,
    opening.ReleaseSecret: _BIDDER,
    opening.IssueOrder: _CLERK,
    opening.PostPartial: _CUSTODIAN,
    opening.ReleaseKey: _TIMEKEEPER,
    opening.RecordBody: _SERVICE,
    opening.ReadOut: _CLERK,
    opening.StartDraw: _CLERK,
    opening.CommitDraw: _DRAWING,
    opening.SealDraw: _SERVICE,
    opening.RevealDraw: _DRAWING,
    opening.ConfirmLine: _BIDDER,
    opening.RaiseObjection: _BIDDER,
    opening.AnswerObjection: _CLERK,
    opening.DrawUpMinutes: _SERVICE,
    opening.SignMinutes: _CLERK | _SUPERVISOR | _BIDDER,
    opening.EndSession: _CLERK,
    opening.PauseSession: _CLERK,
    opening.ResumeSession: _CLERK,
}

SPEAKS_AS: frozenset[type[Command]] = frozenset({opening.SignIn, project.ChangeKey})
"""Commands whose `role` is the actor's own and must be one it holds."""

REGISTRY_ROLE: Mapping[type[Command], str] = {
    project.CreateProject: "clerk",
    project.TakePart: "bidder",
}
"""What the registry must allow an account for a command that `anyone` may send."""

EXCLUDES: Mapping[Role, frozenset[Role]] = {
    "bidder": frozenset({"clerk", "custodian", "timekeeper", "supervisor", "expert"}),
    "clerk": frozenset({"bidder", "timekeeper", "supervisor", "expert"}),
    "custodian": frozenset({"bidder", "timekeeper", "expert"}),
    "timekeeper": frozenset({"bidder", "clerk", "custodian", "supervisor", "expert"}),
    "supervisor": frozenset({"bidder", "clerk", "timekeeper", "expert"}),
    "expert": frozenset({"bidder", "clerk", "custodian", "timekeeper", "supervisor"}),
}
"""Roles that one person never holds together in a project."""


def seats(state: ProjectState, actor: Actor) -> frozenset[Seat]:
    """Return what an actor may act as in a project."""
    if actor.is_service:
        return _SERVICE
    held = {role for account, role in state.opening.participants if account == actor.account}
    return _ANYONE | held


def permit(state: ProjectState, command: Command, actor: Actor) -> None:
    """Refuse a command that the actor's seats do not allow; cheap, so ask it before anything heavy.

    Refusals: project.not_permitted.
    """
    held = seats(state, actor)
    if not held & ROLES.get(type(command), frozenset()):
        raise NotAllowed("project.not_permitted")
    if type(command) in SPEAKS_AS and getattr(command, "role", None) not in held:
        raise NotAllowed("project.not_permitted")
