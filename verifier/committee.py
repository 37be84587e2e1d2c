"""What the evaluation of a section comes to, entry by entry; values alone, no rule stands here."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from fractions import Fraction
from typing import Any

from verifier import canonical
from verifier.entries import Entry
from verifier.hashing import hash_hex

Fields = dict[str, Any]
Sheet = Mapping[str, Mapping[str, str]]
"""Bid -> item -> mark."""
FEW = 3
"""Valid bids that are enough without anybody's judgement."""
_UNCONFIRMED = frozenset({"refused", "expired"})


@dataclass
class Seat:
    """A seat and who has it: `named`, `signed_in`, `declared`, `confirmed` or `gone`."""

    place: str
    account: str
    capacity: str
    seq: int
    step: str = "named"
    ties: list[str] = field(default_factory=list)


@dataclass
class Ballot:
    """The ballot for the chair that is under way; `among` is empty where every expert may be."""

    round: int = 1
    among: list[str] = field(default_factory=list)
    votes: dict[str, str] = field(default_factory=dict)
    command: str = ""
    """Of its last vote."""
    called: int | None = None
    """The entry that called it, where one before was tied."""


@dataclass
class Question:
    """A question to a bidder 询标: `drafted`, `agreed`, `sent`, `answered`, `shown`, then ended."""

    drafted: Entry
    entries: list[int]
    """All that have been about it."""
    status: str = "drafted"
    """Ended is one that is `accepted`, `not_accepted`, `expired` or `dropped`."""
    agreed: list[str] = field(default_factory=list)
    due: int = 0
    """Until when it can be answered, ms UTC; 0 until it is sent."""
    answer: str | None = None
    """The text of the last answer."""
    attachments: list[dict[str, Any]] = field(default_factory=list)
    """What is attached to that answer, as it was signed."""
    judged: dict[str, bool] = field(default_factory=dict)
    """Seat -> whether it accepts the answer."""
    answered: Entry | None = None
    """The last answer, given back or not."""

    @property
    def is_open(self) -> bool:
        """Whether it still waits for somebody."""
        return self.status in {"drafted", "agreed", "sent", "answered", "shown"}


@dataclass
class Correction:
    """A correction of a price 算术修正: `proposed`, `asked`, then ended."""

    proposed: Entry
    entries: list[int]
    """All that have been about it."""
    votes: dict[str, bool]
    """Seat -> whether it agrees."""
    status: str = "proposed"
    """Ended is one that is `accepted`, `refused`, `expired` or `dropped`."""
    due: int = 0
    """Until when it can be answered, ms UTC; 0 until the bidder is asked."""
    answered: Entry | None = None

    @property
    def bid(self) -> str:
        """The bid whose price it is."""
        bid: str = self.proposed.body["bid"]
        return bid

    @property
    def is_open(self) -> bool:
        """Whether it still waits for somebody."""
        return self.status in {"proposed", "asked"}


@dataclass
class Drawn:
    """A report as it was drawn up, and what was signed of it."""

    entry: Entry
    signed: dict[str, str] = field(default_factory=dict)
    """Seat -> opinion."""
    signatures: dict[str, Entry] = field(default_factory=dict)
    """Seat -> the entry of its signature."""


@dataclass
class Again:
    """A re-evaluation 复评: what was named is marked again, until a new report stands."""

    ordered: Entry
    report: Drawn | None
    """That stood before."""
    finished: Entry | None
    """By which it stood."""
    given: dict[str, Entry] = field(default_factory=dict)
    """Seat -> the marks it gave again, in the order they came in."""
    locked: Entry | None = None
    dropped: Entry | None = None

    @property
    def name(self) -> str:
        """Its id."""
        name: str = self.ordered.body["reevaluation"]
        return name

    @property
    def counts(self) -> bool:
        """Whether the marks given again are in force."""
        return self.locked is not None and self.dropped is None


@dataclass
class Evaluation:
    """The evaluation of one section, from the naming of its committee on."""

    convened: Entry
    ruled: Entry
    """The entry that set its scoring rule."""
    seats: dict[str, Seat]
    bids: list[str]
    ballot: Ballot = field(default_factory=Ballot)
    chair: str | None = None
    elected: Entry | None = None
    gone: list[Fields] = field(default_factory=list)
    verdicts: dict[str, dict[str, dict[str, bool]]] = field(default_factory=dict)
    """Bid -> seat -> item -> whether it is passed."""
    reviews: dict[tuple[str, str], list[Fields]] = field(default_factory=dict)
    """(seat, bid) -> the verdicts as they were given."""
    votes: dict[tuple[str, str], dict[str, bool]] = field(default_factory=dict)
    """(bid, item) -> seat -> whether it is passed; in the order they were opened."""
    opened: list[int] = field(default_factory=list)
    """The entries that opened a vote."""
    rejected: dict[str, Entry] = field(default_factory=dict)
    closed: Entry | None = None
    questions: dict[str, Question] = field(default_factory=dict)
    """Clarification -> what became of it, in the order they were drafted."""
    corrections: dict[str, Correction] = field(default_factory=dict)
    """Correction -> what became of it, in the order they were proposed."""
    checked: Entry | None = None
    """The entry that says the prices are checked."""
    judged: dict[str, Entry] = field(default_factory=dict)
    """Seat -> what it judged of the competition among `judged_of`."""
    judged_of: list[str] = field(default_factory=list)
    draws: dict[str, Entry] = field(default_factory=dict)
    """Draw of aliases -> the entry that holds it."""
    drawn: Entry | None = None
    """The draw in force: none before the first, and none once a member left."""
    sheets: dict[str, Sheet] = field(default_factory=dict)
    given: list[Entry] = field(default_factory=list)
    """The entries of all sheets, those that are void among them."""
    shown: int = 0
    """How many of them a lock opened, even one that a member's leaving undid."""
    under: dict[str, str] = field(default_factory=dict)
    """Seat -> the draw by which its sheet goes."""
    locked: bool = False
    report: Drawn | None = None
    finished: Entry | None = None
    pause: Entry | None = None
    """The entry of the pause that goes on."""
    during: list[int] = field(default_factory=list)
    """The entries of the evaluation while it goes on."""
    pauses: list[Fields] = field(default_factory=list)
    """The pauses that are over, as the report tells them."""
    messages: int = 0
    """How many messages there were."""
    again: list[Again] = field(default_factory=list)
    """The re-evaluations, in their order."""

    @property
    def is_marked(self) -> bool:
        """Whether no mark comes any more: all are locked, or a report stands without them."""
        return self.locked or self.finished is not None

    @property
    def open_again(self) -> Again | None:
        """The re-evaluation that is open: neither given up, nor is there a new report."""
        last = self.again[-1] if self.again else None
        is_open = last is not None and last.dropped is None and self.finished is None
        return last if is_open else None

    @property
    def rule_hash(self) -> str:
        """The hash of the scoring rule."""
        return rule_hash(self.rule)

    @property
    def rule(self) -> Fields:
        """The scoring rule."""
        rule: Fields = self.ruled.body["rule"]
        return rule

    @property
    def rests(self) -> list[int]:
        """The entries that say who sits where and presides, what is voted on, and who is out."""
        told = [self.ruled, self.convened, *self.rejected.values()]
        told += [one for one in (self.elected, self.closed) if one is not None]
        for again in self.again:
            told += [again.ordered, *again.given.values()]
        sitting = [seat.seq for seat in self.seats.values()]
        return [*(one.seq for one in told), *sitting, *self.opened]

    @property
    def quorate(self) -> bool:
        """Whether somebody who confirmed the names sits on every seat."""
        return all(seat.step == "confirmed" for seat in self.seats.values())

    @property
    def valid(self) -> list[str]:
        """The bids that are not rejected."""
        return [bid for bid in self.bids if bid not in self.rejected]

    @property
    def few(self) -> bool:
        """Whether the review leaves so few bids that the committee has to judge the competition."""
        return self.closed is not None and 0 < len(self.valid) < FEW

    @property
    def lacking(self) -> bool | None:
        """What most of all seats judged of the competition; None while neither side has most."""
        said = [entry.body["lacking"] for entry in self.judged.values()]
        ahead = [side for side in (True, False) if 2 * said.count(side) > self.size]
        return ahead[0] if ahead else None

    @property
    def lacks_competition(self) -> bool:
        """Whether all bids are rejected for lack of competition."""
        return self.few and self.lacking is True

    @property
    def unconfirmed(self) -> set[str]:
        """The bids of which a correction was refused or expired."""
        return {one.bid for one in self.corrections.values() if one.status in _UNCONFIRMED}

    @property
    def items(self) -> list[str]:
        """The items to be passed, in the rule's order."""
        return [
            item["item"]
            for stage in self.rule["stages"]
            for item in stage["items"]
            if item["kind"] == "pass"
        ]

    def said(self, bid: str, item: str) -> str:
        """Return what the committee came to: `passed` or `failed`, or `open`."""
        if (bid, item) in self.votes:
            votes = list(self.votes[bid, item].values())
            ahead = [passes for passes in (True, False) if 2 * votes.count(passes) > self.size]
        else:
            told = self.verdicts.get(bid, {})
            given = {told[seat].get(item) if seat in told else None for seat in self.seats}
            ahead = [passes for passes in (True, False) if given == {passes}]
        return ("passed" if ahead[0] else "failed") if ahead else "open"

    @property
    def size(self) -> int:
        """How many seats there are."""
        return len(self.seats)

    def is_reviewed(self, bid: str) -> bool:
        """Tell whether every seat has reviewed a bid."""
        return self.seats.keys() <= self.verdicts.get(bid, {}).keys()

    def marks(self, before: Again | None = None) -> dict[str, dict[str, dict[str, str]]]:
        """Return all marks: bid -> item -> seat -> mark; those given again for those before.

        Args:
            before: the re-evaluation from which on nothing that was given again counts.
        """
        found: dict[str, dict[str, dict[str, str]]] = {}
        for seat, sheet in self.sheets.items():
            for bid, marks in sheet.items():
                for item, mark in marks.items():
                    found.setdefault(bid, {}).setdefault(item, {})[seat] = mark
        for one in self.again:
            if one is before:
                break
            for seat, entry in one.given.items() if one.counts else ():
                for row in entry.message["marks"]:
                    found.setdefault(row["bid"], {}).setdefault(row["item"], {})[seat] = row["mark"]
        return found

    def leave(self, seat: str) -> None:
        """Void what a seat gave; the review is open again, and nothing is locked or reported."""
        for verdicts in self.verdicts.values():
            verdicts.pop(seat, None)
        self.reviews = {key: told for key, told in self.reviews.items() if key[0] != seat}
        for votes in self.votes.values():
            votes.pop(seat, None)
        for one in self.questions.values():
            if one.status == "drafted":
                one.agreed = [other for other in one.agreed if other != seat]
            elif one.status == "shown":
                one.judged.pop(seat, None)
        for correction in self.corrections.values():
            if correction.status == "proposed":
                correction.votes.pop(seat, None)
        self.judged.pop(seat, None)
        self.sheets.pop(seat, None)
        self.rejected, self.closed, self.checked, self.drawn = {}, None, None, None
        self.locked, self.report, self.finished = False, None, None


def rule_hash(rule: Fields) -> str:
    """Return the SHA-256 of a rule's canonical bytes, hex."""
    return hash_hex(canonical.write(rule))


def is_same(mark: str, other: str) -> bool:
    """Tell whether two marks in form are one value, however many zeros they end with."""
    return Fraction(mark) == Fraction(other)


def sheet_of(message: Fields, draws: Mapping[str, Entry]) -> Sheet:
    """Return the marks of a score sheet by bid and item; of what stands there twice the last.

    Args:
        message: the sheet.
        draws: those that say whose blind part an alias stands for; marks under others are none.
    """
    found = {
        row["bid"]: {one["item"]: one["mark"] for one in row["items"]} for row in message["marks"]
    }
    blind = message.get("blind")
    if blind is None or blind["draw"] not in draws:
        return found
    behind = {row["alias"]: row["bid"] for row in draws[blind["draw"]].body["aliases"]}
    for row in blind["marks"]:
        if row["alias"] in behind:
            marks = found.setdefault(behind[row["alias"]], {})
            marks |= {one["item"]: one["mark"] for one in row["items"]}
    return found
