"""The one route by which people act in a project: read, stamp, check, submit, answer.

It decides nothing: the rules do. What it must keep is the order: the moment a command counts from
and its place in the project's order are taken together, before anything is awaited.
"""

import re
from collections.abc import Callable, Coroutine
from contextlib import AbstractContextManager, nullcontext
from typing import Any

import structlog
from fastapi import APIRouter
from fastapi.routing import APIRoute
from starlette.requests import Request
from starlette.responses import JSONResponse, Response

from crypto.random import fresh
from evaluation import commands as evaluation
from evaluation.pause import check_same
from opening import commands as opening
from opening.envelopes import read
from opening.messages import Bid
from project import commands as project_commands
from project.parse import parse_command
from record.desk import Outcome, Ticket
from record.errors import Busy, Refused
from record.rules import Command, Given
from web import own_papers
from web.answers import CommandId, told
from web.asked import Asked
from web.deps import (
    ProjectId,
    Who,
    check_known,
    services_in,
    who_asks,
)
from web.measures import Measured, measure
from web.problems import problem
from web.reading import check_media, read_body
from web.refusals import refuse
from web.services import Services
from web.submitting import request_digest

_PROJECT = re.compile(r"[0-9a-f]{32}", re.ASCII)
_COMMAND_ID = re.compile(r"[A-Za-z0-9_.-]{1,64}", re.ASCII)


class CommandRoute(APIRoute):
    """A route that reads its own two parameters: solving them in general costs as much as a check.

    Whatever is not plainly right goes the general way, which says what is wrong with it.
    """

    def get_route_handler(self) -> Callable[[Request], Coroutine[Any, Any, Response]]:
        """Return the handler."""
        in_general = super().get_route_handler()

        async def handle(request: Request) -> Response:
            project, command_id = request.path_params["project"], _command_id(request)
            if not (_PROJECT.fullmatch(project) and _COMMAND_ID.fullmatch(command_id)):
                return await in_general(request)
            return await post_command(request, await who_asks(request), project, command_id)

        return handle


def _command_id(request: Request) -> str:
    """Return the header, where there is exactly one of it."""
    told = request.headers.getlist("idempotency-key")
    return told[0] if len(told) == 1 else ""


router = APIRouter(tags=["projects"], route_class=CommandRoute)

_log = structlog.get_logger("web")

LONG = frozenset({"clerk", "custodian", "timekeeper"})
"""Roles whose commands may name every bid."""

IN_ORDER: frozenset[type[Command]] = frozenset(
    {
        opening.AdmitBid,
        opening.WithdrawBid,
        opening.JoinCeremony,
        opening.DealCeremony,
        opening.CertifyCeremony,
    }
)
"""Commands that are checked first and have a deadline: they keep the place they came in."""


@router.post("/api/projects/{project}/commands")
async def post_command(
    request: Request, who: Who, project: ProjectId, command_id: CommandId
) -> Response:
    """Ask a project for something; the body is one command, the header names it."""
    services = services_in(request)
    check_media(request)
    limits = services.settings.limits
    cap = limits.long_command_body if LONG & who.roles else limits.command_body
    body = await read_body(request, cap, limits.body_time)
    received = services.clock.now()
    command = parse_command(body)
    if not isinstance(command, project_commands.CreateProject):
        check_known(services, project)
    asked = Asked(project, command, command_id, who, received, request_digest(who.account, body))
    try:
        with _place(services, asked) as ticket:
            outcome = await _submit(services, asked, ticket)
    except Refused as refused:
        if not isinstance(command, opening.AdmitBid) or isinstance(refused, Busy):
            raise
        kept = await refuse(services, asked, command, refused)
        return problem(request, refused, **kept)
    await _check_same(services, asked)
    await _follow_up(services, asked)
    return JSONResponse(told(services, outcome))


def _place(services: Services, asked: Asked) -> AbstractContextManager[Ticket | None]:
    """Take the command's place in the project's order; nothing was awaited since it was stamped."""
    if type(asked.command) in IN_ORDER:
        return services.desk.ticket(asked.project)
    return nullcontext()


async def _submit(services: Services, asked: Asked, ticket: Ticket | None) -> Outcome:
    try:
        measured = await measure(services, asked)
    except Refused:
        # accepted before, the command is answered as it was then, whatever holds now
        if await services.store.command(asked.project, asked.command_id) is None:
            raise
        measured = Measured()
    given = Given(
        actor=asked.who.actor,
        received=asked.received,
        command_id=asked.command_id,
        fresh=fresh(32),
        facts=measured.facts,
        checked=measured.checked,
    )
    return await services.desk.submit(
        asked.project,
        asked.command,
        given,
        digest=asked.digest,
        trace=asked.who.trace,
        ticket=ticket,
    )


async def _check_same(services: Services, asked: Asked) -> None:
    """Tell whoever would let an evaluation go on that it is not what was paused, as is recorded.

    Refusals: evaluation.state_differs.
    """
    if not isinstance(asked.command, evaluation.Resume):
        return
    state = await services.desk.state(asked.project)
    found = state.evaluation.evaluations.get(asked.command.section)
    if found is not None:
        check_same(found.pause)


async def _follow_up(services: Services, asked: Asked) -> None:
    """Give an admitted bid its file for good, and forget papers that have served.

    After a crash the start does both.
    """
    await own_papers.follow(services, asked.project, asked.command)
    if not isinstance(asked.command, opening.AdmitBid):
        return
    root = bytes.fromhex(read(asked.command.message, Bid).root)
    try:
        await services.workers.run(services.files.adopt, asked.command.upload, root)
    except (OSError, Refused):
        _log.exception("a sealed file was not moved; the next start does it", root=root.hex())
