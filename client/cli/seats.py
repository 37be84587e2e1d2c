"""Which profile a command uses, and the seat it opens; it must not do what commands do."""

import os
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from functools import cache
from pathlib import Path
from typing import Annotated

import typer

from client import keys
from client.bidder import Bidder
from client.clerk import Clerk
from client.cli import asking
from client.errors import Unusable
from client.expert import Expert
from client.http import PATIENCE
from client.keys import KeySource
from client.profile import Profile
from client.seat import Seat
from client.supervisor import Supervisor
from crypto.signatures import PrivateKey
from opening.state import Place

KEY = "signing.key"
ProfileFolder = Annotated[
    Path,
    typer.Option("--profile", envvar="KAIBIAO_PROFILE", help="the folder of this profile"),
]
DEFAULT = Path.home() / ".kaibiao"
ProjectId = Annotated[str, typer.Argument(help="the project's id, 32 hex characters")]
Section = Annotated[str, typer.Option(help="the section 标段")]
Envelope = Annotated[int, typer.Option(min=1, max=2, help="the envelope, 1 or 2")]
AsJson = Annotated[bool, typer.Option("--json", help="print one JSON object")]


def place(section: str, envelope: int) -> Place:
    """Return a place."""
    return section, 2 if envelope == 2 else 1


def patience() -> float:
    """Return for how long the service is tried, seconds: KAIBIAO_PATIENCE, or the usual."""
    told = os.environ.get("KAIBIAO_PATIENCE", "")
    try:
        return float(told) if told else PATIENCE
    except ValueError as error:
        raise Unusable("KAIBIAO_PATIENCE is no number of seconds", told) from error


@asynccontextmanager
async def seat(folder: Path) -> AsyncIterator[Seat]:
    """Open the seat of a profile.

    Raises:
        Unusable: nobody signed in with it.
    """
    profile = Profile.load(folder)
    if not profile.server or not profile.token:
        raise Unusable("sign in first; there is no session in", folder)
    async with Seat(profile, patience=patience()) as opened:
        yield opened


def signing_key(folder: Path) -> KeySource:
    """Return what opens the signing key of a profile, asking for its passphrase once."""

    @cache
    def opened() -> PrivateKey:
        return keys.load(folder / KEY, asking.passphrase())

    return opened


@asynccontextmanager
async def bidder(folder: Path) -> AsyncIterator[Bidder]:
    """Open a bidder's seat with its key."""
    async with seat(folder) as opened:
        organisation = str((await opened.me())["organisation"]["organisation"])
        if opened.profile.more.get("organisation") != organisation:
            opened.profile.more["organisation"] = organisation
            opened.profile.save()
        yield Bidder(opened, signing_key(folder), organisation)


@asynccontextmanager
async def clerk(folder: Path) -> AsyncIterator[Clerk]:
    """Open a clerk's seat with its key."""
    async with seat(folder) as opened:
        yield Clerk(opened, signing_key(folder))


@asynccontextmanager
async def supervisor(folder: Path) -> AsyncIterator[Supervisor]:
    """Open a supervisor's seat with its key."""
    async with seat(folder) as opened:
        yield Supervisor(opened, signing_key(folder))


@asynccontextmanager
async def expert(folder: Path) -> AsyncIterator[Expert]:
    """Open an expert's seat with its key."""
    async with seat(folder) as opened:
        yield Expert(opened, signing_key(folder))
