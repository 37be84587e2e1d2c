"""The prices of the demo's evaluation: bots find competition enough, vote, confirm, and check.

No bot proposes a correction; what a person proposes they agree to, and a bidder's bot confirms. It
must not check prices while a correction is open.
"""

from dataclasses import dataclass

from client.demo.bench import A_WHILE, Bench, View

_ENOUGH = "演示：有效投标的报价彼此有差异，具有竞争性。"


@dataclass(slots=True)
class Pricing:
    """Sees to the competition and to the prices."""

    bench: Bench

    async def compete(self, view: View) -> bool:
        """Let one bot find competition enough; tell whether any did."""
        bench = self.bench
        judged = (await bench.inside(view))["competition"]["judged"]
        expert = await bench.next_free(view, judged, "competition", A_WHILE)
        if expert is None:
            return False
        project = bench.play.project
        await expert.judge_competition(project, bench.section, _ENOUGH, lacking=False)
        return True

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
        expert = await bench.next_free(view, found["votes"], f"price/{name}", A_WHILE)
        if expert is None:
            return False
        await expert.vote_correction(bench.play.project, bench.section, name, agrees=True)
        return True

    async def _confirm(self, inside: View, found: View) -> bool:
        """Confirm the corrected price, as its bidder."""
        bench, name = self.bench, found["correction"]
        bidder = await bench.bidder(inside, found["bid"], f"price/{name}")
        if bidder is None:
            return False
        project = bench.play.project
        asked = await bidder.correction(project, bench.section, name)
        await bidder.confirm_correction(project, bench.section, asked, accepts=True)
        return True
