"""What follows a rehearsal's report: publication, an objection, its answer, the award.

Where the plan says so, marks are given again over the objection, and the result is published anew.

It must not know what the report says: the clerk's client signs what its facts say.
"""

from typing import TYPE_CHECKING

from client import clock, result, waiting
from client.errors import Unusable
from client.rehearsal.bots import SECTION
from client.rehearsal.committee import Bench
from client.rehearsal.reevaluating import reevaluate

if TYPE_CHECKING:
    from client.rehearsal.story import Story

PUBLISHED = 2_000
"""For how long candidates are published at the least, ms: a rehearsal has no three days."""
_SPARE = 10_000
"""How much longer they are, ms: an objection and its answer take their time."""
_PATIENCE = 60.0
_OBJECTION = "第一中标候选人项目负责人的业绩与公开信息不符,请核实。"
_ANSWER = "经核实,业绩合同与验收文件齐全,异议不成立。"


async def publish(bench: Bench) -> None:
    """Publish the candidates, have one bidder object, answer it, and award to the first."""
    story = bench.story
    clerk, project = story.cast.clerk, story.project
    until = await _announce(story)
    await _object(story)
    shown = await result.result(clerk.seat, project, SECTION)
    (objection,) = shown["objections"]
    if story.plan.reevaluate:
        await reevaluate(bench, objection["objection"])
        until = await _announce(story)
    await result.answer(clerk.seat, project, SECTION, objection["objection"], _ANSWER)

    async def over() -> bool:
        return clock.now() > until

    await waiting.until(over, "the end of the publication", _PATIENCE)
    first = (await result.result(clerk.seat, project, SECTION))["candidates"][0]
    answer = await result.award(clerk.seat, project, SECTION, first["bid"])
    await clerk.seat.receipt(project, answer.command_id)
    shown = await result.result(clerk.seat, project, SECTION)
    awarded = shown.get("award", {}).get("bid") == first["bid"]
    story.report.expect(awarded, f"the section was awarded: {shown['step']}")
    story.report.console.print(f"  awarded to {first['name']}")


async def _announce(story: "Story") -> int:
    """Publish what the report found, and return until when."""
    clerk = story.cast.clerk
    until = clock.now() + PUBLISHED + _SPARE
    await result.publish(clerk.seat, clerk.key, story.project, SECTION, until)
    return until


async def _object(story: "Story") -> None:
    """Have a bidder object whose bid was opened: not every bot's was."""
    for bidder in story.cast.bidders:
        shown = await result.result(bidder.seat, story.project, SECTION)
        if shown["may_object"]:
            await result.object_to(bidder.seat, story.project, SECTION, _OBJECTION)
            return
    raise Unusable("no bidder can object", SECTION)
