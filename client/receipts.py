"""Receipts as the client takes them: checked against pinned keys before anything is said or done.

It must not believe an answer of the service that no receipt bears out.
"""

import asyncio
from dataclasses import dataclass
from typing import Any

from client import clock
from client.errors import NotTrusted, Unreachable
from client.http import Service
from client.profile import Trust
from client.trust import Watch
from crypto import canonical
from crypto.receipts import CheckedReceipt, ReceiptInvalid, check_receipt
from project.parse import parse_event
from record.events import Actor, Event, Stamp

PATIENCE = 60.0
"""For how long a receipt is waited for, seconds: the timekeeper may be away."""
_PAUSE = 0.2


@dataclass(frozen=True, slots=True)
class Proven:
    """An event of a project that is proved to be in a checkpoint the timekeeper cosigned.

    Args:
        event: as parsed.
        at: when, by the service's clock, ms.
        actor: who.
        command: the id of its command.
        receipt: the bytes of the receipt.
        checked: what the receipt says.
    """

    event: Event
    at: int
    actor: Actor
    command: str
    receipt: bytes
    checked: CheckedReceipt

    @property
    def trusted_at(self) -> int:
        """When the timekeeper had seen it, by its clock, ms."""
        return self.checked.cosigned_at * 1000

    def stamp(self, number: int) -> Stamp:
        """Return a stamp for folding; the number is the place among what is proved, no more."""
        return Stamp(number, self.at, self.actor, self.command)


def check(receipt: bytes, trust: Trust, project: str) -> Proven:
    """Check one receipt and read its event.

    Raises:
        NotTrusted: it does not hold, is of another project, or says what no project can.
    """
    try:
        checked = check_receipt(receipt, trust.log, trust.timekeeper)
        return _read(receipt, checked, project)
    except (ReceiptInvalid, ValueError) as error:
        raise NotTrusted("a receipt does not hold", error) from error


async def fetch(service: Service, watch: Watch, project: str, command_id: str) -> Proven:
    """Wait for the receipt of a command, check it, and check that the log continues.

    Raises:
        NotTrusted: it does not hold, or is another command's.
        Unreachable: there was none in time; the timekeeper may be away.
    """
    until = clock.ticks() + PATIENCE
    while True:
        answer = await service.request("GET", f"/api/projects/{project}/receipts/{command_id}")
        if answer.status_code == 200:
            break
        if clock.ticks() > until:
            raise Unreachable("received, but not yet witnessed by the timekeeper")
        await asyncio.sleep(_PAUSE)
    proven = check(answer.content, watch.trust, project)
    if proven.command != command_id:
        raise NotTrusted("the receipt is another command's", proven.command)
    await watch.see(proven.checked.note)
    return proven


async def proven(
    service: Service, watch: Watch, project: str, **query: str | int
) -> tuple[Proven, ...]:
    """Fetch and check all receipts of one kind, in the record's order.

    Raises:
        NotTrusted: one does not hold, or they are not in order.
    """
    told = await service.get(f"/api/projects/{project}/proven", **query)
    found = [check(text.encode(), watch.trust, project) for text in told["receipts"]]
    indices = [one.checked.index for one in found]
    if indices != sorted(set(indices)):
        raise NotTrusted("receipts are out of order")
    if found:
        newest = max(found, key=lambda one: one.checked.checkpoint.size)
        await watch.see(newest.checked.note)
    return tuple(found)


def _read(receipt: bytes, checked: CheckedReceipt, project: str) -> Proven:
    entry: Any = checked.entry
    if entry["project"] != project:
        raise NotTrusted("the receipt is of another project", entry["project"])
    event = parse_event(entry["type"], canonical.dumps(entry["body"]))
    actor = Actor(entry["actor"]["account"], entry["actor"].get("seat"))
    return Proven(event, int(entry["at"]), actor, entry["command"], receipt, checked)
