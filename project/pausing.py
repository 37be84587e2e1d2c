"""What a paused evaluation holds up: everything about it but its going on; pure."""

from evaluation.commands import OfSection, Resume
from evaluation.pause import OpenPause, check_running
from project.commands import DecideStage
from project.state import ProjectState
from project.subject import section_of
from record.rules import Command


def check_not_paused(state: ProjectState, command: Command) -> None:
    """Refuse a command about a paused evaluation, a bidder's answer included.

    Refusals: evaluation.paused.
    """
    check_running(holding(state, command))


def holding(state: ProjectState, command: Command) -> OpenPause | None:
    """Return the pause that a command has to wait for, where there is one."""
    if not isinstance(command, OfSection | DecideStage) or isinstance(command, Resume):
        return None
    found = state.evaluation.evaluations.get(section_of(state, command) or "")
    return None if found is None else found.pause
