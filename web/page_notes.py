"""Notes on single pages of bids: a member's own, kept until its committee's report stands.

They are in a table and never on the record. Nobody but their writer is shown one, nor told how many
there are; no rule knows of them.
"""

from functools import partial
from typing import Annotated, Any, Final

from fastapi import APIRouter
from pydantic import Field
from sqlalchemy import ColumnElement, Connection, and_, func, select
from starlette.requests import Request

from opening.messages import BidId
from project.state import ProjectState
from record.errors import NotFound, NotValid, OutOfOrder
from record.events import Frozen
from registry.draft_tables import page_notes
from rooms.opened_files import readable, readable_bid, reader_of
from web.deps import ProjectId, ServicesDep, Visitor, Who, project_state, roles_in
from web.downloads import SectionName
from web.opened_files import places_of
from web.reading import read_json
from web.services import Services

router = APIRouter(tags=["evaluation"])

NOTES: Final = "/api/projects/{project}/sections/{section}/notes"
LONGEST: Final = 2_000
"""The longest note, characters."""
MOST: Final = 1_000
"""How many notes a member keeps of a section."""
MOST_BODY: Final = 64 * 1024


class NoteBody(Frozen):
    """A note, made in the place of the one it names; empty where there was or shall be none."""

    bid: BidId
    file: Annotated[int, Field(ge=0, le=100_000)]
    page: Annotated[int, Field(ge=1, le=100_000)]
    was: str
    text: str


@router.get(NOTES)
async def list_page_notes(
    services: ServicesDep, who: Who, project: ProjectId, section: SectionName
) -> dict[str, Any]:
    """Return all of one's own notes of a section, by bid, file and page."""
    state = await _state(services, who, project, section)
    if is_over(state, section):
        return {"items": []}
    bids = readable(state, section)
    order = (page_notes.c.bid, page_notes.c.file, page_notes.c.page)
    own = _own(project, section, who.account)
    found = await services.store.rows(select(page_notes).where(own).order_by(*order))
    return {
        "items": [
            {
                "bid": row.bid,
                "judged": bids[row.bid],
                "envelope": state.opening.bids[row.bid].place[1],
                "file": row.file,
                "path": row.path,
                "page": row.page,
                "text": row.text,
                "at": row.at,
            }
            for row in found
            if row.bid in bids
        ]
    }


@router.put(NOTES)
async def keep_page_note(
    request: Request, services: ServicesDep, who: Who, project: ProjectId, section: SectionName
) -> dict[str, int]:
    """Keep one of one's own notes; an empty one is dropped. Answered with when it was kept.

    The same note again, after an answer that was lost, is answered as it was the first time.

    Raises:
        OutOfOrder: `notes.changed`, another window kept another text meanwhile; `notes.over`.
        NotValid: `notes.too_long`, `notes.too_many`.
        NotFound: `reading.no_such_file`, and those of reading a bid's files.
    """
    state = await _state(services, who, project, section)
    body = await read_json(request, NoteBody, MOST_BODY, services.settings.limits.body_time)
    if is_over(state, section):
        raise OutOfOrder("notes.over")
    if len(body.text) > LONGEST:
        raise NotValid("notes.too_long", most=LONGEST)
    readable_bid(state, section, body.bid)
    package = await services.packages.package(state.opening, body.bid)
    places = places_of(state, section, package)
    if body.file >= len(places):
        raise NotFound("reading.no_such_file")
    now = services.clock.now()
    row: dict[str, Any] = {
        "project": project,
        "section": section,
        "account": who.account,
        "bid": body.bid,
        "file": body.file,
        "page": body.page,
        "path": package.files[places[body.file]].path,
        "text": body.text,
        "at": now,
    }
    await services.store.change(partial(_put, row, body.was))
    return {"at": now}


def is_over(state: ProjectState, section: str) -> bool:
    """Tell whether a committee is through, so that its members' notes have served."""
    return state.evaluation.evaluations[section].report.is_finished


def _put(row: dict[str, Any], was: str, connection: Connection) -> None:
    """Put a note in the place of the one it was made from: the one thread that writes looks."""
    columns = page_notes.c
    own = _own(row["project"], row["section"], row["account"])
    here = and_(*(columns[name] == row[name] for name in ("bid", "file", "page")), own)
    kept = connection.execute(select(columns.text).where(here)).scalar_one_or_none()
    if (kept or "") == row["text"]:
        return
    if (kept or "") != was:
        raise OutOfOrder("notes.changed")
    if row["text"] == "":
        connection.execute(page_notes.delete().where(here))
    elif kept is not None:
        connection.execute(page_notes.update().where(here).values(**row))
    else:
        count = connection.execute(select(func.count()).where(own)).scalar_one()
        if count >= MOST:
            raise NotValid("notes.too_many", most=MOST)
        connection.execute(page_notes.insert().values(**row))


def _own(project: str, section: str, account: str) -> ColumnElement[bool]:
    columns = page_notes.c
    return and_(columns.project == project, columns.section == section, columns.account == account)


async def _state(services: Services, who: Visitor, project: str, section: str) -> ProjectState:
    """Return the project for a member that may read the bids' files.

    Refusals: web.no_evaluation, reading.names_first.
    """
    state = await project_state(services, project)
    if section not in state.evaluation.sections_of(who.account):
        raise NotFound("web.no_evaluation")
    reader_of(state, section, who.account, roles_in(state, who.account))
    return state
