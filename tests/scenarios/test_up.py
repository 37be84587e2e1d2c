"""`up` as a visitor meets it: a live hall, Ctrl-C, a crash, and every next start going on."""

import asyncio
import json
import os
import signal
import socket
import subprocess
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
import websockets

from client import waiting
from client.demo.home import Home
from client.demo.keeper import check_port
from client.errors import ClientError, Declined, Unusable
from client.http import Service
from client.rehearsal import processes
from tests.demo_command import READY, up

pytestmark = pytest.mark.slow

ROOT = Path(__file__).parents[2]
PATIENCE = 200.0
LIVE = {"decrypting", "read_out", "draw", "confirm", "objections", "minutes", "ended"}


@dataclass
class Running:
    """A running `up`, and what it keeps."""

    process: asyncio.subprocess.Process
    folder: Path
    server: str
    output: Path

    @property
    def kept(self) -> dict[str, Any]:
        told: dict[str, Any] = json.loads((self.folder / "demo.json").read_bytes())
        return told

    async def end(self, number: signal.Signals) -> int:
        self.process.send_signal(number)
        return await asyncio.wait_for(self.process.wait(), PATIENCE)


def free_port() -> int:
    return processes.free_ports().service


async def begin(folder: Path, port: int, *more: str) -> Running:
    output = folder.with_suffix(".out")
    with output.open("ab") as sink:
        process = await asyncio.create_subprocess_exec(
            *up(folder, port, 6, *more),
            cwd=ROOT,
            stdout=sink,
            stderr=sink,
        )
    return Running(process, folder, f"http://127.0.0.1:{port}", output)


@asynccontextmanager
async def visitor(running: Running, account: str) -> AsyncIterator[Service]:
    """Sign in as somebody whose password was printed, once it was."""
    async with Service(running.server, patience=5) as service:

        async def look() -> bool:
            assert running.process.returncode is None, running.output.read_text()
            if READY not in running.output.read_text():
                return False
            secret = running.kept["passwords"][account]
            asked = {"account": account, "password": secret}
            try:
                told = await service.post("/api/session", asked)
            except ClientError:
                return False
            service.sign(str(told["token"]))
            return True

        await waiting.until(look, "the sign-in", PATIENCE)
        yield service


async def hall(service: Service, project: str) -> dict[str, Any]:
    """Return the session as the hall has it; empty before there is one."""
    try:
        told = await service.get(f"/api/projects/{project}/channels/hall")
    except Declined:
        return {}
    found: dict[str, Any] = told["view"].get("sessions", {}).get("s1-1", {})
    return found


async def wait_for_stage(running: Running, service: Service, stages: set[str]) -> str:
    """Wait until the newest round has come to one of these stages, and return its project."""

    async def look() -> str | None:
        assert running.process.returncode is None, running.output.read_text()
        recent = running.kept["recent"]
        if not recent:
            return None
        session = await hall(service, recent[-1])
        return str(recent[-1]) if session.get("stage") in stages else None

    return await waiting.until(look, "a live hall", PATIENCE)


def left_behind(folder: Path) -> list[str]:
    """Return processes that still work on a folder."""
    found = []
    for one in Path("/proc").glob("[0-9]*"):
        try:
            said = (one / "cmdline").read_bytes() + (one / "environ").read_bytes()
            is_dead = (one / "stat").read_text().rsplit(")", 1)[1].split()[0] in {"Z", "X"}
        except OSError:
            continue
        if str(folder).encode() in said and not is_dead and int(one.name) != os.getpid():
            found.append(one.name)
    return found


async def test_a_visitor_meets_a_live_opening_and_every_start_goes_on(tmp_path: Path) -> None:
    folder, port = tmp_path / "var", free_port()
    running = await begin(folder, port)
    async with visitor(running, "supervisor") as service:
        first = await wait_for_stage(running, service, LIVE)
        announced = await hall(service, first)
        assert len(announced["bids"]) >= 3
    passwords = running.kept["passwords"]
    assert await running.end(signal.SIGINT) == 0
    assert "Everything has ended" in running.output.read_text()
    assert left_behind(folder) == []

    running = await begin(folder, port)
    async with visitor(running, "bidder-1") as service:
        assert running.kept["passwords"] == passwords
        assert first in running.kept["recent"]
        await running.end(signal.SIGKILL)
    await waiting.until(lambda: _nobody(folder), "the end of the orphans", PATIENCE)

    running = await begin(folder, port)
    async with visitor(running, "bidder-2") as service:
        ended = await wait_for_stage(running, service, {"ended"})
        assert first in running.kept["recent"]
        async with page_open(running, service, ended):

            async def another() -> bool:
                return bool(running.kept["recent"][-1] != ended)

            await waiting.until(another, "another round", PATIENCE)
    assert await running.end(signal.SIGTERM) == 0
    assert left_behind(folder) == []


@asynccontextmanager
async def page_open(running: Running, service: Service, project: str) -> AsyncIterator[None]:
    """Listen to a hall as a page does."""
    wanted = {"project": project, "channels": ["hall"]}
    ticket = (await service.post("/api/rooms/ticket", wanted))["ticket"]
    address = f"{running.server.replace('http', 'ws')}/rooms/{project}"
    protocol = websockets.Subprotocol("room.v1")
    async with websockets.connect(address, subprotocols=[protocol]) as line:
        hello = {"t": "hello", "ticket": ticket, "channels": {"hall": {"since": 0, "epoch": ""}}}
        await line.send(json.dumps(hello))
        assert json.loads(await line.recv())["t"] == "welcome"
        yield


async def _nobody(folder: Path) -> bool:
    return not left_behind(folder)


async def test_the_service_is_started_again_when_it_dies(tmp_path: Path) -> None:
    folder, port = tmp_path / "var", free_port()
    running = await begin(folder, port, "--empty")
    try:
        async with Service(running.server, patience=PATIENCE) as service:
            await service.get("/api/about")
            # one that never started is not started again: from here on it is
            await waiting.until(lambda: _is_ready(running), "its sentence", PATIENCE)
            links = await _killed(running, port, times=1)
            await service.get("/api/about")
            assert await _killed(running, port, times=2) > links
            await service.get("/api/about")
    finally:
        assert await running.end(signal.SIGINT) == 0
    assert left_behind(folder) == []


async def _is_ready(running: Running) -> bool:
    return READY in running.output.read_text()


async def _killed(running: Running, port: int, times: int) -> int:
    """Kill the service, wait until it was said so often, and return how many links were printed.

    After each start there is another one, as long as nobody is in the installation.
    """
    victims = [pid for pid in left_behind(running.folder) if _is_service(pid)]
    before = _links(running, port)
    os.kill(int(victims[0]), signal.SIGKILL)

    async def said() -> bool:
        ends = running.output.read_text().count("The service ended by itself (-9)")
        return ends == times and _links(running, port) > before

    await waiting.until(said, "the sentence and another link", PATIENCE)
    return _links(running, port)


def _links(running: Running, port: int) -> int:
    return running.output.read_text().count(f"http://localhost:{port}/first#")


def _is_service(pid: str) -> bool:
    return b"web\0serve" in Path(f"/proc/{pid}/cmdline").read_bytes()


def test_a_taken_port_is_a_sentence_and_nothing_is_left(tmp_path: Path) -> None:
    with socket.socket() as other:
        other.bind(("127.0.0.1", 0))
        other.listen()
        port = other.getsockname()[1]
        command = [sys.executable, "-m", "client", "up", "--folder", str(tmp_path / "var")]
        done = subprocess.run(
            [*command, "--port", str(port)], cwd=ROOT, capture_output=True, text=True, check=False
        )
    assert done.returncode == 5
    said = " ".join(done.stderr.split())
    assert f"The port is: {port}" in said
    assert "Traceback" not in said


async def test_a_free_port_is_taken_at_once() -> None:
    await check_port(free_port())


def test_an_installation_is_held_by_one_process_and_keeps_its_port(tmp_path: Path) -> None:
    with Home.held(tmp_path, "demo", 8123) as home:
        password, project = home.password("clerk"), home.project("standing")
        with pytest.raises(Unusable, match="running already"), Home.held(tmp_path, "demo", 8123):
            pass
    with pytest.raises(Unusable, match="8123"), Home.held(tmp_path, "demo", 8124):
        pass
    with Home.held(tmp_path, "demo", None) as home:
        assert (home.password("clerk"), home.project("standing")) == (password, project)
        assert home.file.stat().st_mode & 0o777 == 0o600


def test_a_round_that_was_begun_is_the_one_to_go_on_with(tmp_path: Path) -> None:
    with Home.held(tmp_path, "demo", 8123) as home:
        begun = home.next_round()
    with Home.held(tmp_path, "demo", None) as home:
        assert home.next_round() == begun
        home.round_over()
        assert home.next_round()[0] == begun[0] + 1
