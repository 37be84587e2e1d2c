"""A section's result published, objected to, answered and awarded, through the rules."""

from typing import Any

from evaluation.commands import (
    AnswerResultObjection,
    AwardSection,
    ObjectToResult,
    PublishCandidates,
)
from evaluation.messages import Candidates
from evaluation.publication import DAY, Publication
from evaluation.result import expected_candidates
from record.events import Event
from tests.opening.world import SECTION
from tests.project.sitting import Sitting

PERIOD = 3 * DAY


def published(sitting: Sitting) -> Publication:
    """Return what is published."""
    found = sitting.found.publication
    assert found is not None
    return found


def said(sitting: Sitting, /, **changes: Any) -> Candidates:
    """Return what the clerk may publish now, or something else."""
    world = sitting.world
    until = changes.get("until", world.now + PERIOD)
    right = expected_candidates(world.state, world.whole.evaluation, SECTION, until)
    return right.model_copy(update=changes)


def publish(sitting: Sitting, /, **changes: Any) -> tuple[Event, ...]:
    clerk = sitting.world.clerk
    command = PublishCandidates(section=SECTION, message=clerk.sign(said(sitting, **changes)))
    return sitting.world.do(clerk.actor, command)


def object_to(sitting: Sitting, bidder: int, text: str = "第一名的业绩不实。") -> str:
    """Let a bidder object and return the objection's id."""
    sitting.world.do(sitting.world.bidder[bidder].actor, ObjectToResult(section=SECTION, text=text))
    return list(published(sitting).objections)[-1]


def answer(sitting: Sitting, objection: str, text: str = "经核实, 业绩属实。") -> None:
    command = AnswerResultObjection(section=SECTION, objection=objection, answer=text)
    sitting.world.do(sitting.world.clerk.actor, command)


def award(sitting: Sitting, bid: str | None = None, reason: str | None = None) -> None:
    """Award to a bid, the first candidate's unless told."""
    wanted = bid or published(sitting).result.candidates[0].bid
    command = AwardSection(section=SECTION, bid=wanted, reason=reason)
    sitting.world.do(sitting.world.clerk.actor, command)


def over(sitting: Sitting) -> None:
    """Let the time of the publication pass."""
    sitting.world.now = max(sitting.world.now, published(sitting).until)
