"""The commands that pause an evaluation, and what members say in it; permission comes before; pure.

Whether something else may happen meanwhile is not asked here: `pause.check_running` refuses it.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from evaluation import commands, discussion
from evaluation.acting import evaluation_of
from evaluation.discussion_events import Said
from evaluation.pause import check_running
from evaluation.pause_events import Paused, Resumed, StateDiffered
from evaluation.state import EvaluationState
from evaluation.state_hash import state_hash
from opening.state import OpeningState
from record.errors import OutOfOrder
from record.events import Event
from record.rules import Given

Decide = Callable[[OpeningState, EvaluationState, Any, Given], tuple[Event, ...]]


@dataclass(frozen=True, slots=True)
class FoldedAgain:
    """An evaluation's state hash as its record gives it, read anew; only the service makes one."""

    section: str
    salt: str
    """Of the pause that went on then."""
    state: str


def folded_again(state: EvaluationState, section: str) -> FoldedAgain | None:
    """Return what a resume is checked against; None where the section is not paused.

    Args:
        state: folded anew from the record, from its first entry on.
        section: that is to go on.
    """
    found = state.evaluations.get(section)
    if found is None or found.pause is None:
        return None
    salt = found.pause.salt
    return FoldedAgain(section, salt, state_hash(found, state.rules[section], salt))


def pause(
    _: OpeningState, state: EvaluationState, command: commands.Pause, given: Given
) -> tuple[Paused, ...]:
    """Pause an evaluation from its committee's naming until its report stands.

    Refusals: evaluation.not_convened, evaluation.paused, report.finished.
    """
    found = evaluation_of(state, command)
    check_running(found.pause)
    if found.report.is_finished:
        raise OutOfOrder("report.finished")
    salt = given.fresh.hex()
    paused = Paused(
        section=command.section,
        cause=command.cause,
        reason=command.reason,
        salt=salt,
        state=state_hash(found, state.rules[command.section], salt),
    )
    return (paused,)


def resume(
    _: OpeningState, state: EvaluationState, command: commands.Resume, given: Given
) -> tuple[Resumed | StateDiffered, ...]:
    """Let an evaluation go on if it is what was paused; otherwise say on the record that it is not.

    Both what the rules hold and what the record gives when it is folded again must have the hash
    of the pause.

    Refusals: evaluation.not_convened, evaluation.not_paused, evaluation.not_folded.
    """
    found = evaluation_of(state, command)
    paused, again = found.pause, given.checked
    if paused is None:
        raise OutOfOrder("evaluation.not_paused")
    wanted = (command.section, paused.salt)
    if not isinstance(again, FoldedAgain) or (again.section, again.salt) != wanted:
        raise OutOfOrder("evaluation.not_folded")
    held = state_hash(found, state.rules[command.section], paused.salt)
    for one in (again.state, held):
        if one != paused.state:
            return (StateDiffered(section=command.section, state=one),)
    shift = max(0, given.received - paused.since)
    return (Resumed(section=command.section, state=held, shift=shift),)


def say(
    _: OpeningState, state: EvaluationState, command: commands.Say, given: Given
) -> tuple[Said, ...]:
    """Say something to the committee."""
    found = evaluation_of(state, command)
    account = given.actor.account
    return discussion.say(found.committee, found.said, found.report, account, command.text)


DECIDES: Mapping[type[commands.OfSection], Decide] = {
    commands.Pause: pause,
    commands.Resume: resume,
    commands.Say: say,
}
