"""The state of a whole project, folded from its record; values only, no judgement."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal

from evaluation.state import EvaluationState
from opening.messages import Amendment, Notice
from opening.state import OpeningState
from project.events import ProjectCreated
from record.events import Stamp


@dataclass(frozen=True, slots=True)
class Document:
    """A tender document; bidders see it from the moment it is published."""

    document: str
    title: str
    name: str
    size: int
    sha256: str
    published: bool = False


@dataclass(frozen=True, slots=True)
class PublishedNotice:
    """The notice as it was published; it never changes."""

    stamp: Stamp
    notice: Notice


@dataclass(frozen=True, slots=True)
class PublishedAmendment:
    """One amendment as it was published."""

    stamp: Stamp
    amendment: Amendment


@dataclass(frozen=True, slots=True)
class Question:
    """A question about the tender documents."""

    question: str
    section: str
    organisation: str
    text: str
    """The asker's own wording; nobody but the asker and the clerk reads it."""
    stamp: Stamp
    published: str | None = None
    """The question in the clerk's words, as all see it beside the answer."""
    answer: str | None = None


@dataclass(frozen=True, slots=True)
class Outage:
    """An outage shortly before a deadline; it concerns that deadline and no later one."""

    deadline: int
    since: int
    until: int
    decide_by: int
    decision: Literal["extend", "close"] | None = None


@dataclass(frozen=True, slots=True)
class SupervisorNotice:
    """A notice of the supervisor, and the clerk's reply once it is acknowledged."""

    notice: str
    section: str
    text: str
    pause: bool
    stamp: Stamp
    reply: str | None = None


@dataclass(frozen=True, slots=True)
class ProjectState:
    """Everything the rules know of one project."""

    project: str
    opening: OpeningState
    evaluation: EvaluationState = field(default_factory=EvaluationState)
    created: ProjectCreated | None = None
    """How the project was begun, with number, title and parties as last corrected."""
    documents: Mapping[str, Document] = field(default_factory=dict)
    """By id, in the order they were put in."""
    notice: PublishedNotice | None = None
    amendments: tuple[PublishedAmendment, ...] = ()
    fetched: frozenset[tuple[str, str]] = frozenset()
    """(document, organisation)."""
    offices: frozenset[str] = frozenset()
    """Organisations that ever held a role other than bidder here; none of them may bid."""
    questions: Mapping[str, Question] = field(default_factory=dict)
    outages: Mapping[str, Outage] = field(default_factory=dict)
    """By section, the last one noted."""
    notices: Mapping[str, SupervisorNotice] = field(default_factory=dict)
    views: Mapping[tuple[str, str], int] = field(default_factory=dict)
    """(account, subject) -> the hour of its last recorded view, ms."""
