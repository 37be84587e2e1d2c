"""Custodians and timekeeper of a project that came about by clicks: they sign and post by HTTP."""

import sqlite3
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import httpx

from opening.messages import Message
from project.parse import parse_event
from record.entries import read_text
from record.events import Event, Stamp
from record.rules import fold
from registry.events import KeyRegistration
from tests.browser.shown import Shown
from tests.opening.parties import Party
from tests.opening.world import World
from tests.project.whole import RULES
from tests.web.tender import headers


def told(folder: Path, project: str) -> list[tuple[Event, Stamp]]:
    """Read what a service has on a project's record by now, beside it."""
    query = "SELECT seq, text FROM entries WHERE project = ? ORDER BY seq"
    connection = sqlite3.connect(f"file:{folder / 'record.db'}?mode=ro", uri=True)
    try:
        rows = connection.execute(query, (project,)).fetchall()
    finally:
        connection.close()
    found: list[tuple[Event, Stamp]] = []
    for seq, text in rows:
        written = read_text(text)
        stamp = Stamp(seq, written.at, written.actor, written.command)
        found.append((parse_event(written.type, written.body), stamp))
    return found


def register_key(service: Shown, who: Party) -> None:
    """Register somebody's signing key."""
    message = KeyRegistration(v=1, account=who.account, key=who.spki)
    signed = who.sign_payload(message.payload_type(), message.payload()).model_dump(mode="json")
    _post(
        service, who, "/api/registry/commands", "registry.register_key", signed, "k" + who.account
    )


@dataclass
class Parties:
    """The parties of one project's ceremonies.

    Args:
        world: whose custodians and timekeeper they are.
        service: where they post.
        folder: of the service.
        project: its id.
    """

    world: World
    service: Shown
    folder: Path
    project: str

    def hold(self) -> None:
        """Do the three steps of the last attempt that was started."""
        for step in ("join", "deal", "certify"):
            self.step(step)

    def step(self, step: str, parties: Sequence[int] | None = None) -> None:
        """Have parties do one step."""
        self._follow()
        sid = list(self.world.state.attempts)[-1]
        everybody = range(self.world.n + 1)
        for i in everybody if parties is None else parties:
            message: Message = getattr(self.world, f"{step}_message")(sid, i)
            who = self.world.holder(i)
            signed = who.sign(message).model_dump(mode="json")
            path = f"/api/projects/{self.project}/commands"
            key = f"{step}-{sid[:16]}-{i}"
            _post(self.service, who, path, f"opening.{step}_ceremony", signed, key)

    def _follow(self) -> None:
        whole = fold(RULES, self.project, told(self.folder, self.project))
        self.world.state = whole.opening


def _post(service: Shown, who: Party, path: str, kind: str, signed: Any, key: str) -> None:
    body = {"type": kind, "message": signed}
    answer = httpx.post(
        service.url + path, json=body, headers=headers(who, idempotency_key=key), trust_env=False
    )
    assert answer.status_code == 200, answer.text
