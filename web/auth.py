"""Signing in and out, the first administrator, invitations and passwords: where secrets come in.

No password, token or hash of one is logged, answered or recorded; only tables keep hashes.
"""

import hmac
from typing import Annotated

from fastapi import APIRouter
from pydantic import Field, SecretStr, StringConstraints
from sqlalchemy import select
from starlette.requests import Request
from starlette.responses import JSONResponse, Response

from record.errors import NotAllowed, NotFound
from record.events import Account, Frozen, Line
from registry.accounts import FirstRun, HeldInvitation
from registry.changes import drop_invitations, end_sessions, set_password
from registry.codes import CodeKind
from registry.commands import AcceptInvitation, BeginInstallation, ChangePassword
from registry.events import Code
from registry.tables import credentials, invitations
from web.deps import (
    ServicesDep,
    Visitor,
    Who,
    address_of,
    check_origin,
    cookie_name,
    registry_state,
)
from web.devices import device_of
from web.problems import NotSignedIn
from web.reading import read_json
from web.services import Services
from web.sessions import hash_token
from web.submitting import ask_registry, once, these

router = APIRouter(tags=["accounts"])

Password = Annotated[SecretStr, Field(max_length=1000)]
Token = Annotated[SecretStr, Field(max_length=100)]


class SignInBody(Frozen):
    """A name and a password."""

    account: Annotated[str, StringConstraints(min_length=1, max_length=64)]
    password: Password


class FirstBody(Frozen):
    """The first organisation and its administrator, with the token printed at the first start."""

    token: Token
    organisation: Line
    kind: CodeKind
    code: Code
    account: Account
    name: Line
    password: Password


class InvitationBody(Frozen):
    """An invitation's token and the password its holder chose."""

    token: Token
    password: Password


class LookBody(Frozen):
    """An invitation's token alone."""

    token: Token


class PasswordBody(Frozen):
    """The present password and the next."""

    old: Password
    new: Password


@router.post("/api/session")
async def sign_in(request: Request, services: ServicesDep) -> Response:
    """Sign in; the token is for programs, the cookie for browsers."""
    check_origin(request, services, needed=False)
    body = await read_json(request, SignInBody, *small(services))
    return with_cookie(services, await begin_session(request, services, body))


async def begin_session(request: Request, services: Services, body: SignInBody) -> str:
    """Begin a session for whoever knows the password; returns its token.

    Raises:
        NotSignedIn: `web.sign_in_failed`, whatever is wrong.
        TooMany: `web.too_many_requests`.
    """
    account, address, limits = body.account, address_of(request), services.settings.limits
    services.rates.take("sign-in address", address, limits.sign_in_by_address)
    services.rates.take("sign-in", f"{account} {address}", limits.sign_in_by_account)
    kept = await _password_of(services, account)
    is_right = await services.passwords.is_right(kept, body.password.get_secret_value())
    found = (await registry_state(services)).accounts.get(account)
    if not is_right or found is None or not found.active or found.disabled:
        raise NotSignedIn("web.sign_in_failed")
    services.rates.give_back("sign-in", f"{account} {address}", limits.sign_in_by_account)
    return await services.sessions.begin(account, address, device_of(request))


@router.delete("/api/session", status_code=204)
async def sign_out(services: ServicesDep, who: Who) -> Response:
    """Sign out: the session ends, here and everywhere it is used."""
    await services.sessions.end(who.token_hash)
    answer = Response(status_code=204)
    answer.delete_cookie(cookie_name(services), path="/")
    return answer


@router.get("/api/me")
async def me(services: ServicesDep, who: Who) -> dict[str, object]:
    """Tell who is signed in, with the keys the account has registered."""
    state = await registry_state(services)
    account, organisation = state.accounts[who.account], state.organisations[who.organisation]
    return {
        "account": account.account,
        "name": account.name,
        "organisation": {"organisation": organisation.organisation, "name": organisation.name},
        "roles": list(account.roles),
        "language": account.language or services.settings.language,
        "keys": [
            {"keyid": key.keyid, "key": key.spki, "since": key.since} for key in account.usable_keys
        ],
    }


@router.post("/api/registry/first", status_code=201)
async def begin(request: Request, services: ServicesDep) -> Response:
    """Make the first administrator, once, with the token the service printed."""
    check_origin(request, services, needed=False)
    body = await read_json(request, FirstBody, *small(services))
    return with_cookie(services, await begin_installation(request, services, body), 201)


async def begin_installation(request: Request, services: Services, body: FirstBody) -> str:
    """Make the first administrator and begin a session for it; returns its token.

    Raises:
        NotAllowed: `registry.first_token_wrong`.
        Refused: what the registry refuses.
    """
    address, limits = address_of(request), services.settings.limits
    services.rates.take("first", address, limits.sign_in_by_address)
    token = body.token.get_secret_value().encode()
    if not hmac.compare_digest(token, services.first_token.encode()):
        raise NotAllowed("registry.first_token_wrong")
    command = BeginInstallation(
        organisation_name=body.organisation,
        kind=body.kind,
        code=body.code,
        account=body.account,
        name=body.name,
    )
    hashed = await services.passwords.hash(body.password.get_secret_value())
    ask = once(services, body.account, address)
    changes = these(*set_password(body.account, hashed, ask.received))
    await ask_registry(services, command, ask, checked=FirstRun(), changes=changes)
    return await services.sessions.begin(body.account, address, device_of(request))


@router.post("/api/registry/invitations/look")
async def look(request: Request, services: ServicesDep) -> dict[str, object]:
    """Tell whom an invitation is for, before it is accepted."""
    check_origin(request, services, needed=False)
    body = await read_json(request, LookBody, *small(services))
    held = await _held(request, services, body.token)
    state = await registry_state(services)
    account = state.accounts[held.account]
    open_one = account.invitation
    if open_one is None or open_one.invitation != held.invitation or account.disabled:
        raise NotFound("registry.invitation_unknown")
    return {
        "account": account.account,
        "name": account.name,
        "organisation_name": state.organisations[account.organisation].name,
        "until": open_one.until,
    }


@router.post("/api/registry/invitations")
async def accept(request: Request, services: ServicesDep) -> Response:
    """Choose a password on an invitation, and be signed in; earlier sessions end."""
    check_origin(request, services, needed=False)
    body = await read_json(request, InvitationBody, *small(services))
    held = await _held(request, services, body.token)
    account, address = held.account, address_of(request)
    hashed = await services.passwords.hash(body.password.get_secret_value())
    ask = once(services, account, address)
    changes = these(
        *set_password(account, hashed, ask.received),
        drop_invitations(account),
        end_sessions(account),
    )
    command = AcceptInvitation(account=account)
    await ask_registry(services, command, ask, checked=held, changes=changes)
    services.sessions.forget(account)
    session = await services.sessions.begin(account, address, device_of(request))
    return with_cookie(services, session)


async def _held(request: Request, services: Services, token: SecretStr) -> HeldInvitation:
    """Find an invitation by its token; `registry.invitation_unknown`."""
    rate = services.settings.limits.sign_in_by_address
    services.rates.take("invitation", address_of(request), rate)
    token_hash = hash_token(token.get_secret_value())
    found = await services.store.rows(
        select(invitations).where(invitations.c.token_hash == token_hash)
    )
    if not found:
        raise NotFound("registry.invitation_unknown")
    return HeldInvitation(found[0].account, found[0].invitation)


@router.post("/api/account/password", status_code=204)
async def change_password(request: Request, services: ServicesDep, who: Who) -> Response:
    """Choose another password; every other session of the account ends."""
    body = await read_json(request, PasswordBody, *small(services))
    await check_password(services, who, body.old)
    hashed = await services.passwords.hash(body.new.get_secret_value())
    await _put_password(services, who, hashed)
    return Response(status_code=204)


async def check_password(services: Services, who: Visitor, password: SecretStr) -> None:
    """Refuse who does not know the account's password; `web.old_password_wrong`."""
    rate = services.settings.limits.sign_in_by_account
    services.rates.take("password", who.account, rate)
    kept = await _password_of(services, who.account)
    if not await services.passwords.is_right(kept, password.get_secret_value()):
        raise NotAllowed("web.old_password_wrong")


async def _put_password(services: Services, who: Visitor, hashed: str) -> None:
    ask = once(services, who.account, who.address)
    changes = these(
        *set_password(who.account, hashed, ask.received),
        end_sessions(who.account, but=who.token_hash),
    )
    await ask_registry(services, ChangePassword(), ask, changes=changes)
    services.sessions.forget(who.account, but=who.token_hash)


async def _password_of(services: Services, account: str) -> str | None:
    query = select(credentials.c.password).where(credentials.c.account == account)
    found = await services.store.scalars(query)
    return str(found[0]) if found else None


def with_cookie(services: Services, token: str, status: int = 200) -> Response:
    """Answer with a session's token: for programs in the body, for browsers in the cookie."""
    answer = JSONResponse({"token": token}, status)
    keep_signed_in(answer, services, token)
    return answer


def keep_signed_in(answer: Response, services: Services, token: str) -> None:
    """Put a session's token into the cookie that no script reads."""
    answer.set_cookie(
        cookie_name(services),
        token,
        max_age=services.settings.limits.session_age // 1000,
        path="/",
        secure=services.settings.is_https,
        httponly=True,
        samesite="strict",
    )


def small(services: Services) -> tuple[int, int]:
    """Return how long a body of a few fields may be, and how long it may take."""
    limits = services.settings.limits
    return limits.small_body, limits.body_time
