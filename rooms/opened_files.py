"""Whose files of opened bids somebody may read; pure, asked again at every reading.

A member reads once it has confirmed the names, because whoever has to stand aside has read nothing.
The files of a second envelope are read once that is read out, and not before.
"""

from collections.abc import Mapping, Sequence
from typing import Literal

from evaluation import blind
from evaluation.pause import check_running
from opening.stages import session_at
from opening.state import SealedBid
from project.state import ProjectState
from record.errors import NotAllowed, NotFound, OutOfOrder

Reader = Literal["member", "supervisor"]


def reader_of(state: ProjectState, section: str, account: str, roles: frozenset[str]) -> Reader:
    """Return as what somebody may read the files of a section's bids.

    Refusals: web.no_evaluation, reading.names_first, reading.committee_only, evaluation.paused.
    """
    found = state.evaluation.evaluations.get(section)
    if found is None:
        raise NotFound("web.no_evaluation")
    seat = found.committee.held_by(account)
    if seat is not None:
        if seat.standing != "confirmed":
            raise NotAllowed("reading.names_first")
        check_running(found.pause)
        return "member"
    if "supervisor" in roles:
        check_running(found.pause)
        return "supervisor"
    if "clerk" in roles:
        raise NotAllowed("reading.committee_only")
    raise NotFound("web.no_evaluation")


def readable(state: ProjectState, section: str) -> Mapping[str, str]:
    """Return every bid of a section whose files may be read now, with the bid that is judged.

    They are the bids the committee was convened for, and the second envelopes of the same bidders
    that were read out.
    """
    judged = state.evaluation.evaluations[section].review.bids
    bids = state.opening.bids
    by_organisation = {bids[bid].organisation: bid for bid in judged}
    second = session_at(state.opening, (section, 2))
    return {bid: bid for bid in judged} | {
        bid: by_organisation[bids[bid].organisation]
        for bid in second.read_out
        if bid in second.opened and bids[bid].organisation in by_organisation
    }


def readable_bid(state: ProjectState, section: str, bid: str) -> SealedBid:
    """Return a bid whose files may be read.

    Refusals: bids.unknown.
    """
    if bid not in readable(state, section):
        raise NotFound("bids.unknown")
    return state.opening.bids[bid]


def has_blind_parts(state: ProjectState, section: str) -> bool:
    """Return whether the bids of a section have blind parts, which are files of their own."""
    return blind.has_blind(state.evaluation.rules[section])


def hides_blind(state: ProjectState, section: str) -> bool:
    """Return whether nobody may be told yet whose the blind parts are: marks are not locked."""
    found = state.evaluation.evaluations[section]
    is_open = not (found.marking.is_locked or found.report.is_finished)
    return is_open and has_blind_parts(state, section)


def aliases(state: ProjectState, section: str) -> Sequence[str]:
    """Return the aliases by which blind parts are read, in their order.

    Refusals: blind.none, blind.not_drawn.
    """
    if not has_blind_parts(state, section):
        raise NotFound("blind.none")
    found = blind.aliases_in_force(state.evaluation.evaluations[section].marking)
    if not found:
        raise OutOfOrder("blind.not_drawn")
    return found


def bid_under(state: ProjectState, section: str, alias: str) -> str:
    """Return whose blind part stands under an alias; it must not be told.

    Refusals: blind.none, blind.not_drawn, blind.no_such_alias.
    """
    aliases(state, section)
    bid = blind.bid_behind(state.evaluation.evaluations[section].marking, alias)
    if bid is None:
        raise NotFound("blind.no_such_alias")
    return bid
