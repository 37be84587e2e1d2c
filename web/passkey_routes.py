"""Passkeys over HTTP: made and listed by their owner, signed in with by who holds the device."""

from typing import Annotated, Any

import structlog
from fastapi import APIRouter
from pydantic import Field, SecretStr
from sqlalchemy import select
from starlette.requests import Request
from starlette.responses import JSONResponse, Response

from crypto.random import fresh
from record.errors import NotFound, NotValid, Refused
from record.events import Frozen, Line
from registry.changes import put_passkey
from registry.commands import RegisterPasskey
from registry.passkeys import CheckedPasskey
from registry.tables import passkeys
from web import passkeys as proofs
from web.auth import check_password, small, with_cookie
from web.deps import ServicesDep, Who, address_of, check_origin, registry_state
from web.devices import device_of
from web.passkeys import AGE, Asked
from web.problems import NotSignedIn
from web.reading import read_json
from web.services import Services
from web.submitting import ask_registry, once, these

router = APIRouter(tags=["accounts"])

_log = structlog.get_logger("web")


class PasskeyBody(Frozen):
    """The account's password, and how the person calls the device."""

    password: Annotated[SecretStr, Field(max_length=1000)]
    name: Annotated[Line, Field(max_length=60)]


class CredentialBody(Frozen):
    """A device's answer, as `PublicKeyCredential.toJSON()` writes it."""

    credential: dict[str, Any]


@router.get("/api/account/passkeys")
async def list_passkeys(services: ServicesDep, who: Who) -> dict[str, Any]:
    """List one's own passkeys, the oldest first."""
    return {"items": await passkeys_of(services, who.account)}


@router.post("/api/account/passkeys/options")
async def begin_passkey(request: Request, services: ServicesDep, who: Who) -> dict[str, Any]:
    """Begin to make a passkey: what the device is asked, for whoever knows the password."""
    body = await read_json(request, PasskeyBody, *small(services))
    await check_password(services, who, body.password)
    kept = await _rows(services, who.account)
    handle = bytes(kept[0].handle) if kept else fresh(32)
    challenge = proofs.fresh_challenge()
    asked = Asked(who.account, services.clock.now() + AGE, handle, body.name)
    services.challenges.keep(challenge, asked)
    known = [bytes(row.credential) for row in kept]
    return proofs.to_register(services.settings, asked, who.name, known, challenge)


@router.post("/api/account/passkeys", status_code=201)
async def register_passkey(request: Request, services: ServicesDep, who: Who) -> Response:
    """Register the passkey the device has made."""
    body = await read_json(request, CredentialBody, *small(services))
    challenge = proofs.challenge_in(body.credential)
    asked = services.challenges.take(challenge, services.clock.now())
    if asked is None or asked.account != who.account:
        raise NotValid("registry.passkey_too_late")
    made = await services.workers.run(
        proofs.check_made, services.settings, body.credential, challenge
    )
    ask = once(services, who.account, who.address)
    row = {
        "passkey": made.passkey,
        "account": who.account,
        "credential": made.credential,
        "public_key": made.public_key,
        "handle": asked.handle,
        "counter": made.counter,
        "name": asked.name,
        "since": ask.received,
        "used": ask.received,
    }
    checked = CheckedPasskey(who.account, made.passkey)
    changes = these(put_passkey(row))
    await ask_registry(services, RegisterPasskey(), ask, checked=checked, changes=changes)
    return JSONResponse({"passkey": made.passkey}, 201)


@router.post("/api/session/passkey/options")
async def begin_sign_in(request: Request, services: ServicesDep) -> dict[str, Any]:
    """Begin to sign in with a passkey: what the device is asked; no account is named."""
    check_origin(request, services, needed=False)
    rate = services.settings.limits.sign_in_by_address
    services.rates.take("passkey options", address_of(request), rate)
    challenge = proofs.fresh_challenge()
    services.challenges.keep(challenge, Asked("", services.clock.now() + AGE))
    return proofs.to_sign_in(services.settings, challenge)


@router.post("/api/session/passkey")
async def sign_in(request: Request, services: ServicesDep) -> Response:
    """Sign in with a passkey; a counter that did not grow tells of a copy and is refused."""
    check_origin(request, services, needed=False)
    body = await read_json(request, CredentialBody, *small(services))
    address = address_of(request)
    services.rates.take("sign-in address", address, services.settings.limits.sign_in_by_address)
    try:
        account = await _account_of(services, body)
    except Refused as refused:
        _log.warning("passkey", address=address, code=refused.code)
        if refused.code == "registry.passkey_too_late":
            raise NotSignedIn("web.passkey_too_late") from refused
        raise NotSignedIn("web.passkey_failed") from refused
    return with_cookie(
        services, await services.sessions.begin(account, address, device_of(request))
    )


async def passkeys_of(services: Services, account: str) -> list[dict[str, Any]]:
    """Return what is told of the passkeys of an account."""
    return [
        {"passkey": row.passkey, "name": row.name, "since": row.since, "used": row.used}
        for row in await _rows(services, account)
    ]


async def _rows(services: Services, account: str) -> list[Any]:
    query = select(passkeys).where(passkeys.c.account == account).order_by(passkeys.c.since)
    return list(await services.store.rows(query))


async def _account_of(services: Services, body: CredentialBody) -> str:
    """Return whose passkey answered a challenge of ours.

    Raises:
        Refused: whatever is wrong.
    """
    challenge = proofs.challenge_in(body.credential)
    now = services.clock.now()
    asked = services.challenges.take(challenge, now)
    if asked is None or asked.account:
        raise NotValid("registry.passkey_too_late")
    name = proofs.name_of(proofs.credential_in(body.credential))
    rows = await services.store.rows(select(passkeys).where(passkeys.c.passkey == name))
    if not rows:
        raise NotFound("registry.no_such_passkey")
    row = rows[0]
    counter = await services.workers.run(
        proofs.check_signed,
        services.settings,
        body.credential,
        challenge,
        bytes(row.public_key),
        row.counter,
    )
    found = (await registry_state(services)).accounts.get(row.account)
    if found is None or not found.active or found.disabled or name not in found.passkeys:
        raise NotFound("registry.no_such_passkey")
    await services.store.change(
        passkeys.update().where(passkeys.c.passkey == name).values(counter=counter, used=now)
    )
    return str(row.account)
