"""The desk: where a command becomes entries of a record, or is refused.

It shells the pure rules and must not know any of them; it reads no clock: `Given` brings the time.
"""

import asyncio
import logging
from collections.abc import Callable, Mapping
from types import TracebackType
from typing import Any, Self

from record.entries import trace_bytes
from record.lane import Announce, Changes, Job, Lane, Outcome, Place, Recorded
from record.rules import Given, Rules
from record.store import Records

__all__ = ["Announce", "Changes", "Desk", "Outcome", "Recorded", "Ticket"]

_log = logging.getLogger(__name__)


class Ticket:
    """A place in the order in which a project's commands are decided.

    Take it in the same breath as `Given.received` is stamped, with nothing awaited in between.
    No command of the project that came later is decided before this place was used by `submit`,
    or dropped by leaving the `with` block. So a bid that was complete before the deadline, and is
    still being checked, comes before the `close` that was stamped after it.
    """

    def __init__(self, lane: Lane, place: Place) -> None:
        self._lane = lane
        self._place = place

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._lane.drop(self._place)

    @property
    def project(self) -> str:
        """Return the project in whose order this place is."""
        return self._lane.project

    def use(self, job: Job) -> None:
        """Put a command in this place; once only."""
        self._lane.fill(self._place, job)


class Desk:
    """Takes commands for all projects of one store; one desk a process.

    Args:
        store: keeps the records.
        rules_for: the rules of a project, by its id.
    """

    def __init__(self, store: Records, rules_for: Callable[[str], Rules[Any]]) -> None:
        self._store = store
        self._rules_for = rules_for
        self._lanes: dict[str, Lane] = {}
        self._listeners: list[Announce] = []

    def ticket(self, project: str) -> Ticket:
        """Take a place in a project's order; use as a context manager."""
        lane = self._lane(project)
        return Ticket(lane, lane.take_place())

    async def submit(
        self,
        project: str,
        command: Any,
        given: Given,
        *,
        digest: bytes,
        trace: Mapping[str, str],
        changes: Changes | None = None,
        ticket: Ticket | None = None,
    ) -> Outcome:
        """Decide a command and answer when what came of it is on disk.

        Args:
            project: whose record it is.
            command: what the project's rules decide.
            given: all they may know besides.
            digest: 32 bytes over the request as it came; the same command id with another digest
                is another command.
            trace: network address, session; kept beside the entry, shown to supervisors alone.
            changes: what else changes in the same transaction, made from the new entries.
            ticket: the place taken when the command was received.

        Raises:
            Refused: by the rules; or NotValid `record.command_id_reused`,
                Busy `record.store_away`. After Busy the same command may be sent again.
        """
        job = Job(
            command, given, digest, trace_bytes(trace), changes,
            asyncio.get_running_loop().create_future(),
        )  # fmt: skip
        place = ticket or self.ticket(project)
        if place.project != project:
            raise ValueError("the ticket is for another project")
        place.use(job)
        return await job.answer

    async def state(self, project: str) -> Any:
        """Return the committed state, this desk's last commit included."""
        lane = self._lane(project)
        if not lane.is_loaded:
            await lane.catch_up()
        return lane.state

    async def catch_up(self, project: str) -> None:
        """Fold in what other processes appended; listeners hear of it."""
        await self._lane(project).catch_up()

    async def read(self, project: str, after: int = 0, limit: int = 1000) -> list[Recorded]:
        """Return the entries that follow a number, their events read."""
        rules = self._rules_for(project)
        found = await self._store.entries(project, after, limit)
        return [
            Recorded(entry.stamp, rules.parse(entry.written.type, entry.written.body), entry)
            for entry in found
        ]

    def subscribe(self, listener: Announce) -> Callable[[], None]:
        """Call a listener after each commit with the project and its new entries.

        A project's entries come in order, none left out, none twice, from its first command or
        reading on. The listener runs on the event loop and must not block.

        Returns:
            What ends the subscription.
        """
        self._listeners.append(listener)
        return lambda: self._listeners.remove(listener)

    async def close(self) -> None:
        """Wait until every command that was submitted has its answer."""
        for lane in self._lanes.values():
            await lane.settled()

    def _announce(self, project: str, entries: tuple[Recorded, ...]) -> None:
        for listener in tuple(self._listeners):
            try:
                listener(project, entries)
            except Exception:  # noqa: BLE001 - another listener must still hear of it
                _log.exception("a listener failed; the record is as it should be")

    def _lane(self, project: str) -> Lane:
        lane = self._lanes.get(project)
        if lane is None:
            lane = Lane(project, self._store, self._rules_for(project), self._announce)
            self._lanes[project] = lane
        return lane
