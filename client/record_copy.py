"""A client's own copy of a record: fetched, checked, and folded with the project's rules.

It must not decide anything about an opening; `client.opening_checks` does.
"""

import tempfile
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import IO, TypeVar

from client import container, waiting
from client.container import Container
from client.errors import NotTrusted, Unreachable
from client.seat import Seat
from crypto.checkpoints import CosignedCheckpoint
from opening.checks_bids import read_bid
from opening.envelopes import read
from opening.events import BidAdmitted, BidsClosed, BidWithdrawn, CeremonyStarted, OrderIssued
from opening.messages import Withdraw
from opening.participants import Participants
from opening.state import OpeningState
from project.rules import ProjectRules
from project.state import ProjectState
from record.events import Event, Stamp

E = TypeVar("E", bound=Event)
BELIEVED_MS = 60_000
"""For how long after a deadline the service's word for a time before it is taken, ms."""


@dataclass(frozen=True, slots=True)
class RecordCopy:
    """A record as one client has checked it.

    Args:
        state: folded from the open entries.
        events: the open entries, in order.
        seen: seq -> the first checkpoint that holds the entry.
        newest: the newest checkpoint seen, which holds all of it.
        hidden: how many entries were not shown to this seat.
        before: seq of a withdrawal -> the state in which it came.
        bound: seq of a ceremony's start, a bid or an order -> who took part when it came.
    """

    state: ProjectState
    events: tuple[tuple[Event, Stamp], ...]
    seen: Mapping[int, CosignedCheckpoint]
    newest: CosignedCheckpoint
    hidden: int
    before: Mapping[int, OpeningState]
    bound: Mapping[int, Participants]

    def cosigned_at(self, seq: int) -> int:
        """Return the timekeeper's time, ms, of the first checkpoint that holds an entry."""
        return self.seen[seq].cosigned_at * 1000

    def every(self, kind: type[E]) -> Iterator[tuple[E, Stamp]]:
        """Give the events of a kind, in the record's order."""
        for event, stamp in self.events:
            if isinstance(event, kind):
                yield event, stamp


async def fetch(seat: Seat, project: str) -> RecordCopy:
    """Fetch the record, check all its proofs and that the log continues, and fold it.

    Raises:
        NotTrusted: something does not hold.
    """
    with tempfile.TemporaryFile() as spool:
        await _download(seat, project, spool)
        found = container.read(spool, seat.watch.trust, project)
    if not found.checkpoints:
        raise NotTrusted("the timekeeper has seen nothing of this record yet")
    await seat.watch.see(found.checkpoints[0].note)
    newest = await seat.watch.see(found.checkpoints[-1].note)
    return copy_of(found, newest)


async def _download(seat: Seat, project: str, spool: IO[bytes]) -> None:
    """Fetch the export, from its start again where the line breaks."""

    async def attempt() -> bool:
        spool.seek(0)
        spool.truncate()
        try:
            async with seat.service.streaming(f"/api/projects/{project}/record") as answer:
                async for piece in answer.aiter_bytes():
                    spool.write(piece)
        except Unreachable:
            return False
        return True

    await waiting.until(attempt, "the record", seat.service.patience)
    spool.seek(0)


def copy_of(found: Container, newest: CosignedCheckpoint) -> RecordCopy:
    """Fold a checked export; `newest` is a checkpoint that holds all of it."""
    rules = ProjectRules()
    state = rules.initial(found.project)
    events, before, bound = [], {}, {}
    for line in found.lines:
        if line.event is not None and line.stamp is not None:
            if isinstance(line.event, BidWithdrawn):
                before[line.seq] = state.opening
            if isinstance(line.event, BidAdmitted | CeremonyStarted | OrderIssued):
                bound[line.seq] = state.opening.participants
            state = rules.evolve(state, line.event, line.stamp)
            events.append((line.event, line.stamp))
    seen = {line.seq: line.cosigned for line in found.lines}
    hidden = len(found.lines) - len(events)
    return RecordCopy(state, tuple(events), seen, newest, hidden, before, bound)


def late(copy: RecordCopy) -> tuple[str, ...]:
    """Name what came too late for its deadline, or a close too early; V6 of the record's checks.

    Such a finding does not change the list; whoever opens looks at it before.
    """
    sessions = copy.state.opening.sessions
    findings = []
    for event, stamp in copy.events:
        if isinstance(event, BidsClosed):
            deadline, is_early = event.deadline, stamp.at < event.deadline
            findings += ["a close before its deadline"] * is_early
        elif isinstance(event, BidAdmitted | BidWithdrawn):
            bid = copy.state.opening.bids.get(_bid(event))
            session = sessions.get(bid.place) if bid is not None else None
            closed = session.closed if session is not None else None
            if closed is None or stamp.seq > closed.stamp.seq:
                continue
            deadline = closed.deadline
            findings += ["a bid or withdrawal after its deadline"] * (stamp.at >= deadline)
        else:
            continue
        if copy.cosigned_at(stamp.seq) > deadline + BELIEVED_MS:
            findings.append("witnessed more than a minute after its deadline")
    return tuple(findings)


def _bid(event: BidAdmitted | BidWithdrawn) -> str:
    if isinstance(event, BidAdmitted):
        return read_bid(event.envelope).params.bid
    return read(event.envelope, Withdraw).bid
