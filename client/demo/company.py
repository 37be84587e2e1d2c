"""Company for whoever makes a project of their own in the demo: bots play all the other roles.

It must not touch a project before its clerk has done what is the clerk's: bots join ceremonies,
bid once there is a notice, and come to the session.
"""

import asyncio
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from client import clock
from client.bidder import session_of
from client.demo.bids import Bids
from client.demo.home import Home
from client.demo.humans import Humans
from client.demo.play import OVER, Play
from client.demo.script import MINUTE, Script
from client.demo.session import Holding
from client.demo.steady import steadily
from client.errors import ClientError, NotTrusted, Unreachable
from client.rehearsal.cast import Cast
from crypto.canonical import JsonInput
from opening.state import Place

Tell = Callable[[str], None]
_LOOK = 3.0
_YUAN = 100
_LIMIT = 10_000_000
"""What bids lie below where a project names no limit, yuan."""
_CEREMONY = 900.0
_BEFORE = 30 * MINUTE
"""How long before the deadline bots come to the hall, ms."""
_PARTS = ("ordinary", "ordinary", "replace", "ordinary")
_BREATH = 2.0
_ANSWERS: Mapping[str, JsonInput] = {
    "text": "按招标文件要求执行",
    "amount": 100_000_00,
    "integer": 1,
    "decimal": "1.00",
    "date": "2027-01-01",
}


@dataclass(slots=True)
class Company:
    """Sees to all projects that the demo itself did not make."""

    home: Home
    cast: Cast
    tell: Tell
    humans: Humans
    running: dict[str, asyncio.Task[None]] = field(default_factory=dict)

    async def run(self) -> None:
        """Look for such projects, and keep company in each, until cancelled."""
        try:
            while True:
                for project in await self._foreign():
                    if project not in self.running:
                        visit = Visit(self, project)
                        doing = steadily(project, visit.run, self.tell, self.home.data / "bots.log")
                        self.running[project] = asyncio.create_task(doing)
                await asyncio.sleep(_LOOK)
        finally:
            for task in self.running.values():
                task.cancel()
            await asyncio.gather(*self.running.values(), return_exceptions=True)
            self.running.clear()

    async def _foreign(self) -> list[str]:
        kept = self.home.kept
        own = {*kept.rounds, *kept.recent, *kept.projects.values()}
        found, after = list[str](), ""
        service = self.cast.clerk.seat.service
        while True:
            told = await service.get("/api/projects", after=after)
            found += [one["project"] for one in told["items"] if "clerk" in one["roles"]]
            after = str(told.get("next", ""))
            if not after:
                return [project for project in found if project not in own]


@dataclass(slots=True)
class Visit:
    """Company in one project."""

    company: Company
    project: str
    plays: dict[Place, Play] = field(default_factory=dict)
    held: set[Place] = field(default_factory=set)

    async def run(self) -> None:
        """Do whatever is next for anybody, until all is over."""
        seat = self.company.cast.clerk.seat
        while True:
            view = await seat.view(self.project)
            await self._ceremonies(view)
            for section in view["sections"]:
                await self._section(view, section)
            phases = {section["phase"] for section in view["sections"]}
            if phases and phases <= OVER:
                return
            await asyncio.sleep(_LOOK)

    async def _ceremonies(self, view: Mapping[str, Any]) -> None:
        """Bring the demo's kits before a ceremony, and take part in one."""
        custodians = [one for one in view["participants"] if one["role"] == "custodian"]
        if view["published"] or not view["sections"] or not custodians:
            return
        first = view["sections"][0]
        play = self._play(view, first, _places(first)[0])
        running = [one["sid"] for one in view["attempts"] if one["status"] == "open"]
        if not running:
            await play.bring_kits(all_of_them=False)
        for sid in running:
            try:
                await play.hold_ceremony(sid, _CEREMONY)
            except (NotTrusted, Unreachable):
                # somebody did not come; the clerk begins another attempt
                continue

    async def _section(self, view: Mapping[str, Any], section: Mapping[str, Any]) -> None:
        if not view["published"] or section["phase"] in OVER:
            return
        places = _places(section)
        for place in places:
            play = self._play(view, section, place)
            if section["phase"] == "open":
                await Bids(play).tend()
        is_near = section["deadline"] - clock.now() < _BEFORE
        for place in places:
            stage = session_of(view, place)["stage"]
            if place in self.held or stage == "ended" or not is_near:
                continue
            if place[1] == 2 and section["phase"] != "opening2":
                continue
            try:
                await Holding(self.plays[place], self.company.tell).hold()
            except ClientError as error:
                self.company.tell(f"{view['number']}: {error}")
                return
            self.held.add(place)
            return

    def _play(self, view: Mapping[str, Any], section: Mapping[str, Any], place: Place) -> Play:
        found = self.plays.get(place)
        if found is None:
            company = self.company
            folder = company.home.data / "bids" / self.project
            script = _script(view, section)
            found = Play(company.cast, script, self.project, folder, company.humans, place)
            self.plays[place] = found
        return found


def _places(section: Mapping[str, Any]) -> list[Place]:
    """Return a section's envelopes, in order."""
    name = str(section["section"])
    return [(name, 1), (name, 2)] if section["envelopes"] == 2 else [(name, 1)]


def _script(view: Mapping[str, Any], section: Mapping[str, Any]) -> Script:
    """Return how bots play in a project whose terms are somebody else's."""
    limit = section.get("limit")
    return Script(
        number=view["number"],
        title=view["title"],
        section=section["title"],
        tenderer=view["tenderer"],
        limit=_LIMIT if limit is None else int(limit) // _YUAN,
        lead=0,
        parts=_PARTS,
        breath=_BREATH,
        co_open=bool(section["co_open"]),
        envelopes=int(section["envelopes"]),
        extra={one["field"]: _ANSWERS[one["kind"]] for one in section["form"]},
    )
