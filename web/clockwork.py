"""Does the service's duties: looks what is due, measures or opens outside the lock, submits.

What is due is a function of the record and of the time, and a duty's command id says what it is
for, so a restart goes on with the next and two runners do each once. It decides nothing.
"""

import asyncio
import hashlib
from collections.abc import AsyncIterator, Awaitable
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass, field
from typing import Self

import structlog

from crypto.random import fresh
from crypto.receipts import check_receipt
from evaluation.commands import DrawUpReport
from evaluation.report_facts import facts as report_facts
from opening.bodies import open_bid
from opening.commands import CloseBids, DrawUpMinutes, RecordBody, RecordFiles, SealDraw
from opening.facts import facts
from opening.minutes import DrawnUp
from opening.order import due_bids
from opening.session import FilesRead
from opening.state import Place
from project.commands import NoteOutage
from project.duties import duties
from project.state import ProjectState
from record.errors import Refused
from record.events import Actor
from record.lane import Recorded
from record.rules import Command, Facts, Given
from record.tasks import end
from web import minutes, report_pdf
from web.attachments import drop_unused
from web.deps import project_state
from web.heartbeat import BEAT_SECONDS, Heartbeat
from web.outbox import forget_old
from web.own_papers import forget_served
from web.services import Services

_log = structlog.get_logger("web.clockwork")

FIRST_RETRY = 0.5
LONGEST_RETRY = 60.0
LONGEST_SLEEP = 1_000
"""How long to sleep at most, ms: a clock that is set must not make a close late."""
HOUSEKEEPING = 3_600_000
"""How often expired uploads are dropped, and old letters, files and papers forgotten, ms."""


@dataclass(frozen=True, slots=True)
class _Found:
    """What was measured for a duty."""

    checked: object | None = None
    facts: Facts = field(default_factory=Facts)


class Clockwork:
    """Does what is due, in every project, as long as it is running.

    Args:
        services: of the application; its sequencer and desk must run.
        heartbeat: tells when the service was away.
    """

    def __init__(self, services: Services, heartbeat: Heartbeat) -> None:
        self._services = services
        self._heartbeat = heartbeat
        self._wake = asyncio.Event()
        self._look: dict[str, int] = {}
        """Project -> when to look at it next, ms."""
        self._running: dict[tuple[str, str], asyncio.Task[None]] = {}
        self._clean_at = 0

    @asynccontextmanager
    async def running(self) -> AsyncIterator[Self]:
        """Do what is due until the block is left."""
        unsubscribe = self._services.desk.subscribe(self._committed)
        # what happened last first: what goes on now is not kept waiting by what is long over
        self._look = {
            name: 0 for name in await self._services.store.lengths() if name in self._services.known
        }
        # before anything is looked at: a close must not slip past the outage that ends now
        await self._keep_beat()
        tasks = [
            asyncio.create_task(self._beat(), name="heartbeat"),
            asyncio.create_task(self._run(), name="clockwork"),
        ]
        try:
            yield self
        finally:
            unsubscribe()
            await end([*tasks, *self._running.values()])

    @property
    def under_way(self) -> tuple[tuple[str, str], ...]:
        """Return the duties that are being done, as project and name; some wait for a retry."""
        return tuple(sorted(self._running))

    @property
    def away(self) -> tuple[tuple[int, int], ...]:
        """Return the spans (from, until) in ms in which the service was not there."""
        return self._heartbeat.away

    def _committed(self, project: str, entries: tuple[Recorded, ...]) -> None:
        del entries
        if project in self._services.known:
            self._look[project] = 0
            self._wake.set()

    async def _beat(self) -> None:
        while True:
            await asyncio.sleep(BEAT_SECONDS)
            await self._keep_beat()

    async def _keep_beat(self) -> None:
        try:
            await asyncio.to_thread(self._heartbeat.beat)
        except OSError:
            # a full disk; the next beat may find room, and a silence would count as an outage
            _log.exception("a beat could not be kept")

    async def _run(self) -> None:
        while True:
            self._wake.clear()
            now = self._services.clock.now()
            for project in [name for name, at in self._look.items() if at <= now]:
                await self._look_at(project, now)
            await self._clean(now)
            await self._sleep(now)

    async def _sleep(self, now: int) -> None:
        """Sleep until something may be due, or is."""
        until = min([*self._look.values(), now + LONGEST_SLEEP])
        with suppress(TimeoutError):
            async with asyncio.timeout(max(0, until - now) / 1000 + 0.001):
                await self._wake.wait()

    async def _look_at(self, project: str, now: int) -> None:
        """Start what is due in a project and remember when to look again."""
        self._look.pop(project, None)
        try:
            state = await project_state(self._services, project)
            due = duties(state, now, self._heartbeat.away)
        except Exception:  # noqa: BLE001 - one project's fault must not stop the others
            _log.exception("a project could not be looked at", project=project)
            self._look[project] = now + int(LONGEST_RETRY * 1000)
            return
        for name, command in due.do:
            if (project, name) not in self._running:
                task = asyncio.create_task(self._do(project, name, command))
                self._running[project, name] = task
        if due.again is not None:
            self._look[project] = min(due.again, self._look.get(project, due.again))

    async def _do(self, project: str, name: str, command: Command) -> None:
        """Do one duty, trying again until it is done or no longer due."""
        pause = FIRST_RETRY
        try:
            while not await self._attempt(project, name, command):
                await asyncio.sleep(pause)
                pause = min(2 * pause, LONGEST_RETRY)
        finally:
            del self._running[project, name]
            self._look[project] = 0
            self._wake.set()

    async def _attempt(self, project: str, name: str, command: Command) -> bool:
        """Try a duty once; returns whether it needs no further attempt."""
        try:
            state = await project_state(self._services, project)
            now = self._services.clock.now()
            if (name, command) not in duties(state, now, self._heartbeat.away).do:
                return True
            await self._submit(project, name, command, await self._measure(state, command))
        except Refused as refused:
            _log.warning("a duty was refused", project=project, duty=name, code=refused.code)
            return False
        except Exception:  # noqa: BLE001 - a duty is tried again whatever went wrong
            _log.exception("a duty failed", project=project, duty=name)
            return False
        return True

    async def _submit(self, project: str, name: str, command: Command, found: _Found) -> None:
        given = Given(
            actor=Actor(Actor.SERVICE),
            received=self._services.clock.now(),
            command_id=name,
            fresh=fresh(32),
            facts=found.facts,
            checked=found.checked,
        )
        digest = hashlib.sha256(command.model_dump_json().encode()).digest()
        await self._services.desk.submit(
            project, command, given, digest=digest, trace={"session": Actor.SERVICE}
        )

    def _measure(self, state: ProjectState, command: Command) -> Awaitable[_Found]:
        match command:
            case RecordFiles():
                return self._files(state, (command.section, command.envelope))
            case RecordBody():
                return self._body(state, command.bid)
            case DrawUpMinutes() | DrawUpReport():
                return self._drawn_up(state, command)
            case SealDraw():
                return self._root(state.opening.project)
            case NoteOutage() | CloseBids():
                return _given(_Found(facts=Facts(away=self._heartbeat.away)))
            case _:
                return _given(_Found())

    async def _files(self, state: ProjectState, place: Place) -> _Found:
        """Read every due sealed file of a place again, two at a time."""
        due = due_bids(state.opening, place)
        measure = self._services.files.remeasure
        run = self._services.workers.run
        found = await asyncio.gather(*(run(measure, bid.root) for bid in due))
        pairs = zip((bid.bid for bid in due), found, strict=True)
        return _Found(FilesRead(place=place, found=tuple(pairs)))

    async def _body(self, state: ProjectState, bid: str) -> _Found:
        """Combine the shares of one bid and open its body, in a thread."""
        path = self._services.files.sealed(state.opening.bids[bid].root)

        def work() -> object:
            try:
                sealed = path.open("rb", buffering=0)
            except FileNotFoundError:
                return open_bid(state.opening, bid, None)
            with sealed:
                return open_bid(state.opening, bid, sealed)

        return _Found(await self._services.workers.run(work))

    async def _drawn_up(self, state: ProjectState, command: DrawUpMinutes | DrawUpReport) -> _Found:
        """Render what is to be signed and keep it, facts and PDF alike."""
        files, settings = self._services.files, self._services.settings
        is_report = isinstance(command, DrawUpReport)
        render = report_pdf.render if is_report else minutes.render

        def work() -> DrawnUp:
            told = _facts(state, command)
            pdf = render(told, state, settings.fonts_dir)
            return DrawnUp(files.keep_document(told), files.keep_document(pdf), len(pdf))

        return _Found(await self._services.workers.run(work))

    async def _root(self, project: str) -> _Found:
        """Return the root of the first cosigned checkpoint that holds all that was committed."""
        sequencer = self._services.sequencer
        head = await self._services.store.head(project)
        receipt = await sequencer.receipt(project, head.seq)
        checked = check_receipt(receipt, sequencer.log_key.encode(), sequencer.witness_key.encode())
        return _Found(facts=Facts(log_root=checked.checkpoint.root))

    async def _clean(self, now: int) -> None:
        if now < self._clean_at:
            return
        self._clean_at = now + HOUSEKEEPING
        await self._drop_uploads(now)
        self._services.packages.forget_old()
        await self._drop_attachments()
        for forget in (forget_old, forget_served):
            try:
                await forget(self._services)
            except Exception:  # noqa: BLE001 - what is due goes on; the rest is forgotten next time
                _log.exception("what has served could not be forgotten", what=forget.__name__)

    async def _drop_uploads(self, now: int) -> None:
        try:
            expired = await asyncio.to_thread(self._services.files.drop_expired, now)
        except OSError:
            _log.exception("expired uploads could not be dropped")
            return
        for upload in expired:
            _log.info("an upload expired", upload=upload)

    async def _drop_attachments(self) -> None:
        try:
            await drop_unused(self._services)
        except OSError:
            _log.exception("unused attachments could not be dropped")


def _facts(state: ProjectState, command: DrawUpMinutes | DrawUpReport) -> bytes:
    if isinstance(command, DrawUpMinutes):
        return facts(state.opening, (command.section, command.envelope))
    evaluation = state.evaluation
    found, rule = evaluation.evaluations[command.section], evaluation.rules[command.section]
    return report_facts(state.opening, found, rule)


async def _given(found: _Found) -> _Found:
    return found
