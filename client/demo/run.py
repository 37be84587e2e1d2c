"""A demo from its start to Ctrl-C: processes, people, projects, rounds.

It must not leave a process of its own behind, however it ends.
"""

import asyncio
from collections.abc import Awaitable, Callable, Coroutine
from contextlib import AsyncExitStack
from typing import Any

from rich.console import Console
from rich.table import Table

from client import timekeeper_home
from client.demo.company import Company
from client.demo.evaluations import Evaluations
from client.demo.guide import Guide
from client.demo.hall import Hall
from client.demo.home import Home
from client.demo.humans import Humans
from client.demo.keeper import Keeper, check_port
from client.demo.people import SHOWN, TIMEKEEPER, Settling
from client.demo.play import wait_for_timekeeper
from client.demo.projects import Projects
from client.demo.steady import steadily
from client.errors import Unusable
from client.expert import Expert
from client.profile import Profile
from client.rehearsal import processes
from client.rehearsal.cast import Cast
from client.rehearsal.processes import Ports
from client.timekeeper_home import Home as TimekeeperHome

_PACE = 1.0
_NAME = "timekeeper.demo"


class Up:
    """One start of an installation on this machine.

    Args:
        home: held by this process.
        console: where people read.
        stack: ends what was started, the last first.
        pace: how many times faster than usual the rounds go.
    """

    def __init__(
        self, home: Home, console: Console, stack: AsyncExitStack, pace: float = 1.0
    ) -> None:
        self._home = home
        self._console = console
        self._stack = stack
        self._pace = pace
        self._ports = Ports(home.kept.port, processes.free_ports().witness)
        self._address = f"http://localhost:{home.kept.port}"
        self._tasks: set[asyncio.Task[None]] = set()

    def tell(self, what: str) -> None:
        """Say something; links and brackets stay as they are."""
        self._console.print(what, markup=False, highlight=False, soft_wrap=True)

    async def demo(self) -> None:
        """Run with the demo's people and bots until cancelled.

        Raises:
            ClientError: it cannot go on.
        """
        made = await self._timekeeper_home()
        guide = Guide(self._home)
        service = await self._service(made, KAIBIAO_DEMO_GUIDE=str(guide.path))
        settling = Settling(self._home, self._ports.server, self._stack)
        admin = await settling.administrator(_token(service))
        await settling.timekeeper(admin, made.key)
        await self._timekeeper()
        await wait_for_timekeeper(admin)
        cast = await settling.everybody(admin)
        self._print_sign_ins()
        await asyncio.to_thread(guide.greet, settling.there)
        humans, told = Humans(admin), (self._home, cast, self._address, self.tell)
        projects = Projects(*told, guide=guide, humans=humans)
        hall = Hall(*told, self._pace, guide=guide, humans=humans)
        self._play("The opened project", projects.opened)
        self._play("The project that takes bids", projects.standing)
        self._play("The rounds", hall.run)
        evaluations = self._evaluations(settling, cast, hall, guide=guide, humans=humans)
        self._play("The evaluation", evaluations.run)
        self._play("Projects of visitors", Company(self._home, cast, self.tell, humans).run)
        await self._until_one_fails()

    def _evaluations(
        self,
        settling: Settling,
        cast: Cast,
        hall: Hall,
        *,
        guide: Guide,
        humans: Humans,
    ) -> Evaluations:
        async def experts() -> list[Expert]:
            found = await settling.experts(cast.administrator)
            await asyncio.to_thread(guide.greet, settling.there)
            return found

        return Evaluations(
            self._home,
            cast,
            settle=experts,
            begun=hall.begun,
            address=self._address,
            tell=self.tell,
            pace=self._pace,
            guide=guide,
            humans=humans,
        )

    async def empty(self) -> None:
        """Run with nobody in it but those its administrator enters, until cancelled.

        Raises:
            ClientError: it cannot go on.
        """
        service = await self._service(await self._timekeeper_home())
        await self._timekeeper()
        self.tell(f"\nKaibiao 开标 is at {self._address}")
        self.tell(
            f"For the timekeeper open an account named {TIMEKEEPER}, and give its invitation to\n"
            f"  .venv/bin/python -m client timekeeper enrol --folder {self._home.file.parent}\n"
            "Ctrl-C ends everything.\n"
        )
        await service.settle(lambda: self._print_link(service))
        await self._until_one_fails()

    async def close(self) -> None:
        """Stop the bots and the watching; the processes are ended after this."""
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)

    async def _timekeeper_home(self) -> TimekeeperHome:
        folder, second = self._home.data / TIMEKEEPER, self._home.data / f"{TIMEKEEPER}-second"
        made = await asyncio.to_thread(
            timekeeper_home.open_home, folder, second, self._home.kept.passphrase, _NAME
        )
        profile = Profile.load(folder)
        profile.server, profile.account = self._ports.server, TIMEKEEPER
        profile.save()
        return made

    async def _service(self, made: TimekeeperHome, **settings: str) -> Keeper:
        await check_port(self._home.kept.port)
        more = {"KAIBIAO_ORIGIN": self._address, **settings}
        process = processes.service(self._home.data, self._ports, made.witness_vkey, more)
        keeper = Keeper(process, self.tell)
        await self._keep(keeper, lambda: self._print_link(keeper))
        await processes.wait_for_service(keeper.process, self._ports.server)
        return keeper

    async def _timekeeper(self) -> None:
        password = self._home.password(TIMEKEEPER)
        process = processes.timekeeper(
            self._home.data, self._ports, self._home.kept.passphrase, password, _PACE
        )
        await self._keep(Keeper(process, self.tell), _nothing)

    async def _keep(self, keeper: Keeper, started: Callable[[], Awaitable[None]]) -> None:
        await keeper.start()
        self._stack.push_async_callback(keeper.process.stop)
        self._begin(keeper.watch(started))

    def _begin(self, doing: Coroutine[Any, Any, None]) -> None:
        self._tasks.add(asyncio.create_task(doing))

    def _play(self, name: str, doing: Callable[[], Awaitable[None]]) -> None:
        """Have bots do something for good; what they stumble over ends nothing."""
        self._begin(steadily(name, doing, self.tell, self._home.data / "bots.log"))

    async def _until_one_fails(self) -> None:
        """Wait for good; what one task cannot get past ends all."""
        await asyncio.gather(*self._tasks)

    def _print_sign_ins(self) -> None:
        self.tell(f"\nKaibiao 开标 is at {self._address}\n")
        table = Table("role", "name", "account", "password", "organisation", box=None)
        for one in SHOWN:
            password = self._home.password(one.account)
            table.add_row(one.title, one.name, one.account, password, one.organisation)
        self._console.print(table)
        self.tell("\nThese passwords are for this machine alone. Ctrl-C ends everything.\n")

    async def _print_link(self, service: Keeper) -> None:
        """Print how the first administrator is made, as long as there is none."""
        await processes.wait_for_service(service.process, self._ports.server)
        token = _token(service)
        if token:
            self.tell("Nobody is in it yet. Make its first administrator here:")
            self.tell(f"{self._address}/first#{token}\n")


async def _nothing() -> None:
    """Do nothing more after a process was started again."""


def _token(service: Keeper) -> str:
    """Return the token the service printed at this start; nothing where somebody is in it."""
    try:
        return processes.first_token(service.process, service.since)
    except Unusable:
        return ""
