"""`kaibiao clerk`: a project from its creation to the end of its sessions, and its committees.

What has many fields is read from a JSON file in the form of the command's own schema.
"""

import json
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import Annotated, Any

import typer
from pydantic import TypeAdapter

from client import clock
from client.clerk import Clerk, Deadlines
from client.cli import output, seats
from client.cli.seats import DEFAULT, AsJson, Envelope, ProfileFolder, ProjectId, Section
from client.errors import Unusable
from client.seat import Answer
from crypto import random
from evaluation.discussion_events import Naming
from evaluation.events import Member
from evaluation.scoring.rule import ScoringRule
from evaluation.values import Capacity
from opening.commands import Window
from opening.participants import Role
from project.commands import CreateProject
from project.parse import parse_command
from record.errors import Refused

app = typer.Typer(help="What a clerk 主持人 does.", no_args_is_help=True)

_HOUR = 3_600_000
Reason = Annotated[str, typer.Option(help="why; on the record")]


@app.command()
def create(
    number: Annotated[str, typer.Option(help="the project's number")],
    title: Annotated[str, typer.Option()],
    tenderer: Annotated[str, typer.Option(help="招标人")],
    agency: Annotated[str | None, typer.Option(help="代理机构")] = None,
    profile: ProfileFolder = DEFAULT,
    *,
    as_json: AsJson = False,
) -> None:
    """Begin a project; prints its id."""
    project = random.fresh(16).hex()
    command = CreateProject(number=number, title=title, tenderer=tenderer, agency=agency)
    answer = _run(profile, lambda clerk: clerk.create(project, command))
    output.tell({"project": project, "command": answer.command_id}, as_json=as_json)


@app.command()
def send(
    project: ProjectId,
    file: Annotated[Path, typer.Argument(help="a JSON file with one command and its `type`")],
    profile: ProfileFolder = DEFAULT,
    *,
    as_json: AsJson = False,
) -> None:
    """Send a command as it stands in a file, such as the terms of a section."""
    try:
        command = parse_command(file.read_bytes())
    except (OSError, Refused) as error:
        raise typer.BadParameter(str(error)) from error
    _tell(_run(profile, lambda clerk: clerk.seat.do(project, command)), as_json=as_json)


@app.command()
def bind(
    project: ProjectId,
    account: Annotated[str, typer.Option()],
    role: Annotated[Role, typer.Option(help="clerk, custodian, timekeeper, supervisor or expert")],
    profile: ProfileFolder = DEFAULT,
    *,
    as_json: AsJson = False,
) -> None:
    """Bind somebody who takes part."""
    _tell(_run(profile, lambda clerk: clerk.bind(project, account, role)), as_json=as_json)


@app.command("add-document")
def add_document(
    project: ProjectId,
    file: Annotated[Path, typer.Argument(help="the tender document")],
    title: Annotated[str, typer.Option()],
    profile: ProfileFolder = DEFAULT,
    *,
    as_json: AsJson = False,
) -> None:
    """Bring a tender document and put it in."""
    _tell(_run(profile, lambda clerk: clerk.add_document(project, title, file)), as_json=as_json)


@app.command()
def ceremony(
    project: ProjectId,
    section: Section,
    envelope: Envelope = 1,
    hours: Annotated[int, typer.Option(help="for each of the three steps")] = 24,
    profile: ProfileFolder = DEFAULT,
    *,
    as_json: AsJson = False,
) -> None:
    """Start an attempt at a key among all bound custodians."""
    now = clock.now()
    by = Deadlines(*(now + step * hours * _HOUR for step in (1, 2, 3)))
    where = seats.place(section, envelope)

    async def do() -> str:
        async with seats.clerk(profile) as clerk:
            return await clerk.start_ceremony(project, where, by)

    output.tell({"sid": output.run(do())}, as_json=as_json)


@app.command()
def publish(
    project: ProjectId,
    remedy: Annotated[str, typer.Option(help="what happens if fewer than k kits survive 补救方案")],
    profile: ProfileFolder = DEFAULT,
    *,
    as_json: AsJson = False,
) -> None:
    """Sign and publish the notice 招标公告 that says what the record says."""
    _tell(_run(profile, lambda clerk: clerk.publish(project, remedy)), as_json=as_json)


@app.command()
def answer(
    project: ProjectId,
    question: Annotated[str, typer.Option(help="the question's id")],
    text: Annotated[str, typer.Option(help="the question in words that name nobody")],
    answer_text: Annotated[str, typer.Option("--answer")],
    profile: ProfileFolder = DEFAULT,
    *,
    as_json: AsJson = False,
) -> None:
    """Answer a question to all."""
    done = _run(profile, lambda clerk: clerk.answer(project, question, text, answer_text))
    _tell(done, as_json=as_json)


@app.command()
def order(
    project: ProjectId,
    section: Section,
    envelope: Envelope = 1,
    at: Annotated[int, typer.Option(help="scheduled time, ms UTC; now by default")] = 0,
    profile: ProfileFolder = DEFAULT,
    *,
    as_json: AsJson = False,
) -> None:
    """Order the opening of exactly the bids that the record gives."""
    where = seats.place(section, envelope)
    when = at or clock.now() // 1000 * 1000
    _tell(_run(profile, lambda clerk: clerk.order(project, where, when)), as_json=as_json)


@app.command("decide-stage")
def decide_stage(
    project: ProjectId,
    section: Section,
    result: Annotated[Path, typer.Argument(help='{"passed": [ids], "failed": {id: reason}}')],
    profile: ProfileFolder = DEFAULT,
    *,
    as_json: AsJson = False,
) -> None:
    """Record the result of the first envelopes."""
    try:
        told = json.loads(result.read_bytes())
        passed, failed = list(told["passed"]), dict(told["failed"])
    except (OSError, ValueError, KeyError) as error:
        raise typer.BadParameter(str(error)) from error
    done = _run(profile, lambda clerk: clerk.decide_stage(project, section, passed, failed))
    _tell(done, as_json=as_json)


@app.command()
def rule(
    project: ProjectId,
    section: Section,
    file: Annotated[Path, typer.Argument(help="a scoring rule as JSON; see `kaibiao score begin`")],
    profile: ProfileFolder = DEFAULT,
    *,
    as_json: AsJson = False,
) -> None:
    """Set the scoring rule 评分办法 of a section; until the notice is published."""
    try:
        told = ScoringRule.model_validate_json(file.read_bytes())
    except (OSError, ValueError) as error:
        raise typer.BadParameter(str(error)) from error
    _tell(_run(profile, lambda clerk: clerk.set_rule(project, section, told)), as_json=as_json)


@app.command()
def convene(
    project: ProjectId,
    section: Section,
    file: Annotated[
        Path,
        typer.Argument(help='[{"seat": "1", "place", "account", "capacity": expert|tenderer}]'),
    ],
    shown_by: Annotated[Naming, typer.Option(help="in discussion: name or seat")] = "name",
    profile: ProfileFolder = DEFAULT,
    *,
    as_json: AsJson = False,
) -> None:
    """Name the committee 评标委员会 of a section, once its bids are opened."""
    try:
        members = TypeAdapter(tuple[Member, ...]).validate_json(file.read_bytes())
    except (OSError, ValueError) as error:
        raise typer.BadParameter(str(error)) from error
    done = _run(profile, lambda clerk: clerk.convene(project, section, members, shown_by))
    _tell(done, as_json=as_json)


@app.command("replace-member")
def replace_member(
    project: ProjectId,
    section: Section,
    seat: Annotated[str, typer.Option(help="the seat's number")],
    place: Annotated[str, typer.Option(help="its room and site")],
    account: Annotated[str, typer.Option(help="who takes it")],
    reason: Reason,
    capacity: Annotated[Capacity, typer.Option(help="as what")] = "expert",
    profile: ProfileFolder = DEFAULT,
    *,
    as_json: AsJson = False,
) -> None:
    """Give a seat of the committee to another member, who begins anew."""
    try:
        member = Member(seat=seat, place=place, account=account, capacity=capacity)
    except ValueError as error:
        raise typer.BadParameter(str(error)) from error
    done = _run(profile, lambda clerk: clerk.replace_member(project, section, member, reason))
    _tell(done, as_json=as_json)


@app.command()
def evaluation(project: ProjectId, section: Section, profile: ProfileFolder = DEFAULT) -> None:
    """Print how far the evaluation of a section is, as JSON."""

    async def do() -> dict[str, Any]:
        async with seats.clerk(profile) as clerk:
            return await clerk.evaluation(project, section)

    output.tell(output.run(do()), as_json=True)


@app.command()
def window(
    project: ProjectId,
    section: Section,
    name: Annotated[Window, typer.Argument(help="secrets, confirm or objections")],
    envelope: Envelope = 1,
    until: Annotated[int, typer.Option(help="extend an open one to this time, ms UTC")] = 0,
    reason: Annotated[str, typer.Option(help="for an extension")] = "",
    profile: ProfileFolder = DEFAULT,
    *,
    end: Annotated[bool, typer.Option("--end", help="end it; nobody is waited for")] = False,
    as_json: AsJson = False,
) -> None:
    """Open, extend or end a window of the session."""
    where = seats.place(section, envelope)

    async def do() -> Answer:
        async with seats.clerk(profile) as clerk:
            if until:
                return await clerk.extend_window(project, where, name, until, reason)
            if end:
                return await clerk.end_window(project, where, name)
            return await clerk.open_window(project, where, name)

    _tell(output.run(do()), as_json=as_json)


@app.command()
def draw(
    project: ProjectId,
    section: Section,
    purpose: Annotated[str, typer.Option()],
    party: Annotated[list[str], typer.Option(help="an account; once for each party")],
    envelope: Envelope = 1,
    profile: ProfileFolder = DEFAULT,
    *,
    as_json: AsJson = False,
) -> None:
    """Start the draw 抽签."""
    where = seats.place(section, envelope)
    done = _run(profile, lambda clerk: clerk.start_draw(project, where, purpose, party))
    _tell(done, as_json=as_json)


@app.command("answer-objection")
def answer_objection(
    project: ProjectId,
    objection: Annotated[str, typer.Option(help="the objection's id")],
    answer_text: Annotated[str, typer.Option("--answer")],
    profile: ProfileFolder = DEFAULT,
    *,
    as_json: AsJson = False,
) -> None:
    """Answer an objection on the spot."""
    done = _run(profile, lambda clerk: clerk.answer_objection(project, objection, answer_text))
    _tell(done, as_json=as_json)


@app.command()
def approve(
    project: ProjectId,
    section: Section,
    approval: Annotated[str, typer.Option(help="the approval's number")],
    reason: Reason,
    profile: ProfileFolder = DEFAULT,
    *,
    as_json: AsJson = False,
) -> None:
    """Go on with fewer bidders than the minimum."""
    done = _run(profile, lambda clerk: clerk.approve(project, section, approval, reason))
    _tell(done, as_json=as_json)


@app.command()
def session(
    step: Annotated[
        str,
        typer.Argument(help="sign-in, announce, read-out, pause, resume, sign or end"),
    ],
    project: ProjectId,
    section: Section,
    envelope: Envelope = 1,
    bid: Annotated[str | None, typer.Option(help="read out this one; all by default")] = None,
    reason: Annotated[str, typer.Option(help="for a pause")] = "",
    profile: ProfileFolder = DEFAULT,
    *,
    as_json: AsJson = False,
) -> None:
    """Take one step of the opening session."""
    where = seats.place(section, envelope)

    async def do() -> Answer:
        async with seats.clerk(profile) as clerk:
            steps: dict[str, Callable[[], Awaitable[Answer]]] = {
                "sign-in": lambda: clerk.sign_in(project, where),
                "announce": lambda: clerk.announce(project, where),
                "read-out": lambda: clerk.read_out(project, where, bid),
                "pause": lambda: clerk.pause(project, where, reason),
                "resume": lambda: clerk.resume(project, where),
                "sign": lambda: clerk.sign_minutes(project, where),
                "end": lambda: clerk.end(project, where),
            }
            if step not in steps:
                raise Unusable("no such step of a session", step)
            return await steps[step]()

    _tell(output.run(do()), as_json=as_json)


@app.command()
def view(project: ProjectId, profile: ProfileFolder = DEFAULT) -> None:
    """Print what this seat sees of a project, as JSON."""

    async def do() -> dict[str, Any]:
        async with seats.seat(profile) as seat:
            return await seat.view(project)

    output.tell(output.run(do()), as_json=True)


def _run(profile: Path, act: Any) -> Answer:
    async def do() -> Answer:
        async with seats.clerk(profile) as opened:
            clerk: Clerk = opened
            done: Answer = await act(clerk)
            return done

    return output.run(do())


def _tell(done: Answer, *, as_json: bool) -> None:
    output.tell({"command": done.command_id, "events": list(done.events)}, as_json=as_json)
