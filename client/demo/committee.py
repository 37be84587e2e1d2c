"""The evaluation of one project of the demo, from the empty seats to the signed report.

Every look at the service gives at most one act, of one bot; what a person at a browser is asked for
is theirs for as long as there is patience. While nobody looks on nothing happens, and it must not
keep what it did: begun again, it goes on.
"""

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field

from client.demo import judged
from client.demo.asking import Asking
from client.demo.bench import A_WHILE, Bench, View
from client.demo.going import Going
from client.demo.pricing import Pricing
from client.errors import Declined, Unusable
from client.expert import rule_of
from evaluation.events import Member

_LOOK = 1.0
_IDLE = 3.0
_BREATH = 2.0
"""Seconds between two acts of bots, at the usual pace."""
_STUCK = 3600.0
"""For how long an evaluation that somebody watches may stand still, seconds."""
_REASON = "演示：原成员退出，由备选专家递补。"
_TIED = "演示：所声明的关系涉及投标人。"
Step = Callable[[View], Awaitable[bool]]


@dataclass(slots=True)
class Committee:
    """Carries one evaluation.

    Args:
        tell: says something to whoever watches the terminal.
        pace: how many times faster than usual.
    """

    bench: Bench
    tell: Callable[[str], None]
    pace: float = 1.0
    asking: Asking = field(init=False)
    pricing: Pricing = field(init=False)

    def __post_init__(self) -> None:
        self.asking = Asking(self.bench)
        self.pricing = Pricing(self.bench)

    async def hold(self) -> None:
        """Carry it to its signed report.

        Raises:
            Unusable: it stood still for too long, or nobody is left to take a seat.
        """
        going = Going("the evaluation does not go on", self.tell, _STUCK)
        while True:
            if not await self._is_attended():
                going.rest()
                await asyncio.sleep(_IDLE)
                continue
            view = await self.bench.view()
            if view["step"] == "finished":
                return
            has_acted = await going.step(self.bench.play.script.number, self._act(view))
            await asyncio.sleep(_BREATH / self.pace if has_acted else _LOOK)

    async def _is_attended(self) -> bool:
        """Tell whether anybody plays a member, or plays another role and looks on."""
        play = self.bench.play
        here = await play.humans.here()
        if here & {one.seat.account for one in self.bench.experts}:
            return True
        if not here:
            return False
        path = f"/api/rooms/{play.project}/watchers"
        return bool((await play.cast.administrator.service.get(path))["watchers"])

    async def _act(self, view: View) -> bool:
        """Do what is next for anybody; tell whether anything was."""
        gone = [one["seat"] for one in view["members"] if one["standing"] == "gone"]
        if gone:
            return await self._replace(view, gone[0])
        steps: dict[str, Step] = {
            "convened": self._sit,
            "chair": self._elect,
            "review": self._review,
            "competition": self.pricing.compete,
            "prices": self.pricing.check,
            "marks": self._mark,
            "report": self._sign,
        }
        step = steps.get(view["step"])
        return step is not None and await step(view)

    async def _replace(self, view: View, seat: str) -> bool:
        """Give a free seat to whoever has none, as the clerk."""
        bench, taken = self.bench, set(view["accounts"].values())
        clerk, project = bench.play.cast.clerk, bench.play.project
        spare = next((one for one in bench.experts if one.seat.account not in taken), None)
        if spare is None:
            raise Unusable("nobody is left to take a seat", seat)
        if await bench.waits(clerk.seat, f"replace/{seat}", A_WHILE):
            return False
        account = spare.seat.account
        bound = {one["account"] for one in (await bench.play.view())["participants"]}
        if account not in bound:
            await clerk.bind(project, account, "expert")
        await clerk.replace_member(project, bench.section, member(seat, account), _REASON)
        return True

    async def _sit(self, view: View) -> bool:
        """Let one bot take the next step of sitting down."""
        free = await self.bench.free(view, "sit")
        for one in view["members"]:
            seat, standing = one["seat"], one["standing"]
            if standing != "confirmed" and seat in free:
                await self._next_step(view, seat, standing)
                return True
        return False

    async def _next_step(self, view: View, seat: str, standing: str) -> None:
        bench, expert = self.bench, self.bench.at(view, seat)
        place = bench.play.project, bench.section
        match standing:
            case "named":
                await bench.own_key(expert)
                await expert.take_seat(*place)
            case "signed_in":
                await expert.declare_ties(*place, judged.TIES if seat == "2" else ())
            case _:
                try:
                    await expert.confirm_names(*place)
                except Declined as declined:
                    # a person declared this, and left it to the bot
                    if declined.code != "committee.tie_found":
                        raise
                    await expert.stand_aside(*place, _TIED)

    async def _elect(self, view: View) -> bool:
        """Vote for the person among the members, where there is one."""
        bench, ballot = self.bench, view["ballot"]
        here = await bench.persons(view)
        choice = next((seat for seat in ballot["among"] if seat in here), ballot["among"][0])
        for seat in await bench.free(view, f"ballot/{ballot['round']}"):
            if seat not in ballot["voted"]:
                await bench.at(view, seat).vote_chair(bench.play.project, bench.section, choice)
                return True
        return False

    async def _review(self, view: View) -> bool:
        """Go through the bids, vote on what is not agreed, ask, and close the review."""
        bench, progress = self.bench, view["progress"]
        for seat in await bench.free(view, "review"):
            if progress["reviewed"][seat] < progress["bids"]:
                await self._review_one(view, seat)
                return True
        inside = await bench.inside(view)
        if await self.asking.act(view, inside) or await self._vote(view, inside):
            return True
        if any(one["outcome"] == "open" for one in inside["votes"]):
            return False
        if min(progress["reviewed"].values()) < progress["bids"]:
            return False
        return await self._chair(view, inside)

    async def _review_one(self, view: View, seat: str) -> None:
        bench, expert = self.bench, self.bench.at(view, seat)
        own = await expert.view(bench.play.project, bench.section)
        bids = [one["bid"] for one in own["bids"]]
        bid = next(one for one in bids if one not in own["own"]["reviewed"])
        found = judged.failed(seat, bids.index(bid))
        await expert.review(bench.play.project, bench.section, bid, found)

    async def _vote(self, view: View, inside: View) -> bool:
        """Vote as one has reviewed; people are let vote first."""
        bench, bids = self.bench, [one["bid"] for one in inside["bids"]]
        for vote in (one for one in inside["votes"] if one["outcome"] == "open"):
            what = f"vote/{vote['bid']}/{vote['item']}"
            if await bench.lacks(view, vote["voted"], what, A_WHILE):
                continue
            for seat in (one for one in view["accounts"] if one not in vote["voted"]):
                passes = vote["item"] not in judged.failed(seat, bids.index(vote["bid"]))
                about = vote["bid"], vote["item"]
                await bench.at(view, seat).cast_vote(
                    bench.play.project, bench.section, about, passes=passes
                )
                return True
        return False

    async def _chair(self, view: View, inside: View) -> bool:
        """Open the next vote, or close the review, as the chair."""
        bench, chair = self.bench, self.bench.at(view, view["chair"])
        if await bench.waits(chair.seat, f"chair/{len(inside['votes'])}"):
            return False
        place = bench.play.project, bench.section
        for one in inside["to_vote"]:
            await chair.open_vote(*place, one["bid"], one["item"])
            return True
        await chair.close_review(*place, dict.fromkeys(inside["failed"], judged.GROUND))
        return True

    async def _mark(self, view: View) -> bool:
        """Submit a sheet; people's come first, for nobody asks once one is in."""
        bench, inside = self.bench, await self.bench.inside(view)
        if await self.asking.act(view, inside):
            return True
        marked = view["progress"]["marked"]
        if self.asking.is_open(inside) or await bench.lacks(view, marked, "marks"):
            return False
        seat = next(one for one in view["accounts"] if one not in marked)
        expert, rule = bench.at(view, seat), rule_of(view)
        await bench.own_key(expert)
        marks = {bid: judged.marks(rule, seat, bid) for bid in inside["valid"]}
        await expert.submit_marks(bench.play.project, bench.section, marks)
        return True

    async def _sign(self, view: View) -> bool:
        """Sign the report, one bot dissenting; the chair finishes it."""
        bench, free = self.bench, await self.bench.free(view, "sign")
        signed = (await bench.inside(view))["report"]["signed"]
        for seat in free:
            if seat not in signed:
                expert = bench.at(view, seat)
                await bench.own_key(expert)
                dissent = judged.DISSENT if seat == free[-1] and len(free) > 1 else None
                await expert.sign_report(bench.play.project, bench.section, dissent)
                return True
        chair = bench.at(view, view["chair"])
        if len(signed) < len(view["accounts"]) or await bench.waits(chair.seat, "finish"):
            return False
        await chair.finish_report(bench.play.project, bench.section)
        return True


def member(seat: str, account: str) -> Member:
    """Return a member as the clerk names it."""
    return Member(seat=seat, place=judged.place(seat), account=account, capacity="expert")
