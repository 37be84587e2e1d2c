"""Slow work goes on in another process, and this one meanwhile."""

import asyncio
import os
from pathlib import Path

import pytest

from client import kits
from client.apart import apart
from client.errors import Unusable


async def test_work_is_done_in_another_process_while_this_one_goes_on() -> None:
    working = asyncio.create_task(apart(os.getpid))
    await asyncio.sleep(0)
    assert not working.done()
    assert await working != os.getpid()


async def test_what_goes_wrong_there_is_said_here(tmp_path: Path) -> None:
    with pytest.raises(Unusable, match="there is no kit"):
        await apart(kits.load, tmp_path / "kit.age", "a passphrase")
