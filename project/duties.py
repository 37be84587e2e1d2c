"""What the service itself must do next in a project, and when to look again; pure."""

from collections.abc import Iterator

from evaluation import blind
from evaluation.commands import DrawAliases, DrawUpReport, ExpireClarification, ExpireCorrection
from evaluation.state import Evaluation
from evaluation.waiting import expiring
from opening import commands as opening
from opening.duties import Due
from opening.duties import duties as opening_duties
from project.commands import NoteOutage
from project.outage import Spans, awaited, to_note
from project.pausing import holding
from project.phases import SECTION_PHASES, Phase, phase
from project.state import ProjectState
from project.subject import section_of
from record.rules import Command


def duties(state: ProjectState, now: int, away: Spans = ()) -> Due:
    """Return what is due now, each under the id of what it is for, and when to look again.

    A duty that its section's phase does not take, because it is suspended or terminated, is not
    due, nor is one of a paused evaluation; a close waits while an outage is to be noted or decided.

    Args:
        state: the project as its record has it.
        now: ms UTC.
        away: spans in which the service was not answering.
    """
    due = opening_duties(state.opening, now)
    ending = list(_ending(state))
    expired = tuple((name, command) for at, name, command in ending if at <= now)
    reports = tuple(
        (_report_name(section, found), DrawUpReport(section=section))
        for section, found in state.evaluation.evaluations.items()
        if found.is_reportable and not found.report.facts
    )
    aliases = tuple(_aliases(state))
    notes = tuple(
        (f"outage/{section}/{found.terms.deadline}", NoteOutage(section=section))
        for section, found in state.opening.sections.items()
        if _open(state, section) and to_note(state, section, now, away)
    )
    kept = tuple(
        (name, command)
        for name, command in (*due.do, *expired, *aliases, *reports)
        if not _held(state, command, now, away)
    )
    waits = [awaited(state, section, now) for section in state.opening.sections]
    later = (at for at, _, _ in ending if at > now)
    moments = [moment for moment in (due.again, *waits, *later) if moment is not None]
    return Due(do=notes + kept, again=min(moments, default=None))


def _report_name(section: str, found: Evaluation) -> str:
    """Return what a report is for: another one follows when a member left, or marked again."""
    again = f"/again/{len(found.reevaluations)}" if found.reevaluations else ""
    return f"report/{section}/{len(found.committee.gone)}{again}"


def _ending(state: ProjectState) -> Iterator[tuple[int, str, Command]]:
    """Give what bidders can still answer: until when, and what notes that they did not."""
    for section, found in state.evaluation.evaluations.items():
        if found.report.facts or found.reevaluations:
            continue
        for name, at in expiring(found.clarifications):
            yield at, f"expire/{name}", ExpireClarification(section=section, clarification=name)
        for name, at in expiring(found.corrections):
            yield at, f"unconfirmed/{name}", ExpireCorrection(section=section, correction=name)


def _aliases(state: ProjectState) -> Iterator[tuple[str, Command]]:
    """Give the sections whose blind parts have no alias yet, and can be marked."""
    for section, found in state.evaluation.evaluations.items():
        envelopes = state.opening.sections[section].terms.envelopes
        if blind.is_due(found, state.evaluation.rules[section], envelopes):
            yield f"aliases/{section}/{len(found.committee.gone)}", DrawAliases(section=section)


def _open(state: ProjectState, section: str) -> bool:
    return phase(state.opening, section) is Phase.OPEN


def _held(state: ProjectState, command: Command, now: int, away: Spans) -> bool:
    section = section_of(state, command)
    if section is None:
        return False
    if phase(state.opening, section) not in SECTION_PHASES[type(command)]:
        return True
    if holding(state, command) is not None:
        return True
    if not isinstance(command, opening.CloseBids):
        return False
    return to_note(state, section, now, away) or awaited(state, section, now) is not None
