"""Forgets what members of committees kept for themselves once it has served: drafts and page notes.

A draft has served when its writer's marks are in, notes when the report stands; both when their
writer has left the committee, and anything that nobody touched for long. It shows nobody anything.
"""

from typing import Final

from sqlalchemy import Table, select

from evaluation import commands as evaluation
from evaluation.committee import seat_of
from project.state import ProjectState
from record.rules import Command
from registry.draft_tables import drafts, page_notes
from web.deps import project_state
from web.page_notes import is_over
from web.services import Services

LEFT_MS: Final = 90 * 24 * 3_600_000
"""How long what nobody touches is kept, ms: a section may be suspended and never end."""
ENDING: Final = (
    evaluation.SubmitMarks
    | evaluation.StandAside
    | evaluation.ReplaceMember
    | evaluation.FinishReport
)
"""Commands after which some of it may have served."""


async def follow(services: Services, project: str, command: Command) -> None:
    """Forget what has served once a command was done."""
    if isinstance(command, ENDING):
        await _forget(services, project)


async def forget_served(services: Services) -> None:
    """Forget what has served in every project, after a crash too, and what is old."""
    for table in (drafts, page_notes):
        old = table.c.at < services.clock.now() - LEFT_MS
        await services.store.change(table.delete().where(old))
    found = {
        project
        for table in (drafts, page_notes)
        for project in await services.store.scalars(select(table.c.project).distinct())
    }
    for project in sorted(found & services.known):
        await _forget(services, project)


async def _forget(services: Services, project: str) -> None:
    """Forget what has served in a project."""
    state = await project_state(services, project)
    for table in (drafts, page_notes):
        columns = table.c
        query = select(columns.section, columns.account).where(columns.project == project)
        for row in await services.store.rows(query.distinct()):
            if not _serves(state, table, row.section, row.account):
                gone = (columns.section == row.section) & (columns.account == row.account)
                of_project = columns.project == project
                await services.store.change(table.delete().where(of_project & gone))


def _serves(state: ProjectState, table: Table, section: str, account: str) -> bool:
    """Tell whether what somebody keeps of a section may still be of use to its writer."""
    found = state.evaluation.evaluations.get(section)
    if found is None or found.committee.held_by(account) is None:
        return False
    if table is page_notes:
        return not is_over(state, section)
    return seat_of(found.committee, account).member.seat not in found.marking.sheets
