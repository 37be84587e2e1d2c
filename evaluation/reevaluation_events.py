"""What a re-evaluation 复评 leaves on the record; nothing else."""

from typing import Annotated, Literal

from pydantic import Field

from evaluation.scoring.rule import ItemId
from evaluation.values import Reason, SeatNumber
from opening.messages import BidId, SectionId
from record.events import Event, Frozen, Hex32, Millis, Signed

Fault = Literal["objective", "extreme", "criteria", "calculation"]
"""Why marks are given again, Order 87, article 64, and Regulation, article 71: members differ on an
item that leaves no judgement, a mark is abnormally high or low, a mark is not as the rule says,
something was worked out wrongly."""


class Cell(Frozen):
    """What is marked again: one item of one bid, by every member."""

    bid: BidId
    item: ItemId


Cells = Annotated[tuple[Cell, ...], Field(min_length=1, max_length=1000)]


class ReevaluationOrdered(Event):
    """The committee marks some items again; the report that stood is a former one from now on."""

    type: Literal["evaluation.reevaluation_ordered"] = "evaluation.reevaluation_ordered"
    section: SectionId
    reevaluation: Hex32
    ground: Fault
    reason: Reason
    """For committee, supervisor and report; the public is not shown it."""
    cells: Cells
    objection: Hex32 | None = None
    """The objection to the result it follows from; left out where the clerk found the fault."""


class MarksGivenAgain(Event):
    """A member's marks of all that is named; holds `remarks`. Shown to nobody before the lock."""

    type: Literal["evaluation.marks_given_again"] = "evaluation.marks_given_again"
    section: SectionId
    reevaluation: Hex32
    seat: SeatNumber
    envelope: Signed


class RemarksLocked(Event):
    """Every member has marked again: from now on these marks count, and all are shown."""

    type: Literal["evaluation.remarks_locked"] = "evaluation.remarks_locked"
    section: SectionId
    reevaluation: Hex32


class ReevaluationDropped(Event):
    """The clerk gave a re-evaluation up: the report that stood before stands again."""

    type: Literal["evaluation.reevaluation_dropped"] = "evaluation.reevaluation_dropped"
    section: SectionId
    reevaluation: Hex32
    reason: Reason


class PublicationWithdrawn(Event):
    """The published result is withdrawn because the committee marks again."""

    type: Literal["evaluation.publication_withdrawn"] = "evaluation.publication_withdrawn"
    section: SectionId
    reevaluation: Hex32


class PublicationRestored(Event):
    """The result that was withdrawn is published again: the re-evaluation was given up."""

    type: Literal["evaluation.publication_restored"] = "evaluation.publication_restored"
    section: SectionId
    reevaluation: Hex32
    until: Millis
    """Until when bidders may object; later by the time it was withdrawn, where time was left."""


ReevaluationEvent = (
    ReevaluationOrdered
    | MarksGivenAgain
    | RemarksLocked
    | ReevaluationDropped
    | PublicationWithdrawn
    | PublicationRestored
)
