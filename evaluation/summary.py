"""From the record to the outcome: prices as they were read out, marks as they were locked; pure.

Every number can be computed again from the record alone: the offers are the opened forms, the
order of submission is the bids', the value drawn is the session's. It must not decide anything.
"""

import re
from collections.abc import Collection, Mapping
from dataclasses import dataclass, field, replace
from fractions import Fraction
from typing import Any, Literal

from evaluation.correction import confirmed, not_confirmed
from evaluation.marking import marks_of
from evaluation.scoring.case_file import told
from evaluation.scoring.engine import Case, is_too_low, score
from evaluation.scoring.exact import POSITIVE, exact
from evaluation.scoring.marks import judge, scored_items
from evaluation.scoring.price import ScoringImpossible
from evaluation.scoring.ranking import Known
from evaluation.scoring.rule import Offer, ScoringRule
from evaluation.state import Evaluation
from opening.bid_form import Price, read_form
from opening.forms import form_terms
from opening.state import OpeningState, Place, Session

Unpriced = Literal["too_low", "not_opened", "unreadable", "not_confirmed"]
"""Why a bid that was not rejected has no price: `too_low` keeps a second envelope sealed, and a
correction that its bidder did not confirm makes it invalid."""
_VALUE = re.compile(POSITIVE, re.ASCII)


@dataclass(frozen=True, slots=True)
class Offers:
    """What the bids that are still in ask for."""

    offers: tuple[Offer, ...]
    unpriced: Mapping[str, Unpriced] = field(default_factory=dict)
    """Bids whose price nobody can read, and why; they are neither priced nor ranked."""
    limit: int | None = None
    """The highest price admitted, where every offer is an amount."""
    drawn: str | None = None
    """The value that was drawn in the session in which the prices were opened."""
    are_amounts: bool = False
    """Whether every offer is an amount, and none a rate."""


def offers_of(opening: OpeningState, found: Evaluation, rule: ScoringRule) -> Offers:
    """Return what the bids that are still in ask for, by their opened forms and as corrected."""
    if found.lacks_competition:
        return Offers(())
    section = found.committee.section
    terms = opening.sections[section].terms
    session = opening.sessions.get((section, terms.envelopes), Session())
    valid = found.review.valid
    passed = frozenset(passed_on(found, rule) if terms.envelopes == 2 else valid)
    present = _corrected(found, read_out(opening, found, passed))
    prices: Mapping[str, Price | Unpriced] = {bid: present.get(bid, "too_low") for bid in valid}
    read = {bid: price for bid, price in prices.items() if isinstance(price, Price)}
    by_amount = all(price.amount is not None for price in read.values())
    return Offers(
        offers=tuple(Offer(bid=bid, price=_text(price)) for bid, price in read.items()),
        unpriced={bid: why for bid, why in prices.items() if not isinstance(why, Price)},
        limit=terms.limit if by_amount else None,
        drawn=_drawn(session),
        are_amounts=by_amount,
    )


def read_out(
    opening: OpeningState, found: Evaluation, bids: Collection[str]
) -> Mapping[str, Price | Unpriced]:
    """Return the prices of bids as they were read out, or why there is none.

    Args:
        opening: in which they were opened.
        found: the evaluation.
        bids: as the evaluation names them, by their first envelopes.
    """
    section = found.committee.section
    place: Place = (section, opening.sections[section].terms.envelopes)
    session = opening.sessions.get(place, Session())
    priced = {opening.bids[bid].organisation: bid for bid in session.opened}
    return {bid: _price(opening, place, priced.get(opening.bids[bid].organisation)) for bid in bids}


def present_amount(
    opening: OpeningState, found: Evaluation, rule: ScoringRule, bid: str
) -> int | None:
    """Return the amount that a bid asks for as it stands; none where any offer is no amount."""
    asked = offers_of(opening, found, rule)
    of_bid = [one.price for one in asked.offers if one.bid == bid]
    return int(of_bid[0]) if of_bid and asked.are_amounts else None


def outcome(opening: OpeningState, found: Evaluation, rule: ScoringRule) -> dict[str, Any]:
    """Score a section whose marks are locked; where the rule cannot be applied it says why."""
    if found.lacks_competition:
        return {"impossible": "competition_lacking", "about": list(found.review.valid)}
    asked = offers_of(opening, found, rule)
    order = sorted(found.review.bids, key=lambda bid: opening.bids[bid].stamp.seq)
    case = Case(
        offers=asked.offers,
        members=tuple(found.committee.seats),
        marks=marks_of(found.marking),
        limit=None if asked.limit is None else Fraction(asked.limit),
        drawn=None if asked.drawn is None else exact(asked.drawn),
        known=Known(submitted={bid: place for place, bid in enumerate(order, 1)}),
    )
    try:
        return told(rule, score(rule, case))
    except ScoringImpossible as error:
        return {"impossible": error.code, "about": list(error.about)}


def passed_on(found: Evaluation, rule: ScoringRule) -> tuple[str, ...]:
    """Return the bids whose second envelope is opened: not rejected, and not too low."""
    if found.lacks_competition:
        return ()
    if not any(True for _ in scored_items(rule)):
        return found.review.valid
    judged = judge(rule, tuple(found.committee.seats), marks_of(found.marking))
    return tuple(bid for bid in found.review.valid if not is_too_low(rule, judged, bid))


def _price(opening: OpeningState, place: Place, bid: str | None) -> Price | Unpriced:
    """Return the price in the form of the envelope that holds it."""
    if bid is None:
        return "not_opened"
    form = opening.sessions[place].opened[bid].form
    terms = form_terms(opening.sections[place[0]].terms, place[1])
    price = None if form is None else read_form(form.encode(), terms).form.price
    if price is None or not is_number(_text(price)):
        return "unreadable"
    return price


def _corrected(
    found: Evaluation, prices: Mapping[str, Price | Unpriced]
) -> Mapping[str, Price | Unpriced]:
    """Return prices as their bidders confirmed them; none where they did not."""
    counting, invalid = confirmed(found.corrections), not_confirmed(found.corrections)
    present: dict[str, Price | Unpriced] = {}
    for bid, price in prices.items():
        if bid in invalid:
            present[bid] = "not_confirmed"
        elif isinstance(price, Price) and bid in counting:
            present[bid] = replace(price, amount=counting[bid])
        else:
            present[bid] = price
    return present


def _text(price: Price) -> str:
    """Return a price in minor units, or its rate; nothing where it is neither."""
    return str(price.amount) if price.amount is not None else price.rate or ""


def _drawn(session: Session) -> str | None:
    """Return the last value drawn, where it is a number."""
    results = [draw.result for draw in session.draws.values() if draw.result is not None]
    return results[-1] if results and is_number(results[-1]) else None


def is_number(text: str) -> bool:
    """Return whether a text is an exact decimal of zero or more, as a drawn value has to be."""
    return _VALUE.fullmatch(text) is not None
