"""A service that may not start says so in one sentence, and ends with 1."""

import asyncio
import os
import sys
from pathlib import Path

from record.sequencer import LogBehind
from record.sql import SqlStore
from web.starting import sentence

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
