"""A service that may not start says so in one sentence, and ends with 1."""

import asyncio
import os
import sys
from pathlib import Path

from record.sequencer import LogBehind
from record.sql import SqlStore
from tests.opening.world import PROJECT, SECTION
from tests.record.test_plans import listening
from tests.web.service import settings
from tests.web.tender import Tender
from web.app import running
from web.clock import SetClock
from web.files import Files, Upload
from web.settings import Settings
from web.starting import sentence

COPIES = [f"{number:032x}" for number in range(1, 4)]
ROOT = Path(__file__).parents[2]


async def test_a_second_service_on_a_database_is_told_in_a_sentence(tmp_path: Path) -> None:
    store = await SqlStore.open(f"sqlite:///{tmp_path / 'record.db'}")
    environment = {**os.environ, "KAIBIAO_DATA_DIR": str(tmp_path), "KAIBIAO_PORT": "0"}
    environment.pop("DATABASE_URL", None)
    process = await asyncio.create_subprocess_exec(
        *(sys.executable, "-m", "web", "serve"),
        cwd=ROOT,
        env=environment,
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.STDOUT,
    )
    told, _ = await process.communicate()
    await store.close()
    said = told.decode()
    assert process.returncode == 1
    assert "The service does not start: another process has this database open" in said
    assert "Traceback" not in said


def test_a_database_that_was_put_back_is_told_with_what_to_do() -> None:
    said = sentence(LogBehind("the database has 3 leaves"))
    assert said.startswith("The service does not start: the database has 3 leaves. ")
    assert "newest database" in said


def test_a_start_reads_no_record_but_those_to_which_something_is_uploaded(tmp_path: Path) -> None:
    world = Tender().open_up()
    world.projects = (PROJECT, *COPIES)
    world.folder(tmp_path)
    chosen, clock = settings(tmp_path), SetClock(world.now)
    assert asyncio.run(projects_read(chosen, clock)) == set()
    Files(tmp_path, chosen.limits).create(
        Upload("ab" * 16, "bidder-1", "cd" * 16, COPIES[1], SECTION, 1, 4, world.now)
    )
    assert asyncio.run(projects_read(chosen, clock)) == {COPIES[1]}


async def projects_read(chosen: Settings, clock: SetClock) -> set[str]:
    """Return the projects whose records are read before a service begins to answer."""
    with listening() as asked:
        async with running(chosen, clock) as services:
            assert services.known == {PROJECT, *COPIES}
    read = [
        rows for statement, rows in asked if "SELECT entries" in statement and "text" in statement
    ]
    return {name for name in services.known if any(name in rows for rows in read)}
