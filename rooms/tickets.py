"""Tickets: the right to enter a room once, soon, signed by the service that let somebody in.

A ticket travels in the first message of a socket, never in an address. Whoever holds one has the
rights it names for half a minute; it must not be logged.
"""

import hmac
from base64 import urlsafe_b64decode, urlsafe_b64encode
from hashlib import sha256
from typing import Annotated

from pydantic import Field, ValidationError

from crypto.random import fresh
from record.errors import NotAllowed
from record.events import Account, Frozen, Hex32, Hex64, Millis
from rooms.messages import ChannelName

LIFE_MS = 30_000
_MAC_BYTES = 32
_KEPT = 100_000


class Grant(Frozen):
    """What a ticket is for.

    Args:
        session: the hash of the sign-in it came from; when that ends, so does the socket.
    """

    account: Account
    session: Hex64
    project: Hex32
    channels: Annotated[tuple[ChannelName, ...], Field(min_length=1, max_length=4)]
    until: Millis
    once: Hex32


class Tickets:
    """Issues and redeems tickets of one process.

    Args:
        key: 32 secret bytes.
    """

    def __init__(self, key: bytes) -> None:
        self._key = key
        self._used: dict[str, int] = {}

    def issue(
        self, account: str, session: bytes, project: str, channels: tuple[str, ...], now: int
    ) -> str:
        """Return a ticket for these channels of a project."""
        grant = Grant(
            account=account,
            session=session.hex(),
            project=project,
            channels=channels,
            until=now + LIFE_MS,
            once=fresh(16).hex(),
        )
        body = grant.model_dump_json().encode()
        return urlsafe_b64encode(body + self._mac(body)).decode()

    def redeem(self, ticket: str, project: str, now: int) -> Grant:
        """Return what a ticket grants, once.

        Raises:
            NotAllowed: `rooms.ticket_invalid`, whatever is wrong with it.
        """
        grant = self._read(ticket)
        if grant.project != project or now >= grant.until or grant.once in self._used:
            raise NotAllowed("rooms.ticket_invalid")
        self._forget(now)
        self._used[grant.once] = grant.until
        return grant

    def _read(self, ticket: str) -> Grant:
        try:
            whole = urlsafe_b64decode(ticket.encode())
            body, mac = whole[:-_MAC_BYTES], whole[-_MAC_BYTES:]
            if not hmac.compare_digest(mac, self._mac(body)):
                raise NotAllowed("rooms.ticket_invalid")
            return Grant.model_validate_json(body)
        except (ValueError, ValidationError):
            raise NotAllowed("rooms.ticket_invalid") from None

    def _forget(self, now: int) -> None:
        """Drop the ids of tickets that are over by time anyway."""
        if len(self._used) >= _KEPT or any(until <= now for until in self._oldest()):
            self._used = {once: until for once, until in self._used.items() if until > now}

    def _oldest(self) -> tuple[int, ...]:
        return tuple(self._used.values())[:1]

    def _mac(self, body: bytes) -> bytes:
        return hmac.new(self._key, b"rooms-ticket\0" + body, sha256).digest()
