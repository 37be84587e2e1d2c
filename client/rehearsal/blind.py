"""Blind parts 暗标 in a rehearsal: what bidders write into them, and how the committee marks them.

Members mark what they read under an alias, so that the marks tell afterwards whether each alias
stood for the bid it should have; nothing here may know whose a blind part is before that.
"""

import asyncio
import re
from collections.abc import Mapping

from client import bid_files
from client.errors import Declined
from client.expert import SheetMarks, View
from client.rehearsal.bots import SECTION, worth
from client.rehearsal.committee import Bench
from client.waiting import until
from evaluation.scoring.exact import exact, shown
from evaluation.scoring.marks import scored_items
from evaluation.scoring.rule import PointsItem, ScoringRule

ITEM = "schedule-plan"
"""The item of the rule that is blind."""
_WORTH = re.compile(r"([0-9]+)%")
PATIENCE = 60.0


def made_blind(rule: ScoringRule) -> ScoringRule:
    """Return a rule with one of its items blind."""
    stages = tuple(
        stage.model_copy(
            update={
                "items": tuple(
                    item.model_copy(update={"blind": True}) if item.item == ITEM else item
                    for item in stage.items
                )
            }
        )
        for stage in rule.stages
    )
    return rule.model_copy(update={"stages": stages})


def items_of(rule: ScoringRule) -> list[PointsItem]:
    """Return the blind items of a rule."""
    return [item for _, item in scored_items(rule) if item.blind]


async def drawn(bench: Bench) -> None:
    """Wait until the service has drawn the aliases."""

    async def look() -> bool:
        return "blind" in await _view(bench)

    await until(look, "the aliases", PATIENCE)


async def marks(bench: Bench, rule: ScoringRule) -> SheetMarks:
    """Read every blind part by its alias and return what it is worth: alias -> item -> mark."""
    if "blind" not in await _view(bench):
        return {}
    seat, project = bench.sitting[bench.chair].seat, bench.story.project
    rows = await bid_files.list_blind(seat, project, SECTION)
    found: dict[str, Mapping[str, str]] = {}
    for row in rows:
        of = project, SECTION, row["alias"]
        text = (await bid_files.read_blind(seat, of, row["files"][0]["n"])).decode()
        percent = int(_WORTH.findall(text)[0])
        found[row["alias"]] = {item.item: mark(item, percent) for item in items_of(rule)}
    return found


def mark(item: PointsItem, percent: int) -> str:
    """Return a mark of so many per cent of an item, on one of its steps."""
    lowest, highest, step = exact(item.lowest), exact(item.highest), exact(item.step)
    return shown(lowest + (highest - lowest) * percent / 100 // step * step)


async def check_hidden(bench: Bench) -> None:
    """Look as everybody for what would tie a blind part to a bid while marks are awaited."""
    report, project = bench.story.report, bench.story.project
    for name, view in (await _views(bench)).items():
        told = view.get("blind", {})
        report.expect("opened" not in told, f"{name} is told whose the blind parts are")
    chair, bids = bench.sitting[bench.chair], (await _view(bench))["valid"]
    for bid in bids:
        rows = await bid_files.list_files(chair.seat, project, SECTION, bid)
        blind = [one["path"] for one in rows if one["path"].startswith("blind")]
        report.expect(not blind, f"blind files are listed by bid: {blind}")
    try:
        await bid_files.list_blind(bench.story.cast.clerk.seat, project, SECTION)
    except Declined as declined:
        report.expect(declined.code == "reading.committee_only", declined.code)
    else:
        report.expect(holds=False, what="the clerk is given blind parts")


async def check_opened(bench: Bench, rule: ScoringRule) -> None:
    """Look, once marks are locked, whether each bid has the marks of its own blind part."""
    report, view = bench.story.report, await _view(bench)
    numbers = {bot.current[1].sealed.params.bid: bot.number for bot in bench.story.bots if bot.made}
    (opened,) = view["blind"]["opened"]
    report.expect(
        sorted(opened["bids"].values()) == sorted(view["valid"]), "aliases stand for other bids"
    )
    for bid in view["valid"]:
        for item in items_of(rule):
            given = set(view["marks"][bid][item.item].values())
            wanted = {mark(item, worth(numbers[bid]))}
            report.expect(given == wanted, f"the blind part of {bid[:8]} has marks {given}")


async def _views(bench: Bench) -> dict[str, View]:
    cast, project = bench.story.cast, bench.story.project
    seats = bench.sitting.items()
    views = await asyncio.gather(*(expert.view(project, SECTION) for _, expert in seats))
    found = {f"seat {seat}": view for (seat, _), view in zip(seats, views, strict=True)}
    found["supervisor"] = await cast.supervisor.evaluation(project, SECTION)
    return {**found, "clerk": await cast.clerk.evaluation(project, SECTION)}


async def _view(bench: Bench) -> View:
    return await bench.sitting[bench.chair].view(bench.story.project, SECTION)
