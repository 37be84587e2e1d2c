"""A whole project told through the rules of a project: its tables stand before every command."""

import io
from dataclasses import dataclass, field
from hashlib import sha256
from typing import Self, TypeVar

from evaluation.commands import SetRule
from evaluation.scoring.rule import ScoringRule
from opening import order
from opening.bodies import open_bid
from opening.checks_ceremony import CheckedRehearsal
from opening.commands import (
    AnnounceSession,
    ConfirmLine,
    DrawUpMinutes,
    EndSession,
    OpenWindow,
    ReadOut,
    RecordBody,
    RecordFiles,
    ReleaseSecret,
    SignIn,
    SignMinutes,
)
from opening.facts import facts
from opening.messages import EnvelopeNumber, MinutesSignature, Periods
from opening.minutes import DrawnUp
from opening.session import FilesRead
from opening.state import Place
from project.checks import check
from project.commands import PublishNotice
from project.duties import duties
from project.events import ProjectCreated
from project.notice import expected_notice
from project.parse import parse_event
from project.rules import ProjectRules
from project.state import ProjectState
from record.events import Actor, Event, Stamp
from record.rules import Command, Facts, Given, StoredFile
from tests.opening.parties import seeded
from tests.opening.world import FIRST, PROJECT, SECTION, SERVICE, World

RULES = ProjectRules()
E = TypeVar("E", bound=Event)


@dataclass
class Whole(World):
    """The opening's world, with the project around it."""

    whole: ProjectState = field(default_factory=lambda: RULES.initial(PROJECT))
    rule: ScoringRule | None = None
    """The scoring rule set before the notice; None leaves the section unscored."""

    def happened(self, event: E, actor: Actor = SERVICE, command: str = "") -> E:
        stored = parse_event(event.type, event.body())
        assert isinstance(stored, type(event))
        stamp = Stamp(len(self.record) + 1, self.now, actor, command or f"c{len(self.record)}")
        self.record.append((stored, stamp))
        self.whole = RULES.evolve(self.whole, stored, stamp)
        self.state = self.whole.opening
        return stored

    def decide(
        self,
        actor: Actor,
        command: Command,
        facts: Facts | None = None,
        checked: object | None = None,
    ) -> tuple[Event, ...]:
        outcome = checked or check(self.whole, command)
        if isinstance(outcome, CheckedRehearsal) and outcome.cosigned_at is None:
            outcome = outcome.witnessed(self.now)
        name = f"c{len(self.record)}"
        given = Given(actor, self.now, name, seeded("fresh/" + name), facts or Facts(), outcome)
        return RULES.decide(self.whole, command, given)

    def open_up(self) -> "Whole":
        """Go from nothing to a published notice."""
        self.happened(ProjectCreated(number="1", title="A road", tenderer="T", currency="CNY"))
        self.bind()
        self.terms(periods=Periods(tender=0), draw=())
        self.set_rule()
        for envelope in range(1, self.envelopes + 1):
            self.ceremony(envelope)
        notice = expected_notice(self.whole, "Bids go back unopened.")
        self.do(self.clerk.actor, PublishNotice(message=self.clerk.sign(notice)))
        return self

    def set_rule(self) -> None:
        if self.rule is not None:
            self.do(self.clerk.actor, SetRule(section=SECTION, rule=self.rule))

    def half_opened(self) -> Self:
        """Take both envelopes of every bidder, and hold the session of the first."""
        for bidder in self.bidder:
            self.bid(bidder, 1)
            self.bid(bidder, 2)
        self.now = self.state.sections[SECTION].terms.deadline
        self.serve()
        self.session()
        return self

    def serve(self) -> list[str]:
        """Do what is due until nothing is, and return what was done."""
        done = []
        while due := duties(self.whole, self.now).do:
            name, command = due[0]
            self.do(SERVICE, command, checked=self._measured(command))
            done.append(name)
        return done

    def _measured(self, command: Command) -> object | None:
        match command:
            case RecordFiles():
                place: Place = (command.section, command.envelope)
                due = order.due_bids(self.state, place)
                found = [(bid.bid, StoredFile(bid.size, bid.root)) for bid in due]
                return FilesRead(place, tuple(found))
            case RecordBody():
                sealed = io.BytesIO(self.sealed[command.bid].file)
                return open_bid(self.state, command.bid, sealed)
            case DrawUpMinutes():
                said = facts(self.state, (command.section, command.envelope))
                return DrawnUp(sha256(said).hexdigest(), "ab" * 32, 1)
            case _:
                return None

    def signs_in(self, envelope: EnvelopeNumber = 1) -> None:
        for one in self.people:
            told = {"section": SECTION, "envelope": envelope, "role": one.role}
            command = SignIn.model_validate(told)
            self.do(one.actor, command)

    def session(self, place: Place = FIRST) -> None:
        """Hold a session from its announcement to its end."""
        section, envelope = place
        clerk = self.clerk.actor
        self.do(clerk, AnnounceSession(section=section, envelope=envelope))
        if self.co_open:
            self.do(clerk, OpenWindow(section=section, envelope=envelope, window="secrets"))
            self._release_secrets(place)
        if order.due_bids(self.state, place):
            self.order(place)
            self.partials(place=place)
            self.release(place)
            self.serve()
        if self.state.sessions[place].opened:
            self.do(clerk, ReadOut(section=section, envelope=envelope))
        self.do(clerk, OpenWindow(section=section, envelope=envelope, window="confirm"))
        for bid in self.state.sessions[place].opened:
            self.do(Actor(self.state.bids[bid].account), ConfirmLine(bid=bid))
        self.do(clerk, OpenWindow(section=section, envelope=envelope, window="objections"))
        self.now = self.state.sessions[place].windows["objections"]
        self.serve()
        self._sign_and_end(place)

    def _release_secrets(self, place: Place) -> None:
        for bid in order.due_bids(self.state, place):
            secret = self.bidder_secret(bid.bid).hex()
            self.do(Actor(bid.account), ReleaseSecret(bid=bid.bid, secret=secret))

    def _sign_and_end(self, place: Place) -> None:
        section, envelope = place
        minutes = self.state.sessions[place].minutes
        assert minutes is not None
        message = MinutesSignature(
            v=1,
            project=PROJECT,
            section=section,
            envelope=envelope,
            facts=minutes.facts,
            pdf=minutes.pdf,
        )
        bidders = (self.bidder[2],) if self.state.sessions[place].opened else ()
        for one in (self.clerk, self.supervisor, *bidders):
            signed = one.sign(message)
            self.do(one.actor, SignMinutes(section=section, envelope=envelope, message=signed))
        self.do(self.clerk.actor, EndSession(section=section, envelope=envelope))
