"""Organisations that ask for an account: what they say of themselves, kept until somebody decides.

Nothing here is on a record and nothing opens an account: an administrator does, with commands of
its own; this keeps the asking and its answer. The reference is the applicant's secret: it must not
stand in an address or a table, so administrators name an application by an id.
"""

import hashlib
from functools import partial
from typing import Annotated, Any, Literal

from fastapi import APIRouter, Path, Query
from pydantic import Field, StringConstraints
from sqlalchemy import ColumnElement, Connection, Row, func, select
from starlette.requests import Request
from starlette.responses import JSONResponse, Response

from crypto.random import fresh
from record.errors import Busy, NotAllowed, NotFound, NotValid, OutOfOrder
from record.events import Account, Frozen
from registry.accounts import RESERVED
from registry.codes import is_valid
from registry.state import RegistryState
from registry.tables import applications
from web.auth import small
from web.deps import ServicesDep, Visitor, Who, address_of, check_origin, registry_state
from web.reading import read_json
from web.services import Services

router = APIRouter(tags=["registry"])

SIGNS = "23456789ABCDEFGHJKLMNPQRSTUVWXYZ"
"""Of references: none is taken for another when read aloud."""
LENGTH = 12
KEPT = 180 * 24 * 3_600_000
"""How long a decided application is kept, ms."""
_COUNT_OPEN = select(func.count()).where(applications.c.status == "open")

Short = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=200)]
Contact = Annotated[str, StringConstraints(strip_whitespace=True, max_length=200)]
ApplicationPath = Annotated[str, Path(pattern=r"^[0-9a-f]{32}$")]
Status = Literal["open", "approved", "declined"]


class ApplicationBody(Frozen):
    """A bidder's organisation and the person who will act for it."""

    organisation: Short
    code: Annotated[str, StringConstraints(min_length=1, max_length=64)]
    person: Short
    account: Account
    phone: Contact = ""
    email: Annotated[Contact, Field(pattern=r"^$|^[^@\s]{1,64}@[^@\s]{1,128}$")] = ""


class ReferenceBody(Frozen):
    """The number an applicant was given."""

    reference: Annotated[str, StringConstraints(max_length=40)]


class DecisionBody(Frozen):
    """What was decided of an application; a reason where it is declined."""

    decision: Literal["approved", "declined"]
    reason: Annotated[str, StringConstraints(strip_whitespace=True, max_length=500)] = ""


@router.post("/api/applications", status_code=201)
async def post_application(request: Request, services: ServicesDep) -> Response:
    """Apply for an account of a bidder's organisation; answered with a reference."""
    check_origin(request, services, needed=False)
    body = await read_json(request, ApplicationBody, *small(services))
    return JSONResponse({"reference": await apply(request, services, body)}, 201)


async def apply(request: Request, services: Services, body: ApplicationBody) -> str:
    """Keep an application and return its reference.

    Raises:
        NotValid: `registry.code_not_valid`, `registry.name_reserved`.
        OutOfOrder: `registry.account_taken`.
        TooMany: `web.too_many_requests`, too many from one address.
        Busy: `registry.too_many_applications`, until some were decided.
    """
    limits, address = services.settings.limits, address_of(request)
    services.rates.take("application", address, limits.applications_by_address)
    if not is_valid("uscc", body.code):
        raise NotValid("registry.code_not_valid", number=body.code)
    if body.account in RESERVED:
        raise NotValid("registry.name_reserved", account=body.account)
    if body.account in (await registry_state(services)).accounts:
        raise OutOfOrder("registry.account_taken", account=body.account)
    now, reference = services.clock.now(), _reference()
    named = {"application": fresh(16).hex(), "reference_hash": hash_reference(reference)}
    row = {**named, "at": now, "address": address, **body.model_dump()}
    row |= {"status": "open", "reason": "", "decided": 0, "decider": ""}
    is_old = (applications.c.status != "open") & (applications.c.decided < now - KEPT)
    await services.store.change(
        applications.delete().where(is_old), partial(_add, row, limits.applications_open)
    )
    return reference


def _add(row: dict[str, Any], most: int, connection: Connection) -> None:
    """Add an application where there is room: the one thread that writes counts and adds."""
    if connection.execute(_COUNT_OPEN).scalar_one() >= most:
        raise Busy("registry.too_many_applications")
    connection.execute(applications.insert().values(**row))


@router.post("/api/applications/status")
async def post_status(request: Request, services: ServicesDep) -> dict[str, Any]:
    """Tell an applicant how an application stands; whoever has its reference may ask."""
    check_origin(request, services, needed=False)
    body = await read_json(request, ReferenceBody, *small(services))
    return await status_of_application(request, services, body.reference)


async def status_of_application(
    request: Request, services: Services, reference: str
) -> dict[str, Any]:
    """Return how an application stands.

    Raises:
        NotFound: `registry.no_such_application`.
        TooMany: `web.too_many_requests`.
    """
    rate = services.settings.limits.sign_in_by_address
    services.rates.take("application status", address_of(request), rate)
    meant = reference.upper().replace("-", "").replace(" ", "")
    row = await _row(services, applications.c.reference_hash == hash_reference(meant))
    told = {name: getattr(row, name) for name in ("at", "status", "reason", "decided")}
    return {"reference": meant, **told}


@router.get("/api/registry/applications")
async def list_applications(
    services: ServicesDep, who: Who, status: Annotated[Status, Query()] = "open"
) -> dict[str, Any]:
    """List applications, for administrators: those that wait, or the newest of the decided."""
    check_administrator(who)
    return {"items": await applications_in(services, status)}


@router.post("/api/registry/applications/{application}/decision", status_code=204)
async def decide(
    request: Request, services: ServicesDep, who: Who, application: ApplicationPath
) -> Response:
    """Say how an administrator decided; the account is opened by commands of their own."""
    check_administrator(who)
    body = await read_json(request, DecisionBody, *small(services))
    if body.decision == "declined" and not body.reason:
        raise NotValid("registry.reason_missing")
    is_named = applications.c.application == application
    row = await _row(services, is_named)
    if row.status != "open":
        raise OutOfOrder("registry.application_decided")
    if body.decision == "approved":
        _check_opened(await registry_state(services), row)
    decided = {
        "status": body.decision,
        "reason": body.reason,
        "decided": services.clock.now(),
        "decider": who.account,
    }
    await services.store.change(partial(_decide, is_named, decided))
    return Response(status_code=204)


def _decide(is_named: ColumnElement[bool], decided: dict[str, Any], connection: Connection) -> None:
    """Decide an application that is open; of two who decide it at once one is refused."""
    is_open = is_named & (applications.c.status == "open")
    if not connection.execute(applications.update().where(is_open).values(**decided)).rowcount:
        raise OutOfOrder("registry.application_decided")


def hash_reference(reference: str) -> bytes:
    """Return what an application is found by: how long the search takes tells of a hash alone."""
    return hashlib.sha256(reference.encode()).digest()


def check_administrator(who: Visitor) -> None:
    """Refuse who is no administrator; `registry.not_permitted`."""
    if "administrator" not in who.roles:
        raise NotAllowed("registry.not_permitted")


async def count_open(services: Services) -> int:
    """Return how many applications wait."""
    return int((await services.store.scalars(_COUNT_OPEN))[0])


async def applications_in(services: Services, status: Status) -> list[dict[str, Any]]:
    """Return applications in a state, with what the registry already knows of them."""
    query = select(applications).where(applications.c.status == status)
    is_open = status == "open"
    ordered = query.order_by(applications.c.at if is_open else applications.c.decided.desc())
    rows = await services.store.rows(ordered.limit(services.settings.limits.page))
    state = await registry_state(services)
    return [_told(state, row) for row in rows]


def _told(state: RegistryState, row: Row[Any]) -> dict[str, Any]:
    known = state.codes.get(("uscc", row.code))
    told: dict[str, Any] = dict(row._mapping)  # noqa: SLF001 - SQLAlchemy's public name
    del told["reference_hash"]
    told["known"] = known
    told["known_name"] = state.organisations[known].name if known is not None else None
    holder = state.accounts.get(row.account)
    told["opened"] = holder is not None and holder.organisation == known
    told["taken"] = holder is not None and not told["opened"]
    return told


def _check_opened(state: RegistryState, row: Row[Any]) -> None:
    """Refuse to call approved what has no account; `registry.account_not_opened`."""
    organisation = state.codes.get(("uscc", row.code))
    opened = any(one.organisation == organisation for one in state.accounts.values())
    if organisation is None or not opened:
        raise OutOfOrder("registry.account_not_opened")


async def _row(services: Services, is_it: ColumnElement[bool]) -> Row[Any]:
    rows = await services.store.rows(select(applications).where(is_it))
    if not rows:
        raise NotFound("registry.no_such_application")
    return rows[0]


def _reference() -> str:
    return "".join(SIGNS[octet % len(SIGNS)] for octet in fresh(LENGTH))
