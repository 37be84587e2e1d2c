"""How an installation is doing, for its administrators: measured now, judged by fixed bounds.

It must not change anything, and shows no name of anybody but of the installation's own parts.
"""

import shutil
import time
import tomllib
from functools import cache
from pathlib import Path
from typing import Any, cast

from fastapi import APIRouter
from sqlalchemy import func, select
from starlette.requests import Request

from crypto.checkpoints import open_cosigned
from crypto.notes import NoteInvalid
from record.store import Cosigned
from registry.inbox_tables import outbox
from registry.tables import sessions
from rooms.hub import Hub
from web.applications import check_administrator, count_open
from web.clockwork import Clockwork
from web.deps import ServicesDep, Who
from web.outbox import ATTEMPTS
from web.rooms import entrance_of
from web.services import Services

router = APIRouter(tags=["log"])

APART = 2_000
"""How far the two clocks may be from each other, ms; a larger jump is an event of a record."""
WAITING = 60_000
"""How old the newest cosignature may be while entries wait for one, ms."""
SLOW = 500
"""How long the database may take for a question that needs no work, ms."""
ROOMY = 5
"""How many times its reserve the disk should have free."""
QUEUE = 50
"""How many duties under way are many."""


@router.get("/api/admin/health")
async def health(request: Request, services: ServicesDep, who: Who) -> dict[str, Any]:
    """Tell administrators how the installation is doing."""
    check_administrator(who)
    return await measured(request, services)


async def measured(request: Request, services: Services) -> dict[str, Any]:
    """Measure everything, and say of each part whether it is as it should be."""
    clockwork = cast("Clockwork", request.app.state.clockwork)
    found = await services.sequencer.cosigned()
    parts = {
        "timekeeper": _timekeeper(services, found),
        "clock": _clock(services, found),
        "disk": await services.workers.run(_disk, services),
        "database": await _database(services),
        "duties": _duties(clockwork),
        "reports": _reports(services),
        "mail": await _mail(services),
        "connections": _connections(entrance_of(request).hub, services),
        "applications": {"state": "told", "waiting": await count_open(services)},
        "outages": {"state": "told", "spans": [list(span) for span in clockwork.away[-5:]]},
    }
    order = ("bad", "look", "good")
    worst = next(one for one in order if any(part["state"] == one for part in parts.values()))
    return {"now": services.clock.now(), "version": version(), "state": worst, "parts": parts}


@cache
def version() -> str:
    """Return the version of the product that runs."""
    path = Path(__file__).resolve().parent.parent / "pyproject.toml"
    return str(tomllib.loads(path.read_text(encoding="utf-8"))["project"]["version"])


def _timekeeper(services: Services, found: Cosigned | None) -> dict[str, Any]:
    """Tell how old the newest cosignature is, and how much of the log waits for one."""
    head = services.sequencer.head
    size = head.checkpoint.size if head is not None else 0
    told: dict[str, Any] = {"size": size, "waiting": size - (found.size if found else 0)}
    at = cosigned_at(services, found)
    if services.settings.witness_url is None:
        return {"state": "bad", "set_up": False, **told}
    told |= {"set_up": True, "cosigned_at": at}
    if not told["waiting"]:
        return {"state": "good", **told}
    is_late = at is None or services.clock.now() - at > WAITING
    return {"state": "bad" if is_late else "good", **told}


def _clock(services: Services, found: Cosigned | None) -> dict[str, Any]:
    """Tell between which bounds the timekeeper's clock is ahead of ours, where that is known.

    The cosignature's time is in whole seconds and was taken between our asking and its answer.
    """
    exchange, at = services.witness.last, cosigned_at(services, found)
    if exchange is None or found is None or at is None or not found.note.startswith(exchange.note):
        return {"state": "told", "from": None, "to": None}
    least, most = at - exchange.answered, at + 999 - exchange.asked
    is_apart = least > APART or most < -APART
    return {"state": "bad" if is_apart else "good", "from": least, "to": most}


def cosigned_at(services: Services, found: Cosigned | None) -> int | None:
    """Return when the timekeeper cosigned a head, ms; None where it did not, or another did."""
    if found is None:
        return None
    sequencer = services.sequencer
    try:
        return (
            open_cosigned(found.note, sequencer.log_key, sequencer.witness_key).cosigned_at * 1000
        )
    except NoteInvalid:
        return None


def _disk(services: Services) -> dict[str, Any]:
    usage = shutil.disk_usage(services.settings.data_dir)
    reserve = services.settings.limits.disk_reserve
    state = "bad" if usage.free < reserve else "look" if usage.free < ROOMY * reserve else "good"
    return {"state": state, "free": usage.free, "total": usage.total, "reserve": reserve}


async def _database(services: Services) -> dict[str, Any]:
    begun = time.monotonic_ns()
    signed_in = await services.store.scalars(select(func.count()).select_from(sessions))
    taken = (time.monotonic_ns() - begun) // 1_000_000
    kind = services.settings.database.partition(":")[0].partition("+")[0]
    told: dict[str, Any] = {"kind": kind, "ms": taken, "sessions": signed_in[0]}
    if kind == "sqlite":
        told["size"] = sum(map(_size, services.settings.data_dir.glob("record.db*")))
    return {"state": "look" if taken > SLOW else "good", **told}


def _size(path: Path) -> int:
    """Return how large a file is; SQLite may have removed one of its own since it was listed."""
    try:
        return path.stat().st_size
    except FileNotFoundError:
        return 0


def _duties(clockwork: Clockwork) -> dict[str, Any]:
    under_way = clockwork.under_way
    state = "look" if len(under_way) > QUEUE else "good"
    named = [{"project": project, "duty": duty} for project, duty in under_way[:20]]
    return {"state": state, "count": len(under_way), "under_way": named}


def _reports(services: Services) -> dict[str, Any]:
    reports = services.reports
    state = "look" if reports.total else "good"
    return {"state": state, "count": reports.total, "kinds": dict(reports.counts)}


async def _mail(services: Services) -> dict[str, Any]:
    """Tell how many letters wait, how many of them failed before, and how many were given up."""
    unsent, attempts = outbox.c.sent.is_(None), outbox.c.attempts
    kinds = {
        "waiting": attempts < ATTEMPTS,
        "failed": attempts.between(1, ATTEMPTS - 1),
        "given_up": attempts >= ATTEMPTS,
    }
    told: dict[str, Any] = {"set_up": bool(services.settings.smtp_url)}
    for name, which in kinds.items():
        (told[name],) = await services.store.scalars(select(func.count()).where(unsent, which))
    if not told["set_up"]:
        return {"state": "told", **told}
    return {"state": "look" if told["failed"] else "good", **told}


def _connections(hub: Hub, services: Services) -> dict[str, Any]:
    counts = [hub.watchers(project) for project in services.known]
    rooms = sum(1 for count in counts if count)
    return {"state": "told", "sockets": sum(counts), "rooms": rooms}
