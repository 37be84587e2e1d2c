"""What a record comes to, entry by entry; values alone, no rule stands here."""

from dataclasses import dataclass, field
from typing import Any

from verifier.cocktail import Ceremony
from verifier.committee import Evaluation
from verifier.curve import Affine
from verifier.entries import Entry

Fields = dict[str, Any]
Place = tuple[str, int]
"""(section, envelope)."""


@dataclass
class Person:
    """Somebody bound, in one role; `keys` are all it ever had, `since` when it got the last."""

    account: str
    role: str
    name: str
    organisation: str
    organisation_name: str
    keyid: str | None
    since: int
    keys: dict[str, str] = field(default_factory=dict)
    seq: int = 0
    organisation_code: str = ""


@dataclass
class Attempt:
    """An attempt at a key; parties are 0, the timekeeper, and custodians 1..n."""

    sid: str
    start: Fields
    seq: int
    joins: dict[int, Entry] = field(default_factory=dict)
    deals: dict[int, Entry] = field(default_factory=dict)
    certifies: dict[int, Entry] = field(default_factory=dict)
    status: str = "open"
    erased: int | None = None
    sums: Ceremony | None = None
    """What the deals come to, once all are there and in form."""

    @property
    def place(self) -> Place:
        """The place whose key it is for."""
        return self.start["section"], self.start["envelope"]

    @property
    def parties(self) -> range:
        """All parties."""
        return range(self.start["n"] + 1)

    @property
    def step(self) -> tuple[str, dict[int, Entry]]:
        """The step it is at, and who has done it."""
        for name, done in (("join", self.joins), ("deal", self.deals)):
            if len(done) < len(self.parties):
                return name, done
        return "certify", self.certifies

    def key_of(self, party: int) -> str:
        """Return a party's signing key as the roster has it; empty where there is no such party."""
        if party == 0:
            key: str = self.start["timekeeper"]["key"]
            return key
        roster = self.start["roster"]
        return roster[party - 1]["key"] if 0 < party <= len(roster) else ""

    def entries(self) -> list[int]:
        """Return the numbers of all its entries."""
        done = (*self.joins.values(), *self.deals.values(), *self.certifies.values())
        return [self.seq, *(entry.seq for entry in done)]


@dataclass
class Key:
    """A key as its event says it is."""

    place: Place
    sid: str
    key_id: str
    pk: bytes
    y_t: Affine
    y: list[Affine]
    seq: int
    erased: int | None = None


@dataclass
class Bid:
    """An admitted bid."""

    bid: str
    seq: int
    at: int
    place: Place
    key_id: str
    organisation: str
    account: str
    keyid: str
    revision: int
    params: bytes
    enc: bytes
    ct: bytes
    size: int
    root: str
    stmt: bytes
    commit: str | None
    status: str = "live"
    point: Affine | None = None
    """The encapsulated key, where it is a point."""


@dataclass
class Draw:
    """A draw."""

    draw: str
    purpose: str
    values: list[str]
    parties: list[str]
    attempt: int
    entries: list[int]
    """The numbers of all its entries."""
    commits: dict[str, str] = field(default_factory=dict)
    root: str | None = None
    reveals: dict[str, str] = field(default_factory=dict)
    defaulted: list[str] = field(default_factory=list)
    seed: str | None = None
    result: str | None = None


@dataclass
class Objection:
    """An objection."""

    objection: str
    organisation: str
    text: str
    at: int
    answer: str | None = None
    answered_at: int | None = None


@dataclass
class Session:
    """The opening session of a place."""

    stage: str = "lobby"
    paused: int | None = None
    closed: Entry | None = None
    sign_ins: list[Fields] = field(default_factory=list)
    files: Entry | None = None
    announced: Entry | None = None
    windows: dict[str, int] = field(default_factory=dict)
    ended: dict[str, int] = field(default_factory=dict)
    """Window -> when it ended last."""
    secrets: dict[str, Entry] = field(default_factory=dict)
    order: Entry | None = None
    opening_id: str = ""
    partials: dict[int, Entry] = field(default_factory=dict)
    points: dict[int, dict[str, Affine]] = field(default_factory=dict)
    """Party -> bid -> D of a share whose proof holds."""
    release: Entry | None = None
    opened: dict[str, Entry] = field(default_factory=dict)
    spoiled: dict[str, Entry] = field(default_factory=dict)
    decrypted: Entry | None = None
    read_out: dict[str, int] = field(default_factory=dict)
    confirmed: dict[str, int] = field(default_factory=dict)
    draws: dict[str, Draw] = field(default_factory=dict)
    objections: dict[str, Objection] = field(default_factory=dict)
    minutes: Entry | None = None
    signed: dict[str, str] = field(default_factory=dict)
    remarks: list[Fields] = field(default_factory=list)

    @property
    def lost(self) -> set[str]:
        """The bids whose files were found lost between close and order."""
        return set() if self.files is None else {one["bid"] for one in self.files.body["lost"]}


@dataclass
class Section:
    """A section; `terms` with the deadline in force."""

    terms: Fields
    seq: int
    open: bool = False
    suspended: int | None = None
    failed: bool = False
    approved: bool = False
    terminated: bool = False
    passed_on: list[str] | None = None
    outage: Fields | None = None
    """The outage noted for the deadline `of`, and what was decided."""


BEFORE_THERE_WAS: Fields = {"publication": 3 * 86_400_000}
"""Periods that terms of older records do not name, ms."""


@dataclass
class Published:
    """A section's result as it was published, and what came of it."""

    entry: Entry
    until: int
    entries: list[int]
    """All that moved its end, and the publication itself."""
    objections: dict[str, Entry] = field(default_factory=dict)
    answered: set[str] = field(default_factory=set)
    awarded: Entry | None = None
    withdrawn: Entry | None = None
    """By which it was withdrawn for a re-evaluation."""

    @property
    def withdrawn_for(self) -> str | None:
        """The re-evaluation it is withdrawn for."""
        return None if self.withdrawn is None else self.withdrawn.body["reevaluation"]

    @property
    def withdrawn_at(self) -> int:
        """When it was withdrawn, ms UTC; 0 where it is not."""
        return 0 if self.withdrawn is None else self.withdrawn.at


@dataclass
class Notice:
    """A supervisor's notice."""

    section: str
    seq: int
    reply: bool = False


@dataclass
class State:
    """Everything a record says up to some entry."""

    project: str
    created: Entry | None = None
    corrected: Entry | None = None
    """The last correction of the project's head."""
    notice: Entry | None = None
    people: dict[tuple[str, str], Person] = field(default_factory=dict)
    known: dict[tuple[str, str], Person] = field(default_factory=dict)
    """Whoever ever took part, as last bound."""
    offices: dict[str, int] = field(default_factory=dict)
    """Organisations that ever held a role other than bidder, and the entry that says so."""
    documents: dict[str, Fields] = field(default_factory=dict)
    published: set[str] = field(default_factory=set)
    sections: dict[str, Section] = field(default_factory=dict)
    attempts: dict[str, Attempt] = field(default_factory=dict)
    keys: dict[Place, Key] = field(default_factory=dict)
    bids: dict[str, Bid] = field(default_factory=dict)
    sessions: dict[Place, Session] = field(default_factory=dict)
    refused: list[tuple[Place | None, Fields]] = field(default_factory=list)
    key_changes: list[Fields] = field(default_factory=list)
    questions: dict[str, bool] = field(default_factory=dict)
    """Question -> whether it is answered."""
    notices: dict[str, Notice] = field(default_factory=dict)
    amended: Entry | None = None
    decided: dict[str, Entry] = field(default_factory=dict)
    """Section -> the committee's result of the first envelope."""
    rules: dict[str, Entry] = field(default_factory=dict)
    """Section -> its scoring rule, as last set."""
    evaluations: dict[str, Evaluation] = field(default_factory=dict)
    """By section, from the naming of the committee on."""
    results: dict[str, Published] = field(default_factory=dict)
    """Section -> its result, from the publication of candidates on."""
    former: dict[str, list[Published]] = field(default_factory=dict)
    """Section -> the results that were withdrawn and are not published again."""

    def results_of(self, section: str) -> list[Published]:
        """Return every result of a section that was ever published, what is published now last."""
        now = self.results.get(section)
        return [*self.former.get(section, []), *([] if now is None else [now])]

    def session(self, place: Place) -> Session:
        """Return the session of a place; one nobody has touched is in its lobby."""
        return self.sessions.setdefault(place, Session())

    def holder(self, role: str, keyid: str) -> Person | None:
        """Return who of a role signs with a key now."""
        for person in self.people.values():
            if person.role == role and person.keyid == keyid:
                return person
        return None

    def attempt_of(self, place: Place) -> Attempt | None:
        """Return the attempt a place's key came from."""
        key = self.keys.get(place)
        return None if key is None else self.attempts.get(key.sid)

    def key_by_id(self, key_id: str) -> Key | None:
        """Return a key by its id."""
        return next((key for key in self.keys.values() if key.key_id == key_id), None)

    def order_of(self, opening_id: str) -> tuple[Place, Session] | None:
        """Return the place and session of an order."""
        for place, session in self.sessions.items():
            if session.order is not None and session.opening_id == opening_id:
                return place, session
        return None

    def draw(self, draw: str) -> tuple[Place, Draw] | None:
        """Return a draw with its place."""
        for place, session in self.sessions.items():
            if draw in session.draws:
                return place, session.draws[draw]
        return None

    def objection(self, objection: str) -> tuple[Place, Objection] | None:
        """Return an objection with its place."""
        for place, session in self.sessions.items():
            if objection in session.objections:
                return place, session.objections[objection]
        return None

    def bids_at(self, place: Place) -> list[Bid]:
        """Return every bid ever admitted at a place, by seq."""
        return [bid for bid in self.bids.values() if bid.place == place]

    def last_bid(self, place: Place, organisation: str) -> Bid | None:
        """Return a bidder's bid of the highest revision at a place."""
        own = [bid for bid in self.bids_at(place) if bid.organisation == organisation]
        return max(own, key=lambda bid: bid.revision, default=None)

    def other_half(self, bid: Bid) -> Bid | None:
        """Return the bidder's live bid of the other envelope."""
        other = self.last_bid((bid.place[0], 3 - bid.place[1]), bid.organisation)
        return other if other is not None and other.status == "live" else None

    def due(self, place: Place) -> list[Bid]:
        """Return the bids whose opening is due at a place, by seq."""
        if self.session(place).closed is None:
            return []
        live = [bid for bid in self.bids_at(place) if bid.status == "live"]
        if place[1] == 1:
            return live
        section = self.sections.get(place[0])
        passed = set(section.passed_on or ()) if section is not None else set()
        passed &= self.opened_first(place[0])
        return [bid for bid in live if bid.organisation in passed]

    def openable(self, place: Place) -> list[Bid]:
        """Return the due bids that the order must name: file there, secret released."""
        session = self.session(place)
        return [
            bid
            for bid in self.due(place)
            if bid.bid not in session.lost and (bid.commit is None or bid.bid in session.secrets)
        ]

    def opened_first(self, section: str) -> set[str]:
        """Return the organisations whose first envelope was opened."""
        opened = self.session((section, 1)).opened
        return {self.bids[bid].organisation for bid in opened if bid in self.bids}

    def judged(self, place: Place) -> list[tuple[Bid, str]]:
        """Return every bid of a place with its status at a close made now, by seq."""
        section = self.sections.get(place[0])
        two = section is not None and section.terms["envelopes"] == 2
        other = (place[0], 3 - place[1])
        whole = {bid.organisation for bid in self.bids_at(other) if bid.status == "live"}
        return [
            (bid, "incomplete")
            if two and bid.status == "live" and bid.organisation not in whole
            else (bid, bid.status)
            for bid in self.bids_at(place)
        ]

    def place_of(self, entry: Entry) -> Place | None:
        """Return the place an entry of an opening is about, None where it is about none."""
        body, name = entry.body, entry.type
        if "section" in body and "envelope" in body and isinstance(body["envelope"], int):
            return body["section"], body["envelope"]
        if "bid" in body and body["bid"] in self.bids:
            return self.bids[body["bid"]].place
        if name in {"opening.partial_posted", "opening.key_released"}:
            found = self.order_of(entry.message["opening_id"])
            return None if found is None else found[0]
        if name in {"opening.order_issued", "opening.minutes_signed"}:
            return entry.message["section"], entry.message["envelope"]
        return self._place_of_part(body)

    def _place_of_part(self, body: Fields) -> Place | None:
        """Return the place of a draw or an objection."""
        drawn = self.draw(body["draw"]) if isinstance(body.get("draw"), str) else None
        objected = self.objection(body["objection"]) if "objection" in body else None
        found = drawn or objected
        return None if found is None else found[0]
