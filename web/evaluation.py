"""An evaluation as a seat may see it, and its report; who may see what is `rooms.evaluation`.

A supervisor's looking is recorded, as in the hall. Nobody else learns even that there is one.
"""

from typing import Annotated, Any

from fastapi import APIRouter, Path, Query
from starlette.responses import Response

from evaluation.pause import check_running
from project.state import ProjectState
from record.errors import NotFound
from rooms.evaluation import Viewer, clarifications_of, view
from rooms.prices import corrections_of
from rooms.results import result_view
from web.deps import ProjectId, ServicesDep, Visitor, Who, project_state, roles_in
from web.downloads import SectionName, attachment
from web.exports import note_view
from web.file_names import number_of
from web.projects import may_see

router = APIRouter(tags=["evaluation"])
Before = Annotated[str | None, Query(pattern=r"^[0-9a-f]{32}$")]
"""A re-evaluation of the section."""
Form = Annotated[str, Path(pattern=r"^(pdf|json)$")]


@router.get("/api/projects/{project}/sections/{section}/evaluation")
async def evaluation_view(
    services: ServicesDep, who: Who, project: ProjectId, section: SectionName
) -> dict[str, Any]:
    """Return a section's evaluation as this visitor may see it."""
    state = await project_state(services, project)
    viewer = viewer_of(state, who, section)
    if viewer == "supervisor":
        await note_view(services, state, who, "hall")
    return view(state, section, viewer, who.account)


@router.get("/api/projects/{project}/sections/{section}/clarifications")
async def clarifications(
    services: ServicesDep, who: Who, project: ProjectId, section: SectionName
) -> dict[str, Any]:
    """Return what the committee asks this bidder in a section; answering is a command."""
    state = _of_bidder(await project_state(services, project), who, section)
    return {"items": clarifications_of(state, section, who.organisation)}


@router.get("/api/projects/{project}/sections/{section}/corrections")
async def corrections(
    services: ServicesDep, who: Who, project: ProjectId, section: SectionName
) -> dict[str, Any]:
    """Return the corrected prices this bidder is asked to confirm; doing so is a command."""
    state = _of_bidder(await project_state(services, project), who, section)
    return {"items": corrections_of(state, section, who.organisation)}


@router.get("/api/projects/{project}/sections/{section}/report/{form}")
async def fetch_report(
    services: ServicesDep,
    who: Who,
    project: ProjectId,
    section: SectionName,
    form: Form,
    before: Before = None,
) -> Response:
    """Fetch the report 评标报告 as `pdf`, or its facts as `json`; or one before a re-evaluation."""
    state = await project_state(services, project)
    viewer = viewer_of(state, who, section)
    if viewer == "member":
        check_running(state.evaluation.evaluations[section].pause)
    shown = view(state, section, viewer, who.account)
    report = shown.get("report") if before is None else _former(shown, before)
    if report is None:
        raise NotFound("web.report_not_yet")
    sha256 = report["pdf" if form == "pdf" else "facts"]
    path = services.files.document(sha256)
    if path is None:
        raise NotFound("web.report_not_yet")
    return attachment(path, f"评标报告 {number_of(state)} {section}.{form}")


@router.get("/api/projects/{project}/sections/{section}/result")
async def section_result(
    services: ServicesDep, who: Who, project: ProjectId, section: SectionName
) -> dict[str, Any]:
    """Return a section's result as this visitor may see it: candidates, objections, award."""
    state = await project_state(services, project)
    roles = roles_in(state, who.account)
    shown = None
    if section in state.opening.sections and may_see(state, who):
        shown = result_view(state, section, roles, who.organisation)
    if shown is None:
        raise NotFound("web.no_result")
    told = [*shown.get("former", ()), shown]
    if "supervisor" in roles and any(one["objections"] for one in told):
        await note_view(services, state, who, "hall")
    return shown


def _former(shown: dict[str, Any], reevaluation: str) -> dict[str, Any] | None:
    """Return the report that stood when a re-evaluation was ordered; None: it is not shown."""
    known = shown.get("reevaluations", ())
    rows = (one["former"] for one in known if one["reevaluation"] == reevaluation)
    return next(rows, None)


def _of_bidder(state: ProjectState, who: Visitor, section: str) -> ProjectState:
    """Return a project in which the visitor bids.

    Refusals: web.no_evaluation.
    """
    if section not in state.opening.sections or "bidder" not in roles_in(state, who.account):
        raise NotFound("web.no_evaluation")
    return state


def viewer_of(state: ProjectState, who: Visitor, section: str) -> Viewer:
    """Return as what a visitor may look.

    Refusals: web.no_evaluation.
    """
    if section in state.evaluation.evaluations:
        roles = roles_in(state, who.account)
        if section in state.evaluation.sections_of(who.account):
            return "member"
        if "supervisor" in roles:
            return "supervisor"
        if "clerk" in roles:
            return "clerk"
    raise NotFound("web.no_evaluation")
