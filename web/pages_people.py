"""The pages about oneself: the account, joining on an invitation, applying for an organisation.

They show what the same routes of the API tell; acting goes through those. Nothing is decided here.
"""

from ipaddress import ip_address
from typing import Annotated, Any

from fastapi import APIRouter, Form
from pydantic import ValidationError
from sqlalchemy import select
from starlette.requests import Request
from starlette.responses import Response

from record.errors import NotValid, Refused
from registry.tables import devices
from web import texts
from web.account import sessions_of
from web.applications import ApplicationBody, apply, status_of_application
from web.deps import Perhaps, ServicesDep, Who, check_origin, registry_state
from web.pages import PageRoute, see
from web.pages_inbox import address_of_account
from web.passkey_routes import passkeys_of
from web.passkeys import relying_party
from web.problems import status_of
from web.reading import problems_of
from web.rendering import page, page_language
from web.services import Services
from web.settings import Settings

router = APIRouter(tags=["pages"], route_class=PageRoute, include_in_schema=False)

BROWSER_SIGNERS = frozenset({"bidder", "clerk", "supervisor", "expert"})
"""Roles that sign with a browser's key; custodians sign with their kit, timekeepers at home."""

Text = Annotated[str, Form(max_length=300)]


@router.get("/me")
async def me_page(request: Request, services: ServicesDep, who: Who) -> Response:
    """Show one's own account: roles, keys, passkeys, sessions, password, language."""
    state = await registry_state(services)
    account = state.accounts[who.account]
    shown: dict[str, Any] = {
        "account": account,
        "organisation": state.organisations[account.organisation],
        "keys": await keys_of(services, who.account),
        "passkeys": await passkeys_of(services, who.account),
        "takes_passkeys": has_name(services.settings),
        "sessions": await sessions_of(services, who),
        "chosen": account.language,
        "signs": bool(who.roles & BROWSER_SIGNERS),
        "address": await address_of_account(services, who.account),
        "sends_mail": bool(services.settings.smtp_url),
    }
    return page(request, "people_me.html", who, **shown)


@router.get("/join")
async def join_page(request: Request, who: Perhaps) -> Response:
    """Show how an invitation is accepted; its token stays behind the # until the page posts it."""
    signs = who is not None and bool(who.roles & BROWSER_SIGNERS)
    return page(request, "people_join.html", who, signs=signs)


@router.get("/register")
async def register_page(request: Request, services: ServicesDep, who: Perhaps) -> Response:
    """Show how a bidder's organisation applies for an account."""
    if (await registry_state(services)).is_empty:
        return see("/first")
    return page(request, "people_register.html", who, problem=None, filled={})


@router.post("/register")
async def register(  # noqa: PLR0913, PLR0917 - FastAPI's parameters are the form's fields
    request: Request,
    services: ServicesDep,
    organisation: Text,
    code: Text,
    person: Text,
    account: Text,
    phone: Text = "",
    email: Text = "",
) -> Response:
    """Keep an application and show its reference, or say what was wrong."""
    check_origin(request, services, needed=True)
    filled = {
        "organisation": organisation,
        "code": code.strip().upper(),
        "person": person,
        "account": account.strip(),
        "phone": phone,
        "email": email.strip(),
    }
    try:
        body = ApplicationBody.model_validate(filled)
        reference = await apply(request, services, body)
    except (Refused, ValidationError) as error:
        refused = error if isinstance(error, Refused) else _malformed(error)
        shown: dict[str, Any] = {"problem": _said(request, refused), "filled": filled}
        return page(request, "people_register.html", None, status=status_of(refused), **shown)
    told = {"reference": reference, "status": "open", "reason": "", "at": services.clock.now()}
    return page(request, "people_applied.html", None, told=told, is_new=True)


@router.post("/register/status")
async def register_status(
    request: Request, services: ServicesDep, who: Perhaps, reference: Text
) -> Response:
    """Show how an application stands."""
    check_origin(request, services, needed=True)
    try:
        told = await status_of_application(request, services, reference)
    except Refused as refused:
        shown: dict[str, Any] = {"problem": _said(request, refused), "filled": {}}
        return page(request, "people_register.html", who, status=status_of(refused), **shown)
    return page(request, "people_applied.html", who, told=told, is_new=False)


async def keys_of(services: Services, account: str) -> list[dict[str, Any]]:
    """Return the signing keys of an account, the newest first, with where each was made."""
    found = (await registry_state(services)).accounts[account]
    rows = await services.store.rows(select(devices).where(devices.c.account == account))
    made_on = {row.keyid: row.device for row in rows}
    keys = [
        {
            "keyid": key.keyid,
            "since": key.since,
            "revoked": key.revoked,
            "device": made_on.get(key.keyid, ""),
        }
        for key in found.keys.values()
    ]
    return sorted(keys, key=lambda key: (key["revoked"], -int(str(key["since"]))))


def has_name(settings: Settings) -> bool:
    """Tell whether browsers come by a name: passkeys are bound to one, never to an address."""
    try:
        ip_address(relying_party(settings).strip("[]"))
    except ValueError:
        return True
    return False


def _said(request: Request, refused: Refused) -> str:
    return texts.refusal(page_language(request), refused.code, refused.facts)


def _malformed(error: ValidationError) -> Refused:
    return NotValid("web.body_malformed", problems=problems_of(error))
