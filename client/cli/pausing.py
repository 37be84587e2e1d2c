"""Pauses of an evaluation at the command line, and how a seat is told of one.

It must not compare states: people do, by their words, and the service before it goes on.
"""

from typing import Annotated

import typer
from rich.markup import escape

from client.cli import output, seats
from client.cli.acting import act
from client.cli.seats import DEFAULT, ProfileFolder, ProjectId, Section
from client.expert import View
from evaluation.pause_events import PauseCause


def pause(
    project: ProjectId,
    section: Section,
    cause: Annotated[PauseCause, typer.Option(help="lunch, overnight or fault")],
    reason: Annotated[str, typer.Option(help="why; on the record")],
    profile: ProfileFolder = DEFAULT,
) -> None:
    """Pause an evaluation: every site is locked, and its state hash is recorded."""
    act(
        seats.clerk(profile),
        lambda clerk: clerk.pause_evaluation(project, section, cause, reason),
    )


def resume(project: ProjectId, section: Section, profile: ProfileFolder = DEFAULT) -> None:
    """Let an evaluation go on, if its record still gives the state of the pause."""
    act(seats.clerk(profile), lambda clerk: clerk.resume_evaluation(project, section))


def show_pause(told: View) -> None:
    """Print why an evaluation is paused, and its state as two places compare it."""
    one = told.get("paused")
    if one is None:
        return
    output.console.print(f"paused ({one['cause']}): {escape(one['reason'])}")
    for line in (one["state"], one["words"], one["characters"]):
        output.console.print(line, soft_wrap=True)
