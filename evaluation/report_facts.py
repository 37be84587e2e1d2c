"""The facts of the report 评标报告: everything it must hold, as canonical JSON.

They are a function of the record alone. Every value is a field of an event, or a number that
`evaluation.scoring` computes from such fields, with the sums it comes from; nothing is worded here.
"""

from collections.abc import Sequence
from typing import Any

from crypto import canonical
from evaluation.blind import draws_used
from evaluation.clarification import Clarification, answer_text, attachments_of
from evaluation.competition import is_due
from evaluation.correction import Correction
from evaluation.marking import rule_hash, signed_marks
from evaluation.pause import PastPause
from evaluation.reevaluation import Reevaluation, changes
from evaluation.review import outcome
from evaluation.scoring.marks import scored_items
from evaluation.scoring.rule import ScoringRule
from evaluation.state import Evaluation
from evaluation.summary import Unpriced, offers_of, read_out
from evaluation.summary import outcome as scored
from opening.bid_form import Price
from opening.facts import told
from opening.session import organisation_name
from opening.state import OpeningState

Row = dict[str, Any]


def facts(opening: OpeningState, found: Evaluation, rule: ScoringRule) -> bytes:
    """Return the facts of a section's report as canonical JSON; its marks are locked."""
    committee, review = found.committee, found.review
    asked = offers_of(opening, found, rule)
    value: Row = {
        "v": 1,
        "project": opening.project,
        "section": committee.section,
        "rule": rule_hash(rule),
        "chair": committee.chair or "",
        "members": _members(opening, found),
        "gone": [
            {"seat": one.seat, "account": one.account, "reason": one.reason}
            for one in committee.gone
        ],
        "review": [_reviewed(opening, found, bid) for bid in review.bids],
        "votes": [
            {
                "bid": vote.bid,
                "item": vote.item,
                "votes": [{"seat": seat, "passes": passes} for seat, passes in vote.votes.items()],
            }
            for vote in review.votes.values()
        ],
        "clarifications": [_clarified(one) for one in found.clarifications.values() if one.due],
        "corrections": _corrections(opening, found),
        "marks": [] if found.lacks_competition else _marks(found, rule),
        "unpriced": [{"bid": bid, "why": why} for bid, why in asked.unpriced.items()],
        "outcome": scored(opening, found, rule),
    }
    if asked.limit is not None:
        value["limit"] = str(asked.limit)
    if asked.drawn is not None:
        value["drawn"] = asked.drawn
    if found.pauses:
        value["pauses"] = [_pause(one) for one in found.pauses]
    if found.reevaluations:
        value["reevaluations"] = [_again(found, one) for one in found.reevaluations]
    if used := draws_used(found.marking):
        value["blind"] = [_aliases(found, draw, seats) for draw, seats in used.items()]
    if is_due(found.review):
        value["competition"] = _competition(found)
    return canonical.dumps(told(value))


def _members(opening: OpeningState, found: Evaluation) -> list[Row]:
    return [
        {
            "seat": seat.member.seat,
            "place": seat.member.place,
            "account": seat.member.account,
            "name": opening.known[seat.member.account, "expert"].name,
            "capacity": seat.member.capacity,
            "ties": list(seat.ties),
        }
        for seat in found.committee.seats.values()
    ]


def _reviewed(opening: OpeningState, found: Evaluation, bid: str) -> Row:
    committee, review = found.committee, found.review
    organisation = opening.bids[bid].organisation
    outcomes = {item: outcome(committee, review, bid, item) for item in review.items}
    row: Row = {
        "bid": bid,
        "organisation": organisation,
        "name": organisation_name(opening, organisation),
        "items": [{"item": item, "outcome": one} for item, one in outcomes.items()],
    }
    if bid in review.rejected:
        failed = [item for item, one in outcomes.items() if one == "failed"]
        row["rejected"] = {"ground": review.rejected[bid], "items": failed}
    return row


def _clarified(one: Clarification) -> Row:
    """Return a question that was sent, its answer if that was shown, and what became of it."""
    return {
        "clarification": one.clarification,
        "bid": one.bid,
        "question": one.text,
        "status": one.status,
        "answer": answer_text(one) if one.is_shown else None,
        "attachments": _attached(one),
        "judged": [{"seat": seat, "accepts": accepts} for seat, accepts in one.judged.items()],
    }


def _attached(one: Clarification) -> list[Row] | None:
    """Return what is attached to the answer that was shown; None where that is nothing."""
    shown = attachments_of(one) if one.is_shown else ()
    return [each.model_dump() for each in shown] or None


def _corrections(opening: OpeningState, found: Evaluation) -> list[Row]:
    """Return every correction, whatever became of it, beside the price that was read out."""
    made = found.corrections.values()
    prices = read_out(opening, found, {one.bid for one in made})
    return [_correction(one, prices[one.bid]) for one in made]


def _correction(one: Correction, price: Price | Unpriced) -> Row:
    return {
        "correction": one.correction,
        "bid": one.bid,
        "seat": one.seat,
        "ground": one.ground,
        "read_out": str(price.amount) if isinstance(price, Price) else None,
        "price": str(one.price),
        "reason": one.reason,
        "status": one.status,
        "votes": [{"seat": seat, "agrees": agrees} for seat, agrees in one.votes.items()],
    }


def _pause(one: PastPause) -> Row:
    """Return a pause that is over, with the state hash that stood at both its ends."""
    return {
        "cause": one.cause,
        "reason": one.reason,
        "since": one.since,
        "until": one.until,
        "state": one.state,
    }


def _again(found: Evaluation, one: Reevaluation) -> Row:
    """Return a re-evaluation with the report it replaced, and what it changed; nothing if dropped.

    `published` tells whether the result of the former report was; its facts are `former`.
    """
    row: Row = {
        "reevaluation": one.reevaluation,
        "ground": one.ground,
        "reason": one.reason,
        "objection": one.objection,
        "at": one.at,
        "cells": [cell.model_dump() for cell in one.cells],
        "former": one.report.facts,
        "published": one.publication is not None,
        "dropped": one.dropped,
    }
    if one.counts:
        row["changes"] = changes(found.marking, found.reevaluations, one)
    return row


def _competition(found: Evaluation) -> Row:
    """Return what members judged of the competition among few bids."""
    judged = found.competition.judged
    return {
        "votes": [
            {"seat": seat, "lacking": one.lacking, "reason": one.reason}
            for seat, one in judged.items()
        ],
        "lacking": found.lacks_competition,
    }


def _aliases(found: Evaluation, draw: str, seats: Sequence[str]) -> Row:
    """Return whose blind part each alias stood for, and who marked under them."""
    return {
        "draw": draw,
        "seats": [seat for seat in found.committee.seats if seat in seats],
        "aliases": [
            {"alias": alias, "bid": bid} for alias, bid in found.marking.draws[draw].items()
        ],
    }


def _marks(found: Evaluation, rule: ScoringRule) -> list[Row]:
    """Return every mark as it was signed, of the bids still in, in the rule's and seats' order."""
    signed = signed_marks(found.marking)
    return [
        {
            "bid": bid,
            "items": [
                {
                    "item": item.item,
                    "marks": [
                        {"seat": seat, "mark": signed[bid][item.item][seat]}
                        for seat in found.committee.seats
                    ],
                }
                for _, item in scored_items(rule)
            ],
        }
        for bid in found.review.valid
    ]
