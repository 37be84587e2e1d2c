"""The hall of an opening session, and the supervisor's list of what it supervises.

They show what channels allow; who acts, acts by commands that the browser's own code sends.
"""

from collections.abc import Awaitable, Callable, Iterator, Mapping
from typing import Any

from fastapi import APIRouter
from starlette.requests import Request
from starlette.responses import Response

from opening.stages import session_at
from opening.state import Place
from project.phases import phase
from project.state import ProjectState
from record.errors import NotFound
from rooms.evaluation import step_of, view
from rooms.hub import Page
from rooms.rights import channels_of
from web.deps import ProjectId, ServicesDep, Who, project_state, roles_in
from web.exports import note_view
from web.listing import all_states, first_deadline, named, nearness
from web.pages import PageRoute, own_channel
from web.rendering import page
from web.rooms import EntranceDep, check_channels

LINES = 200
"""How many lines of the timeline stand in the page itself."""

router = APIRouter(tags=["pages"], route_class=PageRoute, include_in_schema=False)


@router.get("/projects/{project}/hall/{place}")
async def hall_page(
    request: Request,
    services: ServicesDep,
    entrance: EntranceDep,
    who: Who,
    project: ProjectId,
    place: str,
) -> Response:
    """Show the hall of one opening session; the browser's code keeps it live."""
    state = await project_state(services, project)
    await check_channels(services, state, who, ["hall"])
    section, _, envelope = place.rpartition("-")
    found = state.opening.sections.get(section)
    if found is None or envelope not in {"1", "2"} or int(envelope) > found.terms.envelopes:
        raise NotFound("opening.no_such_section", section=place)
    room = await entrance.hub.room(project)
    channel = room.projection.channel("hall")
    channels = [name for name in sorted(channels_of(state, who.account)) if name != "public"]
    shown: dict[str, Any] = {
        "project": project,
        "place": place,
        "section_id": section,
        "envelope": int(envelope),
        "view": channel.view,
        "lines": await _lines(entrance.hub.frames, project, channel.n, place),
        "bidders": _bidders(channel.view),
        "channels": channels[:4],
        "own": own_channel(state, who) or "",
        "roles": sorted(roles_in(state, who.account)),
        "now": services.clock.now(),
    }
    return page(request, "hall.html", who, **shown)


@router.get("/supervisor")
async def supervisor_page(request: Request, services: ServicesDep, who: Who) -> Response:
    """List the projects a visitor supervises, those with the next deadline first."""
    own = [one for one in await all_states(services) if "supervisor" in roles_in(one, who.account)]
    for state in own:
        if state.evaluation.evaluations:
            await note_view(services, state, who, "hall")
    rows, now = [_supervised(state, who.account) for state in own], services.clock.now()
    rows.sort(key=lambda row: (nearness(row["deadline"], now), row["number"]))
    return page(request, "supervisor.html", who, rows=rows, now=now)


def _supervised(state: ProjectState, account: str) -> dict[str, Any]:
    opening, sections = state.opening, state.opening.sections
    tiles = [
        {
            "place": f"{name}-{envelope}",
            "title": section.terms.title,
            "envelope": envelope if section.terms.envelopes > 1 else None,
            "deadline": section.terms.deadline,
            "phase": str(phase(opening, name)),
            "stage": session_at(opening, _place(name, envelope)).stage,
            "evaluation": _progress(state, name),
            "open_notices": sum(
                one.section == name and one.reply is None for one in state.notices.values()
            ),
        }
        for name, section in sections.items()
        for envelope in range(1, section.terms.envelopes + 1)
    ]
    evaluations = [
        {**view(state, name, "supervisor", account), "title": sections[name].terms.title}
        for name in sorted(state.evaluation.evaluations)
    ]
    return {
        **named(state),
        "asked": [asked for one in evaluations for asked in _to_check(one)],
        "tiles": tiles,
        "deadline": first_deadline(state),
        "titles": {name: one.terms.title for name, one in sections.items()},
        "evaluations": evaluations,
        # nothing more happens there that a page would have to follow
        "is_over": not evaluations and all(one["stage"] == "ended" for one in tiles),
    }


def _progress(state: ProjectState, section: str) -> str | None:
    """Return how far the evaluation of a section has come, where there is one."""
    found = state.evaluation.evaluations.get(section)
    return None if found is None else step_of(state.opening, found)


def _to_check(evaluation: Mapping[str, Any]) -> Iterator[dict[str, Any]]:
    """Give the questions and answers of an evaluation that wait for the supervisor."""
    names = {one["bid"]: one["name"] for one in evaluation["bids"]}
    about = {"section": evaluation["section"], "title": evaluation["title"]}
    for one in evaluation.get("clarifications", ()):
        if one["status"] in {"agreed", "answered"}:
            yield {**one, **about, "name": names[one["bid"]]}


def _place(section: str, envelope: int) -> Place:
    return (section, 2 if envelope == 2 else 1)


def _bidders(view: Mapping[str, Any]) -> dict[str, str]:
    """Return the names of the bidders that were announced, by bid."""
    return {
        bid: one["name"]
        for session in view.get("sessions", {}).values()
        for bid, one in session.get("bids", {}).items()
        if "name" in one
    }


async def _lines(
    frames: Callable[[str, str, int], Awaitable[Page]], project: str, n: int, place: str
) -> list[dict[str, Any]]:
    """Return the last lines of a session's timeline, newest first."""
    found = await frames(project, "hall", max(0, n - LINES))
    by_id = {frame.event["id"]: dict(frame.event) for frame in found.frames}
    here = [line for line in reversed(by_id.values()) if _is_here(line, place)]
    return sorted(here, key=lambda line: line["at"], reverse=True)


def _is_here(line: dict[str, Any], place: str) -> bool:
    """Tell whether a line is about a place, or about nothing smaller than its project."""
    section, _, envelope = place.rpartition("-")
    if line.get("section", section) != section:
        return False
    return str(line.get("envelope", envelope)) == envelope
