"""What the committee says among itself, as its members and the supervisor are shown it; pure.

Whoever has not confirmed the names reads none of it: bidders are named there. It must not be shown
to anybody else, in a channel neither.
"""

from typing import Any

from evaluation.pause import check_running
from project.state import ProjectState
from record.errors import NotAllowed, NotFound

View = dict[str, Any]
PAGE = 200
"""Messages of one answer."""


def discussion_view(
    state: ProjectState, section: str, account: str, roles: frozenset[str], after: int
) -> View:
    """Return what was said after so many messages, one page of it.

    Refusals: web.no_evaluation, reading.names_first, evaluation.paused.
    """
    found = state.evaluation.evaluations.get(section)
    if found is None:
        raise NotFound("web.no_evaluation")
    seat = found.committee.held_by(account)
    if seat is None and "supervisor" not in roles:
        raise NotFound("web.no_evaluation")
    if seat is not None:
        check_running(found.pause)
        if seat.standing != "confirmed":
            raise NotAllowed("reading.names_first")
    some = found.said[after : after + PAGE]
    by_name = found.shown_by == "name"
    items = []
    for n, one in enumerate(some, after + 1):
        shown: View = {"n": n, "seat": one.seat, "at": one.at, "text": one.text}
        bound = state.opening.known.get((one.account, "expert"))
        items.append({**shown, "name": bound.name} if by_name and bound is not None else shown)
    return {"shown_by": found.shown_by, "count": len(found.said), "items": items}
