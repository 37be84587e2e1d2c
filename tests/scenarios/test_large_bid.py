"""One large bid at the command line: killed in the middle of its upload, opened, and compared.

48 MiB in an ordinary run and 4 GiB with KAIBIAO_FAULTS=full; KAIBIAO_LARGE_BID gives another
number of bytes. Four times that much is written to pytest's temporary folder, and removed.
"""

import asyncio
import contextlib
import hashlib
import json
import os
import shutil
import sys
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator
from contextlib import AsyncExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from rich.console import Console

from client import clock, record_copy, sealing, tus
from client.bidder import Bidder, receipt_page
from client.rehearsal import cast, outcome, run
from client.rehearsal.bots import PIECE, SECTION, Bot, Made
from client.rehearsal.plan import Plan
from client.rehearsal.report import Report
from client.rehearsal.session import hold_session
from client.rehearsal.story import Story
from client.sealing import SealedBid
from crypto import random
from opening.bodies import open_package
from opening.capitals import chinese_capitals
from opening.package import FORM, MANIFEST, index_package, read_file
from opening.state import OpeningState, Place
from tests.faults.counts import count

MIB = 1 << 20
SIZE = int(os.environ.get("KAIBIAO_LARGE_BID") or count(4 << 30, 48 * MIB))
SMALL = 5 * MIB + 77
MORE_THAN_IDLE = 150_000_000
"""How much more memory than idle either side may take, bytes, however large the bid."""
ROOT = Path(__file__).parents[2]
PLACE: Place = (SECTION, 1)
LOOK = 0.005
PRICE = {"amount": 1234500, "currency": "CNY", "capitals": chinese_capitals(1234500)}
FORM_VALUE = {"v": 1, "bidder": "第1建设工程有限公司", "price": PRICE}

pytestmark = [pytest.mark.slow, pytest.mark.timeout(300 + 2 * SIZE // MIB)]


class OpenStory(Story):
    """A project that stays open for as long as its bidder works."""

    async def open(self) -> None:
        await self._create()
        await self._ceremony(PLACE)
        await self._publish()
        await self._rehearse()

    async def hold_open(self, working: Awaitable[None]) -> None:
        await self._hold_open(asyncio.gather(*[working]))

    async def close(self) -> None:
        await self._close()


def high_water(pid: int) -> int:
    """Return the most memory a process held so far, bytes; 0 once it has ended."""
    try:
        status = Path(f"/proc/{pid}/status").read_text()
    except OSError:
        return 0
    lines = (line.split() for line in status.splitlines())
    return next((int(line[1]) * 1024 for line in lines if line[0] == "VmHWM:"), 0)


class Watched(Report):
    """A report that tells with each stage how much memory the service held at most until then."""

    service = 0

    @contextmanager
    def stage(self, name: str, *, live: bool = True) -> Iterator[None]:
        with super().stage(name, live=live):
            yield
        if self.service:
            self.console.print(f"    service {high_water(self.service) / MIB:.0f} MiB")


@dataclass
class Office:
    """A project that takes bids, its service, and a bidder at a command line of its own."""

    story: OpenStory
    service: int
    folder: Path
    idle: int
    """Of the service, before there was a bid, bytes."""

    @property
    def bidder(self) -> Bidder:
        return self.story.cast.bidders[0]

    @property
    def data(self) -> Path:
        return self.folder / "data"

    async def start(self, *words: str) -> asyncio.subprocess.Process:
        profile = self.bidder.seat.profile.folder
        password = self.story.cast.accounts[self.bidder.seat.account]
        told = {"KAIBIAO_PASSPHRASE": password, "KAIBIAO_PROFILE": str(profile)}
        return await asyncio.create_subprocess_exec(
            sys.executable,
            *("-m", "client", *words, "--json"),
            env={**os.environ, **told},
            cwd=ROOT,
            stdout=asyncio.subprocess.PIPE,
            stderr=asyncio.subprocess.PIPE,
        )

    async def told(self, *words: str) -> tuple[dict[str, Any], int]:
        """Run a command, and return what it tells and the most memory it held."""
        process = await self.start(*words)
        peak = await watch(process, lambda: False)
        out, complaint = await process.communicate()
        assert process.returncode == 0, (out + complaint).decode()
        value: dict[str, Any] = json.loads(out)
        return value, peak


async def watch(process: asyncio.subprocess.Process, is_enough: Callable[[], bool]) -> int:
    """Watch a process until it ends or it is enough, and return the most memory it held."""
    peak = 0
    while process.returncode is None and not is_enough():
        peak = max(peak, high_water(process.pid))
        with contextlib.suppress(TimeoutError):
            await asyncio.wait_for(process.wait(), LOOK)
    return peak


@pytest.fixture
async def office(tmp_path: Path) -> AsyncIterator[Office]:
    plan = Plan(bidders=1, size=SIZE, n=2, k=2, replace=0)
    report = Watched(Console())
    async with AsyncExitStack() as stack:
        stack.callback(shutil.rmtree, tmp_path)
        with report.stage("service and people"):
            casting, admin, processes = await run.begin(tmp_path, stack)
            people = await cast.assemble(casting, admin, plan, run.wait_for_witness(admin))
        story = OpenStory(people, plan, report, tmp_path / "bots", run.TIMEKEEPER)
        with report.stage("project"):
            await story.open()
        running = processes["service"].running
        assert running is not None
        await take_part(people.bidders[0], story.project)
        # from here on the high water is that of the bid alone
        Path(f"/proc/{running.pid}/clear_refs").write_text("5")
        report.service = running.pid
        yield Office(story, running.pid, tmp_path, high_water(running.pid))


async def take_part(bidder: Bidder, project: str) -> None:
    """Take part and print the receipt: fonts once loaded belong to an idle service."""
    answer = await bidder.take_part(project)
    receipt = await bidder.seat.receipt(project, answer.command_id)
    await receipt_page(bidder.seat, receipt)


async def test_a_large_bid_killed_in_its_upload_is_opened_to_what_was_sealed(
    office: Office,
) -> None:
    story, report = office.story, office.story.report
    with report.stage("content"):
        hashes = await asyncio.to_thread(write_content, office.folder / "投标文件")
    sealed: list[SealedBid] = []

    async def hand_in() -> None:
        sealed.append(await seal(office))
        await submit(office, sealed[0])

    await story.hold_open(hand_in())
    bid = sealed[0]
    bot = Bot(office.bidder, "ordinary", 1, story.plan, story.project, office.folder)
    bot.made.append(Made(bid, 1, office.bidder.organisation, "opened"))
    story.bots = [bot]
    tell_memory(office, "service, bid taken", high_water(office.service), office.idle)
    with report.stage("close"):
        await story.close()
    await hold_session(story, PLACE)
    tell_memory(office, "service, bid opened", high_water(office.service), office.idle)
    copy = await record_copy.fetch(story.cast.supervisor.seat, story.project)
    outcome.check(copy, story.bots, report)
    with report.stage("read back"):
        found = await asyncio.to_thread(read_back, copy.state.opening, bid, office.data)
    assert found == (bid.package, hashes)
    assert report.problems == []


async def seal(office: Office) -> SealedBid:
    """Seal at the command line, and drop the original."""
    report, content = office.story.report, office.folder / "投标文件"
    form = office.folder / "form.json"
    await asyncio.to_thread(form.write_text, json.dumps(FORM_VALUE))
    _, idle = await office.told("bidder", "status", office.story.project)
    where = ("--project", office.story.project, "--section", SECTION, "--form", str(form))
    begun = clock.ticks()
    told, peak = await office.told("bidder", "seal", *where, str(content))
    report.bytes_done("sealed and checked", told["size"], clock.ticks() - begun)
    report.figures["client idle"] = idle
    tell_memory(office, "client, sealing", peak, idle)
    await asyncio.to_thread(shutil.rmtree, content)
    return sealing.load(Path(told["folder"]))


async def submit(office: Office, bid: SealedBid) -> None:
    """Submit with a kill in the middle of the upload and the same command again."""
    report, size = office.story.report, bid.bid.size
    words = ("bidder", "submit", str(bid.folder))
    begun = clock.ticks()
    upload, kept, first = await kill_in_the_middle(office, bid, words)
    report.bytes_done("uploaded before the kill", kept, clock.ticks() - begun)
    begun = clock.ticks()
    done, second = await office.told(*words)
    report.bytes_done("uploaded after it, receipt taken", size - kept, clock.ticks() - begun)
    assert await asyncio.to_thread((bid.folder / "upload").read_text) == upload
    assert done["bid"] == bid.params.bid
    receipt, _ = await office.told("receipt", "check", done["receipt"])
    assert receipt["type"] == "opening.bid_admitted"
    tell_memory(office, "client, uploading", max(first, second), report.figures["client idle"])


async def kill_in_the_middle(
    office: Office, bid: SealedBid, words: tuple[str, ...]
) -> tuple[str, int, int]:
    """Kill a client with half of its upload sent.

    Returns:
        The upload, how much of it is kept, and the most memory the client held.
    """

    def half_is_there() -> bool:
        arrived = [one.stat().st_size for one in office.data.glob("uploads/*/data")]
        return max(arrived, default=0) > bid.bid.size // 2

    process = await office.start(*words)
    peak = await watch(process, half_is_there)
    process.kill()
    await process.communicate()
    assert process.returncode == -9, "it was done before it could be killed"
    assert not (bid.folder / "receipt.json").exists()
    upload = await asyncio.to_thread((bid.folder / "upload").read_text)
    kept = await tus.offset(office.bidder.seat.service, upload)
    assert bid.bid.size // 2 - tus.PART <= kept < bid.bid.size
    return upload, kept, peak


def tell_memory(office: Office, what: str, peak: int, idle: int) -> None:
    """Tell how much memory something took at most, and hold it to the limit."""
    report, more = office.story.report, peak - idle
    text = f"  memory of {what}: {peak / MIB:.0f} MiB, idle {idle / MIB:.0f} MiB"
    report.console.print(text)
    assert peak, "nothing was measured"
    report.expect(more < MORE_THAN_IDLE, f"{what}: {more} bytes more than idle")


def write_content(folder: Path) -> dict[str, str]:
    """Write the files of a bid, and return their hashes by their names in the package."""
    sizes = {"技术/方案.pdf": SIZE - SMALL, "商务 报价.pdf": SMALL}
    return {
        f"{folder.name}/{name}": write_random(folder / name, size) for name, size in sizes.items()
    }


def write_random(path: Path, size: int) -> str:
    """Write a file nothing can compress, and return its hash."""
    path.parent.mkdir(parents=True, exist_ok=True)
    digest = hashlib.sha256()
    with path.open("wb") as file:
        for at in range(0, size, PIECE):
            piece = random.fresh(min(PIECE, size - at))
            digest.update(piece)
            file.write(piece)
    return digest.hexdigest()


def read_back(state: OpeningState, bid: SealedBid, data: Path) -> tuple[str, dict[str, str]]:
    """Open the service's sealed file by the record; return the hashes of package and files."""
    path = data / "sealed" / bid.bid.root
    with path.open("rb", buffering=0) as sealed:
        package = open_package(state, bid.params.bid, sealed)
        whole = hashlib.file_digest(package, "sha256").hexdigest()
        hashes = {}
        for name, entry in index_package(package).items():
            digest = hashlib.sha256()
            for piece in read_file(package, entry):
                digest.update(piece)
            hashes[name] = digest.hexdigest()
    return whole, {name: told for name, told in hashes.items() if name not in {FORM, MANIFEST}}
