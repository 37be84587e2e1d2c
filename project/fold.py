"""How a project's own events change its state; a fold alone, it judges nothing."""

from collections.abc import Iterable
from dataclasses import replace

from opening import envelopes
from opening.messages import Amendment, Notice
from project.events import (
    Amended,
    DocumentAdded,
    DocumentFetched,
    DocumentRemoved,
    NoticePublished,
    OutageDecided,
    OutageNoted,
    ProjectCorrected,
    ProjectCreated,
    ProjectEvent,
    QuestionAnswered,
    QuestionAsked,
    RecordViewed,
    SupervisorNoticeAcknowledged,
    SupervisorNoticeRaised,
)
from project.state import (
    Document,
    Outage,
    ProjectState,
    PublishedAmendment,
    PublishedNotice,
    Question,
    SupervisorNotice,
)
from record.events import Signed, Stamp

_Outages = OutageNoted | OutageDecided
_Asked = QuestionAsked | QuestionAnswered
_Watched = SupervisorNoticeRaised | SupervisorNoticeAcknowledged | RecordViewed
_Headed = ProjectCreated | ProjectCorrected
_Published = DocumentAdded | DocumentRemoved | NoticePublished | Amended | DocumentFetched


def evolve_project(state: ProjectState, event: ProjectEvent, stamp: Stamp) -> ProjectState:
    """Fold one event in. Never refuses: what is in the record has happened."""
    if isinstance(event, _Asked):
        return _asked(state, event, stamp)
    if isinstance(event, _Watched):
        return _watched(state, event, stamp)
    if isinstance(event, _Outages):
        return _outage(state, event)
    if isinstance(event, _Headed):
        return _headed(state, event)
    return _told(state, event, stamp)


def _headed(state: ProjectState, event: _Headed) -> ProjectState:
    match event:
        case ProjectCreated():
            return replace(state, created=event)
        case ProjectCorrected():
            if state.created is None:
                return state
            said = event.model_dump(exclude={"type"})
            return replace(state, created=state.created.model_copy(update=said))


def _told(state: ProjectState, event: _Published, stamp: Stamp) -> ProjectState:
    match event:
        case DocumentAdded():
            return _with_document(state, event)
        case DocumentRemoved():
            kept = {name: one for name, one in state.documents.items() if name != event.document}
            return replace(state, documents=kept)
        case NoticePublished():
            return _published(state, event.envelope, stamp)
        case Amended():
            return _amended(state, event.envelope, stamp)
        case DocumentFetched():
            fetched = state.fetched | {(event.document, event.organisation)}
            return replace(state, fetched=fetched)


def _with_document(state: ProjectState, event: DocumentAdded) -> ProjectState:
    document = Document(
        document=event.document,
        title=event.title,
        name=event.name,
        size=event.size,
        sha256=event.sha256,
    )
    return replace(state, documents={**state.documents, event.document: document})


def _published(state: ProjectState, signed: Signed, stamp: Stamp) -> ProjectState:
    notice = Notice.read(envelopes.payload(signed))
    named = (document.document for document in notice.documents)
    return replace(_with_public(state, named), notice=PublishedNotice(stamp, notice))


def _amended(state: ProjectState, signed: Signed, stamp: Stamp) -> ProjectState:
    amendment = Amendment.read(envelopes.payload(signed))
    named = (document.document for document in amendment.documents)
    amendments = (*state.amendments, PublishedAmendment(stamp, amendment))
    return replace(_with_public(state, named), amendments=amendments)


def _with_public(state: ProjectState, named: Iterable[str]) -> ProjectState:
    public = frozenset(named)
    if not public:
        return state
    documents = {
        name: replace(document, published=document.published or name in public)
        for name, document in state.documents.items()
    }
    return replace(state, documents=documents)


def _outage(state: ProjectState, event: _Outages) -> ProjectState:
    match event:
        case OutageNoted():
            section = state.opening.sections.get(event.section)
            if section is None:
                return state
            outage = Outage(
                deadline=section.terms.deadline,
                since=event.since,
                until=event.until,
                decide_by=event.decide_by,
            )
            return _with_outage(state, event.section, outage)
        case OutageDecided():
            noted = state.outages.get(event.section)
            if noted is None:
                return state
            return _with_outage(state, event.section, replace(noted, decision=event.decision))


def _with_outage(state: ProjectState, section: str, outage: Outage) -> ProjectState:
    return replace(state, outages={**state.outages, section: outage})


def _asked(state: ProjectState, event: _Asked, stamp: Stamp) -> ProjectState:
    match event:
        case QuestionAsked():
            question = Question(
                question=event.question,
                section=event.section,
                organisation=event.organisation,
                text=event.text,
                stamp=stamp,
            )
            return _with_question(state, question)
        case QuestionAnswered():
            found = state.questions.get(event.question)
            if found is None:
                return state
            answered = replace(found, published=event.text, answer=event.answer)
            return _with_question(state, answered)


def _with_question(state: ProjectState, question: Question) -> ProjectState:
    return replace(state, questions={**state.questions, question.question: question})


def _watched(state: ProjectState, event: _Watched, stamp: Stamp) -> ProjectState:
    match event:
        case RecordViewed():
            views = {**state.views, (event.account, event.subject): event.hour}
            return replace(state, views=views)
        case SupervisorNoticeRaised():
            notice = SupervisorNotice(
                notice=event.notice,
                section=event.section,
                text=event.text,
                pause=event.pause,
                stamp=stamp,
            )
            return _with_notice(state, notice)
        case SupervisorNoticeAcknowledged():
            found = state.notices.get(event.notice)
            if found is None:
                return state
            return _with_notice(state, replace(found, reply=event.reply))


def _with_notice(state: ProjectState, notice: SupervisorNotice) -> ProjectState:
    return replace(state, notices={**state.notices, notice.notice: notice})
