"""What the public may know of each section, in a line: where it stands, when it opens, its minutes.

Nothing is told here that the channel `public` does not show; a test compares the two. So whether a
session is announced, read out or in its second envelope is not in it.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

from opening.state import OpeningState
from project.phases import Phase
from project.state import ProjectState


@dataclass(frozen=True, slots=True)
class Listed:
    """A section as the public sees it.

    Args:
        stands: where, in the words of a phase.
        ended: envelope -> when its session ended, ms; its minutes are published from then on.
    """

    project: str
    number: str
    title: str
    tenderer: str
    section: str
    section_title: str
    alone: bool
    """Whether it is the project's only section."""
    deadline: int
    stands: Phase
    ended: Mapping[int, int] = field(default_factory=dict)


def listed(state: ProjectState, now: int) -> Iterator[Listed]:
    """Give the sections of a project as the public sees them; none before the notice."""
    if state.notice is None:
        return
    notice = state.notice.notice
    for told in notice.sections:
        yield Listed(
            project=state.project,
            number=notice.number,
            title=notice.title,
            tenderer=notice.tenderer,
            section=told.section,
            section_title=told.title,
            alone=len(notice.sections) == 1,
            deadline=state.opening.sections[told.section].terms.deadline,
            stands=stands(state.opening, told.section, now),
            ended=dict(_ended(state.opening, told.section)),
        )


def stands(state: OpeningState, section: str, now: int) -> Phase:
    """Return where a section stands, as far as the public is told."""
    found = state.sections[section]
    if found.terminated:
        return Phase.TERMINATED
    if found.suspended is not None or found.awarded:
        return Phase.AWARDED if found.suspended is None else Phase.SUSPENDED
    ended = dict(_ended(state, section))
    if ended:
        return _after_a_session(len(ended), found.terms.envelopes)
    if found.failed:
        return Phase.FAILED
    closed = [name for (name, _), one in state.sessions.items() if one.closed is not None]
    if closed.count(section) == found.terms.envelopes:
        return Phase.OPENING1
    return Phase.CLOSED if found.terms.deadline <= now else Phase.OPEN


def matches(one: Listed, wanted: str) -> bool:
    """Tell whether every word that is looked for stands in number, title, section or tenderer."""
    told = f"{one.number} {one.title} {one.section_title} {one.tenderer}".casefold()
    return all(word in told for word in wanted.casefold().split())


def _after_a_session(ended: int, envelopes: int) -> Phase:
    if ended < envelopes:
        return Phase.EVALUATING1
    return Phase.OPENED1 if envelopes == 1 else Phase.OPENED2


def _ended(state: OpeningState, section: str) -> Iterator[tuple[int, int]]:
    for (name, envelope), session in state.sessions.items():
        if name == section and session.stage == "ended":
            yield envelope, session.moments.get("ended", 0)
