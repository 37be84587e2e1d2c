import base64
from collections.abc import Callable
from dataclasses import dataclass

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from opening import checks
from opening.commands import (
    AdmitBid,
    CertifyCeremony,
    CloseBids,
    DealCeremony,
    EraseKey,
    JoinCeremony,
    RehearseKey,
    StartCeremony,
    WithdrawBid,
)
from opening.envelopes import Checked, payload
from opening.events import KeyRehearsed
from opening.messages import Erase, Message, Withdraw
from record.errors import Refused
from record.events import Signed
from record.rules import Command
from tests.opening.parties import Party
from tests.opening.world import FIRST, PROJECT, SECTION, World


@dataclass(frozen=True)
class Sent:
    """A message as it was sent: who signed it, and the command it comes in."""

    signer: Party
    signed: Signed
    command: Callable[[Signed], Command]

    def again(self, payload_bytes: bytes) -> Command:
        """Return the command with other bytes, signed anew by the same signer."""
        return self.command(self.signer.sign_payload(self.signed.payloadType, payload_bytes))


def sent(signer: Party, message: Message, command: Callable[[Signed], Command]) -> Sent:
    return Sent(signer, signer.sign(message), command)


@pytest.fixture(scope="module")
def world() -> World:
    made = World(envelopes=2).bind()
    made.terms()
    made.ceremony(1)
    return made


@pytest.fixture(scope="module")
def messages(world: World) -> dict[str, Sent]:
    """An honest message of each kind that has a heavy check."""
    key = world.state.keys[FIRST]
    one, bidder, timekeeper = world.holder(1), world.bidder[1], world.timekeeper
    bid = world.seal(1).bid
    (rehearsed,) = world.rehearse(key, 1)
    assert isinstance(rehearsed, KeyRehearsed)
    withdraw = Withdraw(v=1, project=PROJECT, bid="0" * 32)
    erase = Erase(v=1, project=PROJECT, sid=key.sid)
    return {
        "start": sent(world.clerk, world.start_message(2), lambda m: StartCeremony(message=m)),
        "join": sent(one, world.join_message(key.sid, 1), lambda m: JoinCeremony(message=m)),
        "deal": sent(one, world.deal_message(key.sid, 1), lambda m: DealCeremony(message=m)),
        "deal of the timekeeper": sent(
            timekeeper, world.deal_message(key.sid, 0), lambda m: DealCeremony(message=m)
        ),
        "certify": sent(
            one, world.certify_message(key.sid, 1), lambda m: CertifyCeremony(message=m)
        ),
        "rehearsal": Sent(one, rehearsed.envelope, lambda m: RehearseKey(message=m)),
        "erase": sent(timekeeper, erase, lambda m: EraseKey(message=m)),
        "bid": sent(bidder, bid, lambda m: AdmitBid(message=m, upload="0" * 32)),
        "withdraw": sent(bidder, withdraw, lambda m: WithdrawBid(message=m)),
    }


KINDS = (
    "start",
    "join",
    "deal",
    "deal of the timekeeper",
    "certify",
    "rehearsal",
    "erase",
    "bid",
    "withdraw",
)


def outcome(world: World, command: Command) -> Checked | Refused:
    """Check a command; anything but an outcome or a refusal is a bug and comes through."""
    try:
        found = checks.check(world.state, command)
    except Refused as refusal:
        return refusal
    assert isinstance(found, Checked)
    return found


@pytest.mark.parametrize("kind", KINDS)
def test_the_outcome_of_a_check_names_the_message_and_the_key(
    world: World, messages: dict[str, Sent], kind: str
) -> None:
    message = messages[kind]
    found = outcome(world, message.command(message.signed))
    assert isinstance(found, Checked)
    assert (found.message, found.keyid) == (message.signed, message.signer.keyid)


def test_a_command_without_a_proof_needs_no_check(world: World) -> None:
    assert checks.check(world.state, CloseBids(section=SECTION, envelope=1)) is None


def mutated(raw: bytes, how: str, place: int, byte: int, more: bytes) -> bytes:
    """Return bytes with something done to them at a place."""
    at = place % len(raw)
    digits = [i for i, found in enumerate(raw) if found in b"0123456789abcdef"]
    digit = digits[place % len(digits)]
    return {
        "byte": raw[:at] + bytes([byte]) + raw[at + 1 :],
        "digit": raw[:digit] + b"0123456789abcdef"[byte % 16 :][:1] + raw[digit + 1 :],
        "cut": raw[:at],
        "doubled": raw + raw,
        "inserted": raw[:at] + more + raw[at:],
    }[how]


@pytest.mark.parametrize("kind", KINDS)
@settings(max_examples=60, deadline=None)
@given(
    how=st.sampled_from(["byte", "digit", "digit", "cut", "doubled", "inserted"]),
    place=st.integers(0, 1 << 20),
    byte=st.integers(0, 255),
    more=st.binary(max_size=8),
)
def test_whatever_a_party_signs_is_answered_and_never_a_bug(
    world: World,
    messages: dict[str, Sent],
    kind: str,
    how: str,
    place: int,
    byte: int,
    more: bytes,
) -> None:
    message = messages[kind]
    raw = payload(message.signed)
    changed = mutated(raw, how, place, byte, more)
    found = outcome(world, message.again(changed))
    if changed == raw:
        assert isinstance(found, Checked)


@pytest.mark.parametrize("kind", KINDS)
@settings(max_examples=30, deadline=None)
@given(data=st.data())
def test_one_changed_character_of_an_envelope_is_refused(
    world: World, messages: dict[str, Sent], kind: str, data: st.DataObject
) -> None:
    message = messages[kind]
    part = data.draw(st.sampled_from(["payload", "sig", "keyid", "payloadType"]))
    signature = message.signed.signatures[0]
    whole = {
        "payload": message.signed.payload,
        "payloadType": message.signed.payloadType,
        "sig": signature.sig,
        "keyid": signature.keyid,
    }
    place = data.draw(st.integers(0, len(whole[part]) - 1))
    other = data.draw(st.sampled_from("0123456789abcdef"))
    changed = whole | {part: whole[part][:place] + other + whole[part][place + 1 :]}
    envelope = Signed(
        payload=changed["payload"],
        payloadType=changed["payloadType"],
        signatures=(Signed.Signature(keyid=changed["keyid"], sig=changed["sig"]),),
    )
    found = outcome(world, message.command(envelope))
    assert isinstance(found, Checked) is (changed == whole)


@pytest.mark.parametrize("kind", KINDS)
def test_an_envelope_has_exactly_one_signature_in_strict_base64(
    world: World, messages: dict[str, Sent], kind: str
) -> None:
    message = messages[kind]
    signature = message.signed.signatures[0]
    raw = base64.b64decode(signature.sig)
    spelled = [base64.b64encode(raw).decode().rstrip("="), base64.b64encode(raw + b"\0").decode()]
    variants = [
        message.signed.model_copy(update={"signatures": ()}),
        message.signed.model_copy(update={"signatures": (signature, signature)}),
        message.signed.model_copy(update={"payload": message.signed.payload + "\n"}),
        *(
            message.signed.model_copy(
                update={"signatures": (signature.model_copy(update={"sig": sig}),)}
            )
            for sig in spelled
        ),
    ]
    for variant in variants:
        assert isinstance(outcome(world, message.command(variant)), Refused)
