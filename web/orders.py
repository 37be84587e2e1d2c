"""What an order of an opening must say, told to the clerk who is to sign it; it orders nothing.

The page shows the list before it is signed; the rules compare it again when the order comes.
"""

from typing import Any

from fastapi import APIRouter

from opening.commands import IssueOrder
from opening.order import opening_list
from opening.stages import ALLOWED, check_may_open, check_stage, section_at, session_at
from opening.state import Place
from record.errors import NotAllowed
from web.deps import ProjectId, ServicesDep, Who, project_state, roles_in
from web.downloads import EnvelopeName, SectionName

router = APIRouter(tags=["projects"])


@router.get("/api/projects/{project}/sections/{section}/{envelope}/order")
async def expected_order(
    services: ServicesDep,
    who: Who,
    project: ProjectId,
    section: SectionName,
    envelope: EnvelopeName,
) -> dict[str, Any]:
    """Return the opening order that the record asks for now: the key, and the bids in order."""
    state = await project_state(services, project)
    if "clerk" not in roles_in(state, who.account):
        raise NotAllowed("opening.not_bound", role="clerk")
    place: Place = (section, 2 if envelope == 2 else 1)
    check_may_open(section_at(state.opening, place), place)
    check_stage(session_at(state.opening, place), ALLOWED[IssueOrder])
    listed = opening_list(state.opening, place)
    return {
        "project": project,
        "section": section,
        "envelope": envelope,
        "key_id": state.opening.keys[place].key_id,
        "bids": [one.model_dump(mode="json") for one in listed],
        "now": services.clock.now(),
    }
