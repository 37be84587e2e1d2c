"""An opening session of the demo, held slowly enough to watch, from whatever stage it stands at.

Every look at the record gives at most one kind of act; it must not keep what it did before. What
the clerk does is here; a person at a browser who is the clerk is waited for at every stage.
"""

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from typing import Any

from client import clock
from client.bidder import session_of
from client.clerk import Clerk, section_of
from client.demo.bids import Bids
from client.demo.going import Going
from client.demo.parties import Parties
from client.demo.people import TIMEKEEPER
from client.demo.play import OVER, Play
from client.demo.script import SECOND
from client.errors import Declined
from opening.commands import Window
from project.commands import DecideOutage

_LOOK = 0.4
_STUCK = 900.0
"""For how long a session may stand still, seconds; a visitor may have paused it."""
_CLERK = 300.0
"""For how long a person who is the clerk is waited for at each step, seconds."""
_NOTED = "已记录，将在开标记录中载明。"
_NOTHING_TO_READ = frozenset({"opening.not_opened", "opening.all_read_out"})
_MORE_TIME = "演示：等候有关人员操作。"
_NEAR = 12 * SECOND
_MORE = 30 * SECOND
View = dict[str, Any]
Step = Callable[[View], Awaitable[bool]]


@dataclass(slots=True)
class Holding:
    """Holds the session of one play."""

    play: Play
    tell: Callable[[str], None]
    bids: Bids = field(init=False)
    parties: Parties = field(init=False)

    def __post_init__(self) -> None:
        self.bids = Bids(self.play)
        self.parties = Parties(self.play)

    async def hold(self) -> None:
        """Hold it to its end.

        Raises:
            Unusable: it stood still for too long.
        """
        going = Going("the session does not go on", self.tell, _STUCK)
        while True:
            view = await self.play.view()
            section = section_of(view, self.play.place[0])
            session = session_of(view, self.play.place)
            if section["phase"] in OVER or session["stage"] == "ended":
                return
            left = max(0, section["deadline"] - clock.now()) / 1000
            has_acted = await going.step(view["number"], self._act(section, session), left)
            await asyncio.sleep(self.play.script.breath if has_acted else _LOOK)

    async def _act(self, section: View, session: View) -> bool:
        """Do what is next; tell whether anything was."""
        if "outage" in section:
            name = self.play.place[0]
            command = DecideOutage(section=name, decision="close", reason="不影响投标，按时截止")
            await self._clerk.seat.do(self.play.project, command)
            return True
        if section["phase"] == "open":
            await self.bids.tend()
            if section["deadline"] <= clock.now():
                return False
        if session.get("paused"):
            return False
        has_acted = await self._parties(session)
        if has_acted or await self._is_persons(session):
            return has_acted
        if await self._gives_time(session):
            return False
        step = self._steps.get(session["stage"])
        return step is not None and await step(session)

    async def _parties(self, session: View) -> bool:
        """Let everybody but the clerk do what is next for them."""
        parties = self.parties
        steps: dict[str, Step] = {
            "lobby": parties.arrive,
            "closed": parties.arrive,
            "secrets": parties.secrets,
            "decrypting": parties.decrypt,
            "draw": parties.draw,
            "confirm": parties.confirm,
            "objections": parties.object,
            "minutes": parties.sign,
        }
        step = steps.get(session["stage"])
        return step is not None and await step(session)

    @property
    def _steps(self) -> dict[str, Step]:
        """What the clerk does at each stage."""
        return {
            "lobby": self._lobby,
            "closed": self._closed,
            "announced": self._announced,
            "secrets": self._secrets,
            "read_out": self._read_out,
            "draw": self._draw,
            "confirm": self._confirm,
            "objections": self._objections,
            "minutes": self._minutes,
        }

    async def _is_persons(self, session: View) -> bool:
        """Tell whether a person who is the clerk may still do what is next."""
        done = (
            session["stage"],
            len(session.get("lines", ())),
            len(session.get("draws", ())),
            sum(one["answer"] is not None for one in session.get("objections", ())),
            len(session.get("objections", ())),
            *sorted(session["windows"]),
        )
        what = f"clerk/{self.play.project}/{'/'.join(map(str, done))}"
        return await self.play.humans.waits(self._clerk.seat.account, what, _CLERK)

    async def _gives_time(self, session: View) -> bool:
        """Extend a window that would end before people have done what it is for."""
        stage = session["stage"]
        waiting = await self.parties.waited_for(session)
        until = session["windows"].get(stage)
        if not waiting or until is None:
            return waiting
        if until - clock.now() < _NEAR:
            later = (clock.now() + _MORE) // SECOND * SECOND
            window: Window = stage
            await self._clerk.extend_window(
                self.play.project, self.play.place, window, later, _MORE_TIME
            )
        return True

    @property
    def _clerk(self) -> Clerk:
        return self.play.cast.clerk

    async def _lobby(self, session: View) -> bool:
        if self.parties.has_signed_in(session, self._clerk.seat.account):
            return False
        await self._clerk.sign_in(self.play.project, self.play.place)
        return True

    async def _closed(self, session: View) -> bool:
        if await self._lobby(session):
            return True
        try:
            await self._clerk.announce(self.play.project, self.play.place)
        except Declined as declined:
            if declined.code != "opening.files_unknown":
                raise
            return False
        return True

    async def _announced(self, session: View) -> bool:
        if not self.play.script.co_open:
            return await self._order(session)
        await self._clerk.open_window(self.play.project, self.play.place, "secrets")
        return True

    async def _secrets(self, session: View) -> bool:
        return False if "secrets" in session["windows"] else await self._order(session)

    async def _order(self, session: View) -> bool:
        del session
        await self.play.sign_as_clerk()
        now = clock.now() // SECOND * SECOND
        answer = await self._clerk.order(self.play.project, self.play.place, now)
        await self._clerk.seat.receipt(self.play.project, answer.command_id)
        return True

    async def _read_out(self, session: View) -> bool:
        """Read out the next bid; after the last one draw, or where nothing is drawn go on."""
        read = {line["bid"] for line in session["lines"]}
        for line in session["order"]["bids"] if session["order"] else ():
            if line["bid"] in read:
                continue
            try:
                await self._clerk.read_out(self.play.project, self.play.place, line["bid"])
            except Declined as declined:
                if declined.code not in _NOTHING_TO_READ:
                    raise
            else:
                return True
        return await self._start_draw(session)

    async def _start_draw(self, session: View) -> bool:
        section = section_of(await self.play.view(), self.play.place[0])
        if not section["draw"] or self.play.place[1] != section["envelopes"]:
            return await self._open("confirm")
        cast, present = self.play.cast, self.parties.present(session)
        seats = [cast.clerk.seat, cast.supervisor.seat, *(one.seat for one in present[:1])]
        parties = [*(seat.account for seat in seats), TIMEKEEPER]
        place, what = self.play.place, "评标基准价系数"
        await self._clerk.start_draw(self.play.project, place, what, parties)
        return True

    async def _draw(self, session: View) -> bool:
        """Go on after the result; a draw that came to nothing is begun again."""
        if any(draw["result"] for draw in session["draws"]):
            return await self._open("confirm")
        return False if "draw" in session["windows"] else await self._start_draw(session)

    async def _confirm(self, session: View) -> bool:
        return False if "confirm" in session["windows"] else await self._open("objections")

    async def _open(self, window: Window) -> bool:
        await self._clerk.open_window(self.play.project, self.play.place, window)
        return True

    async def _objections(self, session: View) -> bool:
        script, project = self.play.script, self.play.project
        for one in session["objections"]:
            if one["answer"] is None:
                is_ours = script.objection is not None and script.objection[0] == one["text"]
                answer = script.objection[1] if script.objection and is_ours else _NOTED
                await self._clerk.answer_objection(project, one["objection"], answer)
                return True
        return False

    async def _minutes(self, session: View) -> bool:
        if self._clerk.seat.account not in session["minutes"]["signed"]:
            await self.play.sign_as_clerk()
            await self._clerk.sign_minutes(self.play.project, self.play.place)
            return True
        await self._clerk.end(self.play.project, self.play.place)
        return True
