"""What the committee of a rehearsal makes of the prices 算术修正, and of few valid bids.

It must not leave a correction open: prices are checked once all of them have ended.
"""

import asyncio
from typing import Any

from client.expert import View
from client.rehearsal.bots import SECTION
from client.rehearsal.clarifying import bidder_of, most, refused
from client.rehearsal.committee import Bench
from evaluation.clarification import MINUTE
from evaluation.commands import ProposeCorrection

_PERIOD = 60 * MINUTE
_REASON = "分部分项单价与数量的乘积之和与报价不一致,按单价计算。"
_ENOUGH = "有效投标的报价均低于最高投标限价,且彼此有差异,具有竞争性。"


async def compete(bench: Bench) -> None:
    """Where few bids are left in, have the committee find that competition is enough."""
    if (await _view(bench))["step"] != "competition":
        return
    project = bench.story.project
    needed = bench.seats[: most(bench)]
    await asyncio.gather(
        *(
            bench.sitting[seat].judge_competition(project, SECTION, _ENOUGH, lacking=False)
            for seat in needed
        )
    )


async def check(bench: Bench) -> None:
    """Correct as many prices as are planned, by turns confirmed and not agreed, then check all."""
    chair, project = bench.sitting[bench.chair], bench.story.project
    prices = (await _view(bench))["prices"]
    for number in range(bench.story.plan.corrections):
        await _correct(bench, prices[number % len(prices)], number, agreed=number % 2 == 0)
    await chair.check_prices(project, SECTION)
    view = await _view(bench)
    bench.story.report.expect(view["prices_checked"], "the prices should be checked")


async def _correct(bench: Bench, price: dict[str, Any], number: int, *, agreed: bool) -> None:
    """Take one correction from its proposal to its end."""
    project, bid = bench.story.project, str(price["bid"])
    *others, last = bench.seats
    wanted = ProposeCorrection(
        section=SECTION,
        bid=bid,
        ground="unit_price",
        price=int(price["price"]) + 100 * (number + 1),
        reason=_REASON,
        period=_PERIOD,
    )
    proposed = await bench.sitting[last].propose_correction(project, wanted)
    name = str(proposed.events[0]["correction"])
    checking = bench.sitting[bench.chair].check_prices(project, SECTION)
    await refused(bench, checking, "correction.open")
    needed = others[: most(bench) - agreed]
    await asyncio.gather(
        *(
            bench.sitting[seat].vote_correction(project, SECTION, name, agrees=agreed)
            for seat in needed
        )
    )
    if agreed:
        bidder = bidder_of(bench, bid)
        asked = await bidder.correction(project, SECTION, name)
        bench.story.report.expect("reason" not in asked, "the bidder should not see the reason")
        answer = await bidder.confirm_correction(project, SECTION, asked, accepts=True)
        await bidder.seat.receipt(project, answer.command_id)
    shown = (await _view(bench))["corrections"]
    status = next(one["status"] for one in shown if one["correction"] == name)
    wanted_status = "accepted" if agreed else "dropped"
    bench.story.report.expect(status == wanted_status, f"the correction is {status}")


async def _view(bench: Bench) -> View:
    return await bench.sitting[bench.chair].view(bench.story.project, SECTION)
