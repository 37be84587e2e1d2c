"""The browser's custodian in Node: its kits and ceremonies, with everybody else played by Python."""

import json
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

import pytest

from client import keys
from crypto import dkg, kit, xaes
from crypto.hashing import ORDER
from crypto.points import base_mul
from crypto.sealing import lagrange_at_zero
from opening import transcripts
from opening.envelopes import keyid
from opening.events import CeremonyAborted, PartialPosted
from opening.state import Key
from project.parse import parse_command
from record.events import Event
from record.rules import Command
from tests.browser_unit import test_in_node
from tests.browser_unit.test_in_node import built, node
from tests.opening.day import Day
from tests.opening.parties import Party, seeded
from tests.opening.world import CHECKPOINT, FIRST, PROJECT

pytestmark = test_in_node.pytestmark

PASSPHRASE = "a 丁 passphrase"
ORIGIN = kit.Origin("log.example/1+00+AQ==", "time.example+00+BA==", CHECKPOINT)
SECOND = 2
"""The custodian whose part is played in Node."""


@pytest.fixture(scope="module")
def custodian(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return built("node", tmp_path_factory.mktemp("node")) / "custodian.mjs"


@dataclass
class Node:
    """A custodian in Node with its kit in a file."""

    program: Path
    path: Path

    def ask(self, what: str, **request: Any) -> dict[str, Any]:
        asked = {"do": what, "kit": str(self.path), "passphrase": PASSPHRASE, **request}
        ran = node(self.program, given=json.dumps(asked))
        assert ran.returncode == 0, ran.stderr
        told: dict[str, Any] = json.loads(ran.stdout)
        return told

    def refused(self, what: str, **request: Any) -> str:
        asked = {"do": what, "kit": str(self.path), "passphrase": PASSPHRASE, **request}
        ran = node(self.program, given=json.dumps(asked))
        assert ran.returncode == 1
        return ran.stderr.strip()


@dataclass(frozen=True)
class Elsewhere(Party):
    """A custodian whose kit is the one of the file."""

    held: kit.Kit = field(kw_only=True)

    @property
    def master(self) -> bytes:
        return self.held.master


@dataclass
class Shared(Day):
    """A world whose second custodian has a kit of its own."""

    held: kit.Kit = field(kw_only=True)

    def __post_init__(self) -> None:
        super().__post_init__()
        other = Elsewhere(
            "custodian-2", "custodian", keys.from_pkcs8(self.held.identity), held=self.held
        )
        self.custodians = (self.custodians[0], other, self.custodians[2])

    def entries(self) -> list[dict[str, Any]]:
        """What is on the record of ceremonies, as receipts would prove it."""
        return [
            {"type": event.type, "body": json.loads(event.body())}
            for event, _ in self.record
            if event.type.startswith(("opening.ceremony_", "opening.key_made"))
        ]

    def take(self, told: dict[str, Any]) -> tuple[Event, ...]:
        """Do what the custodian in Node gave as a command."""
        command: Command = parse_command(json.dumps(told["command"]).encode())
        return self.do(self.custodians[SECOND - 1].actor, command)

    def others(self, step: Any, sid: str) -> None:
        for i in (0, 1, 3):
            step(sid, i)


def python_kit(path: Path) -> kit.Kit:
    made = kit.Kit(seeded("node kit"), keys.pkcs8(keys.make()), (ORIGIN,))
    path.write_bytes(kit.lock(made, PASSPHRASE))
    return made


@pytest.fixture
def shared(tmp_path: Path, custodian: Path) -> tuple[Shared, Node]:
    there = Node(custodian, tmp_path / "kit.age")
    return Shared(held=python_kit(there.path)), there


@pytest.fixture
def started(shared: tuple[Shared, Node]) -> tuple[Shared, Node, str]:
    world, there = shared
    world.bind()
    world.terms()
    return world, there, world.start()


def test_a_kit_of_the_command_line_opens_here(tmp_path: Path, custodian: Path) -> None:
    there = Node(custodian, tmp_path / "kit.age")
    made = python_kit(there.path)
    told = there.ask("show")
    assert told["spki"] == keys.spki(keys.from_pkcs8(made.identity))
    assert told["origins"] == [
        {"log": ORIGIN.log, "timekeeper": ORIGIN.timekeeper, "checkpoint": ORIGIN.checkpoint}
    ]


def test_a_kit_made_here_opens_on_the_command_line(tmp_path: Path, custodian: Path) -> None:
    there = Node(custodian, tmp_path / "kit.age")
    origin = {"log": ORIGIN.log, "timekeeper": ORIGIN.timekeeper, "checkpoint": ORIGIN.checkpoint}
    made = there.ask("make", origin=origin)
    opened = kit.unlock(there.path.read_bytes(), PASSPHRASE)
    assert opened.origins == (ORIGIN,)
    assert keys.spki(keys.from_pkcs8(opened.identity)) == made["spki"]
    assert len(opened.master) == kit.MASTER_LENGTH
    assert there.ask("show")["spki"] == made["spki"]


def test_a_wrong_passphrase_and_a_broken_file_are_refused(tmp_path: Path, custodian: Path) -> None:
    there = Node(custodian, tmp_path / "kit.age")
    python_kit(there.path)
    assert there.refused("show", passphrase="another one") == "kit.locked"
    there.path.write_bytes(b"no age file")
    assert there.refused("show") == "kit.locked"


def test_a_ceremony_with_one_party_in_the_browser_ends_in_one_key(
    started: tuple[Shared, Node, str],
) -> None:
    world, there, sid = started
    asked = {"project": PROJECT, "sid": sid}
    for name, step in (("join", world.join), ("deal", world.deal), ("certify", world.certify)):
        told = there.ask("next", entries=world.entries(), **asked)
        assert told["due"] == name
        assert len(world.take(told)) == 1
        waiting = there.ask("next", entries=world.entries(), **asked)
        assert waiting == {"due": "nothing", "step": name}
        world.others(step, sid)
    assert there.ask("next", entries=world.entries(), **asked) == {"due": "over", "status": "made"}
    key = world.state.keys[FIRST]
    check_shares(world, key)
    rehearsed = there.ask(
        "rehearse",
        entries=world.entries(),
        clerks={keyid(world.clerk.spki): world.clerk.spki},
        checkpoint=CHECKPOINT,
        **asked,
    )
    world.take({"command": rehearsed})
    assert world.state.keys[FIRST].rehearsed == {SECOND: world.now - 1000}


def check_shares(world: Shared, key: Key) -> None:
    """Any two shares and the timekeeper's give the secret behind the key."""
    for pair in ([1, 2], [2, 3]):
        weights = lagrange_at_zero(pair)
        shared_secret = sum(weights[i] * world.share(key, i) for i in pair)
        secret = shared_secret + world.share(key, 0)
        assert base_mul(secret % ORDER).uncompressed() == key.pk


def test_shares_of_an_order_made_here_hold_for_the_service(shared: tuple[Shared, Node]) -> None:
    world, there = shared
    world.ordered()
    key, order = world.state.keys[FIRST], world.session().order
    assert order is not None
    envelopes = transcripts.envelopes(world.attempt(key.sid))
    told = there.ask(
        "partial",
        project=PROJECT,
        key_id=key.key_id,
        opening_id=world.session().opening_id,
        bids=[{"bid": line.bid, "enc": line.enc} for line in order.bids],
        certificate=[one.model_dump(mode="json") for one in envelopes],
        clerk=world.clerk.spki,
    )
    (event,) = world.take({"command": {"type": "opening.post_partial", "message": told}})
    assert isinstance(event, PartialPosted)
    assert list(world.session().partials) == [SECOND]


def test_a_bad_share_ends_the_attempt_and_names_its_dealer(
    started: tuple[Shared, Node, str],
) -> None:
    world, there, sid = started
    world.each(world.join, sid)
    for i in (0, 1, SECOND):
        world.deal(sid, i)
    dealt = world.dealt(sid, 3)
    session = transcripts.session(world.attempt(sid))
    secret = world.custodians[SECOND - 1].secrets(session.sid, session.k).static
    sealing_key, nonce = dkg.share_key_of_recipient(session, SECOND, secret, 3, dealt.e)
    lie = xaes.seal(sealing_key, nonce, seeded("a lie"))
    world.deal(sid, 3, replace(dealt, shares=(dealt.shares[0], lie, dealt.shares[2])))
    told = there.ask("next", project=PROJECT, sid=sid, entries=world.entries())
    assert (told["due"], told["offender"]) == ("abort", 3)
    (ended,) = world.take(told)
    assert isinstance(ended, CeremonyAborted)
    assert ended.offenders == (3,)
    over = there.ask("next", project=PROJECT, sid=sid, entries=world.entries())
    assert over == {"due": "over", "status": "dead"}


def test_a_custodian_that_cannot_go_on_says_so_itself(started: tuple[Shared, Node, str]) -> None:
    world, there, sid = started
    command = there.ask("give_up", project=PROJECT, sid=sid, entries=world.entries())
    (ended,) = world.take({"command": command})
    assert isinstance(ended, CeremonyAborted)
    assert ended.offenders == (SECOND,)


def test_a_record_that_does_not_hold_is_answered_by_nothing(
    started: tuple[Shared, Node, str],
) -> None:
    world, there, sid = started
    asked = {"project": PROJECT, "sid": sid}
    assert there.refused("next", entries=[], **asked) == "attempt.not_proved"
    assert (
        there.refused("next", entries=world.entries(), sid="0" * 64, project=PROJECT)
        == "ceremony.sid"
    )
    assert (
        there.refused("next", entries=world.entries(), sid=sid, project="8" * 32)
        == "ceremony.project"
    )
    world.each(world.join, sid)
    forged = world.entries()
    body = forged[2]["body"]["envelope"]
    body["signatures"][0]["sig"] = forged[3]["body"]["envelope"]["signatures"][0]["sig"]
    assert there.refused("next", entries=forged, **asked) == "envelope.signature"
    twice = [*world.entries(), world.entries()[-1]]
    assert there.refused("next", entries=twice, **asked) == "attempt.posted_twice"
