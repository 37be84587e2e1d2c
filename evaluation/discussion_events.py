"""What the discussion in a committee leaves on the record; nothing else."""

from typing import Annotated, Literal

from pydantic import StringConstraints

from evaluation.values import SeatNumber
from opening.messages import SectionId
from record.events import Event

LONGEST = 1_000
"""Characters of one message."""
Naming = Literal["name", "seat"]
"""By what a committee's members stand beside what they say."""


class Said(Event):
    """A member said something to the committee; it decides nothing."""

    type: Literal["evaluation.said"] = "evaluation.said"
    section: SectionId
    seat: SeatNumber
    text: Annotated[str, StringConstraints(min_length=1, max_length=LONGEST)]
