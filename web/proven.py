"""Receipts: proofs that what somebody relies on is in the log and was seen by the witness.

It tells no number of an entry, and shows an entry only to whoever it concerns.
"""

import json
from typing import Annotated, Any, Literal

from fastapi import APIRouter, Path, Query
from starlette.requests import Request
from starlette.responses import JSONResponse, Response

from opening.events import BidRefused
from opening.messages import SectionId
from project.state import ProjectState
from record.desk import Recorded
from record.errors import NotFound
from record.events import Hex64
from record.sequencer import NotWitnessed
from web import texts
from web.deps import (
    ProjectId,
    ServicesDep,
    Visitor,
    Who,
    check_known,
    project_state,
    roles_in,
)
from web.problems import language_of
from web.services import Services

router = APIRouter(tags=["proofs"])

KEY_HOLDERS = frozenset({"clerk", "custodian", "timekeeper", "supervisor"})
AnyCommandId = Annotated[str, Path(pattern=r"^[A-Za-z0-9/_.-]{1,100}$")]


@router.get("/api/projects/{project}/receipts/{command:path}")
async def receipt(
    request: Request, services: ServicesDep, who: Who, project: ProjectId, command: AnyCommandId
) -> Response:
    """Return the receipt of a command of one's own; 202 while the witness has not seen it."""
    check_known(services, project)
    recorded = await _own_entry(services, who, project, command)
    patience = services.settings.witness_patience / 1000
    try:
        found = await services.sequencer.receipt(project, recorded.stamp.seq, patience)
    except NotWitnessed as waiting:
        return JSONResponse(_not_yet(request, waiting.receipt), 202)
    return Response(found, media_type="application/json")


@router.get("/api/projects/{project}/proven")
async def proven(
    services: ServicesDep,
    who: Who,
    project: ProjectId,
    kind: Literal["ceremony", "key", "notice"],
    sid: Annotated[Hex64 | None, Query()] = None,
    section: Annotated[SectionId | None, Query()] = None,
    envelope: Annotated[int | None, Query(ge=1, le=2)] = None,
) -> dict[str, Any]:
    """Return the receipts of what makes a key or a notice, in the record's order.

    `complete` tells that the witness has seen all of them.
    """
    state = await project_state(services, project)
    if state.notice is None and not KEY_HOLDERS & roles_in(state, who.account):
        raise NotFound("web.no_such_project")
    names = _names(state, kind, sid, (section, envelope))
    seqs = await services.subjects.seqs(project, names)
    receipts = await services.sequencer.proven(project, seqs)
    return {
        "receipts": [receipts[seq].decode() for seq in seqs if seq in receipts],
        "complete": len(receipts) == len(seqs),
    }


async def _own_entry(services: Services, who: Visitor, project: str, command: str) -> Recorded:
    row = await services.store.command(project, command)
    if row is None:
        raise NotFound("web.no_such_receipt")
    (recorded,) = await services.desk.read(project, row.first - 1, 1)
    event = recorded.event
    is_own = recorded.stamp.actor.account == who.account
    if isinstance(event, BidRefused):
        is_own = event.organisation == who.organisation
    if not is_own:
        raise NotFound("web.no_such_receipt")
    return recorded


def _not_yet(request: Request, own: bytes | None) -> dict[str, Any]:
    told: dict[str, Any] = {
        "state": "not_witnessed",
        "detail": texts.say(language_of(request), "received, not yet witnessed"),
    }
    if own is not None:
        told["receipt"] = json.loads(own)
    return told


def _names(
    state: ProjectState, kind: str, sid: str | None, place: tuple[str | None, int | None]
) -> tuple[str, ...]:
    """Return what the entries asked for are about, as `web.subjects` names it."""
    if kind == "notice":
        return ("notice",)
    if kind == "ceremony":
        if sid not in state.opening.attempts:
            raise NotFound("web.no_such_ceremony")
        return (f"ceremony/{sid}",)
    section, envelope = place
    keys = state.opening.keys
    key = keys.get((section, 2 if envelope == 2 else 1)) if section is not None else None
    if key is None:
        raise NotFound("web.no_such_key")
    return (f"ceremony/{key.sid}", f"key/{key.key_id}")
