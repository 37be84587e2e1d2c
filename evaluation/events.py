"""What the evaluation leaves on the record."""

from typing import Literal

from opening.messages import SectionId
from record.events import Event, Signed


class StageDecided(Event):
    """The result of the first envelope, as the clerk recorded it; holds `stage-decision`."""

    type: Literal["evaluation.stage_decided"] = "evaluation.stage_decided"
    section: SectionId
    envelope: Signed


EvaluationEvent = StageDecided
