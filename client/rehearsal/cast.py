"""The people of a rehearsal: organisations and accounts made over the public interface.

It must not make up what the service says: ids come from its answers.
"""

import asyncio
from collections.abc import Coroutine
from contextlib import AsyncExitStack
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from client import administrator, keys, kits
from client.administrator import Organisation, Person
from client.apart import apart
from client.bidder import Bidder
from client.clerk import Clerk
from client.custodian import Custodian
from client.expert import Expert
from client.profile import Profile
from client.rehearsal.bots import company
from client.rehearsal.codes import invented
from client.rehearsal.plan import Plan
from client.seat import Seat
from client.supervisor import Supervisor
from crypto import random

_SURNAMES = "赵钱孙李周吴郑王冯陈褚卫蒋沈韩杨朱秦尤许何吕施张孔曹严华金魏陶姜戚谢邹喻"


@dataclass(slots=True)
class Cast:
    """Everybody, signed in."""

    administrator: Seat
    clerk: Clerk
    supervisor: Supervisor
    bidders: list[Bidder] = field(default_factory=list)
    custodians: list[Custodian] = field(default_factory=list)
    experts: list[Expert] = field(default_factory=list)
    """In the order of their seats; whoever takes the place of others comes last."""
    accounts: dict[str, str] = field(default_factory=dict)
    """Account -> password."""


class Casting:
    """Makes people, one after the other, with profiles of their own.

    Args:
        folder: where the profiles go.
        server: of the service.
        stack: closes the connections at the end.
    """

    def __init__(self, folder: Path, server: str, stack: AsyncExitStack) -> None:
        self.folder = folder
        self.server = server
        self.accounts: dict[str, str] = {}
        self._stack = stack
        self._number = 0

    async def seat(self, account: str, folder: Path | None = None) -> Seat:
        """Return a seat with a profile of its own, not signed in."""
        profile = Profile.load(folder or self.folder / account)
        profile.server = self.server
        profile.account = account
        profile.save()
        return await self._stack.enter_async_context(Seat(profile))

    def password(self, account: str) -> str:
        """Return the password somebody of ours chooses."""
        return self.accounts.setdefault(account, random.fresh(12).hex())

    def organisation(self, name: str) -> Organisation:
        """Return an invented organisation with the next number."""
        self._number += 1
        return Organisation(name, "uscc", invented(self._number))

    def person_name(self) -> str:
        """Return a name for the next person."""
        return _SURNAMES[self._number % len(_SURNAMES)] + "工"

    async def first(self, first_token: str) -> Seat:
        """Make the first administrator."""
        seat = await self.seat("admin")
        organisation = self.organisation("市公共资源交易中心")
        person = Person("admin", "系统管理员", "", ("administrator",))
        await administrator.begin(seat, first_token, organisation, person, self.password("admin"))
        return seat

    async def member(
        self, admin: Seat, account: str, role: str, organisation: str, folder: Path | None = None
    ) -> tuple[Seat, str]:
        """Enter an organisation with one account, signed in; return its seat and organisation."""
        # before anything is awaited: others are made at the same time, with numbers of their own
        entering, name = self.organisation(organisation), self.person_name()
        entered = await administrator.enter_organisation(admin, entering)
        person = Person(account, name, entered, (role,))
        token = await administrator.open_account(admin, person)
        seat = await self.seat(account, folder)
        await administrator.accept_invitation(seat, account, token, self.password(account))
        return seat, entered


async def bidder(casting: Casting, admin: Seat, number: int) -> Bidder:
    """Make a bidder with a registered key."""
    account = f"bidder-{number}"
    seat, organisation = await casting.member(admin, account, "bidder", company(number))
    key = keys.make()
    await administrator.register_key(seat, key)
    keys.save(seat.profile.folder / "signing.key", key, casting.password(account))
    return Bidder(seat, lambda: key, organisation)


async def custodian(casting: Casting, admin: Seat, number: int) -> Custodian:
    """Make a custodian with a kit, whose signing key is registered."""
    account = f"custodian-{number}"
    seat, _ = await casting.member(admin, account, "custodian", f"第{number}公证处")
    newest = await seat.watch.newest()
    kit = await apart(
        kits.make,
        seat.profile.folder / "kit.age",
        casting.password(account),
        seat.watch.trust,
        newest.note,
    )
    await administrator.register_key(seat, kits.identity(kit))
    return Custodian(seat, kit)


async def expert(casting: Casting, admin: Seat, number: int) -> Expert:
    """Make an expert with a registered key."""
    account = f"expert-{number}"
    seat, _ = await casting.member(admin, account, "expert", f"第{number}专家所在单位")
    key = keys.make()
    await administrator.register_key(seat, key)
    keys.save(seat.profile.folder / "signing.key", key, casting.password(account))
    return Expert(seat, lambda: key)


async def assemble(
    casting: Casting, admin: Seat, plan: Plan, witnessed: Coroutine[Any, Any, None]
) -> Cast:
    """Make everybody but the timekeeper, which is there before.

    Args:
        casting: makes them.
        admin: opens their accounts.
        plan: says how many.
        witnessed: ends once the timekeeper cosigns; a kit holds a cosigned checkpoint.
    """
    clerk_seat, _ = await casting.member(admin, "clerk", "clerk", "市工程招标代理有限公司")
    supervisor_seat, _ = await casting.member(
        admin, "supervisor", "supervisor", "市住房和城乡建设局"
    )
    clerk_key, supervisor_key = keys.make(), keys.make()
    await administrator.register_key(clerk_seat, clerk_key)
    await administrator.register_key(supervisor_seat, supervisor_key)
    for seat, key in ((clerk_seat, clerk_key), (supervisor_seat, supervisor_key)):
        keys.save(seat.profile.folder / "signing.key", key, casting.password(seat.account))
    cast = Cast(
        admin,
        Clerk(clerk_seat, lambda: clerk_key),
        Supervisor(supervisor_seat, lambda: supervisor_key),
    )
    cast.bidders = list(
        await asyncio.gather(
            *(bidder(casting, admin, number) for number in range(1, plan.bidders + 1))
        )
    )
    cast.experts = list(
        await asyncio.gather(*(expert(casting, admin, number) for number in plan.expert_numbers))
    )
    await witnessed
    cast.custodians = list(
        await asyncio.gather(
            *(custodian(casting, admin, number) for number in range(1, plan.n + 1))
        )
    )
    cast.accounts = casting.accounts
    return cast
