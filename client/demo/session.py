"""An opening session of the demo, held slowly enough to watch, from whatever stage it stands at.

Every look at the record gives at most one kind of act; it must not keep what it did before.
"""

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import Any

from client import clock, draws
from client.bidder import Bidder, session_of
from client.clerk import Clerk, section_of
from client.demo.people import TIMEKEEPER
from client.demo.play import OVER, PLACE, Play, once
from client.demo.script import SECTION, K
from client.errors import Declined, Unusable
from project.commands import DecideOutage

_LOOK = 0.4
_STUCK = 600.0
"""For how long a session may stand still, seconds; a visitor may have paused it."""
_IN_LOBBY = 3
"""How many bidders sign in before the close; the others come late, for all to see."""
_NOTED = "已记录，将在开标记录中载明。"
_NOTHING_TO_READ = frozenset({"opening.not_opened", "opening.all_read_out"})
View = dict[str, Any]


@dataclass(slots=True)
class Holding:
    """Holds the session of one play."""

    play: Play
    tell: Callable[[str], None]

    async def hold(self) -> None:
        """Hold it to its end.

        Raises:
            Unusable: it stood still for too long.
        """
        limit, told = clock.ticks() + _STUCK, ""
        while True:
            view = await self.play.view()
            section = section_of(view, SECTION)
            if section["phase"] in OVER:
                return
            try:
                has_acted = await self._act(section, session_of(view, PLACE))
            except Declined as declined:
                has_acted = False
                if told != declined.code:
                    told = declined.code
                    self.tell(f"{view['number']}: {declined}")
            if has_acted:
                limit = clock.ticks() + _STUCK
            elif clock.ticks() > limit + max(0, section["deadline"] - clock.now()) / 1000:
                raise Unusable("the session does not go on", view["number"])
            await asyncio.sleep(self.play.script.breath if has_acted else _LOOK)

    async def _act(self, section: View, session: View) -> bool:
        """Do what is next; tell whether anything was."""
        if "outage" in section:
            command = DecideOutage(section=SECTION, decision="close", reason="不影响投标，按时截止")
            await self._clerk.seat.do(self.play.project, command)
            return True
        if section["phase"] == "open" and section["deadline"] <= clock.now():
            return False
        steps: dict[str, Callable[[View], Awaitable[bool]]] = {
            "lobby": self._lobby,
            "closed": self._closed,
            "announced": self._announced,
            "secrets": self._secrets,
            "decrypting": self._decrypting,
            "read_out": self._read_out,
            "draw": self._draw,
            "confirm": self._confirm,
            "objections": self._objections,
            "minutes": self._minutes,
        }
        step = steps.get(session["stage"])
        return step is not None and not session.get("paused") and await step(session)

    @property
    def _clerk(self) -> Clerk:
        return self.play.cast.clerk

    @property
    def _bidders(self) -> list[Bidder]:
        return self.play.cast.bidders[: len(self.play.script.parts)]

    async def _breathe(self, share: float = 1.0) -> None:
        await asyncio.sleep(share * self.play.script.breath)

    async def _lobby(self, session: View) -> bool:
        if self._has_signed_in(session, self._clerk.seat.account):
            return False
        await self._sign_in(self._bidders[:_IN_LOBBY])
        await once(self.play.cast.supervisor.sign_in(self.play.project, PLACE))
        await self._clerk.sign_in(self.play.project, PLACE)
        return True

    async def _closed(self, session: View) -> bool:
        if await self._lobby(session):
            return True
        late = [one for one in self._bidders if not self._has_signed_in(session, one.seat.account)]
        if late:
            await self._sign_in(late)
        try:
            await self._clerk.announce(self.play.project, PLACE)
        except Declined as declined:
            if declined.code != "opening.files_unknown":
                raise
            return bool(late)
        return True

    async def _sign_in(self, bidders: list[Bidder]) -> None:
        for bidder in bidders:
            await once(bidder.sign_in(self.play.project, PLACE))
            await self._breathe(0.4)

    async def _announced(self, session: View) -> bool:
        if not self.play.script.co_open:
            return await self._order(session)
        await self._clerk.open_window(self.play.project, PLACE, "secrets")
        return True

    async def _secrets(self, session: View) -> bool:
        if "secrets" not in session["windows"]:
            return await self._order(session)
        has_acted = False
        for bidder, bid in await self._own(session["announced"]):
            view = session_of(await bidder.seat.view(self.play.project), PLACE)
            sealed = self.play.sealed(bidder, bid)
            part = self.play.script.parts[self._bidders.index(bidder)]
            if bid in view["secrets"] or part == "silent" or sealed is None:
                continue
            await once(bidder.release_secret(sealed))
            await self._breathe(0.6)
            has_acted = True
        return has_acted

    async def _order(self, session: View) -> bool:
        del session
        now = clock.now() // 1000 * 1000
        answer = await self._clerk.order(self.play.project, PLACE, now)
        await self._clerk.seat.receipt(self.play.project, answer.command_id)
        return True

    async def _decrypting(self, session: View) -> bool:
        """Let one custodian after the other release, until there are enough; others stand by."""
        if len(session["partials"]) >= K:
            return False
        for custodian in self.play.cast.custodians:
            opening = await custodian.check_opening(self.play.project, PLACE)
            if custodian.number(opening.attempt) not in session["partials"]:
                await once(custodian.release(self.play.project, opening))
                return True
        return False

    async def _read_out(self, session: View) -> bool:
        """Read out the next bid; after the last one draw, or where nothing is drawn go on."""
        read = {line["bid"] for line in session["lines"]}
        for line in session["order"]["bids"] if session["order"] else ():
            if line["bid"] in read:
                continue
            try:
                await self._clerk.read_out(self.play.project, PLACE, line["bid"])
            except Declined as declined:
                if declined.code not in _NOTHING_TO_READ:
                    raise
            else:
                return True
        return await self._start_draw(session)

    async def _start_draw(self, session: View) -> bool:
        cast = self.play.cast
        present = [one for one in self._bidders if self._has_signed_in(session, one.seat.account)]
        seats = [cast.clerk.seat, cast.supervisor.seat, *(one.seat for one in present[:1])]
        parties = [*(seat.account for seat in seats), TIMEKEEPER]
        await self._clerk.start_draw(self.play.project, PLACE, "评标基准价系数", parties)
        return True

    async def _draw(self, session: View) -> bool:
        """Take the parties' next steps; the timekeeper takes its own."""
        if any(draw["result"] for draw in session["draws"]):
            await self._clerk.open_window(self.play.project, PLACE, "confirm")
            return True
        if "draw" not in session["windows"]:
            return await self._start_draw(session)
        cast, has_acted = self.play.cast, False
        for seat in (cast.clerk.seat, cast.supervisor.seat, *(one.seat for one in self._bidders)):
            if await draws.take_part(seat, self.play.project, session):
                await self._breathe(0.4)
                has_acted = True
        return has_acted

    async def _confirm(self, session: View) -> bool:
        if "confirm" not in session["windows"]:
            await self._clerk.open_window(self.play.project, PLACE, "objections")
            return True
        opened = [line for line in session["lines"] if line["opened"]]
        for bidder, bid in await self._own(opened):
            if bid not in session["confirmed"]:
                await once(bidder.confirm(self.play.project, bid))
                return True
        return False

    async def _objections(self, session: View) -> bool:
        script, project = self.play.script, self.play.project
        for one in session["objections"]:
            if one["answer"] is None:
                is_ours = script.objection is not None and script.objection[0] == one["text"]
                answer = script.objection[1] if script.objection and is_ours else _NOTED
                await self._clerk.answer_objection(project, one["objection"], answer)
                return True
        if (
            script.objection is None
            or session["objections"]
            or "objections" not in session["windows"]
        ):
            return False
        for bidder, _ in (await self._own(session["announced"]))[:1]:
            await bidder.object(project, PLACE, script.objection[0])
            return True
        return False

    async def _minutes(self, session: View) -> bool:
        """Sign: the clerk, the supervisor, all bidders but one; who is absent accepts."""
        signed, project, cast = session["minutes"]["signed"], self.play.project, self.play.cast
        for who in (cast.clerk, cast.supervisor):
            if who.seat.account not in signed:
                await who.sign_minutes(project, PLACE)
                return True
        for bidder, _ in (await self._own(session["announced"]))[1:]:
            if bidder.seat.account not in signed:
                await once(bidder.sign_minutes(project, PLACE))
                return True
        await self._clerk.end(project, PLACE)
        return True

    async def _own(self, lines: list[View]) -> list[tuple[Bidder, str]]:
        """Return which of some bids are our bots', with their bidders."""
        listed = {str(line["bid"]) for line in lines}
        return [
            (bidder, str(bid["bid"]))
            for bidder in self._bidders
            for bid in await bidder.own_bids(self.play.project, PLACE)
            if bid["bid"] in listed
        ]

    @staticmethod
    def _has_signed_in(session: View, account: str) -> bool:
        return account in {one["account"] for one in session.get("sign_ins", ())}
