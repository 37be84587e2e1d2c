"""What is shown of corrected prices and of the judgement of the competition; pure.

A bidder sees what its price comes to and on which ground, and no reason and no person. What a
member judged of the competition is shown once most have. It must not decide anything.
"""

from typing import Any

from evaluation.competition import lacking
from evaluation.correction import Correction, confirmed
from evaluation.state import Evaluation
from evaluation.summary import read_out
from opening.bid_form import Price
from opening.state import OpeningState
from project.state import ProjectState

View = dict[str, Any]


def corrections_of(state: ProjectState, section: str, organisation: str) -> list[View]:
    """Return the corrected prices a bidder is asked to confirm, as it may see them."""
    found = state.evaluation.evaluations.get(section)
    if found is None:
        return []
    bids = state.opening.bids
    paused = {} if found.pause is None else {"paused": found.pause.since}
    return [
        {
            **paused,
            "correction": one.correction,
            "bid": one.bid,
            "ground": one.ground,
            "read_out": _read_out(state.opening, found, one.bid),
            "price": one.price,
            "due": one.due,
            "status": one.status,
        }
        for one in found.corrections.values()
        if one.due and bids[one.bid].organisation == organisation
    ]


def _read_out(opening: OpeningState, found: Evaluation, bid: str) -> int | None:
    price = read_out(opening, found, bid)
    return price.amount if isinstance(price, Price) else None


def prices_view(opening: OpeningState, found: Evaluation) -> list[View]:
    """Return what each bid that is still in asks for, as it was read out and as it stands."""
    counting = confirmed(found.corrections)
    rows = []
    for bid in found.review.valid:
        price = read_out(opening, found, bid)
        if isinstance(price, Price) and price.amount is not None:
            present = counting.get(bid, price.amount)
            rows.append({"bid": bid, "read_out": price.amount, "price": present})
    return rows


def correction_view(opening: OpeningState, found: Evaluation, one: Correction) -> View:
    """Return a correction of a price with who agrees to it."""
    shown: View = {
        "correction": one.correction,
        "bid": one.bid,
        "seat": one.seat,
        "ground": one.ground,
        "read_out": _read_out(opening, found, one.bid),
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
