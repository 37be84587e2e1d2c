"""What is shown of corrected prices and of the judgement of the competition; pure.

A bidder sees what its price comes to and on which ground, and no reason and no person. What a
member judged of the competition is shown once most have. It must not decide anything.
"""

from collections.abc import Collection, Mapping
from typing import Any

from evaluation.competition import lacking
from evaluation.correction import Correction, confirmed
from evaluation.state import Evaluation
from evaluation.summary import read_out
from opening.bid_form import Price
from opening.state import OpeningState
from project.state import ProjectState
from rooms.pauses import held_up

View = dict[str, Any]


def corrections_of(state: ProjectState, section: str, organisation: str) -> list[View]:
    """Return the corrected prices a bidder is asked to confirm, as it may see them."""
    found = state.evaluation.evaluations.get(section)
    if found is None:
        return []
    bids = state.opening.bids
    own = [
        one
        for one in found.corrections.values()
        if one.due and bids[one.bid].organisation == organisation
    ]
    amounts = _amounts(state.opening, found, {one.bid for one in own})
    held = held_up(state, section)
    return [
        {
            **held,
            "correction": one.correction,
            "bid": one.bid,
            "ground": one.ground,
            "read_out": amounts.get(one.bid),
            "price": one.price,
            "due": one.due,
            "status": one.status,
        }
        for one in own
    ]


def _amounts(opening: OpeningState, found: Evaluation, bids: Collection[str]) -> Mapping[str, int]:
    """Return what was read out of bids that ask for an amount, minor units."""
    return {
        bid: price.amount
        for bid, price in read_out(opening, found, bids).items()
        if isinstance(price, Price) and price.amount is not None
    }


def prices_view(opening: OpeningState, found: Evaluation) -> list[View]:
    """Return what each bid that is still in asks for, as it was read out and as it stands."""
    counting = confirmed(found.corrections)
    return [
        {"bid": bid, "read_out": amount, "price": counting.get(bid, amount)}
        for bid, amount in _amounts(opening, found, found.review.valid).items()
    ]


def corrections_view(opening: OpeningState, found: Evaluation) -> list[View]:
    """Return the corrections of prices, each with who agrees to it."""
    made = found.corrections.values()
    amounts = _amounts(opening, found, {one.bid for one in made})
    return [_correction(one, amounts.get(one.bid)) for one in made]


def _correction(one: Correction, amount: int | None) -> View:
    shown: View = {
        "correction": one.correction,
        "bid": one.bid,
        "seat": one.seat,
        "ground": one.ground,
        "read_out": amount,
        "price": one.price,
        "reason": one.reason,
        "period": one.period,
        "votes": dict(one.votes),
        "status": one.status,
    }
    return {**shown, "due": one.due} if one.due else shown


def competition_view(found: Evaluation) -> View:
    """Return who judged the competition; what each said once it is decided."""
    said = lacking(found.committee, found.competition)
    judged = found.competition.judged
    shown: View = {"judged": list(judged)}
    if said is None:
        return shown
    votes = {seat: {"lacking": one.lacking, "reason": one.reason} for seat, one in judged.items()}
    return {**shown, "lacking": said, "votes": votes}
