"""The offices a person holds in projects, for administrators; it must not tell who bids where.

What has no line here is not shown: whether somebody bids is nobody's to know before the session is
announced, and a project is named only to a visitor who may know of it.
"""

from typing import Any, Final

from project.phases import phase
from project.state import ProjectState
from web.deps import Visitor
from web.listing import all_states, first_deadline, named, nearness
from web.projects import may_see
from web.services import Services

OFFICES: Final = ("clerk", "custodian", "timekeeper", "supervisor")
"""Every role in a project but the bidder's and the expert's: both are secret, for their time."""
NAMELESS: Final = {"project": "", "number": "", "title": "", "deadline": 0, "sections": []}


async def offices_of(services: Services, account: str, who: Visitor) -> list[dict[str, Any]]:
    """Return the offices of an account as a visitor may know them.

    Those it still holds come first, and of these the one with the next deadline.
    """
    now = services.clock.now()
    rows = [row for state in await all_states(services) for row in _offices(state, account, who)]
    return sorted(rows, key=lambda row: (not row["serves"], nearness(row["deadline"], now)))


def _offices(state: ProjectState, account: str, who: Visitor) -> list[dict[str, Any]]:
    """Return a project's offices of an account; one that ended is the record's too."""
    opening = state.opening
    held = [role for role in OFFICES if (account, role) in opening.known]
    if not held:
        return []
    # whoever may not know of a project learns that there is one, and nothing else of it
    shown = _named(state) if may_see(state, who) else NAMELESS
    return [
        {**shown, "role": role, "serves": (account, role) in opening.participants} for role in held
    ]


def _named(state: ProjectState) -> dict[str, Any]:
    sections = [
        {"title": section.terms.title, "phase": str(phase(state.opening, name))}
        for name, section in state.opening.sections.items()
    ]
    return {**named(state), "deadline": first_deadline(state), "sections": sections}
