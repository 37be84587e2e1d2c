"""The session of a place as a frame: sign-in, files, announcement, pause and resumption.

It must not open windows, decrypt, read out or draw: those have modules of their own.
"""

from dataclasses import dataclass

from opening.commands import AnnounceSession, PauseSession, RecordFiles, ResumeSession, SignIn
from opening.envelopes import acting
from opening.events import (
    AnnouncedBidder,
    BidSpoiled,
    DecryptionEnded,
    FilesChecked,
    LostFile,
    OpeningEvent,
    SessionAnnounced,
    SessionPaused,
    SessionResumed,
    SignedIn,
)
from opening.order import due_bids
from opening.stages import (
    ALLOWED,
    check_may_open,
    check_stage,
    place_of,
    running,
    section_at,
    session_at,
)
from opening.state import OpeningState, Place, SealedBid
from record.errors import NotValid, OutOfOrder
from record.rules import Given, StoredFile


@dataclass(frozen=True, slots=True)
class FilesRead:
    """What the service found when it read the sealed files of all due bids of a place again.

    Args:
        place: whose files.
        found: bid -> size and root as measured now; None where the file is gone.
    """

    place: Place
    found: tuple[tuple[str, StoredFile | None], ...]


def sign_in(state: OpeningState, command: SignIn, given: Given) -> tuple[OpeningEvent, ...]:
    """Sign in 签到, from the terms' time before the deadline to the end of the objections.

    Refusals: those of `section_at`, opening.not_bound, opening.wrong_stage,
    opening.sign_in_not_open, opening.already_signed_in.
    """
    place = place_of(command)
    terms = section_at(state, place).terms
    session = session_at(state, place)
    who = acting(state, given, command.role)
    check_stage(session, ALLOWED[SignIn])
    opens = terms.deadline - terms.windows.sign_in
    if session.closed is None and given.received < opens:
        raise OutOfOrder("opening.sign_in_not_open", opens=opens)
    if any((seen.account, seen.role) == (who.account, who.role) for seen in session.sign_ins):
        raise OutOfOrder("opening.already_signed_in")
    return (
        SignedIn(
            section=command.section,
            envelope=command.envelope,
            role=command.role,
            account=who.account,
            organisation=who.organisation,
        ),
    )


def record_files(
    state: OpeningState, command: RecordFiles, given: Given
) -> tuple[OpeningEvent, ...]:
    """Record which sealed files are still what was admitted; a lost one spoils its bid.

    Refusals: those of `running` and `check_may_open`, opening.files_known,
    opening.files_not_read.
    """
    place = place_of(command)
    section, session = running(state, place, command)
    check_may_open(section, place)
    if session.intact is not None:
        raise OutOfOrder("opening.files_known")
    read = given.checked
    if not isinstance(read, FilesRead):
        raise TypeError("the files were not read")
    due = due_bids(state, place)
    found = dict(read.found)
    if read.place != place or found.keys() != {bid.bid for bid in due}:
        raise NotValid("opening.files_not_read")
    lost = tuple(loss for bid in due if (loss := _loss(bid, found[bid.bid])) is not None)
    gone = {loss.bid for loss in lost}
    checked = FilesChecked(
        section=command.section,
        envelope=command.envelope,
        intact=tuple(bid.bid for bid in due if bid.bid not in gone),
        lost=lost,
    )
    return (checked, *(_spoiled(loss) for loss in lost))


def announce_session(
    state: OpeningState, command: AnnounceSession, given: Given
) -> tuple[OpeningEvent, ...]:
    """Publish the bidders once the discipline is read.

    An order is never made over an empty list: where no bid is left that could be opened there is
    nothing to decrypt, and the session goes on to the minutes, which say why.

    Refusals: those of `running` and `check_may_open`, opening.files_unknown.
    """
    del given
    place = place_of(command)
    section, session = running(state, place, command)
    check_may_open(section, place)
    if session.intact is None:
        raise OutOfOrder("opening.files_unknown")
    announced = SessionAnnounced(
        section=command.section,
        envelope=command.envelope,
        bidders=tuple(_announced(state, bid) for bid in due_bids(state, place)),
    )
    if session.intact:
        return (announced,)
    return announced, DecryptionEnded(section=command.section, envelope=command.envelope)


def pause_session(
    state: OpeningState, command: PauseSession, given: Given
) -> tuple[OpeningEvent, ...]:
    """Pause, with a reason; nothing but sign-ins happens and open windows stand still.

    Refusals: those of `running`, opening.paused among them.
    """
    del given
    running(state, place_of(command), command)
    return (
        SessionPaused(section=command.section, envelope=command.envelope, reason=command.reason),
    )


def resume_session(
    state: OpeningState, command: ResumeSession, given: Given
) -> tuple[OpeningEvent, ...]:
    """Go on; open windows end as much later as the pause was long.

    Refusals: those of `section_at`, opening.suspended, opening.not_paused.
    """
    place = place_of(command)
    section, session = section_at(state, place), session_at(state, place)
    if section.suspended is not None:
        raise OutOfOrder("opening.suspended", section=command.section)
    if session.paused is None:
        raise OutOfOrder("opening.not_paused")
    return (
        SessionResumed(
            section=command.section,
            envelope=command.envelope,
            shift=max(0, given.received - session.paused),
        ),
    )


def organisation_name(state: OpeningState, organisation: str) -> str:
    """Return the public name of a bidder; its id where it no longer takes part."""
    for (_, role), who in state.participants.items():
        if role == "bidder" and who.organisation == organisation:
            return who.organisation_name
    return organisation


def _announced(state: OpeningState, bid: SealedBid) -> AnnouncedBidder:
    name = organisation_name(state, bid.organisation)
    return AnnouncedBidder(organisation=bid.organisation, name=name, bid=bid.bid)


def _loss(bid: SealedBid, found: StoredFile | None) -> LostFile | None:
    if found is None:
        return LostFile(bid=bid.bid, found="missing")
    if found.size != bid.size:
        return LostFile(bid=bid.bid, found="size")
    if found.root != bid.root:
        return LostFile(bid=bid.bid, found="root")
    return None


def _spoiled(loss: LostFile) -> BidSpoiled:
    """Blame the platform for a file it lost: deemed withdrawn 视为撤回, with a claim."""
    return BidSpoiled(bid=loss.bid, cause="file_lost", blame="platform", detail=loss.found)
