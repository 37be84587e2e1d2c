"""Blind parts 暗标: marked under aliases that nobody is told before all marks are locked; pure.

The service draws one alias for each valid bid when marks can begin, and leaves the table on the
record as an entry that is opened to nobody until the lock. It must not know a file; what belongs
to a blind part is `evaluation.blind_files`.
"""

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from evaluation.acting import evaluation_of
from evaluation.blind_events import AliasesDrawn, AliasOf
from evaluation.commands import DrawAliases, OfSection
from evaluation.competition import is_due as is_competition_due
from evaluation.competition import lacking
from evaluation.marking import Marking, sheets_of
from evaluation.scoring.marks import scored_items
from evaluation.scoring.rule import ScoringRule
from evaluation.state import Evaluation, EvaluationState
from opening.state import OpeningState
from record.errors import OutOfOrder
from record.events import Event
from record.rules import Given

Decide = Callable[[OpeningState, EvaluationState, Any, Given], tuple[Event, ...]]

_LETTERS = "ABCDEFGHIJKLMNOPQRSTUVWXYZ"


def has_blind(rule: ScoringRule) -> bool:
    """Return whether any item of a rule is marked without knowing whose it is."""
    return any(item.blind for _, item in scored_items(rule))


def is_due(found: Evaluation, rule: ScoringRule, envelopes: int) -> bool:
    """Return whether aliases are to be drawn: marks can begin, and there are none in force.

    Args:
        found: the evaluation.
        rule: the section's.
        envelopes: of the section; of two, prices are checked after the marks.
    """
    return has_blind(rule) and found.marking.draw is None and _can_begin(found, envelopes)


def draw_aliases(
    opening: OpeningState, state: EvaluationState, command: DrawAliases, given: Given
) -> tuple[AliasesDrawn, ...]:
    """Draw an alias for each valid bid, each order of them as likely as another.

    Refusals: evaluation.not_convened, blind.not_due.
    """
    found = evaluation_of(state, command)
    envelopes = opening.sections[command.section].terms.envelopes
    if not is_due(found, state.rules[command.section], envelopes):
        raise OutOfOrder("blind.not_due")
    mixed = sorted(found.review.valid, key=lambda bid: given.new_id(f"alias/{bid}"))
    return (
        AliasesDrawn(
            section=command.section,
            draw=given.new_id("aliases"),
            salt=given.new_id("aliases/salt"),
            aliases=tuple(
                AliasOf(alias=alias_at(place), bid=bid) for place, bid in enumerate(mixed)
            ),
        ),
    )


def alias_at(place: int) -> str:
    """Return the alias at a place, from 0 on: A to Z, then AA."""
    name = ""
    place += 1
    while place:
        place, letter = divmod(place - 1, len(_LETTERS))
        name = _LETTERS[letter] + name
    return name


def aliases_in_force(marking: Marking) -> Sequence[str]:
    """Return the aliases under which blind parts are marked now, in their own order."""
    return () if marking.draw is None else tuple(marking.draws[marking.draw])


def bid_behind(marking: Marking, alias: str) -> str | None:
    """Return whose blind part an alias in force stands for; for whoever answers its files alone."""
    return None if marking.draw is None else marking.draws[marking.draw].get(alias)


def draws_used(marking: Marking) -> Mapping[str, Sequence[str]]:
    """Return the draws that sheets go by, each with the seats whose do; of locked ones alone."""
    used: dict[str, list[str]] = {name: [] for name in marking.draws}
    for seat, sheet in sheets_of(marking).items():
        if sheet.blind is not None:
            used[sheet.blind.draw].append(seat)
    return {name: seats for name, seats in used.items() if seats}


def _can_begin(found: Evaluation, envelopes: int) -> bool:
    """Return whether nothing comes any more before the marks but what members ask bidders."""
    committee, review = found.committee, found.review
    if committee.chair is None or not committee.is_quorate or not review.is_closed:
        return False
    if found.report.facts or found.marking.is_locked:
        return False
    if is_competition_due(review) and lacking(committee, found.competition) is not False:
        return False
    return envelopes == 2 or found.prices_checked


DECIDES: Mapping[type[OfSection], Decide] = {DrawAliases: draw_aliases}
