"""Rooms over HTTP: tickets, the WebSocket, snapshots and the long poll for lines without one.

Who may listen to what is `rooms.rights`; nothing here knows an event or a field.
"""

import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import Annotated, Any, cast

from fastapi import APIRouter, Depends, Path, Query
from pydantic import Field
from starlette.requests import HTTPConnection, Request
from starlette.websockets import WebSocket

from crypto.random import fresh
from project.state import ProjectState
from record.errors import NotAllowed, NotFound
from record.events import Frozen, Hex32
from rooms import messages
from rooms.hub import Hub
from rooms.messages import CHANNEL, SUBPROTOCOL, ChannelName
from rooms.projection import EPOCH
from rooms.rights import channels_of
from rooms.socket import Entrance, serve_socket
from rooms.tickets import Tickets
from web.deps import (
    Perhaps,
    ProjectId,
    ServicesDep,
    Visitor,
    Who,
    check_known,
    project_state,
    roles_in,
)
from web.exports import note_view
from web.problems import NotSignedIn
from web.reading import read_json
from web.services import Services

router = APIRouter(tags=["rooms"])

POLL_SECONDS = 25
FORBIDDEN = 4403
"""Close code before the handshake; the browser sees status 403."""


class TicketBody(Frozen):
    """Which channels of which project a page wants to listen to."""

    project: Hex32
    channels: Annotated[list[ChannelName], Field(min_length=1, max_length=4)]


def entrance_of(connection: HTTPConnection) -> Entrance:
    """Return what sockets of the application are let in by."""
    return cast("Entrance", connection.app.state.entrance)


EntranceDep = Annotated[Entrance, Depends(entrance_of)]
Channel = Annotated[str, Path(pattern=CHANNEL)]


@dataclass(frozen=True, slots=True)
class Poll:
    """Where a reader stands, and how long it waits for news, seconds."""

    since: Annotated[int, Query(ge=0, lt=1 << 53)] = 0
    epoch: Annotated[str, Query(pattern=r"^[0-9a-f]{0,16}$")] = ""
    wait: Annotated[int, Query(ge=0, le=POLL_SECONDS)] = POLL_SECONDS


@asynccontextmanager
async def open_rooms(services: Services) -> AsyncIterator[Entrance]:
    """Keep the rooms of an application open until the block is left."""
    async with Hub(services.desk, _monotonic).running() as hub:
        yield Entrance(
            hub=hub,
            tickets=Tickets(fresh(32)),
            clock=services.clock.now,
            monotonic=_monotonic,
            is_signed_in=services.sessions.lasts,
        )


@router.post("/api/rooms/ticket")
async def ticket(
    request: Request, services: ServicesDep, entrance: EntranceDep, who: Who
) -> dict[str, Any]:
    """Give a ticket to a project's room: for one socket, once, within half a minute."""
    limits = services.settings.limits
    body = await read_json(request, TicketBody, limits.small_body, limits.body_time)
    state = await project_state(services, body.project)
    await check_channels(services, state, who, body.channels)
    issued = entrance.tickets.issue(
        who.account, who.token_hash, body.project, tuple(body.channels), entrance.clock()
    )
    return {"ticket": issued, "epoch": EPOCH}


@router.get("/api/rooms/{project}/watchers")
async def watchers(entrance: EntranceDep, who: Who, project: ProjectId) -> dict[str, int]:
    """Tell administrators how many sockets are in a room; before the close nobody else may know."""
    if "administrator" not in who.roles:
        raise NotAllowed("registry.not_permitted")
    return {"watchers": entrance.hub.watchers(project)}


@router.get("/api/projects/{project}/channels")
async def channels(services: ServicesDep, who: Perhaps, project: ProjectId) -> dict[str, Any]:
    """List the channels this visitor may listen to."""
    state = await project_state(services, project)
    account = None if who is None else who.account
    return {"channels": sorted(channels_of(state, account)), "epoch": EPOCH}


@router.get("/api/projects/{project}/channels/{name:path}/events")
async def events(
    services: ServicesDep,
    entrance: EntranceDep,
    who: Perhaps,
    project: ProjectId,
    name: Channel,
    poll: Annotated[Poll, Depends()],
) -> dict[str, Any]:
    """Return the frames that follow a number; waits a little where there is none yet.

    Frames of another epoch have other numbers: then, and for a number that was never reached, the
    answer is the whole view, with `reset`.
    """
    check_known(services, project)
    state = await project_state(services, project)
    await check_channels(services, state, who, [name])
    room = await entrance.hub.room(project)
    is_other = poll.epoch not in {"", EPOCH} or poll.since > room.last(name)
    if is_other:
        return {**_snapshot(entrance, name, room.projection.channel(name)), "reset": True}
    await entrance.hub.wait(project, name, poll.since, poll.wait)
    page = await entrance.hub.frames(project, name, poll.since)
    frames = [messages.frame_body(frame) for frame in page.frames]
    return {"now": entrance.clock(), "epoch": EPOCH, "n": page.n, "frames": frames}


@router.get("/api/projects/{project}/channels/{name:path}")
async def snapshot(
    services: ServicesDep, entrance: EntranceDep, who: Perhaps, project: ProjectId, name: Channel
) -> dict[str, Any]:
    """Return a channel's whole view."""
    state = await project_state(services, project)
    await check_channels(services, state, who, [name])
    room = await entrance.hub.room(project)
    return _snapshot(entrance, name, room.projection.channel(name))


@router.websocket("/rooms/{project}")
async def enter(socket: WebSocket, project: ProjectId) -> None:
    """Open a room; the first message is `hello` with a ticket."""
    services = cast("Services", socket.app.state.services)
    origin = socket.headers.get("origin")
    if origin is not None and origin != services.settings.origin_text:
        await socket.close(FORBIDDEN)
        return
    if SUBPROTOCOL not in socket.scope.get("subprotocols", ()):
        await socket.close(FORBIDDEN)
        return
    await socket.accept(subprotocol=SUBPROTOCOL)
    await serve_socket(socket, project, entrance_of(socket))


async def check_channels(
    services: Services, state: ProjectState, who: Visitor | None, wanted: list[str]
) -> None:
    """Refuse channels that are not this visitor's; a supervisor's listening is recorded."""
    allowed = channels_of(state, None if who is None else who.account)
    if not allowed:
        raise NotFound("web.no_such_project")
    if not set(wanted) <= allowed:
        if who is None:
            raise NotSignedIn("web.sign_in_first")
        raise NotAllowed("rooms.not_your_channel")
    if who is not None and "supervisor" in roles_in(state, who.account):
        await note_view(services, state, who, "timeline" if "supervisor" in wanted else "hall")


def _snapshot(entrance: Entrance, name: str, channel: Any) -> dict[str, Any]:
    return {
        "now": entrance.clock(),
        "ch": name,
        "epoch": EPOCH,
        "n": channel.n,
        "view": channel.view,
    }


def _monotonic() -> int:
    return time.monotonic_ns() // 1_000_000
