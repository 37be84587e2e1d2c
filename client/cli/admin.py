"""`kaibiao admin`: organisations, accounts, invitations, roles."""

from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import Annotated, Any

import typer

from client import administrator
from client.administrator import Organisation, Person
from client.cli import output, seats
from client.cli.seats import DEFAULT, AsJson, ProfileFolder
from client.seat import Seat

app = typer.Typer(help="What an administrator does.", no_args_is_help=True)

Account = Annotated[str, typer.Argument(help="the account's name")]
Reason = Annotated[str, typer.Option(help="why; on the record")]


@app.command()
def organisation(
    name: Annotated[str, typer.Argument(help="as registered")],
    code: Annotated[str, typer.Option(help="its number in the register")],
    kind: Annotated[str, typer.Option(help="uscc 统一社会信用代码, or other")] = "uscc",
    profile: ProfileFolder = DEFAULT,
    *,
    as_json: AsJson = False,
) -> None:
    """Enter an organisation; prints its id."""

    async def act(seat: Seat) -> dict[str, Any]:
        entered = await administrator.enter_organisation(seat, Organisation(name, kind, code))
        return {"organisation": entered}

    output.tell(_run(profile, act), as_json=as_json)


@app.command()
def account(
    account: Account,
    name: Annotated[str, typer.Option(help="the person's name")],
    organisation: Annotated[str, typer.Option(help="the organisation's id")],
    role: Annotated[list[str], typer.Option(help="once for each role")],
    profile: ProfileFolder = DEFAULT,
    *,
    as_json: AsJson = False,
) -> None:
    """Open an account and invite its person; the token goes to nobody else."""

    async def act(seat: Seat) -> dict[str, Any]:
        person = Person(account, name, organisation, tuple(role))
        return {"account": account, "token": await administrator.open_account(seat, person)}

    output.tell(_run(profile, act), as_json=as_json)


@app.command()
def invite(account: Account, profile: ProfileFolder = DEFAULT, *, as_json: AsJson = False) -> None:
    """Invite somebody again, who lost the password or the invitation."""

    async def act(seat: Seat) -> dict[str, Any]:
        return {"account": account, "token": await administrator.invite(seat, account)}

    output.tell(_run(profile, act), as_json=as_json)


@app.command()
def disable(
    account: Account, reason: Reason, profile: ProfileFolder = DEFAULT, *, as_json: AsJson = False
) -> None:
    """End the use of an account."""

    async def act(seat: Seat) -> dict[str, Any]:
        done = await administrator.disable(seat, account, reason)
        return {"events": list(done.events)}

    output.tell(_run(profile, act), as_json=as_json)


@app.command()
def roles(
    account: Account,
    reason: Reason,
    role: Annotated[list[str], typer.Option(help="once for each role it is to have")],
    profile: ProfileFolder = DEFAULT,
    *,
    as_json: AsJson = False,
) -> None:
    """Say what an account may be used for."""

    async def act(seat: Seat) -> dict[str, Any]:
        done = await administrator.change_roles(seat, account, role, reason)
        return {"events": list(done.events)}

    output.tell(_run(profile, act), as_json=as_json)


@app.command("list")
def list_(
    what: Annotated[str, typer.Argument(help="accounts or organisations")] = "accounts",
    profile: ProfileFolder = DEFAULT,
) -> None:
    """List accounts or organisations, as JSON."""

    async def act(seat: Seat) -> dict[str, Any]:
        find = administrator.accounts if what == "accounts" else administrator.organisations
        return {what: await find(seat)}

    output.tell(_run(profile, act), as_json=True)


def _run(profile: Path, act: Callable[[Seat], Awaitable[dict[str, Any]]]) -> dict[str, Any]:
    async def do() -> dict[str, Any]:
        async with seats.seat(profile) as seat:
            return await act(seat)

    return output.run(do())
