"""One project's commands, decided one after another; it must not know of other projects.

A lane takes the commands whose turn it is, decides each on the state that includes those not yet
committed, appends all that came of them at once, and answers only then. When the append finds
another head, the lane folds on and decides the same commands again.
"""

import asyncio
import contextlib
from collections import deque
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any, TypeAlias

from crypto.random import fresh
from record.entries import GENESIS, Act, Entry, Head, Salts, check_entry, make_entry
from record.errors import Busy, NotValid
from record.events import Event, Stamp
from record.rules import Given, Rules
from record.store import Append, Change, CommandRow, HeadMoved, Records, StoreAway

BATCH = 256
PAGE = 500


@dataclass(frozen=True, slots=True)
class Recorded:
    """An event and the entry that keeps it."""

    stamp: Stamp
    event: Event
    entry: Entry


@dataclass(frozen=True, slots=True)
class Outcome:
    """What a command came to.

    Args:
        entries: its entries, at least one.
        replayed: it was accepted before, and these are the entries of that time.
    """

    entries: tuple[Recorded, ...]
    replayed: bool = False


Changes: TypeAlias = Callable[[tuple[Recorded, ...]], Iterable[Change]]
Announce: TypeAlias = Callable[[str, tuple[Recorded, ...]], None]


@dataclass(slots=True, eq=False)
class Job:
    """A command that waits for its answer."""

    command: Any
    given: Given
    digest: bytes
    trace: bytes
    changes: Changes | None
    answer: "asyncio.Future[Outcome]"

    def resolve(self, outcome: Outcome | Exception) -> None:
        """Answer, unless whoever asked has gone."""
        if self.answer.done():
            return
        if isinstance(outcome, Outcome):
            self.answer.set_result(outcome)
        else:
            self.answer.set_exception(outcome)


@dataclass(slots=True, eq=False)
class Place:
    """A place in the order: waits for its command, holds it, or was dropped."""

    job: Job | None = None
    is_settled: bool = False


@dataclass(slots=True)
class _Draft:
    """What a batch of commands comes to, as long as nobody else appends."""

    state: Any
    head: Head
    before: Head
    salts: Iterator[Salts]
    recorded: list[Recorded] = field(default_factory=list)
    rows: dict[str, CommandRow] = field(default_factory=dict)
    changes: list[Change] = field(default_factory=list)
    answers: list[tuple[Job, Outcome | Exception]] = field(default_factory=list)
    replays: list[Job] = field(default_factory=list)


class Lane:
    """Decides one project's commands in the order of their places."""

    def __init__(self, project: str, store: Records, rules: Rules[Any], announce: Announce) -> None:
        self.project = project
        self._store = store
        self._rules = rules
        self._announce = announce
        self._places: deque[Place] = deque()
        self._worker: asyncio.Task[None] | None = None
        self._folding = asyncio.Lock()
        self._head = GENESIS
        self._known: set[str] = set()
        self.state: Any = rules.initial(project)
        self.is_loaded = False

    def take_place(self) -> Place:
        """Take the next place in the order."""
        place = Place()
        self._places.append(place)
        return place

    def fill(self, place: Place, job: Job) -> None:
        """Put a command in its place."""
        if place.is_settled:
            raise RuntimeError("a ticket is used once")
        place.job, place.is_settled = job, True
        self._start()

    def drop(self, place: Place) -> None:
        """Give a place up; nothing happens when it was used."""
        if not place.is_settled:
            place.is_settled = True
            self._start()

    async def settled(self) -> None:
        """Wait until nothing is being decided."""
        while self._worker is not None:
            await asyncio.wait({self._worker})

    async def catch_up(self) -> None:
        """Fold in what the store has beyond the state."""
        async with self._folding:
            await self._fold_on()

    def _start(self) -> None:
        if self._worker is None and self._places and self._places[0].is_settled:
            self._worker = asyncio.get_running_loop().create_task(self._work())

    async def _work(self) -> None:
        try:
            while jobs := self._take_ready():
                async with self._folding:
                    await self._process(jobs)
        finally:
            self._worker = None
            self._start()

    def _take_ready(self) -> list[Job]:
        jobs: list[Job] = []
        while self._places and self._places[0].is_settled and len(jobs) < BATCH:
            job = self._places.popleft().job
            if job is not None:
                jobs.append(job)
        return jobs

    async def _process(self, jobs: Sequence[Job]) -> None:
        """Decide, append and answer; whatever goes wrong is the answer."""
        try:
            draft = await self._decide_and_append(jobs)
        except StoreAway:
            # It may have happened. The state is read again before anything else is decided.
            self.is_loaded = False
            _answer_all(jobs, Busy("record.store_away"))
        except Exception as error:  # noqa: BLE001 - a refusal or a bug, either is the answer
            self.is_loaded = False
            if len(jobs) == 1:
                _answer_all(jobs, error)
                return
            for job in jobs:
                await self._process([job])
        else:
            self._commit(draft)
            for job in draft.replays:
                await self._replay(job)

    async def _decide_and_append(self, jobs: Sequence[Job]) -> _Draft:
        while True:
            if not self.is_loaded:
                await self._fold_on()
            draft = _Draft(self.state, self._head, self._head, _salts(len(jobs)))
            for job in jobs:
                self._decide(draft, job)
            if not draft.recorded:
                return draft
            entries = tuple(recorded.entry for recorded in draft.recorded)
            rows, changes = tuple(draft.rows.values()), tuple(draft.changes)
            with contextlib.suppress(HeadMoved):
                await self._store.append(Append(self.project, self._head, entries, rows, changes))
                return draft
            await self._fold_on()
            if self._head == draft.before:
                raise RuntimeError("the head moved, and no entry is there that moved it")

    def _decide(self, draft: _Draft, job: Job) -> None:
        """Decide one command on the draft; a refusal leaves no trace in it."""
        command = job.given.command_id
        if job.answer.cancelled():
            return
        if command in self._known or command in draft.rows:
            draft.replays.append(job)
            return
        try:
            self._extend(draft, job)
        except Exception as error:  # noqa: BLE001 - a refusal or a bug, either is the answer
            draft.answers.append((job, error))

    def _extend(self, draft: _Draft, job: Job) -> None:
        given = job.given
        events = self._rules.decide(draft.state, job.command, given)
        if not events:
            raise RuntimeError("a command was accepted and nothing happened")
        act = Act(self.project, given.received, given.actor, given.command_id, job.trace)
        state, head, recorded = draft.state, draft.head, []
        for event in events:
            entry = make_entry(head, act, event.type, event.body(), next(draft.salts))
            recorded.append(Recorded(entry.stamp, event, entry))
            state, head = self._rules.evolve(state, event, entry.stamp), entry.head
        changes = list(job.changes(tuple(recorded))) if job.changes is not None else []
        first, last = recorded[0].stamp.seq, recorded[-1].stamp.seq
        draft.state, draft.head = state, head
        draft.recorded += recorded
        draft.rows[given.command_id] = CommandRow(given.command_id, job.digest, first, last)
        draft.changes += changes
        draft.answers.append((job, Outcome(tuple(recorded))))

    def _commit(self, draft: _Draft) -> None:
        self.state, self._head = draft.state, draft.head
        self._known.update(draft.rows)
        for job, outcome in draft.answers:
            job.resolve(outcome)
        self._tell(draft.recorded)

    async def _replay(self, job: Job) -> None:
        """Answer a command that was accepted before with the entries it had."""
        try:
            job.resolve(await self._entries_of(job))
        except StoreAway:
            job.resolve(Busy("record.store_away"))
        except Exception as error:  # noqa: BLE001 - a refusal or a bug, either is the answer
            job.resolve(error)

    async def _entries_of(self, job: Job) -> Outcome:
        row = await self._store.command(self.project, job.given.command_id)
        if row is None or row.digest != job.digest:
            raise NotValid("record.command_id_reused", command=job.given.command_id)
        after, count = row.first - 1, row.last - row.first + 1
        found = await self._store.entries(self.project, after, count)
        return Outcome(tuple(self._read(entry) for entry in found), replayed=True)

    async def _fold_on(self) -> None:
        is_first = self._head is GENESIS and not self._known
        while found := await self._store.entries(self.project, self._head.seq, PAGE):
            recorded = [self._fold(entry) for entry in found]
            if not is_first:
                self._tell(recorded)
            if len(found) < PAGE:
                break
        self.is_loaded = True

    def _fold(self, entry: Entry) -> Recorded:
        check_entry(entry, self._head)
        recorded = self._read(entry)
        self.state = self._rules.evolve(self.state, recorded.event, recorded.stamp)
        self._head = entry.head
        self._known.add(entry.written.command)
        return recorded

    def _read(self, entry: Entry) -> Recorded:
        event = self._rules.parse(entry.written.type, entry.written.body)
        return Recorded(entry.stamp, event, entry)

    def _tell(self, recorded: Sequence[Recorded]) -> None:
        if recorded:
            self._announce(self.project, tuple(recorded))


def _salts(count: int) -> Iterator[Salts]:
    """Return fresh salts without end, drawn for so many entries at once; none is used twice."""
    while True:
        drawn = fresh(96 * count)
        yield from (Salts.cut(drawn[at : at + 96]) for at in range(0, len(drawn), 96))


def _answer_all(jobs: Iterable[Job], error: Exception) -> None:
    for job in jobs:
        job.resolve(error)
