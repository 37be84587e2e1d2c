"""The processes of a rehearsal or a demo: the service and the timekeeper, each started as it is.

It must not reach into them: it sees what they print and whether they live.
"""

import asyncio
import contextlib
import importlib.util
import os
import re
import socket
import sys
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

from client import waiting
from client.errors import ClientError, Unusable
from client.http import Service
from crypto import random

_FIRST = re.compile(r"/first#([0-9a-f]{64})")
_GRACE = 15.0
_START = 60.0
_LOWEST_PORT = 10_240
_GIVEN = Path("/proc/sys/net/ipv4/ip_local_port_range")
_TRIES = 200


@dataclass(slots=True)
class Process:
    """One process of ours, its output kept in a file."""

    name: str
    command: tuple[str, ...]
    environment: Mapping[str, str]
    log: Path
    running: asyncio.subprocess.Process | None = field(default=None, repr=False)

    async def start(self) -> None:
        """Start it; its output is added to the file."""
        self.log.parent.mkdir(parents=True, exist_ok=True)
        with self.log.open("ab") as sink:
            self.running = await asyncio.create_subprocess_exec(
                *self.command,
                env={**os.environ, **self.environment},
                stdin=asyncio.subprocess.DEVNULL,
                stdout=sink,
                stderr=sink,
                start_new_session=True,
            )

    @property
    def is_alive(self) -> bool:
        """Whether it runs."""
        return self.running is not None and self.running.returncode is None

    async def wait(self) -> int:
        """Wait until it ends by itself, and return with which number."""
        return 0 if self.running is None else await self.running.wait()

    def kill(self) -> None:
        """End it as a crash does."""
        if self.running is not None and self.is_alive:
            self.running.kill()

    async def stop(self) -> None:
        """Ask it to end, and see to it."""
        if self.running is None:
            return
        if self.is_alive:
            self.running.terminate()
        try:
            async with asyncio.timeout(_GRACE):
                await self.running.wait()
        except TimeoutError:
            self.running.kill()
            await self.running.wait()


@dataclass(frozen=True, slots=True)
class Ports:
    """Where the service and the timekeeper listen, on the loopback."""

    service: int
    witness: int

    @property
    def server(self) -> str:
        """The service's address."""
        return f"http://127.0.0.1:{self.service}"


def free_ports(given: Path = _GIVEN) -> Ports:
    """Return two ports nobody listens on at the moment.

    They are below those that the system gives to whoever connects: what is started again on its
    port finds it free.

    Args:
        given: where the system tells the first and the last port it gives.

    Raises:
        Unusable: there are none.
    """
    sockets = [socket.socket() for _ in range(2)]
    try:
        below = range(_LOWEST_PORT, max(_first_given(given), _LOWEST_PORT + 1000))
        return Ports(*(_bind(one, below) for one in sockets))
    finally:
        for one in sockets:
            one.close()


def _bind(one: socket.socket, ports: range) -> int:
    for _ in range(_TRIES):
        port = ports[int.from_bytes(random.fresh(4)) % len(ports)]
        with contextlib.suppress(OSError):
            one.bind(("127.0.0.1", port))
            return port
    raise Unusable("no port is free below", ports.stop)


def _first_given(given: Path) -> int:
    """Return the first port that the system gives by itself; Linux's own where nothing tells."""
    try:
        return int(given.read_text(encoding="ascii").split()[0])
    except (OSError, ValueError, IndexError):
        return 32_768


def service(folder: Path, ports: Ports, witness_vkey: str, more: Mapping[str, str]) -> Process:
    """Return the service, with its data in a folder; DATABASE_URL is passed through.

    Raises:
        Unusable: the command line was installed alone, without the service.
    """
    if importlib.util.find_spec("web") is None:
        raise Unusable("this starts a service, which is not installed here: use a checkout, ./dev")
    environment = {
        "KAIBIAO_DATA_DIR": str(folder / "data"),
        "KAIBIAO_PORT": str(ports.service),
        "KAIBIAO_ORIGIN": ports.server,
        "KAIBIAO_WITNESS_URL": f"http://127.0.0.1:{ports.witness}",
        "KAIBIAO_WITNESS_VKEY": witness_vkey,
        "PYTHONUNBUFFERED": "1",
        **more,
    }
    command = (sys.executable, "-m", "web", "serve")
    return Process("service", command, environment, folder / "service.log")


def timekeeper(folder: Path, ports: Ports, passphrase: str, password: str, pace: float) -> Process:
    """Return the timekeeper, whose home and second place are in a folder."""
    command = (
        sys.executable,
        "-m",
        "client",
        "timekeeper",
        "serve",
        "--home",
        str(folder / "timekeeper"),
        "--second",
        str(folder / "timekeeper-second"),
        "--port",
        str(ports.witness),
        "--pace",
        str(pace),
    )
    secrets = {"KAIBIAO_PASSPHRASE": passphrase, "KAIBIAO_PASSWORD": password}
    return Process("timekeeper", command, secrets, folder / "timekeeper.log")


async def wait_for_service(process: Process, server: str) -> None:
    """Wait until the service answers.

    Raises:
        Unusable: it ended instead; its output says why.
    """
    async with Service(server, patience=0.5) as asking:

        async def look() -> bool:
            if not process.is_alive:
                raise Unusable("the service did not start; see", process.log)
            try:
                await asking.get("/api/about")
            except ClientError:
                return False
            return True

        await waiting.until(look, "the service", _START)


def first_token(process: Process, since: int = 0) -> str:
    """Return the token by which the first administrator is made, as the service printed it.

    Args:
        process: the service.
        since: from where in its output, bytes.

    Raises:
        Unusable: it printed none.
    """
    found = _FIRST.findall(process.log.read_bytes()[since:].decode(errors="replace"))
    if not found:
        raise Unusable("the service printed no first token; see", process.log)
    return str(found[-1])
