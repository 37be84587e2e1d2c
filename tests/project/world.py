"""A project told by its own rules: people with real keys, commands decided and folded in order.

Keys of a ceremony and bids are put on the record as they would stand there; how they come about
is the business of the opening's own tests.
"""

from dataclasses import replace
from itertools import count
from typing import Any

from crypto import canonical, signatures
from crypto.hashing import H
from crypto.points import GENERATOR
from opening.events import CeremonyStarted, KeyMade
from opening.messages import (
    CeremonyStart,
    Message,
    Periods,
    RosterMember,
    Timekeeper,
    Windows,
)
from opening.participants import Participant, Role
from opening.state import OpeningState, SealedBid
from opening.terms import TermsSet
from project.checks import check
from project.commands import (
    AddDocument,
    BindParticipant,
    CreateProject,
    DefineSection,
    KnownAccount,
    PublishNotice,
    TakePart,
)
from project.notice import expected_notice
from project.parse import parse_event
from project.rules import ProjectRules
from project.sections import StoredDocument
from record.events import Actor, Event, Signed, Stamp
from record.rules import Command, Facts, Given

PROJECT = "ab" * 16
T0 = 1_800_000_000_000
DAY = 86_400_000
MINUTE = 60_000
DEADLINE = T0 + 30 * DAY
SECTION = "s1"

PEOPLE: dict[str, tuple[str, tuple[str, ...]]] = {
    "clerk": ("tenderer", ("clerk",)),
    "deputy": ("tenderer", ("clerk", "supervisor")),
    "custodian1": ("bank", ("custodian",)),
    "custodian2": ("notary", ("custodian", "timekeeper", "supervisor", "clerk")),
    "timekeeper": ("observatory", ("timekeeper", "custodian", "clerk", "supervisor")),
    "supervisor": ("authority", ("supervisor", "clerk")),
    "bidder1": ("alpha", ("bidder", "supervisor")),
    "bidder2": ("beta", ("bidder",)),
    "bidder3": ("gamma", ("bidder",)),
    "expert": ("university", ("expert",)),
    "expert2": ("institute", ("expert",)),
    "inhouse": ("alpha", ("expert",)),
    "banker": ("bank", ("bidder", "supervisor")),
    "stranger": ("elsewhere", ("clerk", "supervisor", "custodian", "timekeeper")),
}
"""Account -> its organisation and what the registry allows it."""

_ids = count()


def organisation(name: str) -> str:
    return H("id", b"organisation", name.encode())[:16].hex()


def key_of(account: str, number: int = 0) -> signatures.PrivateKey:
    seed = H("id", b"key", account.encode(), bytes([number]))
    return signatures.ed25519_private_key(seed)


def spki(account: str, number: int = 0) -> str:
    return signatures.public_spki(key_of(account, number)).hex()


def keyid(account: str, number: int = 0) -> str:
    return signatures.keyid(bytes.fromhex(spki(account, number)))


def known(account: str, *, keys: int = 1) -> KnownAccount:
    where, roles = PEOPLE[account]
    return KnownAccount(
        account=account,
        name=account.title(),
        organisation=organisation(where),
        organisation_name=where.title(),
        organisation_code="91350100M000100Y43",
        roles=roles,
        keys=tuple((keyid(account, number), spki(account, number)) for number in range(keys)),
    )


def signed(message: Message, account: str, number: int = 0) -> Signed:
    envelope = signatures.sign(message.payload_type(), message.payload(), key_of(account, number))
    return Signed.model_validate_json(canonical.dumps(envelope))


def given(
    account: str,
    at: int,
    *,
    checked: object | None = None,
    away: tuple[tuple[int, int], ...] = (),
) -> Given:
    name = f"command-{next(_ids)}"
    fresh = H("id", b"fresh", name.encode())
    facts = Facts(away=away)
    return Given(Actor(account), at, name, fresh, facts, checked)


def terms(**changes: Any) -> DefineSection:
    fields: dict[str, Any] = {
        "section": SECTION,
        "title": "Road, lot 1",
        "envelopes": 1,
        "max_size": 1 << 30,
        "question_deadline": T0 + 20 * DAY,
        "deadline": DEADLINE,
        "windows": Windows(
            sign_in=60 * MINUTE, secrets=MINUTE, draw=MINUTE, confirm=MINUTE, objections=MINUTE
        ),
        "periods": Periods(),
        "n": 2,
        "k": 2,
    }
    return DefineSection(**{**fields, **changes})


class World:
    """One project, its state after each command, and the moment it is."""

    def __init__(self) -> None:
        self.rules = ProjectRules()
        self.state = self.rules.initial(PROJECT)
        self.now = T0
        self.seq = 0
        self.told: list[tuple[Event, Stamp]] = []

    def happened(self, *events: Event, account: str = Actor.SERVICE, command: str = "c") -> None:
        """Fold events in, each by way of its bytes."""
        for event in events:
            self.seq += 1
            stamp = Stamp(self.seq, self.now, Actor(account), command)
            back = parse_event(event.type, event.body())
            assert back == event
            self.told.append((back, stamp))
            self.state = self.rules.evolve(self.state, back, stamp)

    def decides(
        self,
        account: str,
        command: Command,
        *,
        checked: object | None = None,
        away: tuple[tuple[int, int], ...] = (),
    ) -> tuple[Event, ...]:
        """Decide a command at the present moment, without folding what follows."""
        outcome = checked if checked is not None else check(self.state, command)
        told = given(account, self.now, checked=outcome, away=away)
        return self.rules.decide(self.state, command, told)

    def does(self, account: str, command: Command, **measured: Any) -> tuple[Event, ...]:
        """Decide a command at the present moment, and fold what follows."""
        events = self.decides(account, command, **measured)
        self.happened(*events, account=account)
        return events

    def binds(self, account: str, role: Role) -> None:
        self.does("clerk", BindParticipant(account=account, role=role), checked=known(account))

    def takes_part(self, account: str) -> None:
        self.does(account, TakePart(), checked=known(account))

    def adds_document(self, name: str) -> str:
        """Put a tender document in and return its id."""
        sha256 = H("id", name.encode()).hex()
        command = AddDocument(title=name, name=name, size=3, sha256=sha256)
        self.does("clerk", command, checked=StoredDocument(3, sha256))
        return list(self.state.documents)[-1]

    def has_key(self, section: str = SECTION, envelope: Any = 1) -> None:
        """Let a ceremony have made the key of a place."""
        self.ceremony_started(section, envelope)
        sid = list(self.state.opening.attempts)[-1]
        point = GENERATOR.compressed().hex()
        made = KeyMade(
            sid=sid,
            key_id=H("id", sid.encode()).hex(),
            pk=GENERATOR.uncompressed().hex(),
            y_t=point,
            y=(point, point),
        )
        self.happened(made)

    def ceremony_started(self, section: str = SECTION, envelope: Any = 1) -> None:
        """Let a ceremony run for a place."""
        roster = tuple(
            RosterMember(name=name.title(), organisation=PEOPLE[name][0].title(), key=spki(name))
            for name in ("custodian1", "custodian2")
        )
        clock = Timekeeper(name="Timekeeper", key=spki("timekeeper"), witness="clock+1+A")
        start = CeremonyStart(
            v=1,
            project=PROJECT,
            section=section,
            envelope=envelope,
            attempt=1,
            suite="P256-SHA256-A256GCM",
            n=2,
            k=2,
            roster=roster,
            timekeeper=clock,
            join_by=T0 + 1,
            deal_by=T0 + 2,
            certify_by=T0 + 3,
            co_open=False,
        )
        self.happened(CeremonyStarted(envelope=signed(start, "clerk")))

    def publishes(self) -> None:
        """Publish the notice that the record asks for."""
        notice = expected_notice(self.state, "Bids are returned unopened.")
        self.does("clerk", PublishNotice(message=signed(notice, "clerk")))

    def opening(self, **changes: Any) -> None:
        """Put the opening where a test wants it."""
        self.state = replace(self.state, opening=replace(self.state.opening, **changes))

    @property
    def terms(self) -> TermsSet:
        return self.state.opening.sections[SECTION].terms


def created() -> World:
    """Return a project that has a clerk and nothing else."""
    world = World()
    command = CreateProject(number="2026-1", title="A road", tenderer="Tenderer")
    world.does("clerk", command, checked=known("clerk"))
    return world


def drafted(**changes: Any) -> World:
    """Return a draft with its people and one section, before any ceremony."""
    world = created()
    for account in ("custodian1", "custodian2", "timekeeper", "supervisor"):
        role: Any = account.rstrip("12")
        world.binds(account, role)
    world.does("clerk", terms(**changes))
    return world


def published(**changes: Any) -> World:
    """Return a published project with one open section and two bidders."""
    world = drafted(**changes)
    for envelope in range(1, world.terms.envelopes + 1):
        world.has_key(envelope=envelope)
    world.adds_document("tender.pdf")
    world.publishes()
    world.takes_part("bidder1")
    world.takes_part("bidder2")
    return world


def sealed(bid: str, account: str, envelope: Any = 1) -> SealedBid:
    """Return a bid as the state has it."""
    return SealedBid(
        bid=bid,
        stamp=Stamp(50, T0, Actor(account), "c"),
        place=(SECTION, envelope),
        key_id="cd" * 32,
        organisation=organisation(PEOPLE[account][0]),
        account=account,
        keyid=keyid(account),
        revision=1,
        params=b"",
        enc=b"",
        ct=b"",
        size=1,
        root=bytes(32),
        stmt=bytes(32),
        secret_commit=None,
    )


def bound(state: OpeningState, account: str, role: Role) -> Participant:
    return state.participants[account, role]
