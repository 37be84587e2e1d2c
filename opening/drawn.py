"""The arithmetic of a draw, and how its events reach the state; it judges nothing."""

from collections.abc import Sequence
from dataclasses import replace

from crypto.hashing import H
from opening.events import (
    DrawCommitted,
    DrawDefaulted,
    DrawEnded,
    DrawRevealed,
    DrawSealed,
    DrawStarted,
)
from opening.stages import draw_place, session_at, within
from opening.state import Draw, OpeningState, Place

DrawEvent = DrawStarted | DrawCommitted | DrawSealed | DrawRevealed | DrawDefaulted | DrawEnded


def draw_commit(draw: str, account: str, secret: bytes) -> bytes:
    """Return what a party commits to; the account keeps it from being copied."""
    return H("draw-commit", draw.encode(), account.encode(), secret)


def draw_result(
    draw: str, root: bytes, secrets: Sequence[bytes], values: Sequence[str]
) -> tuple[bytes, str]:
    """Return seed and result of a draw.

    Seed: `accepted` of H("draw-seed", draw, root, secret, ...); result: values[seed mod number].

    Args:
        draw: its id, 32 hex characters.
        root: the log's root it was sealed with, 32 bytes.
        secrets: what the parties revealed, in the order the draw names the parties.
        values: what is drawn from, at least one.
    """
    seed = accepted(H("draw-seed", draw.encode(), root, *secrets), len(values))
    return seed, values[int.from_bytes(seed) % len(values)]


def accepted(candidate: bytes, count: int) -> bytes:
    """Return the first candidate that favours none of `count` values.

    That is one below the greatest multiple of `count` within 256 bits; the candidate after another
    is H("draw-next", candidate).
    """
    bound = (1 << 256) - (1 << 256) % count
    while int.from_bytes(candidate) >= bound:
        candidate = H("draw-next", candidate)
    return candidate


def evolve_draw(state: OpeningState, event: DrawEvent) -> OpeningState:
    """Fold one event in. Never refuses: what is in the record has happened."""
    if isinstance(event, DrawStarted):
        started = Draw(event.draw, event.purpose, event.values, event.parties, event.attempt)
        return _put(state, (event.section, event.envelope), started)
    place = draw_place(state, event.draw)
    if place is None:
        return state
    return _put(state, place, _changed(state.sessions[place].draws[event.draw], event))


def _changed(
    draw: Draw, event: DrawCommitted | DrawSealed | DrawRevealed | DrawDefaulted | DrawEnded
) -> Draw:
    match event:
        case DrawCommitted():
            return replace(draw, commits={**draw.commits, event.account: event.commit})
        case DrawSealed():
            return replace(draw, root=event.root)
        case DrawRevealed():
            return replace(draw, reveals={**draw.reveals, event.account: event.secret})
        case DrawDefaulted():
            return replace(draw, defaulted=event.accounts)
        case DrawEnded():
            return replace(draw, seed=event.seed, result=event.result)


def _put(state: OpeningState, place: Place, draw: Draw) -> OpeningState:
    return within(state, place, draws={**session_at(state, place).draws, draw.draw: draw})
