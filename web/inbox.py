"""Tells people what happened: follows every record after its commits and writes their inboxes.

What is told, and to whom, is `rooms.notices`; it must not decide that. An entry's id is made of
project, number and account, and how far a record was told stands in the same transaction, so that
nothing is told twice or left out, whenever the service ends.
"""

import asyncio
import json
from collections.abc import AsyncIterator, Iterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import Any, Self

import structlog
from sqlalchemy import Column, select

from crypto.hashing import H
from project.rules import ProjectRules, evolve
from project.state import ProjectState
from record.desk import Recorded
from record.store import Change
from record.tasks import end
from registry.inbox_tables import addresses, entries, followed, outbox
from rooms.facts import Happened, facts_of
from rooms.notices import Notice, deadlines, notices
from web.deps import project_state
from web.services import Services

_log = structlog.get_logger("web.inbox")

HOURS = (24, 1)
"""How long before a deadline people are told of it, hours."""
LOOK_SECONDS = 20.0
"""How often deadlines are looked at."""
RETRY_SECONDS = 5.0
_PAGE = 200
AT_ONCE = 500
"""How many names one question has: a page of news for many people has more than databases take."""
_KEPT = 100
"""How many projects are kept folded, so that the next entry costs no reading again."""
_NEWS = 24 * 3_600_000
"""What is older, ms, goes into the inbox but is not sent by e-mail."""
_AMENDED, _MOVED = "project.amended", "opening.deadline_moved"


@dataclass(slots=True)
class _Folded:
    """A project as far as it was told."""

    state: ProjectState
    seq: int = 0
    told: int = 0
    """Up to here everybody was told, and that stands in the store."""
    amended: str = ""
    """The last command that amended: the deadline it moves needs no second sentence."""


class Inbox:
    """Follows the records and the clock as long as it is running.

    Args:
        services: of the application.
    """

    def __init__(self, services: Services) -> None:
        self._services = services
        self._dirty: set[str] = set()
        self._wake = asyncio.Event()
        self._folded: dict[str, _Folded] = {}
        self._told: set[str] = set()
        """Deadlines told of since the start."""

    @asynccontextmanager
    async def running(self) -> AsyncIterator[Self]:
        """Tell what happens until the block is left."""
        unsubscribe = self._services.desk.subscribe(self._committed)
        self._dirty |= await self.untold()
        tasks = [
            asyncio.create_task(self._follow(), name="inbox"),
            asyncio.create_task(self._remind(), name="reminders"),
        ]
        try:
            yield self
        finally:
            unsubscribe()
            await end(tasks)

    def _committed(self, project: str, recorded: tuple[Recorded, ...]) -> None:
        del recorded
        if project in self._services.known:
            self._mark(project)

    def _mark(self, project: str) -> None:
        """Note that a record has news, and that somebody should look."""
        self._dirty.add(project)
        self._wake.set()

    async def _follow(self) -> None:
        """Tell what the records have that was not told; what fails is tried again later."""
        later = asyncio.get_running_loop().call_later
        while True:
            self._wake.clear()
            while self._dirty:
                project = self._dirty.pop()
                if not await self._followed(project):
                    later(RETRY_SECONDS, self._mark, project)
            await self._wake.wait()

    async def _followed(self, project: str) -> bool:
        """Tell a record to its end; returns whether that went well."""
        try:
            await self.catch_up(project)
        except Exception:  # noqa: BLE001 - one project's fault must not keep the others' news
            _log.exception("a record could not be told of", project=project)
            self._folded.pop(project, None)
            return False
        return True

    async def _remind(self) -> None:
        """Tell of deadlines that come near."""
        while True:
            for project in sorted(self._services.known):
                try:
                    await self._look_at_deadlines(project)
                except Exception:  # noqa: BLE001 - one project's fault must not silence the others
                    _log.exception("deadlines could not be told of", project=project)
            await asyncio.sleep(LOOK_SECONDS)

    async def untold(self) -> set[str]:
        """Return the projects whose records go on beyond what was told."""
        rows = await self._services.store.rows(select(followed.c.project, followed.c.seq))
        told = {row.project: row.seq for row in rows}
        lengths = await self._services.store.lengths()
        known = self._services.known
        return {one for one, end in lengths.items() if one in known and told.get(one, 0) < end}

    async def catch_up(self, project: str) -> None:
        """Tell everything of a record up to its end.

        How far it was told is kept when somebody was told something, and when a record was read
        from its beginning: what had nothing to tell is not read again at every start.
        """
        folded = self._folded.pop(project, None)
        is_begun = folded is None
        folded = folded or await self._begun(project)
        more = True
        while more:
            found = await self._services.desk.read(project, folded.seq, _PAGE)
            more = len(found) == _PAGE
            fresh: list[tuple[str, int, Notice]] = []
            for one in found:
                made = list(_told(folded, one))
                if one.stamp.seq > folded.told:
                    name = f"{project}/{one.stamp.seq}"
                    fresh += [(name, one.stamp.at, notice) for notice in made]
            if fresh:
                await self._write(project, fresh, folded)
                folded.told = folded.seq
            await asyncio.sleep(0)
        if is_begun and folded.told < folded.seq:
            await self._write(project, [], folded)
            folded.told = folded.seq
        self._folded[project] = folded
        while len(self._folded) > _KEPT:
            self._folded.pop(next(iter(self._folded)))

    async def _begun(self, project: str) -> _Folded:
        done = await self._services.store.scalars(
            select(followed.c.seq).where(followed.c.project == project)
        )
        return _Folded(ProjectRules().initial(project), told=int(done[0]) if done else 0)

    async def _look_at_deadlines(self, project: str) -> None:
        now = self._services.clock.now()
        state = await project_state(self._services, project)
        for hours in HOURS:
            fresh = [
                (f"{project}/{name}", now, notice)
                for name, notice in deadlines(state, now, hours)
                if f"{project}/{name}/{notice.account}" not in self._told
            ]
            if fresh:
                await self._write(project, fresh, None)
                self._told |= {f"{name}/{notice.account}" for name, _, notice in fresh}

    async def _write(
        self, project: str, fresh: list[tuple[str, int, Notice]], folded: _Folded | None
    ) -> None:
        """Put entries into inboxes and outbox, and how far the record was told, all at once."""
        rows = {
            entry_id(name, notice): {
                "account": notice.account,
                "project": project,
                "kind": notice.kind,
                "at": at,
                "facts": json.dumps(dict(notice.facts), ensure_ascii=False),
            }
            for name, at, notice in fresh
        }
        known = await self._among(entries.c.entry, list(rows))
        rows = {entry: row for entry, row in rows.items() if entry not in known}
        changes: list[Change] = [
            entries.insert().values(entry=entry, **row) for entry, row in rows.items()
        ]
        changes += await self._mail(rows)
        if folded is not None:
            changes.append(followed.delete().where(followed.c.project == project))
            changes.append(followed.insert().values(project=project, seq=folded.seq))
        if changes:
            await self._services.store.change(*changes)

    async def _mail(self, rows: dict[str, dict[str, Any]]) -> list[Change]:
        """Return what puts entries into the outbox, for those who gave an address."""
        if not self._services.settings.smtp_url or not rows:
            return []
        accounts = sorted({str(row["account"]) for row in rows.values()})
        reached = await self._among(addresses.c.account, accounts)
        now = self._services.clock.now()
        return [
            outbox.insert().values(entry=entry, account=row["account"], attempts=0, due=now)
            for entry, row in rows.items()
            if row["account"] in reached and now - row["at"] < _NEWS
        ]

    async def _among(self, column: Column[Any], names: Sequence[str]) -> set[str]:
        """Return which of some names a column holds."""
        found = set[str]()
        for at in range(0, len(names), AT_ONCE):
            query = select(column).where(column.in_(names[at : at + AT_ONCE]))
            found.update(await self._services.store.scalars(query))
        return found


def entry_id(name: str, notice: Notice) -> str:
    """Return an entry's id: of the event or deadline it is about, and of whom it is told to."""
    return H("inbox", name.encode(), notice.account.encode(), notice.kind.encode())[:16].hex()


def _told(folded: _Folded, one: Recorded) -> Iterator[Notice]:
    """Fold an entry in and give what is told of it."""
    before = folded.state
    event: Any = one.event
    folded.state = evolve(before, event, one.stamp)
    folded.seq = one.stamp.seq
    if event.type == _AMENDED:
        folded.amended = one.stamp.command
    elif event.type == _MOVED and one.stamp.command == folded.amended:
        return
    happened = Happened(event, one.stamp, "")
    facts = facts_of(happened, before, folded.state)
    yield from notices(folded.state, event, facts, one.stamp.actor.account)
