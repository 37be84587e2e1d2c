"""The state of keys, bids and sessions, folded from the record; values only."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal

from opening.events import BidOpened, BidSpoiled, LostFile, SignedIn
from opening.messages import CeremonyStart, EnvelopeNumber, OpeningOrder
from opening.participants import Participants, Role
from opening.terms import TermsSet
from record.events import Signed, Stamp

Place = tuple[str, EnvelopeNumber]
"""(section, envelope)."""


@dataclass(frozen=True, slots=True)
class Attempt:
    """One attempt at the key of a place; parties are 0 (timekeeper) and 1..n."""

    sid: str
    start: CeremonyStart
    payload: bytes
    started: Signed
    joins: Mapping[int, Signed] = field(default_factory=dict)
    deals: Mapping[int, Signed] = field(default_factory=dict)
    certifies: Mapping[int, Signed] = field(default_factory=dict)
    status: Literal["open", "made", "dead"] = "open"
    ended: str = ""
    """Why it is dead: the abort's cause, or `expired`."""
    offenders: tuple[int, ...] = ()
    erased: bool = False


@dataclass(frozen=True, slots=True)
class Key:
    """The key of a place; its certificate is the attempt it came from."""

    place: Place
    sid: str
    key_id: str
    pk: bytes
    y_t: bytes
    y: tuple[bytes, ...]
    rehearsed: Mapping[int, int] = field(default_factory=dict)
    """Custodian -> ms of its last rehearsal."""
    erased: bool = False


@dataclass(frozen=True, slots=True)
class SealedBid:
    """An admitted bid."""

    bid: str
    stamp: Stamp
    place: Place
    key_id: str
    organisation: str
    account: str
    keyid: str
    """The key that signed it."""
    revision: int
    params: bytes
    enc: bytes
    ct: bytes
    size: int
    root: bytes
    stmt: bytes
    secret_commit: str | None
    status: Literal["live", "superseded", "withdrawn", "incomplete"] = "live"
    """`incomplete` only from the close on: its other envelope is missing."""


@dataclass(frozen=True, slots=True)
class Closed:
    """The close of a place."""

    stamp: Stamp
    deadline: int
    count: int
    list: str


@dataclass(frozen=True, slots=True)
class Draw:
    """A draw by commit and reveal."""

    draw: str
    purpose: str
    values: tuple[str, ...]
    parties: tuple[str, ...]
    attempt: int
    commits: Mapping[str, str] = field(default_factory=dict)
    root: str | None = None
    reveals: Mapping[str, str] = field(default_factory=dict)
    defaulted: tuple[str, ...] = ()
    seed: str | None = None
    result: str | None = None


@dataclass(frozen=True, slots=True)
class Objection:
    """An objection raised in a session."""

    objection: str
    organisation: str
    text: str
    stamp: Stamp
    answer: str | None = None


@dataclass(frozen=True, slots=True)
class Minutes:
    """The minutes as drawn up, and who signed them (account -> role)."""

    facts: str
    pdf: str
    pdf_size: int
    signed: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Remark:
    """A pause, a resumption or an extension `extended/<window>` in a session, with its reason."""

    at: int
    what: str
    reason: str = ""


Stage = Literal[
    "lobby",
    "closed",
    "announced",
    "secrets",
    "decrypting",
    "read_out",
    "draw",
    "confirm",
    "objections",
    "minutes",
    "ended",
]


@dataclass(frozen=True, slots=True)
class Session:
    """The opening session of one place."""

    stage: Stage = "lobby"
    paused: int | None = None
    """Since when, ms; None while it runs."""
    sign_ins: tuple[SignedIn, ...] = ()
    closed: Closed | None = None
    intact: tuple[str, ...] | None = None
    lost: tuple[LostFile, ...] = ()
    announced: tuple[str, ...] = ()
    windows: Mapping[str, int] = field(default_factory=dict)
    """Open windows: name -> until, ms."""
    secrets: Mapping[str, str] = field(default_factory=dict)
    """Bid -> its released secret, hex."""
    order: OpeningOrder | None = None
    opening_id: str | None = None
    order_stamp: Stamp | None = None
    partials: Mapping[int, Mapping[str, bytes]] = field(default_factory=dict)
    """Custodian -> bid -> share of 131 bytes, verified before it was recorded."""
    release: Mapping[str, bytes] | None = None
    opened: Mapping[str, BidOpened] = field(default_factory=dict)
    spoiled: Mapping[str, BidSpoiled] = field(default_factory=dict)
    read_out: tuple[str, ...] = ()
    draws: Mapping[str, Draw] = field(default_factory=dict)
    confirmed: tuple[str, ...] = ()
    objections: Mapping[str, Objection] = field(default_factory=dict)
    minutes: Minutes | None = None
    remarks: tuple[Remark, ...] = ()
    moments: Mapping[str, int] = field(default_factory=dict)
    """When each step happened, ms: `announced`, `partial/<i>`, `sign_in/<role>/<account>` ..."""


@dataclass(frozen=True, slots=True)
class Section:
    """A section as the opening sees it."""

    terms: TermsSet
    taking_bids: bool = False
    suspended: int | None = None
    """Since when, ms; None while it runs."""
    failed: bool = False
    approved: bool = False
    """Fewer bidders than the minimum, but the opening goes on with an approval."""
    terminated: bool = False
    passed_on: tuple[str, ...] | None = None
    """Organisations whose second envelope may be opened; None before the decision."""
    awarded: bool = False
    """It has its result; nothing more is decided in it."""


@dataclass(frozen=True, slots=True)
class RefusedBid:
    """A bid signed by a registered bidder that was not admitted; the minutes name it."""

    place: Place | None
    """None where not even that could be read."""
    organisation: str
    at: int
    code: str


@dataclass(frozen=True, slots=True)
class KeyChange:
    """A participant's change of signing key; the minutes name a bidder's."""

    account: str
    organisation: str
    role: Role
    at: int
    old: str
    new: str
    reason: str


@dataclass(frozen=True, slots=True)
class OpeningState:
    """Everything the opening rules know of one project."""

    project: str
    participants: Participants = field(default_factory=dict)
    known: Participants = field(default_factory=dict)
    """Whoever ever took part, as last bound: minutes name those too that were released since."""
    clerk_keys: Mapping[str, str] = field(default_factory=dict)
    """Every key a clerk ever had, of those released too: keyid -> SPKI hex.

    For checking what was signed with it at the time; who may sign now is in `participants`.
    """
    sections: Mapping[str, Section] = field(default_factory=dict)
    attempts: Mapping[str, Attempt] = field(default_factory=dict)
    """By sid."""
    keys: Mapping[Place, Key] = field(default_factory=dict)
    bids: Mapping[str, SealedBid] = field(default_factory=dict)
    """By bid id, every bid ever admitted, in the record's order."""
    encs: frozenset[tuple[str, bytes]] = frozenset()
    """(key_id, x of enc) of every bid ever admitted."""
    sessions: Mapping[Place, Session] = field(default_factory=dict)
    refused: tuple[RefusedBid, ...] = ()
    key_changes: tuple[KeyChange, ...] = ()
