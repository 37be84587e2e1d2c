"""The close of a place: the list of all bids, how many stand, and whether they are enough.

It must not open anything, and never looks at what a bid's bytes say.
"""

from dataclasses import replace

from crypto import sealing
from opening.bids import is_closed
from opening.commands import ApproveContinuation, CloseBids
from opening.events import BidsClosed, ContinuationApproved, SectionFailed
from opening.state import Closed, OpeningState, Place, SealedBid, Section, Session
from record.errors import NotFound, OutOfOrder
from record.events import Stamp
from record.rules import Given

CloseEvent = BidsClosed | SectionFailed | ContinuationApproved


def close_bids(
    state: OpeningState, command: CloseBids, given: Given
) -> tuple[BidsClosed | SectionFailed, ...]:
    """Fix the list of a place at the deadline in force; with the first envelope, count bidders.

    Refusals: bids.no_such_section, bids.already_closed, bids.not_open, bids.before_deadline,
    bids.close_in_order.
    """
    place: Place = (command.section, command.envelope)
    section = _section(state, command.section)
    session = state.sessions.get(place, Session())
    key = state.keys.get(place)
    if session.closed is not None:
        raise OutOfOrder("bids.already_closed")
    if not section.taking_bids or section.suspended is not None or section.terminated:
        raise OutOfOrder("bids.not_open")
    if key is None or command.envelope > section.terms.envelopes:
        raise OutOfOrder("bids.not_open")
    if given.received < section.terms.deadline:
        raise OutOfOrder("bids.before_deadline", deadline=section.terms.deadline)
    if command.envelope != 1 and not is_closed(state, command.section):
        raise OutOfOrder("bids.close_in_order")
    listed = judged_at_close(state, place)
    closed = BidsClosed(
        section=command.section,
        envelope=command.envelope,
        key_id=key.key_id,
        deadline=section.terms.deadline,
        count=sum(bid.status == "live" for bid in listed),
        list=close_list(listed).hex(),
    )
    if command.envelope != 1 or closed.count >= section.terms.minimum_bidders:
        return (closed,)
    failed = SectionFailed(
        section=command.section, count=closed.count, minimum=section.terms.minimum_bidders
    )
    return (closed, failed)


def approve_continuation(
    state: OpeningState, command: ApproveContinuation, given: Given
) -> tuple[ContinuationApproved, ...]:
    """Go on with fewer bidders than the minimum, on an approval that the record keeps.

    Refusals: bids.no_such_section, bids.not_failed, bids.already_approved, bids.nothing_to_open.
    """
    del given  # who may approve is the permission table's
    section = _section(state, command.section)
    if not section.failed:
        raise OutOfOrder("bids.not_failed")
    if section.approved:
        raise OutOfOrder("bids.already_approved")
    session = state.sessions.get((command.section, 1))
    if session is None or session.closed is None or session.closed.count == 0:
        raise OutOfOrder("bids.nothing_to_open")
    return (
        ContinuationApproved(
            section=command.section, approval=command.approval, reason=command.reason
        ),
    )


def judged_at_close(state: OpeningState, place: Place) -> tuple[SealedBid, ...]:
    """Return every bid ever admitted at a place with what it is at the close, by seq.

    In a section of two envelopes a live bid without a live one in the other is incomplete.
    """
    section = state.sections.get(place[0])
    bids = [bid for bid in state.bids.values() if bid.place == place]
    if section is None or section.terms.envelopes == 1:
        return tuple(bids)
    other: Place = (place[0], 2 if place[1] == 1 else 1)
    complete = {
        bid.organisation
        for bid in state.bids.values()
        if bid.place == other and bid.status == "live"
    }
    return tuple(
        replace(bid, status="incomplete")
        if bid.status == "live" and bid.organisation not in complete
        else bid
        for bid in bids
    )


def close_list(listed: tuple[SealedBid, ...]) -> bytes:
    """Return the hash of the list that the close fixes."""
    return sealing.close_list((bid.stamp.seq, bid.bid, bid.status, bid.stmt) for bid in listed)


def evolve_close(state: OpeningState, event: CloseEvent, stamp: Stamp) -> OpeningState:
    """Fold one event in. Never refuses: what is in the record has happened."""
    match event:
        case BidsClosed():
            return _closed(state, event, stamp)
        case SectionFailed():
            return _changed(state, event.section, failed=True)
        case ContinuationApproved():
            return _changed(state, event.section, approved=True)


def _closed(state: OpeningState, event: BidsClosed, stamp: Stamp) -> OpeningState:
    place: Place = (event.section, event.envelope)
    judged = {bid.bid: bid for bid in judged_at_close(state, place)}
    session = replace(
        state.sessions.get(place, Session()),
        stage="closed",
        closed=Closed(stamp, event.deadline, event.count, event.list),
    )
    return replace(
        state,
        bids={**state.bids, **judged},
        sessions={**state.sessions, place: session},
    )


def _changed(
    state: OpeningState, name: str, *, failed: bool = False, approved: bool = False
) -> OpeningState:
    section = state.sections.get(name)
    if section is None:
        return state
    changed = replace(
        section, failed=section.failed or failed, approved=section.approved or approved
    )
    return replace(state, sections={**state.sections, name: changed})


def _section(state: OpeningState, name: str) -> Section:
    section = state.sections.get(name)
    if section is None:
        raise NotFound("bids.no_such_section", section=name)
    return section
