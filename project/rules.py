"""The rules of one project: permission, phase, then the command's own function; pure."""

from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import Any

from evaluation import blind, pause_rules, price_rules, reevaluation_rules
from evaluation import rules as evaluation
from evaluation.commands import OfSection
from evaluation.events import EvaluationEvent
from evaluation.result_events import Awarded
from evaluation.stage import decide_stage
from evaluation.state import evolve_evaluation, resumed
from opening import commands as opening_commands
from opening import rules as opening
from opening import sections as sections_opening
from opening.participants import ParticipantBound
from opening.state import OpeningState
from opening.terms import SectionResumed
from project import commands, head, notice, outage, people, questions, sections, supervision
from project.events import AnyEvent, ProjectEvent
from project.fold import evolve_project
from project.parse import parse_event
from project.pausing import check_not_paused
from project.permissions import permit
from project.phases import check_phase
from project.state import ProjectState
from project.subject import section_of
from record.events import Event, Stamp
from record.rules import Command, Given

Decide = Callable[[ProjectState, Any, Given], tuple[Event, ...]]


def _decide_stage(
    state: ProjectState, command: commands.DecideStage, given: Given
) -> tuple[Event, ...]:
    return decide_stage(state.opening, state.evaluation, command.message, given)


DECIDES: Mapping[type[Command], Decide] = {
    commands.CreateProject: people.create_project,
    commands.CorrectProject: head.correct_project,
    commands.DefineSection: sections.define_section,
    commands.AddDocument: sections.add_document,
    commands.RemoveDocument: sections.remove_document,
    commands.BindParticipant: people.bind_participant,
    commands.TakePart: people.take_part,
    commands.ReleaseParticipant: people.release_participant,
    commands.ChangeKey: people.change_key,
    commands.PublishNotice: notice.publish_notice,
    commands.Amend: notice.amend,
    commands.RecordFetch: questions.record_fetch,
    commands.AskQuestion: questions.ask_question,
    commands.AnswerQuestion: questions.answer_question,
    commands.SuspendSection: sections.suspend_section,
    commands.ResumeSection: sections.resume_section,
    commands.TerminateSection: sections.terminate_section,
    commands.NoteOutage: outage.note_outage,
    commands.DecideOutage: outage.decide_outage,
    commands.DecideStage: _decide_stage,
    commands.RaiseNotice: supervision.raise_notice,
    commands.AcknowledgeNotice: supervision.acknowledge_notice,
    commands.RecordView: supervision.record_view,
}
"""The commands decided here; every other one is the opening's."""


_EVALUATES = {
    **evaluation.DECIDES,
    **price_rules.DECIDES,
    **pause_rules.DECIDES,
    **blind.DECIDES,
    **reevaluation_rules.DECIDES,
}
"""The commands of an evaluation."""


class ProjectRules:
    """A fold and a decision over everything a project's record may hold."""

    def initial(self, project: str) -> ProjectState:
        """Return the state before the first entry."""
        return ProjectState(project=project, opening=OpeningState(project=project))

    def parse(self, event_type: str, body: bytes) -> Event:
        """Read an event back from the record; an unknown type is a ValueError."""
        return parse_event(event_type, body)

    def evolve(self, state: ProjectState, event: Event, stamp: Stamp) -> ProjectState:
        """Fold one event in. Never refuses: what is in the record has happened."""
        return evolve(state, event, stamp)  # type: ignore[arg-type]  # parse gives no others

    def decide(self, state: ProjectState, command: Any, given: Given) -> tuple[Event, ...]:
        """Check permission, phase and rule, and return the events; raises Refused."""
        return decide(state, command, given)


def evolve(state: ProjectState, event: AnyEvent, stamp: Stamp) -> ProjectState:
    """Fold one event in. Never refuses: what is in the record has happened."""
    if isinstance(event, ProjectEvent):
        return evolve_project(state, event, stamp)
    if isinstance(event, EvaluationEvent):
        state = replace(state, evaluation=evolve_evaluation(state.evaluation, event, stamp))
        return _awarded(state, event.section) if isinstance(event, Awarded) else state
    if isinstance(event, SectionResumed):
        state = _resumed(state, event)
    state = replace(state, opening=opening.evolve(state.opening, event, stamp))
    if isinstance(event, ParticipantBound):
        return replace(state, offices=people.evolve_offices(state.offices, event))
    return state


def _awarded(state: ProjectState, section: str) -> ProjectState:
    return replace(state, opening=sections_opening.awarded(state.opening, section))


def _resumed(state: ProjectState, event: SectionResumed) -> ProjectState:
    """Let what an evaluation waits for come later, before the opening forgets since when."""
    section = state.opening.sections.get(event.section)
    if section is None or section.suspended is None:
        return state
    later = resumed(state.evaluation, event.section, section.suspended, event.shift)
    return replace(state, evaluation=later)


def decide(state: ProjectState, command: Command, given: Given) -> tuple[Event, ...]:
    """Check permission, phase and rule, and return the events.

    Refusals: project.not_permitted, those of `check_phase`, project.notice_unacknowledged,
    evaluation.paused, project.outage_not_noted, project.outage_undecided, and the command's own.
    """
    permit(state, command, given.actor)
    check_phase(state, command)
    if type(command) in supervision.WAITS_FOR_REPLY:
        supervision.check_acknowledged(state, section_of(state, command))
    check_not_paused(state, command)
    if isinstance(command, opening_commands.CloseBids):
        outage.check_close(state, command.section, given)
    own = DECIDES.get(type(command))
    if own is not None:
        return own(state, command, given)
    if isinstance(command, OfSection):
        decided = _EVALUATES[type(command)]
        return decided(state.opening, state.evaluation, command, given)
    return opening.decide(state.opening, command, given)
