"""The result of a section at the command line: published, objected to, answered, awarded.

It must not say more of a result than its seat is shown.
"""

import math
from typing import Annotated

import typer

from client import clock, result
from client.cli import output, seats
from client.cli.acting import act, look
from client.cli.seats import DEFAULT, ProfileFolder, ProjectId, Section
from evaluation.publication import DAY

_SPARE = 60_000
"""How much longer than it must a publication lasts, ms: the command takes its time to arrive."""


def publish(
    project: ProjectId,
    section: Section,
    days: Annotated[float, typer.Option(min=0, help="for how many days from now")] = 3.0,
    profile: ProfileFolder = DEFAULT,
) -> None:
    """Sign and publish the candidates of the report, for objections 公示."""
    until = clock.now() + math.ceil(days * DAY) + _SPARE
    act(
        seats.clerk(profile),
        lambda clerk: result.publish(clerk.seat, clerk.key, project, section, until),
    )


def answer(
    project: ProjectId,
    objection: Annotated[str, typer.Argument(help="the objection's id")],
    section: Section,
    text: Annotated[str, typer.Option(help="the answer, given once")],
    profile: ProfileFolder = DEFAULT,
) -> None:
    """Answer an objection to the result; nothing is awarded before."""
    act(
        seats.clerk(profile),
        lambda clerk: result.answer(clerk.seat, project, section, objection, text),
    )


def award(
    project: ProjectId,
    bid: Annotated[str, typer.Argument(help="the bid of the candidate that wins")],
    section: Section,
    reason: Annotated[
        str | None, typer.Option(help="why it is not the first candidate; only then")
    ] = None,
    profile: ProfileFolder = DEFAULT,
) -> None:
    """Award the section 定标, once the publication is over and every objection answered."""
    act(
        seats.clerk(profile),
        lambda clerk: result.award(clerk.seat, project, section, bid, reason),
    )


def show_to_clerk(project: ProjectId, section: Section, profile: ProfileFolder = DEFAULT) -> None:
    """Print the result of a section, its objections and their answers among it."""
    told = look(seats.clerk(profile), lambda clerk: result.result(clerk.seat, project, section))
    output.tell(told, as_json=True)


def show_to_bidder(project: ProjectId, section: Section, profile: ProfileFolder = DEFAULT) -> None:
    """Print the result of a section, with one's own objections and their answers."""
    told = look(seats.bidder(profile), lambda bidder: result.result(bidder.seat, project, section))
    output.tell(told, as_json=True)


def object_to(
    project: ProjectId,
    section: Section,
    text: Annotated[str, typer.Option(help="the objection, with its grounds")],
    profile: ProfileFolder = DEFAULT,
) -> None:
    """Object to the published result 异议, while it is published."""
    act(
        seats.bidder(profile),
        lambda bidder: result.object_to(bidder.seat, project, section, text),
    )
