"""The clerk's pages: what waits, a project made step by step, and what goes on after its notice.

They show what the clerk's seat may see and decide nothing: what is asked for goes to the project
as a command, like anybody's. Everything that stands can be read without scripts.
"""

from typing import Annotated, Any

from fastapi import APIRouter, Path, Query
from starlette.requests import Request
from starlette.responses import Response

from evaluation.marking import rule_hash
from opening.participants import Role
from project.phases import Phase, phase
from project.state import ProjectState
from record.errors import NotAllowed, NotFound
from rooms.evaluation import step_of
from web.clerk_due import Due, drafted, due_in, holders, is_keyed, last_attempt, places
from web.deps import ProjectId, ServicesDep, Visitor, Who, project_state, roles_in
from web.downloads import SectionName
from web.listing import all_states, named
from web.pages import PageRoute
from web.preflight import check_clerk
from web.rendering import page

router = APIRouter(tags=["pages"], route_class=PageRoute, include_in_schema=False)

Step = Annotated[str, Path(pattern=r"^[a-z0-9][a-z0-9-]{0,40}$")]
STEPS = frozenset(
    {
        "about",
        "sections",
        "people",
        "documents",
        "keys",
        "notice",
        "questions",
        "amend",
        "manage",
        "result",
        "preflight",
    }
)
Part = Annotated[str, Path(pattern=r"^(scoring|committee|publication)$")]
SECTION = "section-"
"""What a step about one section begins with; its name follows."""
OFFICES: tuple[Role, ...] = ("clerk", "custodian", "timekeeper", "supervisor")
_OVER = frozenset({Phase.TERMINATED, Phase.OPENED1, Phase.OPENED2, Phase.AWARDED})


@router.get("/clerk")
async def dashboard(
    request: Request, services: ServicesDep, who: Who, number: Annotated[int, Query(ge=1)] = 1
) -> Response:
    """List the clerk's projects: what is due, the next deadline first."""
    _check_granted(who)
    now, size = services.clock.now(), services.settings.limits.page
    own = [state for state in await all_states(services) if "clerk" in roles_in(state, who.account)]
    rows = sorted((_row(state, now) for state in own), key=_order)
    some = rows[(number - 1) * size : number * size]
    more = len(rows) > number * size
    return page(request, "clerk.html", who, rows=some, now=now, number=number, more=more)


@router.get("/clerk/new")
async def new_project(request: Request, who: Who) -> Response:
    """Show the form that begins a project."""
    _check_granted(who)
    return page(request, "clerk_new.html", who)


@router.get("/clerk/{project}")
async def overview(
    request: Request, services: ServicesDep, who: Who, project: ProjectId
) -> Response:
    """Show the steps of a project, or what goes on in it once its notice is published."""
    state = await project_state(services, project)
    check_clerk(state, who)
    now = services.clock.now()
    return page(request, "clerk_project.html", who, **_shown(state, now), now=now)


@router.get("/clerk/{project}/{step}")
async def step_page(
    request: Request, services: ServicesDep, who: Who, project: ProjectId, step: Step
) -> Response:
    """Show one step of a project; the browser's code fills it."""
    state = await project_state(services, project)
    check_clerk(state, who)
    name = step.removeprefix(SECTION) if step.startswith(SECTION) else ""
    if not name and step not in STEPS:
        raise NotFound("web.no_such_page")
    now = services.clock.now()
    bound = state.opening.participants[who.account, "clerk"].keyid
    shown = {**_shown(state, now), "step": "section" if name else step, "name": name}
    return page(request, "clerk_step.html", who, **shown, now=now, bound=bound or "")


@router.get("/clerk/{project}/{part}/{section}")
async def section_page(
    request: Request,
    services: ServicesDep,
    who: Who,
    project: ProjectId,
    part: Part,
    section: SectionName,
) -> Response:
    """Show the scoring rule of a section, its committee or result; the browser's code fills it."""
    state = await project_state(services, project)
    check_clerk(state, who)
    if section not in state.opening.sections:
        raise NotFound("opening.no_such_section", section=section)
    now = services.clock.now()
    shown = {**_shown(state, now), "step": part, "name": section}
    bound = state.opening.participants[who.account, "clerk"].keyid
    return page(request, "clerk_step.html", who, **shown, now=now, bound=bound or "")


def _check_granted(who: Visitor) -> None:
    if "clerk" not in who.roles:
        raise NotAllowed("project.role_not_granted", role="clerk")


def _shown(state: ProjectState, now: int) -> dict[str, Any]:
    created = state.created
    return {
        **named(state),
        "agency": created.agency if created else None,
        "currency": created.currency if created else "",
        "published": state.notice.stamp.at if state.notice else None,
        "sections": [_section(state, name) for name in state.opening.sections],
        "people": {role: holders(state, role) for role in OFFICES},
        "documents": len(state.documents),
        "is_keyed": is_keyed(state),
        "due": due_in(state, now),
        "drafted": len(drafted(state)),
    }


def _section(state: ProjectState, name: str) -> dict[str, Any]:
    terms = state.opening.sections[name].terms
    return {
        "section": name,
        "title": terms.title,
        "deadline": terms.deadline,
        "envelopes": terms.envelopes,
        "limit": terms.limit,
        "currency": terms.currency,
        "phase": str(phase(state.opening, name)),
        "keys": [_key(state, name, envelope) for _, envelope in places(state, name)],
        **_evaluated(state, name),
    }


def _evaluated(state: ProjectState, name: str) -> dict[str, Any]:
    """Return by which rule a section is evaluated, and how far that has come."""
    rule = state.evaluation.rules.get(name)
    if rule is None:
        return {"rule": None, "evaluation": None}
    found = state.evaluation.evaluations.get(name)
    return {
        "rule": {"title": rule.title, "hash": rule_hash(rule)},
        "evaluation": None if found is None else step_of(state.opening, found),
    }


def _key(state: ProjectState, section: str, envelope: int) -> str:
    """Return where the key of a place stands: made, running, failed or none."""
    place = next(one for one in places(state, section) if one[1] == envelope)
    if place in state.opening.keys:
        return "made"
    attempt = last_attempt(state, place)
    if attempt is None:
        return "none"
    return "running" if attempt.status == "open" else "failed"


def _row(state: ProjectState, now: int) -> dict[str, Any]:
    shown = _shown(state, now)
    waiting = [
        one["deadline"]
        for one in shown["sections"]
        if Phase(one["phase"]) not in _OVER and one["deadline"] > now
    ]
    due: tuple[Due, ...] = shown["due"]
    return {**shown, "next": min(waiting, default=None), "is_idle": not due}


def _order(row: dict[str, Any]) -> tuple[bool, bool, int, str]:
    """Order by the next deadline; what has none comes later, what is over last."""
    is_over = row["next"] is None and row["is_idle"]
    return (is_over, row["next"] is None, row["next"] or 0, row["number"])
