"""What bidders attach to answers: brought before the answer is signed, fetched by who may see it.

A file is for one question. It is looked at while it arrives, kept by its hash, and nobody is told
of it before an answer on the record names it. Exactly what a seat is shown of an answer may be
fetched by it, and never so that a browser would show it as a page of ours.
"""

import asyncio
from typing import Annotated, Any

from fastapi import APIRouter, Path
from starlette.requests import ClientDisconnect, Request
from starlette.responses import JSONResponse, Response

from evaluation.attachments import check_size
from evaluation.clarification import Clarification
from evaluation.pause import check_running
from evaluation.state import Evaluation
from project.state import ProjectState
from record.errors import NotFound, NotValid, OutOfOrder, TooLate
from rooms.evaluation import clarifications_of, view
from web.deps import ProjectId, ServicesDep, Visitor, Who, project_state, roles_in
from web.downloads import SectionName, attachment, blocks
from web.evaluation import viewer_of
from web.exports import note_view
from web.services import Services

router = APIRouter(tags=["evaluation"])
ClarificationId = Annotated[str, Path(pattern=r"^[0-9a-f]{32}$")]
Sha256 = Annotated[str, Path(pattern=r"^[0-9a-f]{64}$")]
_OF = "/api/projects/{project}/sections/{section}/clarifications/{clarification}/attachments"


@router.post(_OF)
async def bring_attachment(
    request: Request,
    services: ServicesDep,
    who: Who,
    project: ProjectId,
    section: SectionName,
    clarification: ClarificationId,
) -> Response:
    """Bring the bytes of one attachment; the answer that is signed then names size and hash."""
    state = await project_state(services, project)
    one = _own(state, who, section, clarification)
    _check_goes_on(state, section)
    _check_open(one, services.clock.now())
    announced = request.headers.get("content-length", "")
    check_size(int(announced) if announced.isascii() and announced.isdigit() else 0)
    files = services.files.attachments
    draft = await asyncio.to_thread(files.begin, project, clarification)
    try:
        async for block in blocks(request):
            await asyncio.to_thread(draft.write, block)
        stored = await asyncio.to_thread(draft.keep)
    except ClientDisconnect:
        raise NotValid("web.body_cut") from None
    except FileNotFoundError:
        # swept while it came in, because its question ended: refused as if it came later
        state = await project_state(services, project)
        one = _own(state, who, section, clarification)
        _check_goes_on(state, section)
        _check_open(one, services.clock.now())
        raise
    finally:
        await asyncio.to_thread(draft.drop)
    return JSONResponse({"size": stored.size, "sha256": stored.sha256, "kind": stored.kind}, 201)


@router.get(_OF + "/{sha256}")
async def fetch_attachment(
    services: ServicesDep,
    who: Who,
    project: ProjectId,
    section: SectionName,
    clarification: ClarificationId,
    sha256: Sha256,
) -> Response:
    """Fetch an attachment of an answer that this visitor is shown."""
    state = await project_state(services, project)
    shown = await _shown(services, state, who, section)
    one = next((each for each in shown if each["clarification"] == clarification), {})
    named = {each["sha256"]: each["name"] for each in one.get("attachments", ())}
    if sha256 not in named:
        raise NotFound("clarification.no_such_attachment")
    path = services.files.attachments.stored(clarification, sha256)
    if path is None:
        raise NotFound("clarification.attachment_lost", name=named[sha256])
    answer = attachment(path, named[sha256])
    answer.headers["content-security-policy"] = "default-src 'none'; sandbox"
    return answer


async def drop_unused(services: Services) -> int:
    """Drop what was brought for questions that have ended and no answer names; how many files.

    It reads the records of projects in which a question waits for that, and no other.
    """
    files, gone = services.files.attachments, 0
    waiting = await asyncio.to_thread(files.waiting)
    for project in waiting.keys() & services.known:
        state = await project_state(services, project)
        for section, found in state.evaluation.evaluations.items():
            for name in found.clarifications.keys() & set(waiting[project]):
                one = found.clarifications[name]
                if not one.is_open or _is_over(state, section):
                    gone += await asyncio.to_thread(files.sweep, project, name, one.brought)
    return gone


def _is_over(state: ProjectState, section: str) -> bool:
    """Tell whether nobody answers anything any more, whatever a question still waits for."""
    is_ended = state.opening.sections[section].terminated
    return is_ended or state.evaluation.evaluations[section].report.is_finished


async def _shown(
    services: Services, state: ProjectState, who: Visitor, section: str
) -> list[dict[str, Any]]:
    """Return the questions of a section as this visitor is shown them.

    Refusals: web.no_evaluation.
    """
    if "bidder" in roles_in(state, who.account):
        return clarifications_of(state, section, who.organisation)
    viewer = viewer_of(state, who, section)
    if viewer == "supervisor":
        await note_view(services, state, who, "hall")
    return list(view(state, section, viewer, who.account).get("clarifications", ()))


def _own(state: ProjectState, who: Visitor, section: str, clarification: str) -> Clarification:
    """Return a question to this visitor's own organisation.

    Refusals: web.no_evaluation, evaluation.paused, clarification.not_found.
    """
    found: Evaluation | None = state.evaluation.evaluations.get(section)
    if found is None or "bidder" not in roles_in(state, who.account):
        raise NotFound("web.no_evaluation")
    check_running(found.pause)
    one = found.clarifications.get(clarification)
    asked = clarifications_of(state, section, who.organisation)
    if one is None or clarification not in {each["clarification"] for each in asked}:
        raise NotFound("clarification.not_found")
    return one


def _check_goes_on(state: ProjectState, section: str) -> None:
    """Check that bidders may still answer; opening.terminated, report.bidders_asked."""
    if state.opening.sections[section].terminated:
        raise OutOfOrder("opening.terminated", section=section)
    if state.evaluation.evaluations[section].report.facts:
        raise OutOfOrder("report.bidders_asked")


def _check_open(one: Clarification, now: int) -> None:
    """Check that an answer may still come; clarification.wrong_step, clarification.expired."""
    if one.status != "sent":
        raise OutOfOrder("clarification.wrong_step", status=one.status)
    if now >= one.due:
        raise TooLate("clarification.expired", due=one.due)
