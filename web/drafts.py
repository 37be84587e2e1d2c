"""Drafts of marks and of reviews: a member's own, kept until the marks are submitted.

They are in a table and never on the record. Nobody but their writer may be shown one, not even
that there is one, and nothing is checked of them but their form: what is typed may be wrong yet.
"""

import json
from collections.abc import Mapping
from functools import partial
from typing import Annotated, Any, Final

from fastapi import APIRouter
from pydantic import Field, StringConstraints
from sqlalchemy import ColumnElement, Connection, and_, select
from starlette.requests import Request
from starlette.responses import JSONResponse, Response

from evaluation.committee import seat_of
from evaluation.scoring.rule import ItemId
from opening.messages import BidId
from record.errors import NotFound, OutOfOrder
from record.events import Frozen
from registry.draft_tables import drafts
from web.deps import ProjectId, ServicesDep, Visitor, Who, project_state
from web.downloads import SectionName
from web.reading import read_json
from web.services import Services

router = APIRouter(tags=["evaluation"])

MOST: Final = 256 * 1024
"""The longest draft, bytes of JSON."""

AsTyped = Annotated[str, StringConstraints(max_length=40)]
Why = Annotated[str, StringConstraints(max_length=500)]


class DraftVerdict(Frozen):
    """What a member is about to say of an item of a bid."""

    passed: bool | None = None
    reason: Why = ""


class DraftBody(Frozen):
    """A whole draft, made from the version it names; 0 where there was none."""

    version: Annotated[int, Field(ge=0, le=2**31 - 2)]
    marks: Mapping[BidId, Mapping[ItemId, AsTyped]]
    review: Mapping[BidId, Mapping[ItemId, DraftVerdict]]


@router.get("/api/projects/{project}/sections/{section}/draft")
async def read_draft(
    services: ServicesDep, who: Who, project: ProjectId, section: SectionName
) -> dict[str, Any]:
    """Return one's own draft; version 0 and nothing in it where there is none."""
    if await _is_submitted(services, who, project, section):
        await forget(services, project, section, who.account)
    found = await services.store.rows(select(drafts).where(_own(project, section, who.account)))
    if not found:
        return {"version": 0, "marks": {}, "review": {}}
    return {"version": found[0].version, "at": found[0].at, **json.loads(found[0].content)}


@router.put("/api/projects/{project}/sections/{section}/draft")
async def keep_draft(
    request: Request, services: ServicesDep, who: Who, project: ProjectId, section: SectionName
) -> Response:
    """Keep one's own draft, whole; answered with the version it is now.

    The same draft again, after an answer that was lost, is answered as it was the first time.

    Raises:
        OutOfOrder: `web.draft_newer`, another window kept one meanwhile; `marks.submitted`.
    """
    submitted = await _is_submitted(services, who, project, section)
    body = await read_json(request, DraftBody, MOST, services.settings.limits.body_time)
    if submitted:
        raise OutOfOrder("marks.submitted")
    row = {
        "project": project,
        "section": section,
        "account": who.account,
        "version": body.version + 1,
        "content": body.model_dump_json(include={"marks", "review"}),
        "at": services.clock.now(),
    }
    await services.store.change(partial(_put, row))
    return JSONResponse({"version": row["version"], "at": row["at"]})


def _put(row: dict[str, Any], connection: Connection) -> None:
    """Put a draft in the place of the one it was made from: the one thread that writes looks."""
    own = _own(row["project"], row["section"], row["account"])
    kept = connection.execute(select(drafts).where(own)).one_or_none()
    version = 0 if kept is None else kept.version
    if version == row["version"] and kept is not None and kept.content == row["content"]:
        return
    if version != row["version"] - 1:
        raise OutOfOrder("web.draft_newer", version=version)
    put = drafts.insert() if kept is None else drafts.update().where(own)
    connection.execute(put.values(**row))


async def forget(services: Services, project: str, section: str, account: str) -> None:
    """Forget a draft: its writer has submitted, or has left the committee."""
    await services.store.change(drafts.delete().where(_own(project, section, account)))


def _own(project: str, section: str, account: str) -> ColumnElement[bool]:
    return and_(
        drafts.c.project == project, drafts.c.section == section, drafts.c.account == account
    )


async def _is_submitted(services: Services, who: Visitor, project: str, section: str) -> bool:
    """Tell whether a member has submitted its marks.

    Refusals: web.no_evaluation.
    """
    state = await project_state(services, project)
    if section not in state.evaluation.sections_of(who.account):
        raise NotFound("web.no_evaluation")
    found = state.evaluation.evaluations[section]
    return seat_of(found.committee, who.account).member.seat in found.marking.sheets
