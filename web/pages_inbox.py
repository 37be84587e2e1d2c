"""The inbox: what was told to whoever is signed in, on a page and as JSON, and where mail goes.

It must not show an entry to anybody but its account.
"""

import json
from typing import Annotated, Any, Literal

from fastapi import APIRouter, Form, Path
from pydantic import StringConstraints
from sqlalchemy import Row, func, select
from starlette.requests import Request
from starlette.responses import Response

from record.errors import NotFound, NotValid
from record.events import Frozen
from registry.inbox_tables import addresses, entries, outbox
from web import texts
from web.deps import ServicesDep, Visitor, Who, check_origin, project_state, roles_in
from web.letters import heading, sentence, way
from web.pages import PageRoute, see
from web.problems import language_of
from web.reading import read_json
from web.rendering import page, page_language
from web.services import Services

router = APIRouter(tags=["inbox"])
pages = APIRouter(tags=["pages"], route_class=PageRoute, include_in_schema=False)

SHOWN = 200
BRIEF = 5
_ADDRESS = r"^[^@\s<>\"',;:\\]{1,64}@[A-Za-z0-9.-]{1,190}$"

EntryId = Annotated[str, Path(pattern=r"^[0-9a-f]{32}$")]
Address = Annotated[str, StringConstraints(max_length=254, pattern=rf"{_ADDRESS}|^$")]


class EmailBody(Frozen):
    """Where mail goes; empty: nowhere."""

    address: Address


@router.get("/api/inbox")
async def inbox(request: Request, services: ServicesDep, who: Who) -> dict[str, Any]:
    """Tell how much is unread, and the newest entries."""
    language = language_of(request)
    return {
        "unread": await _unread(services, who),
        "items": await _items(services, who, language, BRIEF),
        "address": await address_of_account(services, who.account),
    }


@router.post("/api/inbox/read", status_code=204)
async def read_all(services: ServicesDep, who: Who) -> Response:
    """Mark everything there is as read."""
    await _mark(services, who, None)
    return Response(status_code=204)


@router.post("/api/account/email", status_code=204)
async def set_address(request: Request, services: ServicesDep, who: Who) -> Response:
    """Say where mail goes; an empty address ends it, with whatever is still to be sent."""
    limits = services.settings.limits
    body = await read_json(request, EmailBody, limits.small_body, limits.body_time)
    await _set_address(services, who, body.address)
    return Response(status_code=204)


@pages.get("/inbox")
async def inbox_page(request: Request, services: ServicesDep, who: Who) -> Response:
    """Show the inbox, the newest entry first."""
    shown: dict[str, Any] = {
        "items": await _items(services, who, page_language(request), SHOWN),
        "unread": await _unread(services, who),
        "address": await address_of_account(services, who.account),
        "sends_mail": bool(services.settings.smtp_url),
    }
    return page(request, "inbox.html", who, **shown)


@pages.get("/inbox/{entry}")
async def follow_entry(services: ServicesDep, who: Who, entry: EntryId) -> Response:
    """Lead to what an entry is about, and mark it as read."""
    query = select(entries).where(entries.c.entry == entry, entries.c.account == who.account)
    found = await services.store.rows(query)
    if not found:
        raise NotFound("web.no_such_entry")
    await _mark(services, who, entry)
    state = await project_state(services, found[0].project)
    roles = roles_in(state, who.account)
    return see(way(state.project, found[0].kind, json.loads(found[0].facts), roles))


@pages.post("/inbox/read")
async def read_from_page(request: Request, services: ServicesDep, who: Who) -> Response:
    """Mark everything as read."""
    check_origin(request, services, needed=True)
    await _mark(services, who, None)
    return see("/inbox")


@pages.post("/inbox/address")
async def set_from_page(
    request: Request,
    services: ServicesDep,
    who: Who,
    address: Annotated[str, Form(max_length=254)] = "",
    back: Annotated[Literal["/inbox", "/me"], Form()] = "/inbox",
) -> Response:
    """Say where mail goes."""
    check_origin(request, services, needed=True)
    try:
        body = EmailBody(address=address.strip())
    except ValueError as error:
        raise NotValid("web.address_malformed") from error
    await _set_address(services, who, body.address)
    return see(back)


async def address_of_account(services: Services, account: str) -> str:
    """Return where somebody's mail goes; nothing where nowhere."""
    query = select(addresses.c.address).where(addresses.c.account == account)
    found = await services.store.scalars(query)
    return str(found[0]) if found else ""


async def _set_address(services: Services, who: Visitor, address: str) -> None:
    changes = [addresses.delete().where(addresses.c.account == who.account)]
    if address:
        await services.store.change(
            *changes, addresses.insert().values(account=who.account, address=address)
        )
        return
    unsent = outbox.delete().where(outbox.c.account == who.account, outbox.c.sent.is_(None))
    await services.store.change(*changes, unsent)


async def _unread(services: Services, who: Visitor) -> int:
    mine = select(func.count()).where(entries.c.account == who.account, entries.c.read.is_(None))
    return int((await services.store.scalars(mine))[0])


async def _mark(services: Services, who: Visitor, entry: str | None) -> None:
    mine = entries.update().where(entries.c.account == who.account, entries.c.read.is_(None))
    if entry is not None:
        mine = mine.where(entries.c.entry == entry)
    await services.store.change(mine.values(read=services.clock.now()))


async def _items(
    services: Services, who: Visitor, language: texts.Language, limit: int
) -> list[dict[str, Any]]:
    query = (
        select(entries)
        .where(entries.c.account == who.account)
        .order_by(entries.c.at.desc(), entries.c.entry)
        .limit(limit)
    )
    return [await _item(services, language, row) for row in await services.store.rows(query)]


async def _item(services: Services, language: texts.Language, row: Row[Any]) -> dict[str, Any]:
    facts = json.loads(row.facts)
    state = await project_state(services, row.project)
    return {
        "entry": row.entry,
        "at": row.at,
        "project": row.project,
        "kind": row.kind,
        "about": heading(state, facts),
        "text": sentence(language, row.kind, facts),
        "read": row.read is not None,
    }
