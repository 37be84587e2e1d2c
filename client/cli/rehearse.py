"""`kaibiao rehearse`: a whole project with bots against a service of its own."""

import asyncio
from pathlib import Path
from typing import Annotated

import typer

from client.cli import output
from client.errors import ClientError
from client.rehearsal.plan import Plan, parse_size, parse_threshold
from client.rehearsal.run import rehearse as play


def rehearse(
    bidders: Annotated[int, typer.Option(help="all bidders, special ones included")] = 3,
    size: Annotated[str, typer.Option(help="of each bid, such as 20MB")] = "20MB",
    custodians: Annotated[str, typer.Option(help="how many of how many, such as 3/5")] = "2/3",
    late: Annotated[int, typer.Option(help="submit after the deadline")] = 0,
    withdraw: Annotated[int, typer.Option(help="withdraw their bid")] = 0,
    broken: Annotated[int, typer.Option(help="seal what does not open")] = 0,
    replace: Annotated[int, typer.Option(help="replace their bid once")] = 1,
    silent: Annotated[int, typer.Option(help="keep their own secret (with --co-open)")] = 0,
    incomplete: Annotated[int, typer.Option(help="leave the second envelope out")] = 0,
    experts: Annotated[
        int, typer.Option(help="members of a committee that evaluates the bids: odd, 5 or more")
    ] = 0,
    dissent: Annotated[int, typer.Option(help="experts that dissent from the report")] = 0,
    stand_aside: Annotated[int, typer.Option(help="experts that leave and are replaced")] = 1,
    clarifications: Annotated[int, typer.Option(help="questions the experts ask bidders")] = 0,
    corrections: Annotated[int, typer.Option(help="prices the experts correct")] = 1,
    out: Annotated[Path, typer.Option(help="folder for record and report.json")] = Path("out"),
    *,
    two_envelopes: Annotated[bool, typer.Option("--two-envelopes")] = False,
    co_open: Annotated[bool, typer.Option("--co-open")] = False,
    blind: Annotated[bool, typer.Option("--blind", help="bids have a blind part 暗标")] = False,
    reevaluate: Annotated[
        bool, typer.Option("--reevaluate", help="the experts mark again after an objection 复评")
    ] = False,
    kill: Annotated[bool, typer.Option("--kill", help="crash the processes on the way")] = False,
    erase: Annotated[bool, typer.Option(help="erase the share keys at the end")] = True,
    verify: Annotated[bool, typer.Option(help="run the verifier on the export")] = True,
) -> None:
    """Play one whole project over the public interface; ends with 1 if anything is wrong."""
    try:
        k, n = parse_threshold(custodians)
        plan = Plan(
            bidders=bidders,
            size=parse_size(size),
            n=n,
            k=k,
            late=late,
            withdraw=withdraw,
            broken=broken,
            replace=replace,
            silent=silent,
            incomplete=incomplete,
            experts=experts,
            dissent=dissent,
            stand_aside=stand_aside,
            clarifications=clarifications,
            corrections=corrections if experts else 0,
            two_envelopes=two_envelopes,
            co_open=co_open,
            blind=blind,
            reevaluate=reevaluate,
            kill=kill,
            erase=erase,
            verify=verify,
            out=out,
        )
        plan.check()
    except ClientError as error:
        raise typer.BadParameter(str(error)) from error
    report = asyncio.run(play(plan, output.console))
    if report.problems:
        output.console.print(f"[red]{len(report.problems)} problems; see {out / 'report.json'}[/]")
        raise typer.Exit(1)
    output.console.print(f"[green]all as it must be[/]; the record is in {out / 'record'}")
