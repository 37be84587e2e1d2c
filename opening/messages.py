"""The payloads that people sign, field by field; reading them here, never judging them.

A message is the canonical JSON inside a DSSE envelope; its payload type is
`application/vnd.kaibiao.<name>.v1+json`. Bytes are lower-case hex, times are milliseconds UTC.
"""

from functools import lru_cache
from typing import Annotated, ClassVar, Literal, Self, TypeVar

from pydantic import Field, StringConstraints

from crypto import canonical
from record.events import (
    Amount,
    Frozen,
    Hex32,
    Hex64,
    HexBytes,
    Line,
    Millis,
    OrganisationId,
    Prose,
    Size,
)

SectionId = Annotated[str, StringConstraints(pattern=r"^[a-z0-9][a-z0-9-]{0,31}$")]
ProjectId = Hex32
BidId = Hex32
EnvelopeNumber = Literal[1, 2]
Point33 = Annotated[str, StringConstraints(pattern=r"^0[23][0-9a-f]{64}$")]
Point65 = Annotated[str, StringConstraints(pattern=r"^04[0-9a-f]{128}$")]
Spki = Annotated[str, StringConstraints(pattern=r"^([0-9a-f]{2}){40,600}$")]
Vkey = Annotated[str, StringConstraints(pattern=r"^[!-~]{1,300}$")]
Index = Annotated[int, Field(ge=0, le=64)]
"""A custodian's place on the roster, from 1; the timekeeper is 0."""
SUITE = "P256-SHA256-A256GCM"


SHORT = 4096
"""The longest payload whose reading is remembered, bytes: a command's message is read three times,
by its check, its rule and the fold."""


class Message(Frozen):
    """The payload of one signed message."""

    name: ClassVar[str]
    v: Literal[1]

    @classmethod
    def payload_type(cls) -> str:
        """Return the DSSE payload type of this message."""
        return f"application/vnd.kaibiao.{cls.name}.v1+json"

    @classmethod
    def read(cls, payload: bytes) -> Self:
        """Parse a payload strictly; ValueError when it is not canonical or not this message."""
        return _read_short(cls, payload) if len(payload) <= SHORT else _read(cls, payload)

    def payload(self) -> bytes:
        """Return the canonical bytes to sign."""
        return canonical.dumps(self.model_dump(mode="json", exclude_none=True))


Read = TypeVar("Read", bound=Message)


def _read(kind: type[Read], payload: bytes) -> Read:
    canonical.loads(payload, limit=16 << 20)
    return kind.model_validate_json(payload)


# A message is frozen, so that one value may be handed out many times.
_read_short = lru_cache(maxsize=512)(_read)


class RosterMember(Frozen):
    """A custodian as the ceremony names it."""

    name: Line
    organisation: Line
    key: Spki


class Timekeeper(Frozen):
    """The timekeeper: its signing key, and the verifier key of its cosignatures."""

    name: Line
    key: Spki
    witness: Vkey


class CeremonyStart(Message):
    """The clerk starts one attempt to make the key of one envelope of one section."""

    name: ClassVar[str] = "ceremony-start"
    project: ProjectId
    section: SectionId
    envelope: EnvelopeNumber
    attempt: Annotated[int, Field(ge=1, le=1000)]
    suite: Literal["P256-SHA256-A256GCM"]
    n: Annotated[int, Field(ge=2, le=64)]
    k: Annotated[int, Field(ge=2, le=64)]
    roster: tuple[RosterMember, ...]
    timekeeper: Timekeeper
    join_by: Millis
    deal_by: Millis
    certify_by: Millis
    co_open: bool


class CeremonyJoin(Message):
    """A custodian (or the timekeeper, i = 0, without p) commits before anything is revealed."""

    name: ClassVar[str] = "ceremony-join"
    sid: Hex64
    i: Index
    commit: Hex64
    p: Point33 | None = None


class CeremonyDeal(Message):
    """A custodian's dealing: commitments, proof of possession, ephemeral key, ciphertexts."""

    name: ClassVar[str] = "ceremony-deal"
    sid: Hex64
    i: Annotated[int, Field(ge=1, le=64)]
    c: tuple[Point33, ...]
    pop: HexBytes
    e: Point33
    shares: tuple[HexBytes, ...]


class TimekeeperDeal(Message):
    """The timekeeper's dealing: its public share key and the proof that it has the secret."""

    name: ClassVar[str] = "ceremony-deal"
    sid: Hex64
    i: Literal[0]
    y: Point33
    pop: HexBytes


class CeremonyCertify(Message):
    """A party signs the whole transcript."""

    name: ClassVar[str] = "ceremony-certify"
    sid: Hex64
    i: Index
    key_id: Hex64
    sig: HexBytes


class CeremonyAbort(Message):
    """Somebody found the attempt broken and says by whom; `d` opens its own static key of it."""

    name: ClassVar[str] = "ceremony-abort"
    sid: Hex64
    i: Index
    offender: Index
    cause: Literal["share", "kit", "timekeeper", "transcript"]
    d: Hex64 | None = None


class Rehearsal(Message):
    """A custodian proves that it still can compute with its share."""

    name: ClassVar[str] = "rehearsal"
    key_id: Hex64
    i: Annotated[int, Field(ge=1, le=64)]
    checkpoint: Annotated[str, StringConstraints(max_length=4000)]
    sig: HexBytes


class BidParams(Message):
    """What a bid's encryption is bound to; its bytes travel as the text `params` of a bid."""

    name: ClassVar[str] = "bid-params"
    suite: Literal["P256-SHA256-A256GCM"]
    project: ProjectId
    section: SectionId
    envelope: EnvelopeNumber
    key: Hex64
    key_id: Hex64
    bidder: OrganisationId
    bid: BidId
    revision: Annotated[int, Field(ge=1, le=100_000)]
    supersedes: BidId | None = None
    bidder_secret_commit: Hex64 | None = None
    media_type: Literal["application/zip"]
    created: Millis


class Bid(Message):
    """A sealed bid: what the service keeps of it besides the sealed file."""

    name: ClassVar[str] = "bid"
    params: Annotated[str, StringConstraints(max_length=4096)]
    enc: Point65
    ct: Annotated[str, StringConstraints(pattern=r"^[0-9a-f]{96}$")]
    size: Size
    root: Hex64
    pok: Annotated[str, StringConstraints(pattern=r"^[0-9a-f]{130}$")]


class Withdraw(Message):
    """A bidder takes its bid back before the deadline."""

    name: ClassVar[str] = "withdraw"
    project: ProjectId
    bid: BidId


class OrderedBid(Frozen):
    """One line of the opening list."""

    bid: BidId
    seq: Annotated[int, Field(ge=1)]
    enc: Point65
    stmt: Hex64


class OpeningOrder(Message):
    """The clerk orders the opening of exactly these bids."""

    name: ClassVar[str] = "opening-order"
    project: ProjectId
    section: SectionId
    envelope: EnvelopeNumber
    key_id: Hex64
    scheduled_at: Millis
    bids: tuple[OrderedBid, ...]


class BidShare(Frozen):
    """A share for one bid: D | T1 | T2 | z, 131 bytes."""

    bid: BidId
    share: Annotated[str, StringConstraints(pattern=r"^[0-9a-f]{262}$")]


class Partial(Message):
    """A custodian's shares of all bids on the order, in the order's order."""

    name: ClassVar[str] = "partial"
    project: ProjectId
    key_id: Hex64
    opening_id: Hex64
    i: Annotated[int, Field(ge=1, le=64)]
    shares: tuple[BidShare, ...]


class Release(Message):
    """The timekeeper's shares, the last to come."""

    name: ClassVar[str] = "release"
    project: ProjectId
    key_id: Hex64
    opening_id: Hex64
    i: Literal[0]
    shares: tuple[BidShare, ...]


class Erase(Message):
    """The timekeeper erased its share key of one ceremony attempt, every copy."""

    name: ClassVar[str] = "erase"
    project: ProjectId
    sid: Hex64
    key_id: Hex64 | None = None


class Refusal(Message):
    """The service's signed answer to a signed bid that it did not admit."""

    name: ClassVar[str] = "refusal"
    project: ProjectId
    code: Annotated[str, StringConstraints(pattern=r"^[a-z_]+\.[a-z0-9_]+$")]
    at: Millis
    received: Hex64


class MinutesSignature(Message):
    """A person signs the minutes of one opening, by the hash of their facts and of the PDF."""

    name: ClassVar[str] = "minutes"
    project: ProjectId
    section: SectionId
    envelope: EnvelopeNumber
    facts: Hex64
    pdf: Hex64


class StageDecision(Message):
    """The committee's result of the first envelope, as the clerk records it."""

    name: ClassVar[str] = "stage-decision"
    project: ProjectId
    section: SectionId
    passed: tuple[OrganisationId, ...]
    failed: tuple["FailedBidder", ...]


class FailedBidder(Frozen):
    """A bidder whose second envelope stays sealed, and why."""

    organisation: OrganisationId
    reason: Line


class NoticeDocument(Frozen):
    """A tender document as the notice names it."""

    document: Hex32
    title: Line
    name: Line
    size: Size
    sha256: Hex64


class FormField(Frozen):
    """A field that a project adds to the bid form."""

    field: Annotated[str, StringConstraints(pattern=r"^[a-z][a-z0-9_]{0,31}$")]
    title: Line
    kind: Literal["text", "amount", "integer", "decimal", "date"]
    required: bool


class Windows(Frozen):
    """How long each part of the opening session lasts, in milliseconds."""

    sign_in: Millis
    secrets: Millis
    draw: Millis
    confirm: Millis
    objections: Millis


class Periods(Frozen):
    """What the law wants left: before a deadline, after an outage, to object to a result; in ms."""

    tender: Millis = 20 * 86_400_000
    """The least time from the notice to the deadline; Law 24."""
    amendment: Millis = 15 * 86_400_000
    """The least time from an amendment that affects bids to the deadline; Law 23."""
    outage: Millis = 10 * 60_000
    """An outage counts when it touches this last stretch before the deadline; 0: none counts."""
    decision: Millis = 30 * 60_000
    """How long the close waits for the clerk's decision after such an outage."""
    publication: Millis = 3 * 86_400_000
    """The least time for which candidates are published; Regulation 54."""


class NoticeKey(Frozen):
    """The key of one envelope, as the notice prints it."""

    envelope: EnvelopeNumber
    sid: Hex64
    key_id: Hex64
    key: Point65
    fingerprint: tuple[Annotated[int, Field(ge=0, lt=2048)], ...]
    k: Annotated[int, Field(ge=2, le=64)]
    roster: tuple[RosterMember, ...]
    timekeeper: Timekeeper


class NoticeSection(Frozen):
    """A section as the notice announces it."""

    section: SectionId
    title: Line
    envelopes: EnvelopeNumber
    limit: Amount | None = None
    minimum_bidders: Annotated[int, Field(ge=1, le=100)]
    max_size: Size
    co_open: bool
    question_deadline: Millis
    deadline: Millis
    windows: Windows
    periods: Periods
    form: tuple[FormField, ...]
    draw: tuple[Line, ...]
    scoring: Hex64 | None = None
    """SHA-256 of the canonical scoring rule; left out where the section is not scored here."""
    keys: tuple[NoticeKey, ...]


class Notice(Message):
    """The tender notice 招标公告: what bidders rely on, signed by the clerk."""

    name: ClassVar[str] = "notice"
    project: ProjectId
    number: Line
    title: Line
    tenderer: Line
    agency: Line | None = None
    currency: Annotated[str, StringConstraints(pattern=r"^[A-Z]{3}$")]
    documents: tuple[NoticeDocument, ...]
    sections: tuple[NoticeSection, ...]
    remedy: Prose
    """What happens to the bids if fewer than k kits survive 补救方案."""


class Amendment(Message):
    """A clarification or change 澄清修改 of the tender documents, signed by the clerk."""

    name: ClassVar[str] = "amendment"
    project: ProjectId
    section: SectionId
    text: Prose
    documents: tuple[NoticeDocument, ...]
    affects_bids: bool
    bids: Literal["stay", "replace"]
    deadline: Millis
