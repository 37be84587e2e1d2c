"""What a pause of an evaluation leaves on the record; nothing else."""

from typing import Literal

from evaluation.values import Reason
from opening.messages import SectionId
from record.events import Event, Hex64, Millis

PauseCause = Literal["lunch", "overnight", "fault"]
"""Why a committee pauses: its lunch, the night 隔夜, or something that does not work."""


class Paused(Event):
    """The clerk paused an evaluation: every site is locked, and its state is on the record."""

    type: Literal["evaluation.paused"] = "evaluation.paused"
    section: SectionId
    cause: PauseCause
    reason: Reason
    salt: Hex64
    """What goes into the hash besides, so that nobody finds by trying what others have said."""
    state: Hex64
    """The hash of the evaluation as it stands."""


class Resumed(Event):
    """The evaluation goes on, in the state in which it was paused."""

    type: Literal["evaluation.resumed"] = "evaluation.resumed"
    section: SectionId
    state: Hex64
    """The hash of the evaluation as it was folded again; that of the pause."""
    shift: Millis
    """By how much later is due what bidders may still say, ms."""


class StateDiffered(Event):
    """What was folded at a resume is not what was paused; the evaluation stays paused."""

    type: Literal["evaluation.state_differed"] = "evaluation.state_differed"
    section: SectionId
    state: Hex64
    """The hash of what was found."""


PauseEvent = Paused | Resumed | StateDiffered
