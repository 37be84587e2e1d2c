"""The discussion of a committee at the command line; it must not keep what was said."""

from typing import Annotated

import typer
from rich.markup import escape

from client.cli import output, seats
from client.cli.acting import act
from client.cli.seats import DEFAULT, AsJson, ProfileFolder, ProjectId, Section
from client.expert import View, discussion


def say(
    project: ProjectId,
    text: Annotated[str, typer.Argument(help="what the committee and the supervisor read")],
    section: Section,
    profile: ProfileFolder = DEFAULT,
) -> None:
    """Say something to the committee; it is on the record and decides nothing."""
    act(seats.expert(profile), lambda expert: expert.say(project, section, text))


def show(
    project: ProjectId,
    section: Section,
    profile: ProfileFolder = DEFAULT,
    *,
    as_json: AsJson = False,
) -> None:
    """Print what the committee says among itself."""

    async def do() -> list[View]:
        async with seats.expert(profile) as expert:
            return await discussion(expert.seat, project, section)

    items = output.run(do())
    if as_json:
        output.tell({"items": items}, as_json=True)
        return
    for one in items:
        who = f"{one['seat']} {escape(one.get('name', ''))}".strip()
        output.console.print(f"[bold]{who}[/]: {escape(one['text'])}", soft_wrap=True)
