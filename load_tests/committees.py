"""Rooms of nine members and a supervisor, all at work: how soon an act is seen by the others.

Five times a second in every room a member reviews a bid; the act is checked, recorded, put into the
log and shown to the nine others. It counts from the moment it was to be sent until the other's
socket has it, so that a queue anywhere counts. More rooms come until that is too late.
"""

import json
import subprocess
import sys
import time
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import islice
from pathlib import Path
from typing import Any

from crypto.hashing import H
from evaluation.commands import ReviewBid
from evaluation.events import ItemVerdict
from load_tests.house import HOUR, House, house, scratch
from load_tests.results import Goal
from load_tests.rooms import cpu_of
from rooms.rights import committee_channel
from tests.opening.world import SECTION
from tests.project.sitting import RULE, Sitting
from tests.web.tender import Tender, token
from web.clock import SystemClock

SIZE = 9
BIDS = 12
RATE = 5
STEPS = (1, 8, 16, 24, 32, 40)
LATEST_MS = 100
GROWS = 1.2
MICRO = 1e6
SETTLE_SECONDS = 300
IDLE = 0.05
"""Of a second, used by a service to which nothing comes."""


@dataclass(frozen=True, slots=True)
class Step:
    """What so many rooms gave.

    Args:
        rooms: how many worked at a time.
        took: sorted; how long each act took to each other, ms.
        cpu: of the service, seconds an act.
        room: of the service, seconds of one room a second.
    """

    rooms: int
    took: list[float]
    cpu: float
    room: float

    def at(self, part: float) -> float:
        """Return a percentile, ms."""
        return self.took[min(len(self.took) - 1, int(len(self.took) * part))]

    @property
    def is_seen_in_time(self) -> bool:
        """Whether all but one in a hundred were seen in time."""
        return self.at(0.99) <= LATEST_MS


def measure() -> Iterator[Goal]:
    """Yield the 99th percentile of one room and of the most there can be, and what a room costs."""
    tender, sitting = _staged()
    names = [H("load", b"room %d" % at)[:16].hex() for at in range(sum(STEPS))]
    tender.projects = tuple(names)
    done: list[Step] = []
    with scratch() as folder, house(folder, tender=tender) as running:
        _settle(running.pid)
        left = iter(names)
        for count in STEPS:
            step = _step(folder, running, sitting, list(islice(left, count)))
            print(_line(step), file=sys.stderr, flush=True)
            done.append(step)
            if not step.is_seen_in_time:
                break
    yield from _goals(done)


def _goals(done: list[Step]) -> Iterator[Goal]:
    alone = done[0]
    most = [one for one in done if one.is_seen_in_time] or [alone]
    for step in dict.fromkeys(map(id, (alone, most[-1]))):
        one = next(found for found in done if id(found) == step)
        name = f"an act seen by the others, {one.rooms} rooms of {SIZE} and a supervisor, p99"
        late = one.at(0.99)
        yield Goal(name, f"{late:.1f} ms", f"{LATEST_MS} ms", late / LATEST_MS, 1, at_least=False)
    name = f"CPU of the service an act, {most[-1].rooms} rooms against {most[0].rooms}"
    yield Goal(
        name,
        f"{most[-1].cpu * MICRO:,.0f} µs",
        f"{most[0].cpu * MICRO:,.0f} µs",
        most[-1].cpu / most[0].cpu,
        GROWS,
        at_least=False,
    )
    carries = 1 / most[-1].room
    yield Goal("rooms one core carries, by CPU", f"{carries:.0f}", "1", carries, None)


def _line(step: Step) -> str:
    return (
        f"  {step.rooms} rooms: p50 {step.at(0.5):.1f} ms, p99 {step.at(0.99):.1f} ms, "
        f"{step.cpu * MICRO:,.0f} µs an act"
    )


def _staged() -> tuple[Tender, Sitting]:
    """Return a tender whose committee of nine is about to review twelve bids."""
    now = SystemClock().now()
    world = Tender(
        rule=RULE, bidders=BIDS, now=now - 300 * HOUR, deadline=now - 50 * HOUR
    ).open_up()
    for bidder in world.bidder:
        world.bid(bidder)
    world.now = world.deadline
    world.serve()
    world.session()
    made = Sitting(world, size=SIZE).quorate()
    world.experts = list(made.people.values())
    return world, made


def _settle(pid: int) -> None:
    """Wait until a service that was given many projects at once has caught up with its inbox."""
    used = cpu_of(pid)
    for _ in range(SETTLE_SECONDS):
        time.sleep(1)
        before, used = used, cpu_of(pid)
        if used - before < IDLE:
            return
    raise RuntimeError("the service does not come to rest")


def _step(folder: Path, running: House, sitting: Sitting, names: list[str]) -> Step:
    plan = folder / "plan"
    rooms = [_room(sitting, name) for name in names]
    plan.write_text(json.dumps({"port": running.port, "rate": RATE, "rooms": rooms}))
    command = [sys.executable, "-m", "load_tests.seats", str(plan)]
    with subprocess.Popen(
        command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    ) as seats:
        if seats.stdout is None or seats.stdin is None or seats.stdout.readline() != "ready\n":
            raise RuntimeError("the seats could not be taken")
        before = cpu_of(running.pid)
        seats.stdin.write("go\n")
        seats.stdin.flush()
        told = seats.stdout.readline()
        used = cpu_of(running.pid) - before
    found = json.loads(told)
    acts = sum(len(room["acts"]) for room in rooms)
    return Step(len(names), found["took"], used / acts, used / found["seconds"] / len(names))


def _room(sitting: Sitting, project: str) -> dict[str, Any]:
    """Return a room's seats, and what they do in order: bid by bid, one member after the other."""
    seats = {
        str(seat): {"token": token(one), "channel": committee_channel(SECTION)}
        for seat, one in sitting.people.items()
    }
    supervisor = {"token": token(sitting.world.supervisor), "channel": "supervisor"}
    acts = [
        {
            "seat": seat,
            "key": H("load", f"{project}/{bid}/{seat}".encode())[:16].hex(),
            "body": _review(sitting, bid),
        }
        for bid in sitting.bids
        for seat in seats
    ]
    return {"project": project, "seats": {**seats, "supervisor": supervisor}, "acts": acts}


def _review(sitting: Sitting, bid: str) -> dict[str, Any]:
    verdicts = tuple(ItemVerdict(item=item, passed=True) for item in sitting.found.review.items)
    return ReviewBid(section=SECTION, bid=bid, verdicts=verdicts).model_dump(mode="json")
