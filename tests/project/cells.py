"""One command of every kind, and one state of every phase, to try each cell of the tables."""

import base64
from collections.abc import Mapping
from dataclasses import replace
from functools import cache
from typing import Any

from crypto import canonical
from evaluation import commands as evaluation
from evaluation.events import Member
from evaluation.reevaluation_events import Cell
from evaluation.scoring.library import LIBRARY
from opening import commands as opening
from opening.participants import ParticipantBound
from opening.state import Closed, Draw, Objection, OpeningState, Session, Stage
from project import commands as project
from project.phases import Phase, ProjectPhase
from project.rules import evolve
from project.state import ProjectState, Question, SupervisorNotice
from record.events import Actor, Signed, Stamp
from record.rules import Command
from tests.project import world as w

ID, HEX, STAMP = "ee" * 16, "cd" * 32, Stamp(60, w.T0, Actor("bidder1"), "c")
BID, DRAW, OBJECTION, QUESTION, NOTICE = (char * 32 for char in "01234")
SECTION: dict[str, Any] = {"section": w.SECTION}
MEMBER = Member(seat="1", place="p", account="expert", capacity="expert")
PLACE: dict[str, Any] = {"section": w.SECTION, "envelope": 1}


def message(**fields: canonical.JsonInput) -> Signed:
    payload = base64.b64encode(canonical.dumps(fields)).decode()
    return Signed(payload=payload, payloadType="x", signatures=())


@cache
def published() -> w.World:
    """Return a published project of two envelopes that has one of everything."""
    world = w.published(envelopes=2)
    sessions = {
        (w.SECTION, 1): Session(
            draws={DRAW: Draw(DRAW, "p", ("1", "2"), ("clerk",), 1)},
            objections={OBJECTION: Objection(OBJECTION, w.organisation("alpha"), "t", STAMP)},
        )
    }
    world.opening(bids={BID: w.sealed(BID, "bidder1")}, sessions=sessions)
    world.state = evolve(world.state, expert(), STAMP)
    question = Question(QUESTION, w.SECTION, w.organisation("alpha"), "t", STAMP)
    notice = SupervisorNotice(NOTICE, "another", "t", pause=False, stamp=STAMP)
    world.state = replace(world.state, questions={QUESTION: question}, notices={NOTICE: notice})
    world.state = replace(world.state, notices={NOTICE: replace(notice, section=w.SECTION)})
    return world


def expert() -> ParticipantBound:
    """Return what binds an expert, as is possible once bids are closed."""
    known = w.known("expert")
    (keyid, key), *_ = known.keys
    who = known.model_dump(exclude={"type", "roles", "keys"})
    return ParticipantBound(**who, role="expert", key=key, keyid=keyid)


def sid() -> str:
    return next(iter(published().state.opening.attempts))


def key_id() -> str:
    return published().state.opening.keys[w.SECTION, 1].key_id


def _about(**fields: canonical.JsonInput) -> dict[str, Any]:
    return {"message": message(**fields)}


def commands() -> Mapping[type[Command], Command]:
    """Return one command of every kind, about the section or the project."""
    by_sid = _about(sid=sid())
    by_key = _about(key_id=key_id())
    by_section = _about(section=w.SECTION)
    params = canonical.dumps({"section": w.SECTION}).decode()
    made: list[Command] = [
        project.CreateProject(number="1", title="t", tenderer="t"),
        project.CorrectProject(number="2", title="t", tenderer="t"),
        w.terms(),
        project.AddDocument(title="t", name="t", size=1, sha256=HEX),
        project.RemoveDocument(document=ID),
        project.BindParticipant(account="stranger", role="supervisor"),
        project.TakePart(),
        project.ReleaseParticipant(account="stranger", role="supervisor", reason="r"),
        project.ChangeKey(role="clerk", keyid=HEX, reason="r"),
        project.PublishNotice(message=message()),
        project.Amend(**by_section),
        project.RecordFetch(document=ID, organisation=ID),
        project.AskQuestion(section=w.SECTION, text="t"),
        project.AnswerQuestion(question=QUESTION, text="t", answer="a"),
        project.SuspendSection(section=w.SECTION, reason="r"),
        project.ResumeSection(section=w.SECTION),
        project.TerminateSection(section=w.SECTION, reason="r"),
        project.NoteOutage(section=w.SECTION),
        project.DecideOutage(section=w.SECTION, decision="close", reason="r"),
        project.DecideStage(**by_section),
        project.RaiseNotice(section=w.SECTION, text="t"),
        project.AcknowledgeNotice(notice=NOTICE, reply="r"),
        project.RecordView(account="supervisor", subject="hall"),
        evaluation.SetRule(section=w.SECTION, rule=LIBRARY["lowest_price"]),
        evaluation.ConveneCommittee(section=w.SECTION, members=(MEMBER,)),
        evaluation.TakeSeat(**SECTION, message=message()),
        evaluation.DeclareTies(**SECTION, ties=()),
        evaluation.ConfirmNames(**SECTION),
        evaluation.StandAside(**SECTION, reason="r"),
        evaluation.ReplaceMember(**SECTION, member=MEMBER, reason="r"),
        evaluation.VoteChair(**SECTION, choice="1"),
        evaluation.ReviewBid(**SECTION, bid=BID, verdicts=()),
        evaluation.OpenVote(**SECTION, bid=BID, item="a"),
        evaluation.CastVote(**SECTION, bid=BID, item="a", passes=True),
        evaluation.CloseReview(**SECTION, rejected={}),
        evaluation.DraftClarification(**SECTION, bid=BID, text="t", period=600_000),
        evaluation.AgreeClarification(**SECTION, clarification=ID),
        evaluation.DropClarification(**SECTION, clarification=ID),
        evaluation.CheckQuestion(**SECTION, clarification=ID),
        evaluation.AnswerClarification(**SECTION, message=message()),
        evaluation.CheckAnswer(**SECTION, clarification=ID),
        evaluation.JudgeAnswer(**SECTION, clarification=ID, accepts=True),
        evaluation.ExpireClarification(**SECTION, clarification=ID),
        evaluation.JudgeCompetition(**SECTION, lacking=False, reason="r"),
        evaluation.ProposeCorrection(
            **SECTION, bid=BID, ground="words", price=1, reason="r", period=600_000
        ),
        evaluation.VoteCorrection(**SECTION, correction=ID, agrees=True),
        evaluation.AnswerCorrection(**SECTION, message=message()),
        evaluation.ExpireCorrection(**SECTION, correction=ID),
        evaluation.CheckPrices(**SECTION),
        evaluation.DrawAliases(**SECTION),
        evaluation.SubmitMarks(**SECTION, message=message()),
        evaluation.DrawUpReport(**SECTION),
        evaluation.SignReport(**SECTION, message=message()),
        evaluation.FinishReport(**SECTION),
        evaluation.PublishCandidates(**SECTION, message=message()),
        evaluation.ObjectToResult(**SECTION, text="t"),
        evaluation.AnswerResultObjection(**SECTION, objection=OBJECTION, answer="a"),
        evaluation.AwardSection(**SECTION, bid=BID),
        evaluation.OrderReevaluation(
            **SECTION, ground="extreme", reason="r", cells=(Cell(bid=BID, item="plan"),)
        ),
        evaluation.GiveMarksAgain(**SECTION, **by_section),
        evaluation.DropReevaluation(**SECTION, reason="r"),
        evaluation.Pause(**SECTION, cause="lunch", reason="r"),
        evaluation.Resume(**SECTION),
        evaluation.Say(**SECTION, text="t"),
        opening.StartCeremony(**by_section),
        opening.JoinCeremony(**by_sid),
        opening.DealCeremony(**by_sid),
        opening.CertifyCeremony(**by_sid),
        opening.AbortCeremony(**by_sid),
        opening.ExpireCeremony(sid=sid()),
        opening.RehearseKey(**by_key),
        opening.EraseKey(**by_sid),
        opening.AdmitBid(message=message(params=params), upload=ID),
        opening.RefuseBid(message=message(), answer=message()),
        opening.WithdrawBid(message=message(bid=BID)),
        opening.CloseBids(**PLACE),
        opening.ApproveContinuation(section=w.SECTION, approval="a", reason="r"),
        opening.SignIn(**PLACE, role="clerk"),
        opening.RecordFiles(**PLACE),
        opening.AnnounceSession(**PLACE),
        opening.OpenWindow(**PLACE, window="confirm"),
        opening.ExtendWindow(**PLACE, window="confirm", until=w.T0, reason="r"),
        opening.EndWindow(**PLACE, window="confirm"),
        opening.ReleaseSecret(bid=BID, secret=HEX),
        opening.IssueOrder(**by_section),
        opening.PostPartial(**by_key),
        opening.ReleaseKey(**by_key),
        opening.RecordBody(bid=BID),
        opening.ReadOut(**PLACE),
        opening.StartDraw(**PLACE, purpose="p", parties=("clerk", "supervisor")),
        opening.CommitDraw(draw=DRAW, commit=HEX),
        opening.SealDraw(draw=DRAW),
        opening.RevealDraw(draw=DRAW, secret=HEX),
        opening.ConfirmLine(bid=BID),
        opening.RaiseObjection(**PLACE, text="t"),
        opening.AnswerObjection(objection=OBJECTION, answer="a"),
        opening.DrawUpMinutes(**PLACE),
        opening.SignMinutes(**PLACE, message=message()),
        opening.EndSession(**PLACE),
        opening.PauseSession(**PLACE, reason="r"),
        opening.ResumeSession(**PLACE),
    ]
    return {type(command): command for command in made}


_CLOSED = Closed(STAMP, w.DEADLINE, 1, HEX)
_STAGES: Mapping[Phase, tuple[Stage, Stage]] = {
    Phase.CLOSED: ("closed", "closed"),
    Phase.FAILED: ("closed", "closed"),
    Phase.OPENING1: ("announced", "closed"),
    Phase.OPENED1: ("ended", "closed"),
    Phase.EVALUATING1: ("ended", "closed"),
    Phase.OPENING2: ("ended", "closed"),
    Phase.OPENED2: ("ended", "ended"),
}


@cache
def in_phase(wanted: Phase) -> ProjectState:
    """Return a project whose section stands in a phase."""
    state = published().state
    return replace(state, opening=_opening(state.opening, wanted))


def _opening(state: OpeningState, wanted: Phase) -> OpeningState:
    if wanted is Phase.NEW:
        return replace(state, sections={})
    sessions = dict(state.sessions)
    if wanted in _STAGES:
        first, second = _STAGES[wanted]
        untouched = state.sessions[w.SECTION, 1]
        sessions[w.SECTION, 1] = replace(untouched, stage=first, closed=_CLOSED)
        sessions[w.SECTION, 2] = Session(stage=second, closed=_CLOSED)
    attempts = dict(state.attempts)
    if wanted is Phase.DRAFT:
        attempts = {name: replace(one, status="dead") for name, one in attempts.items()}
    section = replace(state.sections[w.SECTION], **_changes(state, wanted))
    return replace(state, sections={w.SECTION: section}, sessions=sessions, attempts=attempts)


def _changes(state: OpeningState, wanted: Phase) -> dict[str, Any]:
    """Return what the section itself says in a phase."""
    one_envelope = state.sections[w.SECTION].terms.model_copy(update={"envelopes": 1})
    changes: Mapping[Phase, dict[str, Any]] = {
        Phase.DRAFT: {"taking_bids": False},
        Phase.KEYS: {"taking_bids": False},
        Phase.OPENED1: {"terms": one_envelope},
        Phase.FAILED: {"failed": True},
        Phase.OPENING2: {"passed_on": ()},
        Phase.OPENED2: {"passed_on": ()},
        Phase.AWARDED: {"awarded": True},
        Phase.SUSPENDED: {"suspended": w.T0},
        Phase.TERMINATED: {"terminated": True},
    }
    return changes.get(wanted, {})


@cache
def in_project_phase(wanted: ProjectPhase) -> ProjectState:
    """Return a project that as a whole stands in a phase, its people bound in any case."""
    state = published().state
    match wanted:
        case ProjectPhase.NONE:
            return replace(state, created=None, notice=None)
        case ProjectPhase.DRAFT:
            return replace(state, notice=None)
        case ProjectPhase.PUBLISHED:
            return state
