"""The pages for everybody, signed in or not: notices, published minutes, the log, the check.

They show what the channel `public` shows, the scoring rules that a notice binds by their hashes,
and every result as it was published; nothing else, and nothing is decided here. A receipt is
checked in the browser: no route here takes one.
"""

from collections.abc import Iterable
from datetime import timedelta
from typing import Annotated, Any

from fastapi import APIRouter, Query
from starlette.requests import Request
from starlette.responses import Response

from crypto.checkpoints import NoteInvalid, open_cosigned
from crypto.notes import VerifierKey
from project.phases import Phase
from rooms.hub import Hub
from rooms.results import result_view
from web.deps import Perhaps, ProjectId, ServicesDep, project_state, registry_state
from web.exports import is_public
from web.frame import POLICY
from web.listing import all_states, nearness
from web.log import keys as log_keys
from web.moments import local
from web.notices import Listed, listed, matches, stands
from web.offered import sealer
from web.pages import PageRoute, see
from web.rendering import page
from web.rooms import EntranceDep, check_channels
from web.scoring import published_rules
from web.services import Services

router = APIRouter(tags=["pages"], route_class=PageRoute, include_in_schema=False)

SHORT = 10
"""How many rows a table of the start page has."""
LINES = 300
"""How many lines of a project's timeline stand in its page."""
CHECKPOINTS = 20
WEEK = timedelta(days=7)
_GOING_ON = frozenset({Phase.CLOSED, Phase.OPENING1, Phase.EVALUATING1})
Wanted = Annotated[str, Query(max_length=100)]
Number = Annotated[int, Query(ge=1, le=100_000)]


@router.get("/")
async def start(request: Request, services: ServicesDep, who: Perhaps) -> Response:
    """Show what is announced, opened and published; lead the signed-in to their projects."""
    if (await registry_state(services)).is_empty:
        return see("/first")
    if who is not None:
        return see("/projects")
    now = services.clock.now()
    found = await _all(services)
    shown: dict[str, Any] = {
        "now": now,
        "today": _today(found, now),
        "week": _this_week(found, now),
        "tenders": sorted(_open(found), key=lambda one: one.deadline)[:SHORT],
        "more": len(_open(found)) > SHORT,
        "published": _published(found)[:SHORT],
    }
    return page(request, "public_start.html", None, **shown)


@router.get("/public")
async def notices(
    request: Request, services: ServicesDep, who: Perhaps, q: Wanted = "", number: Number = 1
) -> Response:
    """List all sections that were ever announced, or those that hold some words."""
    now, size = services.clock.now(), services.settings.limits.page
    found = [one for one in await _all(services) if matches(one, q)]
    found.sort(key=lambda one: (nearness(one.deadline, now), one.number))
    shown: dict[str, Any] = {
        "rows": found[(number - 1) * size : number * size],
        "more": len(found) > number * size,
        "count": len(found),
        "number": number,
        "wanted": q,
        "now": now,
    }
    return page(request, "public_list.html", who, **shown)


@router.get("/public/{project}")
async def notice(
    request: Request,
    services: ServicesDep,
    entrance: EntranceDep,
    who: Perhaps,
    project: ProjectId,
) -> Response:
    """Show a project as everybody may see it: notice, schedule, answers, published minutes."""
    state = await project_state(services, project)
    await check_channels(services, state, None, ["public"])
    channel = (await entrance.hub.room(project)).projection.channel("public")
    now = services.clock.now()
    sections = state.notice.notice.sections if state.notice is not None else ()
    shown: dict[str, Any] = {
        "project": project,
        "view": channel.view,
        "phases": {one.section: stands(state.opening, one.section, now) for one in sections},
        "lines": await _lines(entrance.hub, project, channel.n),
        "now": now,
        "rules": published_rules(state),
        "results": {
            one.section: result_view(state, one.section, frozenset(), "") for one in sections
        },
        "has_record": is_public(state),
        "sealer": await services.workers.run(sealer),
    }
    return page(request, "public_project.html", who, **shown)


@router.get("/check")
async def check(request: Request, services: ServicesDep, who: Perhaps) -> Response:
    """Show where a receipt is checked, by the browser, against keys that one can compare."""
    keys = await log_keys(services)
    answer = page(request, "public_check.html", who, keys=keys)
    answer.headers["content-security-policy"] = _closed(services)
    return answer


@router.get("/log")
async def log(request: Request, services: ServicesDep, who: Perhaps) -> Response:
    """Show the newest tree heads of the log, and the keys that check them."""
    shown: dict[str, Any] = {
        "keys": await log_keys(services),
        "checkpoints": await _checkpoints(services),
        "origin": services.settings.origin_text,
        "name": services.settings.log_origin,
    }
    return page(request, "public_log.html", who, **shown)


async def _all(services: Services) -> list[Listed]:
    """Return every announced section of the installation."""
    now = services.clock.now()
    return [one for state in await all_states(services) for one in listed(state, now)]


def _today(found: Iterable[Listed], now: int) -> list[Listed]:
    """Return the openings of today, and those of before that still go on."""
    day = local(now).date()
    here = [
        one
        for one in found
        if local(one.deadline).date() == day or (one.deadline < now and one.stands in _GOING_ON)
    ]
    return sorted(here, key=lambda one: one.deadline)


def _this_week(found: Iterable[Listed], now: int) -> list[Listed]:
    """Return the openings of the seven days after today."""
    day = local(now).date()
    here = [one for one in found if day < local(one.deadline).date() <= day + WEEK]
    return sorted(here, key=lambda one: one.deadline)


def _open(found: Iterable[Listed]) -> list[Listed]:
    return [one for one in found if one.stands is Phase.OPEN]


def _published(found: Iterable[Listed]) -> list[tuple[int, int, Listed]]:
    """Return sessions whose minutes are published: when, which envelope, of which section."""
    here = [(at, envelope, one) for one in found for envelope, at in one.ended.items()]
    return sorted(here, key=lambda row: row[0], reverse=True)


async def _lines(hub: Hub, project: str, n: int) -> list[dict[str, Any]]:
    """Return the last lines of what everybody may know of a project, newest first."""
    found = await hub.frames(project, "public", max(0, n - LINES))
    by_id = {frame.event["id"]: dict(frame.event) for frame in found.frames}
    return sorted(by_id.values(), key=lambda line: line["at"], reverse=True)


async def _checkpoints(services: Services) -> list[dict[str, Any]]:
    """Return the newest cosigned tree heads, newest first."""
    vkey = services.settings.witness_vkey
    if not vkey:
        return []
    witness = VerifierKey.decode(vkey)
    shown: list[dict[str, Any]] = []
    for one in await services.store.latest_cosigned(CHECKPOINTS):
        try:
            head = open_cosigned(one.note, services.sequencer.log_key, witness)
        except NoteInvalid:
            # of before the witness's key was changed
            continue
        shown.append(
            {
                "size": head.checkpoint.size,
                "root": head.checkpoint.root.hex(),
                "at": head.cosigned_at * 1000,
            }
        )
    return shown


def _closed(services: Services) -> str:
    """Return the policy of a page that may talk to its own texts and to the log, and no further."""
    origin = services.settings.origin_text
    wide, narrow = "connect-src 'self'", f"connect-src {origin}/texts/ {origin}/api/log/"
    return POLICY.replace(wide, narrow)
