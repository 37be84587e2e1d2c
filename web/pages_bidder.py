"""The bidder's pages: the task list of each project, and the page a bid is sealed and submitted on.

They show what the bidder's own seat may see and decide nothing; what is secret about a bid is made
and kept in the browser.
"""

from typing import Annotated, Any

from fastapi import APIRouter, Path
from starlette.requests import Request
from starlette.responses import Response

from opening.state import OpeningState, Place, SealedBid
from project.phases import Phase, phase
from project.questions import already_fetched
from project.state import ProjectState
from record.errors import NotFound
from rooms.evaluation import clarifications_of
from rooms.prices import corrections_of
from rooms.results import result_view
from web.deps import ProjectId, ServicesDep, Visitor, Who, project_state, roles_in
from web.listing import all_states, first_deadline, named, nearness
from web.pages import PageRoute
from web.rendering import page

router = APIRouter(tags=["pages"], route_class=PageRoute, include_in_schema=False)

PlaceName = Annotated[str, Path(pattern=r"^[a-z0-9][a-z0-9-]{0,31}-[12]$")]
_AS_BIDDER = frozenset({"bidder"})
_TAKING = frozenset({Phase.OPEN, Phase.SUSPENDED})
_OVER = frozenset({Phase.OPENING1, Phase.OPENED1, Phase.EVALUATING1, Phase.OPENING2, Phase.OPENED2})
"""While a committee may be convened, and ask."""


@router.get("/bidder")
async def tasks(request: Request, services: ServicesDep, who: Who) -> Response:
    """List what a bidder has to do, the next deadline first, and what it may still take part in."""
    now = services.clock.now()
    seen = [state for state in await all_states(services) if state.notice is not None]
    own = [state for state in seen if "bidder" in roles_in(state, who.account)]
    open_ones = [state for state in seen if _may_join(state, who)]
    rows = sorted((_tasks(state, who) for state in own), key=lambda row: _soon(row, now))
    others = sorted((_head(state) for state in open_ones), key=lambda row: _soon(row, now))
    return page(request, "bidder_tasks.html", who, rows=rows, others=others, now=now)


@router.get("/projects/{project}/bid/{place}")
async def bid_page(
    request: Request, services: ServicesDep, who: Who, project: ProjectId, place: PlaceName
) -> Response:
    """Show the page on which one's bid at a place is sealed, submitted, replaced or withdrawn."""
    state = await project_state(services, project)
    section, _, envelope = place.rpartition("-")
    found = state.opening.sections.get(section)
    if state.notice is None or found is None or int(envelope) > found.terms.envelopes:
        raise NotFound("opening.no_such_section", section=place)
    shown: dict[str, Any] = {
        **_head(state),
        "section": section,
        "section_title": found.terms.title,
        "envelope": int(envelope),
        "envelopes": found.terms.envelopes,
        "deadline": found.terms.deadline,
        "now": services.clock.now(),
        "bids": _own_bids(state.opening, who, (section, 2 if envelope == "2" else 1)),
    }
    return page(request, "bidder_bid.html", who, **shown)


def _may_join(state: ProjectState, who: Visitor) -> bool:
    """Tell whether the visitor could still take part, as far as a list of offers goes by it."""
    if "bidder" not in who.roles or roles_in(state, who.account):
        return False
    return any(phase(state.opening, name) in _TAKING for name in state.opening.sections)


def _head(state: ProjectState) -> dict[str, Any]:
    return {**named(state), "deadline": first_deadline(state)}


def _tasks(state: ProjectState, who: Visitor) -> dict[str, Any]:
    return {
        **_head(state),
        "bound": state.opening.participants[who.account, "bidder"].keyid,
        "documents": [
            {
                "document": one.document,
                "title": one.title,
                "name": one.name,
                "size": one.size,
                "fetched": already_fetched(state, one.document, who.organisation),
            }
            for one in state.documents.values()
            if one.published
        ],
        "organisation": who.organisation,
        "is_evaluated": any(
            phase(state.opening, one) in _OVER or one in state.evaluation.evaluations
            for one in state.opening.sections
        ),
        "titles": [
            {"section": name, "title": one.terms.title}
            for name, one in state.opening.sections.items()
        ],
        "sections": [_section(state, name, who) for name in state.opening.sections],
    }


def _section(state: ProjectState, name: str, who: Visitor) -> dict[str, Any]:
    terms = state.opening.sections[name].terms
    return {
        "section": name,
        "title": terms.title,
        "phase": str(phase(state.opening, name)),
        "deadline": terms.deadline,
        "question_deadline": terms.question_deadline,
        "max_size": terms.max_size,
        "asked": clarifications_of(state, name, who.organisation),
        "corrected": corrections_of(state, name, who.organisation),
        "result": result_view(state, name, _AS_BIDDER, who.organisation),
        "currency": terms.currency,
        "envelopes": [
            {
                "envelope": envelope,
                "bids": _own_bids(state.opening, who, (name, 2 if envelope == 2 else 1)),
                "stage": _stage(state.opening, (name, 2 if envelope == 2 else 1)),
            }
            for envelope in range(1, terms.envelopes + 1)
        ],
    }


def _own_bids(state: OpeningState, who: Visitor, place: Place) -> list[SealedBid]:
    """Return one's own organisation's bids at a place, by revision."""
    own = [
        bid
        for bid in state.bids.values()
        if bid.organisation == who.organisation and bid.place == place
    ]
    return sorted(own, key=lambda bid: bid.revision)


def _stage(state: OpeningState, place: Place) -> str:
    session = state.sessions.get(place)
    return str(session.stage) if session is not None else "lobby"


def _soon(row: dict[str, Any], now: int) -> tuple[bool, int]:
    return nearness(row["deadline"], now)
