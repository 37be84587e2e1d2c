"""What routes are handed: the services, and who asks; it decides nothing but who somebody is."""

import hmac
from dataclasses import dataclass
from typing import Annotated, cast

from fastapi import Depends, Path
from starlette.requests import Request

from project.state import ProjectState
from record.errors import NotAllowed, NotFound
from record.events import Actor
from registry.events import RECORD
from registry.state import AccountEntry, RegistryState
from web.problems import NotSignedIn
from web.services import Services
from web.sessions import Session

SAFE_METHODS = frozenset({"GET", "HEAD", "OPTIONS"})


@dataclass(frozen=True, slots=True)
class Visitor:
    """Somebody who is signed in.

    Args:
        roles: what the registry allows the account, not what it is bound to in a project.
        session: what traces call the session.
        token_hash: what the session is found by; never shown.
    """

    account: str
    name: str
    organisation: str
    roles: frozenset[str]
    session: str
    token_hash: bytes
    address: str

    @property
    def actor(self) -> Actor:
        """Return who acts when this visitor commands."""
        return Actor(self.account)

    @property
    def trace(self) -> dict[str, str]:
        """Return what is kept beside an entry and shown to supervisors alone."""
        return {"address": self.address, "session": self.session}


def services_in(request: Request) -> Services:
    """Return the services of the application a request came to."""
    return cast("Services", request.app.state.services)


async def services_of(request: Request) -> Services:
    """Return the services of the application; async, or each request would take a thread."""
    return services_in(request)


ServicesDep = Annotated[Services, Depends(services_of)]
ProjectId = Annotated[str, Path(pattern=r"^[0-9a-f]{32}$")]


async def visitor(request: Request, services: Services) -> Visitor:
    """Return who asks.

    Raises:
        NotSignedIn: nobody, or no longer; `web.sign_in_first`.
        NotAllowed: a page of another site asks in the visitor's name; `web.other_site`.
        TooMany: `web.too_many_requests`.
    """
    bearer = bearer_token(request)
    token = bearer or request.cookies.get(cookie_name(services), "")
    session = await services.sessions.find(token)
    account = await _account_of(services, session)
    if session is None or account is None:
        raise NotSignedIn("web.sign_in_first")
    if not bearer and request.method not in SAFE_METHODS:
        check_origin(request, services, needed=True)
    request.scope["language"] = account.language
    rates = services.settings.limits
    is_read = request.method in SAFE_METHODS
    rate = rates.reads_by_account if is_read else rates.commands_by_account
    services.rates.take("read" if is_read else "write", account.account, rate)
    found = Visitor(
        account=account.account,
        name=account.name,
        organisation=account.organisation,
        roles=frozenset(account.roles),
        session=session.name,
        token_hash=session.token_hash,
        address=address_of(request),
    )
    request.scope["visitor"] = found
    return found


async def who_asks(request: Request) -> Visitor:
    """Return who asks; on its own, because each dependency of a dependency costs a request."""
    return await visitor(request, services_in(request))


Who = Annotated[Visitor, Depends(who_asks)]


async def perhaps_visitor(request: Request) -> Visitor | None:
    """Return who asks, or None where nobody is signed in."""
    try:
        return await visitor(request, services_in(request))
    except NotSignedIn:
        return None


Perhaps = Annotated[Visitor | None, Depends(perhaps_visitor)]


def visitor_of(request: Request) -> Visitor | None:
    """Return who was found to ask, for the page of a refusal; None where that was not asked."""
    found = request.scope.get("visitor")
    return found if isinstance(found, Visitor) else None


def bearer_token(request: Request) -> str:
    """Return the token of an Authorization header, or nothing."""
    scheme, _, token = request.headers.get("authorization", "").partition(" ")
    return token.strip() if scheme.lower() == "bearer" else ""


def cookie_name(services: Services) -> str:
    """Return the cookie's name; over TLS one that no other host can set."""
    return "__Host-kaibiao" if services.settings.is_https else "kaibiao"


def check_origin(request: Request, services: Services, *, needed: bool) -> None:
    """Refuse what a page of another site sends; `web.other_site`.

    Args:
        request: what came.
        services: whose origin counts.
        needed: whether a request without an Origin header is refused too.
    """
    origin = request.headers.get("origin")
    if origin is None and not needed:
        return
    ours = services.settings.origin_text
    if origin is None or not hmac.compare_digest(origin.encode(), ours.encode()):
        raise NotAllowed("web.other_site")


def address_of(request: Request) -> str:
    """Return the network address a request came from."""
    return request.client.host if request.client is not None else "unknown"


async def registry_state(services: Services) -> RegistryState:
    """Return who is who."""
    return cast("RegistryState", await services.desk.state(RECORD))


async def project_state(services: Services, project: str) -> ProjectState:
    """Return the state of a project; `web.no_such_project` when there is none."""
    check_known(services, project)
    return cast("ProjectState", await services.desk.state(project))


def check_known(services: Services, project: str) -> None:
    """Refuse the name of a project that never began; `web.no_such_project`."""
    if project not in services.known:
        raise NotFound("web.no_such_project")


def roles_in(state: ProjectState, account: str) -> frozenset[str]:
    """Return the roles an account is bound to in a project."""
    return frozenset(role for bound, role in state.opening.participants if bound == account)


async def _account_of(services: Services, session: Session | None) -> AccountEntry | None:
    if session is None:
        return None
    account = (await registry_state(services)).accounts.get(session.account)
    return account if account is not None and account.active and not account.disabled else None
