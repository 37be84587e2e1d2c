"""Round after round of a real opening, as long as somebody has a page of the demo open.

It must not play what a person plays: it gives them time, and asks how many watch.
"""

import asyncio
import shutil
from collections.abc import Callable
from pathlib import Path

from client.demo.bids import Bids
from client.demo.guide import Guide
from client.demo.home import Home
from client.demo.humans import Humans
from client.demo.play import OPENED, PLACE, Play
from client.demo.script import SECOND, round_script
from client.demo.session import Holding
from client.errors import ClientError, Declined
from client.rehearsal.cast import Cast

Tell = Callable[[str], None]
_FIRST_LEAD = 45 * SECOND
_LEAD = 75 * SECOND
_SHORTEST_LEAD = 20 * SECOND
"""Key, notice and bids take this machine about so long; a slower one finds out and doubles it."""
_LONGEST_LEAD = 600 * SECOND
_PERSONS_LEAD = 240 * SECOND
"""With a person who may bid: somebody reads, chooses files, fills in a form."""
_BETWEEN = 15.0
_LOOK = 4.0
_AGAIN = 20.0


class Hall:
    """Holds the demo's rounds.

    Args:
        home: remembers how far they got.
        cast: everybody, signed in.
        address: of the service, as browsers have it.
        tell: says something to whoever watches the terminal.
        pace: how many times faster than usual.
    """

    def __init__(
        self,
        home: Home,
        cast: Cast,
        address: str,
        tell: Tell,
        pace: float,
        *,
        guide: Guide,
        humans: Humans,
    ) -> None:
        self._home = home
        self._cast = cast
        self._guide = guide
        self._humans = humans
        self._address = address
        self._tell = tell
        self._pace = pace
        self._lead = self._faster(_FIRST_LEAD)
        self.begun = asyncio.Event()
        """Set once a round has its notice: from then on others may take the machine's time."""

    async def run(self) -> None:
        """Hold a first round at once, and others while somebody looks, until cancelled."""
        while True:
            try:
                was_held = await self._round()
            except ClientError as error:
                self._tell(f"A round was interrupted: {error}")
                await asyncio.sleep(_AGAIN)
                continue
            if was_held:
                await asyncio.sleep(_BETWEEN / self._pace)
                await self._somebody_looks()

    async def _round(self) -> bool:
        """Hold a round, or what an interruption left of one; tell whether there was an opening."""
        number, project = self._home.next_round()
        folder: Path = self._home.data / "bids" / project
        script = round_script(number, await self._this_lead(), self._pace)
        play = Play(self._cast, script, project, folder, self._humans)
        if not await self._prepared(play):
            return False
        place = f"{PLACE[0]}-{PLACE[1]}"
        self._tell(f"{script.title}: {self._address}/projects/{project}/hall/{place}")
        current = {"project": project, "place": place, "title": script.title}
        await asyncio.to_thread(self._guide.tell, current=current)
        self.begun.set()
        await Bids(play).tend()
        await Holding(play, self._tell).hold()
        self._home.round_over()
        await asyncio.to_thread(shutil.rmtree, folder, ignore_errors=True)
        was_held = await play.phase() == OPENED
        if was_held:
            self._lead = max(self._lead, self._faster(_LEAD))
        else:
            self._longer()
        return was_held

    async def _this_lead(self) -> int:
        """Return the time until the deadline: people need more of it."""
        bidders = [one.seat.account for one in self._cast.bidders]
        custodians = [one.seat.account for one in self._cast.custodians]
        if await self._humans.among([*bidders, *custodians]):
            return max(self._lead, self._faster(_PERSONS_LEAD))
        return self._lead

    def _faster(self, lead: int) -> int:
        return max(_SHORTEST_LEAD, int(lead / self._pace))

    def _longer(self) -> None:
        self._lead = min(2 * self._lead, _LONGEST_LEAD)

    async def _prepared(self, play: Play) -> bool:
        """Bring a round to its notice; one whose deadline passed meanwhile is given up."""
        try:
            await play.prepare()
        except Declined as declined:
            if not declined.code.startswith("project."):
                raise
            self._longer()
            await play.give_up("准备中断,截止时间已过")
            self._home.round_over()
            return False
        return True

    async def _somebody_looks(self) -> None:
        while True:
            if await self._humans.here() or await self._watchers():
                return
            await asyncio.sleep(_LOOK)

    async def _watchers(self) -> int:
        """Return how many pages of the demo are open."""
        service, total = self._cast.administrator.service, 0
        for project in {*self._home.kept.recent, *self._home.kept.projects.values()}:
            try:
                told = await service.get(f"/api/rooms/{project}/watchers")
            except ClientError:
                continue
            total += int(told["watchers"])
        return total
