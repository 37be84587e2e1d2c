"""Sends what stands in the outbox by e-mail, at least once, with patience where a server is away.

It must not hold a letter back because another one fails. A letter's Message-ID is made of its
entry: whoever gets it twice can tell.
"""

import asyncio
import json
from email.message import EmailMessage
from types import TracebackType
from typing import Any, Self
from urllib.parse import unquote, urlsplit

import structlog
from aiosmtplib import SMTP, SMTPException
from sqlalchemy import Row, select

from registry.inbox_tables import addresses, entries, outbox
from web import texts
from web.deps import project_state, registry_state
from web.letters import letter
from web.services import Services

_log = structlog.get_logger("web.outbox")

LOOK_SECONDS = 5.0
FIRST_PAUSE = 30_000
LONGEST_PAUSE = 6 * 3_600_000
ATTEMPTS = 20
"""After so many, about four days, a letter stays in the inbox alone."""
_PAGE = 50
_PORTS = {"smtp": 25, "smtps": 465}


class Outbox:
    """Runs while it is entered; without a mail server it does nothing.

    Args:
        services: of the application.
    """

    def __init__(self, services: Services) -> None:
        self._services = services
        self._task: asyncio.Task[None] | None = None

    async def __aenter__(self) -> Self:
        if self._services.settings.smtp_url:
            self._task = asyncio.create_task(self._run(), name="outbox")
        return self

    async def __aexit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        if self._task is not None:
            self._task.cancel()
            await asyncio.gather(self._task, return_exceptions=True)

    async def _run(self) -> None:
        while True:
            try:
                await self.send_due()
            except Exception:  # noqa: BLE001 - what is due stays in its table
                _log.exception("the outbox could not be looked through")
            await asyncio.sleep(LOOK_SECONDS)

    async def send_due(self) -> int:
        """Try every letter that is due once; returns how many were sent."""
        now = self._services.clock.now()
        query = (
            select(outbox, entries, addresses.c.address)
            .join(entries, entries.c.entry == outbox.c.entry)
            .join(addresses, addresses.c.account == outbox.c.account)
            .where(outbox.c.sent.is_(None), outbox.c.due <= now, outbox.c.attempts < ATTEMPTS)
            .order_by(outbox.c.due)
            .limit(_PAGE)
        )
        sent = 0
        for row in await self._services.store.rows(query):
            sent += await self._try(row, now)
        return sent

    async def _try(self, row: Row[Any], now: int) -> bool:
        mine = outbox.c.entry == row.entry
        try:
            await deliver(self._services.settings.smtp_url, await self._letter(row))
        except (SMTPException, OSError, ValueError) as error:
            pause = min(FIRST_PAUSE * 2**row.attempts, LONGEST_PAUSE)
            _log.warning("a letter was not taken", entry=row.entry, why=type(error).__name__)
            tried = outbox.update().where(mine).values(attempts=row.attempts + 1, due=now + pause)
            await self._services.store.change(tried)
            return False
        await self._services.store.change(outbox.update().where(mine).values(sent=now))
        return True

    async def _letter(self, row: Row[Any]) -> EmailMessage:
        account = (await registry_state(self._services)).accounts[row.account]
        chosen = account.language or self._services.settings.language
        language: texts.Language = "en" if chosen == "en" else "zh-CN"
        state = await project_state(self._services, row.project)
        settings = self._services.settings
        return letter(settings, language, state, row, json.loads(row.facts))


async def deliver(smtp_url: str, message: EmailMessage) -> None:
    """Hand a letter to the mail server.

    Raises:
        SMTPException: it was not taken.
        OSError: the server is away.
    """
    where = urlsplit(smtp_url)
    async with SMTP(
        hostname=where.hostname or "localhost",
        port=where.port or _PORTS[where.scheme],
        use_tls=where.scheme == "smtps",
        username=unquote(where.username) if where.username else None,
        password=unquote(where.password) if where.password else None,
        timeout=30,
    ) as server:
        await server.send_message(message)
