"""The custodian's page: own tasks in all projects, and the kit, which lives in the browser.

What stands can be read without scripts; acting needs them, because messages are signed there. No
secret of a kit ever comes here.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal

from fastapi import APIRouter
from starlette.requests import Request
from starlette.responses import Response

from opening import transcripts
from opening.state import Attempt, Place
from project.state import ProjectState
from web.deps import ServicesDep, Who, roles_in
from web.listing import all_states, named
from web.pages import PageRoute
from web.rendering import page

router = APIRouter(tags=["pages"], route_class=PageRoute, include_in_schema=False)

Doing = Literal["join", "deal", "certify", "rehearse", "release"]


@dataclass(frozen=True, slots=True)
class Task:
    """What a custodian has to do at one place.

    Args:
        doing: what.
        until: the end of the step, or the deadline, ms.
    """

    number: str
    title: str
    section: str
    envelope: int
    doing: Doing
    until: int


@router.get("/custodian")
async def tasks_page(request: Request, services: ServicesDep, who: Who) -> Response:
    """Show what waits for this custodian."""
    own = [
        state for state in await all_states(services) if "custodian" in roles_in(state, who.account)
    ]
    found = sorted((task for state in own for task in tasks(state, who.account)), key=_soon)
    return page(request, "custodian.html", who, tasks=found, count=len(own))


def tasks(state: ProjectState, account: str) -> Iterator[Task]:
    """Give what waits for a custodian in a project."""
    bound = state.opening.participants.get((account, "custodian"))
    keys = set(bound.keys.values()) if bound is not None else set()
    for attempt in state.opening.attempts.values():
        i = next((n for n, one in enumerate(attempt.start.roster, 1) if one.key in keys), None)
        doing = _doing(state, attempt, i) if i is not None else None
        if doing is not None:
            yield _task(state, attempt, doing)


def _doing(state: ProjectState, attempt: Attempt, i: int) -> Doing | None:
    if attempt.status == "open":
        return transcripts.step(attempt) if i in transcripts.missing(attempt) else None
    place: Place = (attempt.start.section, attempt.start.envelope)
    key = state.opening.keys.get(place)
    if key is None or key.sid != attempt.sid or key.erased:
        return None
    if state.opening.sections[place[0]].terminated:
        return None
    session = state.opening.sessions.get(place)
    if session is None or session.closed is None:
        return "rehearse" if i not in key.rehearsed else None
    is_wanted = session.order is not None and session.release is None
    return "release" if is_wanted and i not in session.partials else None


def _task(state: ProjectState, attempt: Attempt, doing: Doing) -> Task:
    start, names = attempt.start, named(state)
    terms = state.opening.sections[start.section].terms
    ends = {"join": start.join_by, "deal": start.deal_by, "certify": start.certify_by}
    return Task(
        number=names["number"],
        title=names["title"],
        section=terms.title,
        envelope=start.envelope,
        doing=doing,
        until=ends.get(doing, terms.deadline),
    )


def _soon(task: Task) -> int:
    return task.until
