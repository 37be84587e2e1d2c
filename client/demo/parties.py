"""What bidders, custodians and the supervisor of the demo do in a session, one act at a time.

Whoever is played by a person at a browser is left alone for as long as there is patience; it must
not do for a person what that person may still do.
"""

import asyncio
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

from client import draws, keys
from client.bidder import Bidder, session_of
from client.custodian import Custodian
from client.demo.play import Play, once
from client.errors import Declined
from client.seat import Seat

_IN_LOBBY = 3
"""How many bidders sign in before the close; the others come late, for all to see."""
_SOON = 60.0
_A_WHILE = 180.0
"""How long people are waited for, seconds: for what can be left out, and for what should not."""
View = dict[str, Any]


@dataclass(slots=True)
class Parties:
    """Everybody in a session but its clerk.

    Args:
        came: who signed in here; before the close the clerk's view does not tell.
    """

    play: Play
    came: set[str] = field(default_factory=set)

    @property
    def bidders(self) -> list[Bidder]:
        """The bidders of the play."""
        return self.play.cast.bidders[: len(self.play.script.parts)]

    def present(self, session: View) -> list[Bidder]:
        """Return the bidders that signed in."""
        return [one for one in self.bidders if self.has_signed_in(session, one.seat.account)]

    @staticmethod
    def has_signed_in(session: View, account: str) -> bool:
        """Tell whether a view of the session shows somebody's sign-in."""
        return account in {one["account"] for one in session.get("sign_ins", ())}

    async def waited_for(self, session: View) -> bool:
        """Tell whether a person has not yet done what this stage is for."""
        match session["stage"]:
            case "closed":
                return await self._not_come(session)
            case "secrets":
                return await self._undone(session, session["announced"], await self._released())
            case "confirm":
                opened = [line for line in session["lines"] if line["opened"]]
                return await self._undone(session, opened, session["confirmed"])
            case "objections":
                return any([await self._waits(one.seat, "object", _SOON) for one in self.bidders])
            case "minutes":
                signed = session["minutes"]["signed"]
                return any(
                    [
                        seat.account not in signed and await self._waits(seat, "minutes", _A_WHILE)
                        for seat in await self._signers(session)
                    ]
                )
            case _:
                return False

    async def arrive(self, session: View) -> bool:
        """Sign in: some in the lobby, the others late."""
        is_lobby = session["stage"] == "lobby"
        who: list[Any] = [*self.bidders[: _IN_LOBBY if is_lobby else None]]
        has_acted = False
        for one in [*who, self.play.cast.supervisor]:
            account = one.seat.account
            if account in self.came or self.has_signed_in(session, account):
                continue
            if await self._waits(one.seat, "sign-in", _SOON):
                continue
            if one in who and not await self._has_role(one.seat, "bidder"):
                self.came.add(account)
                continue
            await once(one.sign_in(self.play.project, self.play.place))
            self.came.add(account)
            await self._breathe(0.4)
            has_acted = True
        return has_acted

    async def secrets(self, session: View) -> bool:
        """Release the bidders' own secrets, but for whoever plays silent."""
        if "secrets" not in session["windows"]:
            return False
        released, has_acted = await self._released(), False
        for bidder, bid in await self._own(session["announced"]):
            sealed = self.play.sealed(bidder, bid)
            part = self.play.script.parts[self._index(bidder)]
            if bid in released or part == "silent" or sealed is None:
                continue
            if await self._waits(bidder.seat, "secret", _A_WHILE):
                continue
            await once(bidder.release_secret(sealed))
            await self._breathe(0.6)
            has_acted = True
        return has_acted

    async def decrypt(self, session: View) -> bool:
        """Let one custodian after the other release, until there are enough; others stand by."""
        view, posted = await self.play.view(), set(session["partials"])
        attempt = self._attempt(view)
        needed = attempt["k"] - len(posted)
        ready: list[Custodian] = []
        for custodian in self.play.cast.custodians:
            place = _place_of(view, attempt, custodian.seat.account)
            if place is None or place in posted:
                continue
            if await self._waits(custodian.seat, "release", _A_WHILE):
                needed -= 1
            elif custodian.spki == attempt["roster"][place - 1]["key"]:
                ready.append(custodian)
        if needed <= 0 or not ready:
            return False
        opening = await ready[0].check_opening(self.play.project, self.play.place)
        await once(ready[0].release(self.play.project, opening))
        return True

    async def draw(self, session: View) -> bool:
        """Take the parties' next steps; the timekeeper takes its own."""
        if "draw" not in session["windows"] or any(draw["result"] for draw in session["draws"]):
            return False
        cast, has_acted, number = self.play.cast, False, len(session["draws"])
        for seat in (cast.clerk.seat, cast.supervisor.seat, *(one.seat for one in self.bidders)):
            if await self._waits(seat, f"draw/{number}", _SOON):
                continue
            try:
                took = await draws.take_part(seat, self.play.project, session)
            except Declined:
                # a person committed and left; the draw names who does not reveal
                continue
            if took:
                await self._breathe(0.4)
                has_acted = True
        return has_acted

    async def confirm(self, session: View) -> bool:
        """Confirm the next line of a bot's own."""
        if "confirm" not in session["windows"]:
            return False
        opened = [line for line in session["lines"] if line["opened"]]
        for bidder, bid in await self._own(opened):
            if bid in session["confirmed"]:
                continue
            if not await self._waits(bidder.seat, "confirm", _A_WHILE):
                await once(bidder.confirm(self.play.project, bid))
                return True
        return False

    async def object(self, session: View) -> bool:
        """Raise the script's objection."""
        script = self.play.script
        if (
            script.objection is None
            or session["objections"]
            or "objections" not in session["windows"]
        ):
            return False
        here = await self.play.humans.here()
        for bidder, _ in await self._own(session["announced"]):
            if bidder.seat.account not in here:
                await bidder.object(self.play.project, self.play.place, script.objection[0])
                return True
        return False

    async def sign(self, session: View) -> bool:
        """Sign: the supervisor, all bidders but one; who is absent accepts."""
        signed, play = session["minutes"]["signed"], self.play
        supervisor = play.cast.supervisor
        if await self._is_to_sign(supervisor.seat, signed):
            await play.sign_as(supervisor.seat, keys.keyid(supervisor.key), "supervisor")
            await once(supervisor.sign_minutes(play.project, play.place))
            return True
        for bidder, _ in (await self._own(session["announced"]))[1:]:
            if await self._is_to_sign(bidder.seat, signed):
                await play.sign_as(bidder.seat, keys.keyid(bidder.key), "bidder")
                await once(bidder.sign_minutes(play.project, play.place))
                return True
        return False

    async def _is_to_sign(self, seat: Seat, signed: Iterable[str]) -> bool:
        return seat.account not in signed and not await self._waits(seat, "minutes", _A_WHILE)

    async def _signers(self, session: View) -> list[Seat]:
        own = [bidder.seat for bidder, _ in await self._own(session["announced"])]
        return [self.play.cast.supervisor.seat, *own]

    async def _not_come(self, session: View) -> bool:
        """Tell whether a person who has bid has still to sign in."""
        for one in await self.play.humans.among(one.seat.account for one in self.bidders):
            seat = next(bidder.seat for bidder in self.bidders if bidder.seat.account == one)
            if self.has_signed_in(session, one) or not await self._has_role(seat, "bidder"):
                continue
            if await self._waits(seat, "sign-in", _SOON):
                return True
        return False

    async def _undone(self, session: View, lines: list[View], done: Iterable[str]) -> bool:
        stage = "secret" if session["stage"] == "secrets" else str(session["stage"])
        return any(
            [
                bid not in done and await self._waits(bidder.seat, stage, _A_WHILE)
                for bidder, bid in await self._own(lines)
            ]
        )

    async def _released(self) -> set[str]:
        """Return the bids whose own secret was released, each asked of its bidder."""
        views = [await bidder.seat.view(self.play.project) for bidder in self.bidders]
        found = [session_of(view, self.play.place).get("secrets", ()) for view in views]
        return {str(bid) for secrets in found for bid in secrets}

    async def _waits(self, seat: Seat, what: str, patience: float) -> bool:
        name = f"{what}/{self.play.project}/{self.play.place[1]}"
        return await self.play.humans.waits(seat.account, name, patience)

    async def _has_role(self, seat: Seat, role: str) -> bool:
        return role in (await seat.view(self.play.project))["roles"]

    async def _breathe(self, share: float) -> None:
        await asyncio.sleep(share * self.play.script.breath)

    def _index(self, bidder: Bidder) -> int:
        return self.play.cast.bidders.index(bidder)

    def _attempt(self, view: View) -> View:
        """Return the attempt that made the key of this place."""
        sid = next(
            key["sid"]
            for key in view["keys"]
            if (key["section"], key["envelope"]) == self.play.place
        )
        found: View = next(one for one in view["attempts"] if one["sid"] == sid)
        return found

    async def _own(self, lines: list[View]) -> list[tuple[Bidder, str]]:
        """Return which of some bids are our bidders', with them."""
        listed = {str(line["bid"]) for line in lines}
        return [
            (bidder, str(bid["bid"]))
            for bidder in self.bidders
            for bid in await bidder.own_bids(self.play.project, self.play.place)
            if bid["bid"] in listed
        ]


def _place_of(view: View, attempt: View, account: str) -> int | None:
    """Return somebody's place on a roster, whichever kit is on it."""
    for one in view["participants"]:
        if (one["account"], one["role"]) == (account, "custodian"):
            names = [(member["name"], member["organisation"]) for member in attempt["roster"]]
            mine = (one["name"], one["organisation_name"])
            return names.index(mine) + 1 if mine in names else None
    return None
