"""A process that is kept: started again, too, where a start itself fails."""

import asyncio
import json
import subprocess
import sys
from pathlib import Path

import pytest

from client import waiting
from client.demo.keeper import Keeper
from client.errors import Unreachable, Unusable
from client.rehearsal.processes import Process

pytestmark = pytest.mark.slow

SCRIPT = """
import pathlib, signal, sys
starts = pathlib.Path(sys.argv[1])
with starts.open("a") as file:
    file.write("x")
if starts.stat().st_size < 3:
    sys.exit(1)
starts.with_suffix(".ready").touch()
signal.pause()
"""


DEAD = """
import json, pathlib, sys
from client.demo.keeper import Keeper
from client.rehearsal.processes import Process
begun = "import pathlib, sys; pathlib.Path(sys.argv[1]).touch()"
command = (sys.executable, "-c", begun, sys.argv[1])
print(json.dumps(Keeper(Process("service", command, {}, pathlib.Path("log")), print).process.command))
"""
"""Whoever was to keep a process, and died when it was being started."""


def test_what_whoever_died_was_starting_does_not_begin(tmp_path: Path) -> None:
    begun, root = tmp_path / "begun", Path(__file__).parents[2]
    starting = subprocess.run(
        [sys.executable, "-c", DEAD, begun], cwd=root, capture_output=True, check=True
    )
    assert subprocess.run(json.loads(starting.stdout), cwd=root, check=False).returncode == 1
    assert not begun.exists()


async def test_a_start_that_fails_is_tried_again(tmp_path: Path) -> None:
    starts, told = tmp_path / "starts", list[str]()
    command = (sys.executable, "-c", SCRIPT, str(starts))
    keeper = Keeper(Process("service", command, {}, tmp_path / "log"), told.append)

    async def is_ready() -> bool:
        if not keeper.process.is_alive:
            raise Unusable("it did not start; see", keeper.process.log)
        return starts.with_suffix(".ready").exists()

    ready, waits = asyncio.Event(), list[str]()

    async def started() -> None:
        await waiting.until(is_ready, "the process", 60)
        if not waits:
            waits.append("once more")
            raise Unreachable("no answer so far from", "the process")
        ready.set()

    await keeper.start()
    watching = asyncio.create_task(keeper.watch(started))
    try:
        done, _ = await asyncio.wait(
            (watching, asyncio.create_task(ready.wait())),
            return_when=asyncio.FIRST_COMPLETED,
            timeout=120,
        )
        assert watching not in done
        assert ready.is_set()
        *ended, waited = told
        assert ["starts again" in one for one in ended] == [True, True]
        assert "does not answer yet" in waited
    finally:
        watching.cancel()
        await asyncio.gather(watching, return_exceptions=True)
        await keeper.process.stop()
