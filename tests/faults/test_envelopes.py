"""R16: commands whose signed envelopes were mutated, validly signed again or not: 4xx, never 5xx."""

import base64
import json
from collections.abc import Callable, Iterator
from hashlib import sha256
from typing import Any

import httpx
import pytest

from opening.messages import CeremonyStart, Erase, Message, Withdraw
from tests.faults.counts import count
from tests.opening.parties import Party
from tests.opening.world import FIRST, PROJECT
from tests.web import tender
from tests.web.scene import Scene, scene
from tests.web.tender import Tender

MUTATIONS = count(10_000, 300)
ODD: tuple[Any, ...] = (
    None,
    True,
    -1,
    0,
    1.5,
    1 << 53,
    1 << 200,
    "",
    "0" * 32,
    "\x00",
    "é\u202e😀",
    "<b>{{7*7}}</b>",
    "../../x",
    "f" * 4000,
    [],
    [[]] * 50,
    {},
    {"a": {"b": {}}},
)


class Dice:
    """Numbers that look random and are the same in every run."""

    def __init__(self, seed: int) -> None:
        self._state = sha256(b"mutation" + seed.to_bytes(8)).digest()

    def roll(self, sides: int) -> int:
        self._state = sha256(self._state).digest()
        return int.from_bytes(self._state[:8]) % sides


@pytest.fixture(scope="module")
def service(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Scene]:
    world = Tender().open_up()
    world.bid(2)
    with scene(tmp_path_factory.mktemp("envelopes"), world) as made:
        yield made


def messages(world: Tender) -> list[tuple[Party, str, Message, dict[str, Any]]]:
    """Return messages that are right in form, each with its command; none has effect as it is."""
    sid = world.state.keys[FIRST].sid
    start: CeremonyStart = world.start_message(attempt=2)
    return [
        (world.bidder[1], "opening.admit_bid", world.seal(1).bid, {"upload": "0" * 32}),
        (world.bidder[1], "opening.withdraw_bid", withdrawal(), {}),
        (world.clerk, "opening.start_ceremony", start, {}),
        (world.custodians[0], "opening.join_ceremony", world.join_message(sid, 1), {}),
        (world.custodians[0], "opening.deal_ceremony", world.deal_message(sid, 1), {}),
        (world.custodians[0], "opening.certify_ceremony", world.certify_message(sid, 1), {}),
        (world.timekeeper, "opening.erase_key", Erase(v=1, project=PROJECT, sid="0" * 64), {}),
    ]


def withdrawal() -> Withdraw:
    return Withdraw(v=1, project=PROJECT, bid="0" * 32)


def places(value: Any, path: tuple[Any, ...] = ()) -> list[tuple[Any, ...]]:
    """Return the path of every value inside a JSON value."""
    if isinstance(value, dict):
        inside: list[tuple[Any, Any]] = list(value.items())
    elif isinstance(value, list):
        inside = list(enumerate(value))
    else:
        return []
    found = [(*path, key) for key, _ in inside]
    return found + [step for key, inner in inside for step in places(inner, (*path, key))]


def mutated_value(dice: Dice, value: Any) -> Any:
    """Replace, drop, double or rename one value somewhere inside."""
    path = places(value)[dice.roll(len(places(value)))]
    where = value
    for step in path[:-1]:
        where = where[step]
    match dice.roll(5):
        case 0 if isinstance(where, dict):
            del where[path[-1]]
        case 1 if isinstance(where, dict):
            where[f"{path[-1]}x"] = where[path[-1]]
        case 2 if isinstance(where, list):
            where.append(where[path[-1]])
        case 3 if isinstance(where[path[-1]], str) and where[path[-1]]:
            where[path[-1]] = mutated_text(dice, where[path[-1]])
        case _:
            where[path[-1]] = ODD[dice.roll(len(ODD))]
    return value


def mutated_text(dice: Dice, text: str) -> str:
    at = dice.roll(len(text))
    signs = '0af"\\{}[],:é\x00 \u2028'
    return text[:at] + signs[dice.roll(len(signs))] + text[at + dice.roll(2) :]


def mutated_bytes(dice: Dice, content: bytes) -> bytes:
    at, made = dice.roll(len(content)), bytearray(content)
    match dice.roll(3):
        case 0:
            made[at] ^= 1 << dice.roll(8)
        case 1:
            del made[at : at + 1 + dice.roll(20)]
        case _:
            made[at:at] = made[at : at + 1 + dice.roll(20)]
    return bytes(made)


def resigned_value(dice: Dice, who: Party, message: Message) -> Any:
    """Change a value of the message and sign it again, with the right key."""
    value = mutated_value(dice, json.loads(message.payload()))
    payload = json.dumps(value, sort_keys=True, separators=(",", ":"), ensure_ascii=False)
    signed = who.sign_payload(message.payload_type(), payload.encode("utf-8", "replace"))
    return signed.model_dump(mode="json")


def resigned_bytes(dice: Dice, who: Party, message: Message) -> Any:
    payload = mutated_bytes(dice, message.payload())
    return who.sign_payload(message.payload_type(), payload).model_dump(mode="json")


def changed_envelope(dice: Dice, who: Party, message: Message) -> Any:
    return mutated_value(dice, who.sign(message).model_dump(mode="json"))


def changed_payload(dice: Dice, who: Party, message: Message) -> Any:
    """Change the message under its signature."""
    signed = who.sign(message).model_dump(mode="json")
    payload = mutated_bytes(dice, message.payload())
    return {**signed, "payload": base64.b64encode(payload).decode()}


WAYS: tuple[Callable[[Dice, Party, Message], Any], ...] = (
    resigned_value,
    resigned_bytes,
    changed_envelope,
    changed_payload,
)


def post(service: Scene, who: Party, content: bytes, number: int) -> httpx.Response:
    told = tender.headers(who, idempotency_key=f"m{number}", content_type="application/json")
    return service.http.post(f"/api/projects/{PROJECT}/commands", content=content, headers=told)


@pytest.mark.timeout(1800)
def test_a_mutated_message_is_refused_with_a_reason(service: Scene) -> None:
    made = messages(service.world)
    reasons: set[str] = set()
    for number in range(MUTATIONS):
        dice = Dice(number)
        who, kind, message, more = made[number % len(made)]
        envelope = WAYS[number // len(made) % len(WAYS)](dice, who, message)
        body = json.dumps({"type": kind, "message": envelope, **more}).encode()
        if dice.roll(5) == 0:
            body = mutated_bytes(dice, body)
        answer = post(service, who, body, number)
        assert 400 <= answer.status_code < 500, (number, body[:2000], answer.text)
        problem = answer.json()
        assert answer.headers["content-type"] == "application/problem+json"
        assert problem["detail"]
        assert problem["detail"] != problem["code"]
        reasons.add(problem["code"])
    assert len(reasons) >= 8
    kinds = {event.type for event, _ in service.events()}
    assert kinds <= {"opening.bid_refused"}
