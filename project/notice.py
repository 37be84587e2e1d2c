"""The notice and its amendments: what is published must be what the record says; pure.

`expected_notice` is the one text a clerk may publish: the clerk's client makes it from the state
to sign it, and the rule makes it again to compare.
"""

from crypto import fingerprint
from evaluation.marking import rule_hash
from evaluation.rules import check_rule
from opening import envelopes
from opening.messages import (
    Amendment,
    EnvelopeNumber,
    Notice,
    NoticeDocument,
    NoticeKey,
    NoticeSection,
)
from opening.state import Key
from opening.terms import BidsOpenedUp, BidsSuperseded, DeadlineMoved, TermsSet
from project.commands import Amend, PublishNotice
from project.events import Amended, NoticePublished
from project.state import Document, ProjectState
from record.errors import NotFound, NotValid, OutOfOrder, TooLate
from record.rules import Given

_TERMS = set(NoticeSection.model_fields) - {"keys", "scoring"}


def expected_notice(state: ProjectState, remedy: str) -> Notice:
    """Return the notice that says what the record says: all terms, scoring rules and keys.

    Args:
        state: a draft whose sections all have their keys.
        remedy: what happens to the bids if fewer than k kits survive 补救方案.

    Refusals: project.not_created, project.no_section, project.key_missing.
    """
    created = state.created
    if created is None:
        raise OutOfOrder("project.not_created")
    sections = [found.terms for found in state.opening.sections.values() if not found.terminated]
    if not sections:
        raise OutOfOrder("project.no_section")
    return Notice(
        v=1,
        project=state.project,
        **{name: value for name, value in created if name != "type"},
        documents=tuple(_document(document) for document in state.documents.values()),
        sections=tuple(_section(state, terms) for terms in sections),
        remedy=remedy,
    )


def publish_notice(
    state: ProjectState, command: PublishNotice, given: Given
) -> tuple[NoticePublished | BidsOpenedUp, ...]:
    """Publish the notice and open every section for bids.

    Refusals: message.not_signer, message.malformed, project.not_created, project.no_section,
    project.key_missing, project.notice_differs, project.tender_period, project.questions_over,
    evaluation.rule_wrong.
    """
    _check_signer(state, command, given)
    notice = envelopes.read(command.message, Notice)
    wanted = expected_notice(state, notice.remedy)
    if notice != wanted:
        raise NotValid("project.notice_differs", parts=_differences(notice, wanted))
    for section in notice.sections:
        earliest = given.received + section.periods.tender
        if section.deadline <= given.received or section.deadline < earliest:
            raise NotValid("project.tender_period", section=section.section, earliest=earliest)
        if section.question_deadline <= given.received:
            raise NotValid("project.questions_over", section=section.section)
        rule = state.evaluation.rules.get(section.section)
        if rule is not None:
            check_rule(state.opening.sections[section.section].terms, rule)
    opened = (BidsOpenedUp(section=section.section) for section in notice.sections)
    return (NoticePublished(envelope=command.message), *opened)


def amend(
    state: ProjectState, command: Amend, given: Given
) -> tuple[Amended | DeadlineMoved | BidsSuperseded, ...]:
    """Clarify or change the tender documents; the deadline moves where the law wants it.

    Where the amendment says that bids must be replaced, every bid that stands is superseded: it
    is neither counted nor opened, and its bidder submits a next revision or stays out.

    Refusals: message.not_signer, message.malformed, project.wrong_project,
    project.deadline_passed, project.deadline_earlier, project.amendment_period,
    project.replace_unaffected, project.no_such_document, project.document_differs,
    project.document_published.

    Source: Law 23; Regulation 21.
    """
    _check_signer(state, command, given)
    amendment = envelopes.read(command.message, Amendment)
    if amendment.project != state.project:
        raise NotValid("project.wrong_project")
    terms = state.opening.sections[amendment.section].terms
    _check_deadline(amendment, terms, given.received)
    for document in amendment.documents:
        _check_document(state, document)
    if len({document.document for document in amendment.documents}) < len(amendment.documents):
        raise NotValid("project.document_differs")
    events: list[Amended | DeadlineMoved | BidsSuperseded] = [Amended(envelope=command.message)]
    if amendment.deadline != terms.deadline:
        events.append(DeadlineMoved(section=amendment.section, deadline=amendment.deadline))
    if amendment.bids == "replace":
        events.append(BidsSuperseded(section=amendment.section))
    return tuple(events)


def _check_deadline(amendment: Amendment, terms: TermsSet, now: int) -> None:
    if now >= terms.deadline:
        raise TooLate("project.deadline_passed")
    if amendment.deadline < terms.deadline:
        raise NotValid("project.deadline_earlier", deadline=terms.deadline)
    if amendment.bids == "replace" and not amendment.affects_bids:
        raise NotValid("project.replace_unaffected")
    earliest = now + terms.periods.amendment
    if amendment.affects_bids and amendment.deadline < earliest:
        raise NotValid("project.amendment_period", earliest=earliest)


def _check_document(state: ProjectState, named: NoticeDocument) -> None:
    found = state.documents.get(named.document)
    if found is None:
        raise NotFound("project.no_such_document", document=named.document)
    if found.published:
        raise OutOfOrder("project.document_published", document=named.document)
    if _document(found) != named:
        raise NotValid("project.document_differs", document=named.document)


def _check_signer(state: ProjectState, command: PublishNotice | Amend, given: Given) -> None:
    checked = envelopes.expect(given, envelopes.Checked, command.message)
    envelopes.acting_signer(state.opening, given, "clerk", checked)


def _document(document: Document) -> NoticeDocument:
    return NoticeDocument(
        document=document.document,
        title=document.title,
        name=document.name,
        size=document.size,
        sha256=document.sha256,
    )


def _section(state: ProjectState, terms: TermsSet) -> NoticeSection:
    numbers: tuple[EnvelopeNumber, ...] = (1, 2) if terms.envelopes == 2 else (1,)
    said = {name: value for name, value in terms if name in _TERMS}
    rule = state.evaluation.rules.get(terms.section)
    return NoticeSection(
        **said,
        scoring=None if rule is None else rule_hash(rule),
        keys=tuple(_key(state, terms.section, number) for number in numbers),
    )


def _key(state: ProjectState, section: str, envelope: EnvelopeNumber) -> NoticeKey:
    key: Key | None = state.opening.keys.get((section, envelope))
    if key is None or key.erased:
        raise OutOfOrder("project.key_missing", section=section, envelope=envelope)
    start = state.opening.attempts[key.sid].start
    return NoticeKey(
        envelope=envelope,
        sid=key.sid,
        key_id=key.key_id,
        key=key.pk.hex(),
        fingerprint=fingerprint.numbers(bytes.fromhex(key.key_id)),
        k=start.k,
        roster=start.roster,
        timekeeper=start.timekeeper,
    )


def _differences(notice: Notice, wanted: Notice) -> list[str]:
    """Name the parts that differ, so that the clerk knows where to look."""
    parts = [name for name, value in notice if value != getattr(wanted, name)]
    said = {section.section: section for section in notice.sections}
    for section in wanted.sections:
        other = said.get(section.section)
        if other is not None:
            names = (name for name, value in section if value != getattr(other, name))
            parts += [f"sections.{section.section}.{name}" for name in names]
    return parts
