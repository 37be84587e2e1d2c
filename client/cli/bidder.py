"""`kaibiao bidder`: seal, submit, withdraw, and everything a bidder does in the session."""

import asyncio
import json
from pathlib import Path
from typing import Annotated, Any

import typer

from client import blind, carried, durable, notices, sealing
from client.bars import Bars
from client.bidder import Bidder, order_of
from client.cli import output, seats
from client.cli.seats import DEFAULT, AsJson, Envelope, ProfileFolder, ProjectId, Section
from client.errors import Unusable
from client.profile import Profile
from client.seat import Answer
from opening.package import Source

app = typer.Typer(help="What a bidder 投标人 does.", no_args_is_help=True)

BidFolder = Annotated[Path, typer.Argument(help="the folder that `seal` made")]
BidPath = Annotated[
    Path, typer.Argument(help="the folder that `seal` made, or the offline sealer's file")
]
BidId = Annotated[str, typer.Argument(help="the bid's id")]


@app.command()
def take_part(
    project: ProjectId, profile: ProfileFolder = DEFAULT, *, as_json: AsJson = False
) -> None:
    """Take part in a project for one's own organisation."""
    _do(profile, lambda bidder: bidder.take_part(project), as_json=as_json)


@app.command()
def ask(
    project: ProjectId,
    section: Section,
    text: Annotated[str, typer.Option(help="the question")],
    profile: ProfileFolder = DEFAULT,
    *,
    as_json: AsJson = False,
) -> None:
    """Ask about the tender documents."""
    _do(profile, lambda bidder: bidder.ask(project, section, text), as_json=as_json)


@app.command()
def fetch(
    project: ProjectId,
    out: Annotated[Path, typer.Option(help="folder for the documents")] = Path(),
    profile: ProfileFolder = DEFAULT,
) -> None:
    """Fetch the tender documents 招标文件 and compare them with the notice."""

    async def do() -> None:
        async with seats.bidder(profile) as bidder:
            for one in (await bidder.seat.view(project))["documents"]:
                path = out / Path(one["name"]).name
                await bidder.fetch_document(project, one["document"], path)
                output.console.print(path)

    output.run(do())


@app.command()
def key(
    project: ProjectId,
    section: Section,
    out: Annotated[Path, typer.Option(help="the file to write")],
    envelope: Envelope = 1,
    profile: ProfileFolder = DEFAULT,
) -> None:
    """Fetch notice and key with their proofs, to seal on a machine without a line."""

    async def do() -> None:
        async with seats.bidder(profile) as bidder:
            bundle = await bidder.fetch_key(project, seats.place(section, envelope))
            told = notices.open_bundle(bundle, bidder.seat.watch.trust)
        durable.write(out, bundle.encode(), 0o644)
        output.console.print("key: " + " ".join(told.words))

    output.run(do())


@app.command()
def seal(
    form: Annotated[Path, typer.Option(help="bid-form.json as you filled it in")],
    files: Annotated[list[Path], typer.Argument(help="the files of the bid")],
    project: Annotated[str, typer.Option(help="the project's id; not with --key")] = "",
    section: Annotated[str, typer.Option(help="the section 标段; not with --key")] = "",
    envelope: Envelope = 1,
    key_file: Annotated[
        Path | None, typer.Option("--key", help="a file of `bidder key`: seal without a line")
    ] = None,
    out: Annotated[Path | None, typer.Option(help="where the sealed bid is kept")] = None,
    profile: ProfileFolder = DEFAULT,
    *,
    is_blind: Annotated[
        bool,
        typer.Option("--blind", help="the section has blind items 暗标: their files in blind/"),
    ] = False,
    anyway: Annotated[
        bool, typer.Option("--anyway", help="seal a form, or a blind part, with problems")
    ] = False,
    as_json: AsJson = False,
) -> None:
    """Seal a bid to disk, a first one or the next revision, and open it again to be sure."""
    if (key_file is None) == (not project or not section):
        raise typer.BadParameter("give --project and --section, or --key")

    async def do() -> dict[str, Any]:
        known = Profile.load(profile)
        if key_file is not None:
            bundle = notices.Bundle.decode(await asyncio.to_thread(key_file.read_bytes))
            organisation, wanted = str(known.more.get("organisation", "")), is_blind
        else:
            async with seats.bidder(profile) as bidder:
                where = seats.place(section, envelope)
                bundle, organisation = await bidder.fetch_key(project, where), bidder.organisation
                wanted = is_blind or blind.is_wanted(await bidder.seat.view(project), where)
        if known.trust is None or not organisation:
            raise Unusable("sign in once with this profile, so that it knows whom to trust")
        told = json.loads(await asyncio.to_thread(form.read_bytes))
        order = order_of(bundle, known.trust, organisation, _named(files), told)
        _check_form(order, anyway=anyway)
        _check_blind(order, wanted=wanted, anyway=anyway)
        return await asyncio.to_thread(_seal, order, out or profile / "bids")

    output.tell(output.run(do()), as_json=as_json)


def _seal(order: sealing.Order, folder: Path) -> dict[str, Any]:
    output.errors.print("key: " + " ".join(order.key.words))
    with Bars(output.errors) as bars:
        sealed = sealing.Sealer(order, folder, bars.teller()).seal()
    return {
        "bid": sealed.params.bid,
        "folder": str(sealed.folder),
        "revision": sealed.params.revision,
        "key": list(order.key.words),
        "size": sealed.bid.size,
        "root": sealed.bid.root,
    }


@app.command()
def submit(bid: BidPath, profile: ProfileFolder = DEFAULT, *, as_json: AsJson = False) -> None:
    """Upload and submit a sealed bid; the same command goes on after an interruption."""

    async def do() -> dict[str, Any]:
        folder = await asyncio.to_thread(carried.unpacked, bid, profile / "bids")
        sealed = sealing.load(folder)
        async with seats.bidder(profile) as bidder:
            with Bars(output.errors) as bars:
                done = await bidder.submit(sealed, bars.teller())
        return {
            "bid": sealed.params.bid,
            "at": done.receipt.at,
            "witnessed": done.receipt.trusted_at,
            "receipt": str(folder / "receipt.json"),
            "page": str(folder / "receipt.pdf"),
        }

    output.tell(output.run(do()), as_json=as_json)


@app.command()
def withdraw(
    project: ProjectId, bid: BidId, profile: ProfileFolder = DEFAULT, *, as_json: AsJson = False
) -> None:
    """Take one's last bid back, both envelopes of it."""

    async def do() -> dict[str, Any]:
        async with seats.bidder(profile) as bidder:
            _, receipt = await bidder.withdraw(project, bid)
            return {"bid": bid, "at": receipt.at, "witnessed": receipt.trusted_at}

    output.tell(output.run(do()), as_json=as_json)


@app.command()
def status(
    project: ProjectId, profile: ProfileFolder = DEFAULT, *, as_json: AsJson = False
) -> None:
    """List one's own bids."""

    async def do() -> dict[str, Any]:
        async with seats.seat(profile) as seat:
            return {"bids": (await seat.view(project))["bids"]}

    output.tell(output.run(do()), as_json=as_json)


@app.command("sign-in")
def sign_in(
    project: ProjectId,
    section: Section,
    envelope: Envelope = 1,
    profile: ProfileFolder = DEFAULT,
    *,
    as_json: AsJson = False,
) -> None:
    """Sign in to the opening session 签到."""
    where = seats.place(section, envelope)
    _do(profile, lambda bidder: bidder.sign_in(project, where), as_json=as_json)


@app.command()
def release(
    folder: BidFolder, profile: ProfileFolder = DEFAULT, *, as_json: AsJson = False
) -> None:
    """Release the bidder's own secret of a sealed bid."""
    _do(profile, lambda bidder: bidder.release_secret(sealing.load(folder)), as_json=as_json)


@app.command()
def confirm(
    project: ProjectId, bid: BidId, profile: ProfileFolder = DEFAULT, *, as_json: AsJson = False
) -> None:
    """Confirm the line of one's own bid as read out."""
    _do(profile, lambda bidder: bidder.confirm(project, bid), as_json=as_json)


@app.command("object")
def object_(
    project: ProjectId,
    section: Section,
    text: Annotated[str, typer.Option(help="the objection")],
    envelope: Envelope = 1,
    profile: ProfileFolder = DEFAULT,
    *,
    as_json: AsJson = False,
) -> None:
    """Object in the session 异议."""
    where = seats.place(section, envelope)
    _do(profile, lambda bidder: bidder.object(project, where, text), as_json=as_json)


@app.command()
def sign(
    project: ProjectId,
    section: Section,
    envelope: Envelope = 1,
    profile: ProfileFolder = DEFAULT,
    *,
    as_json: AsJson = False,
) -> None:
    """Sign the minutes 开标记录 after comparing them with the record."""
    where = seats.place(section, envelope)
    _do(profile, lambda bidder: bidder.sign_minutes(project, where), as_json=as_json)


def _do(profile: Path, act: Any, *, as_json: bool) -> None:
    async def do() -> Answer:
        async with seats.bidder(profile) as bidder:
            opened: Bidder = bidder
            answer: Answer = await act(opened)
            return answer

    answer = output.run(do())
    output.tell({"command": answer.command_id, "events": list(answer.events)}, as_json=as_json)


def _check_form(order: sealing.Order, *, anyway: bool) -> None:
    """Tell what is wrong with the form before it is sealed for good."""
    problems = [f"{one.field}: {one.problem}" for one in sealing.form_problems(order)]
    if problems and not anyway:
        raise Unusable("the form has problems; mend it, or say --anyway", "; ".join(problems))


def _check_blind(order: sealing.Order, *, wanted: bool, anyway: bool) -> None:
    """Tell what gives the bidder away in the blind part, or what of it nobody will see."""
    names = [one for one in (order.form.get("bidder"), order.form.get("leader")) if one]
    found = blind.look(order.files, [str(one) for one in names], wanted=wanted)
    for one in found:
        output.errors.print(f"blind part 暗标: {one}")
    if found and not anyway:
        raise Unusable("the blind part has problems; mend it, or say --anyway", len(found))


def _named(files: list[Path]) -> dict[str, Source]:
    """Name files in the package as they are named on the disk; folders keep their inner paths."""
    named: dict[str, Source] = {}
    for path in files:
        inner = sorted(path.rglob("*")) if path.is_dir() else [path]
        for one in inner:
            if one.is_file():
                name = one.relative_to(path.parent).as_posix() if path.is_dir() else one.name
                if name in named:
                    raise Unusable("two files have one name", name)
                named[name] = one
    return named
