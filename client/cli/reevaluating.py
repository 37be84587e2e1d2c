"""Re-evaluations at the command line: ordered and given up by the clerk, marked by members.

What is marked again is filled in in a JSON file that `remark-sheet` begins; it must not judge it.
"""

import json
from pathlib import Path
from typing import Annotated

import typer

from client import reevaluation
from client.cli import seats
from client.cli.acting import Sure, act, ask, filled, look
from client.cli.seats import DEFAULT, ProfileFolder, ProjectId, Section
from evaluation.commands import OrderReevaluation
from evaluation.reevaluation_events import Cell, Fault


def order(
    project: ProjectId,
    section: Section,
    ground: Annotated[Fault, typer.Option(help="objective, extreme, criteria or calculation")],
    reason: Annotated[str, typer.Option(help="why; for the committee, in the report")],
    mark: Annotated[list[str], typer.Option(help="BID/ITEM that is marked again; once or more")],
    objection: Annotated[
        str | None, typer.Option(help="the id of the objection it follows from")
    ] = None,
    profile: ProfileFolder = DEFAULT,
) -> None:
    """Order a re-evaluation 复评 of some marks; what is published is withdrawn until it is over."""
    named = [one.partition("/") for one in mark]
    act(
        seats.clerk(profile),
        lambda clerk: reevaluation.order(
            clerk.seat,
            project,
            OrderReevaluation(
                section=section,
                ground=ground,
                reason=reason,
                cells=tuple(Cell(bid=bid, item=item) for bid, _, item in named),
                objection=objection,
            ),
        ),
    )


def drop(
    project: ProjectId,
    section: Section,
    reason: Annotated[str, typer.Option(help="why; on the record")],
    profile: ProfileFolder = DEFAULT,
) -> None:
    """Give a re-evaluation up; the former report and its publication stand again."""
    act(
        seats.clerk(profile),
        lambda clerk: reevaluation.drop(clerk.seat, project, section, reason),
    )


def sheet(project: ProjectId, section: Section, profile: ProfileFolder = DEFAULT) -> None:
    """Print what is to be marked again, with the marks given before; add a reason to a change."""
    rows = look(
        seats.expert(profile),
        lambda expert: reevaluation.own_marks(expert, project, section),
    )
    typer.echo(json.dumps(rows, ensure_ascii=False, indent=2))


def remark(
    project: ProjectId,
    file: Annotated[Path, typer.Argument(help="the list that remark-sheet printed, filled in")],
    section: Section,
    profile: ProfileFolder = DEFAULT,
    *,
    yes: Sure = False,
) -> None:
    """Sign and give the named marks again; they cannot be changed any more."""
    told = filled(file)
    ask("Give these marks again, for good?", yes=yes)
    act(
        seats.expert(profile),
        lambda expert: reevaluation.remark(expert, project, section, told),
    )
