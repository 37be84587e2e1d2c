"""`kaibiao supervisor`: sign in, look, raise a notice, draw, check questions, sign; no more."""

from typing import Annotated, Any

import typer

from client import draws, record_copy
from client.bidder import session_of
from client.cli import output, seats
from client.cli.seats import DEFAULT, AsJson, Envelope, ProfileFolder, ProjectId, Section

app = typer.Typer(help="What a supervisor 监督 does.", no_args_is_help=True)


@app.command("sign-in")
def sign_in(
    project: ProjectId, section: Section, envelope: Envelope = 1, profile: ProfileFolder = DEFAULT
) -> None:
    """Sign in to the session."""

    async def do() -> None:
        async with seats.supervisor(profile) as supervisor:
            await supervisor.sign_in(project, seats.place(section, envelope))

    output.run(do())


@app.command()
def notice(
    project: ProjectId,
    section: Section,
    text: Annotated[str, typer.Option(help="the notice 监督意见")],
    profile: ProfileFolder = DEFAULT,
    *,
    pause: Annotated[bool, typer.Option("--pause", help="ask for a pause")] = False,
) -> None:
    """Raise a notice that the clerk must acknowledge."""

    async def do() -> None:
        async with seats.supervisor(profile) as supervisor:
            await supervisor.raise_notice(project, section, text, pause=pause)

    output.run(do())


@app.command()
def record(
    project: ProjectId, profile: ProfileFolder = DEFAULT, *, as_json: AsJson = False
) -> None:
    """Fetch the record, check its proofs, and tell what was late; the look is recorded."""

    async def do() -> dict[str, Any]:
        async with seats.supervisor(profile) as supervisor:
            copy = await supervisor.record(project)
        return {
            "entries": len(copy.events),
            "hidden": copy.hidden,
            "witnessed": copy.newest.cosigned_at,
            "late": list(record_copy.late(copy)),
        }

    output.tell(output.run(do()), as_json=as_json)


@app.command()
def evaluation(project: ProjectId, section: Section, profile: ProfileFolder = DEFAULT) -> None:
    """Print what this seat sees of an evaluation, as JSON; the look is recorded."""

    async def do() -> dict[str, Any]:
        async with seats.supervisor(profile) as supervisor:
            return await supervisor.evaluation(project, section)

    output.tell(output.run(do()), as_json=True)


@app.command()
def draw(
    project: ProjectId, section: Section, envelope: Envelope = 1, profile: ProfileFolder = DEFAULT
) -> None:
    """Do this seat's next step in a running draw, for whichever role is a party."""

    async def do() -> bool:
        async with seats.seat(profile) as seat:
            session = session_of(await seat.view(project), seats.place(section, envelope))
            return await draws.take_part(seat, project, session)

    output.tell({"done": output.run(do())}, as_json=True)


@app.command()
def sign(
    project: ProjectId, section: Section, envelope: Envelope = 1, profile: ProfileFolder = DEFAULT
) -> None:
    """Sign the minutes."""

    async def do() -> None:
        async with seats.supervisor(profile) as supervisor:
            await supervisor.sign_minutes(project, seats.place(section, envelope))

    output.run(do())
