"""One project of the demo, driven by what its record says is next: begun again, it goes on.

Nothing of how far it got is kept here; it must not do what the view shows as done.
"""

import asyncio
from collections.abc import Awaitable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from client import clock, sealing, waiting
from client.bidder import Bidder
from client.clerk import Deadlines, section_of
from client.demo import script as scripts
from client.demo.people import TIMEKEEPER
from client.demo.script import MINUTE, SECTION, Script
from client.errors import ClientError, Declined, Unusable
from client.rehearsal.bots import BrokenSealer
from client.rehearsal.cast import Cast
from client.sealing import Sealer
from client.seat import Seat
from opening.participants import Role
from opening.state import Place
from project.commands import TerminateSection

PLACE: Place = (SECTION, 1)
OPENED = "opened1"
OVER = frozenset({OPENED, "failed", "terminated"})
_GONE = 404
_PATIENCE = 120.0
_ATTEMPTS = 3
_CORES = 2


@dataclass(slots=True)
class Play:
    """One project on its way.

    Args:
        folder: what the bidders' bots keep of it.
        cores: how many bids are sealed at once.
    """

    cast: Cast
    script: Script
    project: str
    folder: Path
    cores: asyncio.Semaphore = field(default_factory=lambda: asyncio.Semaphore(_CORES))

    async def view(self) -> dict[str, Any]:
        """Return what the clerk sees."""
        return await self.cast.clerk.seat.view(self.project)

    async def phase(self) -> str:
        """Return where the section stands; nothing where the project does not exist yet."""
        try:
            view = await self.view()
        except Declined as declined:
            if declined.status != _GONE:
                raise
            return ""
        return str(section_of(view, SECTION)["phase"]) if view["sections"] else "new"

    async def deadline(self) -> int:
        """Return the deadline, ms."""
        return int(section_of(await self.view(), SECTION)["deadline"])

    async def prepare(self) -> None:
        """Bring the project to its published notice.

        Raises:
            Declined: the deadline is too near, after an interruption; give it up.
        """
        if await self.phase() in {"", "new"}:
            await self._begin()
        if (await self.view())["published"]:
            return
        await self._bind()
        await self._ceremony()
        await self._publish()

    async def bid(self) -> None:
        """Let every bidder do what it plays, all at once; who is late stays out."""
        if await self.phase() != "open" or await self.deadline() <= clock.now():
            return
        cast = zip(self.cast.bidders, self.script.parts, strict=False)
        acts = (self._hand_in(who, at, part) for at, (who, part) in enumerate(cast, start=1))
        await asyncio.gather(*acts)

    async def ask(self) -> None:
        """Let a bidder ask, and the clerk answer to all."""
        if self.script.question is None or (await self.view())["questions"]:
            return
        bidder, (text, answer) = self.cast.bidders[0], self.script.question
        await self._take_part(bidder)
        asked = await bidder.ask(self.project, SECTION, text)
        question = str(asked.events[0]["question"])
        await self.cast.clerk.answer(self.project, question, text, answer)

    async def give_up(self, reason: str) -> None:
        """End the project without a result."""
        if await self.phase() in {"", "new", *OVER}:
            return
        command = TerminateSection(section=SECTION, reason=reason)
        await self.cast.clerk.seat.do(self.project, command)

    async def _begin(self) -> None:
        clerk = self.cast.clerk
        await once(clerk.create(self.project, self.script.created()))
        await clerk.define(self.project, self.script.terms(clock.now()))

    async def _bind(self) -> None:
        bound = {one["account"] for one in (await self.view())["participants"]}
        wanted: list[tuple[str, Role]]
        wanted = [(TIMEKEEPER, "timekeeper"), (self.cast.supervisor.seat.account, "supervisor")]
        wanted += [(one.seat.account, "custodian") for one in self.cast.custodians]
        for account, role in wanted:
            if account not in bound:
                await self.cast.clerk.bind(self.project, account, role)

    async def _ceremony(self) -> None:
        """Make the key; an attempt that died is followed by another."""
        for _ in range(_ATTEMPTS):
            view = await self.view()
            if view["keys"]:
                return
            running = [one["sid"] for one in view["attempts"] if one["status"] == "open"]
            sid = running[0] if running else await self._start()
            taking = (
                one.take_part(self.project, sid, patience=_PATIENCE) for one in self.cast.custodians
            )
            await asyncio.gather(*taking)
        if not (await self.view())["keys"]:
            raise Unusable("no key ceremony succeeded", self.project)

    async def _start(self) -> str:
        now = clock.now()
        by = Deadlines(now + 5 * MINUTE, now + 6 * MINUTE, now + 7 * MINUTE)
        return await self.cast.clerk.start_ceremony(self.project, PLACE, by)

    async def _publish(self) -> None:
        clerk, folder = self.cast.clerk, self.folder / "papers"
        known = {one["name"] for one in (await self.view())["documents"]}
        for name, (title, text) in scripts.papers(self.script).items():
            if name not in known:
                path = folder / name
                await asyncio.to_thread(_write, path, text)
                await clerk.add_document(self.project, title, path)
        answer = await clerk.publish(self.project, scripts.REMEDY)
        await clerk.seat.receipt(self.project, answer.command_id)

    async def _hand_in(self, bidder: Bidder, number: int, part: str) -> None:
        try:
            await self._take_part(bidder)
            own = await bidder.own_bids(self.project, PLACE)
            wanted = 2 if part == "replace" else 1
            for _ in range(wanted - len(own)):
                await self._submit(bidder, number, part)
            own = await bidder.own_bids(self.project, PLACE)
            if part == "withdraw" and own and own[-1]["status"] == "live":
                await bidder.withdraw(self.project, str(own[-1]["bid"]))
        except Declined as declined:
            if declined.code.split(".")[0] not in {"bids", "project", "uploads"}:
                raise

    async def _take_part(self, bidder: Bidder) -> None:
        view = await bidder.seat.view(self.project)
        if "bidder" in view["roles"]:
            return
        await once(bidder.take_part(self.project))
        for document in view["documents"]:
            path = self._own(bidder.seat) / f"document-{document['document']}"
            await bidder.fetch_document(self.project, document["document"], path)

    async def _submit(self, bidder: Bidder, number: int, part: str) -> None:
        folder = self._own(bidder.seat)
        content = folder / "技术标.txt"
        await asyncio.to_thread(_write, content, _technical(self.script, number))
        async with self.cores:
            files = {content.name: content}
            form = self.script.form(number)
            order = await bidder.prepare(self.project, PLACE, files, form)
            kind = BrokenSealer if part == "broken" else Sealer
            sealed = await asyncio.to_thread(kind(order, folder / "bids").seal)
        await bidder.submit(sealed)

    def sealed(self, bidder: Bidder, bid: str) -> sealing.SealedBid | None:
        """Return a bid a bot of ours sealed; None where it is somebody else's."""
        try:
            return sealing.load(self._own(bidder.seat) / "bids" / bid)
        except ClientError:
            return None

    def _own(self, seat: Seat) -> Path:
        return self.folder / seat.account


async def once(doing: Awaitable[object]) -> None:
    """Do something that an interrupted run may have done before."""
    try:
        await doing
    except Declined as declined:
        if not declined.code.partition(".")[2].startswith("already"):
            raise


async def wait_for_timekeeper(seat: Seat) -> None:
    """Wait until the timekeeper cosigns; kits and proofs rest on it."""

    async def look() -> bool:
        try:
            await seat.watch.newest()
        except Declined as declined:
            if declined.code != "web.no_checkpoint":
                raise
            return False
        return True

    await waiting.until(look, "the timekeeper's first cosignature", _PATIENCE)


def _write(path: Path, text: str) -> None:
    path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    path.write_text(text)


def _technical(script: Script, number: int) -> str:
    """Return the text of a technical proposal of the usual size."""
    head = f"{script.title}\n{scripts.BIDDERS[number - 1]}\n技术标\n\n"
    line = "施工组织设计：分段流水作业,先深后浅，雨季前完成基础施工并做好截排水。\n"
    more = scripts.BID_BYTES - len(head.encode())
    return head + line * max(1, more // len(line.encode()))
