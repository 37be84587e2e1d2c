"""Inboxes over a real service: written after commits, once, for nobody else; and sent by e-mail."""

import asyncio
import json
from collections.abc import Coroutine, Iterator
from email.message import Message
from email.parser import BytesParser
from email.policy import default
from pathlib import Path
from typing import Any, TypeVar

import pytest
from aiosmtpd.controller import Controller
from sqlalchemy import select

from registry.inbox_tables import entries, followed, outbox
from tests.opening.parties import Party
from tests.opening.world import PROJECT, SECTION
from tests.web import tender
from tests.web.scene import Scene, going_on, scene
from tests.web.service import listen
from tests.web.tender import Tender
from web.inbox import Inbox
from web.outbox import FIRST_PAUSE, LONGEST_PAUSE, Outbox

ADDRESS = "clerk@example.org"
T = TypeVar("T")


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


def on_its_loop(scene: Scene, doing: Coroutine[Any, Any, T]) -> T:
    """Do something on the loop that the service runs on."""
    task = scene.service.app.state.inbox._task
    return asyncio.run_coroutine_threadsafe(doing, task.get_loop()).result(30)


def stored(scene: Scene, query: Any) -> list[Any]:
    return list(on_its_loop(scene, scene.service.services.store.rows(query)))


def wait_for_entries(scene: Scene, who: Party, kind: str) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = []
    for _ in range(500):
        found = get(scene, who, "/api/inbox")["items"]
        if any(one["kind"] == kind for one in found):
            return found
    raise AssertionError(found)


def wait_until_told(scene: Scene) -> None:
    """Wait until what the record held before the start is in the inboxes."""
    end = on_its_loop(scene, scene.service.services.desk.read(PROJECT, 0, 10_000))[-1].stamp.seq
    for _ in range(500):
        if stored(scene, select(followed.c.seq).where(followed.c.seq >= end)):
            return
    raise AssertionError(end)


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


def test_a_restart_tells_nothing_twice_and_leaves_nothing_out(tmp_path: Path) -> None:
    world = Tender().open_up()
    world.folder(tmp_path)
    with going_on(tmp_path, world) as here:
        ask(here)
        wait_for_entries(here, world.clerk, "question")
        first = {row.entry for row in stored(here, select(entries.c.entry))}
    with going_on(tmp_path, world) as here:
        again = Inbox(here.service.services)
        on_its_loop(here, again.catch_up(PROJECT))
        assert {row.entry for row in stored(here, select(entries.c.entry))} == first


def test_an_address_that_is_none_is_refused(tmp_path: Path) -> None:
    with scene(tmp_path) as here:
        for wrong in ("nobody", "a@b\r\nBcc: c@d", "a b@c.org"):
            answer = here.http.post(
                "/api/account/email", json={"address": wrong}, headers=tender.headers(here.bidder)
            )
            assert answer.status_code == 422, wrong


def test_the_same_comes_by_e_mail_and_a_refused_letter_is_tried_again(
    tmp_path: Path, letters: tuple[Letters, str]
) -> None:
    hands, url = letters
    hands.is_full = True
    world = Tender().open_up()
    world.folder(tmp_path)
    with going_on(tmp_path, world, {"smtp_url": url}) as here:
        wait_until_told(here)
        do(here, world.clerk, "/api/account/email", {"address": ADDRESS})
        assert get(here, world.clerk, "/api/inbox")["address"] == ADDRESS
        ask(here)
        entry = wait_for_entries(here, world.clerk, "question")[0]["entry"]
        box = Outbox(here.service.services)
        assert on_its_loop(here, box.send_due()) == 0
        (row,) = stored(here, select(outbox))
        assert row.attempts >= 1
        assert row.due >= here.service.clock.moment + FIRST_PAUSE
        hands.is_full = False
        here.service.clock.moment += LONGEST_PAUSE
        on_its_loop(here, box.send_due())
        (row,) = stored(here, select(outbox))
        assert row.sent is not None
        letter = hands.taken[0]
        assert letter["To"] == ADDRESS
        assert str(letter["Message-ID"]).startswith(f"<{entry}@")
        body = letter.get_content()  # type: ignore[attr-defined]  # the default policy's message has it
        assert f"/inbox/{entry}" in body
        assert here.bidder.organisation not in body


def test_without_an_address_nothing_is_sent(tmp_path: Path, letters: tuple[Letters, str]) -> None:
    hands, url = letters
    world = Tender().open_up()
    world.folder(tmp_path)
    with going_on(tmp_path, world, {"smtp_url": url}) as here:
        ask(here)
        wait_for_entries(here, world.clerk, "question")
        assert on_its_loop(here, Outbox(here.service.services).send_due()) == 0
        assert hands.taken == []
