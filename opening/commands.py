"""What people and the service's duties ask of the opening; parsed strictly, judged elsewhere."""

from typing import Annotated, Literal

from pydantic import Field

from opening.messages import BidId, EnvelopeNumber, SectionId
from record.events import Hex32, Hex64, Line, Millis, Prose, Signed
from record.rules import Command

Window = Literal["secrets", "draw", "confirm", "objections"]


class AtPlace(Command):
    """A command about the session of one envelope of one section."""

    section: SectionId
    envelope: EnvelopeNumber


class StartCeremony(Command):
    """Clerk: start an attempt; the message is `ceremony-start`."""

    type: Literal["opening.start_ceremony"] = "opening.start_ceremony"
    message: Signed


class JoinCeremony(Command):
    """Custodian, timekeeper: commit; the message is `ceremony-join`."""

    type: Literal["opening.join_ceremony"] = "opening.join_ceremony"
    message: Signed


class DealCeremony(Command):
    """Custodian, timekeeper: deal; the message is `ceremony-deal`."""

    type: Literal["opening.deal_ceremony"] = "opening.deal_ceremony"
    message: Signed


class CertifyCeremony(Command):
    """Custodian, timekeeper: sign the transcript; the last one makes the key."""

    type: Literal["opening.certify_ceremony"] = "opening.certify_ceremony"
    message: Signed


class AbortCeremony(Command):
    """Custodian, timekeeper: name who broke the attempt; the message is `ceremony-abort`."""

    type: Literal["opening.abort_ceremony"] = "opening.abort_ceremony"
    message: Signed


class ExpireCeremony(Command):
    """Duty: a deadline of an attempt passed and somebody is missing."""

    type: Literal["opening.expire_ceremony"] = "opening.expire_ceremony"
    sid: Hex64


class RehearseKey(Command):
    """Custodian: prove possession; the message is `rehearsal`."""

    type: Literal["opening.rehearse_key"] = "opening.rehearse_key"
    message: Signed


class EraseKey(Command):
    """Timekeeper: the share key of an attempt is erased; the message is `erase`."""

    type: Literal["opening.erase_key"] = "opening.erase_key"
    message: Signed


class AdmitBid(Command):
    """Bidder: submit or replace; the sealed file named by `upload` is complete."""

    type: Literal["opening.admit_bid"] = "opening.admit_bid"
    message: Signed
    upload: Hex32


class RefuseBid(Command):
    """Service: record that a signed bid was not admitted, with the signed answer."""

    type: Literal["opening.refuse_bid"] = "opening.refuse_bid"
    message: Signed
    answer: Signed


class WithdrawBid(Command):
    """Bidder: take the last bid back; the message is `withdraw`."""

    type: Literal["opening.withdraw_bid"] = "opening.withdraw_bid"
    message: Signed


class CloseBids(AtPlace):
    """Duty: the deadline passed."""

    type: Literal["opening.close_bids"] = "opening.close_bids"


class ApproveContinuation(Command):
    """Clerk: go on with fewer bidders than the minimum, on an approval."""

    type: Literal["opening.approve_continuation"] = "opening.approve_continuation"
    section: SectionId
    approval: Line
    reason: Prose


class SignIn(AtPlace):
    """Anyone who takes part: sign in to the session."""

    type: Literal["opening.sign_in"] = "opening.sign_in"
    role: Literal["bidder", "clerk", "custodian", "supervisor", "timekeeper"]


class RecordFiles(AtPlace):
    """Duty: the outcome of reading every live sealed file again, in `given.checked`."""

    type: Literal["opening.record_files"] = "opening.record_files"


class AnnounceSession(AtPlace):
    """Clerk: the discipline is read; publish the list of bidders."""

    type: Literal["opening.announce_session"] = "opening.announce_session"


class OpenWindow(AtPlace):
    """Clerk: open a window of the session (secrets, confirm, objections)."""

    type: Literal["opening.open_window"] = "opening.open_window"
    window: Window


class ExtendWindow(AtPlace):
    """Clerk: extend an open window, with a reason."""

    type: Literal["opening.extend_window"] = "opening.extend_window"
    window: Window
    until: Millis
    reason: Line


class EndWindow(AtPlace):
    """Duty, or the clerk once everybody has done their part: end a window."""

    type: Literal["opening.end_window"] = "opening.end_window"
    window: Window


class ReleaseSecret(Command):
    """Bidder: release the secret of its own bid."""

    type: Literal["opening.release_secret"] = "opening.release_secret"
    bid: BidId
    secret: Hex64


class IssueOrder(Command):
    """Clerk: order the opening; the message is `opening-order`."""

    type: Literal["opening.issue_order"] = "opening.issue_order"
    message: Signed


class PostPartial(Command):
    """Custodian: the shares of all listed bids; the message is `partial`."""

    type: Literal["opening.post_partial"] = "opening.post_partial"
    message: Signed


class ReleaseKey(Command):
    """Timekeeper: the last shares; the message is `release`."""

    type: Literal["opening.release_key"] = "opening.release_key"
    message: Signed


class RecordBody(Command):
    """Duty: the outcome of opening one bid, in `given.checked`."""

    type: Literal["opening.record_body"] = "opening.record_body"
    bid: BidId


class ReadOut(AtPlace):
    """Clerk: read out one bid, or all that are left."""

    type: Literal["opening.read_out"] = "opening.read_out"
    bid: BidId | None = None


class StartDraw(AtPlace):
    """Clerk: start the draw of the terms' values; the parties are named by account."""

    type: Literal["opening.start_draw"] = "opening.start_draw"
    purpose: Line
    parties: Annotated[tuple[Line, ...], Field(min_length=2, max_length=20)]


class CommitDraw(Command):
    """Party of a draw: commit to 32 secret bytes."""

    type: Literal["opening.commit_draw"] = "opening.commit_draw"
    draw: Hex32
    commit: Hex64


class SealDraw(Command):
    """Duty: all parties committed; bind the log's root (`given.facts.log_root`)."""

    type: Literal["opening.seal_draw"] = "opening.seal_draw"
    draw: Hex32


class RevealDraw(Command):
    """Party of a draw: reveal; the timekeeper last."""

    type: Literal["opening.reveal_draw"] = "opening.reveal_draw"
    draw: Hex32
    secret: Hex64


class ConfirmLine(Command):
    """Bidder: the line of its own bid is as read out."""

    type: Literal["opening.confirm_line"] = "opening.confirm_line"
    bid: BidId


class RaiseObjection(AtPlace):
    """Bidder: object in the session."""

    type: Literal["opening.raise_objection"] = "opening.raise_objection"
    text: Prose


class AnswerObjection(Command):
    """Clerk: answer on the spot."""

    type: Literal["opening.answer_objection"] = "opening.answer_objection"
    objection: Hex32
    answer: Prose


class DrawUpMinutes(AtPlace):
    """Duty: the minutes were drawn up; what was rendered stands in `given.checked`."""

    type: Literal["opening.draw_up_minutes"] = "opening.draw_up_minutes"


class SignMinutes(AtPlace):
    """Clerk, supervisor, bidder: sign; the message is `minutes`."""

    type: Literal["opening.sign_minutes"] = "opening.sign_minutes"
    message: Signed


class EndSession(AtPlace):
    """Clerk: end the session; who did not sign is deemed to accept."""

    type: Literal["opening.end_session"] = "opening.end_session"


class PauseSession(AtPlace):
    """Clerk: pause, with a reason."""

    type: Literal["opening.pause_session"] = "opening.pause_session"
    reason: Line


class ResumeSession(AtPlace):
    """Clerk: go on."""

    type: Literal["opening.resume_session"] = "opening.resume_session"
