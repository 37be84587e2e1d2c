"""What every list of projects needs: the projects as they are now, what names one, and an order.

Whose list it is and what may stand in it, its page decides; nothing is left out here.
"""

from typing import Any

from project.state import ProjectState
from web.deps import project_state
from web.services import Services


async def all_states(services: Services) -> list[ProjectState]:
    """Return the states of all projects there are, by id; others may begin meanwhile."""
    return [await project_state(services, name) for name in sorted(services.known)]


def named(state: ProjectState) -> dict[str, Any]:
    """Return what names a project; empty words as long as nothing was created."""
    created = state.created
    return {
        "project": state.project,
        "number": created.number if created else "",
        "title": created.title if created else "",
        "tenderer": created.tenderer if created else "",
    }


def first_deadline(state: ProjectState) -> int:
    """Return the first deadline of a project's sections, ms; 0 where it has none."""
    sections = state.opening.sections.values()
    return min((section.terms.deadline for section in sections), default=0)


def nearness(deadline: int, now: int) -> tuple[bool, int]:
    """Return what orders deadlines: those to come before those that are over, the nearest first."""
    return deadline < now, abs(deadline - now)
