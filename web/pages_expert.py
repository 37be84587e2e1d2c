"""The expert's pages: the committees it sits on, and the desk of one of them.

They tell what is open to a member and no more; acting needs the browser's code, because a member
signs there. It must not show a bid, a name or a mark: those come by the evaluation's own view.
"""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Final, Literal

from fastapi import APIRouter
from starlette.requests import Request
from starlette.responses import Response

from evaluation.committee import Standing, seat_of
from evaluation.promise import TEXT
from evaluation.review import disagreements
from evaluation.state import Evaluation
from opening.state import OpeningState
from project.state import ProjectState
from record.errors import NotFound
from rooms.evaluation import Step, step_of, view
from web.deps import ProjectId, ServicesDep, Who, project_state
from web.downloads import SectionName
from web.listing import all_states, named
from web.pages import PageRoute
from web.rendering import page

router = APIRouter(tags=["pages"], route_class=PageRoute, include_in_schema=False)

Doing = Literal[
    "sign_in",
    "ties",
    "names",
    "ballot",
    "review",
    "vote",
    "close",
    "competition",
    "correction",
    "prices",
    "marks",
    "remarks",
    "sign",
    "finish",
    "paused",
    "wait",
    "nothing",
]
_BEFORE_SEATED: dict[Standing, Doing] = {
    "named": "sign_in",
    "signed_in": "ties",
    "declared": "names",
}


@dataclass(frozen=True, slots=True)
class Sitting:
    """A committee somebody sits on, and what it has to do there next."""

    project: str
    number: str
    title: str
    section: str
    section_title: str
    step: str
    doing: Doing


@router.get("/expert")
async def committees_page(request: Request, services: ServicesDep, who: Who) -> Response:
    """List the committees a visitor sits on, those that wait for it first."""
    states = await all_states(services)
    found = [one for state in states for one in sittings(state, who.account)]
    found.sort(
        key=lambda one: (one.doing in {"paused", "wait", "nothing"}, one.number, one.section)
    )
    return page(request, "expert.html", who, sittings=found)


@router.get("/projects/{project}/desk/{section}")
async def desk_page(
    request: Request, services: ServicesDep, who: Who, project: ProjectId, section: SectionName
) -> Response:
    """Show a member's desk; the browser's code keeps it live and lets the member act."""
    state = await project_state(services, project)
    if section not in state.evaluation.sections_of(who.account):
        raise NotFound("web.no_evaluation")
    bound = state.opening.participants.get((who.account, "expert"))
    found = state.evaluation.evaluations[section]
    shown: dict[str, Any] = {
        **named(state),
        "section": section,
        "section_title": state.opening.sections[section].terms.title,
        "view": view(state, section, "member", who.account),
        "doing": doing(state.opening, found, who.account),
        "bound": "" if bound is None or bound.keyid is None else bound.keyid,
        "promise": TEXT,
    }
    return page(request, "desk.html", who, **shown)


def sittings(state: ProjectState, account: str) -> Iterator[Sitting]:
    """Give the committees of a project on which an account sits."""
    names = named(state)
    for section in sorted(state.evaluation.sections_of(account)):
        found = state.evaluation.evaluations[section]
        yield Sitting(
            project=state.project,
            number=names["number"],
            title=names["title"],
            section=section,
            section_title=state.opening.sections[section].terms.title,
            step=step_of(state.opening, found),
            doing=doing(state.opening, found, account),
        )


def doing(opening: OpeningState, found: Evaluation, account: str) -> Doing:
    """Return what a member has to do next; `wait` where it is for others to act."""
    seat = seat_of(found.committee, account)
    if found.pause is not None:
        return "paused"
    if seat.standing in _BEFORE_SEATED:
        return _BEFORE_SEATED[seat.standing]
    own, due = seat.member.seat, _DUE.get(step_of(opening, found))
    return "wait" if due is None else due(found, own)


def _in_ballot(found: Evaluation, own: str) -> Doing:
    return "wait" if own in found.committee.ballot.votes else "ballot"


def _in_judging(found: Evaluation, own: str) -> Doing:
    return "wait" if own in found.competition.judged else "competition"


def _at_prices(found: Evaluation, own: str) -> Doing:
    """Return what is due while prices are checked: a vote first, then the chair's word."""
    if any(one.status == "proposed" and own not in one.votes for one in found.corrections.values()):
        return "correction"
    return "prices" if own == found.committee.chair else "wait"


def _in_marking(found: Evaluation, own: str) -> Doing:
    return "wait" if own in found.marking.sheets else "marks"


def _marking_again(found: Evaluation, own: str) -> Doing:
    one = found.reevaluation
    return "wait" if one is None or own in one.remarks else "remarks"


def _in_review(found: Evaluation, own: str) -> Doing:
    review = found.review
    if any((own, bid) not in review.verdicts for bid in review.bids):
        return "review"
    if any(own not in vote.votes for vote in review.votes.values()):
        return "vote"
    every = len(found.committee.seats) * len(review.bids)
    if own != found.committee.chair or len(review.verdicts) < every:
        return "wait"
    return "vote" if disagreements(found.committee, review) else "close"


def _at_report(found: Evaluation, own: str) -> Doing:
    if own not in found.report.signed:
        return "sign"
    return "finish" if own == found.committee.chair else "wait"


def _when_finished(found: Evaluation, own: str) -> Doing:
    del found, own
    return "nothing"


_DUE: Final[Mapping[Step, Callable[[Evaluation, str], Doing]]] = {
    "chair": _in_ballot,
    "review": _in_review,
    "competition": _in_judging,
    "prices": _at_prices,
    "marks": _in_marking,
    "reevaluation": _marking_again,
    "report": _at_report,
    "finished": _when_finished,
}
"""What is due at each step; at the others a member waits."""
