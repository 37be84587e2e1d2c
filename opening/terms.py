"""The terms of a section as the opening needs them; they reach it as an event of its own."""

from typing import Annotated, Literal

from pydantic import Field

from opening.messages import EnvelopeNumber, FormField, Periods, SectionId, Windows
from record.events import Amount, Event, Line, Millis, Size


class TermsSet(Event):
    """The terms of one section, whole; the last one counts.

    After the notice none of them changes but the deadline, which has an event of its own.
    """

    type: Literal["opening.terms_set"] = "opening.terms_set"
    section: SectionId
    title: Line
    envelopes: EnvelopeNumber
    currency: Annotated[str, Field(pattern=r"^[A-Z]{3}$")]
    limit: Amount | None = None
    minimum_bidders: Annotated[int, Field(ge=1, le=100)]
    max_size: Size
    """The largest sealed file admitted, bytes."""
    co_open: bool
    question_deadline: Millis
    deadline: Millis
    windows: Windows
    periods: Periods = Periods()
    form: tuple[FormField, ...]
    draw: tuple[Line, ...]
    """The values of the coefficient to draw in the session; empty where nothing is drawn."""
    n: Annotated[int, Field(ge=2, le=64)]
    k: Annotated[int, Field(ge=2, le=64)]


class BidsOpenedUp(Event):
    """From now on bids are taken for a section: the notice is published and its keys stand."""

    type: Literal["opening.bids_opened_up"] = "opening.bids_opened_up"
    section: SectionId


class DeadlineMoved(Event):
    """The deadline moved, for everyone alike."""

    type: Literal["opening.deadline_moved"] = "opening.deadline_moved"
    section: SectionId
    deadline: Millis


class BidsSuperseded(Event):
    """An amendment changed what is asked: the section's bids of before count no longer.

    Every live bid of the section is superseded by it; a bidder that stays submits a next revision.
    """

    type: Literal["opening.bids_superseded"] = "opening.bids_superseded"
    section: SectionId


class SectionSuspended(Event):
    """Nothing goes on in a section until it is resumed; timers stand still."""

    type: Literal["opening.section_suspended"] = "opening.section_suspended"
    section: SectionId
    reason: Line


class SectionResumed(Event):
    """A section goes on; what had not passed at the suspension moves by `shift`.

    That is its deadlines, its open windows, and until when a bidder can answer its committee.
    """

    type: Literal["opening.section_resumed"] = "opening.section_resumed"
    section: SectionId
    shift: Millis


class SectionTerminated(Event):
    """A section ended without a result; what was not opened stays sealed."""

    type: Literal["opening.section_terminated"] = "opening.section_terminated"
    section: SectionId
    reason: Line


class BidsPassedOn(Event):
    """The recorded decision on the first envelope: whose second envelope may be opened."""

    type: Literal["opening.bids_passed_on"] = "opening.bids_passed_on"
    section: SectionId
    organisations: tuple[Annotated[str, Field(pattern=r"^[0-9a-f]{32}$")], ...]


TermsEvent = (
    TermsSet
    | BidsOpenedUp
    | DeadlineMoved
    | BidsSuperseded
    | SectionSuspended
    | SectionResumed
    | SectionTerminated
    | BidsPassedOn
)
