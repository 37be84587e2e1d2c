"""What browsers report of our policy: counted by kind, and nothing else of it kept.

Anybody can send such a report, so a count says that something is to be looked at and no more.
"""

import json
from typing import Any

import structlog
from fastapi import APIRouter
from starlette.requests import Request
from starlette.responses import Response

from record.errors import NotValid
from web.deps import ServicesDep, address_of
from web.reading import read_body

router = APIRouter(tags=["log"])

LONGEST = 16 * 1024
MOST = 20
"""How many reports one request may bring."""
_log = structlog.get_logger("web")


@router.post("/api/csp-reports", status_code=204)
async def report(request: Request, services: ServicesDep) -> Response:
    """Take a browser's report that a page broke its own policy."""
    limits = services.settings.limits
    services.rates.take("csp report", address_of(request), limits.sign_in_by_address)
    body = await read_body(request, LONGEST, limits.body_time)
    for directive in _directives(body):
        _log.warning("csp", kind=services.reports.count(directive))
    return Response(status_code=204)


def _directives(body: bytes) -> list[str]:
    """Return the violated directives of a report, of the older form or the newer.

    Source: Content Security Policy Level 3, sections 5.3 and 5.5.
    """
    try:
        told = json.loads(body)
    except (ValueError, RecursionError):
        raise NotValid("web.body_malformed", problems=["json"]) from None
    many = told if isinstance(told, list) else [told]
    found = [_directive(one) for one in many[:MOST]]
    return [one for one in found if one]


def _directive(told: Any) -> str:
    if not isinstance(told, dict):
        return ""
    body = told.get("csp-report", told.get("body"))
    if not isinstance(body, dict):
        return ""
    said = body.get("effective-directive", body.get("effectiveDirective"))
    return str(said or body.get("violated-directive", "")).partition(" ")[0]
