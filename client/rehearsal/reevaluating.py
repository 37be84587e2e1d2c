"""A re-evaluation in a rehearsal: ordered over an objection, marked again, reported anew.

It must not know what the marks come to: the report says so.
"""

import asyncio

from client import reevaluation, result
from client.expert import View, report_facts, rule_of
from client.rehearsal import conclusion
from client.rehearsal.bots import SECTION
from client.rehearsal.committee import Bench
from evaluation.commands import OrderReevaluation
from evaluation.reevaluation_events import Cell
from evaluation.scoring.marks import scored_items
from evaluation.scoring.rule import PointsItem

_REASON = "异议反映施工方案评分畸高,请原评标委员会复核。"
_WHY = "复核后,原评分未按评分标准扣分。"


async def reevaluate(bench: Bench, objection: str) -> None:
    """Have two marks of a bid given again; one member changes one, and a new report stands."""
    story = bench.story
    clerk, project = story.cast.clerk, story.project
    last = bench.seats[-1]
    view = await bench.sitting[last].view(project, SECTION)
    items = [item for _, item in scored_items(rule_of(view)) if not item.blind][:2]
    cells = tuple(Cell(bid=view["valid"][0], item=item.item) for item in items)
    order = OrderReevaluation(
        section=SECTION, ground="extreme", reason=_REASON, cells=cells, objection=objection
    )
    await reevaluation.order(clerk.seat, project, order)
    await _is_withdrawn(bench)
    await asyncio.gather(*(_stays(bench, seat) for seat in bench.seats[:-1]))
    await _is_hidden(bench)
    await _changes(bench, last, items[0])
    await conclusion.conclude(bench)
    facts = await report_facts(clerk.seat, project, await bench.view())
    changed = [one["seat"] for one in facts["reevaluations"][-1]["changes"]]
    story.report.expect(changed == [last], f"the new report names changes by {changed}")


async def _stays(bench: Bench, seat: str) -> None:
    """Have a member give the same marks again."""
    expert, project = bench.sitting[seat], bench.story.project
    marks = await reevaluation.own_marks(expert, project, SECTION)
    await reevaluation.remark(expert, project, SECTION, marks)


async def _changes(bench: Bench, seat: str, item: PointsItem) -> None:
    """Have a member change its mark of an item, with the reason."""
    expert, project = bench.sitting[seat], bench.story.project
    rows = await reevaluation.own_marks(expert, project, SECTION)
    given = [_lowered(row, item) if row["item"] == item.item else row for row in rows]
    await reevaluation.remark(expert, project, SECTION, given)


def _lowered(row: View, item: PointsItem) -> View:
    """Return a mark as low as may be, or as high where it is that already."""
    mark = item.highest if row["mark"] == item.lowest else item.lowest
    return {**row, "mark": mark, "reason": _WHY}


async def _is_withdrawn(bench: Bench) -> None:
    """Look as a bidder: the result that was published is a former one."""
    story = bench.story
    for bidder in story.cast.bidders:
        told = await result.result(bidder.seat, story.project, SECTION)
        story.report.expect(told["step"] == "withdrawn", f"a bidder is told {told['step']}")


async def _is_hidden(bench: Bench) -> None:
    """Look as everybody while one member's marks are still awaited."""
    story = bench.story
    views = [await one.view(story.project, SECTION) for one in bench.sitting.values()]
    views += [await bench.view(), await story.cast.supervisor.evaluation(story.project, SECTION)]
    told = [view["reevaluations"][-1] for view in views]
    shown = any("changes" in one or one["step"] != "marks" for one in told)
    story.report.expect(not shown, "a seat sees marks given again before all are in")
    waiting = {tuple(one["submitted"]) for one in told}
    wanted = {bench.seats[:-1]}
    story.report.expect(waiting == wanted, f"the seats are told that {sorted(waiting)} are in")
