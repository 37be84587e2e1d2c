"""Whole pure projects whose every entry is by whom it must be, ready to be exported."""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from hashlib import sha256
from typing import Any

from crypto import certificate, signatures
from crypto.notes import COSIGNATURE_V1, ED25519, NoteSigner
from opening.commands import RefuseBid, RehearseKey
from opening.messages import Periods, Refusal, Rehearsal, Timekeeper
from opening.state import Key, Place
from project.commands import PublishNotice
from project.events import ProjectCreated
from project.notice import expected_notice
from record.events import Event, Signed
from tests.opening.bidding import Sealed
from tests.opening.day import PDF, Day
from tests.opening.parties import Party, ed25519, seeded
from tests.opening.world import DEADLINE, FIRST, HOUR, PROJECT, SERVICE
from tests.project.whole import Whole

LOG = NoteSigner("kaibiao.example/test", ED25519, ed25519("log"))
WITNESS = NoteSigner("timekeeper.example", COSIGNATURE_V1, ed25519("witness"))
SERVICE_KEY = ed25519("service")
__all__ = ["LOG", "PDF", "SERVICE_KEY", "WITNESS", "Told"]


class Clock(Party):
    """A timekeeper whose witness key is that of the test's log."""

    def timekeeper(self) -> Timekeeper:
        witness = WITNESS.verifier.encode()
        return super().timekeeper().model_copy(update={"witness": witness})


@dataclass
class Told(Day, Whole):  # type: ignore[misc]  # the day's way of holding a session is meant
    """A project as it goes when everybody acts for themselves."""

    draws: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        super().__post_init__()
        clock = self.timekeeper
        self.timekeeper = Clock(clock.account, clock.role, clock.key)

    def open_up(self) -> "Told":
        """Go from nothing to a published notice, and let bidders take part."""
        self.drafted()
        for envelope in range(1, self.envelopes + 1):
            self.ceremony(envelope)
        return self.published()

    def drafted(self, **terms: Any) -> "Told":
        """Bind everybody but the bidders and set the terms."""
        clerk = self.clerk.actor
        created = ProjectCreated(number="1", title="A road", tenderer="T", currency="CNY")
        self.happened(created, clerk, "create")
        self.happened(self.clerk.bound(), clerk, "create")
        for one in (self.timekeeper, self.supervisor, *self.custodians):
            self.happened(one.bound(), clerk)
        self.terms(**{"periods": Periods(tender=0, amendment=0), "draw": self.draws, **terms})
        last, stamp = self.record[-1]
        self.record[-1] = (last, replace(stamp, actor=clerk))
        self.set_rule()
        return self

    def published(self) -> "Told":
        notice = expected_notice(self.whole, "Bids go back unopened.")
        self.do(self.clerk.actor, PublishNotice(message=self.clerk.sign(notice)))
        for bidder in self.bidder.values():
            self.happened(bidder.bound(), bidder.actor)
        return self

    def partials(self, who: Iterable[int] | None = None, place: Place = FIRST) -> None:
        super().partials(range(1, self.n + 1) if who is None else who, place)

    def decrypt(self, place: Place) -> None:
        self.partials(None, place)
        self.release(place)
        self.do_duties()

    def last_of(self, bidder: int) -> str:
        """Return a bidder's last bid of the first envelope."""
        own = self.bidder[bidder].organisation
        return [
            b.bid for b in self.state.bids.values() if (b.place, b.organisation) == (FIRST, own)
        ][-1]

    def rehearse(self, key: Key, i: int) -> tuple[Event, ...]:
        checkpoint = f"{LOG.name}\n1\n{'A' * 43}=\n"
        fresh = seeded(f"rehearse/{key.sid}/{i}")
        signature = certificate.rehearse(
            self.share(key, i), bytes.fromhex(key.key_id), checkpoint.encode(), fresh
        )
        message = Rehearsal(v=1, key_id=key.key_id, i=i, checkpoint=checkpoint, sig=signature.hex())
        return self.do(self.holder(i).actor, RehearseKey(message=self.holder(i).sign(message)))

    def draw(self, place: Place = FIRST) -> str:
        return super().draw(place) if self.draws else ""

    def everybody_signs_in(self, envelope: int = 1) -> None:
        self.now = max(self.now, DEADLINE - HOUR)
        for one in self.people:
            self.sign_in(one, ("s1", 1 if envelope == 1 else 2))

    def is_refused(self, bidder: int, sealed: Sealed, code: str, at: int | None = None) -> None:
        """Have the service refuse a bid on the record."""
        signed = self.bidder[bidder].sign(sealed.bid)
        received = sha256(sealed.bid.payload()).hexdigest()
        refusal = Refusal(
            v=1, project=PROJECT, code=code, at=self.now if at is None else at, received=received
        )
        answer = signatures.sign(refusal.payload_type(), refusal.payload(), SERVICE_KEY)
        told = Signed.model_validate_json(signatures.envelope_bytes(answer))
        self.do(SERVICE, RefuseBid(message=signed, answer=told))
