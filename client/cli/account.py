"""`kaibiao sign-in`, `accept`, `first`, `key`, `me`: who somebody is to a service."""

from pathlib import Path
from typing import Annotated, Any

import typer

from client import administrator, keys
from client.administrator import Organisation, Person
from client.cli import asking, output, seats
from client.cli.seats import DEFAULT, AsJson, ProfileFolder
from client.errors import Unusable
from client.profile import Profile
from client.seat import Seat

Server = Annotated[str, typer.Option(help="address of the service, such as https://bids.example")]
Account = Annotated[str, typer.Option(help="the account's name")]
SecretFile = Annotated[Path | None, typer.Option(help="a file that holds the secret")]


def sign_in(
    server: Server,
    account: Account,
    profile: ProfileFolder = DEFAULT,
    password_file: SecretFile = None,
    *,
    as_json: AsJson = False,
) -> None:
    """Sign in, and pin the keys of log, timekeeper and service at first use."""

    async def do() -> dict[str, Any]:
        async with Seat(_profile(profile, server), patience=seats.patience()) as seat:
            await seat.sign_in(account, asking.password(password_file))
            return _told(seat)

    output.tell(output.run(do()), as_json=as_json)


def accept(
    server: Server,
    account: Account,
    profile: ProfileFolder = DEFAULT,
    token_file: SecretFile = None,
    password_file: SecretFile = None,
    *,
    as_json: AsJson = False,
) -> None:
    """Choose a password on an invitation; the token is asked for, never an argument."""

    async def do() -> dict[str, Any]:
        async with Seat(_profile(profile, server)) as seat:
            token = asking.token(token_file)
            chosen = asking.password(password_file, confirm=True)
            await administrator.accept_invitation(seat, account, token, chosen)
            return _told(seat)

    output.tell(output.run(do()), as_json=as_json)


def first(
    server: Server,
    account: Account,
    name: Annotated[str, typer.Option(help="the administrator's own name")],
    organisation: Annotated[str, typer.Option(help="the organisation's name")],
    code: Annotated[str, typer.Option(help="unified social credit code 统一社会信用代码")],
    profile: ProfileFolder = DEFAULT,
    token_file: SecretFile = None,
    password_file: SecretFile = None,
    *,
    as_json: AsJson = False,
) -> None:
    """Make the first administrator, with the token the service printed at its first start."""

    async def do() -> dict[str, Any]:
        async with Seat(_profile(profile, server)) as seat:
            token = asking.token(token_file)
            chosen = asking.password(password_file, confirm=True)
            person = Person(account, name, "", ("administrator",))
            entered = Organisation(organisation, "uscc", code)
            await administrator.begin(seat, token, entered, person, chosen)
            return _told(seat)

    output.tell(output.run(do()), as_json=as_json)


def key(profile: ProfileFolder = DEFAULT, *, as_json: AsJson = False) -> None:
    """Make a signing key under a passphrase and register it; custodians use their kit instead."""

    async def do() -> dict[str, Any]:
        path = profile / seats.KEY
        async with seats.seat(profile) as seat:
            if path.exists():
                raise Unusable("there is a signing key already", path)
            made, passphrase = keys.make(), asking.passphrase(confirm=True)
            keys.save(path, made, passphrase)
            await administrator.register_key(seat, keys.load(path, passphrase))
            return {"keyid": keys.keyid(made), "file": str(path)}

    output.tell(output.run(do()), as_json=as_json)


def me(profile: ProfileFolder = DEFAULT, *, as_json: AsJson = False) -> None:
    """Tell who this profile is to the service."""

    async def do() -> dict[str, Any]:
        async with seats.seat(profile) as seat:
            return await seat.me()

    output.tell(output.run(do()), as_json=as_json)


def _profile(folder: Path, server: str) -> Profile:
    profile = Profile.load(folder)
    if profile.server and profile.server != server:
        raise Unusable("this profile belongs to another service", profile.server)
    profile.server = server
    return profile


def _told(seat: Seat) -> dict[str, Any]:
    trust = seat.watch.trust
    return {
        "account": seat.account,
        "log": trust.log,
        "timekeeper": trust.timekeeper,
        "profile": str(seat.profile.folder),
    }
