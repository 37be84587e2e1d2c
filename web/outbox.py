"""Sends what stands in the outbox by e-mail, at least once, with patience where a server is away.

It must not hold a letter back because another one fails. A letter's Message-ID is made of its
entry: whoever gets it twice can tell.
"""

import asyncio
import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from email.message import EmailMessage
from typing import Any, Self
from urllib.parse import unquote, urlsplit

import structlog
from aiosmtplib import SMTP
from sqlalchemy import ColumnElement, Row, select

from record.tasks import end
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
"""After so many, in about two and a half days, a letter stays in the inbox alone."""
KEPT = 30 * 24 * 3_600_000
"""How long a letter that was sent or given up is remembered, ms: an administrator who looks once a
month sees every one that was given up. Nothing else rests on it, inboxes hold what was told."""
_PAGE = 50
_PORTS = {"smtp": 25, "smtps": 465}


class Outbox:
    """Sends letters, each as soon as it is due.

    Args:
        services: of the application.
    """

    def __init__(self, services: Services) -> None:
        self._services = services

    @asynccontextmanager
    async def running(self) -> AsyncIterator[Self]:
        """Send what is due until the block is left; without a mail server there is nothing to."""
        tasks = []
        if self._services.settings.smtp_url:
            tasks.append(asyncio.create_task(self._run(), name="outbox"))
        try:
            yield self
        finally:
            await end(tasks)

    async def _run(self) -> None:
        while True:
            try:
                await self.send_due()
            except Exception:  # noqa: BLE001 - what is due stays in its table
                _log.exception("the outbox could not be looked through")
            await asyncio.sleep(LOOK_SECONDS)

    async def send_due(self) -> int:
        """Try every letter that is due once; returns how many were sent.

        Nothing goes to an account that was disabled.
        """
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
        accounts = (await registry_state(self._services)).accounts
        for row in await self._services.store.rows(query):
            if accounts[row.account].disabled:
                await self._services.store.change(outbox.delete().where(_is(row)))
            else:
                sent += await self._try(row, accounts[row.account].language, now)
        return sent

    async def _try(self, row: Row[Any], chosen: str | None, now: int) -> bool:
        try:
            message = await self._letter(row, chosen)
            await deliver(self._services.settings.smtp_url, message)
        except Exception as error:  # noqa: BLE001 - one letter's fault must not hold back the rest
            pause = min(FIRST_PAUSE * 2**row.attempts, LONGEST_PAUSE)
            _log.warning("a letter was not taken", entry=row.entry, why=type(error).__name__)
            tried = {"attempts": row.attempts + 1, "due": now + pause}
            await self._services.store.change(outbox.update().where(_is(row)).values(**tried))
            return False
        await self._services.store.change(outbox.update().where(_is(row)).values(sent=now))
        return True

    async def _letter(self, row: Row[Any], chosen: str | None) -> EmailMessage:
        settings = self._services.settings
        language: texts.Language = "en" if (chosen or settings.language) == "en" else "zh-CN"
        state = await project_state(self._services, row.project)
        return letter(settings, language, state, row, json.loads(row.facts))


async def forget_old(services: Services) -> None:
    """Forget letters that were sent, or given up, long enough ago; one that waits is never."""
    before = services.clock.now() - KEPT
    # of a letter that was given up `due` is when it would have been tried again
    was_given_up = outbox.c.sent.is_(None) & (outbox.c.attempts >= ATTEMPTS)
    is_old = (outbox.c.sent < before) | (was_given_up & (outbox.c.due < before))
    await services.store.change(outbox.delete().where(is_old))


def _is(row: Row[Any]) -> ColumnElement[bool]:
    is_it: ColumnElement[bool] = outbox.c.entry == row.entry
    return is_it


async def deliver(smtp_url: str, message: EmailMessage) -> None:
    """Hand a letter to the mail server.

    Raises:
        aiosmtplib.SMTPException: it was not taken.
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
