"""A draw by commit and reveal, whose result anyone can compute again from the record.

Each party commits to 32 secret bytes; when all have, the service binds the root of the newest
cosigned checkpoint; then all reveal, the timekeeper last. Nobody can choose: whoever knows the
other secrets has committed already, and whoever commits last knows no other secret. It must not
make randomness of its own.
"""

import hmac
from collections.abc import Mapping
from typing import Final

from opening.commands import CommitDraw, RevealDraw, SealDraw, StartDraw
from opening.drawn import draw_commit, draw_result
from opening.events import (
    DrawCommitted,
    DrawDefaulted,
    DrawEnded,
    DrawRevealed,
    DrawSealed,
    DrawStarted,
    OpeningEvent,
    WindowEnded,
    WindowOpened,
)
from opening.participants import Role
from opening.readout import unread_bids
from opening.stages import check_window, find_draw, place_of, running, session_at
from opening.state import Draw, OpeningState, Place, Session
from record.errors import NotAllowed, NotValid, OutOfOrder
from record.rules import Given

FEWEST_PARTIES: Final = 2
PARTY_ROLES: Final[tuple[Role, ...]] = ("clerk", "supervisor", "timekeeper", "bidder")


def start_draw(state: OpeningState, command: StartDraw, given: Given) -> tuple[OpeningEvent, ...]:
    """Start a draw among accounts that take part; also anew after one in which too few were left.

    Who must be among the parties: a clerk and the timekeeper; a supervisor where one is bound; a
    bidder where one has signed in.

    Refusals: those of `running`, draw.nothing_to_draw, draw.running, draw.done,
    opening.not_all_read_out, draw.party_twice, draw.not_taking_part, draw.party_missing.
    """
    place = place_of(command)
    section, session = running(state, place, command)
    if not is_drawn(state, place):
        raise OutOfOrder("draw.nothing_to_draw")
    if unread_bids(state, place):
        raise OutOfOrder("opening.not_all_read_out")
    if any(draw.result is not None for draw in session.draws.values()):
        raise OutOfOrder("draw.done")
    if running_draw(session) is not None:
        raise OutOfOrder("draw.running")
    _check_parties(state, session, command.parties)
    return _begin(
        place,
        Draw(
            draw=given.new_id("draw"),
            purpose=command.purpose,
            values=section.terms.draw,
            parties=command.parties,
            attempt=len(session.draws) + 1,
        ),
        given.received + section.terms.windows.draw,
    )


def commit_draw(state: OpeningState, command: CommitDraw, given: Given) -> tuple[OpeningEvent, ...]:
    """Commit, as a party of the draw.

    Refusals: draw.not_found, those of `running`, draw.not_a_party, draw.over, draw.sealed,
    draw.already_committed, opening.window_not_open, opening.window_over.
    """
    place, draw = find_draw(state, command.draw)
    _, session = running(state, place, command)
    account = _party(draw, given)
    _check_live(session, draw)
    if draw.root is not None:
        raise OutOfOrder("draw.sealed")
    if account in draw.commits:
        raise OutOfOrder("draw.already_committed")
    check_window(session, "draw", given)
    return (DrawCommitted(draw=draw.draw, account=account, commit=command.commit),)


def seal_draw(state: OpeningState, command: SealDraw, given: Given) -> tuple[OpeningEvent, ...]:
    """Bind the log's root once all have committed; from now on they reveal.

    Refusals: draw.not_found, those of `running`, draw.over, draw.sealed, draw.not_committed,
    draw.no_root.
    """
    place, draw = find_draw(state, command.draw)
    section, session = running(state, place, command)
    _check_live(session, draw)
    if draw.root is not None:
        raise OutOfOrder("draw.sealed")
    if draw.commits.keys() != set(draw.parties):
        raise OutOfOrder("draw.not_committed")
    root = given.facts.log_root
    if root is None:
        raise OutOfOrder("draw.no_root")
    until = given.received + section.terms.windows.draw
    return DrawSealed(draw=draw.draw, root=root.hex()), _window(place, until)


def reveal_draw(state: OpeningState, command: RevealDraw, given: Given) -> tuple[OpeningEvent, ...]:
    """Reveal, as a party; the timekeeper last; the last one to reveal ends the draw.

    Refusals: draw.not_found, those of `running`, draw.not_a_party, draw.over, draw.not_sealed,
    draw.already_revealed, draw.timekeeper_last, opening.window_not_open, opening.window_over,
    draw.commit_differs.
    """
    place, draw = find_draw(state, command.draw)
    _, session = running(state, place, command)
    account = _party(draw, given)
    _check_live(session, draw)
    if draw.root is None:
        raise OutOfOrder("draw.not_sealed")
    if account in draw.reveals:
        raise OutOfOrder("draw.already_revealed")
    if account not in _next_to_reveal(state, draw):
        raise OutOfOrder("draw.timekeeper_last")
    check_window(session, "draw", given)
    commit = draw_commit(draw.draw, account, bytes.fromhex(command.secret)).hex()
    if not hmac.compare_digest(commit, draw.commits[account]):
        raise NotValid("draw.commit_differs")
    revealed = DrawRevealed(draw=draw.draw, account=account, secret=command.secret)
    reveals = {**draw.reveals, account: command.secret}
    if reveals.keys() != set(draw.parties):
        return (revealed,)
    return revealed, _ended(draw, draw.root, reveals), _window_ended(place)


def draw_missed(state: OpeningState, place: Place, given: Given) -> tuple[OpeningEvent, ...]:
    """Name who did not act in time; all others commit anew, if enough of them are left.

    Refusals: opening.window_running, draw.nobody_missed.
    """
    session = session_at(state, place)
    until = session.windows["draw"]
    if given.received < until:
        raise OutOfOrder("opening.window_running", window="draw", until=until)
    draw = running_draw(session)
    missing = missing_parties(state, draw) if draw else ()
    if draw is None or not missing:
        raise OutOfOrder("draw.nobody_missed")
    defaulted = DrawDefaulted(draw=draw.draw, accounts=missing)
    left = tuple(account for account in draw.parties if account not in missing)
    if len(left) < FEWEST_PARTIES:
        return defaulted, _window_ended(place)
    anew = Draw(
        draw=given.new_id("draw"),
        purpose=draw.purpose,
        values=draw.values,
        parties=left,
        attempt=draw.attempt + 1,
    )
    length = state.sections[place[0]].terms.windows.draw
    return (defaulted, *_begin(place, anew, given.received + length))


def check_drawn(state: OpeningState, place: Place) -> None:
    """Refuse to go on while something is to be drawn and was not.

    Refusals: draw.not_held.
    """
    draws = session_at(state, place).draws.values()
    if is_drawn(state, place) and not any(draw.result is not None for draw in draws):
        raise OutOfOrder("draw.not_held")


def is_drawn(state: OpeningState, place: Place) -> bool:
    """Tell whether something is drawn here: in the last session, where a bid was opened."""
    terms = state.sections[place[0]].terms
    last = place[1] == terms.envelopes
    return last and bool(terms.draw) and bool(session_at(state, place).opened)


def running_draw(session: Session) -> Draw | None:
    """Return the draw that is going on, if one is."""
    return next((d for d in session.draws.values() if d.result is None and not d.defaulted), None)


def missing_parties(state: OpeningState, draw: Draw) -> tuple[str, ...]:
    """Return whose turn it is: to commit, or once sealed to reveal."""
    if draw.root is not None:
        return _next_to_reveal(state, draw)
    return tuple(account for account in draw.parties if account not in draw.commits)


def _next_to_reveal(state: OpeningState, draw: Draw) -> tuple[str, ...]:
    left = tuple(account for account in draw.parties if account not in draw.reveals)
    others = tuple(a for a in left if (a, "timekeeper") not in state.participants)
    return others or left


def _check_parties(state: OpeningState, session: Session, parties: tuple[str, ...]) -> None:
    if len(set(parties)) != len(parties):
        raise NotValid("draw.party_twice")
    roles = {account: _roles(state, account) for account in parties}
    strangers = [account for account, found in roles.items() if not found]
    if strangers:
        raise NotValid("draw.not_taking_part", accounts=strangers)
    present: set[Role] = {role for found in roles.values() for role in found}
    wanted: set[Role] = {"clerk", "timekeeper"}
    if any(role == "supervisor" for _, role in state.participants):
        wanted.add("supervisor")
    if any(seen.role == "bidder" for seen in session.sign_ins):
        wanted.add("bidder")
    if wanted - present:
        raise NotValid("draw.party_missing", roles=sorted(wanted - present))


def _roles(state: OpeningState, account: str) -> frozenset[Role]:
    return frozenset(role for role in PARTY_ROLES if (account, role) in state.participants)


def _party(draw: Draw, given: Given) -> str:
    if given.actor.account not in draw.parties:
        raise NotAllowed("draw.not_a_party", draw=draw.draw)
    return given.actor.account


def _check_live(session: Session, draw: Draw) -> None:
    if running_draw(session) != draw:
        raise OutOfOrder("draw.over", draw=draw.draw)


def _begin(place: Place, draw: Draw, until: int) -> tuple[OpeningEvent, ...]:
    started = DrawStarted(
        section=place[0],
        envelope=place[1],
        draw=draw.draw,
        purpose=draw.purpose,
        values=draw.values,
        parties=draw.parties,
        attempt=draw.attempt,
    )
    return started, _window(place, until)


def _ended(draw: Draw, root: str, reveals: Mapping[str, str]) -> DrawEnded:
    secrets = [bytes.fromhex(reveals[account]) for account in draw.parties]
    seed, result = draw_result(draw.draw, bytes.fromhex(root), secrets, draw.values)
    return DrawEnded(draw=draw.draw, seed=seed.hex(), result=result)


def _window(place: Place, until: int) -> WindowOpened:
    return WindowOpened(section=place[0], envelope=place[1], window="draw", until=until)


def _window_ended(place: Place) -> WindowEnded:
    return WindowEnded(section=place[0], envelope=place[1], window="draw")
