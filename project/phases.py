"""Where a project and each of its sections stand, and what may be asked there; decides nothing.

A command about a section has its row in `SECTION_PHASES`, any other in `PROJECT_PHASES`; a
command without a row is refused everywhere.
"""

from collections.abc import Mapping
from enum import StrEnum

from evaluation import commands as evaluation
from opening import commands as opening
from opening.state import OpeningState, Section, Session
from project import commands as project
from project.state import ProjectState
from project.subject import section_of
from record.errors import NotFound, OutOfOrder, TooLate
from record.rules import Command


class ProjectPhase(StrEnum):
    """Where a project stands as a whole."""

    NONE = "none"
    """There is no such project yet."""
    DRAFT = "draft"
    PUBLISHED = "published"


class Phase(StrEnum):
    """Where a section 标段 stands."""

    NEW = "new"
    """The section is not defined yet."""
    DRAFT = "draft"
    """Its terms stand; no ceremony runs."""
    KEYS = "keys"
    """A key ceremony runs or has made a key; the notice is still to come."""
    OPEN = "open"
    """Bids are taken, until every envelope is closed."""
    CLOSED = "closed"
    """Every envelope is closed; the session is not announced yet."""
    FAILED = "failed"
    """Too few bidders at the deadline, and nobody approved of going on."""
    OPENING1 = "opening1"
    OPENED1 = "opened1"
    """One envelope: it is opened and the session over."""
    EVALUATING1 = "evaluating1"
    """Two envelopes: the first session is over, its result awaited."""
    OPENING2 = "opening2"
    """The result of the first envelope is recorded; the second session runs."""
    OPENED2 = "opened2"
    AWARDED = "awarded"
    """It has its winner."""
    SUSPENDED = "suspended"
    TERMINATED = "terminated"


def project_phase(state: ProjectState) -> ProjectPhase:
    """Return where a project stands as a whole."""
    if state.created is None:
        return ProjectPhase.NONE
    return ProjectPhase.DRAFT if state.notice is None else ProjectPhase.PUBLISHED


def phase(state: OpeningState, section: str) -> Phase:
    """Return where a section stands; a suspension or termination comes before all else."""
    found = state.sections.get(section)
    if found is None:
        return Phase.NEW
    held = _held(found)
    if held is not None:
        return held
    sessions = [
        state.sessions.get((section, envelope), Session())
        for envelope in (1, 2)
        if envelope <= found.terms.envelopes
    ]
    if all(session.closed is not None for session in sessions):
        failed = found.failed and not found.approved
        return _after_close(sessions, failed=failed, decided=found.passed_on is not None)
    if found.taking_bids or any(session.closed is not None for session in sessions):
        return Phase.OPEN
    return _before_notice(state, section)


def _held(found: Section) -> Phase | None:
    """Return the phase of a section in which nothing goes on, for now or for good."""
    if found.terminated:
        return Phase.TERMINATED
    if found.suspended is not None:
        return Phase.SUSPENDED
    return Phase.AWARDED if found.awarded else None


def _before_notice(state: OpeningState, section: str) -> Phase:
    alive = (attempt for attempt in state.attempts.values() if attempt.status != "dead")
    return Phase.KEYS if any(one.start.section == section for one in alive) else Phase.DRAFT


def _after_close(sessions: list[Session], *, failed: bool, decided: bool) -> Phase:
    if failed:
        return Phase.FAILED
    first = sessions[0].stage
    if first in {"lobby", "closed"}:
        return Phase.CLOSED
    if first != "ended":
        return Phase.OPENING1
    if len(sessions) == 1:
        return Phase.OPENED1
    if not decided:
        return Phase.EVALUATING1
    return Phase.OPENED2 if sessions[1].stage == "ended" else Phase.OPENING2


_DRAFT = frozenset({ProjectPhase.DRAFT})
_BOTH = frozenset({ProjectPhase.DRAFT, ProjectPhase.PUBLISHED})
_PUBLISHED = frozenset({ProjectPhase.PUBLISHED})

PROJECT_PHASES: Mapping[type[Command], frozenset[ProjectPhase]] = {
    project.CreateProject: frozenset({ProjectPhase.NONE}),
    project.CorrectProject: _DRAFT,
    project.AddDocument: _BOTH,
    project.RemoveDocument: _BOTH,
    project.BindParticipant: _BOTH,
    project.TakePart: _PUBLISHED,
    project.ReleaseParticipant: _BOTH,
    project.ChangeKey: _BOTH,
    project.PublishNotice: _DRAFT,
    project.RecordFetch: _PUBLISHED,
    project.RecordView: _BOTH,
    opening.RefuseBid: _PUBLISHED,
}

_CEREMONY = frozenset({Phase.KEYS})
_SESSION = frozenset({Phase.OPENING1, Phase.OPENING2})
_LOBBY = frozenset({Phase.OPEN, Phase.CLOSED, Phase.EVALUATING1}) | _SESSION
_RUNNING = _LOBBY | {Phase.FAILED, Phase.OPENED1, Phase.OPENED2}
_EVALUATED = frozenset({Phase.OPENED1, Phase.EVALUATING1})
_PRICED = frozenset({Phase.OPENED1, Phase.OPENED2})
_OVER = frozenset({Phase.AWARDED, Phase.TERMINATED})
_DEFINED = _RUNNING | {Phase.DRAFT, Phase.KEYS, Phase.SUSPENDED}

SECTION_PHASES: Mapping[type[Command], frozenset[Phase]] = {
    project.DefineSection: frozenset({Phase.NEW, Phase.DRAFT}),
    project.Amend: frozenset({Phase.OPEN}),
    project.AskQuestion: frozenset({Phase.OPEN}),
    project.AnswerQuestion: frozenset({Phase.OPEN}),
    project.SuspendSection: _RUNNING,
    project.ResumeSection: frozenset({Phase.SUSPENDED}),
    project.TerminateSection: _DEFINED,
    project.NoteOutage: frozenset({Phase.OPEN}),
    project.DecideOutage: frozenset({Phase.OPEN}),
    project.DecideStage: frozenset({Phase.EVALUATING1}),
    evaluation.SetRule: frozenset({Phase.DRAFT, Phase.KEYS}),
    evaluation.ConveneCommittee: _EVALUATED,
    evaluation.TakeSeat: _EVALUATED,
    evaluation.DeclareTies: _EVALUATED,
    evaluation.ConfirmNames: _EVALUATED,
    evaluation.StandAside: _EVALUATED,
    evaluation.ReplaceMember: _EVALUATED,
    evaluation.VoteChair: _EVALUATED,
    evaluation.ReviewBid: _EVALUATED,
    evaluation.OpenVote: _EVALUATED,
    evaluation.CastVote: _EVALUATED,
    evaluation.CloseReview: _EVALUATED,
    evaluation.DraftClarification: _EVALUATED,
    evaluation.AgreeClarification: _EVALUATED,
    evaluation.DropClarification: _EVALUATED,
    evaluation.CheckQuestion: _EVALUATED,
    evaluation.AnswerClarification: _EVALUATED,
    evaluation.CheckAnswer: _EVALUATED,
    evaluation.JudgeAnswer: _EVALUATED,
    evaluation.ExpireClarification: _EVALUATED,
    evaluation.JudgeCompetition: _EVALUATED,
    evaluation.ProposeCorrection: _PRICED,
    evaluation.VoteCorrection: _PRICED,
    evaluation.AnswerCorrection: _PRICED,
    evaluation.ExpireCorrection: _PRICED,
    evaluation.CheckPrices: _PRICED,
    evaluation.DrawAliases: _EVALUATED,
    evaluation.SubmitMarks: _EVALUATED,
    evaluation.DrawUpReport: _PRICED,
    evaluation.SignReport: _PRICED,
    evaluation.FinishReport: _PRICED,
    evaluation.PublishCandidates: _PRICED,
    evaluation.ObjectToResult: _PRICED,
    evaluation.AnswerResultObjection: _PRICED | {Phase.TERMINATED},
    evaluation.AwardSection: _PRICED,
    evaluation.OrderReevaluation: _PRICED,
    evaluation.GiveMarksAgain: _PRICED,
    evaluation.DropReevaluation: _PRICED,
    evaluation.Pause: _EVALUATED | _PRICED,
    evaluation.Resume: _EVALUATED | _PRICED,
    evaluation.Say: _EVALUATED | _PRICED,
    project.RaiseNotice: _DEFINED | {Phase.AWARDED},
    project.AcknowledgeNotice: _DEFINED | _OVER,
    opening.StartCeremony: frozenset({Phase.DRAFT, Phase.KEYS}),
    opening.JoinCeremony: _CEREMONY,
    opening.DealCeremony: _CEREMONY,
    opening.CertifyCeremony: _CEREMONY,
    opening.AbortCeremony: _CEREMONY,
    opening.ExpireCeremony: _CEREMONY,
    opening.RehearseKey: _LOBBY | {Phase.KEYS},
    opening.EraseKey: _DEFINED | _OVER,
    opening.AdmitBid: frozenset({Phase.OPEN}),
    opening.WithdrawBid: frozenset({Phase.OPEN}),
    opening.CloseBids: frozenset({Phase.OPEN}),
    opening.ApproveContinuation: frozenset({Phase.FAILED}),
    opening.SignIn: _LOBBY,
    opening.RecordFiles: frozenset({Phase.CLOSED, Phase.OPENING2}),
    opening.AnnounceSession: frozenset({Phase.CLOSED, Phase.OPENING2}),
    opening.OpenWindow: _SESSION,
    opening.ExtendWindow: _SESSION,
    opening.EndWindow: _SESSION,
    opening.ReleaseSecret: _SESSION | {Phase.CLOSED},
    opening.IssueOrder: _SESSION,
    opening.PostPartial: _SESSION,
    opening.ReleaseKey: _SESSION,
    opening.RecordBody: _SESSION,
    opening.ReadOut: _SESSION,
    opening.StartDraw: _SESSION,
    opening.CommitDraw: _SESSION,
    opening.SealDraw: _SESSION,
    opening.RevealDraw: _SESSION,
    opening.ConfirmLine: _SESSION,
    opening.RaiseObjection: _SESSION,
    opening.AnswerObjection: _SESSION,
    opening.DrawUpMinutes: _SESSION,
    opening.SignMinutes: _SESSION,
    opening.EndSession: _SESSION,
    opening.PauseSession: _SESSION,
    opening.ResumeSession: _SESSION,
}

_AFTER_CLOSE = (_RUNNING - {Phase.OPEN}) | _OVER
LATE: Mapping[type[Command], str] = {
    opening.AdmitBid: "bids.closed",
    opening.WithdrawBid: "bids.closed",
}
"""Commands that are told they are late, and not out of order, once the bids are closed."""

FIXED: Mapping[type[Command], str] = {project.CorrectProject: "project.head_published"}
"""Commands that are told what the notice has fixed, once it is published."""


def check_phase(state: ProjectState, command: Command) -> None:
    """Refuse a command that has no place where its project or section stands.

    Refusals: project.wrong_phase, project.head_published, project.no_such_section,
    project.no_such_subject, bids.closed.
    """
    where = PROJECT_PHASES.get(type(command))
    if where is not None:
        stands = project_phase(state)
        if stands in where:
            return
        if stands is ProjectPhase.PUBLISHED and type(command) in FIXED:
            raise OutOfOrder(FIXED[type(command)])
        raise OutOfOrder("project.wrong_phase", phase=stands.value)
    section = section_of(state, command)
    if section is None:
        raise NotFound("project.no_such_subject")
    check_section_phase(command, phase(state.opening, section))


def check_section_phase(command: Command, stands: Phase) -> None:
    """Refuse a command about a section that has no place where the section stands.

    Refusals: project.wrong_phase, project.no_such_section, bids.closed.
    """
    if stands in SECTION_PHASES.get(type(command), frozenset()):
        return
    if stands is Phase.NEW:
        raise NotFound("project.no_such_section")
    if stands in _AFTER_CLOSE and type(command) in LATE:
        raise TooLate(LATE[type(command)])
    raise OutOfOrder("project.wrong_phase", phase=stands.value)
