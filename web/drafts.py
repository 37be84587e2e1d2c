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

from evaluation.blind_events import Alias
from evaluation.committee import seat_of
from evaluation.pause import check_running
from evaluation.scoring.rule import ItemId
from opening.messages import BidId
from record.errors import NotFound, OutOfOrder
from record.events import Frozen, Hex32
from registry.draft_tables import drafts
from web.deps import ProjectId, ServicesDep, Visitor, Who, project_state
from web.downloads import SectionName
from web.reading import read_json
from web.services import Services

router = APIRouter(tags=["evaluation"])

MOST: Final = 256 * 1024
"""The longest draft, bytes of JSON."""

EMPTY: Final[Mapping[str, Any]] = {"version": 0, "marks": {}, "review": {}}
"""What is answered where there is none, or none any longer."""

AsTyped = Annotated[str, StringConstraints(max_length=40)]
Why = Annotated[str, StringConstraints(max_length=500)]


class DraftVerdict(Frozen):
    """What a member is about to say of an item of a bid."""

    passed: bool | None = None
    reason: Why = ""


class DraftBody(Frozen):
    """A whole draft, made from the version it names; 0 where there was none."""

    version: Annotated[int, Field(ge=0, le=2**31 - 2)]
    marks: Mapping[BidId | Alias, Mapping[ItemId, AsTyped]]
    """By bid, and by alias of the draw."""
    review: Mapping[BidId, Mapping[ItemId, DraftVerdict]]
    draw: Hex32 | None = None
    """Of the aliases that marks are by; none where nothing is blind."""


@router.get("/api/projects/{project}/sections/{section}/draft")
async def read_draft(
    services: ServicesDep, who: Who, project: ProjectId, section: SectionName
) -> Mapping[str, Any]:
    """Return one's own draft; version 0 and nothing in it where there is none."""
    if await _is_submitted(services, who, project, section):
        return EMPTY
    found = await services.store.rows(select(drafts).where(_own(project, section, who.account)))
    if not found:
        return EMPTY
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
        "content": body.model_dump_json(include=_kept(body)),
        "at": services.clock.now(),
    }
    await services.store.change(partial(_put, row))
    return JSONResponse({"version": row["version"], "at": row["at"]})


def _kept(body: DraftBody) -> set[str]:
    """Return what of a draft is kept beside its version."""
    return {"marks", "review"} | ({"draw"} if body.draw is not None else set())


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


def _own(project: str, section: str, account: str) -> ColumnElement[bool]:
    return and_(
        drafts.c.project == project, drafts.c.section == section, drafts.c.account == account
    )


async def _is_submitted(services: Services, who: Visitor, project: str, section: str) -> bool:
    """Tell whether a member has submitted its marks; its drafts are locked during a pause.

    Refusals: web.no_evaluation, evaluation.paused.
    """
    state = await project_state(services, project)
    if section not in state.evaluation.sections_of(who.account):
        raise NotFound("web.no_evaluation")
    found = state.evaluation.evaluations[section]
    check_running(found.pause)
    return seat_of(found.committee, who.account).member.seat in found.marking.sheets
