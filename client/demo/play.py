"""One project of the demo, driven by what its record says is next: begun again, it goes on.

Nothing of how far it got is kept here; it must not do what the view shows as done, nor what a
person at a browser is about to do.
"""

import asyncio
from collections.abc import Awaitable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from client import clock, keys, sealing, waiting
from client.bidder import Bidder
from client.clerk import Deadlines, section_of
from client.demo import script as scripts
from client.demo.humans import NOBODY, Humans
from client.demo.people import TIMEKEEPER
from client.demo.script import MINUTE, SECTION, Script
from client.errors import ClientError, Declined, NotTrusted, Unreachable, Unusable
from client.rehearsal.cast import Cast
from client.seat import Seat
from crypto.signatures import PrivateKey
from opening.participants import Role
from opening.state import Place
from project.commands import ChangeKey, TerminateSection

PLACE: Place = (SECTION, 1)
OPENED = "opened1"
OVER = frozenset({OPENED, "opened2", "awarded", "failed", "terminated"})
BOT = "演示：由机器人继续。"
_GONE = 404
_PATIENCE = 120.0
_LONG_PATIENCE = 330.0
"""For a ceremony in which a person takes part, seconds; its own deadlines come before."""
_ATTEMPTS = 3


@dataclass(slots=True)
class Play:
    """One project on its way.

    Args:
        folder: what the bidders' bots keep of it.
        humans: who is waited for.
        place: the section and envelope it is about.
    """

    cast: Cast
    script: Script
    project: str
    folder: Path
    humans: Humans = NOBODY
    place: Place = PLACE
    handed: set[str] = field(default_factory=set)
    """Bidders that need no further look before the deadline."""

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
        return str(section_of(view, self.place[0])["phase"]) if view["sections"] else "new"

    async def deadline(self) -> int:
        """Return the deadline, ms."""
        return int(section_of(await self.view(), self.place[0])["deadline"])

    async def prepare(self) -> None:
        """Bring the project to its published notice.

        Raises:
            Declined: the deadline is too near, after an interruption; give it up.
        """
        if await self.phase() in {"", "new"}:
            await self._begin()
        if (await self.view())["published"]:
            return
        await self.sign_as_clerk()
        if self.script.rule is not None:
            # a run that was interrupted may have set it, or not: it is set anew
            await self.cast.clerk.set_rule(self.project, self.place[0], self.script.rule)
        await self._bind()
        await self._ceremony()
        await self._publish()

    async def ask(self) -> None:
        """Let a bidder ask, and the clerk answer to all."""
        if self.script.question is None or (await self.view())["questions"]:
            return
        bidder, (text, answer) = self.cast.bidders[0], self.script.question
        await self.take_part(bidder)
        asked = await bidder.ask(self.project, self.place[0], text)
        question = str(asked.events[0]["question"])
        await self.cast.clerk.answer(self.project, question, text, answer)

    async def give_up(self, reason: str) -> None:
        """End the project without a result."""
        if await self.phase() in {"", "new", *OVER}:
            return
        command = TerminateSection(section=self.place[0], reason=reason)
        await self.cast.clerk.seat.do(self.project, command)

    async def take_part(self, bidder: Bidder) -> None:
        """Have a bidder take part, with the tender documents fetched."""
        view = await bidder.seat.view(self.project)
        if "bidder" not in view["roles"]:
            await once(bidder.take_part(self.project))
            for document in view["documents"]:
                path = self.own(bidder.seat) / f"document-{document['document']}"
                await bidder.fetch_document(self.project, document["document"], path)
        await self.sign_as(bidder.seat, keys.keyid(bidder.key), "bidder")

    async def sign_as_clerk(self) -> None:
        """See that the clerk's bot can sign: a person may have brought another key."""
        key: PrivateKey = self.cast.clerk.key
        await self.sign_as(self.cast.clerk.seat, keys.keyid(key), "clerk")

    async def sign_as(self, seat: Seat, keyid: str, role: Role) -> None:
        """See that a role is bound to the bot's own key."""
        bound = bound_key(await seat.view(self.project), seat.account, role)
        if bound not in {None, keyid}:
            command = ChangeKey(role=role, keyid=keyid, reason=BOT)
            await seat.do(self.project, command)

    def sealed(self, bidder: Bidder, bid: str) -> sealing.SealedBid | None:
        """Return a bid a bot of ours sealed; None where it is somebody else's."""
        try:
            return sealing.load(self.own(bidder.seat) / "bids" / bid)
        except ClientError:
            return None

    def own(self, seat: Seat) -> Path:
        """Return where a bidder's bot keeps what it has of the project."""
        return self.folder / seat.account

    async def hold_ceremony(self, sid: str, patience: float) -> None:
        """Take every step of an attempt for those whose demo kits are on its roster."""
        view = await self.view()
        roster = next(one["roster"] for one in view["attempts"] if one["sid"] == sid)
        listed = {member["key"] for member in roster}
        ours = [one for one in self.cast.custodians if one.spki in listed]
        taking = (one.take_part(self.project, sid, patience=patience) for one in ours)
        await asyncio.gather(*taking)

    async def bring_kits(self, *, all_of_them: bool) -> bool:
        """Bind the demo's kits again where nobody is here who made another; tell if one is left.

        Args:
            all_of_them: those of people who are here too, for they did not come in time.
        """
        view, is_left = await self.view(), False
        for one in self.cast.custodians:
            bound = bound_key(view, one.seat.account, "custodian")
            if bound in {None, one.keyid}:
                continue
            if not all_of_them and one.seat.account in await self.humans.here():
                is_left = True
            else:
                await self.sign_as(one.seat, one.keyid, "custodian")
        return is_left

    async def _begin(self) -> None:
        clerk = self.cast.clerk
        await once(clerk.create(self.project, self.script.created()))
        await self.sign_as_clerk()
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
        """Make the key; an attempt that died is followed by another, at last without people."""
        for number in range(_ATTEMPTS):
            view = await self.view()
            if view["keys"]:
                return
            running = [one["sid"] for one in view["attempts"] if one["status"] == "open"]
            has_person = False
            if not running:
                has_person = await self.bring_kits(all_of_them=bool(number))
            sid = running[0] if running else await self._start(minutes=2 if has_person else 5)
            try:
                patience = _LONG_PATIENCE if running or has_person else _PATIENCE
                await self.hold_ceremony(sid, patience)
            except (NotTrusted, Unreachable):
                # somebody did not come; the next attempt goes without
                continue
        if not (await self.view())["keys"]:
            raise Unusable("no key ceremony succeeded", self.project)

    async def _start(self, minutes: int) -> str:
        first = clock.now() + minutes * MINUTE
        by = Deadlines(first, first + MINUTE, first + 2 * MINUTE)
        return await self.cast.clerk.start_ceremony(self.project, self.place, by)

    async def _publish(self) -> None:
        clerk, folder = self.cast.clerk, self.folder / "papers"
        known = {one["name"] for one in (await self.view())["documents"]}
        for name, (title, text) in scripts.papers(self.script).items():
            if name not in known:
                path = folder / name
                await asyncio.to_thread(write, path, text)
                await clerk.add_document(self.project, title, path)
        await self.sign_as_clerk()
        answer = await clerk.publish(self.project, scripts.REMEDY)
        await clerk.seat.receipt(self.project, answer.command_id)


def bound_key(view: dict[str, Any], account: str, role: str) -> str | None:
    """Return the name of the key by which somebody takes part; None who does not."""
    for one in view["participants"]:
        if (one["account"], one["role"]) == (account, role):
            return str(one["keyid"])
    return None


async def once(doing: Awaitable[object]) -> None:
    """Do something that an interrupted run, or a person, may have done before."""
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


def write(path: Path, text: str) -> None:
    """Write a text, and the folders it is in."""
    path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    path.write_text(text)
