"""From the order to the last opened body: order, partials, release, results.

It must not check shares or open bodies: `opening.checks_opening` and `opening.bodies` do, before
the desk, and what they found stands in `given.checked`.
"""

from typing import Final

from opening.bodies import OpenedBody, SpoiledBody
from opening.ceremony import check_party
from opening.checks_opening import CheckedOrder, CheckedPartial
from opening.commands import IssueOrder, PostPartial, RecordBody, ReleaseKey
from opening.envelopes import acting_signer, expect, read
from opening.events import (
    BidOpened,
    BidSpoiled,
    DecryptionEnded,
    KeyReleased,
    OpeningEvent,
    OrderIssued,
    PartialPosted,
)
from opening.messages import OpeningOrder
from opening.order import opening_list
from opening.stages import check_may_open, order_place, running
from opening.state import Attempt, OpeningState, Place, Section, Session
from opening.transcripts import TIMEKEEPER
from record.errors import NotFound, NotValid, OutOfOrder
from record.rules import Given

FURTHEST: Final = 24 * 60 * 60 * 1000
"""An opening is ordered at most this many milliseconds ahead."""


def issue_order(state: OpeningState, command: IssueOrder, given: Given) -> tuple[OpeningEvent, ...]:
    """Order the opening of exactly the bids the rule lists; once for a key, for ever.

    Refusals: opening.not_bound, message.not_signer, message.malformed, opening.wrong_project,
    those of `running` and `check_may_open`, opening.already_ordered, opening.wrong_key,
    opening.secrets_running, opening.not_the_list, opening.before_deadline,
    opening.too_far_ahead.
    """
    checked = expect(given, CheckedOrder, command.message)
    acting_signer(state, given, "clerk", checked)
    order = read(command.message, OpeningOrder)
    if order.project != state.project:
        raise NotValid("opening.wrong_project")
    place = (order.section, order.envelope)
    section, session = _ordering(state, place, command)
    check_may_open(section, place)
    if order.key_id != state.keys[place].key_id:
        raise NotValid("opening.wrong_key")
    _check_secrets_over(section, session)
    listed = opening_list(state, place)
    if not listed or order.bids != listed:
        raise NotValid("opening.not_the_list", bids=[bid.bid for bid in listed])
    _check_schedule(order, session, given)
    return (OrderIssued(envelope=command.message),)


def post_partial(
    state: OpeningState, command: PostPartial, given: Given
) -> tuple[OpeningEvent, ...]:
    """Record the shares of one custodian, all of them verified before.

    Refusals: opening.no_such_order, opening.not_bound, ceremony.not_this_party, those of `running`,
    opening.not_yet, opening.key_released, opening.already_posted.
    """
    checked = expect(given, CheckedPartial, command.message)
    place = order_place(state, checked.opening_id)
    check_party(state, given, _attempt(state, place), checked.i)
    _, session = running(state, place, command)
    _check_time(session, given)
    if session.release is not None:
        raise OutOfOrder("opening.key_released")
    if checked.i in session.partials:
        raise OutOfOrder("opening.already_posted", i=checked.i)
    return (PartialPosted(envelope=command.message),)


def release_key(state: OpeningState, command: ReleaseKey, given: Given) -> tuple[OpeningEvent, ...]:
    """Record the timekeeper's shares, the last to come: only after k custodians' for every bid.

    Refusals: opening.no_such_order, opening.not_bound, ceremony.not_this_party, those of `running`,
    opening.not_yet, opening.key_released, opening.too_few_partials.
    """
    checked = expect(given, CheckedPartial, command.message)
    place = order_place(state, checked.opening_id)
    check_party(state, given, _attempt(state, place), TIMEKEEPER)
    _, session = running(state, place, command)
    _check_time(session, given)
    if session.release is not None:
        raise OutOfOrder("opening.key_released")
    wanted = threshold(state, place)
    if len(session.partials) < wanted:
        raise OutOfOrder("opening.too_few_partials", posted=len(session.partials), wanted=wanted)
    return (KeyReleased(envelope=command.message),)


def record_body(state: OpeningState, command: RecordBody, given: Given) -> tuple[OpeningEvent, ...]:
    """Record what opening one bid gave; the last bid of the order ends the decryption.

    Refusals: opening.no_such_bid, those of `running`, opening.not_released, opening.not_listed,
    opening.already_opened, opening.other_opening.
    """
    bid = state.bids.get(command.bid)
    if bid is None:
        raise NotFound("opening.no_such_bid", bid=command.bid)
    _, session = running(state, bid.place, command)
    if session.release is None or session.order is None:
        raise OutOfOrder("opening.not_released")
    if command.bid not in {listed.bid for listed in session.order.bids}:
        raise OutOfOrder("opening.not_listed", bid=command.bid)
    left = unopened_bids(session)
    if command.bid not in left:
        raise OutOfOrder("opening.already_opened", bid=command.bid)
    found = given.checked
    if not isinstance(found, OpenedBody | SpoiledBody):
        raise TypeError("the body was not opened")
    if (found.bid, found.opening_id) != (command.bid, session.opening_id):
        raise NotValid("opening.other_opening", bid=command.bid)
    event = _body_event(found)
    if left == (command.bid,):
        section, envelope = bid.place
        return event, DecryptionEnded(section=section, envelope=envelope)
    return (event,)


def unopened_bids(session: Session) -> tuple[str, ...]:
    """Return the bids on the order that have no result yet, in its order."""
    listed = session.order.bids if session.order else ()
    return tuple(
        bid.bid
        for bid in listed
        if bid.bid not in session.opened and bid.bid not in session.spoiled
    )


def threshold(state: OpeningState, place: Place) -> int:
    """Return how many custodians a key needs."""
    return _attempt(state, place).start.k


def _attempt(state: OpeningState, place: Place) -> Attempt:
    return state.attempts[state.keys[place].sid]


def _ordering(state: OpeningState, place: Place, command: IssueOrder) -> tuple[Section, Session]:
    found = state.sessions.get(place)
    if found is not None and found.order is not None:
        raise OutOfOrder("opening.already_ordered")
    return running(state, place, command)


def _check_secrets_over(section: Section, session: Session) -> None:
    """With co-opening, no custodian acts before the window for bidders' secrets is over."""
    if section.terms.co_open and (session.stage != "secrets" or "secrets" in session.windows):
        raise OutOfOrder("opening.secrets_running")


def _check_schedule(order: OpeningOrder, session: Session, given: Given) -> None:
    if session.closed is None or order.scheduled_at < session.closed.deadline:
        raise NotValid("opening.before_deadline")
    if order.scheduled_at > given.received + FURTHEST:
        raise NotValid("opening.too_far_ahead")


def _check_time(session: Session, given: Given) -> None:
    if session.order is None or given.received < session.order.scheduled_at:
        raise OutOfOrder("opening.not_yet")


def _body_event(found: OpenedBody | SpoiledBody) -> BidOpened | BidSpoiled:
    if isinstance(found, SpoiledBody):
        return BidSpoiled(bid=found.bid, cause=found.cause, blame=found.blame, detail=found.detail)
    return BidOpened(
        bid=found.bid,
        opening_id=found.opening_id,
        package=found.package,
        size=found.size,
        manifest=found.manifest,
        files=found.files,
        form=found.form,
        problems=found.problems,
    )
