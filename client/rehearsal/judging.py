"""What the committee of a rehearsal makes of the bids: the review, its votes, and the marks.

Everybody judges by fixed numbers, so that the same bids always fare the same; it must not look at
what is in a bid.
"""

import asyncio
import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction

from client.expert import SheetMarks, View
from client.rehearsal import blind
from client.rehearsal.bots import SECTION
from client.rehearsal.committee import Bench, leave
from client.rehearsal.pausing import discuss, pause
from client.rehearsal.plan import Plan
from evaluation.scoring.exact import exact, shown
from evaluation.scoring.library import LIBRARY
from evaluation.scoring.marks import scored_items
from evaluation.scoring.rule import PointsItem, ScoringRule

_FAILED = {"grade": "资质等级低于招标文件的要求。"}
_DOUBTED = {"duration": "工期的表述前后不一致。"}
_LEAST = "24"
"""Of 40 technical points, where the second envelope hangs on them."""
_POOR, _GOOD, _BETTER, _APART = 45, 75, 15, 8
"""Per cent of what can be had: a bid that is too low, any other, how much better one may be than
another, and how far the marks of members may lie from the bid's."""


@dataclass(frozen=True, slots=True)
class Fates:
    """What is to become of the bids of the review.

    Args:
        rejected: fail an item, as all agree.
        too_low: have too few technical points.
        doubted: members do not agree on it, and the committee votes.
    """

    rejected: tuple[str, ...]
    too_low: tuple[str, ...]
    doubted: str


def rule_for(plan: Plan) -> ScoringRule:
    """Return the scoring rule of a rehearsal."""
    rule = LIBRARY["mean_base"]
    rule = blind.made_blind(rule) if plan.blind else rule
    return rule.model_copy(update={"technical_minimum": _LEAST}) if plan.two_envelopes else rule


def fates(plan: Plan, bids: Sequence[str]) -> Fates:
    """Return what is to become of bids: the last is rejected, the one before it too low.

    One is left in at the least, and with one envelope none is too low.
    """
    rejected = tuple(bids[1:][-1:])
    left = bids[: len(bids) - len(rejected)]
    too_low = tuple(left[1:][-1:]) if plan.two_envelopes else ()
    return Fates(rejected, too_low, bids[0])


async def review(bench: Bench) -> Fates:
    """Go through the preliminary review, some leaving in its middle, and close it."""
    view = await _chairs_view(bench)
    found = fates(bench.story.plan, [str(one["bid"]) for one in view["bids"]])
    await asyncio.gather(*(_review(bench, seat, view, found) for seat in bench.seats))
    for seat in bench.aside[1:]:
        await leave(bench, seat)
        await _review(bench, seat, view, found)
    await _vote(bench)
    failed = tuple((await _chairs_view(bench))["failed"])
    bench.story.report.expect(failed == found.rejected, f"the bids that failed are {failed}")
    await bench.sitting[bench.chair].close_review(
        bench.story.project, SECTION, dict.fromkeys(failed, "unqualified")
    )
    return found


async def _review(bench: Bench, seat: str, view: View, found: Fates) -> None:
    doubts = _DOUBTED if _is_doubting(bench, seat) else {}
    for one in view["bids"]:
        bid = one["bid"]
        failed = _FAILED if bid in found.rejected else doubts if bid == found.doubted else {}
        await bench.sitting[seat].review(bench.story.project, SECTION, bid, failed)


async def _vote(bench: Bench) -> None:
    """Vote on whatever the members do not agree on."""
    project = bench.story.project
    for one in (await _chairs_view(bench))["to_vote"]:
        vote = str(one["bid"]), str(one["item"])
        await bench.sitting[bench.chair].open_vote(project, SECTION, *vote)
        await asyncio.gather(
            *(
                expert.cast_vote(project, SECTION, vote, passes=not _is_doubting(bench, seat))
                for seat, expert in bench.sitting.items()
            )
        )


def _is_doubting(bench: Bench, seat: str) -> bool:
    """Tell whether a member is one of the few who doubt: the last ones, fewer than half."""
    return bench.seats.index(seat) > len(bench.seats) // 2


async def give_marks(bench: Bench, found: Fates) -> None:
    """Have every member sign and submit its marks; nobody sees any before all are in."""
    story = bench.story
    if story.plan.blind:
        await blind.drawn(bench)
    marks = await sheets(bench, found)

    async def submit(seat: str) -> None:
        await bench.sitting[seat].submit_marks(story.project, SECTION, marks[seat])

    await discuss(bench)
    first, *others = bench.seats
    await submit(first)
    await _check_hidden(bench)
    if story.plan.blind:
        await blind.check_hidden(bench)
    await pause(bench)
    await asyncio.gather(*(submit(seat) for seat in others))
    await _check_shown(bench)
    if story.plan.blind:
        await blind.check_opened(bench, rule_for(story.plan))


async def sheets(bench: Bench, found: Fates) -> Mapping[str, SheetMarks]:
    """Return what every member gives the bids that are left in, and what is blind of them."""
    story, rule = bench.story, rule_for(bench.story.plan)
    numbers = {bot.current[1].sealed.params.bid: bot.number for bot in story.bots if bot.made}
    valid = {str(bid): numbers[bid] for bid in (await _chairs_view(bench))["valid"]}
    under = await blind.marks(bench, rule)
    return {
        seat: {
            **under,
            **{
                bid: marks_of(rule, number, seat, is_poor=bid in found.too_low)
                for bid, number in valid.items()
            },
        }
        for seat in bench.seats
    }


def marks_of(rule: ScoringRule, bidder: int, seat: str, *, is_poor: bool) -> Mapping[str, str]:
    """Return what a member gives a bid for items that are not blind: item -> mark."""
    bid = _POOR if is_poor else _GOOD + _number(f"{bidder}") % (_BETTER + 1)
    items = [item for _, item in scored_items(rule) if not item.blind]
    return {item.item: _mark(item, bid, f"{bidder}/{seat}") for item in items}


def _mark(item: PointsItem, bid: int, member: str) -> str:
    """Return a mark near what the bid is worth, on a step of the item."""
    lowest, highest, step = exact(item.lowest), exact(item.highest), exact(item.step)
    apart = _number(f"{member}/{item.item}") % (2 * _APART + 1) - _APART
    percent = Fraction(bid if item.objective else bid + apart, 100)
    return shown(lowest + (highest - lowest) * percent // step * step)


def _number(of: str) -> int:
    return int.from_bytes(hashlib.sha256(of.encode()).digest()[:4])


async def _chairs_view(bench: Bench) -> View:
    return await bench.sitting[bench.chair].view(bench.story.project, SECTION)


async def _check_hidden(bench: Bench) -> None:
    """Look as everybody while marks are still awaited."""
    for name, view in (await _views(bench)).items():
        bench.story.report.expect("marks" not in view, f"{name} sees marks before all are in")


async def _check_shown(bench: Bench) -> None:
    """Look as everybody once all marks are in."""
    for name, view in (await _views(bench)).items():
        is_due, step = name != "clerk", view["step"]
        told = f"{name} sees, at the step {step}, " + ("marks" if "marks" in view else "no marks")
        bench.story.report.expect(step in _LOCKED and is_due == ("marks" in view), told)


_LOCKED = frozenset({"locked", "report"})
"""The service may have drawn the report up before everybody has looked."""


async def _views(bench: Bench) -> dict[str, View]:
    cast, project = bench.story.cast, bench.story.project
    views = {
        f"seat {seat}": await expert.view(project, SECTION)
        for seat, expert in bench.sitting.items()
    }
    views["supervisor"] = await cast.supervisor.evaluation(project, SECTION)
    return {**views, "clerk": await cast.clerk.evaluation(project, SECTION)}
