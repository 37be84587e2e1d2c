"""`kaibiao verify`, `receipt` and `export`: what anybody can check for themselves."""

import asyncio
import subprocess
import sys
from pathlib import Path
from typing import Annotated, Any

import typer

from client import receipts
from client.cli import output, seats
from client.cli.seats import DEFAULT, AsJson, ProfileFolder, ProjectId
from client.errors import NotTrusted, Unusable
from client.profile import Profile, Trust
from crypto.receipts import ReceiptInvalid, check_receipt

receipt = typer.Typer(help="Receipts 回执: fetch and check them.", no_args_is_help=True)


def verify(
    file: Annotated[Path, typer.Argument(help="an exported record")],
    *,
    as_json: AsJson = False,
) -> None:
    """Check an exported record with the independent verifier, offline."""
    command = [sys.executable, "-m", "verifier", str(file), *(["--json"] if as_json else [])]
    raise typer.Exit(subprocess.run(command, check=False).returncode)  # noqa: S603 - our own program


@receipt.command()
def check(
    file: Annotated[Path, typer.Argument(help="a receipt")],
    log: Annotated[str, typer.Option(help="the log's vkey; the profile's by default")] = "",
    timekeeper: Annotated[str, typer.Option(help="the timekeeper's vkey; likewise")] = "",
    profile: ProfileFolder = DEFAULT,
    *,
    as_json: AsJson = False,
) -> None:
    """Check a receipt offline, against keys one knows."""

    async def do() -> dict[str, Any]:
        trust = Profile.load(profile).trust
        if log and timekeeper:
            trust = Trust(log, timekeeper, "")
        if trust is None:
            raise Unusable("give --log and --timekeeper; this profile has no pinned keys")
        content = await asyncio.to_thread(file.read_bytes)
        try:
            checked = check_receipt(content, trust.log, trust.timekeeper)
        except ReceiptInvalid as error:
            raise NotTrusted("the receipt does not hold", error) from error
        entry = checked.entry
        return {
            "type": entry["type"],
            "project": entry["project"],
            "at": entry["at"],
            "witnessed": checked.cosigned_at * 1000,
            "index": checked.index,
        }

    output.tell(output.run(do()), as_json=as_json)


def export(
    project: ProjectId,
    out: Annotated[Path, typer.Option(help="the file to write")] = Path("record"),
    profile: ProfileFolder = DEFAULT,
    *,
    files: Annotated[bool, typer.Option("--files", help="with the sealed files")] = False,
) -> None:
    """Fetch a project's record as one file that proves itself."""

    async def do() -> None:
        async with seats.seat(profile) as seat:
            sink = await asyncio.to_thread(out.open, "wb")
            path = f"/api/projects/{project}/record"
            with sink:
                async with seat.service.streaming(path, files=int(files)) as answer:
                    async for piece in answer.aiter_bytes(1 << 20):
                        await asyncio.to_thread(sink.write, piece)

    output.run(do())


@receipt.command()
def fetch(
    project: ProjectId,
    command: Annotated[str, typer.Argument(help="the id of a command of one's own")],
    out: Annotated[Path, typer.Option(help="the file to write")] = Path("receipt.json"),
    profile: ProfileFolder = DEFAULT,
    *,
    as_json: AsJson = False,
) -> None:
    """Fetch the receipt of a command of one's own, check it, and keep it."""

    async def do() -> dict[str, Any]:
        async with seats.seat(profile) as seat:
            found = await receipts.fetch(seat.service, seat.watch, project, command)
            await asyncio.to_thread(out.write_bytes, found.receipt)
            return {"receipt": str(out), "at": found.at, "witnessed": found.trusted_at}

    output.tell(output.run(do()), as_json=as_json)
