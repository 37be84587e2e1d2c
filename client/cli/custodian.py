"""`kaibiao custodian`: kit, ceremony, rehearsal, and shares of what was ordered."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Annotated, Any

import typer

from client import administrator, keys, kits, notices
from client.cli import asking, output, seats
from client.cli.seats import DEFAULT, AsJson, Envelope, ProfileFolder, ProjectId, Section
from client.custodian import Custodian
from client.errors import Unusable
from client.opening_checks import CheckedOpening
from client.seat import Answer
from crypto import fingerprint

app = typer.Typer(help="What a custodian 密钥保管人 does.", no_args_is_help=True)

KitFile = Annotated[
    Path | None, typer.Option("--kit", help="the kit's file; in the profile by default")
]
Sid = Annotated[str, typer.Option(help="the ceremony's id; the only open one by default")]
_DAY = 86_400.0


@app.command()
def kit(
    profile: ProfileFolder = DEFAULT, kit_file: KitFile = None, *, as_json: AsJson = False
) -> None:
    """Make a kit, open it again, and register its signing key; keep a copy elsewhere."""

    async def do() -> dict[str, Any]:
        path = kit_file or profile / "kit.age"
        async with seats.seat(profile) as seat:
            newest = await seat.watch.newest()
            passphrase = asking.passphrase(confirm=True)
            made = kits.make(path, passphrase, seat.watch.trust, newest.note)
            await administrator.register_key(seat, kits.identity(made))
        return {"kit": str(path), "keyid": keys.keyid(kits.identity(made))}

    output.tell(output.run(do()), as_json=as_json)


@app.command("kit-check")
def kit_check(
    profile: ProfileFolder = DEFAULT, kit_file: KitFile = None, *, as_json: AsJson = False
) -> None:
    """Open the kit, to be sure that one can."""

    async def do() -> dict[str, Any]:
        opened = kits.load(kit_file or profile / "kit.age", asking.passphrase())
        logs = [origin.log for origin in opened.origins]
        return {"keyid": keys.keyid(kits.identity(opened)), "logs": logs}

    output.tell(output.run(do()), as_json=as_json)


@app.command()
def ceremony(
    project: ProjectId,
    sid: Sid = "",
    wait: Annotated[float, typer.Option(help="seconds to wait for the others")] = _DAY,
    profile: ProfileFolder = DEFAULT,
    kit_file: KitFile = None,
) -> None:
    """Take every step of a key ceremony when it is due; goes on after an interruption."""

    async def do() -> None:
        async with _custodian(profile, kit_file) as custodian:
            name = sid or await _open_attempt(custodian, project)
            tell = output.console.print
            await custodian.take_part(project, name, patience=wait, tell=tell)
            tell("the key is made")

    output.run(do())


@app.command()
def join(
    project: ProjectId,
    sid: Sid = "",
    profile: ProfileFolder = DEFAULT,
    kit_file: KitFile = None,
    *,
    as_json: AsJson = False,
) -> None:
    """Commit to one's part of a ceremony."""
    _step(profile, kit_file, project, sid, lambda who, name: who.join(project, name), as_json)


@app.command()
def deal(
    project: ProjectId,
    sid: Sid = "",
    profile: ProfileFolder = DEFAULT,
    kit_file: KitFile = None,
    *,
    as_json: AsJson = False,
) -> None:
    """Deal, once all have joined."""
    _step(profile, kit_file, project, sid, lambda who, name: who.deal(project, name), as_json)


@app.command()
def certify(
    project: ProjectId,
    sid: Sid = "",
    profile: ProfileFolder = DEFAULT,
    kit_file: KitFile = None,
    *,
    as_json: AsJson = False,
) -> None:
    """Check one's shares and sign the transcript, or abort with evidence."""
    _step(profile, kit_file, project, sid, lambda who, name: who.certify(project, name), as_json)


@app.command()
def rehearse(
    project: ProjectId,
    section: Section,
    envelope: Envelope = 1,
    profile: ProfileFolder = DEFAULT,
    kit_file: KitFile = None,
    *,
    as_json: AsJson = False,
) -> None:
    """Prove that the share of a key is still at hand."""

    async def do() -> Answer:
        async with _custodian(profile, kit_file) as custodian:
            view = await custodian.seat.view(project)
            place = seats.place(section, envelope)
            made = [one for one in view["keys"] if (one["section"], one["envelope"]) == place]
            if not made:
                raise Unusable("there is no key of this envelope yet")
            clerks = await notices.clerk_keys(custodian.seat, project)
            return await custodian.rehearse(project, made[0]["sid"], clerks)

    _tell(output.run(do()), as_json=as_json)


@app.command()
def check(
    project: ProjectId,
    section: Section,
    envelope: Envelope = 1,
    profile: ProfileFolder = DEFAULT,
    kit_file: KitFile = None,
    *,
    as_json: AsJson = False,
) -> None:
    """Check an ordered opening on the record, and compute nothing."""

    async def do() -> CheckedOpening:
        async with _custodian(profile, kit_file) as custodian:
            return await custodian.check_opening(project, seats.place(section, envelope))

    output.tell(_shown(output.run(do())), as_json=as_json)


@app.command()
def release(
    project: ProjectId,
    section: Section,
    envelope: Envelope = 1,
    profile: ProfileFolder = DEFAULT,
    kit_file: KitFile = None,
    *,
    yes: Annotated[bool, typer.Option("--yes", help="do not ask again")] = False,
    as_json: AsJson = False,
) -> None:
    """Check an ordered opening, and post the shares of every bid on it."""

    async def do() -> Answer:
        async with _custodian(profile, kit_file) as custodian:
            opening = await custodian.check_opening(project, seats.place(section, envelope))
            if not yes:
                output.tell(_shown(opening), as_json=False)
                typer.confirm("Release the shares of these bids?", abort=True)
            return await custodian.release(project, opening)

    _tell(output.run(do()), as_json=as_json)


@asynccontextmanager
async def _custodian(profile: Path, kit_file: Path | None) -> AsyncIterator[Custodian]:
    async with seats.seat(profile) as seat:
        path = kit_file or profile / "kit.age"
        opened = await asyncio.to_thread(kits.load, path, asking.passphrase())
        yield Custodian(seat, opened)


async def _open_attempt(custodian: Custodian, project: str) -> str:
    view = await custodian.seat.view(project)
    found = [one["sid"] for one in view["attempts"] if one["status"] == "open"]
    if len(found) != 1:
        raise Unusable("say which ceremony; there are so many open ones", len(found))
    return str(found[0])


def _step(
    profile: Path,
    kit_file: Path | None,
    project: str,
    sid: str,
    act: Callable[[Custodian, str], Awaitable[Answer]],
    as_json: bool,  # noqa: FBT001 - handed on from the command
) -> None:
    async def do() -> Answer:
        async with _custodian(profile, kit_file) as custodian:
            return await act(custodian, sid or await _open_attempt(custodian, project))

    _tell(output.run(do()), as_json=as_json)


def _tell(answer: Answer, *, as_json: bool) -> None:
    output.tell({"command": answer.command_id, "events": list(answer.events)}, as_json=as_json)


def _shown(opening: CheckedOpening) -> dict[str, Any]:
    return {
        "section": opening.place[0],
        "envelope": opening.place[1],
        "scheduled_at": opening.order.scheduled_at,
        "bids": [line.bid for line in opening.order.bids],
        "key": list(fingerprint.words(opening.key.key_id)),
        "warnings": list(opening.warnings),
    }
