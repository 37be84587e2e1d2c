"""The bids of one project of the demo: the bots' own, and the time people are given for theirs.

It must not hand in for anybody who is at a browser and may still do so.
"""

import asyncio
from dataclasses import dataclass, field
from typing import Any

from client import clock, keys
from client.bidder import Bidder
from client.clerk import section_of
from client.demo import script as scripts
from client.demo.play import Play, write
from client.demo.script import MINUTE, SECOND, Script
from client.errors import Declined
from client.rehearsal.bots import BrokenSealer
from client.sealing import Sealer
from opening.messages import Amendment
from project.commands import Amend

_CORES = 2
_TOO_LATE = 8 * SECOND
"""A bot does not begin a bid so shortly before the deadline, ms."""
_MOVE = 45 * SECOND
_LATER = 2 * MINUTE
_PERSON = 20 * 60.0
"""For how long a deadline is held for somebody who has not bid, seconds."""
_WRONG_MOMENT = frozenset({"bids", "project", "uploads"})


@dataclass(slots=True)
class Bids:
    """Sees to the bids of one play.

    Args:
        cores: how many bids are sealed at once.
    """

    play: Play
    cores: asyncio.Semaphore = field(default_factory=lambda: asyncio.Semaphore(_CORES))

    async def tend(self) -> None:
        """Let every bot do what it plays, and hold the deadline for people; once."""
        play = self.play
        section = await self._section()
        if section["phase"] != "open" or section["deadline"] - clock.now() < _TOO_LATE:
            return
        here = await play.humans.here()
        due = [
            self._hand_in(who, number, part)
            for number, (who, part) in enumerate(self._cast(), start=1)
            if who.seat.account not in {*here, *play.handed}
        ]
        await asyncio.gather(*due)
        if here and play.cast.clerk.seat.account not in here:
            # a person who is the clerk moves deadlines, and signs with a key of their own
            await self._hold_deadline(await self._section())

    def _cast(self) -> list[tuple[Bidder, str]]:
        return list(zip(self.play.cast.bidders, self.play.script.parts, strict=False))

    async def _section(self) -> dict[str, Any]:
        return section_of(await self.play.view(), self.play.place[0])

    async def _hold_deadline(self, section: dict[str, Any]) -> None:
        """Move the deadline while somebody at a browser has no bid yet."""
        left = int(section["deadline"]) - clock.now()
        if section["phase"] != "open" or not 0 < left < _MOVE:
            return
        for bidder in self.play.cast.bidders:
            if await self._is_waited_for(bidder):
                await self._move((clock.now() + _LATER) // SECOND * SECOND)
                return

    async def _is_waited_for(self, bidder: Bidder) -> bool:
        play, account = self.play, bidder.seat.account
        if not await play.humans.waits(account, "bid/" + play.project, _PERSON):
            return False
        own = await bidder.own_bids(play.project, play.place)
        return not any(bid["status"] == "live" for bid in own)

    async def _move(self, deadline: int) -> None:
        play = self.play
        await play.sign_as_clerk()
        message = Amendment(
            v=1,
            project=play.project,
            section=play.place[0],
            text="演示：有投标人正在准备投标文件，投标截止时间顺延两分钟。",
            documents=(),
            affects_bids=False,
            bids="stay",
            deadline=deadline,
        )
        clerk = play.cast.clerk
        await clerk.seat.do(play.project, Amend(message=keys.sign(message, clerk.key)))

    async def _hand_in(self, bidder: Bidder, number: int, part: str) -> None:
        play = self.play
        try:
            await play.take_part(bidder)
            own = await bidder.own_bids(play.project, play.place)
            wanted = 2 if part == "replace" else 1
            for _ in range(wanted - len(own)):
                await self._submit(bidder, number, part)
            own = await bidder.own_bids(play.project, play.place)
            if part == "withdraw" and own and own[-1]["status"] == "live":
                await bidder.withdraw(play.project, str(own[-1]["bid"]))
        except Declined as declined:
            if declined.code.split(".")[0] not in _WRONG_MOMENT:
                raise
        play.handed.add(bidder.seat.account)

    async def _submit(self, bidder: Bidder, number: int, part: str) -> None:
        play = self.play
        folder = play.own(bidder.seat)
        content = folder / "技术标.txt"
        await asyncio.to_thread(write, content, _technical(play.script, number))
        async with self.cores:
            files = {content.name: content}
            form = play.script.form(number, priced=play.script.envelopes == play.place[1])
            order = await bidder.prepare(play.project, play.place, files, form)
            kind = BrokenSealer if part == "broken" else Sealer
            sealed = await asyncio.to_thread(kind(order, folder / "bids").seal)
        await bidder.submit(sealed)


def _technical(script: Script, number: int) -> str:
    """Return the text of a technical proposal of the usual size."""
    head = f"{script.title}\n{scripts.BIDDERS[number - 1]}\n技术标\n\n"
    line = "施工组织设计：分段流水作业,先深后浅，雨季前完成基础施工并做好截排水。\n"
    more = scripts.BID_BYTES - len(head.encode())
    return head + line * max(1, more // len(line.encode()))
