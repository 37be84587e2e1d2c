"""The head of a project, what its notice begins with: corrected until then, never after; pure."""

from project.commands import CorrectProject
from project.events import ProjectCorrected
from project.state import ProjectState
from record.errors import OutOfOrder
from record.rules import Given


def correct_project(
    state: ProjectState, command: CorrectProject, _: Given
) -> tuple[ProjectCorrected, ...]:
    """Correct number, title, tenderer and agency, whole; what was said before stays on the record.

    The currency is not among them: the terms of sections are in it.

    Refusals: project.not_created, project.head_unchanged.
    """
    if state.created is None:
        raise OutOfOrder("project.not_created")
    said = command.model_dump(exclude={"type"})
    if all(getattr(state.created, name) == value for name, value in said.items()):
        raise OutOfOrder("project.head_unchanged")
    return (ProjectCorrected(**said),)
