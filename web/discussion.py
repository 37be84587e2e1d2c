"""The discussion of a committee, for its members and, on the record, the supervisor.

Nobody else learns that there is one; who may read it is `rooms.discussion`.
"""

from typing import Annotated, Any

from fastapi import APIRouter, Query

from rooms.discussion import discussion_view
from web.deps import ProjectId, ServicesDep, Who, project_state, roles_in
from web.downloads import SectionName
from web.exports import note_view

router = APIRouter(tags=["evaluation"])


@router.get("/api/projects/{project}/sections/{section}/discussion")
async def discussion(
    services: ServicesDep,
    who: Who,
    project: ProjectId,
    section: SectionName,
    *,
    after: Annotated[int, Query(ge=0, le=100_000)] = 0,
) -> dict[str, Any]:
    """Return what the committee has said among itself, from one message on."""
    state = await project_state(services, project)
    roles = roles_in(state, who.account)
    shown = discussion_view(state, section, who.account, roles, after)
    if section not in state.evaluation.sections_of(who.account):
        await note_view(services, state, who, "hall")
    return shown
