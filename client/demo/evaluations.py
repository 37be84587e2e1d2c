"""One project in evaluation for whoever sits down, and the next one when its report is signed.

It must not stand in the way of the hall, which comes first; and it does not begin anew what is
there: the project's id is chosen before, and kept.
"""

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass

from client.demo.bench import Bench
from client.demo.committee import Committee, member
from client.demo.guide import Guide
from client.demo.home import Home
from client.demo.humans import NOBODY, Humans
from client.demo.judged import evaluation_script
from client.demo.play import OPENED, Play
from client.demo.projects import done, open_up
from client.demo.script import SECTION
from client.errors import ClientError, Declined, Unusable
from client.expert import Expert
from client.rehearsal.cast import Cast

_PURPOSE = "evaluation"
_SEATS = 5
_AGAIN = 20.0
_NONE = "web.no_evaluation"


@dataclass(slots=True)
class Evaluations:
    """Sees to the demo's evaluations.

    Args:
        home: keeps the project's id, and how many there were.
        cast: everybody else, signed in.
        settle: signs the experts in.
        begun: set once the hall has its first round.
        address: of the service, as browsers have it.
        tell: says something to whoever watches the terminal.
        pace: how many times faster than usual.
    """

    home: Home
    cast: Cast
    settle: Callable[[], Awaitable[Sequence[Expert]]]
    begun: asyncio.Event
    address: str
    tell: Callable[[str], None]
    pace: float
    guide: Guide
    humans: Humans
    longer: int = 1
    """By what the time until the deadline is multiplied, on a machine that is too slow for it."""

    async def run(self) -> None:
        """See that there is one, until cancelled."""
        experts = await self.settle()
        await self.begun.wait()
        while True:
            play = self._play()
            if not await done(open_up(play, self.tell), play, self.tell):
                continue
            if await play.phase() != OPENED:
                self.longer *= 2
                self.home.another(_PURPOSE)
                continue
            try:
                await self._evaluate(Bench(play, experts))
            except Unusable as error:
                self.tell(f"{play.script.title}: {error}")
                self.home.another(_PURPOSE)
            except ClientError as error:
                self.tell(f"{play.script.title}: {error}")
                await asyncio.sleep(_AGAIN)
            else:
                await asyncio.to_thread(self.guide.tell, evaluation=None, evaluated=play.project)
                self.home.evaluation_over(_PURPOSE)

    def _play(self) -> Play:
        project = self.home.project(_PURPOSE)
        script = evaluation_script(self.home.kept.evaluations, self.longer)
        return Play(self.cast, script, project, self.home.data / "bids" / project, NOBODY)

    async def _evaluate(self, bench: Bench) -> None:
        play = bench.play
        await self._convene(bench)
        told = {"project": play.project, "section": SECTION, "title": play.script.title}
        await asyncio.to_thread(self.guide.tell, evaluation=told)
        desk = f"{self.address}/projects/{play.project}/desk/{SECTION}"
        self.tell(f"Waits for its committee: {desk}")
        play.humans = self.humans
        await Committee(bench, self.tell, self.pace).hold()

    async def _convene(self, bench: Bench) -> None:
        """Name the committee, unless it was."""
        clerk, project = self.cast.clerk, bench.play.project
        try:
            await bench.view()
        except Declined as declined:
            if declined.code != _NONE:
                raise
        else:
            return
        bound = {one["account"] for one in (await bench.play.view())["participants"]}
        members = [
            member(str(number), one.seat.account)
            for number, one in enumerate(bench.experts[:_SEATS], start=1)
        ]
        for one in members:
            if one.account not in bound:
                await clerk.bind(project, one.account, "expert")
        await clerk.convene(project, SECTION, members)
