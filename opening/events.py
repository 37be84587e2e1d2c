"""What happens to keys, bids and the session of one envelope of one section; facts alone."""

from typing import Literal

from opening.messages import BidId, EnvelopeNumber, Index, Point33, Point65, SectionId
from record.events import (
    Account,
    Event,
    Frozen,
    Hex32,
    Hex64,
    Line,
    Millis,
    OrganisationId,
    Prose,
    Signed,
    Size,
)


class CeremonyStarted(Event):
    """The clerk started an attempt; the envelope holds `ceremony-start`."""

    type: Literal["opening.ceremony_started"] = "opening.ceremony_started"
    envelope: Signed


class CeremonyJoined(Event):
    """A party committed; the envelope holds `ceremony-join`."""

    type: Literal["opening.ceremony_joined"] = "opening.ceremony_joined"
    envelope: Signed


class CeremonyDealt(Event):
    """A party dealt; the envelope holds `ceremony-deal`."""

    type: Literal["opening.ceremony_dealt"] = "opening.ceremony_dealt"
    envelope: Signed


class CeremonyCertified(Event):
    """A party signed the transcript; the envelope holds `ceremony-certify`."""

    type: Literal["opening.ceremony_certified"] = "opening.ceremony_certified"
    envelope: Signed


class CeremonyAborted(Event):
    """An attempt is dead; the envelope holds `ceremony-abort`.

    `offenders` are whom the evidence names: the dealers of bad shares, or who accused wrongly.
    """

    type: Literal["opening.ceremony_aborted"] = "opening.ceremony_aborted"
    envelope: Signed
    offenders: tuple[Index, ...]


class CeremonyExpired(Event):
    """An attempt is dead because these parties missed a deadline."""

    type: Literal["opening.ceremony_expired"] = "opening.ceremony_expired"
    sid: Hex64
    step: Literal["join", "deal", "certify"]
    missing: tuple[Index, ...]


class KeyMade(Event):
    """The attempt gave a key: the message `key`."""

    type: Literal["opening.key_made"] = "opening.key_made"
    sid: Hex64
    key_id: Hex64
    pk: Point65
    y_t: Point33
    y: tuple[Point33, ...]


class KeyRehearsed(Event):
    """A custodian proved that it still has its share; the envelope holds `rehearsal`."""

    type: Literal["opening.key_rehearsed"] = "opening.key_rehearsed"
    envelope: Signed


class KeyErased(Event):
    """The timekeeper erased its share of a key or of a dead attempt; the envelope holds `erase`."""

    type: Literal["opening.key_erased"] = "opening.key_erased"
    envelope: Signed


class BidAdmitted(Event):
    """A sealed bid arrived whole and was admitted; the envelope holds `bid`."""

    type: Literal["opening.bid_admitted"] = "opening.bid_admitted"
    envelope: Signed


class BidRefused(Event):
    """A bid signed by a registered bidder was not admitted; the answer holds `refusal`."""

    type: Literal["opening.bid_refused"] = "opening.bid_refused"
    organisation: OrganisationId
    envelope: Signed
    answer: Signed


class BidWithdrawn(Event):
    """A bidder took its bid back; the envelope holds `withdraw`."""

    type: Literal["opening.bid_withdrawn"] = "opening.bid_withdrawn"
    envelope: Signed


class BidsClosed(Event):
    """The deadline passed; the list of all bids is fixed: the message `close`."""

    type: Literal["opening.bids_closed"] = "opening.bids_closed"
    section: SectionId
    envelope: EnvelopeNumber
    key_id: Hex64
    deadline: Millis
    count: int
    list: Hex64


class SectionFailed(Event):
    """Fewer bidders than the minimum at the deadline; the bids stay sealed."""

    type: Literal["opening.section_failed"] = "opening.section_failed"
    section: SectionId
    count: int
    minimum: int


class ContinuationApproved(Event):
    """The opening goes on with fewer bidders than the minimum, on a recorded approval."""

    type: Literal["opening.continuation_approved"] = "opening.continuation_approved"
    section: SectionId
    approval: Line
    reason: Prose


class SignedIn(Event):
    """Somebody signed in to the session 签到."""

    type: Literal["opening.signed_in"] = "opening.signed_in"
    section: SectionId
    envelope: EnvelopeNumber
    role: Literal["bidder", "clerk", "custodian", "supervisor", "timekeeper"]
    account: Account
    organisation: OrganisationId


class LostFile(Frozen):
    """A sealed file that is gone or no longer what was admitted."""

    bid: BidId
    found: Literal["missing", "size", "root"]


class FilesChecked(Event):
    """After the close the service read every live sealed file again."""

    type: Literal["opening.files_checked"] = "opening.files_checked"
    section: SectionId
    envelope: EnvelopeNumber
    intact: tuple[BidId, ...]
    lost: tuple[LostFile, ...]


class AnnouncedBidder(Frozen):
    """A bidder whose bid arrived in time, by its public name."""

    organisation: OrganisationId
    name: Line
    bid: BidId


class SessionAnnounced(Event):
    """The discipline was read and the list of bidders published."""

    type: Literal["opening.session_announced"] = "opening.session_announced"
    section: SectionId
    envelope: EnvelopeNumber
    bidders: tuple[AnnouncedBidder, ...]


class WindowOpened(Event):
    """A window of the session opened."""

    type: Literal["opening.window_opened"] = "opening.window_opened"
    section: SectionId
    envelope: EnvelopeNumber
    window: Literal["secrets", "draw", "confirm", "objections"]
    until: Millis


class WindowExtended(Event):
    """A window was extended, with a reason."""

    type: Literal["opening.window_extended"] = "opening.window_extended"
    section: SectionId
    envelope: EnvelopeNumber
    window: Literal["secrets", "draw", "confirm", "objections"]
    until: Millis
    reason: Line


class WindowEnded(Event):
    """A window ended: its time was over, or everybody had done their part."""

    type: Literal["opening.window_ended"] = "opening.window_ended"
    section: SectionId
    envelope: EnvelopeNumber
    window: Literal["secrets", "draw", "confirm", "objections"]


class SecretReleased(Event):
    """A bidder released its own secret: the message `bidder-secret`."""

    type: Literal["opening.secret_released"] = "opening.secret_released"
    bid: BidId
    secret: Hex64


class OrderIssued(Event):
    """The clerk ordered the opening; the envelope holds `opening-order`."""

    type: Literal["opening.order_issued"] = "opening.order_issued"
    envelope: Signed


class PartialPosted(Event):
    """A custodian posted its shares; the envelope holds `partial`."""

    type: Literal["opening.partial_posted"] = "opening.partial_posted"
    envelope: Signed


class KeyReleased(Event):
    """The timekeeper posted the last shares; the envelope holds `release`."""

    type: Literal["opening.key_released"] = "opening.key_released"
    envelope: Signed


class FormProblem(Frozen):
    """One thing in a bid form that is not as the rules want it; shown, never fatal."""

    field: Line
    problem: Literal["missing", "invalid", "unknown", "capitals", "over_limit", "unreadable"]


class BidOpened(Event):
    """A bid was opened and what is inside matches its seal.

    `manifest` is the SHA-256 of manifest.json, `package` that of the ZIP and `size` its length;
    `form` is the text of bid-form.json, absent when it is no UTF-8 text of at most 64 KiB.
    """

    type: Literal["opening.bid_opened"] = "opening.bid_opened"
    bid: BidId
    opening_id: Hex64
    package: Hex64
    size: Size
    manifest: Hex64
    files: int
    form: str | None = None
    problems: tuple[FormProblem, ...]


SpoilCause = Literal[
    "secret_missing",
    "file_lost",
    "ciphertext",
    "commitment",
    "body",
    "package",
]
"""Why a bid on the list, or left off it, could not be opened.

secret_missing: the bidder did not release its secret in time (bidder; deemed revoked 视为撤销).
file_lost: the service lost the sealed file (platform; deemed withdrawn 视为撤回, with a claim).
ciphertext, commitment, body, package: after verified shares the bid itself is wrong (bidder).
"""


class BidSpoiled(Event):
    """A bid could not be opened; the cause comes from evidence in the record."""

    type: Literal["opening.bid_spoiled"] = "opening.bid_spoiled"
    bid: BidId
    cause: SpoilCause
    blame: Literal["bidder", "platform"]
    detail: Line


class DecryptionEnded(Event):
    """Every bid on the order is opened or spoiled."""

    type: Literal["opening.decryption_ended"] = "opening.decryption_ended"
    section: SectionId
    envelope: EnvelopeNumber


class BidReadOut(Event):
    """The line of one bid was read out 唱标."""

    type: Literal["opening.bid_read_out"] = "opening.bid_read_out"
    bid: BidId


class DrawStarted(Event):
    """A draw began: between these parties, over these values, after this root of the log.

    `parties` are accounts; `root` is the root of the newest cosigned checkpoint before the first
    reveal and stands in `DrawSealed`.
    """

    type: Literal["opening.draw_started"] = "opening.draw_started"
    section: SectionId
    envelope: EnvelopeNumber
    draw: Hex32
    purpose: Line
    values: tuple[Line, ...]
    parties: tuple[Account, ...]
    attempt: int


class DrawCommitted(Event):
    """A party committed: H("draw-commit", draw, account, 32 secret bytes)."""

    type: Literal["opening.draw_committed"] = "opening.draw_committed"
    draw: Hex32
    account: Account
    commit: Hex64


class DrawSealed(Event):
    """All parties committed; `root` is the log's root from now on bound into the draw."""

    type: Literal["opening.draw_sealed"] = "opening.draw_sealed"
    draw: Hex32
    root: Hex64


class DrawRevealed(Event):
    """A party revealed the 32 bytes it had committed to."""

    type: Literal["opening.draw_revealed"] = "opening.draw_revealed"
    draw: Hex32
    account: Account
    secret: Hex64


class DrawDefaulted(Event):
    """These parties did not commit or reveal in time; the draw starts anew without them."""

    type: Literal["opening.draw_defaulted"] = "opening.draw_defaulted"
    draw: Hex32
    accounts: tuple[Account, ...]


class DrawEnded(Event):
    """The draw has its result: values[seed mod len(values)], without modulo bias by rejection."""

    type: Literal["opening.draw_ended"] = "opening.draw_ended"
    draw: Hex32
    seed: Hex64
    result: Line


class LineConfirmed(Event):
    """A bidder confirmed its own line as read out."""

    type: Literal["opening.line_confirmed"] = "opening.line_confirmed"
    bid: BidId
    account: Account


class ObjectionRaised(Event):
    """A bidder objected in the session 异议."""

    type: Literal["opening.objection_raised"] = "opening.objection_raised"
    section: SectionId
    envelope: EnvelopeNumber
    objection: Hex32
    organisation: OrganisationId
    text: Prose


class ObjectionAnswered(Event):
    """The clerk answered an objection on the spot."""

    type: Literal["opening.objection_answered"] = "opening.objection_answered"
    objection: Hex32
    answer: Prose


class MinutesDrawnUp(Event):
    """The minutes 开标记录 were drawn up: canonical facts, and a PDF that carries them."""

    type: Literal["opening.minutes_drawn_up"] = "opening.minutes_drawn_up"
    section: SectionId
    envelope: EnvelopeNumber
    facts: Hex64
    pdf: Hex64
    pdf_size: Size


class MinutesSigned(Event):
    """Somebody signed the minutes; the envelope holds `minutes`."""

    type: Literal["opening.minutes_signed"] = "opening.minutes_signed"
    account: Account
    role: Literal["clerk", "supervisor", "bidder"]
    envelope: Signed


class SessionEnded(Event):
    """The session is over; bidders that did not sign are deemed to accept."""

    type: Literal["opening.session_ended"] = "opening.session_ended"
    section: SectionId
    envelope: EnvelopeNumber
    unsigned: tuple[OrganisationId, ...]


class SessionPaused(Event):
    """The session was paused, with a reason."""

    type: Literal["opening.session_paused"] = "opening.session_paused"
    section: SectionId
    envelope: EnvelopeNumber
    reason: Line


class SessionResumed(Event):
    """The session goes on; open windows end this much later."""

    type: Literal["opening.session_resumed"] = "opening.session_resumed"
    section: SectionId
    envelope: EnvelopeNumber
    shift: Millis


OpeningEvent = (
    CeremonyStarted
    | CeremonyJoined
    | CeremonyDealt
    | CeremonyCertified
    | CeremonyAborted
    | CeremonyExpired
    | KeyMade
    | KeyRehearsed
    | KeyErased
    | BidAdmitted
    | BidRefused
    | BidWithdrawn
    | BidsClosed
    | SectionFailed
    | ContinuationApproved
    | SignedIn
    | FilesChecked
    | SessionAnnounced
    | WindowOpened
    | WindowExtended
    | WindowEnded
    | SecretReleased
    | OrderIssued
    | PartialPosted
    | KeyReleased
    | BidOpened
    | BidSpoiled
    | DecryptionEnded
    | BidReadOut
    | DrawStarted
    | DrawCommitted
    | DrawSealed
    | DrawRevealed
    | DrawDefaulted
    | DrawEnded
    | LineConfirmed
    | ObjectionRaised
    | ObjectionAnswered
    | MinutesDrawnUp
    | MinutesSigned
    | SessionEnded
    | SessionPaused
    | SessionResumed
)
