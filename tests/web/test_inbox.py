"""Inboxes over a real service: written after commits, once, for nobody else; and sent by e-mail."""

import json
import sqlite3
from collections.abc import Iterator
from dataclasses import replace
from email.message import Message
from email.parser import BytesParser
from email.policy import default
from pathlib import Path
from typing import Any

import pytest
from aiosmtpd.controller import Controller
from sqlalchemy import select

from registry.inbox_tables import entries, followed, outbox
from tests.opening.parties import Party
from tests.opening.world import PROJECT, SECTION
from tests.waiting import wait_for
from tests.web import tender
from tests.web.scene import Scene, going_on, scene
from tests.web.service import T0, listen, running
from tests.web.tender import Tender
from web import inbox
from web.outbox import ATTEMPTS, FIRST_PAUSE, KEPT, LONGEST_PAUSE, Outbox

ADDRESS = "clerk@example.org"
NOBODY = "smtp://127.0.0.1:9"
"""A mail server that is never there."""


class Letters:
    """A mail server's hands: takes letters, or refuses them."""

    def __init__(self) -> None:
        self.taken: list[Message] = []
        self.is_full = False

    async def handle_DATA(self, server: Any, session: Any, envelope: Any) -> str:  # noqa: N802 - the name aiosmtpd calls
        del server, session
        if self.is_full:
            return "452 no room"
        self.taken.append(BytesParser(policy=default).parsebytes(envelope.content))
        return "250 taken"


@pytest.fixture
def letters() -> Iterator[tuple[Letters, str]]:
    hands = Letters()
    with listen() as free:
        port = free.getsockname()[1]
    controller = Controller(hands, hostname="127.0.0.1", port=port)
    controller.start()
    yield hands, f"smtp://127.0.0.1:{port}"
    controller.stop()


def get(scene: Scene, who: Party, path: str) -> Any:
    answer = scene.http.get(path, headers=tender.headers(who))
    assert answer.status_code == 200, answer.text
    return answer.json()


def do(scene: Scene, who: Party, path: str, body: Any) -> None:
    answer = scene.http.post(path, json=body, headers=tender.headers(who))
    assert answer.status_code == 204, answer.text


def stored(scene: Scene, query: Any) -> list[Any]:
    return list(scene.service.do(scene.service.services.store.rows(query)))


def wait_for_entries(scene: Scene, who: Party, kind: str) -> list[dict[str, Any]]:
    def look() -> list[dict[str, Any]] | None:
        found: list[dict[str, Any]] = get(scene, who, "/api/inbox")["items"]
        return found if any(one["kind"] == kind for one in found) else None

    return wait_for(look)


def wait_until_told(scene: Scene) -> None:
    """Wait until what the record held before the start is in the inboxes."""
    desk = scene.service.services.desk
    end = scene.service.do(desk.read(PROJECT, 0, 10_000))[-1].stamp.seq
    wait_for(lambda: stored(scene, select(followed.c.seq).where(followed.c.seq >= end)))


def mailing(scene: Scene, url: str) -> Outbox:
    """Return an outbox that sends to another server than the service's own."""
    found = scene.service.services
    reached = found.settings.model_copy(update={"smtp_url": url})
    return Outbox(replace(found, settings=reached))


def ask(scene: Scene) -> None:
    """Let a bidder ask about the tender documents."""
    body = {"type": "project.ask_question", "section": SECTION, "text": "工期如何计算？"}
    answer = tender.command(scene.http, scene.bidder, body, "ask")
    assert answer.status_code == 200, answer.text


def test_a_question_reaches_the_clerk_without_who_asked_and_nobody_else_reads_it(
    tmp_path: Path,
) -> None:
    with scene(tmp_path) as here:
        clerk = here.world.clerk
        ask(here)
        found = wait_for_entries(here, clerk, "question")[0]
        assert found["kind"] == "question"
        assert here.bidder.organisation not in json.dumps(found)
        page = here.http.get("/inbox", headers=tender.headers(clerk)).text
        assert found["text"] in page
        other = here.http.get(f"/inbox/{found['entry']}", headers=tender.headers(here.bidder))
        assert other.status_code == 404
        assert all(
            one["kind"] != "question" for one in get(here, here.bidder, "/api/inbox")["items"]
        )


def test_following_an_entry_marks_it_and_all_can_be_marked(tmp_path: Path) -> None:
    with scene(tmp_path) as here:
        clerk = here.world.clerk
        ask(here)
        found = wait_for_entries(here, clerk, "question")[0]
        before = get(here, clerk, "/api/inbox")["unread"]
        answer = here.http.get(f"/inbox/{found['entry']}", headers=tender.headers(clerk))
        assert (answer.status_code, answer.headers["location"]) == (303, f"/clerk/{PROJECT}")
        assert get(here, clerk, "/api/inbox")["unread"] == before - 1
        do(here, clerk, "/api/inbox/read", {})
        assert get(here, clerk, "/api/inbox")["unread"] == 0


@pytest.mark.parametrize("at_once", [2, inbox.AT_ONCE])
def test_a_restart_tells_nothing_twice_and_leaves_nothing_out(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, at_once: int
) -> None:
    monkeypatch.setattr(inbox, "AT_ONCE", at_once)
    world = Tender().open_up()
    world.folder(tmp_path)
    with going_on(tmp_path, world) as here:
        ask(here)
        lost = wait_for_entries(here, world.clerk, "question")[0]["entry"]
        first = {row.entry for row in stored(here, select(entries.c.entry))}
    with sqlite3.connect(tmp_path / "record.db") as database:
        # as if it had ended before the last entry was told, and had forgotten what it told
        database.execute("DELETE FROM inbox_entries WHERE entry = ?", (lost,))
        database.execute("DELETE FROM inbox_followed")
    database.close()
    with going_on(tmp_path, world) as here:
        wait_for_entries(here, world.clerk, "question")
        assert {row.entry for row in stored(here, select(entries.c.entry))} == first


def test_what_was_told_to_its_end_is_not_read_again_at_the_next_start(tmp_path: Path) -> None:
    world = Tender().open_up()
    with scene(tmp_path, world) as here:
        wait_until_told(here)
        found = inbox.Inbox(here.service.services)
        assert here.service.do(found.untold()) == set()
        ask(here)
        wait_for_entries(here, world.clerk, "question")
        with sqlite3.connect(tmp_path / "record.db") as database:
            database.execute("UPDATE inbox_followed SET seq = seq - 1")
        database.close()
        assert here.service.do(found.untold()) == {PROJECT}


def test_an_address_that_is_none_is_refused(tmp_path: Path) -> None:
    with scene(tmp_path) as here:
        for wrong in ("nobody", "a@b\r\nBcc: c@d", "a b@c.org"):
            answer = here.http.post(
                "/api/account/email", json={"address": wrong}, headers=tender.headers(here.bidder)
            )
            assert answer.status_code == 422, wrong


def test_an_address_is_kept_on_ones_own_page_and_one_comes_back_to_it(tmp_path: Path) -> None:
    with scene(tmp_path) as here:
        origin = {**tender.headers(here.bidder), "origin": "http://127.0.0.1:1"}
        told = {"address": ADDRESS, "back": "/me"}
        answer = here.http.post("/inbox/address", data=told, headers=origin)
        assert (answer.status_code, answer.headers["location"]) == (303, "/me")
        assert f'value="{ADDRESS}"' in here.http.get("/me", headers=origin).text
        told["back"] = "https://elsewhere.example"
        assert here.http.post("/inbox/address", data=told, headers=origin).status_code == 422


def test_the_same_comes_by_e_mail_and_a_refused_letter_is_tried_again(
    tmp_path: Path, letters: tuple[Letters, str]
) -> None:
    hands, url = letters
    hands.is_full = True
    with scene(tmp_path, changes={"smtp_url": url}) as here:
        world = here.world
        wait_until_told(here)
        do(here, world.clerk, "/api/account/email", {"address": ADDRESS})
        assert get(here, world.clerk, "/api/inbox")["address"] == ADDRESS
        ask(here)
        entry = wait_for_entries(here, world.clerk, "question")[0]["entry"]
        box = Outbox(here.service.services)
        assert here.service.do(box.send_due()) == 0
        (row,) = stored(here, select(outbox))
        assert row.attempts >= 1
        assert row.due >= here.service.clock.moment + FIRST_PAUSE
        mail = get(here, tender.ADMINISTRATOR, "/api/admin/health")["parts"]["mail"]
        assert mail == {"state": "look", "set_up": True, "waiting": 1, "failed": 1, "given_up": 0}
        hands.is_full = False
        here.service.clock.moment += LONGEST_PAUSE
        here.service.do(box.send_due())
        (row,) = stored(here, select(outbox))
        assert row.sent is not None
        mail = get(here, tender.ADMINISTRATOR, "/api/admin/health")["parts"]["mail"]
        assert mail == {"state": "good", "set_up": True, "waiting": 0, "failed": 0, "given_up": 0}
        letter = hands.taken[0]
        assert letter["To"] == ADDRESS
        assert str(letter["Message-ID"]).startswith(f"<{entry}@")
        body = letter.get_content()  # type: ignore[attr-defined]  # the default policy's message has it
        assert f"/inbox/{entry}" in body
        assert here.bidder.organisation not in body


def test_without_an_address_nothing_is_sent(tmp_path: Path, letters: tuple[Letters, str]) -> None:
    hands, url = letters
    with scene(tmp_path, changes={"smtp_url": url}) as here:
        world = here.world
        ask(here)
        wait_for_entries(here, world.clerk, "question")
        assert here.service.do(Outbox(here.service.services).send_due()) == 0
        assert hands.taken == []


def test_a_letter_that_cannot_be_written_holds_back_no_other(
    tmp_path: Path, letters: tuple[Letters, str]
) -> None:
    hands, url = letters
    with scene(tmp_path, changes={"smtp_url": NOBODY}) as here:
        world = here.world
        wait_until_told(here)
        do(here, world.clerk, "/api/account/email", {"address": ADDRESS})
        do(here, world.supervisor, "/api/account/email", {"address": "other@example.org"})
        of_nothing = {"entry": "0" * 32, "account": world.supervisor.account}
        here.service.do(
            here.service.services.store.change(
                entries.insert().values(
                    **of_nothing, project="f" * 32, kind="question", at=0, facts="{}"
                ),
                outbox.insert().values(**of_nothing, attempts=0, due=0),
            )
        )
        ask(here)
        wait_for_entries(here, world.clerk, "question")
        here.service.clock.moment += LONGEST_PAUSE
        assert here.service.do(mailing(here, url).send_due()) == 2
        (bad,) = stored(here, select(outbox).where(outbox.c.entry == "0" * 32))
    assert bad.sent is None
    assert bad.attempts >= 1
    assert {letter["To"] for letter in hands.taken} == {ADDRESS, "other@example.org"}


def test_a_letter_that_was_given_up_waits_no_more(tmp_path: Path) -> None:
    with scene(tmp_path, changes={"smtp_url": NOBODY}) as here:
        now = here.service.clock.moment
        letter = {"account": here.world.clerk.account, "due": now}
        here.service.do(
            here.service.services.store.change(
                outbox.insert().values(entry="0" * 32, attempts=ATTEMPTS, **letter),
                outbox.insert().values(entry="1" * 32, attempts=0, sent=now, **letter),
            )
        )
        mail = get(here, tender.ADMINISTRATOR, "/api/admin/health")["parts"]["mail"]
        assert mail == {"state": "good", "set_up": True, "waiting": 0, "failed": 0, "given_up": 1}
        headers = tender.headers(tender.ADMINISTRATOR, accept_language="en")
        assert "1 were given up" in here.http.get("/admin/health", headers=headers).text


def test_a_disabled_account_gets_no_letter(tmp_path: Path, letters: tuple[Letters, str]) -> None:
    hands, url = letters
    with scene(tmp_path, changes={"smtp_url": NOBODY}) as here:
        world = here.world
        wait_until_told(here)
        do(here, world.clerk, "/api/account/email", {"address": ADDRESS})
        ask(here)
        wait_for_entries(here, world.clerk, "question")
        assert len(stored(here, select(outbox))) == 1
        left = {"type": "registry.disable_account", "account": world.clerk.account, "reason": "r"}
        told = tender.headers(tender.ADMINISTRATOR, idempotency_key="disable")
        answer = here.http.post("/api/registry/commands", json=left, headers=told)
        assert answer.status_code == 200, answer.text
        here.service.clock.moment += LONGEST_PAUSE
        assert here.service.do(mailing(here, url).send_due()) == 0
        assert stored(here, select(outbox)) == []
    assert hands.taken == []


def test_letters_that_were_sent_or_given_up_are_forgotten_in_time_and_no_others(
    tmp_path: Path,
) -> None:
    letters = {
        "sent long ago": {"attempts": 0, "due": T0, "sent": T0},
        "given up long ago": {"attempts": ATTEMPTS, "due": T0},
        "sent": {"attempts": ATTEMPTS, "due": T0, "sent": T0 + 1},
        "given up": {"attempts": ATTEMPTS, "due": T0 + 1},
        "waiting since long ago": {"attempts": ATTEMPTS - 1, "due": T0},
    }
    with running(tmp_path) as service:
        store = service.services.store
        rows = [
            outbox.insert().values(entry=entry, account="a", **row)
            for entry, row in letters.items()
        ]
        service.do(store.change(*rows))
        service.clock.moment = T0 + KEPT + 1

        def look() -> set[str] | None:
            left = set(service.do(store.scalars(select(outbox.c.entry))))
            return left if "sent long ago" not in left else None

        assert wait_for(look) == {"sent", "given up", "waiting since long ago"}
