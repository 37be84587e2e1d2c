"""`kaibiao timekeeper`: set one up, serve, look, erase."""

import asyncio
import signal
from pathlib import Path
from typing import Annotated

import typer

from client import keys, timekeeper_home
from client.cli import asking, output
from client.demo.home import KeeperPlace, keeper_place
from client.demo.people import TIMEKEEPER
from client.errors import Unusable
from client.profile import Profile
from client.seat import Seat
from client.timekeeper import Done, Timekeeper

app = typer.Typer(help="The timekeeper: witness of the log, last to release.", no_args_is_help=True)

Home = Annotated[Path, typer.Option("--home", help="the timekeeper's folder")]
Second = Annotated[
    Path, typer.Option("--second", help="where the second copy of the share keys is kept")
]
SecretFile = Annotated[Path | None, typer.Option(help="a file that holds the passphrase")]


@app.command()
def init(
    home: Home,
    second: Second,
    name: Annotated[str, typer.Option(help="of the witness key, such as time.example.cn")],
    server: Annotated[str, typer.Option(help="address of the service")],
    account: Annotated[str, typer.Option(help="the timekeeper's account there")],
    passphrase_file: SecretFile = None,
) -> None:
    """Make the keys of a timekeeper and print what the service must be told."""

    async def do() -> None:
        secret = asking.passphrase(passphrase_file, confirm=True)
        made = timekeeper_home.open_home(home, second, secret, name)
        profile = Profile.load(home)
        profile.server, profile.account = server, account
        profile.save()
        output.tell({"KAIBIAO_WITNESS_VKEY": made.witness_vkey}, as_json=False)

    output.run(do())


@app.command()
def enrol(
    home: Annotated[Path | None, typer.Option("--home", help="the timekeeper's folder")] = None,
    second: Annotated[
        Path | None, typer.Option("--second", help="where the second copy is kept")
    ] = None,
    folder: Annotated[
        Path | None,
        typer.Option(help="of what runs by `up --empty`, in the place of --home and --second"),
    ] = None,
    token_file: Annotated[Path | None, typer.Option(help="a file with the invitation")] = None,
    passphrase_file: SecretFile = None,
    password_file: Annotated[
        Path | None, typer.Option(help="a file that holds the password to choose")
    ] = None,
) -> None:
    """Accept the invitation of a timekeeper: choose its password, register its signing key."""

    async def do() -> None:
        place = _place(folder, home, second, passphrase_file)
        invitation = asking.token(token_file)
        password = place.password or asking.password(password_file, confirm=True)
        opened = timekeeper_home.open_home(place.home, place.second, place.passphrase)
        profile = Profile.load(place.home)
        account = await timekeeper_home.enrol(opened, profile, invitation, password)
        output.tell({"account": account, "keyid": keys.keyid(opened.key)}, as_json=False)

    output.run(do())


@app.command()
def serve(
    home: Home,
    second: Second,
    host: Annotated[str, typer.Option(help="to listen on")] = "127.0.0.1",
    port: Annotated[int, typer.Option(help="to listen on")] = 8010,
    pace: Annotated[float, typer.Option(help="seconds between two looks")] = 1.0,
    passphrase_file: SecretFile = None,
    password_file: Annotated[
        Path | None, typer.Option(help="a file that holds the account's password")
    ] = None,
) -> None:
    """Cosign the log's tree heads and follow the projects this timekeeper is bound to."""

    async def do() -> None:
        opened = timekeeper_home.open_home(home, second, asking.passphrase(passphrase_file))
        task = asyncio.current_task()
        if task is not None:
            asyncio.get_running_loop().add_signal_handler(signal.SIGTERM, task.cancel)
        await timekeeper_home.run(
            opened,
            Profile.load(home),
            host,
            port,
            _told,
            password=asking.password(password_file),
            pace=pace,
        )

    try:
        output.run(do())
    except (asyncio.CancelledError, KeyboardInterrupt):
        raise typer.Exit(0) from None


@app.command()
def status(home: Home, second: Second, passphrase_file: SecretFile = None) -> None:
    """Tell which share keys are kept, after reading every one from both places."""
    opened = timekeeper_home.open_home(home, second, asking.passphrase(passphrase_file))
    output.tell(
        {"witness": opened.witness_vkey, "share keys": list(opened.shares.known())},
        as_json=False,
    )


@app.command()
def erase(
    home: Home,
    second: Second,
    project: Annotated[str, typer.Option()],
    sid: Annotated[str, typer.Option(help="the ceremony whose share key is to be erased")],
    *,
    yes: Annotated[bool, typer.Option("--yes", help="do not ask again")] = False,
    passphrase_file: SecretFile = None,
) -> None:
    """Erase a share key in both places and record it; nothing under it can be opened after."""
    if not yes:
        typer.confirm("What was sealed under this key and not opened is lost. Erase?", abort=True)

    async def do() -> None:
        opened = timekeeper_home.open_home(home, second, asking.passphrase(passphrase_file))
        async with Seat(Profile.load(home)) as seat:
            timekeeper = Timekeeper(seat, opened.key, opened.shares, opened.witness_vkey)
            await timekeeper.erase(project, sid)

    output.run(do())


def _told(done: Done) -> None:
    problem = f" [red]{done.problem}[/]" if done.problem else ""
    output.console.print(f"{done.what} {done.project[:8]} {done.about[:16]}{problem}")


def _place(
    folder: Path | None, home: Path | None, second: Path | None, passphrase_file: Path | None
) -> KeeperPlace:
    """Return where a timekeeper lives, by the folder of `up --empty` or by its own two."""
    if folder is not None:
        return keeper_place(folder, TIMEKEEPER)
    if home is None or second is None:
        raise Unusable("name --folder, or both --home and --second; missing is", "--second")
    return KeeperPlace(home, second, asking.passphrase(passphrase_file), "")
