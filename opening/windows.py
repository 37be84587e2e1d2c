"""Windows of the session: opened by the clerk, ended by time or when everybody did their part.

It must not judge what is done inside a window, bidders' secrets apart.
"""

import hmac

from crypto.sealing import bidder_secret_commit
from opening.commands import EndWindow, ExtendWindow, OpenWindow, ReleaseSecret, Window
from opening.draw import check_drawn, draw_missed
from opening.envelopes import acting
from opening.events import (
    BidSpoiled,
    DecryptionEnded,
    OpeningEvent,
    SecretReleased,
    WindowEnded,
    WindowExtended,
    WindowOpened,
)
from opening.order import due_bids, lost_bids
from opening.readout import own_bid, unread_bids
from opening.stages import (
    OPENS,
    check_may_open,
    check_stage,
    check_window,
    place_of,
    running,
    session_at,
)
from opening.state import OpeningState, Place
from record.errors import NotValid, OutOfOrder
from record.rules import Given


def open_window(state: OpeningState, command: OpenWindow, given: Given) -> tuple[OpeningEvent, ...]:
    """Open a window; one in which nobody has anything left to do ends at once.

    Refusals: those of `running`, opening.wrong_stage, opening.no_secrets, opening.not_all_read_out,
    opening.window_running, draw.not_held.
    """
    place = place_of(command)
    section, session = running(state, place)
    check_stage(session, OPENS[command.window])
    if command.window == "secrets" and not section.terms.co_open:
        raise OutOfOrder("opening.no_secrets")
    if command.window == "confirm":
        if unread_bids(state, place):
            raise OutOfOrder("opening.not_all_read_out")
        check_drawn(state, place)
    if session.windows:
        raise OutOfOrder("opening.window_running", window=next(iter(session.windows)))
    opened = WindowOpened(
        section=command.section,
        envelope=command.envelope,
        window=command.window,
        until=given.received + getattr(section.terms.windows, command.window),
    )
    if command.window == "objections" or waited_for(state, place, command.window):
        return (opened,)
    return (opened, *_end(state, place, command.window))


def extend_window(
    state: OpeningState, command: ExtendWindow, given: Given
) -> tuple[OpeningEvent, ...]:
    """Extend an open window, with a reason; a window is never shortened.

    Refusals: those of `running`, opening.window_not_open, opening.window_over,
    opening.window_not_later.
    """
    _, session = running(state, place_of(command), command)
    check_window(session, command.window, given)
    if command.until <= session.windows[command.window]:
        raise NotValid("opening.window_not_later", until=session.windows[command.window])
    return (
        WindowExtended(
            section=command.section,
            envelope=command.envelope,
            window=command.window,
            until=command.until,
            reason=command.reason,
        ),
    )


def end_window(state: OpeningState, command: EndWindow, given: Given) -> tuple[OpeningEvent, ...]:
    """End a window whose time is over, or in which nobody is waited for.

    At the end of `secrets` a bid whose bidder kept its secret is spoiled by its bidder (deemed
    revoked 视为撤销); at the end of `draw` who did not act in time is named.

    Refusals: those of `running`, opening.window_not_open, opening.window_running,
    draw.nobody_missed.
    """
    place = place_of(command)
    _, session = running(state, place, command)
    until = session.windows.get(command.window)
    if until is None:
        raise OutOfOrder("opening.window_not_open", window=command.window)
    if command.window == "draw":
        return draw_missed(state, place, given)
    early = command.window != "objections" and not waited_for(state, place, command.window)
    if given.received < until and not early:
        raise OutOfOrder("opening.window_running", window=command.window, until=until)
    return _end(state, place, command.window)


def release_secret(
    state: OpeningState, command: ReleaseSecret, given: Given
) -> tuple[OpeningEvent, ...]:
    """Release the secret of one's own bid, from the close to the end of the window for it.

    The last bidder to do so ends the window.

    Refusals: opening.not_bound, opening.not_own_bid, those of `running` and `check_may_open`,
    opening.not_due, opening.no_secrets, opening.already_released, opening.window_not_open,
    opening.window_over, opening.secret_wrong.
    """
    who = acting(state, given, "bidder")
    bid = own_bid(state, command.bid, who.organisation)
    section, session = running(state, bid.place, command)
    check_may_open(section, bid.place)
    if bid not in due_bids(state, bid.place):
        raise OutOfOrder("opening.not_due", bid=bid.bid)
    if bid.secret_commit is None:
        raise OutOfOrder("opening.no_secrets")
    if bid.bid in session.secrets:
        raise OutOfOrder("opening.already_released", bid=bid.bid)
    if session.stage == "secrets":
        check_window(session, "secrets", given)
    commit = bidder_secret_commit(bytes.fromhex(command.secret), bid.bid).hex()
    if not hmac.compare_digest(commit, bid.secret_commit):
        raise NotValid("opening.secret_wrong", bid=bid.bid)
    released = SecretReleased(bid=bid.bid, secret=command.secret)
    if session.stage == "secrets" and waited_for(state, bid.place, "secrets") == {bid.bid}:
        return released, _ended(bid.place, "secrets")
    return (released,)


def waited_for(state: OpeningState, place: Place, window: Window) -> frozenset[str]:
    """Return the bids whose bidders have not yet done what a window is there for."""
    session = session_at(state, place)
    if window == "secrets":
        wanted = {bid.bid for bid in due_bids(state, place) if bid.secret_commit is not None}
        return frozenset(wanted - lost_bids(state, place) - session.secrets.keys())
    if window == "confirm":
        return frozenset(session.opened.keys() - set(session.confirmed))
    return frozenset()


def _end(state: OpeningState, place: Place, window: Window) -> tuple[OpeningEvent, ...]:
    if window != "secrets":
        return (_ended(place, window),)
    missing = waited_for(state, place, "secrets")
    spoiled = [
        BidSpoiled(bid=bid.bid, cause="secret_missing", blame="bidder", detail="secret_missing")
        for bid in due_bids(state, place)
        if bid.bid in missing
    ]
    if set(session_at(state, place).intact or ()) - missing:
        return (*spoiled, _ended(place, window))
    nothing_left = DecryptionEnded(section=place[0], envelope=place[1])
    return (*spoiled, _ended(place, window), nothing_left)


def _ended(place: Place, window: Window) -> WindowEnded:
    return WindowEnded(section=place[0], envelope=place[1], window=window)
