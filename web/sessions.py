"""Who is signed in: server-side sessions, found by the hash of a token only its holder has.

One process serves an installation, so sessions that were read are kept in memory; a session that
ends is dropped from both. A token is never stored and never logged.
"""

import hashlib
from base64 import urlsafe_b64encode
from collections import OrderedDict
from dataclasses import asdict, dataclass, replace
from typing import Any

from sqlalchemy import Delete, Row, select

from crypto.hashing import H
from crypto.random import fresh
from record.store import Store
from registry.changes import end_sessions
from registry.tables import sessions
from web.clock import Clock
from web.settings import Limits

TOKEN_BYTES = 32
TOKEN_LENGTH = 43
SEEN_STEP = 60_000
"""How much later a session must be used before its row is written again, ms."""
KEPT = 20_000


@dataclass(frozen=True, slots=True)
class Session:
    """One sign-in; times in ms UTC."""

    token_hash: bytes
    account: str
    begun: int
    seen: int
    address: str = ""
    device: str = ""

    @property
    def name(self) -> str:
        """Return what traces call this session; its token cannot be told from it."""
        return H("session", self.token_hash)[:16].hex()


def hash_token(token: str) -> bytes:
    """Return what a token is found by: SHA-256, which is enough for 256 random bits."""
    return hashlib.sha256(token.encode()).digest()


class Sessions:
    """Begins, finds and ends sessions."""

    def __init__(self, store: Store, clock: Clock, limits: Limits) -> None:
        self._store = store
        self._clock = clock
        self._limits = limits
        self._kept: OrderedDict[bytes, Session] = OrderedDict()
        self._endings = 0

    async def begin(self, account: str, address: str, device: str) -> str:
        """Begin a session and return its token.

        Args:
            account: whose.
            address: where it begins; its owner is shown that.
            device: what it begins on, in a few words.
        """
        token = urlsafe_b64encode(fresh(TOKEN_BYTES)).decode().rstrip("=")
        now = self._clock.now()
        session = Session(hash_token(token), account, now, now, address, device)
        await self._drop_surplus(account)
        await self._store.change(self._expired(now), sessions.insert().values(**asdict(session)))
        self._keep(session)
        return token

    async def find(self, token: str) -> Session | None:
        """Return the session of a token while it lasts."""
        if len(token) != TOKEN_LENGTH:
            return None
        token_hash = hash_token(token)
        session = self._kept.get(token_hash) or await self._read(token_hash)
        if session is None:
            return None
        now = self._clock.now()
        if self._is_over(session, now):
            await self.end(token_hash)
            return None
        if now - session.seen >= SEEN_STEP:
            session = replace(session, seen=now)
            # kept before anything is awaited: a session that ends meanwhile stays ended
            self._keep(session)
            await self._store.change(
                sessions.update().where(sessions.c.token_hash == token_hash).values(seen=now)
            )
        return session

    async def lasts(self, token_hash: bytes) -> bool:
        """Tell whether a session goes on; asking does not keep it awake."""
        session = self._kept.get(token_hash) or await self._read(token_hash)
        return session is not None and not self._is_over(session, self._clock.now())

    async def of(self, account: str) -> list[Session]:
        """Return the sessions of an account that go on, the one used last first."""
        query = (
            select(sessions).where(sessions.c.account == account).order_by(sessions.c.seen.desc())
        )
        now = self._clock.now()
        found = [_session(row) for row in await self._store.rows(query)]
        return [one for one in found if not self._is_over(one, now)]

    async def end_others(self, account: str, but: bytes) -> None:
        """End every session of an account but one."""
        await self._store.change(end_sessions(account, but=but))
        self.forget(account, but=but)

    async def end(self, token_hash: bytes) -> None:
        """End one session."""
        await self._store.change(sessions.delete().where(sessions.c.token_hash == token_hash))
        self._endings += 1
        self._kept.pop(token_hash, None)

    async def end_all(self, account: str) -> None:
        """End every session of an account."""
        await self._store.change(end_sessions(account))
        self.forget(account)

    def forget(self, account: str, but: bytes | None = None) -> None:
        """Drop from memory what a change of the tables ended."""
        self._endings += 1
        gone = [
            token_hash
            for token_hash, session in self._kept.items()
            if session.account == account and token_hash != but
        ]
        for token_hash in gone:
            del self._kept[token_hash]

    def _is_over(self, session: Session, now: int) -> bool:
        return (
            now - session.seen >= self._limits.session_idle
            or now - session.begun >= self._limits.session_age
        )

    def _expired(self, now: int) -> Delete:
        idle, age = now - self._limits.session_idle, now - self._limits.session_age
        return sessions.delete().where((sessions.c.seen <= idle) | (sessions.c.begun <= age))

    async def _drop_surplus(self, account: str) -> None:
        """End the oldest sessions of an account that has too many."""
        query = (
            select(sessions.c.token_hash)
            .where(sessions.c.account == account)
            .order_by(sessions.c.seen.desc())
            .offset(self._limits.sessions_an_account - 1)
        )
        for token_hash in await self._store.scalars(query):
            await self.end(bytes(token_hash))

    async def _read(self, token_hash: bytes) -> Session | None:
        """Read a session and keep it, unless one ended while it was being read."""
        while True:
            endings = self._endings
            found = await self._store.rows(
                select(sessions).where(sessions.c.token_hash == token_hash)
            )
            if not found:
                return None
            if endings == self._endings:
                session = _session(found[0])
                self._keep(session)
                return session

    def _keep(self, session: Session) -> None:
        self._kept[session.token_hash] = session
        self._kept.move_to_end(session.token_hash)
        if len(self._kept) > KEPT:
            self._kept.popitem(last=False)


def _session(row: Row[Any]) -> Session:
    return Session(bytes(row.token_hash), row.account, row.begun, row.seen, row.address, row.device)
