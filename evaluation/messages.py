"""What is signed in an evaluation and of its result, field by field; read here, never judged."""

from typing import Annotated, ClassVar, Literal

from pydantic import Field, StringConstraints

from evaluation.blind_events import Alias
from evaluation.scoring.exact import Positive
from evaluation.scoring.rule import ItemId
from evaluation.values import Amount, Reason, SeatNumber
from opening.messages import BidId, Message, ProjectId, SectionId
from record.events import Frozen, Hex32, Hex64, Line, Millis, OrganisationId, Prose, Size


class Commitment(Message):
    """The commitment 承诺书: independent, secret, and responsible for one's own opinion."""

    name: ClassVar[str] = "commitment"
    project: ProjectId
    section: SectionId
    seat: SeatNumber
    text: Hex64
    """SHA-256 of the text that was signed, as the service's pages show it."""


class ItemMark(Frozen):
    """A mark for one item."""

    item: ItemId
    mark: Positive


class BidMarks(Frozen):
    """The marks of one bid."""

    bid: BidId
    items: Annotated[tuple[ItemMark, ...], Field(max_length=1000)]


class AliasMarks(Frozen):
    """The marks of a blind part 暗标, by its alias."""

    alias: Alias
    items: Annotated[tuple[ItemMark, ...], Field(max_length=1000)]


class BlindMarks(Frozen):
    """The marks of all blind parts, under the aliases of one draw."""

    draw: Hex32
    marks: Annotated[tuple[AliasMarks, ...], Field(max_length=1000)]


class ScoreSheet(Message):
    """A member's marks for every item of every bid that is still in, given alone."""

    name: ClassVar[str] = "score-sheet"
    project: ProjectId
    section: SectionId
    seat: SeatNumber
    rule: Hex64
    """SHA-256 of the canonical rule the marks are given by."""
    marks: Annotated[tuple[BidMarks, ...], Field(max_length=1000)]
    """Of items that are not blind."""
    blind: BlindMarks | None = None
    """Of blind items; left out where the rule has none."""


class Remark(Frozen):
    """A mark given again; a reason where it is another one, and only there."""

    bid: BidId
    item: ItemId
    mark: Positive
    reason: Reason | None = None


class Remarks(Message):
    """A member's marks of all that a re-evaluation 复评 names, given alone."""

    name: ClassVar[str] = "remarks"
    project: ProjectId
    section: SectionId
    reevaluation: Hex32
    seat: SeatNumber
    rule: Hex64
    """SHA-256 of the canonical rule the marks are given by."""
    marks: Annotated[tuple[Remark, ...], Field(max_length=1000)]


class Attached(Frozen):
    """A file attached to an answer; its bytes lie beside the record."""

    name: Annotated[str, StringConstraints(min_length=1, max_length=200)]
    sha256: Hex64
    size: Size


class ClarificationAnswer(Message):
    """A bidder's answer to a clarification 澄清、说明或补正."""

    name: ClassVar[str] = "clarification-answer"
    project: ProjectId
    section: SectionId
    clarification: Hex32
    question: Hex64
    """SHA-256 of the question as it was sent, in UTF-8."""
    text: Prose
    attachments: Annotated[tuple[Attached, ...], Field(max_length=100)] | None = None
    """In the order in which the bidder names them; left out where there are none."""


class CorrectionAnswer(Message):
    """A bidder's confirmation of a corrected price 算术修正, or its refusal."""

    name: ClassVar[str] = "correction-answer"
    project: ProjectId
    section: SectionId
    correction: Hex32
    bid: BidId
    price: Amount
    """The corrected price it was asked about, minor units."""
    accepts: bool


class ReportSignature(Message):
    """A member's signature of the report 评标报告, or its dissent with reasons."""

    name: ClassVar[str] = "report"
    project: ProjectId
    section: SectionId
    seat: SeatNumber
    facts: Hex64
    pdf: Hex64
    opinion: Literal["agrees", "dissents"]
    reasons: Prose | None = None
    """Of a dissent, and only there."""


NoCandidate = Literal["no_valid_bid", "competition_lacking", "rule_inapplicable"]
"""Why a result has no candidate: every bid is out, or the rule cannot be applied to what is in."""


class Candidate(Frozen):
    """A candidate 中标候选人 as the report places it."""

    place: Annotated[int, Field(ge=1, le=1000)]
    bid: BidId
    organisation: OrganisationId
    name: Line
    price: Line
    """As it was evaluated: in minor units, or a rate."""
    total: Line
    """Points, or the price that decides."""


class Candidates(Message):
    """The publication 公示 of what a report found, as the clerk signs it."""

    name: ClassVar[str] = "candidates"
    project: ProjectId
    section: SectionId
    facts: Hex64
    """SHA-256 of the facts of the report."""
    until: Millis
    """Until when bidders may object."""
    candidates: Annotated[tuple[Candidate, ...], Field(max_length=1000)]
    reason: NoCandidate | None = None
    """Of a result without candidates, and only there."""
    reevaluation: Hex32 | None = None
    """The re-evaluation 复评 whose report this is; left out where there was none."""
    replaces: Hex64 | None = None
    """The facts of the result that was published before; left out where none was."""
