"""Refusals and bugs as answers of RFC 9457; nowhere else has a refusal a status of HTTP."""

from collections.abc import Awaitable, Callable, Mapping
from typing import Any

import structlog
from fastapi import FastAPI
from fastapi.exceptions import RequestValidationError
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import JSONResponse, Response

from record.errors import Busy, NotAllowed, NotFound, NotValid, OutOfOrder, Refused, TooLate
from record.store import StoreAway
from web import texts

_log = structlog.get_logger("web")

MEDIA = "application/problem+json"
STATUS: Mapping[type[Refused], int] = {
    NotAllowed: 403,
    NotFound: 404,
    OutOfOrder: 409,
    TooLate: 409,
    NotValid: 422,
    Busy: 503,
}
_BY_STATUS: Mapping[int, str] = {404: "web.no_such_page", 405: "web.no_such_method"}
_RESERVED = frozenset({"type", "title", "status", "code", "detail", "request"})


class NotSignedIn(NotAllowed):
    """Nobody is signed in, or no longer."""

    status = 401


class Other(Refused):
    """What the framework itself refuses: no such page, no such method."""

    def __init__(self, code: str, status: int) -> None:
        super().__init__(code)
        self.status = status


def status_of(refused: Refused) -> int:
    """Return the HTTP status of a refusal; a kind of its own may name another."""
    named = getattr(refused, "status", None)
    if isinstance(named, int):
        return named
    return next(status for kind, status in STATUS.items() if isinstance(refused, kind))


def language_of(request: Request) -> texts.Language:
    """Return the language of an answer: the account's choice, else the browser's, else ours."""
    chosen: texts.Language | None = request.scope.get("language")
    if chosen is not None:
        return chosen
    settings = request.app.state.settings
    return texts.choose(request.headers.get("accept-language", ""), settings.language)


def problem(request: Request, refused: Refused, **more: Any) -> Response:
    """Return a refusal as a problem document in the visitor's language."""
    status, facts = status_of(refused), dict(refused.facts)
    language = language_of(request)
    told = {name: value for name, value in facts.items() if name not in _RESERVED}
    body = {
        **told,
        **more,
        "type": f"urn:kaibiao:refusal:{refused.code}",
        "title": texts.say(language, f"status {status}"),
        "status": status,
        "code": refused.code,
        "detail": texts.refusal(language, refused.code, facts),
    }
    return JSONResponse(body, status, _headers(refused, language), MEDIA)


def install(app: FastAPI) -> None:
    """Let an application answer with problems whatever goes wrong."""
    for kind, handler in HANDLERS.items():
        app.add_exception_handler(kind, handler)


def internal(request: Request, error: Exception) -> Response:
    """Return what a bug looks like from outside: the request's id and no word more."""
    request_id = str(request.scope.get("request_id", ""))
    _log.error("internal", request=request_id, path=request.url.path, exc_info=error)
    language = language_of(request)
    body = {
        "type": "urn:kaibiao:refusal:web.internal",
        "title": texts.say(language, "status 500"),
        "status": 500,
        "code": "web.internal",
        "detail": texts.refusal(language, "web.internal", {"request": request_id}),
        "request": request_id,
    }
    return JSONResponse(body, 500, media_type=MEDIA)


def _headers(refused: Refused, language: texts.Language) -> dict[str, str]:
    headers = {"content-language": language, "vary": "accept-language, authorization, cookie"}
    match status_of(refused):
        case 401:
            headers["www-authenticate"] = "Bearer"
        case 416:
            headers["content-range"] = f"bytes */{refused.facts.get('size', '*')}"
        case 429:
            headers["retry-after"] = str(refused.facts.get("seconds", 1))
        case 503:
            headers["retry-after"] = "1"
        case _:
            pass
    return headers


async def _refused(request: Request, error: Exception) -> Response:
    if not isinstance(error, Refused):
        raise error
    return problem(request, error)


async def _malformed(request: Request, error: Exception) -> Response:
    if not isinstance(error, RequestValidationError):
        raise error
    places = [".".join(map(str, found["loc"])) + ": " + found["type"] for found in error.errors()]
    return problem(request, NotValid("web.request_malformed", problems=places[:10]))


async def _http(request: Request, error: Exception) -> Response:
    if not isinstance(error, HTTPException):
        raise error
    code = _BY_STATUS.get(error.status_code, "web.request_malformed")
    answer = problem(request, Other(code, error.status_code))
    answer.headers.update(error.headers or {})
    return answer


async def _store_away(request: Request, error: Exception) -> Response:
    _log.error("the database does not answer", why=str(error))
    return problem(request, Busy("record.store_away"))


HANDLERS: Mapping[type[Exception], Callable[[Request, Exception], Awaitable[Response]]] = {
    Refused: _refused,
    RequestValidationError: _malformed,
    HTTPException: _http,
    StoreAway: _store_away,
}
"""What goes wrong -> how it is answered."""
