"""What people see and end of their own account over HTTP: their sessions; it shows no token."""

from typing import Annotated, Any

from fastapi import APIRouter, Path
from starlette.responses import Response

from record.errors import NotFound
from web.deps import ServicesDep, Visitor, Who
from web.services import Services

router = APIRouter(tags=["accounts"])

SessionName = Annotated[str, Path(pattern=r"^[0-9a-f]{32}$")]


@router.get("/api/account/sessions")
async def list_sessions(services: ServicesDep, who: Who) -> dict[str, Any]:
    """List one's own sessions, the one used last first."""
    return {"items": await sessions_of(services, who)}


@router.delete("/api/account/sessions", status_code=204)
async def end_other_sessions(services: ServicesDep, who: Who) -> Response:
    """End every session of one's own but the one that asks."""
    await services.sessions.end_others(who.account, but=who.token_hash)
    return Response(status_code=204)


@router.delete("/api/account/sessions/{session}", status_code=204)
async def end_session(services: ServicesDep, who: Who, session: SessionName) -> Response:
    """End one session of one's own, by the name the list gives it."""
    for found in await services.sessions.of(who.account):
        if found.name == session:
            await services.sessions.end(found.token_hash)
            return Response(status_code=204)
    raise NotFound("web.no_such_session")


async def sessions_of(services: Services, who: Visitor) -> list[dict[str, Any]]:
    """Return what a visitor is told of each of their sessions."""
    return [
        {
            "session": one.name,
            "address": one.address,
            "device": one.device,
            "since": one.begun,
            "seen": one.seen,
            "current": one.token_hash == who.token_hash,
        }
        for one in await services.sessions.of(who.account)
    ]
