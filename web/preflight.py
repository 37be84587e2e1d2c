"""What a clerk looks at before a session: timekeeper, clock, disk and keys, as they are now.

It measures and tells; whether that is good enough is for the clerk to judge.
"""

import shutil
from pathlib import Path
from typing import Any

from fastapi import APIRouter

from opening.state import Key
from project.state import ProjectState
from record.errors import NotAllowed, NotFound
from web.deps import ProjectId, ServicesDep, Visitor, Who, project_state, roles_in
from web.health import cosigned_at
from web.projects import may_see
from web.services import Services

router = APIRouter(tags=["projects"])


@router.get("/api/projects/{project}/preflight")
async def preflight(services: ServicesDep, who: Who, project: ProjectId) -> dict[str, Any]:
    """Tell a clerk of the project how timekeeper, clock, disk and keys are."""
    state = await project_state(services, project)
    check_clerk(state, who)
    free = await services.workers.run(_free, services.settings.data_dir)
    return {
        "now": services.clock.now(),
        "timekeeper": await _timekeeper(services),
        "disk": {"free": free, "reserve": services.settings.limits.disk_reserve},
        "keys": [_key(state, key) for key in state.opening.keys.values()],
    }


def check_clerk(state: ProjectState, who: Visitor) -> None:
    """Refuse whoever is not bound as a clerk; `web.no_such_project`, `opening.not_bound`."""
    if not may_see(state, who):
        raise NotFound("web.no_such_project")
    if "clerk" not in roles_in(state, who.account):
        raise NotAllowed("opening.not_bound", role="clerk")


def _free(folder: Path) -> int:
    return shutil.disk_usage(folder).free


async def _timekeeper(services: Services) -> dict[str, Any]:
    """Return what the log has, and up to where and when the timekeeper saw it."""
    head = services.sequencer.head
    shown: dict[str, Any] = {
        "is_set": bool(services.settings.witness_vkey),
        "size": head.checkpoint.size if head is not None else 0,
        "seen": 0,
    }
    found = await services.sequencer.cosigned()
    at = cosigned_at(services, found)
    if found is None or at is None:
        # nothing, or under another timekeeper's key than the one in the settings now
        return shown
    return {**shown, "seen": found.size, "at": at}


def _key(state: ProjectState, key: Key) -> dict[str, Any]:
    start = state.opening.attempts[key.sid].start
    rows = enumerate(start.roster, 1)
    return {
        "section": key.place[0],
        "envelope": key.place[1],
        "k": start.k,
        "erased": key.erased,
        "custodians": [
            {"name": member.name, **({"at": key.rehearsed[i]} if i in key.rehearsed else {})}
            for i, member in rows
        ],
    }
