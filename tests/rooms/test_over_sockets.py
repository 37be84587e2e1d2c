"""Rooms of a running service, over real sockets."""

import json
from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager, suppress
from pathlib import Path
from typing import Any

import pytest
from websockets.exceptions import ConnectionClosed, InvalidStatus
from websockets.sync.client import ClientConnection, connect
from websockets.typing import Origin, Subprotocol

from opening.commands import SignIn
from rooms.messages import Code
from rooms.projection import EPOCH
from tests.opening.parties import Party
from tests.opening.world import BEGIN, HOUR, PROJECT
from tests.web.service import PATIENCE, Running, settings
from tests.web.tender import ADMINISTRATOR, STRANGER, Tender, headers
from web.clock import SetClock

ROOM = Subprotocol("room.v1")
DEADLINE = BEGIN + 240 * HOUR


@pytest.fixture(scope="module")
def tender() -> Tender:
    made = Tender()
    made.open_up()
    return made


@pytest.fixture
def service(tender: Tender, tmp_path: Path) -> Iterator[Running]:
    folder = tender.folder(tmp_path / "data")
    with Running(settings(folder), SetClock(DEADLINE - 30 * 60_000)) as running:
        yield running


def ticket(service: Running, who: Party, *channels: str) -> str:
    body = {"project": PROJECT, "channels": list(channels)}
    answer = service.http.post("/api/rooms/ticket", json=body, headers=headers(who))
    assert answer.status_code == 200, answer.text
    issued: str = answer.json()["ticket"]
    return issued


def dial(service: Running, **more: Any) -> AbstractContextManager[ClientConnection]:
    address = service.url.replace("http:", "ws:") + f"/rooms/{PROJECT}"
    told = {"subprotocols": [ROOM], "proxy": None, "compression": None, "max_queue": None, **more}
    dialled: AbstractContextManager[ClientConnection] = connect(address, **told)
    return dialled


def hello(issued: str, **channels: dict[str, Any]) -> str:
    return json.dumps({"t": "hello", "ticket": issued, "channels": channels})


@contextmanager
def enter(
    service: Running, who: Party, *channels: str, since: int = 0
) -> Iterator[ClientConnection]:
    place = {"since": since, "epoch": EPOCH}
    issued = ticket(service, who, *channels)
    with dial(service) as socket:
        socket.send(hello(issued, **dict.fromkeys(channels, place)))
        yield socket


def until(socket: ClientConnection, kind: str) -> dict[str, Any]:
    while True:
        said: dict[str, Any] = json.loads(socket.recv(timeout=PATIENCE))
        if said["t"] == kind:
            return said


def why_closed(socket: ClientConnection) -> int:
    """Return the code a socket is closed with, whatever is said before."""
    while True:
        try:
            socket.recv(timeout=PATIENCE)
        except ConnectionClosed as closed:
            return closed.rcvd.code if closed.rcvd else 0


def sign_in(service: Running, who: Party, key: str) -> None:
    role: Any = who.role
    body = SignIn(section="s1", envelope=1, role=role).model_dump(mode="json")
    told = headers(who, idempotency_key=key)
    answer = service.http.post(f"/api/projects/{PROJECT}/commands", json=body, headers=told)
    assert answer.status_code == 200, answer.text


def test_a_page_gets_the_past_and_then_what_happens(service: Running, tender: Tender) -> None:
    bidder = tender.bidder[1]
    own = f"bidder/{bidder.organisation}"
    with enter(service, bidder, "hall", own) as socket:
        welcome = until(socket, "welcome")
        assert welcome["channels"]["hall"]["reset"] is False
        last = 0
        while last < welcome["channels"][own]["n"]:
            said = until(socket, "frame")
            last = said["n"] if said["ch"] == own else last
        sign_in(service, bidder, "in")
        said = until(socket, "frame")
        while said["event"]["type"] != "opening.signed_in":
            said = until(socket, "frame")
        assert said["ch"] == own
        assert said["n"] == last + 1
        assert "seq" not in json.dumps(said)


def test_a_reconnect_gets_what_it_missed_and_no_more(service: Running, tender: Tender) -> None:
    clerk = tender.clerk
    with enter(service, clerk, "clerk") as socket:
        n = until(socket, "welcome")["channels"]["clerk"]["n"]
    sign_in(service, clerk, "in")
    with enter(service, clerk, "clerk", since=n) as socket:
        until(socket, "welcome")
        assert until(socket, "frame")["n"] == n + 1


def test_ping_tells_the_time(service: Running, tender: Tender) -> None:
    with enter(service, tender.clerk, "hall") as socket:
        socket.send('{"t":"ping","id":5}')
        assert until(socket, "pong") == {"t": "pong", "id": 5, "now": service.clock.moment}


def test_a_ticket_opens_one_socket_once_and_soon(service: Running, tender: Tender) -> None:
    issued = ticket(service, tender.clerk, "hall")
    with dial(service) as socket:
        socket.send(hello(issued, hall={}))
        until(socket, "welcome")
    with dial(service) as socket:
        socket.send(hello(issued, hall={}))
        assert why_closed(socket) == Code.NOT_YOURS
    late = ticket(service, tender.clerk, "hall")
    service.clock.advance(30_000)
    with dial(service) as socket:
        socket.send(hello(late, hall={}))
        assert why_closed(socket) == Code.NOT_YOURS


def test_a_ticket_opens_no_channel_it_does_not_name(service: Running, tender: Tender) -> None:
    issued = ticket(service, tender.clerk, "hall")
    with dial(service) as socket:
        socket.send(hello(issued, hall={}, clerk={}))
        assert why_closed(socket) == Code.NOT_YOURS


def test_a_changed_ticket_opens_nothing(service: Running, tender: Tender) -> None:
    issued = ticket(service, tender.clerk, "hall")
    for place in (0, len(issued) // 2, len(issued) - 3):
        other = "A" if issued[place] != "A" else "B"
        with dial(service) as socket:
            socket.send(hello(issued[:place] + other + issued[place + 1 :], hall={}))
            assert why_closed(socket) == Code.NOT_YOURS


CHANNELS = ("public", "hall", "clerk", "custodians", "timekeeper", "supervisor", "own", "other")
RIGHTS: dict[str, set[str]] = {
    "clerk": {"public", "hall", "clerk"},
    "custodian": {"public", "hall", "custodians"},
    "timekeeper": {"public", "hall", "timekeeper"},
    "supervisor": {"public", "hall", "supervisor"},
    "bidder": {"public", "hall", "own"},
    "stranger": {"public", "hall"},
    "administrator": {"public", "hall"},
    "nobody": {"public"},
}


def test_every_seat_hears_its_own_channels_and_no_other(service: Running, tender: Tender) -> None:
    seats: dict[str, Party | None] = {
        "clerk": tender.clerk,
        "custodian": tender.custodians[0],
        "timekeeper": tender.timekeeper,
        "supervisor": tender.supervisor,
        "bidder": tender.bidder[1],
        "stranger": STRANGER,
        "administrator": ADMINISTRATOR,
        "nobody": None,
    }
    own = f"bidder/{tender.bidder[1].organisation}"
    names = {"own": own, "other": f"bidder/{tender.bidder[2].organisation}"}
    for seat, who in seats.items():
        told = {} if who is None else headers(who)
        for channel in CHANNELS:
            path = f"/api/projects/{PROJECT}/channels/{names.get(channel, channel)}"
            expected = 200 if channel in RIGHTS[seat] else (401 if who is None else 403)
            assert service.http.get(path, headers=told).status_code == expected, (seat, channel)
            body = {"project": PROJECT, "channels": [names.get(channel, channel)]}
            asked = service.http.post("/api/rooms/ticket", json=body, headers=told)
            allowed = who is not None and channel in RIGHTS[seat]
            assert (asked.status_code == 200) == allowed, (seat, channel)


def test_a_page_of_another_site_is_turned_away_at_the_door(service: Running) -> None:
    with (
        pytest.raises(InvalidStatus) as refused,
        dial(service, origin=Origin("https://evil.example")),
    ):
        pass
    assert refused.value.response.status_code == 403
    with dial(service, origin=Origin("http://127.0.0.1:1")):
        pass


def test_without_the_protocol_nobody_comes_in(service: Running) -> None:
    with pytest.raises(InvalidStatus), dial(service, subprotocols=[Subprotocol("chat")]):
        pass


@pytest.mark.parametrize(
    ("message", "code"),
    [
        (b"\x00\x01", Code.NOT_TEXT),
        (" " * 5000, Code.TOO_LONG),
        ("{}", Code.MALFORMED),
        ('{"t":"frame"}', Code.MALFORMED),
    ],
)
def test_what_is_no_message_closes_with_its_reason(
    service: Running, tender: Tender, message: str | bytes, code: Code
) -> None:
    with dial(service) as socket:
        socket.send(message)
        assert why_closed(socket) == code
    with enter(service, tender.clerk, "hall") as socket:
        until(socket, "welcome")
        socket.send(message)
        assert why_closed(socket) == code


def test_a_flood_is_closed(service: Running, tender: Tender) -> None:
    with enter(service, tender.clerk, "hall") as socket:
        until(socket, "welcome")
        with suppress(ConnectionClosed):
            for number in range(30):
                socket.send(f'{{"t":"ping","id":{number}}}')
        assert why_closed(socket) == Code.TOO_MANY


def test_who_signs_out_is_sent_out(service: Running, tender: Tender) -> None:
    bidder = tender.bidder[3]
    with enter(service, bidder, "hall") as socket:
        until(socket, "welcome")
        assert service.http.delete("/api/session", headers=headers(bidder)).status_code == 204
        socket.send('{"t":"ping","id":1}')
        assert why_closed(socket) == Code.NOT_YOURS


def test_without_a_socket_the_same_frames_come_by_polling(service: Running, tender: Tender) -> None:
    path = f"/api/projects/{PROJECT}/channels/hall"
    told = headers(tender.clerk)
    view = service.http.get(path, headers=told).json()
    first = service.http.get(f"{path}/events", params={"since": 0}, headers=told).json()
    assert [one["n"] for one in first["frames"]] == list(range(1, view["n"] + 1))
    top: dict[str, Any] = {"since": view["n"], "epoch": view["epoch"], "wait": 0}
    assert service.http.get(f"{path}/events", params=top, headers=told).json()["frames"] == []
    other: dict[str, Any] = {"since": 1, "epoch": "00ff"}
    again = service.http.get(f"{path}/events", params=other, headers=told).json()
    assert again["reset"] is True
    assert again["view"] == view["view"]


def test_a_supervisors_look_is_on_the_record(service: Running, tender: Tender) -> None:
    path = f"/api/projects/{PROJECT}/channels/supervisor"
    told = headers(tender.supervisor)
    service.http.get(path, headers=told)
    view = service.http.get(path, headers=told).json()["view"]
    assert view["views"] == {
        "supervisor": {"timeline": pytest.approx(view["views"]["supervisor"]["timeline"])}
    }


def test_only_administrators_learn_how_many_watch(service: Running, tender: Tender) -> None:
    path = f"/api/rooms/{PROJECT}/watchers"
    with enter(service, tender.clerk, "hall") as socket:
        until(socket, "welcome")
        answer = service.http.get(path, headers=headers(ADMINISTRATOR))
        assert answer.json() == {"watchers": 1}
    for who in (tender.clerk, tender.supervisor, tender.bidder[1]):
        assert service.http.get(path, headers=headers(who)).status_code == 403
