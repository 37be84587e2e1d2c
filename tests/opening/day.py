"""An opening day in pure code: a world that walks through its session, duties done as they fall due."""

import hashlib
import io
from dataclasses import dataclass, field
from typing import Any

from opening.bodies import OpenedBody, SpoiledBody, open_bid
from opening.commands import (
    AnnounceSession,
    AnswerObjection,
    CloseBids,
    CommitDraw,
    ConfirmLine,
    DrawUpMinutes,
    EndSession,
    OpenWindow,
    RaiseObjection,
    ReadOut,
    RecordBody,
    RecordFiles,
    ReleaseSecret,
    RevealDraw,
    SealDraw,
    SignIn,
    SignMinutes,
    StartDraw,
    Window,
)
from opening.drawn import draw_commit
from opening.duties import duties
from opening.events import DrawStarted, ObjectionRaised
from opening.facts import facts
from opening.messages import MinutesSignature
from opening.minutes import DrawnUp
from opening.order import due_bids
from opening.session import FilesRead
from opening.state import Draw, Minutes, Place, Session
from opening.terms import BidsPassedOn
from record.events import Event
from record.rules import Command, Facts, StoredFile
from tests.opening.parties import Party, seeded
from tests.opening.world import FIRST, PROJECT, SERVICE, World

ROOT = seeded("log root")
PDF = b"%PDF-1.7 minutes"


@dataclass
class Day(World):
    """A world with an opening session."""

    gone: set[str] = field(default_factory=set)
    """Bids whose sealed files the service lost."""
    damaged: dict[str, bytes] = field(default_factory=dict)
    """Bids whose sealed files are no longer what was admitted."""
    done: list[str] = field(default_factory=list)
    """Ids of the duties done."""

    def session(self, place: Place = FIRST) -> Session:
        return self.state.sessions.get(place, Session())

    # The service

    def file(self, bid: str) -> bytes | None:
        if bid in self.gone:
            return None
        return self.damaged.get(bid, self.sealed[bid].file)

    def files_read(self, place: Place) -> FilesRead:
        found: list[tuple[str, StoredFile | None]] = []
        for bid in due_bids(self.state, place):
            content = self.file(bid.bid)
            if content is None:
                found.append((bid.bid, None))
            elif content == self.sealed[bid.bid].file:
                found.append((bid.bid, StoredFile(bid.size, bid.root)))
            else:
                found.append((bid.bid, StoredFile(len(content), seeded("damaged"))))
        return FilesRead(place, tuple(found))

    def body(self, bid: str) -> OpenedBody | SpoiledBody:
        content = self.file(bid)
        return open_bid(self.state, bid, None if content is None else io.BytesIO(content))

    def drawn_up(self, place: Place = FIRST) -> DrawnUp:
        digest = hashlib.sha256(facts(self.state, place)).hexdigest()
        return DrawnUp(digest, hashlib.sha256(PDF).hexdigest(), len(PDF))

    def measured(self, command: Command) -> object | None:
        """Return what the service measures before it gives a duty's command."""
        match command:
            case RecordFiles():
                return self.files_read((command.section, command.envelope))
            case RecordBody():
                return self.body(command.bid)
            case DrawUpMinutes():
                return self.drawn_up((command.section, command.envelope))
            case _:
                return None

    def duty(self, command: Command) -> tuple[Event, ...]:
        root = Facts(log_root=ROOT) if isinstance(command, SealDraw) else None
        return self.do(SERVICE, command, root, self.measured(command))

    def do_duties(self) -> list[str]:
        """Do what is due, and what that makes due, while the clock stands still."""
        before, now = len(self.done), self.now
        while due := duties(self.state, now).do:
            for name, command in due:
                self.now = now
                self.duty(command)
                self.done.append(name)
        self.now = now
        return self.done[before:]

    def do_duties_before_minutes(self) -> None:
        """Do what is due now, the minutes apart."""
        for name, command in duties(self.state, self.now).do:
            if not isinstance(command, DrawUpMinutes):
                self.duty(command)
                self.done.append(name)

    def at(self, moment: int) -> list[str]:
        """Let time pass until a moment, then do what is due."""
        self.now = moment
        return self.do_duties()

    # People

    def where(self, place: Place) -> dict[str, Any]:
        return {"section": place[0], "envelope": place[1]}

    def sign_in(self, who: Party, place: Place = FIRST) -> tuple[Event, ...]:
        command = SignIn.model_validate({**self.where(place), "role": who.role})
        return self.do(who.actor, command)

    def announce(self, place: Place = FIRST) -> tuple[Event, ...]:
        return self.do(self.clerk.actor, AnnounceSession.model_validate(self.where(place)))

    def window(self, window: Window, place: Place = FIRST) -> tuple[Event, ...]:
        command = OpenWindow.model_validate({**self.where(place), "window": window})
        return self.do(self.clerk.actor, command)

    def release_secret(self, bidder: int, bid: str) -> tuple[Event, ...]:
        command = ReleaseSecret(bid=bid, secret=self.bidder_secret(bid).hex())
        return self.do(self.bidder[bidder].actor, command)

    def read(self, place: Place = FIRST, bid: str | None = None) -> tuple[Event, ...]:
        values = {**self.where(place), **({"bid": bid} if bid else {})}
        return self.do(self.clerk.actor, ReadOut.model_validate(values))

    def confirm(self, bidder: int, bid: str) -> tuple[Event, ...]:
        return self.do(self.bidder[bidder].actor, ConfirmLine(bid=bid))

    def object(self, bidder: int, text: str, place: Place = FIRST) -> str:
        command = RaiseObjection.model_validate({**self.where(place), "text": text})
        (raised,) = self.do(self.bidder[bidder].actor, command)
        assert isinstance(raised, ObjectionRaised)
        return raised.objection

    def answer(self, objection: str) -> tuple[Event, ...]:
        command = AnswerObjection(objection=objection, answer="已核实。")
        return self.do(self.clerk.actor, command)

    def minutes_message(self, place: Place = FIRST, **changes: Any) -> MinutesSignature:
        minutes = self.session(place).minutes or Minutes("0" * 64, "0" * 64, 0)
        values = {
            "v": 1,
            "project": PROJECT,
            **self.where(place),
            "facts": minutes.facts,
            "pdf": minutes.pdf,
        }
        return MinutesSignature.model_validate({**values, **changes})

    def sign_minutes(self, who: Party, place: Place = FIRST, **changes: Any) -> tuple[Event, ...]:
        signed = who.sign(self.minutes_message(place, **changes))
        values = {**self.where(place), "message": signed.model_dump()}
        values["message"]["signatures"] = tuple(values["message"]["signatures"])
        return self.do(who.actor, SignMinutes.model_validate(values))

    def end(self, place: Place = FIRST) -> tuple[Event, ...]:
        return self.do(self.clerk.actor, EndSession.model_validate(self.where(place)))

    # A draw

    def drawing(self, place: Place = FIRST) -> Draw:
        return list(self.session(place).draws.values())[-1]

    def start_draw(self, *parties: Party, place: Place = FIRST) -> str:
        names = tuple(one.account for one in parties or self.drawers)
        values = {**self.where(place), "purpose": "抽取下浮系数", "parties": names}
        started = self.do(self.clerk.actor, StartDraw.model_validate(values))[0]
        assert isinstance(started, DrawStarted)
        return started.draw

    @property
    def drawers(self) -> tuple[Party, ...]:
        return (self.clerk, self.supervisor, self.bidder[1], self.timekeeper)

    def commit(self, who: Party, draw: str) -> tuple[Event, ...]:
        commit = draw_commit(draw, who.account, seeded(f"{draw}/{who.account}"))
        return self.do(who.actor, CommitDraw(draw=draw, commit=commit.hex()))

    def reveal(self, who: Party, draw: str) -> tuple[Event, ...]:
        secret = seeded(f"{draw}/{who.account}")
        return self.do(who.actor, RevealDraw(draw=draw, secret=secret.hex()))

    def draw(self, place: Place = FIRST) -> str:
        """Hold a whole draw and return its result."""
        name = self.start_draw(place=place)
        for who in self.drawers:
            self.commit(who, name)
        self.do_duties()
        for who in self.drawers:
            self.reveal(who, name)
        return self.drawing(place).result or ""

    # Whole stretches

    def bids_in(self) -> dict[int, str]:
        """Have every bidder bid, in every envelope; return the bids of the first."""
        first = {bidder: self.bid(bidder) for bidder in self.bidder}
        if self.envelopes == 2:
            for bidder in self.bidder:
                self.bid(bidder, 2)
        return first

    def opened_up(self) -> dict[int, str]:
        """Make a project that takes bids, and let all bid."""
        self.open_up()
        return self.bids_in()

    def closed(self) -> dict[int, str]:
        """Go on until the files are checked after the close."""
        bids = self.opened_up()
        self.at(self.state.sections["s1"].terms.deadline)
        return bids

    def announced(self, place: Place = FIRST) -> dict[int, str]:
        bids = self.closed()
        self.announce(place)
        return bids

    def ordered(self) -> dict[int, str]:
        """Go on until the order is issued."""
        bids = self.announced()
        if self.co_open:
            self.window("secrets")
            for bidder, bid in bids.items():
                self.release_secret(bidder, bid)
        self.order()
        return bids

    def decrypted(self) -> dict[int, str]:
        """Go on until every bid of the first envelope is opened or spoiled."""
        bids = self.ordered()
        self.decrypt(FIRST)
        return bids

    def decrypt(self, place: Place) -> None:
        self.partials((1, 2), place)
        self.release(place)
        self.do_duties()

    def objecting(self) -> dict[int, str]:
        """Go on until the window for objections is open."""
        bids = self.decrypted()
        self.finish_reading(FIRST)
        return bids

    def finish_reading(self, place: Place) -> None:
        self.read(place)
        if place[1] == self.envelopes:
            self.draw(place)
        self.window("confirm", place)
        if "confirm" in self.session(place).windows:
            self.at(self.session(place).windows["confirm"])
        self.window("objections", place)

    def drawn_minutes(self) -> dict[int, str]:
        """Go on until the minutes are drawn up."""
        bids = self.objecting()
        self.at(self.session().windows["objections"])
        return bids

    def ended(self, place: Place = FIRST) -> None:
        """End a session whose objections are open."""
        self.at(self.session(place).windows["objections"])
        self.sign_minutes(self.clerk, place)
        self.end(place)

    def passed_on(self, *bidders: int) -> None:
        names = tuple(self.bidder[bidder].organisation for bidder in bidders)
        self.happened(BidsPassedOn(section="s1", organisations=names))

    def close_now(self) -> None:
        """Close without any other duty."""
        self.now = self.state.sections["s1"].terms.deadline
        for envelope in (1, 2)[: self.envelopes]:
            self.duty(CloseBids.model_validate({"section": "s1", "envelope": envelope}))
