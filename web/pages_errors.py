"""What people see where a page is not there, the database is away or a bug was met.

Programs are told by problems. It must say nothing of a bug but its request's id.
"""

from collections.abc import Awaitable, Callable, Mapping
from contextlib import suppress
from types import MappingProxyType
from typing import TypeAlias

import structlog
from fastapi import FastAPI
from fastapi.exceptions import RequestValidationError
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response

from record.errors import Refused
from record.store import StoreAway
from web import problems, texts
from web.deps import perhaps_visitor, visitor_of
from web.rendering import page, page_language

_log = structlog.get_logger("web")

_KEPT = frozenset({"retry-after", "allow"})
"""Headers of an answer that its page has too."""

Told: TypeAlias = Callable[[Request, Exception], Awaitable[Response]]


def install(app: FastAPI) -> None:
    """Let an application tell people by pages what it tells programs by problems."""
    problems.install(app)
    for kind in (RequestValidationError, HTTPException, StoreAway):
        app.add_exception_handler(kind, _as_page(problems.HANDLERS[kind]))


def bug(request: Request, error: Exception) -> Response:
    """Return what a bug looks like from outside."""
    answer = problems.internal(request, error)
    if not _wants_page(request):
        return answer
    try:
        return _page(request, 500, {"request": str(request.scope.get("request_id", ""))})
    except Exception as worse:  # noqa: BLE001 - whatever keeps the page away must not hide the bug
        _log.error("no page for a bug", exc_info=worse)
        return answer


def _as_page(told: Told) -> Told:
    async def tell(request: Request, error: Exception) -> Response:
        answer = await told(request, error)
        if not _wants_page(request):
            return answer
        if answer.status_code < 500 and request.cookies and visitor_of(request) is None:
            # whoever is signed in does not look signed out; who it is decides nothing here
            with suppress(Refused, StoreAway):
                await perhaps_visitor(request)
        told_as_page = _page(request, answer.status_code)
        for name in _KEPT & {*answer.headers}:
            told_as_page.headers[name] = answer.headers[name]
        return told_as_page

    return tell


def _wants_page(request: Request) -> bool:
    is_page = not request.url.path.startswith(("/api/", "/static/", "/texts/"))
    return is_page and "text/html" in request.headers.get("accept", "")


def _page(
    request: Request, status: int, facts: Mapping[str, object] = MappingProxyType({})
) -> Response:
    """Return the page for a status; an address that is malformed is of a page that is not there."""
    language, shown = page_language(request), status if status >= 500 else 404
    match shown:
        case 404:
            detail = texts.refusal(language, "web.no_such_page", facts)
        case 503:
            detail = texts.say(
                language,
                "The database does not answer at the moment. Open this page again in a while; "
                "if you had sent something, look first whether it arrived.",
            )
        case _:
            detail = texts.refusal(language, "web.internal", facts)
    return page(
        request,
        "refused.html",
        visitor_of(request),
        status=405 if status == 405 else shown,
        title=texts.say(language, f"status {shown}"),
        detail=detail,
    )
