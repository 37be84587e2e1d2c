"""The pages for people: signing in, the first administrator, projects, a project.

They show what channels and the same refusals as the API allow; nothing is decided here. Everything
can be read without scripts; what moves by itself is the browser's own code.
"""

import json
from collections.abc import Awaitable, Callable
from typing import Annotated, Any
from urllib.parse import quote

from fastapi import APIRouter, Form, Path, Query
from fastapi.routing import APIRoute
from pydantic import SecretStr, ValidationError
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from project.phases import phase
from project.state import ProjectState
from record.errors import NotFound, NotValid, Refused
from registry.codes import CodeKind
from rooms.rights import channels_of
from web import bundles, texts
from web.auth import (
    FirstBody,
    SignInBody,
    begin_installation,
    begin_session,
    keep_signed_in,
)
from web.deps import (
    Perhaps,
    ProjectId,
    ServicesDep,
    Visitor,
    Who,
    check_origin,
    cookie_name,
    project_state,
    registry_state,
    roles_in,
    visitor_of,
)
from web.listing import all_states, first_deadline, named, nearness
from web.offered import sealer
from web.packing import packed
from web.problems import NotSignedIn, status_of
from web.projects import may_see
from web.rendering import LANGUAGE_COOKIE, page, page_language
from web.rooms import EntranceDep, check_channels

YEAR_SECONDS = 365 * 24 * 3600
IMMUTABLE = "public, max-age=31536000, immutable"


class PageRoute(APIRoute):
    """A route whose refusals are pages, and which leads to the sign-in where that is missing."""

    def get_route_handler(self) -> Callable[[Request], Awaitable[Response]]:  # type: ignore[override]  # FastAPI's Coroutine is an Awaitable
        """Return the handler, with refusals told to people."""
        handler = super().get_route_handler()

        async def told(request: Request) -> Response:
            try:
                return await handler(request)
            except NotSignedIn:
                return see(f"/sign-in?next={quote(request.url.path)}")
            except Refused as refused:
                return _refusal(request, refused)

        return told


router = APIRouter(tags=["pages"], route_class=PageRoute, include_in_schema=False)

BundleName = Annotated[str, Path(pattern="^[a-z]{1,20}$")]
Next = Annotated[str, Query(max_length=300)]
Line = Annotated[str, Form(max_length=500)]
Password = Annotated[SecretStr, Form(max_length=1000)]


@router.get("/language/{language}")
async def choose_language(language: texts.Language, back: Next = "/") -> Response:
    """Remember a choice of language in this browser."""
    answer = see(_within(back))
    answer.set_cookie(LANGUAGE_COOKIE, language, max_age=YEAR_SECONDS, samesite="lax", path="/")
    return answer


@router.get("/texts/{language}/{version}/{bundle}.json")
async def sentences(
    request: Request, language: texts.Language, version: str, bundle: BundleName
) -> Response:
    """Return the sentences that the code of a page says."""
    del version
    told = bundles.sentences(language, bundle)
    if told is None:
        raise NotFound("web.no_such_page")
    body = json.dumps(told, ensure_ascii=False, separators=(",", ":")).encode()
    return packed(request.headers, body, "application/json", {"cache-control": IMMUTABLE})


@router.get("/sign-in")
async def sign_in_page(request: Request, who: Perhaps, next: Next = "/projects") -> Response:  # noqa: A002 - the name in the address
    """Show the sign-in."""
    if who is not None:
        return see(_within(next))
    return page(request, "sign_in.html", None, next=_within(next), problem=None, account="")


@router.post("/sign-in")
async def sign_in(
    request: Request,
    services: ServicesDep,
    account: Annotated[str, Form(max_length=64)],
    password: Password,
    next: Annotated[str, Form(max_length=300)] = "/projects",  # noqa: A002 - the name in the form
) -> Response:
    """Sign in, or say what was wrong."""
    check_origin(request, services, needed=True)
    where = _within(next)
    try:
        body = SignInBody(account=account, password=password)
        token = await begin_session(request, services, body)
    except (Refused, ValidationError) as error:
        refused = error if isinstance(error, Refused) else NotSignedIn("web.sign_in_failed")
        told = texts.refusal(page_language(request), refused.code, refused.facts)
        shown: dict[str, Any] = {"next": where, "problem": told, "account": account}
        return page(request, "sign_in.html", None, status=status_of(refused), **shown)
    answer = see(where)
    keep_signed_in(answer, services, token)
    return answer


@router.post("/sign-out")
async def sign_out(services: ServicesDep, who: Who) -> Response:
    """Sign out."""
    await services.sessions.end(who.token_hash)
    answer = see("/sign-in")
    answer.delete_cookie(cookie_name(services), path="/")
    return answer


@router.get("/first")
async def first_page(request: Request, services: ServicesDep) -> Response:
    """Show how the first administrator is made, while there is none."""
    if not (await registry_state(services)).is_empty:
        return see("/sign-in")
    return page(request, "first.html", None, problem=None, filled={})


@router.post("/first")
async def first(  # noqa: PLR0913, PLR0917 - FastAPI's parameters are the form's fields
    request: Request,
    services: ServicesDep,
    token: Annotated[SecretStr, Form(max_length=100)],
    organisation: Line,
    kind: Annotated[CodeKind, Form()],
    code: Line,
    account: Line,
    name: Line,
    password: Password,
) -> Response:
    """Make the first administrator, or say what was wrong."""
    check_origin(request, services, needed=True)
    filled = {
        "organisation": organisation,
        "kind": kind,
        "code": code,
        "account": account,
        "name": name,
    }
    try:
        body = FirstBody.model_validate({**filled, "token": token, "password": password})
        session = await begin_installation(request, services, body)
    except (Refused, ValidationError) as error:
        refused = error if isinstance(error, Refused) else _malformed(error)
        told = texts.refusal(page_language(request), refused.code, refused.facts)
        shown: dict[str, Any] = {"problem": told, "filled": filled}
        return page(request, "first.html", None, status=status_of(refused), **shown)
    answer = see("/admin")
    keep_signed_in(answer, services, session)
    return answer


@router.get("/projects")
async def projects(
    request: Request, services: ServicesDep, who: Who, number: Annotated[int, Query(ge=1)] = 1
) -> Response:
    """List the projects a visitor may see, those with the next deadline first."""
    rows = [_row(state, who) for state in await all_states(services) if may_see(state, who)]
    guide = request.app.state.demo.told()
    old = frozenset() if guide is None else guide.earlier
    earlier = [row for row in rows if row["project"] in old]
    rows = [row for row in rows if row["project"] not in old]
    now, size = services.clock.now(), services.settings.limits.page
    rows.sort(key=lambda row: (nearness(row["deadline"], now), row["number"]))
    some = rows[(number - 1) * size : number * size]
    more = len(rows) > number * size
    shown: dict[str, Any] = {"rows": some, "now": now, "number": number, "more": more}
    return page(request, "projects.html", who, earlier=earlier, **shown)


@router.get("/projects/{project}")
async def project_page(
    request: Request, services: ServicesDep, entrance: EntranceDep, who: Who, project: ProjectId
) -> Response:
    """Show a project: notice, keys, documents, questions, sessions, minutes."""
    state = await project_state(services, project)
    await check_channels(services, state, who, ["hall"])
    room = await entrance.hub.room(project)
    own = own_channel(state, who)
    shown: dict[str, Any] = {
        "project": project,
        "view": room.projection.channel("hall").view,
        "own": room.projection.channel(own).view if own else {},
        "now": services.clock.now(),
        "phases": {name: str(phase(state.opening, name)) for name in state.opening.sections},
        "roles": sorted(roles_in(state, who.account)),
        "sealer": await services.workers.run(sealer),
    }
    return page(request, "project.html", who, **shown)


def _row(state: ProjectState, who: Visitor) -> dict[str, Any]:
    sections = [
        {
            "title": section.terms.title,
            "deadline": section.terms.deadline,
            "phase": str(phase(state.opening, name)),
        }
        for name, section in state.opening.sections.items()
    ]
    return {
        **named(state),
        "sections": sections,
        "deadline": first_deadline(state),
        "roles": sorted(roles_in(state, who.account)),
    }


def own_channel(state: ProjectState, who: Visitor) -> str | None:
    """Return the channel of the bidder a visitor acts for, if it does."""
    channels = channels_of(state, who.account)
    return next((name for name in sorted(channels) if name.startswith("bidder/")), None)


def see(where: str) -> RedirectResponse:
    """Lead to another page, which may be told where the visitor comes from."""
    return RedirectResponse(where, 303, {"referrer-policy": "same-origin"})


def _within(where: str) -> str:
    """Return a path of this site, whatever an address asked for."""
    is_ours = where.startswith("/") and not where.startswith(("//", "/\\")) and "\\" not in where
    return where if is_ours and where.isprintable() else "/projects"


def _malformed(error: ValidationError) -> Refused:
    found = error.errors(include_url=False, include_context=False, include_input=False)
    problems = [".".join(str(part) for part in one["loc"]) for one in found[:10]]
    return NotValid("web.body_malformed", problems=problems)


def _refusal(request: Request, refused: Refused) -> Response:
    language, status = page_language(request), status_of(refused)
    shown: dict[str, Any] = {
        "title": texts.say(language, f"status {status}"),
        "detail": texts.refusal(language, refused.code, refused.facts),
    }
    return page(request, "refused.html", visitor_of(request), status=status, **shown)
