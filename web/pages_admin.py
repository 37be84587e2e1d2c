"""The administrator's pages: what to set up, organisations, people, applications, health.

They show the registry's state to administrators alone; acting goes through the registry's commands.
"""

from collections.abc import Sequence
from functools import partial
from typing import Annotated, Any, get_args

from fastapi import APIRouter, Path, Query
from starlette.requests import Request
from starlette.responses import Response

from record.errors import NotFound
from registry.events import RegistryRole
from registry.state import AccountEntry, RegistryState
from web.applications import (
    Status,
    applications_in,
    check_administrator,
    count_open,
)
from web.deps import ServicesDep, Visitor, Who, registry_state
from web.health import measured
from web.installed import limits_of, own_folder, settings_of, span
from web.kept_templates import templates_in
from web.offices import offices_of
from web.pages import PageRoute
from web.pages_people import keys_of
from web.passkey_routes import passkeys_of
from web.rendering import page, page_language
from web.services import Services

router = APIRouter(tags=["pages"], route_class=PageRoute, include_in_schema=False)

ROLES: Sequence[RegistryRole] = get_args(RegistryRole)
CUSTODIANS = 3
"""The fewest custodians with whom a key can be made that one of them may miss."""

Search = Annotated[str, Query(max_length=100)]
Number = Annotated[int, Query(ge=1, le=100_000)]


@router.get("/admin")
async def overview(request: Request, services: ServicesDep, who: Who) -> Response:
    """Show what to set up next, and how the installation is doing."""
    check_administrator(who)
    state = await registry_state(services)
    health = await measured(request, services)
    shown: dict[str, Any] = {
        "steps": steps(state, services),
        "keeper": _keeper(state),
        "health": health,
        "waiting": await count_open(services),
        "organisations": len(state.organisations),
        "people": len(state.accounts),
        "log_origin": services.settings.log_origin,
        "origin": services.settings.origin_text,
        "folder": own_folder(services.settings),
        "witnessed": services.settings.witness_url is not None,
    }
    return page(request, "admin.html", who, **shown)


@router.get("/admin/organisations")
async def organisations(
    request: Request, services: ServicesDep, who: Who, q: Search = "", number: Number = 1
) -> Response:
    """List the organisations; enter one, rename one."""
    check_administrator(who)
    state = await registry_state(services)
    people: dict[str, int] = {}
    for one in state.accounts.values():
        people[one.organisation] = people.get(one.organisation, 0) + 1
    found = [one for one in state.organisations.values() if _holds(q, one.name, one.code)]
    found.sort(key=lambda one: one.name)
    return _listed(request, who, "admin_organisations.html", found, q, number, people=people)


@router.get("/admin/people")
async def people(
    request: Request,
    services: ServicesDep,
    who: Who,
    q: Search = "",
    role: Annotated[str, Query(max_length=20)] = "",
    number: Number = 1,
) -> Response:
    """List the people; open an account."""
    check_administrator(who)
    state = await registry_state(services)
    found = [
        one
        for _, one in sorted(state.accounts.items())
        if (not role or role in one.roles)
        and _holds(q, one.account, one.name, state.organisations[one.organisation].name)
    ]
    more = {
        "role": role,
        "folder": own_folder(services.settings),
        "of": {key: one.name for key, one in state.organisations.items()},
        "roles": ROLES,
        "organisations": sorted(state.organisations.values(), key=lambda one: one.name),
    }
    return _listed(request, who, "admin_people.html", found, q, number, **more)


@router.get("/admin/people/{account}")
async def person(
    request: Request,
    services: ServicesDep,
    who: Who,
    account: Annotated[str, Path(max_length=64)],
) -> Response:
    """Show one person: roles, offices, invitation, keys, passkeys, and whether it is in use."""
    check_administrator(who)
    state = await registry_state(services)
    found = state.accounts.get(account)
    if found is None:
        raise NotFound("registry.no_such_account", account=account)
    offices, most = await offices_of(services, account, who), services.settings.limits.page
    shown: dict[str, Any] = {
        "person": found,
        "organisation": state.organisations[found.organisation],
        "keys": await keys_of(services, account),
        "passkeys": await passkeys_of(services, account),
        "offices": offices[:most],
        "offices_more": len(offices) - most,
        "roles": ROLES,
        "now": services.clock.now(),
        "origin": services.settings.origin_text,
        "folder": own_folder(services.settings),
    }
    return page(request, "admin_person.html", who, **shown)


@router.get("/admin/applications")
async def applications(
    request: Request, services: ServicesDep, who: Who, status: Annotated[Status, Query()] = "open"
) -> Response:
    """List applications of bidders' organisations, with what is to be decided."""
    check_administrator(who)
    rows = await applications_in(services, status)
    return page(request, "admin_applications.html", who, rows=rows, kind=status)


@router.get("/admin/templates")
async def templates(request: Request, services: ServicesDep, who: Who) -> Response:
    """List what clerks may begin a section with; the browser's code edits it."""
    check_administrator(who)
    return page(request, "admin_templates.html", who, rows=await templates_in(services))


@router.get("/admin/settings")
async def settings(request: Request, services: ServicesDep, who: Who) -> Response:
    """Show what the installation runs with; it is changed where the service is started."""
    check_administrator(who)
    installed = services.settings
    shown: dict[str, Any] = {
        "rows": settings_of(installed),
        "limits": limits_of(installed),
        "span": partial(span, page_language(request)),
    }
    return page(request, "admin_settings.html", who, **shown)


@router.get("/admin/health")
async def health_page(request: Request, services: ServicesDep, who: Who) -> Response:
    """Show how the installation is doing."""
    check_administrator(who)
    health = await measured(request, services)
    shown: dict[str, Any] = {"health": health, "span": partial(span, page_language(request))}
    return page(request, "admin_health.html", who, **shown)


def steps(state: RegistryState, services: Services) -> list[dict[str, Any]]:
    """Return what an installation needs before its first project, with what is there already.

    `waits` says of how many people the account is open and not taken up yet.
    """
    open_ = [one for one in state.accounts.values() if not one.disabled]
    used = [one for one in open_ if one.active]
    waiting = [one for one in open_ if not one.active]

    def people(step: str, role: str, least: int) -> dict[str, Any]:
        done = _count(used, role) >= least
        return {"step": step, "done": done, "waits": _count(waiting, role)}

    keeper = _keeper(state)
    return [
        {"step": "organisations", "done": len(state.organisations) > 1, "waits": 0},
        people("clerk", "clerk", 1),
        people("custodians", "custodian", CUSTODIANS),
        people("supervisor", "supervisor", 1),
        {
            "step": "timekeeper",
            "done": services.settings.witness_url is not None
            and keeper is not None
            and bool(keeper.usable_keys),
            "waits": 0,
        },
        {"step": "project", "done": bool(services.known), "waits": 0},
    ]


def _keeper(state: RegistryState) -> AccountEntry | None:
    """Return the timekeeper's account: one with a key if there is one."""
    found = [
        one for one in state.accounts.values() if "timekeeper" in one.roles and not one.disabled
    ]
    return max(found, key=lambda one: (bool(one.usable_keys), one.active), default=None)


def _count(people: Sequence[AccountEntry], role: str) -> int:
    return sum(1 for one in people if role in one.roles)


def _holds(search: str, *fields: str) -> bool:
    wanted = search.strip().lower()
    return not wanted or any(wanted in field.lower() for field in fields)


def _listed(
    request: Request,
    who: Visitor,
    template: str,
    rows: Sequence[object],
    search: str,
    number: int,
    **shown: Any,
) -> Response:
    """Return one page of a list."""
    size = request.app.state.settings.limits.page
    some = rows[(number - 1) * size : number * size]
    listed: dict[str, Any] = {
        "rows": some,
        "q": search,
        "number": number,
        "more": len(rows) > number * size,
        "total": len(rows),
    }
    return page(request, template, who, **listed, **shown)
