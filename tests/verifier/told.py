"""A whole pure project whose every entry is by whom it must be, ready to be exported."""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from typing import Any

from crypto.notes import COSIGNATURE_V1, ED25519, NoteSigner
from opening.commands import SignIn
from opening.messages import Periods, Timekeeper
from project.commands import PublishNotice
from project.events import ProjectCreated
from project.notice import expected_notice
from record.events import Actor
from tests.opening.parties import Party, ed25519
from opening.state import Place
from tests.opening.world import DEADLINE, FIRST, HOUR, SECTION
from tests.project.whole import Whole

LOG = NoteSigner("kaibiao.example/test", ED25519, ed25519("log"))
WITNESS = NoteSigner("timekeeper.example", COSIGNATURE_V1, ed25519("witness"))
SERVICE_KEY = ed25519("service")


class Clock(Party):
    """A timekeeper whose witness key is that of the test's log."""

    def timekeeper(self) -> Timekeeper:
        return replace_witness(super().timekeeper())


def replace_witness(told: Timekeeper) -> Timekeeper:
    return told.model_copy(update={"witness": WITNESS.verifier.encode()})


@dataclass
class Told(Whole):
    """A project as it goes when everybody acts for themselves."""

    def __post_init__(self) -> None:
        super().__post_init__()
        clock = self.timekeeper
        self.timekeeper = Clock(clock.account, clock.role, clock.key)

    def open_up(self, **terms: Any) -> "Told":
        """Go from nothing to a published notice, and let bidders take part."""
        clerk = self.clerk.actor
        created = ProjectCreated(number="1", title="A road", tenderer="T", currency="CNY")
        self.happened(created, clerk, "create")
        self.happened(self.clerk.bound(), clerk, "create")
        for one in (self.timekeeper, self.supervisor, *self.custodians):
            self.happened(one.bound(), clerk)
        values: dict[str, Any] = {"periods": Periods(tender=0), "draw": ()}
        self.terms(**{**values, **terms})
        last, stamp = self.record[-1]
        self.record[-1] = (last, replace(stamp, actor=clerk))
        for envelope in range(1, self.envelopes + 1):
            self.ceremony(envelope)
        notice = expected_notice(self.whole, "Bids go back unopened.")
        self.do(clerk, PublishNotice(message=self.clerk.sign(notice)))
        for bidder in self.bidder.values():
            self.happened(bidder.bound(), bidder.actor)
        return self

    def partials(self, who: Iterable[int] | None = None, place: Place = FIRST) -> None:
        super().partials(range(1, self.n + 1) if who is None else who, place)

    def everybody_signs_in(self) -> None:
        self.now = max(self.now, DEADLINE - HOUR)
        for one in self.people:
            command = SignIn(section=SECTION, envelope=1, role=one.role)
            self.do(Actor(one.account), command)


def one_envelope(**changes: Any) -> Told:
    """Return a project of one envelope from its draft to the end of its session."""
    world = Told(**changes)
    world.open_up()
    for bidder in world.bidder:
        world.bid(bidder)
    if len(world.bidder) > 1:
        world.withdraw(1, world.bid(1))
        world.bid(1)
    world.everybody_signs_in()
    world.now = DEADLINE
    world.serve()
    world.session()
    return world
