"""The two projects every demo has: one that takes bids for a week, one that was opened.

It must not begin either again while it is there: ids are chosen before, and kept.
"""

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import replace

from client import clock
from client.demo.bids import Bids
from client.demo.guide import Guide
from client.demo.home import Home
from client.demo.humans import NOBODY, Humans
from client.demo.play import OPENED, OVER, PLACE, Play
from client.demo.script import STANDING, WAS_OPENED, Script
from client.demo.session import Holding
from client.errors import ClientError, Declined
from client.rehearsal.cast import Cast

Tell = Callable[[str], None]
_AGAIN = 20.0


class Projects:
    """Sees to both projects.

    Args:
        home: keeps their ids.
        cast: everybody, signed in.
        address: of the service, as browsers have it.
        tell: says something to whoever watches the terminal.
    """

    def __init__(
        self,
        home: Home,
        cast: Cast,
        address: str,
        tell: Tell,
        *,
        guide: Guide,
        humans: Humans,
    ) -> None:
        self._home = home
        self._guide = guide
        self._humans = humans
        self._cast = cast
        self._address = address
        self._tell = tell

    async def standing(self) -> None:
        """See that one project takes bids; when it is opened, begin another; until cancelled."""
        while True:
            play = self._play("standing", STANDING, self._humans)
            if await done(self._take_bids(play), play, self._tell):
                self._home.another("standing")

    async def opened(self) -> None:
        """See that one project was opened, with its minutes."""
        told = WAS_OPENED
        while True:
            play = self._play("opened", told, NOBODY)
            if not await done(open_up(play, self._tell), play, self._tell):
                continue
            hall = f"{self._address}/projects/{play.project}/hall/{PLACE[0]}-{PLACE[1]}"
            self._tell(f"Opened, with its minutes: {hall}")
            if await play.phase() == OPENED:
                await asyncio.to_thread(self._guide.tell, opened=play.project)
                return
            self._home.another("opened")
            told = replace(told, lead=2 * told.lead)

    def _play(self, purpose: str, told: Script, humans: Humans) -> Play:
        project = self._home.project(purpose)
        return Play(self._cast, told, project, self._home.data / "bids" / project, humans)

    async def _take_bids(self, play: Play) -> None:
        await play.prepare()
        await play.ask()
        self._tell(f"Open for bids: {self._address}/projects/{play.project}")
        await asyncio.to_thread(self._guide.tell, standing=play.project)
        await asyncio.sleep(max(0, await play.deadline() - clock.now()) / 1000)
        await Holding(play, self._tell).hold()


async def open_up(play: Play, tell: Tell) -> None:
    """Bring a project from nothing, or from wherever it stands, to the end of its session."""
    if await play.phase() in OVER:
        return
    await play.prepare()
    await play.ask()
    await Bids(play).tend()
    await Holding(play, tell).hold()


async def done(doing: Awaitable[None], play: Play, tell: Tell) -> bool:
    """Do something about a project; what goes wrong is told, and to be tried again.

    One whose deadline passed before it was ready is given up, and is done as well.
    """
    try:
        await doing
    except Declined as declined:
        if not declined.code.startswith("project."):
            tell(f"{play.script.title}: {declined}")
            await asyncio.sleep(_AGAIN)
            return False
        await play.give_up("准备中断,截止时间已过")
    except ClientError as error:
        tell(f"{play.script.title}: {error}")
        await asyncio.sleep(_AGAIN)
        return False
    return True
