"""The state hash of an evaluation: what two places, or a pause and its end, can compare; pure.

It is made of the fold alone, in the order of seats, bids and of what was asked, so that whoever has
the record makes the same one. It must not be shown without its salt having gone into it: marks and
verdicts that nobody may see yet are few enough to be tried.

Source: docs/record-format.md, The state hash of an evaluation.
"""

import hashlib
from typing import Any

from crypto import canonical
from evaluation.clarification import Clarification
from evaluation.correction import Correction
from evaluation.marking import rule_hash
from evaluation.reevaluation import Reevaluation
from evaluation.scoring.rule import ScoringRule
from evaluation.state import Evaluation
from record.events import Signed

Row = dict[str, Any]


def state_hash(found: Evaluation, rule: ScoringRule, salt: str) -> str:
    """Return the SHA-256 of an evaluation's state as canonical JSON, hex.

    Args:
        found: the evaluation.
        rule: its section's.
        salt: 32 random bytes, hex; those of the pause.
    """
    value = {"v": 1, "salt": salt, "rule": rule_hash(rule), **_committee(found), **_work(found)}
    return hashlib.sha256(canonical.dumps(value)).hexdigest()


def _committee(found: Evaluation) -> Row:
    committee = found.committee
    ballot = committee.ballot
    told: Row = {
        "section": committee.section,
        "seats": [
            {
                "seat": seat.member.seat,
                "place": seat.member.place,
                "account": seat.member.account,
                "capacity": seat.member.capacity,
                "standing": seat.standing,
                "ties": list(seat.ties),
            }
            for seat in committee.seats.values()
        ],
        "gone": [
            {"seat": one.seat, "account": one.account, "reason": one.reason}
            for one in committee.gone
        ],
        "ballot": {
            "round": ballot.round,
            "among": list(ballot.among),
            "votes": [{"seat": seat, "choice": to} for seat, to in ballot.votes.items()],
        },
    }
    return told if committee.chair is None else {**told, "chair": committee.chair}


def _work(found: Evaluation) -> Row:
    seats, review = found.committee.seats, found.review
    told: Row = {
        "bids": list(review.bids),
        "reviewed": [
            _reviewed(found, seat, bid)
            for bid in review.bids
            for seat in seats
            if (seat, bid) in review.verdicts
        ],
        "votes": [
            {
                "bid": vote.bid,
                "item": vote.item,
                "votes": [{"seat": seat, "passes": passes} for seat, passes in vote.votes.items()],
            }
            for vote in review.votes.values()
        ],
        "rejected": [
            {"bid": bid, "ground": review.rejected[bid]}
            for bid in review.bids
            if bid in review.rejected
        ],
        "review_closed": review.is_closed,
        "clarifications": [_clarification(one) for one in found.clarifications.values()],
        "corrections": [_correction(one) for one in found.corrections.values()],
        "prices_checked": found.prices_checked,
        "competition": [
            {"seat": seat, "lacking": one.lacking, "reason": one.reason}
            for seat, one in found.competition.judged.items()
        ],
        "sheets": [
            {"seat": seat, "sheet": _hash(found.marking.sheets[seat])}
            for seat in seats
            if seat in found.marking.sheets
        ],
        "locked": found.marking.is_locked,
    }
    if found.reevaluations:
        told["reevaluations"] = [_again(found, one) for one in found.reevaluations]
    return told | _aliases(found) | _report(found)


def _aliases(found: Evaluation) -> Row:
    """Return every draw of aliases, each under a salt that is as hidden as its table is."""
    marking = found.marking
    if not marking.draws:
        return {}
    draws = [
        {
            "draw": draw,
            "salt": marking.salts[draw],
            "aliases": [{"alias": alias, "bid": bid} for alias, bid in behind.items()],
        }
        for draw, behind in marking.draws.items()
    ]
    return {"draws": draws} if marking.draw is None else {"draws": draws, "draw": marking.draw}


def _reviewed(found: Evaluation, seat: str, bid: str) -> Row:
    verdicts = found.review.verdicts[seat, bid].values()
    return {
        "bid": bid,
        "seat": seat,
        "verdicts": [one.model_dump(mode="json", exclude_none=True) for one in verdicts],
    }


def _clarification(one: Clarification) -> Row:
    told: Row = {
        "clarification": one.clarification,
        "bid": one.bid,
        "seat": one.seat,
        "text": one.text,
        "period": one.period,
        "status": one.status,
        "agreed": list(one.agreed),
        "due": one.due,
        "judged": [{"seat": seat, "accepts": accepts} for seat, accepts in one.judged.items()],
    }
    return told | _answer(one.answer)


def _correction(one: Correction) -> Row:
    told: Row = {
        "correction": one.correction,
        "bid": one.bid,
        "seat": one.seat,
        "ground": one.ground,
        "price": one.price,
        "reason": one.reason,
        "period": one.period,
        "status": one.status,
        "due": one.due,
        "votes": [{"seat": seat, "agrees": agrees} for seat, agrees in one.votes.items()],
    }
    return told | _answer(one.answer)


def _again(found: Evaluation, one: Reevaluation) -> Row:
    """Return a re-evaluation with the former report it is about."""
    told: Row = {
        "reevaluation": one.reevaluation,
        "ground": one.ground,
        "reason": one.reason,
        "cells": [cell.model_dump() for cell in one.cells],
        "report": one.report.facts,
        "remarks": [
            {"seat": seat, "remarks": _hash(one.remarks[seat])}
            for seat in found.committee.seats
            if seat in one.remarks
        ],
        "locked": one.is_locked,
    }
    optional = {"objection": one.objection, "dropped": one.dropped}
    return told | {name: value for name, value in optional.items() if value is not None}


def _answer(answer: Signed | None) -> Row:
    return {} if answer is None else {"answer": _hash(answer)}


def _report(found: Evaluation) -> Row:
    report = found.report
    if not report.facts:
        return {}
    signed = [
        {"seat": seat, "opinion": one.opinion, "signature": _hash(one.envelope)}
        for seat, one in report.signed.items()
    ]
    return {"report": {"facts": report.facts, "pdf": report.pdf, "signed": signed}}


def _hash(envelope: Signed) -> str:
    """Return the hash of a whole envelope: its signature keeps what it says from being guessed."""
    return hashlib.sha256(canonical.dumps(envelope.model_dump(mode="json"))).hexdigest()
