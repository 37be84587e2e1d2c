"""A person takes a role of the demo: the bots leave it to them, and the session ends all the same."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import AsyncExitStack, asynccontextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from client import administrator, clock, draws, keys, kits, waiting
from client.bidder import Bidder, session_of
from client.clerk import Clerk, section_of
from client.custodian import Custodian
from client.errors import Declined
from client.profile import Profile
from client.seat import Seat
from crypto.canonical import JsonInput
from crypto.signatures import PrivateKey
from opening.participants import Role
from opening.state import Place
from project.commands import ChangeKey
from tests.scenarios.test_up import Running, begin, free_port, visitor

pytestmark = [
    pytest.mark.slow,
    pytest.mark.timeout(1500),
    pytest.mark.minutes,
]

PLACE: Place = ("s1", 1)
PATIENCE = 400.0
BEAT = 5.0
ENOUGH = 15_000


@dataclass
class Person:
    """Somebody at a browser: says so again and again, and has a key of their own."""

    seat: Seat
    current: dict[str, str] | None = None

    async def stay(self) -> None:
        while True:
            told = await self.seat.service.post("/api/demo/here", {"plays": True})
            self.current = told["current"]
            await asyncio.sleep(BEAT)

    async def sign_with(self, project: str, role: Role, key: PrivateKey) -> None:
        command = ChangeKey(role=role, keyid=keys.keyid(key), reason="本浏览器")
        await self.seat.do(project, command)

    async def session(self, project: str) -> dict[str, Any]:
        return session_of(await self.seat.view(project), PLACE)

    async def until(self, project: str, holds: Callable[[dict[str, Any]], bool]) -> dict[str, Any]:
        async def look() -> dict[str, Any] | None:
            session = await self.session(project)
            return session if holds(session) else None

        return await waiting.until(look, "the session", PATIENCE)

    async def next_round(self, last: str | None) -> str:
        """Return the round that is on, once it takes bids and will for a while."""

        async def look() -> str | None:
            now = self.current
            if now is None or now["project"] == last:
                return None
            section = section_of(await self.seat.view(now["project"]), PLACE[0])
            left = section["deadline"] - clock.now()
            return now["project"] if section["phase"] == "open" and left > ENOUGH else None

        return await waiting.until(look, "another round", PATIENCE)


@asynccontextmanager
async def person(running: Running, folder: Path, account: str) -> AsyncIterator[Person]:
    async with AsyncExitStack() as stack:
        profile = Profile.load(folder / account)
        profile.server, profile.account = running.server, account
        profile.save()
        seat = await stack.enter_async_context(Seat(profile))
        await seat.sign_in(account, running.kept["passwords"][account])
        found = Person(seat)
        staying = asyncio.create_task(found.stay())
        try:
            yield found
        finally:
            staying.cancel()
            with suppress(asyncio.CancelledError):
                await staying
            await seat.service.post("/api/demo/here", {"plays": False})


async def as_bidder(one: Person, folder: Path, project: str) -> None:
    """Bid with a key of one's own, and do in the hall what a bidder does."""
    key = keys.make()
    await administrator.register_key(one.seat, key)
    me = await one.seat.me()
    bidder = Bidder(one.seat, lambda: key, str(me["organisation"]["organisation"]))
    with suppress(Declined):
        await bidder.take_part(project)
    content = folder / "bid.txt"
    content.write_text("投标文件\n" * 1000)
    form: dict[str, JsonInput] = {
        "v": 1,
        "bidder": "甲",
        "price": {"amount": 5_000_000_00, "currency": "CNY"},
    }
    order = await bidder.prepare(project, PLACE, {"bid.txt": content}, form)
    sealed = await bidder.seal(order, folder / "sealed")
    await bidder.submit(sealed)
    bid = sealed.params.bid
    await bidder.sign_in(project, PLACE)
    if sealed.bidder_secret is not None:
        await one.until(project, lambda it: "secrets" in it["windows"])
        await bidder.release_secret(sealed)
    await one.until(project, lambda it: it["stage"] == "confirm")
    await bidder.confirm(project, bid)
    await one.until(project, lambda it: it["stage"] == "minutes")
    await bidder.sign_minutes(project, PLACE)
    ended = await one.until(project, lambda it: it["stage"] == "ended")
    assert bid in {line["bid"] for line in ended["lines"]}
    assert bid in ended["confirmed"]
    own = await bidder.own_bids(project, PLACE)
    assert [found["bid"] for found in own] == [bid], "a bot bid as well"


async def as_clerk(one: Person, project: str) -> None:
    """Run the hall with a key of one's own from its lobby to its end."""
    key = keys.make()
    await administrator.register_key(one.seat, key)
    await one.sign_with(project, "clerk", key)
    clerk = Clerk(one.seat, lambda: key)
    await clerk.sign_in(project, PLACE)
    await one.until(project, lambda it: it["stage"] == "closed")
    await _soon(lambda: clerk.announce(project, PLACE))
    session = await one.session(project)
    if session["stage"] == "announced":
        await clerk.order(project, PLACE, session["closed"]["at"])
    await one.until(project, lambda it: it["stage"] == "read_out")
    await clerk.read_out(project, PLACE)
    parties = ["clerk", "supervisor", "timekeeper", "bidder-1"]
    await clerk.start_draw(project, PLACE, "系数", parties)

    async def drawn() -> bool:
        found = await one.session(project)
        with suppress(Declined):
            await draws.take_part(one.seat, project, found)
        return any(draw["result"] for draw in found["draws"])

    await waiting.until(drawn, "the draw", PATIENCE)
    await clerk.open_window(project, PLACE, "confirm")
    await one.until(project, lambda it: "confirm" not in it["windows"])
    await clerk.open_window(project, PLACE, "objections")

    async def answered() -> bool:
        found = await one.session(project)
        for raised in found["objections"]:
            if raised["answer"] is None:
                await clerk.answer_objection(project, raised["objection"], "已核对。")
        return bool(found["stage"] == "minutes")

    await waiting.until(answered, "the minutes", PATIENCE)
    await clerk.sign_minutes(project, PLACE)
    await clerk.end(project, PLACE)


async def _soon(doing: Callable[[], Awaitable[object]]) -> None:
    async def attempt() -> bool:
        try:
            await doing()
        except Declined as declined:
            if declined.code != "opening.files_unknown":
                raise
            return False
        return True

    await waiting.until(attempt, "the files", PATIENCE)


async def as_custodian(one: Person, folder: Path, last: str) -> None:
    """Make a kit of one's own, hold the next round's ceremony with it, and release a share."""
    note = (await one.seat.watch.newest()).note
    trust = one.seat.watch.trust
    kit = await asyncio.to_thread(kits.make, folder / "own.age", "a long passphrase", trust, note)
    await administrator.register_key(one.seat, kits.identity(kit))
    custodian = Custodian(one.seat, kit)

    async def running() -> tuple[str, str] | None:
        told = await one.seat.service.get("/api/projects")
        for found in told["items"]:
            if found["project"] == last or "custodian" not in found["roles"]:
                continue
            view = await one.seat.view(found["project"])
            for attempt in view["attempts"]:
                listed = {member["key"] for member in attempt["roster"]}
                if attempt["status"] == "open" and custodian.spki in listed:
                    return str(found["project"]), str(attempt["sid"])
        return None

    project, sid = await waiting.until(running, "a ceremony with this kit", PATIENCE)
    await custodian.take_part(project, sid, patience=PATIENCE)
    await one.until(project, lambda it: it["stage"] == "decrypting")
    opening = await custodian.check_opening(project, PLACE)
    await custodian.release(project, opening)
    ended = await one.until(project, lambda it: it["stage"] == "ended")
    assert custodian.number(opening.attempt) in ended["partials"]


async def test_one_person_is_bidder_then_clerk_then_custodian(tmp_path: Path) -> None:
    running = await begin(tmp_path / "var", free_port())
    try:
        async with visitor(running, "supervisor"):
            pass
        async with person(running, tmp_path, "bidder-2") as one:
            first = await one.next_round(None)
            await as_bidder(one, tmp_path, first)
        async with person(running, tmp_path, "clerk") as one:
            second = await one.next_round(first)
            await as_clerk(one, second)
        async with person(running, tmp_path, "custodian-1") as one:
            await as_custodian(one, tmp_path, second)
        assert "something unexpected" not in running.output.read_text()
    finally:
        running.process.terminate()
        await running.process.wait()
