"""Pauses of an evaluation: lunch, overnight 隔夜, a fault; every site is locked meanwhile; pure.

Nothing happens in a paused evaluation, a bidder's answer included; what bidders may still say is
due later by the time the pause took. It must not look into the evaluation: `state_hash` does.
"""

from dataclasses import dataclass

from evaluation.pause_events import PauseCause
from record.errors import OutOfOrder


@dataclass(frozen=True, slots=True)
class OpenPause:
    """A pause that goes on."""

    cause: PauseCause
    reason: str
    since: int
    """Ms UTC."""
    salt: str
    state: str
    """The hash of the evaluation as it was paused."""
    differed: str | None = None
    """The hash that was found at a resume, where it was another one."""


@dataclass(frozen=True, slots=True)
class PastPause:
    """A pause that is over."""

    cause: PauseCause
    reason: str
    since: int
    until: int
    state: str


def check_same(pause: OpenPause | None) -> None:
    """Refuse to say that an evaluation goes on where it was found to be another one.

    Refusals: evaluation.state_differs.
    """
    if pause is not None and pause.differed is not None:
        raise OutOfOrder("evaluation.state_differs", paused=pause.state, found=pause.differed)


def check_running(pause: OpenPause | None) -> None:
    """Refuse what has to wait until the evaluation goes on.

    Refusals: evaluation.paused.
    """
    if pause is not None:
        raise OutOfOrder("evaluation.paused", since=pause.since, cause=pause.cause)
