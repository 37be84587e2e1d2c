"""Stories of re-evaluations whose records must hold: given up, marked again, marked again twice."""

from tests.project.publishing import PERIOD, answer, award, object_to, over, publish
from tests.project.remarking import drop, order, remark, remarked, reported_again
from tests.project.sitting import Sitting
from tests.verifier.evaluated import BLIND, begun, hold_session
from tests.verifier.told import Told

Cell = tuple[str, str]


def reevaluated() -> Told:
    """One is ordered for nothing and given up, one changes two marks; an award over both results."""
    world, sitting = begun(4)
    sitting.reviewed({sitting.bids[3]: "unqualified"}).marked()
    sitting.draw_up()
    sitting.signed()
    publish(sitting)
    first, second = object_to(sitting, 1), object_to(sitting, 2)
    cells = _cells(sitting)
    order(sitting, cells, objection=first, ground="criteria")
    remark(sitting, 2, {cells[0]: "20.5"})
    sitting.suspended(PERIOD)
    drop(sitting)
    answer(sitting, first)
    order(sitting, cells, objection=second)
    remark(sitting, 3, {cells[0]: "20.5"})
    sitting.paused(PERIOD, "overnight")
    remark(sitting, 1, {cells[0]: "21", cells[1]: "4"})
    for seat in (2, 4, 5):
        remark(sitting, seat)
    reported_again(sitting)
    publish(sitting)
    answer(sitting, second)
    answer(sitting, object_to(sitting, 1))
    over(sitting)
    award(sitting)
    return world


def _cells(sitting: Sitting) -> tuple[Cell, Cell]:
    """Return two marks of two bids."""
    first, second, *_ = sitting.found.review.valid
    return (first, "quality-plan"), (second, "safety")


def reevaluated_twice() -> Told:
    """Of two envelopes and a rule with a blind item, marks are given again twice, unpublished."""
    world, sitting = begun(3, envelopes=2, rule=BLIND)
    sitting.reviewed().marked()
    sitting.decide_stage(tuple(world.state.bids[bid].organisation for bid in sitting.bids))
    world.do_duties()
    hold_session(world, 2)
    sitting.priced()
    sitting.draw_up()
    sitting.signed()
    bid = sitting.bids[0]
    for mark in ("3", "4"):
        order(sitting, ((bid, "safety"),), ground="objective")
        remarked(sitting, {(bid, "safety"): mark})
        reported_again(sitting)
    publish(sitting)
    return world


def given_up() -> Told:
    """A re-evaluation whose report was being signed is given up, and what was published is again."""
    world, sitting = begun(3)
    sitting.reviewed().marked()
    sitting.draw_up()
    sitting.signed()
    publish(sitting)
    cells = _cells(sitting)
    order(sitting, cells)
    remarked(sitting, {cells[0]: "20.5"})
    sitting.draw_up()
    sitting.sign(2)
    drop(sitting)
    over(sitting)
    award(sitting)
    return world
