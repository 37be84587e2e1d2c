"""The question the demo's committee puts to a bidder, and its answer, each by its own bot.

The supervisor checks both ways and the bidder answers: a person who plays either is waited for. It
must not ask once marks are in, nor what the supervisor gave back before.
"""

from dataclasses import dataclass

from client.demo import judged
from client.demo.bench import A_WHILE, Bench, View
from client.demo.script import MINUTE

_PERIOD = 30 * MINUTE
"""How long the bidder has, ms; its bot does not need it."""
_SAY = 30.0
"""How long a member that is a person is waited for before bots decide about an answer, seconds."""
_OPEN = frozenset({"drafted", "agreed", "sent", "answered", "shown"})


@dataclass(slots=True)
class Asking:
    """Sees to the committee's question."""

    bench: Bench

    async def act(self, view: View, inside: View) -> bool:
        """Do what is next for anybody; tell whether anything was."""
        asked = inside.get("clarifications", [])
        found = next((one for one in asked if one["status"] in _OPEN), None)
        if found is None:
            return await self._draft(view, inside)
        match found["status"]:
            case "drafted":
                return await self._want(view, found)
            case "sent":
                return await self._answer(inside, found)
            case "shown":
                return await self._judge(view, found)
            case _:
                return await self._check(found)

    @staticmethod
    def is_open(inside: View) -> bool:
        """Tell whether a question waits for its end."""
        return any(one["status"] in _OPEN for one in inside.get("clarifications", []))

    async def _draft(self, view: View, inside: View) -> bool:
        """Draft what the bots ask: once, and another time if the supervisor gave it back."""
        bench, asked = self.bench, inside.get("clarifications", [])
        ours = [one for one in asked if one["question"] in judged.ASKS]
        bids = [one["bid"] for one in inside["bids"] if one["bid"] not in inside["rejected"]]
        was_given_back = bool(ours) and ours[-1]["status"] == "dropped"
        if view["progress"]["marked"] or len(ours) == len(judged.ASKS) or not bids:
            return False
        if ours and not was_given_back:
            return False
        drafter = await self._drafter(view)
        if drafter is None:
            return False
        await bench.at(view, drafter).draft_clarification(
            bench.play.project, bench.section, bids[0], judged.ASKS[len(ours)], _PERIOD
        )
        return True

    async def _drafter(self, view: View) -> str | None:
        """Return the last bot that has reviewed every bid."""
        progress = view["progress"]
        return next(
            (
                seat
                for seat in reversed(await self.bench.free(view, "draft"))
                if progress["reviewed"][seat] == progress["bids"]
            ),
            None,
        )

    async def _want(self, view: View, found: View) -> bool:
        """Want it asked, one bot after the other; what was given back is taken back."""
        bench, name = self.bench, found["clarification"]
        if found["question"] not in judged.ASKS:
            # a person's draft: bots go along with it
            free = await bench.free(view, f"want/{name}", A_WHILE)
        else:
            free = await bench.free(view, "draft")
        if found.get("returned") is not None and found["seat"] in free:
            expert = bench.at(view, found["seat"])
            await expert.drop_clarification(bench.play.project, bench.section, name)
            return True
        for seat in free:
            if seat not in found["agreed"]:
                expert = bench.at(view, seat)
                await expert.agree_clarification(bench.play.project, bench.section, name)
                return True
        return False

    async def _check(self, found: View) -> bool:
        """Let question or answer through, as the supervisor."""
        bench, name = self.bench, found["clarification"]
        supervisor = bench.play.cast.supervisor
        if await bench.waits(supervisor.seat, f"check/{name}/{found['status']}", A_WHILE):
            return False
        is_question = found["status"] == "agreed"
        check = supervisor.check_question if is_question else supervisor.check_answer
        await check(bench.play.project, bench.section, name)
        return True

    async def _answer(self, inside: View, found: View) -> bool:
        """Answer, as the bidder."""
        bench, name = self.bench, found["clarification"]
        bidder = await bench.bidder(inside, found["bid"], f"answer/{name}")
        if bidder is None:
            return False
        project = bench.play.project
        asked = await bidder.question(project, bench.section, name)
        text = judged.ANSWERS[found.get("returned") is not None]
        await bidder.answer(project, bench.section, asked, text)
        return True

    async def _judge(self, view: View, found: View) -> bool:
        """Accept the answer; the vote that decides is left to a person for a moment."""
        bench, name, judges = self.bench, found["clarification"], list(found["judged"])
        decides = len(judges) == len(view["accounts"]) // 2
        if decides and await bench.lacks(view, judges, f"judge/{name}", _SAY):
            return False
        expert = await bench.next_free(view, judges, f"judge/{name}", _SAY)
        if expert is None:
            return False
        await expert.judge_answer(bench.play.project, bench.section, name, accepts=True)
        return True
