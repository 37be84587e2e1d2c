"""Templates: terms that administrators keep for clerks to begin a section with.

Only a beginning: what counts is what a clerk puts on its project's record. A template must not
name a deadline, a price limit or a person.
"""

import json
from functools import partial
from typing import Annotated, Any

from fastapi import APIRouter, Path
from pydantic import Field, StringConstraints
from sqlalchemy import Connection, Row, func, select
from starlette.requests import Request
from starlette.responses import JSONResponse, Response

from crypto.random import fresh
from opening.messages import EnvelopeNumber, FormField, Periods, Windows
from record.errors import NotAllowed, NotFound, OutOfOrder
from record.events import Frozen, Line, Size
from registry.template_tables import templates
from web.applications import check_administrator
from web.auth import small
from web.deps import ServicesDep, Visitor, Who
from web.reading import read_json
from web.services import Services

router = APIRouter(tags=["registry"])

MOST = 100
"""Templates of one installation."""

TemplateId = Annotated[str, StringConstraints(pattern=r"^[0-9a-f]{32}$")]
TemplatePath = Annotated[str, Path(pattern=r"^[0-9a-f]{32}$")]
Holders = Annotated[int, Field(ge=2, le=64)]


class Terms(Frozen):
    """What a section begins with: its terms without what is each project's own."""

    title: Line
    envelopes: EnvelopeNumber
    minimum_bidders: Annotated[int, Field(ge=1, le=100)]
    max_size: Size
    co_open: bool
    windows: Windows
    periods: Periods
    form: Annotated[tuple[FormField, ...], Field(max_length=50)]
    draw: Annotated[tuple[Line, ...], Field(max_length=50)]
    n: Holders
    k: Holders


class TemplateBody(Frozen):
    """A template to keep: a new one, or in the place of the one it names."""

    template: TemplateId | None = None
    name: Annotated[Line, StringConstraints(max_length=60)]
    terms: Terms


@router.get("/api/templates")
async def list_templates(services: ServicesDep, who: Who) -> dict[str, Any]:
    """List the templates, for whoever makes projects or keeps them."""
    _check_reads(who)
    return {"items": await templates_in(services)}


@router.post("/api/templates")
async def keep_template(request: Request, services: ServicesDep, who: Who) -> Response:
    """Keep a template, as administrators do; answered with its id.

    Raises:
        NotAllowed: `registry.not_permitted`.
        NotFound: `templates.unknown`.
        OutOfOrder: `templates.too_many`, until one is dropped.
    """
    check_administrator(who)
    body = await read_json(request, TemplateBody, *small(services))
    row = {
        "template": body.template or fresh(16).hex(),
        "name": body.name,
        "terms": body.terms.model_dump_json(),
        "at": services.clock.now(),
        "by": who.account,
    }
    await services.store.change(partial(_put if body.template else _add, row))
    return JSONResponse({"template": row["template"]})


def _put(row: dict[str, Any], connection: Connection) -> None:
    """Put a template in the place of the one of its id, which may just have been dropped."""
    is_it = templates.c.template == row["template"]
    if not connection.execute(templates.update().where(is_it).values(**row)).rowcount:
        raise NotFound("templates.unknown")


def _add(row: dict[str, Any], connection: Connection) -> None:
    """Add a template where there is room: the one thread that writes counts and adds in one go."""
    if connection.execute(select(func.count()).select_from(templates)).scalar_one() >= MOST:
        raise OutOfOrder("templates.too_many", most=MOST)
    connection.execute(templates.insert().values(**row))


@router.delete("/api/templates/{template}", status_code=204)
async def drop_template(services: ServicesDep, who: Who, template: TemplatePath) -> Response:
    """Drop a template, as administrators do; projects begun with it stay as they are."""
    check_administrator(who)
    await _check_is_there(services, template)
    await services.store.change(templates.delete().where(templates.c.template == template))
    return Response(status_code=204)


async def templates_in(services: Services) -> list[dict[str, Any]]:
    """Return the templates by name."""
    query = select(templates).order_by(templates.c.name, templates.c.template)
    return [_told(row) for row in await services.store.rows(query)]


def _told(row: Row[Any]) -> dict[str, Any]:
    terms = json.loads(row.terms)
    return {"template": row.template, "name": row.name, "at": row.at, "by": row.by, "terms": terms}


def _check_reads(who: Visitor) -> None:
    if not who.roles & {"clerk", "administrator"}:
        raise NotAllowed("project.role_not_granted", role="clerk")


async def _check_is_there(services: Services, template: str) -> None:
    query = select(templates.c.template).where(templates.c.template == template)
    if not await services.store.scalars(query):
        raise NotFound("templates.unknown")
