"""A demo from its first start to Ctrl-C: processes, people, projects, rounds.

It must not leave a process of its own behind, however it ends.
"""

import asyncio
import signal
from collections.abc import Coroutine
from contextlib import AsyncExitStack
from pathlib import Path
from typing import Any

from rich.console import Console

from client import timekeeper_home
from client.administrator import Organisation
from client.demo import people, script
from client.demo.hall import Hall
from client.demo.home import Home
from client.demo.keeper import Keeper, check_port
from client.demo.people import MEMBERS, TIMEKEEPER, Settling
from client.demo.play import OVER, Play, wait_for_key_holder
from client.demo.session import Holding
from client.errors import ClientError, Unusable
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
    """

    def __init__(self, home: Home, console: Console, stack: AsyncExitStack) -> None:
        self._home = home
        self._console = console
        self._stack = stack
        self._ports = Ports(home.kept.port, processes.free_ports().witness)
        self._address = f"http://localhost:{home.kept.port}"
        self._tasks: set[asyncio.Task[None]] = set()

    def tell(self, what: str) -> None:
        """Say something, a link or brackets unharmed."""
        self._console.print(what, markup=False, highlight=False, soft_wrap=True)

    async def demo(self) -> None:
        """Run with the demo's people and bots until cancelled."""
        made = await self._timekeeper_home()
        service = await self._service(made)
        settling = Settling(self._home, self._ports.server, self._stack)
        token = processes.first_token(service.process)
        admin = await settling.administrator(token)
        await settling.timekeeper(admin, made.key)
        await self._timekeeper()
        await wait_for_key_holder(admin)
        cast = await settling.everybody(admin)
        self._print_sign_ins()
        self._begin(self._standing(cast))
        self._begin(self._opened(cast))
        self._begin(Hall(self._home, cast, self._address, self.tell).run())
        await self._until_one_fails()

    async def empty(self) -> None:
        """Run with nobody in it but whom the first administrator makes, until cancelled."""
        made = await self._timekeeper_home()
        service = await self._service(made)
        del service
        await self._timekeeper()
        await self._until_one_fails()

    async def _timekeeper_home(self) -> TimekeeperHome:
        folder, passphrase = self._home.data / TIMEKEEPER, self._home.kept.passphrase
        second = self._home.data / f"{TIMEKEEPER}-second"
        made = await asyncio.to_thread(
            timekeeper_home.open_home, folder, second, passphrase, _NAME
        )
        profile = Profile.load(folder)
        profile.server, profile.account = self._ports.server, TIMEKEEPER
        profile.save()
        return made

    async def _service(self, made: TimekeeperHome) -> Keeper:
        await check_port(self._home.kept.port)
        more = {"KAIBIAO_ORIGIN": self._address}
        process = processes.service(self._home.data, self._ports, made.witness_vkey, more)
        keeper = await self._kept(Keeper(process, self.tell))
        await processes.wait_for_service(keeper.process, self._ports.server)
        return keeper

    async def _timekeeper(self) -> None:
        kept = self._home.kept
        process = processes.timekeeper(
            self._home.data, self._ports, kept.passphrase, self._home.password(TIMEKEEPER), _PACE
        )
        await self._kept(Keeper(process, self.tell))

    async def _kept(self, keeper: Keeper) -> Keeper:
        await keeper.start()
        self._stack.push_async_callback(keeper.process.stop)
        self._begin(keeper.watch())
        return keeper

    def _begin(self, doing: Coroutine[Any, Any, None]) -> None:
        task = asyncio.create_task(doing)
        self._tasks.add(task)
        self._stack.callback(task.cancel)
