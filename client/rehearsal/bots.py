"""What each bidder's bot does before the deadline, and what must become of each of its bids.

It must not know what the service made of a bid: expectation comes from what the bot did.
"""

import asyncio
import io
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

from client.bidder import Bidder
from client.errors import Declined
from client.rehearsal.plan import Plan
from client.sealing import Order, Progress, SealedBid, Sealer
from crypto import random
from crypto.canonical import JsonInput
from crypto.cobblestone import SealedBody, file_root
from opening.capitals import chinese_capitals
from opening.messages import Bid
from opening.package import Source
from opening.state import Place

SECTION = "s1"
FILE = "投标 文件.pdf"
BLIND = "blind/1.txt"
PIECE = 1 << 20
_HEAD = 56
"""Bytes of salt and commitment, which a broken bid leaves alone."""


@dataclass(slots=True)
class Made:
    """A bid a bot made.

    Args:
        fate: opened, superseded, withdrawn, late, incomplete, passed_over, or the cause by which
            it is to be spoiled.
        envelope: of the two.
    """

    sealed: SealedBid
    envelope: int
    organisation: str
    fate: str


class BrokenSealer(Sealer):
    """A bidder who seals what does not open: one byte of the body is not what was encrypted."""

    def encrypt(self, bound: bytes, length: int) -> SealedBody:
        """Encrypt, spoil one byte, and state the root of what is there now."""
        super().encrypt(bound, length)
        path = self.folder / "sealed"
        with path.open("r+b") as file:
            file.seek(_HEAD + length // 2)
            spoiled = file.read(1)[0] ^ 1
            file.seek(-1, 1)
            file.write(bytes([spoiled]))
        with path.open("rb", buffering=0) as file:
            return SealedBody(*file_root(file))

    def check_opens(self, bid: Bid, package: str) -> None:
        """Skip what an honest bidder would find out here."""
        del bid, package


@dataclass(slots=True)
class Bot:
    """One bidder's bot.

    Args:
        part: what it plays, from the plan.
        number: counted from 1.
    """

    bidder: Bidder
    part: str
    number: int
    plan: Plan
    project: str
    folder: Path
    progress: Progress | None = None
    made: list[Made] = field(default_factory=list)

    @property
    def organisation(self) -> str:
        """The id of its organisation."""
        return self.bidder.organisation

    @property
    def name(self) -> str:
        """The name of its organisation."""
        return company(self.number)

    @property
    def envelopes(self) -> tuple[int, ...]:
        """The envelopes it hands in."""
        return (1,) if self.part == "incomplete" else self.plan.envelopes

    @property
    def current(self) -> dict[int, Made]:
        """Its last bid by envelope."""
        return {one.envelope: one for one in self.made}

    async def prepare(self, documents: list[str]) -> None:
        """Take part and fetch the tender documents."""
        await self.bidder.take_part(self.project)
        for document in documents:
            path = self.folder / f"document-{document}"
            await self.bidder.fetch_document(self.project, document, path)

    async def hand_in(self, cores: asyncio.Semaphore) -> None:
        """Do everything this bot does with bids before the deadline."""
        for envelope in self.envelopes:
            made = await self._seal(envelope, cores)
            if self.part == "late":
                made.fate = "late"
                await self.bidder.upload(made.sealed, self.progress)
                continue
            await self.bidder.submit(made.sealed, self.progress)
        if self.part == "replace":
            await self._replace(cores)
        if self.part == "withdraw":
            await self.bidder.withdraw(self.project, self.current[1].sealed.params.bid)
            for one in self.made:
                one.fate = "withdrawn"

    async def hand_in_late(self) -> None:
        """Submit after the deadline what was uploaded before it; it must be refused."""
        for one in self.made:
            try:
                await self.bidder.submit(one.sealed, self.progress)
            except Declined as declined:
                if not declined.code.startswith("bids."):
                    raise
            else:
                one.fate = "late, but admitted"

    async def _replace(self, cores: asyncio.Semaphore) -> None:
        old = self.current[1]
        made = await self._seal(1, cores)
        await self.bidder.submit(made.sealed, self.progress)
        old.fate = "superseded"

    async def _seal(self, envelope: int, cores: asyncio.Semaphore) -> Made:
        place: Place = (SECTION, 2 if envelope == 2 else 1)
        name = f"random-{len(self.made)}"
        content = self.folder / name
        async with cores:
            await asyncio.to_thread(_write_random, content, self.plan.size)
            files = {FILE: content, **self._blind(envelope)}
            order = await self.bidder.prepare(self.project, place, files, self._form(envelope))
            sealed = await asyncio.to_thread(self._sealer(order).seal)
            await asyncio.to_thread(content.unlink)
        made = Made(sealed, envelope, self.organisation, self._fate(envelope))
        self.made.append(made)
        return made

    def _blind(self, envelope: int) -> dict[str, Source]:
        """Return the blind part of the first envelope, where the plan has one."""
        if not self.plan.blind or envelope != 1:
            return {}
        text = f"施工进度计划:关键线路完整,满足工期的程度为{worth(self.number)}%。\n"
        return {BLIND: io.BytesIO(text.encode())}

    def _sealer(self, order: Order) -> Sealer:
        kind = BrokenSealer if self.part == "broken" else Sealer
        return kind(order, self.folder / "bids", self.progress)

    def _fate(self, envelope: int) -> str:
        match self.part:
            case "broken":
                return "body" if envelope == 1 else "passed_over"
            case "silent":
                return "secret_missing" if envelope == 1 else "passed_over"
            case "incomplete":
                return "incomplete"
            case _:
                return "opened"

    def _form(self, envelope: int) -> Mapping[str, JsonInput]:
        form: dict[str, JsonInput] = {
            "v": 1,
            "bidder": self.name,
            "quality": "合格",
            "duration_days": 180 + self.number,
            "leader": "王工",
        }
        if envelope == self.plan.envelopes[-1]:
            amount = 1_000_000_00 + 1_234_56 * self.number
            form["price"] = {
                "amount": amount,
                "currency": "CNY",
                "capitals": chinese_capitals(amount),
            }
            form["security"] = {"given": True}
        return form


def worth(number: int) -> int:
    """Return what a bidder's blind part is worth, in per cent; another's is worth another.

    Args:
        number: the bidder's, counted from 1.
    """
    return 50 + number * 7 % 50


def company(number: int) -> str:
    """Return the name of a bidder's organisation.

    Args:
        number: counted from 1.
    """
    return f"第{number}建设工程有限公司"


def _write_random(path: Path, size: int) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    left = size
    with path.open("wb") as file:
        while left:
            file.write(random.fresh(min(PIECE, left)))
            left -= min(PIECE, left)
