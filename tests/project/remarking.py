"""A committee that marks again what its clerk named, through the rules."""

from collections.abc import Mapping, Sequence
from typing import Any

from evaluation.commands import DropReevaluation, GiveMarksAgain, OrderReevaluation
from evaluation.marking import rule_hash, signed_marks
from evaluation.messages import Remark, Remarks
from evaluation.reevaluation import Reevaluation
from evaluation.reevaluation_events import Cell
from record.events import Event
from tests.opening.world import PROJECT, SECTION
from tests.project.sitting import Sitting

REASON = "第一名施工方案评分畸高, 请复核。"
WHY = "原评分未按评分标准扣分。"
Pairs = Sequence[tuple[str, str]]
Changes = Mapping[tuple[str, str], str]
"""(Bid, item) -> the mark it gets instead."""


def again(sitting: Sitting) -> Reevaluation:
    """Return the last re-evaluation."""
    return sitting.found.reevaluations[-1]


def plan_of(sitting: Sitting) -> tuple[tuple[str, str], tuple[str, str]]:
    """Return two marks that can be given again: two items of the first bid."""
    bid = sitting.found.review.valid[0]
    return (bid, "plan"), (bid, "safety")


def order(sitting: Sitting, cells: Pairs | None = None, **changes: Any) -> tuple[Event, ...]:
    """Order a re-evaluation, as the clerk does."""
    named = plan_of(sitting) if cells is None else cells
    values: dict[str, Any] = {"ground": "extreme", "reason": REASON, **changes}
    told = tuple(Cell(bid=bid, item=item) for bid, item in named)
    clerk = sitting.world.clerk.actor
    return sitting.world.do(clerk, OrderReevaluation(section=SECTION, cells=told, **values))


def remarks(sitting: Sitting, seat: int, to: Changes | None = None, /, **changes: Any) -> Remarks:
    """Return what a member gives again: what it gave before, but for some marks."""
    one, now = again(sitting), signed_marks(sitting.found.marking)
    marks = []
    for cell in one.cells:
        before = now[cell.bid][cell.item][str(seat)]
        mark = (to or {}).get((cell.bid, cell.item), before)
        reason = None if mark == before else WHY
        marks.append(Remark(bid=cell.bid, item=cell.item, mark=mark, reason=reason))
    values: dict[str, Any] = {
        "v": 1,
        "project": PROJECT,
        "section": SECTION,
        "reevaluation": one.reevaluation,
        "seat": str(seat),
        "rule": rule_hash(sitting.rule),
        "marks": tuple(marks),
    }
    return Remarks(**{**values, **changes})


def remark(
    sitting: Sitting, seat: int, to: Changes | None = None, /, **changes: Any
) -> tuple[Event, ...]:
    """Give marks again, as a member does."""
    message = sitting.people[seat].sign(remarks(sitting, seat, to, **changes))
    return sitting.act(seat, GiveMarksAgain, message=message)


def remarked(sitting: Sitting, to: Changes | None = None, seat: int = 1) -> None:
    """Let everybody mark again; one of them changes some marks."""
    for each in sitting.people:
        remark(sitting, each, to if each == seat else None)


def drop(sitting: Sitting, reason: str = "成员住院, 无法参加复评。") -> tuple[Event, ...]:
    """Give the re-evaluation up, as the clerk does."""
    clerk = sitting.world.clerk.actor
    return sitting.world.do(clerk, DropReevaluation(section=SECTION, reason=reason))


def reported_again(sitting: Sitting) -> None:
    """Let the new report come to stand."""
    sitting.draw_up()
    sitting.signed()
