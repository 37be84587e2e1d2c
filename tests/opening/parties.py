"""The people of a test project, each with a real signing key made from its name."""

import hashlib
from dataclasses import dataclass

from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from crypto import kit, signatures
from crypto.dkg import DealerSecrets
from opening.messages import Message, RosterMember, Timekeeper
from opening.participants import ParticipantBound, ParticipantKeyChanged, Role
from record.events import Actor, Signed

WITNESS = "timekeeper.example+0a0b0c0d+BAAA"


def seeded(label: str) -> bytes:
    """Return 32 bytes that look random and belong to a label."""
    return hashlib.sha256(b"world/" + label.encode()).digest()


@dataclass(frozen=True)
class Party:
    """Somebody who takes part, with one role and one signing key."""

    account: str
    role: Role
    key: signatures.PrivateKey

    @property
    def actor(self) -> Actor:
        return Actor(self.account)

    @property
    def name(self) -> str:
        return self.account.title()

    @property
    def organisation(self) -> str:
        return seeded("organisation/" + self.account)[:16].hex()

    @property
    def organisation_name(self) -> str:
        return f"{self.name} 有限公司"

    @property
    def spki(self) -> str:
        return signatures.public_spki(self.key).hex()

    @property
    def keyid(self) -> str:
        return signatures.keyid(bytes.fromhex(self.spki))

    def sign(self, message: Message) -> Signed:
        return self.sign_payload(message.payload_type(), message.payload())

    def sign_payload(self, payload_type: str, payload: bytes) -> Signed:
        envelope = signatures.sign(payload_type, payload, self.key)
        return Signed.model_validate_json(signatures.envelope_bytes(envelope))

    def bound(self) -> ParticipantBound:
        return ParticipantBound(
            account=self.account,
            name=self.name,
            organisation=self.organisation,
            organisation_name=self.organisation_name,
            organisation_code="91310000" + self.organisation[:10].upper(),
            role=self.role,
            key=self.spki,
            keyid=self.keyid,
        )

    def changes_to(self, new: "Party", reason: str = "换证") -> ParticipantKeyChanged:
        """Return what stands on the record when this party signs with another key from now on."""
        return ParticipantKeyChanged(
            account=self.account,
            role=self.role,
            old=self.keyid,
            key=new.spki,
            keyid=new.keyid,
            reason=reason,
        )

    def member(self) -> RosterMember:
        return RosterMember(name=self.name, organisation=self.organisation_name, key=self.spki)

    def timekeeper(self) -> Timekeeper:
        return Timekeeper(name=self.name, key=self.spki, witness=WITNESS)

    @property
    def master(self) -> bytes:
        """A custodian's kit."""
        return seeded("kit/" + self.account)

    def secrets(self, sid: bytes, k: int) -> DealerSecrets:
        """Return a custodian's secrets of one attempt."""
        return DealerSecrets(
            static=kit.derive(self.master, kit.STATIC, sid),
            ephemeral=kit.derive(self.master, kit.EPHEMERAL, sid),
            coefficients=tuple(kit.coefficient(self.master, place, sid) for place in range(k)),
        )

    def x_t(self, sid: bytes) -> int:
        """Return the timekeeper's share key of one attempt; a real one is random."""
        return kit.derive(self.master, "x_t", sid)


def ed25519(label: str) -> Ed25519PrivateKey:
    return signatures.ed25519_private_key(seeded("key/" + label))


def p256(label: str) -> ec.EllipticCurvePrivateKey:
    return signatures.p256_private_key(int.from_bytes(seeded("key/" + label)) >> 1)


def party(role: Role, number: int | None = None, key_name: str = "") -> Party:
    """Return a party; bidders sign with ECDSA, everybody else with Ed25519."""
    account = role if number is None else f"{role}-{number}"
    make = p256 if role == "bidder" else ed25519
    return Party(account, role, make(account + key_name))
