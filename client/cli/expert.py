"""`kaibiao expert`: what a member of a committee does, one command for each act.

What has many parts, the marks, is filled in in a JSON file that `sheet` begins.
"""

import json
from pathlib import Path
from typing import Annotated, Any

import typer
from rich.markup import escape
from rich.table import Table

from client import bid_files
from client.cli import output, seats
from client.cli.acting import Sure, act, ask, filled, look
from client.cli.pausing import show_pause
from client.cli.seats import DEFAULT, AsJson, ProfileFolder, ProjectId, Section
from client.errors import Unusable
from client.expert import Expert, View, rule_of
from client.seat import Answer
from evaluation.promise import TEXT
from evaluation.review import GROUNDS
from evaluation.scoring.marks import scored_items

app = typer.Typer(help="What an expert 评标专家 does.", no_args_is_help=True)

BidId = Annotated[str, typer.Argument(help="the bid's id")]
Item = Annotated[str, typer.Argument(help="the item's id")]


@app.command()
def view(
    project: ProjectId,
    section: Section,
    profile: ProfileFolder = DEFAULT,
    *,
    as_json: AsJson = False,
) -> None:
    """Show how far the evaluation is, and what is asked of this seat."""
    told = look(seats.expert(profile), lambda expert: expert.view(project, section))
    if as_json:
        output.tell(told, as_json=True)
    else:
        _show(told)


@app.command("take-seat")
def take_seat(
    project: ProjectId, section: Section, profile: ProfileFolder = DEFAULT, *, yes: Sure = False
) -> None:
    """Read the commitment 承诺书, sign it, and sit down."""
    output.errors.print(TEXT)
    ask("Do you sign this?", yes=yes)
    act(seats.expert(profile), lambda expert: expert.take_seat(project, section))


@app.command("declare-ties")
def declare_ties(
    project: ProjectId,
    section: Section,
    tie: Annotated[
        list[str] | None, typer.Option(help="employer, holding or relative's; once for each")
    ] = None,
    profile: ProfileFolder = DEFAULT,
    *,
    yes: Sure = False,
) -> None:
    """Declare whom one is tied to, before the bidders' names are shown; perhaps nobody."""
    if not tie:
        ask("Are you tied to nobody who may bid?", yes=yes)
    act(seats.expert(profile), lambda expert: expert.declare_ties(project, section, tie or ()))


@app.command("confirm-names")
def confirm_names(
    project: ProjectId, section: Section, profile: ProfileFolder = DEFAULT, *, yes: Sure = False
) -> None:
    """Read the bidders' names and confirm that none is a reason to stand aside."""

    async def confirm(expert: Expert) -> Answer:
        for name in (await expert.view(project, section)).get("bidders", ()):
            output.errors.print(escape(name))
        ask("Is none of them a reason to stand aside?", yes=yes)
        return await expert.confirm_names(project, section)

    act(seats.expert(profile), confirm)


@app.command("stand-aside")
def stand_aside(
    project: ProjectId,
    section: Section,
    reason: Annotated[str, typer.Option(help="why; on the record")],
    profile: ProfileFolder = DEFAULT,
) -> None:
    """Leave the committee 回避."""
    act(seats.expert(profile), lambda expert: expert.stand_aside(project, section, reason))


@app.command("vote-chair")
def vote_chair(
    project: ProjectId,
    section: Section,
    choice: Annotated[str, typer.Option("--for", help="the seat voted for")],
    profile: ProfileFolder = DEFAULT,
) -> None:
    """Vote for the chair 组长."""
    act(seats.expert(profile), lambda expert: expert.vote_chair(project, section, choice))


@app.command()
def review(
    project: ProjectId,
    bid: BidId,
    section: Section,
    fails: Annotated[
        list[str] | None, typer.Option(help="ITEM=REASON, once for each item it fails")
    ] = None,
    profile: ProfileFolder = DEFAULT,
    *,
    yes: Sure = False,
) -> None:
    """Say that a bid passes every item of the preliminary review but those it `--fails`."""
    failed = _pairs(fails or [])
    if not failed:
        ask("Does it pass every item?", yes=yes)
    act(seats.expert(profile), lambda expert: expert.review(project, section, bid, failed))


@app.command()
def files(
    project: ProjectId,
    bid: BidId,
    section: Section,
    profile: ProfileFolder = DEFAULT,
    *,
    as_json: AsJson = False,
) -> None:
    """List the files of an opened bid."""
    rows = look(
        seats.expert(profile),
        lambda expert: bid_files.list_files(expert.seat, project, section, bid),
    )
    if as_json:
        output.tell({"items": rows}, as_json=True)
        return
    table = Table("n", "file", "kind", "bytes", "sha256")
    for one in rows:
        told = (one["n"], escape(one["path"]), one["kind"], one["size"], one["sha256"][:16])
        table.add_row(*map(str, told))
    output.console.print(table)


@app.command()
def read(
    project: ProjectId,
    bid: BidId,
    number: Annotated[int, typer.Argument(help="of the file, from `files`", min=0)],
    section: Section,
    out: Annotated[Path, typer.Option(help="where it is written; it must not be there yet")],
    profile: ProfileFolder = DEFAULT,
) -> None:
    """Fetch one file of an opened bid to this machine; keep it from others, and delete it."""
    found = look(
        seats.expert(profile),
        lambda expert: bid_files.fetch_file(expert.seat, (project, section, bid), number, out),
    )
    output.tell(found, as_json=True)


@app.command("blind-files")
def blind_files(
    project: ProjectId,
    section: Section,
    profile: ProfileFolder = DEFAULT,
    *,
    as_json: AsJson = False,
) -> None:
    """List the blind parts 暗标 of a section by their aliases, with their files."""

    async def do() -> list[bid_files.Row]:
        async with seats.expert(profile) as expert:
            return await bid_files.list_blind(expert.seat, project, section)

    rows = output.run(do())
    if as_json:
        output.tell({"items": rows}, as_json=True)
        return
    table = Table("alias", "n", "file", "kind", "bytes")
    for row in rows:
        for one in row["files"]:
            table.add_row(row["alias"], str(one["n"]), one["name"], one["kind"], str(one["size"]))
    output.console.print(table)


@app.command("blind-read")
def blind_read(
    project: ProjectId,
    alias: Annotated[str, typer.Argument(help="from `blind-files`")],
    number: Annotated[int, typer.Argument(help="of the file, from `blind-files`", min=0)],
    section: Section,
    out: Annotated[Path, typer.Option(help="where it is written; it must not be there yet")],
    profile: ProfileFolder = DEFAULT,
) -> None:
    """Fetch one file of a blind part 暗标 to this machine; keep it from others, and delete it."""

    async def do() -> None:
        async with seats.expert(profile) as expert:
            await bid_files.fetch_blind(expert.seat, (project, section, alias), number, out)

    output.run(do())


@app.command("open-vote")
def open_vote(
    project: ProjectId, bid: BidId, item: Item, section: Section, profile: ProfileFolder = DEFAULT
) -> None:
    """Chair: have the committee vote on an item that its members do not agree on."""
    act(seats.expert(profile), lambda expert: expert.open_vote(project, section, bid, item))


@app.command()
def vote(
    project: ProjectId,
    bid: BidId,
    item: Item,
    section: Section,
    profile: ProfileFolder = DEFAULT,
    *,
    passes: Annotated[bool, typer.Option("--passes/--fails", help="how you vote")],
) -> None:
    """Vote on an item of a bid."""
    act(
        seats.expert(profile),
        lambda expert: expert.cast_vote(project, section, (bid, item), passes=passes),
    )


@app.command("close-review")
def close_review(
    project: ProjectId,
    section: Section,
    reject: Annotated[
        list[str] | None, typer.Option(help=f"BID=GROUND, one of {', '.join(GROUNDS)}")
    ] = None,
    profile: ProfileFolder = DEFAULT,
) -> None:
    """Chair: close the review; every bid that failed is rejected 否决 on a ground."""
    told = _pairs(reject or [])
    grounds = {bid: ground for bid, said in told.items() for ground in GROUNDS if ground == said}
    if len(grounds) < len(told):
        raise typer.BadParameter("a ground is one of " + ", ".join(GROUNDS))
    act(seats.expert(profile), lambda expert: expert.close_review(project, section, grounds))


@app.command()
def sheet(project: ProjectId, section: Section, profile: ProfileFolder = DEFAULT) -> None:
    """Print an empty score sheet to fill in, and beside it what may be given for each item."""

    async def empty(expert: Expert) -> dict[str, Any]:
        told = await expert.view(project, section)
        if "valid" not in told:
            raise Unusable("the preliminary review is not closed yet")
        items = [item for _, item in scored_items(rule_of(told))]
        blind = [one.item for one in items if one.blind]
        if blind and "blind" not in told:
            raise Unusable("the aliases of the blind parts are not drawn yet")
        for one in items:
            marks = f"{one.lowest} to {one.highest} in steps of {one.step}"
            output.errors.print(f"{one.item}: {marks}  {escape(one.title)}")
        empty = {bid: {one.item: "" for one in items if not one.blind} for bid in told["valid"]}
        aliases = told["blind"]["aliases"] if blind else ()
        return empty | {alias: dict.fromkeys(blind, "") for alias in aliases}

    rows = look(seats.expert(profile), empty)
    typer.echo(json.dumps(rows, ensure_ascii=False, indent=2))


@app.command()
def marks(
    project: ProjectId,
    file: Annotated[Path, typer.Argument(help="the sheet, filled in: bid, item, mark as a text")],
    section: Section,
    profile: ProfileFolder = DEFAULT,
    *,
    yes: Sure = False,
) -> None:
    """Sign and submit all marks; they cannot be changed any more."""
    told = filled(file)
    ask("Submit all marks, for good?", yes=yes)
    act(seats.expert(profile), lambda expert: expert.submit_marks(project, section, told))


@app.command("sign-report")
def sign_report(
    project: ProjectId,
    section: Section,
    dissent: Annotated[
        str | None, typer.Option(help="sign with a dissent 不同意见; its reasons")
    ] = None,
    profile: ProfileFolder = DEFAULT,
) -> None:
    """Fetch the report 评标报告, compare it with the record, and sign it."""
    act(seats.expert(profile), lambda expert: expert.sign_report(project, section, dissent))


@app.command("finish-report")
def finish_report(project: ProjectId, section: Section, profile: ProfileFolder = DEFAULT) -> None:
    """Chair: finish the report; who neither signed nor gave reasons is deemed to agree."""
    act(seats.expert(profile), lambda expert: expert.finish_report(project, section))


def _pairs(told: list[str]) -> dict[str, str]:
    """Read NAME=VALUE texts."""
    pairs = [one.partition("=") for one in told]
    if not all(name and value for name, _, value in pairs):
        raise typer.BadParameter("give a name and a value with = between them")
    return {name: value for name, _, value in pairs}


def _show(told: View) -> None:
    """Print a view as tables."""
    own, chair = told.get("seat"), told.get("chair")
    output.console.print(f"[bold]{told['section']}[/]: {told['step']}")
    show_pause(told)
    members = Table("seat", "name", "capacity", "place", "standing", "reviewed", "marks")
    progress = told["progress"]
    for one in told["members"]:
        seat = one["seat"]
        marks = [seat] + ["you"] * (seat == own) + ["chair"] * (seat == chair)
        members.add_row(
            " ".join(marks),
            escape(one["name"]),
            one["capacity"],
            escape(one["place"]),
            one["standing"],
            str(progress["reviewed"].get(seat, 0)),
            "in" if seat in progress["marked"] else "",
        )
    output.console.print(members)
    _show_bids(told)
    for one in told.get("to_vote", ()):
        output.console.print(f"not agreed: {one['bid']} {one['item']}")
    for one in told.get("votes", ()):
        output.console.print(f"vote: {one['bid']} {one['item']} ({len(one['voted'])} voted)")
    for one in told.get("clarifications", ()):
        _show_clarification(one)
    for one in told.get("corrections", ()):
        head = f"correction {one['correction']} {one['bid']}: {one['status']}"
        output.console.print(f"{head} {one['ground']} {one['read_out']} -> {one['price']}")
    if "report" in told:
        output.console.print(f"report: {told['report']['signed']}")


def _show_clarification(one: View) -> None:
    head = f"question {one['clarification']} {one['bid']}: {one['status']}"
    returned = one.get("returned")
    lines = (head, one["question"], returned and f"given back: {returned}", one.get("answer"))
    for line in filter(None, lines):
        output.console.print(line, markup=False, soft_wrap=True)


def _show_bids(told: View) -> None:
    if "bids" not in told:
        for name in told.get("bidders", ()):
            output.console.print(escape(name))
        return
    reviewed = told.get("own", {}).get("reviewed", ())
    bids = Table("bid", "name", "reviewed by you", "state")
    for one in told["bids"]:
        bid = one["bid"]
        failed = "failed" if bid in told["failed"] else ""
        state = "valid" if bid in told.get("valid", ()) else failed
        bids.add_row(bid, escape(one["name"]), "yes" if bid in reviewed else "", state)
    output.console.print(bids)
