"""A rehearsal from beginning to end: processes, people, story, export, verifier, report.

It must not leave a process of its own behind, however it ends.
"""

import asyncio
import json
import shutil
import signal
import sys
import tempfile
from contextlib import AsyncExitStack
from dataclasses import asdict
from pathlib import Path
from typing import Any

from rich.console import Console

from client import administrator, clock, container, record_copy, timekeeper_home, waiting
from client.errors import ClientError, Declined, Unusable
from client.rehearsal import cast, faults, outcome, processes
from client.rehearsal.cast import Cast, Casting
from client.rehearsal.plan import Plan
from client.rehearsal.processes import Ports, Process
from client.rehearsal.report import Report
from client.rehearsal.story import Story
from client.seat import Seat
from crypto import random
from opening.events import KeyErased

TIMEKEEPER = "timekeeper"
PACE = 0.2
_OFTEN = '{"burst": 100000, "refill_ms": 1}'
_EASY = {
    "KAIBIAO_LIMITS__SIGN_IN_BY_ADDRESS": _OFTEN,
    "KAIBIAO_LIMITS__COMMANDS_BY_ACCOUNT": _OFTEN,
    "KAIBIAO_LIMITS__READS_BY_ACCOUNT": _OFTEN,
    "KAIBIAO_PASSWORD_COST__PASSES": "1",
    "KAIBIAO_PASSWORD_COST__MEMORY_KIB": "8192",
    "KAIBIAO_LIMITS__DISK_RESERVE": "100000000",
}
"""All bots come from one address, at machine speed; nothing else differs from an installation."""


async def rehearse(plan: Plan, console: Console) -> Report:
    """Play a rehearsal and return its report, which is written to the plan's folder too."""
    plan.check()
    report = Report(console)
    work = Path(await asyncio.to_thread(tempfile.mkdtemp, "", "kaibiao-"))
    begun = clock.ticks()
    me = asyncio.current_task()
    if me is not None:
        asyncio.get_running_loop().add_signal_handler(signal.SIGTERM, me.cancel)
    try:
        async with AsyncExitStack() as stack:
            await _rehearse(plan, report, work, stack)
    except ClientError as error:
        report.expect(holds=False, what=f"{type(error).__name__}: {error}")
    except BaseException as error:
        report.expect(holds=False, what=f"interrupted: {error!r}")
        raise
    finally:
        report.figures["total_ms"] = round((clock.ticks() - begun) * 1000)
        _clean_up(plan, report, work)
    return report


async def _rehearse(plan: Plan, report: Report, work: Path, stack: AsyncExitStack) -> None:
    with report.stage("service and timekeeper"):
        casting, admin, running = await begin(work, stack)
    with report.stage("accounts and kits"):
        people = await cast.assemble(casting, admin, plan, wait_for_witness(admin))
    story = Story(people, plan, report, work / "bots", TIMEKEEPER)
    if plan.kill:
        story.disturb = faults.Crashes(running, stack).at
    await story.play()
    if plan.erase:
        with report.stage("erasure"):
            await _erase(people, story.project, running["timekeeper"], work)
    with report.stage("export"):
        path = await _export(people, story.project, plan.out)
    await _check(story, path, report)
    if plan.verify:
        with report.stage("verifier"):
            await _verify(path, report)


async def begin(work: Path, stack: AsyncExitStack) -> tuple[Casting, Seat, dict[str, Process]]:
    """Start service and timekeeper in a folder and make the first administrator.

    Returns:
        What makes people, the administrator's seat, and the processes by name.
    """
    passphrase = random.fresh(16).hex()
    home = work / TIMEKEEPER
    second = work / (TIMEKEEPER + "-second")
    made = await asyncio.to_thread(
        timekeeper_home.open_home, home, second, passphrase, "timekeeper.rehearsal"
    )
    ports = processes.free_ports()
    service = processes.service(work, ports, made.witness_vkey, _EASY)
    await _started(service, stack)
    await processes.wait_for_service(service, ports.server)
    casting = Casting(work / "people", ports.server, stack)
    admin = await casting.first(processes.first_token(service))
    seat, _ = await casting.member(admin, TIMEKEEPER, "timekeeper", "市公证协会", home)
    await administrator.register_key(seat, made.key)
    password = casting.password(TIMEKEEPER)
    timekeeper = _timekeeper(work, ports, passphrase, password)
    await _started(timekeeper, stack)
    return casting, admin, {"service": service, "timekeeper": timekeeper}


def _timekeeper(work: Path, ports: Ports, passphrase: str, password: str) -> Process:
    return processes.timekeeper(work, ports, passphrase, password, PACE)


async def _started(process: Process, stack: AsyncExitStack) -> None:
    await process.start()
    stack.push_async_callback(process.stop)


async def wait_for_witness(admin: Seat) -> None:
    """Wait until the timekeeper has cosigned once."""

    async def look() -> bool:
        try:
            await admin.watch.newest()
        except Declined as declined:
            if declined.code != "web.no_checkpoint":
                raise
            return False
        return True

    await waiting.until(look, "the timekeeper's first cosignature", 60)


async def _erase(people: Cast, project: str, timekeeper: Process, work: Path) -> None:
    """Have the timekeeper erase its share keys, on the order of whoever runs it."""
    view = await people.clerk.seat.view(project)
    home = ("--home", str(work / TIMEKEEPER), "--second", str(work / (TIMEKEEPER + "-second")))
    for key in view["keys"]:
        what = ("--project", project, "--sid", str(key["sid"]), "--yes")
        command = (sys.executable, "-m", "client", "timekeeper", "erase", *home, *what)
        erasing = Process("erasure", command, timekeeper.environment, work / "erasure.log")
        await erasing.start()
        if await erasing.wait():
            raise Unusable("the timekeeper could not erase", erasing.log)
    await _witnessed(people.clerk.seat, project)


async def _witnessed(seat: Seat, project: str) -> None:
    """Wait until the timekeeper has seen all of a record: its last entry is the erasure."""

    async def look() -> bool:
        view = await seat.view(project)
        found = await seat.proven(project, kind="ceremony", sid=view["keys"][-1]["sid"])
        return any(isinstance(one.event, KeyErased) for one in found)

    await waiting.until(look, "the proof of the erasure", 60)


async def _export(people: Cast, project: str, out: Path) -> Path:
    """Write the full export, sealed files included, as the supervisor may have it."""
    path = out / "record"
    await asyncio.to_thread(out.mkdir, parents=True, exist_ok=True)
    service = people.supervisor.seat.service
    sink = await asyncio.to_thread(path.open, "wb")
    with sink:
        async with service.streaming(f"/api/projects/{project}/record", files=1) as answer:
            async for piece in answer.aiter_bytes(1 << 20):
                await asyncio.to_thread(sink.write, piece)
    return path


async def _check(story: Story, path: Path, report: Report) -> None:
    trust = story.cast.supervisor.seat.watch.trust

    def read() -> record_copy.RecordCopy:
        with path.open("rb") as source:
            found = container.read(source, trust, story.project)
        return record_copy.copy_of(found, found.checkpoints[-1])

    copy = await asyncio.to_thread(read)
    report.expect(not copy.hidden, f"{copy.hidden} entries of the full export are hidden")
    for warning in record_copy.late(copy):
        report.expect(holds=False, what=warning)
    outcome.check(copy, story.bots, report)
    report.figures["entries"] = len(copy.events)
    report.figures["record_bytes"] = (await asyncio.to_thread(path.stat)).st_size


async def _verify(path: Path, report: Report) -> None:
    """Run the independent verifier on the export."""
    process = await asyncio.create_subprocess_exec(
        sys.executable,
        "-m",
        "verifier",
        str(path),
        "--json",
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.PIPE,
    )
    told, complaint = await process.communicate()
    report.expect(process.returncode == 0, "the verifier found something: " + _last(complaint))
    try:
        value: Any = json.loads(told)
    except ValueError:
        value = told.decode(errors="replace")[-2000:]
    report.figures["verifier"] = value


def _last(complaint: bytes) -> str:
    lines = complaint.decode(errors="replace").strip().splitlines()
    return lines[-1] if lines else ""


def _clean_up(plan: Plan, report: Report, work: Path) -> None:
    """Write the report; keep what the processes said where something is wrong."""
    told = {name: value for name, value in asdict(plan).items() if name != "out"}
    report.write(plan.out / "report.json", told)
    if report.problems:
        for log in work.glob("*.log"):
            shutil.copy(log, plan.out / log.name)
    shutil.rmtree(work)
