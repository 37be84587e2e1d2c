"""Totals, the order of the bids, and what decided between equals 并列.

It must not draw lots: where a rule wants a draw that was not held, the bids stand side by side and
it says which ones wait for it.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from fractions import Fraction
from itertools import groupby

from evaluation.scoring.exact import exact
from evaluation.scoring.marks import Judged
from evaluation.scoring.price import Priced
from evaluation.scoring.rule import QualityAndCost, ScoringRule, Tie
from evaluation.scoring.sheet import Sheet, sum_of, term

_ZERO = Fraction(0)


@dataclass(frozen=True, slots=True)
class Known:
    """What decides between equals, besides scores and prices."""

    submitted: Mapping[str, int] = field(default_factory=dict)
    """By bid: its place in the order of submission, from 1."""
    drawn: Mapping[str, int] = field(default_factory=dict)
    """By bid: its place in the order that was drawn, from 1; empty before a draw."""


@dataclass(frozen=True, slots=True)
class Ranked:
    """A bid's place."""

    bid: str
    rank: int
    """From 1; equals have the same, and the next place counts them all."""
    total: Fraction
    """Points, or the price it is ranked by."""
    decided_by: Tie | None
    """What put it after the one before of the same total; None where the totals differ."""
    is_candidate: bool


@dataclass(frozen=True, slots=True)
class Ranking:
    """The order of all bids that have a place in it."""

    places: Sequence[Ranked]
    to_draw: Sequence[Sequence[str]]
    """Groups of equals between which lots have to be drawn."""
    sheet: Sheet


def rank(rule: ScoringRule, priced: Priced, judged: Judged, known: Known) -> Ranking:
    """Return the order of the bids whose price counts."""
    sheet = Sheet()
    totals = {bid: _total(sheet, rule, priced, judged, bid) for bid in sorted(priced.values)}
    sign = 1 if priced.better == "lower" else -1
    keys = _keys(priced, judged, known)
    order = sorted(totals, key=lambda bid: (sign * totals[bid], bid))
    places: list[Ranked] = []
    to_draw: list[Sequence[str]] = []
    for _, group in groupby(order, key=lambda bid: totals[bid]):
        for equals, decided_by in _split(list(group), rule.ties, keys, to_draw):
            place = len(places) + 1
            is_candidate = place <= rule.candidates
            places += [Ranked(bid, place, totals[bid], decided_by, is_candidate) for bid in equals]
    return Ranking(places, to_draw, sheet)


def _total(sheet: Sheet, rule: ScoringRule, priced: Priced, judged: Judged, bid: str) -> Fraction:
    value = priced.values[bid]
    if priced.better == "lower":
        return sheet.note("total_price", term(value), value, bid=bid)
    scores = list(judged.parts.get(bid, {}).values())
    if isinstance(rule.price, QualityAndCost):
        quality, price = exact(rule.price.quality_share), exact(rule.price.price_share)
        formula = f"{term(quality)} x ({sum_of(scores)}) + {term(price)} x {term(value)}"
        total = quality * sum(scores, _ZERO) + price * value
    else:
        formula, total = sum_of([*scores, value]), sum(scores, value)
    return sheet.note("total", formula, total, rule.total_decimals, bid)


Key = Callable[[str], Fraction | int | None]


def _keys(priced: Priced, judged: Judged, known: Known) -> Mapping[Tie, Key]:
    """Return by what each tie-breaker orders: the least first; None where it does not know."""
    return {
        "price": priced.evaluated.get,
        "technical": lambda bid: -judged.parts.get(bid, {}).get("technical", _ZERO),
        "commercial": lambda bid: -judged.parts.get(bid, {}).get("commercial", _ZERO),
        "earlier": known.submitted.get,
        "drawn": known.drawn.get,
    }


def _split(
    group: list[str], ties: Sequence[Tie], keys: Mapping[Tie, Key], to_draw: list[Sequence[str]]
) -> list[tuple[list[str], Tie | None]]:
    """Return a group of equals as smaller groups in their order, each with what put it there."""
    if len(group) == 1 or not ties:
        return [(group, None)]
    tie, rest = ties[0], ties[1:]
    of_each = {bid: keys[tie](bid) for bid in group}
    if None in of_each.values():
        if tie == "drawn":
            to_draw.append(group)
        return _split(group, rest, keys, to_draw)
    values = sorted({value for value in of_each.values() if value is not None})
    found: list[tuple[list[str], Tie | None]] = []
    for value in values:
        within = [bid for bid in group if of_each[bid] == value]
        (first, by), *others = _split(within, rest, keys, to_draw)
        found += [(first, tie if found else by), *others]
    return found
