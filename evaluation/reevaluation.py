"""Re-evaluation 复评: the committee that signed marks again what is named, before the award; pure.

Nothing but the named marks can change. Sums and ranges cannot be wrong, since the service works the
former out and refuses marks outside the latter; what is left is how a mark was given. What members
give again is shown to nobody before everybody's is in. It must not score.

Source: Order 87, article 64; Regulation, articles 54 and 71.
"""

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Final

from evaluation.committee import Committee, seat_of
from evaluation.marking import Marking, rule_hash, signed_marks
from evaluation.messages import Remark, Remarks
from evaluation.publication import Publication
from evaluation.reevaluation_events import (
    Cell,
    Fault,
    MarksGivenAgain,
    PublicationWithdrawn,
    ReevaluationOrdered,
    RemarksLocked,
)
from evaluation.report import Report
from evaluation.scoring.exact import exact
from evaluation.scoring.marks import Range, scored_items
from evaluation.scoring.rule import ScoringRule
from opening.envelopes import payload
from record.errors import NotValid, OutOfOrder
from record.events import Signed

MOST: Final = 3
"""Re-evaluations that may be ordered in a section, those given up among them."""
MOST_CELLS: Final = 100
"""What one re-evaluation may name at the most: whoever wants more wants another evaluation."""

Signeds = Mapping[str, Signed]


@dataclass(frozen=True, slots=True)
class Reevaluation:
    """One re-evaluation, with what stood when it was ordered."""

    reevaluation: str
    ground: Fault
    reason: str
    cells: tuple[Cell, ...]
    at: int
    """When it was ordered, ms UTC."""
    report: Report
    """That stood before; once more the section's own where it was given up."""
    objection: str | None = None
    publication: Publication | None = None
    """That was withdrawn for it, with the objections to it; none where it stands again."""
    remarks: Signeds = field(default_factory=dict)
    """Seat -> what its member signed."""
    is_locked: bool = False
    dropped: str | None = None
    """Why it was given up."""
    dropped_at: int = 0

    @property
    def counts(self) -> bool:
        """Whether its marks are in force."""
        return self.is_locked and self.dropped is None


def order(
    before: Sequence[Reevaluation],
    publication: Publication | None,
    said: ReevaluationOrdered,
) -> tuple[ReevaluationOrdered | PublicationWithdrawn, ...]:
    """Order that the committee marks again; what is published is withdrawn until it has.

    Args:
        before: those there were; none is open.
        publication: what is published.
        said: the order; its cells are checked.

    Refusals: reevaluation.too_many, reevaluation.no_such_objection.
    """
    if len(before) >= MOST:
        raise OutOfOrder("reevaluation.too_many", most=MOST)
    known = published(before, publication)
    if said.objection is not None and not any(said.objection in one.objections for one in known):
        raise NotValid("reevaluation.no_such_objection")
    if publication is None:
        return (said,)
    withdrawn = PublicationWithdrawn(section=said.section, reevaluation=said.reevaluation)
    return (said, withdrawn)


def check_cells(
    rule: ScoringRule, marks: Mapping[str, Mapping[str, object]], cells: Sequence[Cell]
) -> None:
    """Check that what is named was marked, once each, and not under aliases.

    Args:
        rule: the section's.
        marks: of the bids that were marked, by bid and item.
        cells: what is to be marked again.

    Refusals: reevaluation.nothing_marked, reevaluation.too_many_cells, reevaluation.twice,
    reevaluation.not_marked, reevaluation.blind.
    """
    if not marks:
        raise OutOfOrder("reevaluation.nothing_marked")
    if len(cells) > MOST_CELLS:
        raise NotValid("reevaluation.too_many_cells", most=MOST_CELLS)
    named = Counter((one.bid, one.item) for one in cells)
    for (bid, item), times in named.items():
        if times > 1:
            raise NotValid("reevaluation.twice", bid=bid, item=item)
        if item not in marks.get(bid, {}):
            raise NotValid("reevaluation.not_marked", bid=bid, item=item)
    blind = {item.item for _, item in scored_items(rule) if item.blind}
    for one in cells:
        if one.item in blind:
            raise NotValid("reevaluation.blind", item=one.item)


def remark(
    committee: Committee,
    marking: Marking,
    rule: ScoringRule,
    one: Reevaluation,
    *,
    account: str,
    said: Remarks,
    envelope: Signed,
) -> tuple[MarksGivenAgain | RemarksLocked, ...]:
    """Give the named marks again, signed, for good; the last member's lock everybody's.

    Args:
        committee: whose report stood.
        marking: the marks so far.
        rule: the section's.
        one: the re-evaluation that is open.
        account: who marks.
        said: what the envelope holds; of this section.
        envelope: its signature is checked.

    Refusals: committee.not_a_member, remarks.locked, remarks.submitted, remarks.other_seat,
    remarks.other_rule, remarks.other_order, remarks.cells, remarks.range, remarks.reason.
    """
    seat = seat_of(committee, account).member.seat
    if one.is_locked:
        raise OutOfOrder("remarks.locked")
    if seat in one.remarks:
        raise OutOfOrder("remarks.submitted")
    if said.seat != seat:
        raise NotValid("remarks.other_seat", seat=said.seat)
    if said.rule != rule_hash(rule):
        raise NotValid("remarks.other_rule")
    if said.reevaluation != one.reevaluation:
        raise NotValid("remarks.other_order")
    _check_marks(marking, rule, one, seat, said.marks)
    section, name = committee.section, one.reevaluation
    given = MarksGivenAgain(section=section, reevaluation=name, seat=seat, envelope=envelope)
    if {*one.remarks, seat} >= set(committee.seats):
        return (given, RemarksLocked(section=section, reevaluation=name))
    return (given,)


def _check_marks(
    marking: Marking, rule: ScoringRule, one: Reevaluation, seat: str, marks: Sequence[Remark]
) -> None:
    """Check that just what is named is marked, in range, each change with its reason."""
    wanted = sorted((cell.bid, cell.item) for cell in one.cells)
    if sorted((mark.bid, mark.item) for mark in marks) != wanted:
        raise NotValid("remarks.cells")
    ranges = {item.item: Range.of(item) for _, item in scored_items(rule)}
    before = signed_marks(marking)
    for mark in marks:
        where = {"bid": mark.bid, "item": mark.item}
        if ranges[mark.item].problem(exact(mark.mark)) is not None:
            raise NotValid("remarks.range", **where, mark=mark.mark)
        differs = exact(mark.mark) != exact(before[mark.bid][mark.item][seat])
        if differs != (mark.reason is not None):
            raise NotValid("remarks.reason", **where)


def published(
    before: Sequence[Reevaluation], publication: Publication | None
) -> tuple[Publication, ...]:
    """Return what was ever published of a section, the first first."""
    former = (one.publication for one in before)
    return tuple(one for one in (*former, publication) if one is not None)


def follows(before: Sequence[Reevaluation]) -> tuple[str | None, str | None]:
    """Return which re-evaluation a result is of, and which facts the one it replaces had."""
    done = [one for one in before if one.dropped is None]
    replaced = [one.publication.result.facts for one in done if one.publication is not None]
    return (done[-1].reevaluation if done else None, replaced[-1] if replaced else None)


def changes(
    marking: Marking, before: Sequence[Reevaluation], one: Reevaluation
) -> list[Mapping[str, str]]:
    """Return which marks a locked re-evaluation changed, by its cells, then by seats.

    Each has its `bid`, `item` and `seat`, the marks `before` and `after`, and the `reason`.

    Args:
        marking: the marks with all that count.
        before: every re-evaluation of the section, in its order.
        one: of which.
    """
    earlier = sum(1 for other in before[: before.index(one)] if other.counts)
    marks = signed_marks(replace(marking, amended=marking.amended[:earlier]))
    said = {(mark.bid, mark.item, seat): mark for seat, mark in _said(one)}
    return [
        {
            "bid": cell.bid,
            "item": cell.item,
            "seat": seat,
            "before": old,
            "after": mark.mark,
            "reason": mark.reason,
        }
        for cell in one.cells
        for seat, old in marks[cell.bid][cell.item].items()
        if (mark := said[cell.bid, cell.item, seat]).reason is not None
    ]


def _said(one: Reevaluation) -> Iterator[tuple[str, Remark]]:
    for seat, envelope in one.remarks.items():
        for mark in Remarks.read(payload(envelope)).marks:
            yield seat, mark
