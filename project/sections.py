"""Sections and their life: terms, documents, suspension, termination; pure."""

from dataclasses import dataclass

from opening.terms import SectionResumed, SectionSuspended, SectionTerminated, TermsSet
from project.commands import (
    AddDocument,
    DefineSection,
    RemoveDocument,
    ResumeSection,
    SuspendSection,
    TerminateSection,
)
from project.events import DocumentAdded, DocumentRemoved, ProjectCreated
from project.phases import Phase, phase
from project.state import ProjectState
from record.errors import NotFound, NotValid, OutOfOrder, TooLate
from record.rules import Given

MOST_SECTIONS = 100
MOST_DOCUMENTS = 500


@dataclass(frozen=True, slots=True)
class StoredDocument:
    """A tender document as the service measured what it keeps; only the service makes one."""

    size: int
    sha256: str


def define_section(
    state: ProjectState, command: DefineSection, given: Given
) -> tuple[TermsSet, ...]:
    """Set the terms of a section, whole.

    Refusals: project.notice_published, project.too_many_sections, project.deadline_passed,
    project.question_deadline, project.threshold, project.form_fields, project.draw_values.
    """
    if state.notice is not None:
        raise OutOfOrder("project.notice_published")
    defined = state.opening.sections
    if command.section not in defined and len(defined) >= MOST_SECTIONS:
        raise OutOfOrder("project.too_many_sections", most=MOST_SECTIONS)
    _check_terms(command, given.received)
    terms = {name: value for name, value in command if name != "type"}
    return (TermsSet(currency=_created(state).currency, **terms),)


def _check_terms(command: DefineSection, now: int) -> None:
    if command.deadline <= now:
        raise TooLate("project.deadline_passed")
    if command.question_deadline > command.deadline:
        raise NotValid("project.question_deadline")
    if command.k > command.n:
        raise NotValid("project.threshold", k=command.k, n=command.n)
    fields = [field.field for field in command.form]
    if len(set(fields)) != len(fields):
        raise NotValid("project.form_fields")
    if len(command.draw) == 1 or len(set(command.draw)) != len(command.draw):
        raise NotValid("project.draw_values")


def _created(state: ProjectState) -> ProjectCreated:
    if state.created is None:
        raise OutOfOrder("project.not_created")
    return state.created


def add_document(
    state: ProjectState, command: AddDocument, given: Given
) -> tuple[DocumentAdded, ...]:
    """Put in a tender document whose bytes the service keeps.

    Refusals: project.no_such_file, project.file_differs, project.too_many_documents,
    project.document_name.
    """
    if not isinstance(given.checked, StoredDocument):
        raise NotFound("project.no_such_file")
    if (given.checked.size, given.checked.sha256) != (command.size, command.sha256):
        raise NotValid("project.file_differs")
    if len(state.documents) >= MOST_DOCUMENTS:
        raise OutOfOrder("project.too_many_documents", most=MOST_DOCUMENTS)
    if any(document.name == command.name for document in state.documents.values()):
        raise NotValid("project.document_name", name=command.name)
    fields = command.model_dump(exclude={"type"})
    return (DocumentAdded(document=given.new_id("document"), **fields),)


def remove_document(
    state: ProjectState, command: RemoveDocument, _: Given
) -> tuple[DocumentRemoved, ...]:
    """Take out a document that nobody has been promised yet.

    Refusals: project.no_such_document, project.document_published.
    """
    found = state.documents.get(command.document)
    if found is None:
        raise NotFound("project.no_such_document", document=command.document)
    if found.published:
        raise OutOfOrder("project.document_published", document=command.document)
    return (DocumentRemoved(document=command.document),)


def suspend_section(
    state: ProjectState, command: SuspendSection, given: Given
) -> tuple[SectionSuspended, ...]:
    """Suspend a published section; not between its deadline and the close.

    Refusals: project.deadline_passed.
    """
    terms = state.opening.sections[command.section].terms
    if phase(state.opening, command.section) is Phase.OPEN and given.received >= terms.deadline:
        raise TooLate("project.deadline_passed")
    return (SectionSuspended(section=command.section, reason=command.reason),)


def resume_section(
    state: ProjectState, command: ResumeSection, given: Given
) -> tuple[SectionResumed, ...]:
    """Let a section go on; its timers come later by the time it was suspended."""
    since = state.opening.sections[command.section].suspended
    shift = 0 if since is None else max(0, given.received - since)
    return (SectionResumed(section=command.section, shift=shift),)


def terminate_section(
    _: ProjectState, command: TerminateSection, __: Given
) -> tuple[SectionTerminated, ...]:
    """End a section without a result; a draft's section is so left out of the notice."""
    return (SectionTerminated(section=command.section, reason=command.reason),)
