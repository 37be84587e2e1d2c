"""The people of a demo: made at the first start, found again at every other.

It must not make anybody twice: what is there is asked of the service before anything is made.
"""

import asyncio
from contextlib import AsyncExitStack
from dataclasses import dataclass, field
from typing import Any

from client import administrator, keys, kits
from client.administrator import Organisation, Person
from client.apart import apart
from client.bidder import Bidder
from client.clerk import Clerk
from client.custodian import Custodian
from client.demo.home import Home
from client.demo.script import BIDDERS
from client.errors import Declined, Unusable
from client.expert import Expert
from client.profile import Profile
from client.rehearsal.cast import Cast
from client.rehearsal.codes import invented
from client.seat import Seat
from client.supervisor import Supervisor
from crypto.signatures import PrivateKey

UNKNOWN = 401
ADMINISTRATOR = "admin"
CLERK = "clerk"
SUPERVISOR = "supervisor"
TIMEKEEPER = "timekeeper"


@dataclass(frozen=True, slots=True)
class Member:
    """Somebody of the demo.

    Args:
        title: of the role, as people read it.
        organisation: its name; nobody's real one.
    """

    account: str
    role: str
    title: str
    name: str
    organisation: str


MEMBERS = (
    Member(ADMINISTRATOR, "administrator", "系统管理员", "陈安", "云溪市公共资源交易中心（演示）"),
    Member(CLERK, "clerk", "主持人", "林述", "正衡招标代理有限公司（演示）"),
    Member(SUPERVISOR, "supervisor", "监督", "周正", "云溪市住房和城乡建设局（演示）"),
    Member("custodian-1", "custodian", "密钥保管人", "吴守", "云溪市城东公证处（演示）"),
    Member("custodian-2", "custodian", "密钥保管人", "郑明", "明理律师事务所（演示）"),
    Member("custodian-3", "custodian", "密钥保管人", "孙信", "云溪市建设工程协会（演示）"),
    Member("bidder-1", "bidder", "投标人", "王筑", BIDDERS[0]),
    Member("bidder-2", "bidder", "投标人", "李路", BIDDERS[1]),
    Member("bidder-3", "bidder", "投标人", "张衡", BIDDERS[2]),
    Member("bidder-4", "bidder", "投标人", "赵江", BIDDERS[3]),
    Member("bidder-5", "bidder", "投标人", "钱程", BIDDERS[4]),
)
EXPERTS = (
    Member("expert-1", "expert", "评标专家", "沈文博", "云溪市规划设计院（演示）"),
    Member("expert-2", "expert", "评标专家", "韩秀兰", "云溪大学土木工程学院（演示）"),
    Member("expert-3", "expert", "评标专家", "杨建军", "云溪市交通工程咨询中心（演示）"),
    Member("expert-4", "expert", "评标专家", "朱芳", "云溪市工程造价协会（演示）"),
    Member("expert-5", "expert", "评标专家", "许志远", "云溪市政工程检测中心（演示）"),
)
SPARE = Member("expert-6", "expert", "评标专家", "何海燕", "云溪市建筑设计院（演示）")
"""Takes the seat of a member that stands aside; nobody signs in as this one."""
SHOWN = (*MEMBERS, *EXPERTS)
"""Those whose sign-in is printed; the timekeeper is a process of its own."""
KEEPER_OF_TIME = Member(
    TIMEKEEPER, "timekeeper", "时间见证人", "时间见证", "云溪市时间见证中心（演示）"
)
_EVERYBODY = (*MEMBERS, KEEPER_OF_TIME, *EXPERTS, SPARE)
"""Whoever is new stands at the end: an organisation's code follows from its place here."""


@dataclass(slots=True)
class Registry:
    """What the registry has, as an administrator sees it.

    Args:
        organisations: code -> id.
        accounts: name -> what the list says of it.
    """

    organisations: dict[str, str] = field(default_factory=dict)
    accounts: dict[str, dict[str, Any]] = field(default_factory=dict)

    @classmethod
    async def read(cls, admin: Seat) -> "Registry":
        """Ask for both lists."""
        found, people = await asyncio.gather(
            administrator.organisations(admin), administrator.accounts(admin)
        )
        return cls(
            {str(one["code"]): str(one["organisation"]) for one in found},
            {str(one["account"]): one for one in people},
        )


class Settling:
    """Gives every member a seat, signed in, with its key registered.

    Args:
        home: keeps passwords.
        server: of the service.
        stack: closes the connections at the end.
    """

    def __init__(self, home: Home, server: str, stack: AsyncExitStack) -> None:
        self._home = home
        self._server = server
        self._stack = stack
        self._registry = Registry()
        self.there = {ADMINISTRATOR}
        """Whose sign-in can be used."""

    async def administrator(self, first_token: str) -> Seat:
        """Return the administrator's seat; the token makes it where the service is empty.

        Raises:
            Unusable: this is somebody's own installation, or the password was changed.
        """
        member = MEMBERS[0]
        seat = await self._seat(member)
        if not await self._comes_in(seat):
            if not first_token:
                raise _stranger(member.account)
            organisation = Organisation(member.organisation, "uscc", _code(member))
            person = Person(member.account, member.name, "", (member.role,))
            secret = self._home.password(member.account)
            await administrator.begin(seat, first_token, organisation, person, secret)
        self._registry = await Registry.read(seat)
        listed = self._registry.accounts
        self.there |= {account for account, one in listed.items() if one["active"]}
        return seat

    async def timekeeper(self, admin: Seat, key: PrivateKey) -> None:
        """See that the timekeeper's account is there, with its key; its process signs in."""
        seat = await self._settled(KEEPER_OF_TIME, admin)
        await self._register(seat, key)

    async def everybody(self, admin: Seat) -> Cast:
        """Return all the others.

        The newest cosigned checkpoint must be there: it goes into the kits.
        """
        names = [one for one in MEMBERS if one.account != ADMINISTRATOR]
        seats = await asyncio.gather(*(self._settled(one, admin) for one in names))
        by_role: dict[str, list[Seat]] = {}
        for one, seat in zip(names, seats, strict=True):
            by_role.setdefault(one.role, []).append(seat)
        clerk, supervisor = by_role["clerk"][0], by_role["supervisor"][0]
        custodians, bidders, clerks, supervisors = await asyncio.gather(
            asyncio.gather(*(self._custodian(seat) for seat in by_role["custodian"])),
            asyncio.gather(*(self._bidder(seat) for seat in by_role["bidder"])),
            self._key(clerk),
            self._key(supervisor),
        )
        return Cast(
            administrator=admin,
            clerk=Clerk(clerk, lambda: clerks),
            supervisor=Supervisor(supervisor, lambda: supervisors),
            bidders=list(bidders),
            custodians=list(custodians),
        )

    async def experts(self, admin: Seat) -> list[Expert]:
        """Return those who judge bids, whoever takes others' seats at the end."""
        names = (*EXPERTS, SPARE)
        seats = await asyncio.gather(*(self._settled(one, admin) for one in names))
        return list(await asyncio.gather(*(self._expert(seat) for seat in seats)))

    async def _seat(self, member: Member) -> Seat:
        profile = Profile.load(self._home.data / "people" / member.account)
        profile.server, profile.account = self._server, member.account
        profile.save()
        return await self._stack.enter_async_context(Seat(profile))

    async def _comes_in(self, seat: Seat) -> bool:
        """Tell whether somebody is signed in, or could be."""
        try:
            if seat.profile.token:
                await seat.me()
                return True
        except Declined as declined:
            if declined.status != UNKNOWN:
                raise
        try:
            await seat.sign_in(seat.account, self._home.password(seat.account))
        except Declined as declined:
            if declined.status != UNKNOWN:
                raise
            return False
        return True

    async def _settled(self, member: Member, admin: Seat) -> Seat:
        """Return a member's seat; whatever of its account is missing is made."""
        seat = await self._seat(member)
        found = self._registry.accounts.get(member.account)
        if found is not None and found["active"]:
            if not await self._comes_in(seat):
                raise _stranger(member.account)
            return seat
        if found is None:
            organisation = await self._organisation(member, admin)
            person = Person(member.account, member.name, organisation, (member.role,))
            token = await administrator.open_account(admin, person)
        else:
            token = await administrator.invite(admin, member.account)
        secret = self._home.password(member.account)
        await administrator.accept_invitation(seat, member.account, token, secret)
        self.there.add(member.account)
        return seat

    async def _organisation(self, member: Member, admin: Seat) -> str:
        code = _code(member)
        found = self._registry.organisations.get(code)
        if found is not None:
            return found
        organisation = Organisation(member.organisation, "uscc", code)
        return await administrator.enter_organisation(admin, organisation)

    async def _expert(self, seat: Seat) -> Expert:
        key = await self._key(seat)
        return Expert(seat, lambda: key)

    async def _bidder(self, seat: Seat) -> Bidder:
        me, key = await seat.me(), await self._key(seat)
        return Bidder(seat, lambda: key, str(me["organisation"]["organisation"]))

    async def _custodian(self, seat: Seat) -> Custodian:
        path, secret = seat.profile.folder / "kit.age", self._home.password(seat.account)
        if path.exists():
            kit = await apart(kits.load, path, secret)
        else:
            note = (await seat.watch.newest()).note
            kit = await apart(kits.make, path, secret, seat.watch.trust, note)
        await self._register(seat, kits.identity(kit))
        return Custodian(seat, kit)

    async def _key(self, seat: Seat) -> PrivateKey:
        """Return somebody's signing key, made and registered at first use."""
        path, secret = seat.profile.folder / "signing.key", self._home.password(seat.account)
        if not path.exists():
            await asyncio.to_thread(keys.save, path, keys.make(), secret)
        key = await asyncio.to_thread(keys.load, path, secret)
        await self._register(seat, key)
        return key

    async def _register(self, seat: Seat, key: PrivateKey) -> None:
        known = self._registry.accounts.get(seat.account, {}).get("keys", ())
        if keys.keyid(key) not in known:
            await administrator.register_key(seat, key)


def _code(member: Member) -> str:
    """Return the invented code of a member's organisation."""
    return invented(1 + _EVERYBODY.index(member))


def _stranger(account: str) -> Unusable:
    return Unusable(
        "the bots cannot sign in: the password was changed, or this is no demo of ours", account
    )
