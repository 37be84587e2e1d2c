"""What people and duties ask of a project as a whole; parsed strictly, judged elsewhere."""

from typing import Annotated, Literal

from pydantic import Field

from opening.messages import EnvelopeNumber, FormField, Periods, SectionId, Spki, Windows
from opening.participants import Role
from record.events import (
    Account,
    Amount,
    Hex32,
    Hex64,
    Line,
    Millis,
    OrganisationId,
    Prose,
    Signed,
    Size,
)
from record.rules import Command


class CreateProject(Command):
    """Clerk: begin a project; whoever begins it is bound as its clerk."""

    type: Literal["project.create_project"] = "project.create_project"
    number: Line
    title: Line
    tenderer: Line
    agency: Line | None = None
    currency: Annotated[str, Field(pattern=r"^[A-Z]{3}$")] = "CNY"


class CorrectProject(Command):
    """Clerk: correct number, title, tenderer and agency, whole; until the notice is published."""

    type: Literal["project.correct_project"] = "project.correct_project"
    number: Line
    title: Line
    tenderer: Line
    agency: Line | None = None


class DefineSection(Command):
    """Clerk: set the terms of a section, whole; only before its ceremony starts."""

    type: Literal["project.define_section"] = "project.define_section"
    section: SectionId
    title: Line
    envelopes: EnvelopeNumber
    limit: Amount | None = None
    minimum_bidders: Annotated[int, Field(ge=1, le=100)] = 3
    max_size: Size
    co_open: bool = False
    question_deadline: Millis
    deadline: Millis
    windows: Windows
    periods: Periods = Periods()
    form: tuple[FormField, ...] = ()
    draw: tuple[Line, ...] = ()
    n: Annotated[int, Field(ge=2, le=64)]
    k: Annotated[int, Field(ge=2, le=64)]


class AddDocument(Command):
    """Clerk: put in a tender document whose bytes the service has (size, hash measured by it).

    After the notice it waits, unpublished, for the amendment that names it.
    """

    type: Literal["project.add_document"] = "project.add_document"
    title: Line
    name: Line
    size: Size
    sha256: Hex64


class RemoveDocument(Command):
    """Clerk: take a tender document out that is not published yet."""

    type: Literal["project.remove_document"] = "project.remove_document"
    document: Hex32


class BindParticipant(Command):
    """Clerk: bind a custodian, timekeeper, supervisor or another clerk.

    What the registry knows of the account (name, organisation, key) is measured by the service
    and stands in `given.checked` as a `KnownAccount`; the command names only whom and as what.
    """

    type: Literal["project.bind_participant"] = "project.bind_participant"
    account: Account
    role: Role


class TakePart(Command):
    """Bidder: take part for one's own organisation, once the notice is published."""

    type: Literal["project.take_part"] = "project.take_part"


class ReleaseParticipant(Command):
    """Clerk: end a participation, with a reason."""

    type: Literal["project.release_participant"] = "project.release_participant"
    account: Account
    role: Role
    reason: Line


class ChangeKey(Command):
    """Participant: sign with another of one's registered keys from now on."""

    type: Literal["project.change_key"] = "project.change_key"
    role: Role
    keyid: Hex64
    reason: Line


class PublishNotice(Command):
    """Clerk: publish; the message is `notice` and must say what the record says."""

    type: Literal["project.publish_notice"] = "project.publish_notice"
    message: Signed


class Amend(Command):
    """Clerk: clarify or change the tender documents; the message is `amendment`."""

    type: Literal["project.amend"] = "project.amend"
    message: Signed


class RecordFetch(Command):
    """Service: a bidder fetched a document."""

    type: Literal["project.record_fetch"] = "project.record_fetch"
    document: Hex32
    organisation: OrganisationId


class AskQuestion(Command):
    """Bidder: ask about the tender documents, before the question deadline."""

    type: Literal["project.ask_question"] = "project.ask_question"
    section: SectionId
    text: Prose


class AnswerQuestion(Command):
    """Clerk: answer to all; both texts are the clerk's, so that nothing names the asker."""

    type: Literal["project.answer_question"] = "project.answer_question"
    question: Hex32
    text: Prose
    answer: Prose


class SuspendSection(Command):
    """Clerk: suspend, with a reason."""

    type: Literal["project.suspend_section"] = "project.suspend_section"
    section: SectionId
    reason: Line


class ResumeSection(Command):
    """Clerk: go on; the deadline moves by the time suspended."""

    type: Literal["project.resume_section"] = "project.resume_section"
    section: SectionId


class TerminateSection(Command):
    """Clerk: end without a result, with a reason."""

    type: Literal["project.terminate_section"] = "project.terminate_section"
    section: SectionId
    reason: Line


class NoteOutage(Command):
    """Duty: the service was away in the ten minutes before a deadline (`given.facts.away`)."""

    type: Literal["project.note_outage"] = "project.note_outage"
    section: SectionId


class DecideOutage(Command):
    """Clerk: extend for everyone, or close."""

    type: Literal["project.decide_outage"] = "project.decide_outage"
    section: SectionId
    decision: Literal["extend", "close"]
    deadline: Millis | None = None
    reason: Line


class DecideStage(Command):
    """Clerk: record the result of the first envelope; the message is `stage-decision`."""

    type: Literal["project.decide_stage"] = "project.decide_stage"
    message: Signed


class RaiseNotice(Command):
    """Supervisor: raise a notice that the clerk must acknowledge."""

    type: Literal["project.raise_notice"] = "project.raise_notice"
    section: SectionId
    text: Prose
    pause: bool = False


class AcknowledgeNotice(Command):
    """Clerk: acknowledge a supervisor's notice."""

    type: Literal["project.acknowledge_notice"] = "project.acknowledge_notice"
    notice: Hex32
    reply: Prose


class RecordView(Command):
    """Service: a supervisor or administrator looked at others' data."""

    type: Literal["project.record_view"] = "project.record_view"
    account: Account
    subject: Literal["timeline", "addresses", "export", "hall", "files"]


class KnownAccount(Command):
    """What the registry knows of an account; travels in `given.checked`, never on the wire.

    The service measures it for `CreateProject`, `BindParticipant`, `TakePart` and `ChangeKey`;
    nothing is given when the registry knows no such account.
    """

    type: Literal["registry.known_account"] = "registry.known_account"
    account: Account
    name: Line
    organisation: OrganisationId
    organisation_name: Line
    organisation_code: Line
    roles: tuple[str, ...]
    """Roles the registry allows the account (bidder, clerk, custodian ...)."""
    keys: tuple[tuple[Hex64, Spki], ...]
    """Registered, unrevoked signing keys, oldest first: (keyid, SPKI)."""
