"""A small deterministic project in pure code: real keys, a real ceremony, real sealed bids.

Every step goes through the checks, the rules and the fold, as it does in the service; there is no
store, no log and no clock. `now` moves only when a test says so, or by a second with each command.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from typing import Any, TypeVar

from crypto import certificate, dkg, dleq, sealing
from crypto.points import base_mul, decode65
from opening import checks, order, rules, transcripts
from opening.checks_ceremony import CheckedRehearsal
from opening.commands import (
    AdmitBid,
    CertifyCeremony,
    CloseBids,
    DealCeremony,
    IssueOrder,
    JoinCeremony,
    PostPartial,
    RehearseKey,
    ReleaseKey,
    StartCeremony,
    WithdrawBid,
)
from opening.messages import (
    SUITE,
    BidParams,
    BidShare,
    CeremonyCertify,
    CeremonyDeal,
    CeremonyJoin,
    CeremonyStart,
    OpeningOrder,
    Partial,
    Rehearsal,
    Release,
    TimekeeperDeal,
    Windows,
    Withdraw,
)
from opening.state import Attempt, Key, OpeningState, Place
from opening.terms import BidsOpenedUp, TermsSet
from record.events import Actor, Event, Signed, Stamp
from record.rules import Command, Facts, Given
from tests.opening.bidding import MEDIA_TYPE, Sealed, honest_package, seal
from tests.opening.parties import Party, party, seeded

PROJECT = "9" * 32
SECTION = "s1"
FIRST: Place = (SECTION, 1)
SECOND: Place = (SECTION, 2)
SECOND_MS = 1000
MINUTE = 60 * SECOND_MS
HOUR = 60 * MINUTE
BEGIN = 1_800_000_000_000
DEADLINE = BEGIN + 240 * HOUR
SERVICE = Actor(Actor.SERVICE)
CHECKPOINT = "test.example/log\n1\n" + "A" * 43 + "=\n"

E = TypeVar("E", bound=Event)


@dataclass
class World:
    """One project; what it is made of are its arguments, what happens are its methods."""

    envelopes: int = 1
    co_open: bool = False
    n: int = 3
    k: int = 2
    bidders: int = 3
    minimum: int = 3
    state: OpeningState = field(default_factory=lambda: OpeningState(PROJECT))
    now: int = BEGIN
    record: list[tuple[Event, Stamp]] = field(default_factory=list)
    sealed: dict[str, Sealed] = field(default_factory=dict)
    """Every bid that was admitted, by its id."""

    def __post_init__(self) -> None:
        self.clerk = party("clerk")
        self.timekeeper = party("timekeeper")
        self.supervisor = party("supervisor")
        self.custodians = tuple(party("custodian", i) for i in range(1, self.n + 1))
        self.bidder = {number: party("bidder", number) for number in range(1, self.bidders + 1)}

    # What every test needs

    def happened(self, event: E, actor: Actor = SERVICE, command: str = "") -> E:
        """Record an event as it comes back from its bytes, and fold it in."""
        stored = type(event).from_body(event.body())
        name = command or f"c{len(self.record)}"
        stamp = Stamp(len(self.record) + 1, self.now, actor, name)
        self.record.append((stored, stamp))
        self.state = rules.evolve(self.state, stored, stamp)  # type: ignore[arg-type]  # any event
        return stored

    def decide(
        self,
        actor: Actor,
        command: Command,
        facts: Facts | None = None,
        checked: object | None = None,
    ) -> tuple[Event, ...]:
        """Return what a command would do now; raises what it is refused with."""
        outcome = checked or checks.check(self.state, command)
        if isinstance(outcome, CheckedRehearsal) and outcome.cosigned_at is None:
            outcome = outcome.witnessed(self.now)
        given = Given(
            actor=actor,
            received=self.now,
            command_id=f"c{len(self.record)}",
            fresh=seeded(f"fresh/{len(self.record)}"),
            facts=facts or Facts(),
            checked=outcome,
        )
        return rules.decide(self.state, command, given)

    def do(
        self,
        actor: Actor,
        command: Command,
        facts: Facts | None = None,
        checked: object | None = None,
    ) -> tuple[Event, ...]:
        """Check, decide and record a command; a second passes."""
        events = self.decide(actor, command, facts, checked)
        name = f"c{len(self.record)}"
        stored = tuple(self.happened(event, actor, name) for event in events)
        self.now += SECOND_MS
        return stored

    def folded(self) -> OpeningState:
        """Return the state folded anew from the whole record."""
        state = OpeningState(PROJECT)
        for event, stamp in self.record:
            state = rules.evolve(state, event, stamp)  # type: ignore[arg-type]  # any event
        return state

    # People, terms and keys

    @property
    def people(self) -> tuple[Party, ...]:
        return (
            self.clerk,
            self.timekeeper,
            self.supervisor,
            *self.custodians,
            *self.bidder.values(),
        )

    def holder(self, i: int) -> Party:
        """Return the holder of a share: 0 the timekeeper, else a custodian."""
        return self.timekeeper if i == 0 else self.custodians[i - 1]

    def bind(self, people: Iterable[Party] | None = None) -> "World":
        for one in self.people if people is None else people:
            self.happened(one.bound())
        return self

    def terms(self, **changes: Any) -> TermsSet:
        values: dict[str, Any] = {
            "section": SECTION,
            "title": "第一标段",
            "envelopes": self.envelopes,
            "currency": "CNY",
            "limit": 9_000_000_00,
            "minimum_bidders": self.minimum,
            "max_size": 1 << 20,
            "co_open": self.co_open,
            "question_deadline": DEADLINE - 48 * HOUR,
            "deadline": DEADLINE,
            "windows": Windows(
                sign_in=HOUR,
                secrets=10 * MINUTE,
                draw=10 * MINUTE,
                confirm=10 * MINUTE,
                objections=10 * MINUTE,
            ),
            "form": (),
            "draw": ("0.95", "0.96", "0.97"),
            "n": self.n,
            "k": self.k,
        }
        return self.happened(TermsSet(**{**values, **changes}))

    def start_message(self, envelope: int = 1, attempt: int = 1, **changes: Any) -> CeremonyStart:
        values: dict[str, Any] = {
            "v": 1,
            "project": PROJECT,
            "section": SECTION,
            "envelope": envelope,
            "attempt": attempt,
            "suite": SUITE,
            "n": self.n,
            "k": self.k,
            "roster": tuple(custodian.member() for custodian in self.custodians),
            "timekeeper": self.timekeeper.timekeeper(),
            "join_by": self.now + HOUR,
            "deal_by": self.now + 2 * HOUR,
            "certify_by": self.now + 3 * HOUR,
            "co_open": self.co_open,
        }
        return CeremonyStart(**{**values, **changes})

    def start(self, envelope: int = 1, attempt: int = 1, **changes: Any) -> str:
        """Start an attempt and return its sid."""
        message = self.start_message(envelope, attempt, **changes)
        self.do(self.clerk.actor, StartCeremony(message=self.clerk.sign(message)))
        return sealing.sid(message.payload()).hex()

    def attempt(self, sid: str) -> Attempt:
        return self.state.attempts[sid]

    def join_message(self, sid: str, i: int) -> CeremonyJoin:
        raw = bytes.fromhex(sid)
        if i == 0:
            commit = dkg.timekeeper_commitment(raw, base_mul(self.timekeeper.x_t(raw)))
            return CeremonyJoin(v=1, sid=sid, i=0, commit=commit.hex())
        secrets = self.holder(i).secrets(raw, self.k)
        c = [base_mul(coefficient) for coefficient in secrets.coefficients]
        commit = dkg.dealer_commitment(raw, i, c, base_mul(secrets.ephemeral))
        public = base_mul(secrets.static).compressed().hex()
        return CeremonyJoin(v=1, sid=sid, i=i, commit=commit.hex(), p=public)

    def dealt(self, sid: str, i: int) -> dkg.Deal:
        session = transcripts.session(self.attempt(sid))
        secrets = self.holder(i).secrets(session.sid, self.k)
        return dkg.deal(session, i, secrets, seeded(f"deal/{sid}/{i}"))

    def deal_message(
        self, sid: str, i: int, dealt: dkg.Deal | None = None
    ) -> CeremonyDeal | TimekeeperDeal:
        if i == 0:
            session = transcripts.session(self.attempt(sid))
            x_t = self.timekeeper.x_t(session.sid)
            own = dkg.timekeeper_deal(session, x_t, seeded("deal/" + sid))
            y = own.y.compressed().hex()
            return TimekeeperDeal(v=1, sid=sid, i=0, y=y, pop=own.pop.hex())
        deal = dealt or self.dealt(sid, i)
        return CeremonyDeal(
            v=1,
            sid=sid,
            i=i,
            c=tuple(point.compressed().hex() for point in deal.c),
            pop=deal.pop.hex(),
            e=deal.e.compressed().hex(),
            shares=tuple(share.hex() for share in deal.shares),
        )

    def certify_message(self, sid: str, i: int) -> CeremonyCertify:
        key = transcripts.key(self.attempt(sid))
        raw = bytes.fromhex(sid)
        holder = self.holder(i)
        secret = holder.x_t(raw) if i == 0 else holder.secrets(raw, self.k).static
        signature = certificate.certify(secret, key.transcript, seeded(f"certify/{sid}/{i}"))
        return CeremonyCertify(v=1, sid=sid, i=i, key_id=key.key_id.hex(), sig=signature.hex())

    def join(self, sid: str, i: int) -> tuple[Event, ...]:
        message = self.holder(i).sign(self.join_message(sid, i))
        return self.do(self.holder(i).actor, JoinCeremony(message=message))

    def deal(self, sid: str, i: int, dealt: dkg.Deal | None = None) -> tuple[Event, ...]:
        message = self.holder(i).sign(self.deal_message(sid, i, dealt))
        return self.do(self.holder(i).actor, DealCeremony(message=message))

    def certify(self, sid: str, i: int) -> tuple[Event, ...]:
        message = self.holder(i).sign(self.certify_message(sid, i))
        return self.do(self.holder(i).actor, CertifyCeremony(message=message))

    def each(self, step: Callable[[str, int], object], sid: str) -> None:
        """Have all parties do a step: `world.each(world.join, sid)`."""
        for i in range(self.n + 1):
            step(sid, i)

    def ceremony(self, envelope: int = 1, attempt: int = 1) -> Key:
        """Run a whole ceremony and return its key."""
        sid = self.start(envelope, attempt)
        for step in (self.join, self.deal, self.certify):
            self.each(step, sid)
        return self.state.keys[SECTION, 1 if envelope == 1 else 2]

    def share(self, key: Key, i: int) -> int:
        """Return a holder's share of a key, recovered from its kit and the record."""
        attempt = self.attempt(key.sid)
        session = transcripts.session(attempt)
        if i == 0:
            return self.timekeeper.x_t(session.sid)
        secret = self.holder(i).secrets(session.sid, self.k).static
        return dkg.secret_share(session, i, secret, transcripts.deals(attempt, session))

    def rehearse(self, key: Key, i: int) -> tuple[Event, ...]:
        fresh = seeded(f"rehearse/{key.sid}/{i}")
        signature = certificate.rehearse(
            self.share(key, i), bytes.fromhex(key.key_id), CHECKPOINT.encode(), fresh
        )
        message = Rehearsal(v=1, key_id=key.key_id, i=i, checkpoint=CHECKPOINT, sig=signature.hex())
        return self.do(self.holder(i).actor, RehearseKey(message=self.holder(i).sign(message)))

    # Bids

    def open_up(self) -> "World":
        """Bind everybody, set terms, make the keys and take bids."""
        self.bind()
        self.terms()
        for envelope in range(1, self.envelopes + 1):
            self.ceremony(envelope)
        self.happened(BidsOpenedUp(section=SECTION))
        return self

    def params(self, bidder: int, envelope: int = 1, **changes: Any) -> BidParams:
        """Return the params a bidder's client makes now."""
        place: Place = (SECTION, 1 if envelope == 1 else 2)
        key = self.state.keys[place]
        who = self.bidder[bidder]
        own = [
            bid
            for bid in self.state.bids.values()
            if (bid.place, bid.organisation) == (place, who.organisation)
        ]
        name = seeded(f"bid/{bidder}/{envelope}/{len(own)}")[:16].hex()
        values: dict[str, Any] = {
            "v": 1,
            "suite": SUITE,
            "project": PROJECT,
            "section": SECTION,
            "envelope": envelope,
            "key": sealing.key_hash(decode65(key.pk)).hex(),
            "key_id": key.key_id,
            "bidder": who.organisation,
            "bid": name,
            "revision": len(own) + 1,
            "media_type": MEDIA_TYPE,
            "created": self.now,
        }
        if own:
            values["supersedes"] = own[-1].bid
        if self.co_open:
            commit = sealing.bidder_secret_commit(self.bidder_secret(name), name)
            values["bidder_secret_commit"] = commit.hex()
        return BidParams(**{**values, **changes})

    def bidder_secret(self, bid: str) -> bytes:
        return seeded("bidder-secret/" + bid)

    def seal(
        self, bidder: int, envelope: int = 1, content: bytes | None = None, **changes: Any
    ) -> Sealed:
        """Seal a bid; `changes` are made to its params before."""
        params = self.params(bidder, envelope, **changes)
        key = self.state.keys[SECTION, 1 if envelope == 1 else 2]
        secret = self.bidder_secret(params.bid) if params.bidder_secret_commit else None
        is_priced = envelope == self.envelopes
        price = 1_000_000_00 + bidder if is_priced else None
        made = content or honest_package(self.bidder[bidder], price)
        return seal(key, params, made, params.bid, secret)

    def admit_command(self, bidder: int, sealed: Sealed) -> AdmitBid:
        return AdmitBid(message=self.bidder[bidder].sign(sealed.bid), upload=sealed.params.bid)

    def admit(self, bidder: int, sealed: Sealed, facts: Facts | None = None) -> str:
        """Submit a sealed bid and return its id."""
        command = self.admit_command(bidder, sealed)
        self.do(self.bidder[bidder].actor, command, facts or sealed.facts)
        self.sealed[sealed.params.bid] = sealed
        return sealed.params.bid

    def bid(self, bidder: int, envelope: int = 1, content: bytes | None = None) -> str:
        """Seal and submit a bid, a first one or a replacement, and return its id."""
        return self.admit(bidder, self.seal(bidder, envelope, content))

    def withdraw_command(self, bidder: int, bid: str) -> WithdrawBid:
        message = Withdraw(v=1, project=PROJECT, bid=bid)
        return WithdrawBid(message=self.bidder[bidder].sign(message))

    def withdraw(self, bidder: int, bid: str) -> tuple[Event, ...]:
        return self.do(self.bidder[bidder].actor, self.withdraw_command(bidder, bid))

    def close(self) -> None:
        """Let the deadline pass and close all envelopes."""
        self.now = max(self.now, self.state.sections[SECTION].terms.deadline)
        for place in (FIRST, SECOND)[: self.envelopes]:
            self.do(SERVICE, CloseBids(section=SECTION, envelope=place[1]))

    # The opening's messages

    def order_message(self, place: Place = FIRST) -> OpeningOrder:
        return OpeningOrder(
            v=1,
            project=PROJECT,
            section=place[0],
            envelope=place[1],
            key_id=self.state.keys[place].key_id,
            scheduled_at=self.now,
            bids=order.opening_list(self.state, place),
        )

    def order(self, place: Place = FIRST) -> tuple[Event, ...]:
        signed = self.clerk.sign(self.order_message(place))
        return self.do(self.clerk.actor, IssueOrder(message=signed))

    def shares(self, place: Place, i: int) -> tuple[BidShare, ...]:
        """Return a holder's partial decryptions of everything on the order."""
        key, session = self.state.keys[place], self.state.sessions[place]
        if session.order is None or session.opening_id is None:
            raise ValueError("no order was issued")
        opening_id = bytes.fromhex(session.opening_id)
        share = self.share(key, i)
        made = []
        for line in session.order.bids:
            ctx = dleq.context(PROJECT, bytes.fromhex(key.key_id), opening_id, line.bid, i)
            enc = decode65(bytes.fromhex(line.enc))
            proved = dleq.prove(share, enc, ctx, seeded(f"dleq/{line.bid}/{i}"))
            made.append(BidShare(bid=line.bid, share=proved.hex()))
        return tuple(made)

    def partial_message(self, i: int, place: Place = FIRST) -> Partial | Release:
        """Return what a holder posts: 0 is the timekeeper, whose message is `release`."""
        session = self.state.sessions[place]
        values = {
            "v": 1,
            "project": PROJECT,
            "key_id": self.state.keys[place].key_id,
            "opening_id": session.opening_id,
            "i": i,
            "shares": self.shares(place, i),
        }
        return Release.model_validate(values) if i == 0 else Partial.model_validate(values)

    def signed_partial(self, i: int, place: Place = FIRST) -> Signed:
        return self.holder(i).sign(self.partial_message(i, place))

    def partials(self, who: Iterable[int] = (1, 2), place: Place = FIRST) -> None:
        """Have these custodians post their shares."""
        for i in who:
            command = PostPartial(message=self.signed_partial(i, place))
            self.do(self.holder(i).actor, command)

    def release(self, place: Place = FIRST) -> tuple[Event, ...]:
        """Have the timekeeper post its shares."""
        command = ReleaseKey(message=self.signed_partial(0, place))
        return self.do(self.timekeeper.actor, command)
