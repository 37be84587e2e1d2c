"""What happens to a project as a whole: sections, documents, notice, questions, supervision."""

from typing import Annotated, Literal

from pydantic import Field

from evaluation.events import EvaluationEvent
from opening.events import OpeningEvent
from opening.messages import SectionId
from opening.participants import ParticipantEvent
from opening.terms import TermsEvent
from record.events import (
    Account,
    Event,
    Hex32,
    Hex64,
    Line,
    Millis,
    OrganisationId,
    Prose,
    Signed,
    Size,
)


class ProjectCreated(Event):
    """A project 招标项目 began, as a draft."""

    type: Literal["project.project_created"] = "project.project_created"
    number: Line
    title: Line
    tenderer: Line
    agency: Line | None = None
    currency: Annotated[str, Field(pattern=r"^[A-Z]{3}$")]


class ProjectCorrected(Event):
    """What the notice is to begin with was corrected, whole; the currency stays as it was."""

    type: Literal["project.project_corrected"] = "project.project_corrected"
    number: Line
    title: Line
    tenderer: Line
    agency: Line | None = None


class DocumentAdded(Event):
    """A tender document 招标文件 was put in; public once a notice or an amendment names it."""

    type: Literal["project.document_added"] = "project.document_added"
    document: Hex32
    title: Line
    name: Line
    size: Size
    sha256: Hex64


class DocumentRemoved(Event):
    """A tender document was taken out again, before it was published."""

    type: Literal["project.document_removed"] = "project.document_removed"
    document: Hex32


class NoticePublished(Event):
    """The notice 招标公告 was published; the envelope holds `notice`."""

    type: Literal["project.notice_published"] = "project.notice_published"
    envelope: Signed


class Amended(Event):
    """The tender documents were clarified or changed 澄清修改; the envelope holds `amendment`."""

    type: Literal["project.amended"] = "project.amended"
    envelope: Signed


class DocumentFetched(Event):
    """A bidder fetched a tender document; hidden from the clerk until the close."""

    type: Literal["project.document_fetched"] = "project.document_fetched"
    document: Hex32
    organisation: OrganisationId


class QuestionAsked(Event):
    """Somebody asked about the tender documents; the asker is shown to no one but itself."""

    type: Literal["project.question_asked"] = "project.question_asked"
    question: Hex32
    section: SectionId
    organisation: OrganisationId
    text: Prose


class QuestionAnswered(Event):
    """A question was answered to all, in the clerk's words for both question and answer."""

    type: Literal["project.question_answered"] = "project.question_answered"
    question: Hex32
    section: SectionId
    text: Prose
    answer: Prose


class OutageNoted(Event):
    """The service was away shortly before a deadline; the close waits for a decision."""

    type: Literal["project.outage_noted"] = "project.outage_noted"
    section: SectionId
    since: Millis
    until: Millis
    decide_by: Millis


class OutageDecided(Event):
    """The clerk decided what follows from an outage: to extend for everyone, or to close."""

    type: Literal["project.outage_decided"] = "project.outage_decided"
    section: SectionId
    decision: Literal["extend", "close"]
    reason: Line


class SupervisorNoticeRaised(Event):
    """The supervisor raised a notice 监督意见 that the clerk must acknowledge."""

    type: Literal["project.supervisor_notice_raised"] = "project.supervisor_notice_raised"
    notice: Hex32
    section: SectionId
    text: Prose
    pause: bool
    """Whether the supervisor asks for a pause."""


class SupervisorNoticeAcknowledged(Event):
    """The clerk acknowledged a supervisor's notice."""

    type: Literal["project.supervisor_notice_acknowledged"] = (
        "project.supervisor_notice_acknowledged"
    )
    notice: Hex32
    reply: Prose


class RecordViewed(Event):
    """Somebody with a right to look at others' data did so; once a person, subject and hour."""

    type: Literal["project.record_viewed"] = "project.record_viewed"
    account: Account
    subject: Literal["timeline", "addresses", "export", "hall", "files"]
    hour: Millis


ProjectEvent = (
    ProjectCreated
    | ProjectCorrected
    | DocumentAdded
    | DocumentRemoved
    | NoticePublished
    | Amended
    | DocumentFetched
    | QuestionAsked
    | QuestionAnswered
    | OutageNoted
    | OutageDecided
    | SupervisorNoticeRaised
    | SupervisorNoticeAcknowledged
    | RecordViewed
)

AnyEvent = Annotated[
    ProjectEvent | OpeningEvent | TermsEvent | ParticipantEvent | EvaluationEvent,
    Field(discriminator="type"),
]
"""Every event a project's record may hold."""
