"""The committee of a demo's evaluation as its bots know it: who sits where, and who is a person.

It must not act for anybody, nor keep what it saw: every look asks the service again.
"""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from typing import Any

from client.bidder import Bidder
from client.demo.play import Play
from client.expert import Expert
from client.keys import keyid
from client.seat import Seat

View = dict[str, Any]

A_WHILE = 180.0
"""How long a person is waited for whose act others can do without, seconds."""
LONG = 1800.0
"""How long a member is waited for whose own act is due, seconds: somebody reads, and thinks."""


@dataclass(slots=True)
class Bench:
    """The members of one project's committee.

    Args:
        experts: everybody who may sit on it, whoever takes others' seats at the end.
    """

    play: Play
    experts: Sequence[Expert]

    async def view(self) -> View:
        """Return what the clerk sees of the evaluation."""
        return await self.play.cast.clerk.evaluation(self.play.project, self.section)

    @property
    def section(self) -> str:
        """The section they judge."""
        return self.play.place[0]

    def at(self, view: View, seat: str) -> Expert:
        """Return who sits at a seat."""
        account = view["accounts"][seat]
        return next(one for one in self.experts if one.seat.account == account)

    async def inside(self, view: View) -> View:
        """Return what a member sees that confirmed the names; there must be one."""
        seat = next(one["seat"] for one in view["members"] if one["standing"] == "confirmed")
        return await self.at(view, seat).view(self.play.project, self.section)

    async def persons(self, view: View) -> list[str]:
        """Return the seats that people have taken themselves."""
        here = await self.play.humans.here()
        return [seat for seat, account in view["accounts"].items() if account in here]

    async def waits(self, who: Seat, what: str, patience: float = LONG) -> bool:
        """Tell whether a person is still to be waited for, at an act of their own."""
        name = f"{what}/{self.play.project}"
        return await self.play.humans.waits(who.account, name, patience)

    async def lacks(
        self, view: View, done: Sequence[str], what: str, patience: float = LONG
    ) -> bool:
        """Tell whether a person among the members has not done what all are asked for."""
        return any(
            [
                await self.waits(self.at(view, seat).seat, what, patience)
                for seat in await self.persons(view)
                if seat not in done
            ]
        )

    async def free(self, view: View, what: str, patience: float = LONG) -> list[str]:
        """Return the seats at which a bot may act."""
        return [
            seat
            for seat in view["accounts"]
            if not await self.waits(self.at(view, seat).seat, what, patience)
        ]

    async def next_free(
        self, view: View, done: Collection[str], what: str, patience: float = LONG
    ) -> Expert | None:
        """Return the first member played by a bot that has not done something; None without one."""
        free = (seat for seat in await self.free(view, what, patience) if seat not in done)
        seat = next(free, None)
        return None if seat is None else self.at(view, seat)

    async def bidder(self, inside: View, bid: str, what: str) -> Bidder | None:
        """Return the bot that answers for a bid, its key at hand; None where a person may."""
        organisation = next(one["organisation"] for one in inside["bids"] if one["bid"] == bid)
        bidders = self.play.cast.bidders
        bidder = next((one for one in bidders if one.organisation == organisation), None)
        if bidder is None or await self.waits(bidder.seat, what, A_WHILE):
            return None
        await self.play.sign_as(bidder.seat, keyid(bidder.key), "bidder")
        return bidder

    async def own_key(self, expert: Expert) -> None:
        """See that a member's bot can sign: a person may have brought another key."""
        await self.play.sign_as(expert.seat, keyid(expert.key), "expert")
