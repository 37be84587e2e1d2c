"""The prices of the demo's evaluation: bots find competition enough, vote, confirm, and check.

No bot proposes a correction; what a person proposes they agree to, and a bidder's bot confirms. It
must not check prices while a correction is open.
"""

from dataclasses import dataclass

from client.bidder import Bidder
from client.demo.bench import A_WHILE, Bench, View
from client.keys import keyid

_ENOUGH = "演示：有效投标的报价彼此有差异，具有竞争性。"


@dataclass(slots=True)
class Pricing:
    """Sees to the competition and to the prices."""

    bench: Bench

    async def compete(self, view: View) -> bool:
        """Let one bot find competition enough; tell whether any did."""
        bench = self.bench
        judged = (await bench.inside(view))["competition"]["judged"]
        for seat in await bench.free(view, "competition", A_WHILE):
            if seat not in judged:
                expert = bench.at(view, seat)
                project = bench.play.project
                await expert.judge_competition(project, bench.section, _ENOUGH, lacking=False)
                return True
        return False

    async def check(self, view: View) -> bool:
        """Vote on what is proposed and confirm what is asked, then check all as the chair."""
        bench, inside = self.bench, await self.bench.inside(view)
        for one in inside.get("corrections", ()):
            if one["status"] == "proposed":
                return await self._vote(view, one)
            if one["status"] == "asked":
                return await self._confirm(inside, one)
        chair = bench.at(view, view["chair"])
        if await bench.waits(chair.seat, "prices"):
            return False
        await chair.check_prices(bench.play.project, bench.section)
        return True

    async def _vote(self, view: View, found: View) -> bool:
        """Agree, one bot after the other."""
        bench, name = self.bench, found["correction"]
        for seat in await bench.free(view, f"price/{name}", A_WHILE):
            if seat not in found["votes"]:
                expert = bench.at(view, seat)
                project = bench.play.project
                await expert.vote_correction(project, bench.section, name, agrees=True)
                return True
        return False

    async def _confirm(self, inside: View, found: View) -> bool:
        """Confirm the corrected price, as its bidder."""
        bench, name = self.bench, found["correction"]
        bidder = self._bidder(inside, found["bid"])
        if bidder is None or await bench.waits(bidder.seat, f"price/{name}", A_WHILE):
            return False
        await bench.play.sign_as(bidder.seat, keyid(bidder.key), "bidder")
        await bidder.confirm_correction(bench.play.project, bench.section, name, accepts=True)
        return True

    def _bidder(self, inside: View, bid: str) -> Bidder | None:
        organisation = next(one["organisation"] for one in inside["bids"] if one["bid"] == bid)
        bidders = self.bench.play.cast.bidders
        return next((one for one in bidders if one.organisation == organisation), None)
