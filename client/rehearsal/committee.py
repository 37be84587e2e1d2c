"""The committee of a rehearsal: named, seated, some of it replaced, its chair elected.

It must not judge any bid; `client.rehearsal.judging` does.
"""

import asyncio
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from client.errors import Declined
from client.expert import Expert, View
from client.rehearsal.bots import SECTION
from evaluation.events import Member
from evaluation.values import Capacity

if TYPE_CHECKING:
    from client.rehearsal.story import Story

_PLACES = ("市中心1号评标室", "区分中心2号评标室")
_TIES = ("市建筑设计研究院",)
CANDIDATES = ("1", "2")
"""The seats most votes for the chair go to; whoever sits there stays."""


@dataclass(slots=True)
class Bench:
    """Who sits where.

    Args:
        sitting: by seat, in the committee's order.
        spares: who takes the place of whoever leaves.
        aside: the seats whose members leave; the first does so at the bidders' names.
    """

    story: "Story"
    sitting: dict[str, Expert]
    spares: list[Expert]
    aside: Sequence[str]
    chair: str = ""

    @property
    def seats(self) -> tuple[str, ...]:
        """The seats, in the committee's order."""
        return tuple(self.sitting)

    async def view(self) -> View:
        """Return what the clerk sees."""
        return await self.story.cast.clerk.evaluation(self.story.project, SECTION)

    def member(self, seat: str) -> Member:
        """Return who sits at a seat, as the clerk names it."""
        plan, number = self.story.plan, int(seat)
        capacity: Capacity = "tenderer" if number > plan.experts - plan.tenderers else "expert"
        account = self.sitting[seat].seat.account
        place = _PLACES[number % len(_PLACES)]
        return Member(seat=seat, place=place, account=account, capacity=capacity)


def bench_of(story: "Story") -> Bench:
    """Return the committee as the plan wants it, nobody seated yet."""
    count, aside = story.plan.experts, story.plan.stand_aside
    sitting = {str(number): one for number, one in enumerate(story.cast.experts[:count], 1)}
    first = len(CANDIDATES) + 1
    return Bench(
        story,
        sitting,
        spares=story.cast.experts[count:],
        aside=[str(number) for number in range(first, first + aside)],
    )


async def convene(bench: Bench) -> None:
    """Name the committee and have everybody sit down; whoever is tied to a bidder leaves."""
    story = bench.story
    clerk, project = story.cast.clerk, story.project
    for expert in (*bench.sitting.values(), *bench.spares):
        await clerk.bind(project, expert.seat.account, "expert")
    await clerk.convene(project, SECTION, [bench.member(seat) for seat in bench.seats])
    tied = bench.aside[:1]
    await asyncio.gather(*(sit(bench, seat) for seat in bench.seats if seat not in tied))
    for seat in tied:
        await _stand_aside_at_the_names(bench, seat)
        await replace(bench, seat)


async def sit(bench: Bench, seat: str) -> None:
    """Have the member at a seat sit down and go as far as the bidders' names."""
    story, expert = bench.story, bench.sitting[seat]
    await _declare(bench, seat, _TIES)
    names = (await expert.view(story.project, SECTION)).get("bidders", [])
    story.report.expect(bool(names), f"seat {seat} declared its ties and sees no bidders")
    await expert.confirm_names(story.project, SECTION)


async def leave(bench: Bench, seat: str) -> None:
    """Have a member leave in the middle; another takes the seat and begins anew."""
    reason = "突发疾病,不能继续评标。"
    await bench.sitting[seat].stand_aside(bench.story.project, SECTION, reason)
    await replace(bench, seat)


async def replace(bench: Bench, seat: str) -> None:
    """Give a free seat to the next spare, who sits down."""
    bench.sitting[seat] = bench.spares.pop(0)
    await bench.story.cast.clerk.replace_member(
        bench.story.project, SECTION, bench.member(seat), "原成员退出,依法递补。"
    )
    await sit(bench, seat)


async def elect(bench: Bench) -> None:
    """Elect the chair: the first ballot is tied, the second decides."""
    half = len(bench.seats) // 2
    first, second = CANDIDATES
    await _ballot(bench, [first] * half + [second] * half + [bench.seats[len(CANDIDATES)]])
    ballot = (await bench.view())["ballot"]
    found = (ballot["round"], tuple(ballot["among"]))
    bench.story.report.expect(found == (2, CANDIDATES), f"a tied ballot leads to {found}")
    await _ballot(bench, [first] * (half + 1) + [second] * half)
    bench.chair = str((await bench.view()).get("chair", ""))
    bench.story.report.expect(bench.chair == first, f"seat {bench.chair} is the chair")


async def _ballot(bench: Bench, choices: Iterable[str]) -> None:
    votes = zip(bench.sitting.values(), choices, strict=True)
    project = bench.story.project
    await asyncio.gather(*(one.vote_chair(project, SECTION, choice) for one, choice in votes))


async def _declare(bench: Bench, seat: str, ties: Iterable[str]) -> None:
    """Take a seat and declare ties, before any name is shown."""
    story, expert = bench.story, bench.sitting[seat]
    await expert.take_seat(story.project, SECTION)
    hidden = "bidders" not in await expert.view(story.project, SECTION)
    story.report.expect(hidden, f"seat {seat} sees the bidders before it declared its ties")
    await expert.declare_ties(story.project, SECTION, ties)


async def _stand_aside_at_the_names(bench: Bench, seat: str) -> None:
    """Have a member stand aside whose declared tie turns out to be a bidder."""
    story, expert = bench.story, bench.sitting[seat]
    bidder = next(bot for bot in story.bots if bot.current[1].fate == "opened")
    await _declare(bench, seat, [bidder.name])
    try:
        await expert.confirm_names(story.project, SECTION)
    except Declined as declined:
        if declined.code != "committee.tie_found":
            raise
    else:
        story.report.expect(holds=False, what=f"seat {seat} confirmed, though tied to a bidder")
    await expert.stand_aside(story.project, SECTION, "曾任职于其中一家投标人。")
