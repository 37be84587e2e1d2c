"""The state of the evaluation, folded from the record; values only, no judgement."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace

from evaluation.events import EvaluationEvent, StageDecided
from opening.envelopes import payload
from opening.messages import StageDecision
from record.events import Stamp


@dataclass(frozen=True, slots=True)
class DecidedStage:
    """The recorded result of the first envelope of a section."""

    stamp: Stamp
    passed: tuple[str, ...]
    """Organisations whose second envelope may be opened."""
    failed: Mapping[str, str]
    """Organisation -> why its second envelope stays sealed."""


@dataclass(frozen=True, slots=True)
class EvaluationState:
    """Everything the evaluation rules know of one project."""

    stages: Mapping[str, DecidedStage] = field(default_factory=dict)
    """By section."""


def evolve_evaluation(
    state: EvaluationState, event: EvaluationEvent, stamp: Stamp
) -> EvaluationState:
    """Fold one event in. Never refuses: what is in the record has happened."""
    match event:
        case StageDecided():
            message = StageDecision.read(payload(event.envelope))
            decided = DecidedStage(
                stamp=stamp,
                passed=message.passed,
                failed={bidder.organisation: bidder.reason for bidder in message.failed},
            )
            return replace(state, stages={**state.stages, event.section: decided})
