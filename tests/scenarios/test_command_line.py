"""A bidder at the command line, against a real service, killed in the middle and begun again."""

import asyncio
import json
import os
import subprocess
import sys
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from rich.console import Console

from client.rehearsal import cast, run
from client.rehearsal.plan import Plan
from client.rehearsal.report import Report
from client.rehearsal.story import Story
from crypto import random
from opening.capitals import chinese_capitals

pytestmark = [pytest.mark.slow, pytest.mark.timeout(1500)]

ROOT = Path(__file__).parents[2]
SIZE = 60_000_000
LOOK = 0.005
"""Seconds between two looks for the upload: far less than it takes."""
FORM = {
    "v": 1,
    "bidder": "第1建设工程有限公司",
    "price": {"amount": 1234500, "currency": "CNY", "capitals": chinese_capitals(1234500)},
}


class OpenStory(Story):
    """A project whose bids are taken for ten minutes."""

    def _estimate(self) -> int:
        return 600_000

    async def open(self) -> None:
        await self._create()
        await self._ceremony(("s1", 1))
        await self._publish()


@dataclass
class Office:
    """An open project, and a bidder's profile."""

    project: str
    profile: Path
    password: str
    folder: Path

    def command(self, *words: str) -> tuple[list[str], dict[str, str]]:
        told = {"KAIBIAO_PASSPHRASE": self.password, "KAIBIAO_PROFILE": str(self.profile)}
        return [sys.executable, "-m", "client", *words], {**os.environ, **told}

    def kaibiao(self, *words: str, **other: str) -> "subprocess.CompletedProcess[str]":
        command, environment = self.command(*words)
        return subprocess.run(
            command,
            env={**environment, **other},
            cwd=ROOT,
            capture_output=True,
            text=True,
            check=False,
        )

    def told(self, *words: str) -> dict[str, Any]:
        done = self.kaibiao(*words, "--json")
        assert done.returncode == 0, done.stdout + done.stderr
        value: dict[str, Any] = json.loads(done.stdout)
        return value


@pytest.fixture
async def office(tmp_path: Path) -> AsyncIterator[Office]:
    plan = Plan(bidders=1, size=SIZE, n=2, k=2, replace=0)
    async with AsyncExitStack() as stack:
        casting, admin, _ = await run.begin(tmp_path, stack)
        people = await cast.assemble(casting, admin, plan, run.wait_for_witness(admin))
        report = Report(Console(quiet=True))
        story = OpenStory(people, plan, report, tmp_path / "bots", run.TIMEKEEPER)
        await story.open()
        seat = people.bidders[0].seat
        profile = seat.profile.folder
        yield Office(story.project, profile, casting.password(seat.account), tmp_path)


async def test_a_bid_is_sealed_submitted_through_a_kill_and_its_receipt_checked(
    office: Office,
) -> None:
    content, form = office.folder / "投标 文件.pdf", office.folder / "form.json"
    await asyncio.to_thread(content.write_bytes, random.fresh(SIZE))
    await asyncio.to_thread(form.write_text, json.dumps(FORM))
    run_it = asyncio.to_thread
    assert (await run_it(office.kaibiao, "bidder", "take-part", office.project)).returncode == 0
    again = await run_it(office.kaibiao, "bidder", "take-part", office.project)
    assert again.returncode == 1
    assert "project.already_bound" in again.stderr
    bundle = str(office.folder / "key.json")
    where = (office.project, "--section", "s1", "--out", bundle)
    assert (await run_it(office.kaibiao, "bidder", "key", *where)).returncode == 0
    offline = ("--key", bundle, "--form", str(form), str(content))
    told = await run_it(office.told, "bidder", "seal", *offline)
    folder = Path(told["folder"])
    await _kill_in_the_middle(office, folder)
    done = await run_it(office.told, "bidder", "submit", str(folder))
    assert done["bid"] == told["bid"]
    status = await run_it(office.told, "bidder", "status", office.project)
    assert [bid["bid"] for bid in status["bids"]] == [told["bid"]]
    await _check_receipt(office, Path(done["receipt"]))
    assert (await run_it(Path(done["page"]).read_bytes)).startswith(b"%PDF")
    wrong = await run_it(
        office.kaibiao, "bidder", "withdraw", office.project, told["bid"], KAIBIAO_PASSPHRASE="no"
    )
    assert wrong.returncode == 5
    await run_it(office.told, "bidder", "withdraw", office.project, told["bid"])
    status = await run_it(office.told, "bidder", "status", office.project)
    assert status["bids"][0]["status"] == "withdrawn"


async def _kill_in_the_middle(office: Office, folder: Path) -> None:
    command, environment = office.command("bidder", "submit", str(folder))
    process = await asyncio.create_subprocess_exec(
        *command, env=environment, cwd=ROOT, stderr=asyncio.subprocess.DEVNULL
    )
    while process.returncode is None and not (folder / "upload").exists():
        with suppress(TimeoutError):
            await asyncio.wait_for(process.wait(), LOOK)
    process.kill()
    await process.wait()
    assert process.returncode == -9, "it was done before it could be killed"
    assert not (folder / "receipt.json").exists()


async def _check_receipt(office: Office, receipt: Path) -> None:
    good = await asyncio.to_thread(office.told, "receipt", "check", str(receipt))
    assert good["type"] == "opening.bid_admitted"
    text = await asyncio.to_thread(receipt.read_text)
    forged = office.folder / "forged.json"
    await asyncio.to_thread(forged.write_text, text.replace("bidder-1", "bidder-2", 1))
    assert (
        await asyncio.to_thread(office.kaibiao, "receipt", "check", str(forged))
    ).returncode == 4


def test_a_service_that_is_not_there_is_told_with_its_own_number(tmp_path: Path) -> None:
    words = ["sign-in", "--server", "http://127.0.0.1:9", "--account", "zhang"]
    done = subprocess.run(
        [sys.executable, "-m", "client", *words, "--profile", str(tmp_path)],
        env={**os.environ, "KAIBIAO_PASSWORD": "x", "KAIBIAO_PATIENCE": "0.5"},
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 3, done.stderr
    assert "no answer" in done.stderr
