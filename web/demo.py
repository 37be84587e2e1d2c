"""A demo installation: its guide with the sign-ins, and who plays a role at a browser just now.

Only where the settings name the guide's file; everywhere else these routes do not exist. It must
not do anything for a bot: bots ask who is here, and step back by themselves.
"""

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import lru_cache
from pathlib import Path
from typing import Annotated, Any, cast

from fastapi import APIRouter, Depends
from pydantic import BaseModel, ConfigDict, ValidationError
from starlette.requests import Request
from starlette.responses import Response

from record.errors import NotAllowed, NotFound
from record.events import Frozen
from web.clock import Clock
from web.deps import Perhaps, ServicesDep, Who
from web.pages import PageRoute
from web.reading import read_json
from web.rendering import page
from web.settings import Settings

router = APIRouter(tags=["demo"], include_in_schema=False)
pages = APIRouter(tags=["pages"], route_class=PageRoute, include_in_schema=False)

HERE = 75_000
"""Who said nothing for so long, ms, has gone; a page in the background speaks once a minute."""
SHOWN = 3
"""How many rounds stand in the list of projects before the rest goes under "earlier"."""


class SignIn(BaseModel):
    """Somebody of the demo, with what signs in as that person."""

    model_config = ConfigDict(frozen=True)

    account: str
    role: str
    name: str
    organisation: str
    password: str
    kit: str = ""
    """Where a custodian's kit lies on this machine; its passphrase is the password."""


class Round(BaseModel):
    """A project that the demo's bots hold."""

    model_config = ConfigDict(frozen=True)

    project: str
    place: str
    title: str = ""


class Sitting(BaseModel):
    """A section that waits for somebody to sit down on its committee."""

    model_config = ConfigDict(frozen=True)

    project: str
    section: str
    title: str = ""


class Guide(BaseModel):
    """What the demo tells its visitors.

    Args:
        rounds: all of them, the newest first.
        current: the one that goes on, if any.
        standing: takes bids for days.
        opened: is over, with minutes to read.
        evaluation: the evaluation that goes on, if any.
        evaluated: the project whose report was signed last.
    """

    model_config = ConfigDict(frozen=True)

    sign_ins: tuple[SignIn, ...] = ()
    rounds: tuple[str, ...] = ()
    current: Round | None = None
    standing: str = ""
    opened: str = ""
    evaluation: Sitting | None = None
    evaluated: str = ""

    @property
    def earlier(self) -> frozenset[str]:
        """The rounds that are no news any more."""
        return frozenset(self.rounds[SHOWN:])


class HereBody(Frozen):
    """Whether whoever sits at this browser plays the role, or lets the bot."""

    plays: bool


@dataclass(slots=True)
class Demo:
    """Who is here; forgotten when the service ends, and told again by every open page.

    Args:
        guide: the file of a demo; None elsewhere.
        clock: the service's.
    """

    guide: Path | None
    clock: Clock
    seen: dict[str, int] = field(default_factory=dict)
    """Account -> when a page last said that a person plays it, ms."""

    def told(self) -> Guide | None:
        """Return the guide as it is now; None where this is no demo."""
        if self.guide is None:
            return None
        try:
            return _read(self.guide, self.guide.stat().st_mtime_ns)
        except (OSError, ValidationError, ValueError):
            return Guide()

    def note(self, account: str, *, plays: bool) -> None:
        """Note what a page says of its visitor."""
        if plays:
            self.seen[account] = self.clock.now()
        else:
            self.seen.pop(account, None)

    def here(self) -> Mapping[str, int]:
        """Return who plays a role themselves, and when they last said so."""
        now = self.clock.now()
        return {account: at for account, at in self.seen.items() if now - at < HERE}


@lru_cache(maxsize=1)
def _read(path: Path, _: int) -> Guide:
    return Guide.model_validate(json.loads(path.read_bytes()))


def demo_of(settings: Settings, clock: Clock) -> Demo:
    """Return what an application keeps of its demo."""
    return Demo(settings.demo_guide, clock)


async def demo_here(request: Request) -> Demo:
    """Return the demo; `web.no_demo` where this is none."""
    demo = cast("Demo", request.app.state.demo)
    if demo.guide is None:
        raise NotFound("web.no_demo")
    return demo


DemoDep = Annotated[Demo, Depends(demo_here)]


@router.post("/api/demo/here")
async def say_here(
    request: Request, services: ServicesDep, demo: DemoDep, who: Who
) -> dict[str, Any]:
    """Say that a person is at a browser; answers with the round that goes on."""
    limits = services.settings.limits
    body = await read_json(request, HereBody, limits.small_body, limits.body_time)
    demo.note(who.account, plays=body.plays)
    told = demo.told()
    current = told.current if told is not None else None
    return {"plays": body.plays, "current": None if current is None else current.model_dump()}


@router.get("/api/demo/here")
async def who_is_here(demo: DemoDep, who: Who) -> dict[str, Any]:
    """Tell the bots' administrator which roles people play themselves."""
    if "administrator" not in who.roles:
        raise NotAllowed("registry.not_permitted")
    return {"accounts": dict(demo.here())}


@pages.get("/demo")
async def guide_page(request: Request, demo: DemoDep, who: Perhaps) -> Response:
    """Show what to try, in five minutes, role by role."""
    told = demo.told() or Guide()
    return page(request, "demo.html", who, guide=told)
