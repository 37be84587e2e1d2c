"""The state hash of an evaluation, made again from what its entries come to; it must not judge it.

Source: docs/record-format.md, The state hash of an evaluation.
"""

from typing import Any

from verifier import canonical
from verifier.committee import Again, Correction, Evaluation, Question, rule_hash
from verifier.entries import Entry
from verifier.hashing import hash_hex

Fields = dict[str, Any]


def state_hash(found: Evaluation, salt: str) -> str:
    """Return the SHA-256 of an evaluation's state, hex.

    Args:
        found: what the entries so far come to.
        salt: of the pause.
    """
    value = {"v": 1, "salt": salt, "rule": rule_hash(found.rule), **_committee(found)}
    told = {**value, **_work(found), **_aliases(found), **_report(found)}
    return hash_hex(canonical.write(told))


def _committee(found: Evaluation) -> Fields:
    ballot = found.ballot
    told: Fields = {
        "section": found.convened.body["section"],
        "seats": [
            {
                "seat": number,
                "place": seat.place,
                "account": seat.account,
                "capacity": seat.capacity,
                "standing": seat.step,
                "ties": seat.ties,
            }
            for number, seat in found.seats.items()
        ],
        "gone": found.gone,
        "ballot": {
            "round": ballot.round,
            "among": ballot.among,
            "votes": [{"seat": seat, "choice": choice} for seat, choice in ballot.votes.items()],
        },
    }
    return told if found.chair is None else {**told, "chair": found.chair}


def _work(found: Evaluation) -> Fields:
    sheets = {entry.body["seat"]: entry for entry in found.given}
    return {
        "bids": found.bids,
        "reviewed": [
            {"bid": bid, "seat": seat, "verdicts": found.reviews[seat, bid]}
            for bid in found.bids
            for seat in found.seats
            if (seat, bid) in found.reviews
        ],
        "votes": [
            {
                "bid": bid,
                "item": item,
                "votes": [{"seat": seat, "passes": passes} for seat, passes in votes.items()],
            }
            for (bid, item), votes in found.votes.items()
        ],
        "rejected": [
            {"bid": bid, "ground": found.rejected[bid].body["ground"]}
            for bid in found.bids
            if bid in found.rejected
        ],
        "review_closed": found.closed is not None,
        "clarifications": [_question(one) for one in found.questions.values()],
        "corrections": [_correction(one) for one in found.corrections.values()],
        "prices_checked": found.checked is not None,
        "competition": [
            {name: one.body[name] for name in ("seat", "lacking", "reason")}
            for one in found.judged.values()
        ],
        "sheets": [
            {"seat": seat, "sheet": envelope_hash(sheets[seat])}
            for seat in found.seats
            if seat in found.sheets
        ],
        "locked": found.locked,
        **({"reevaluations": [_again(found, one) for one in found.again]} if found.again else {}),
    }


def _question(one: Question) -> Fields:
    body = one.drafted.body
    told: Fields = {name: body[name] for name in ("clarification", "bid", "seat", "text", "period")}
    told |= {
        "status": one.status,
        "agreed": one.agreed,
        "due": one.due,
        "judged": [{"seat": seat, "accepts": accepts} for seat, accepts in one.judged.items()],
    }
    return told if one.answered is None else {**told, "answer": envelope_hash(one.answered)}


def _correction(one: Correction) -> Fields:
    body = one.proposed.body
    names = ("correction", "bid", "seat", "ground", "price", "reason", "period")
    told: Fields = {name: body[name] for name in names}
    told |= {
        "status": one.status,
        "due": one.due,
        "votes": [{"seat": seat, "agrees": agrees} for seat, agrees in one.votes.items()],
    }
    return told if one.answered is None else {**told, "answer": envelope_hash(one.answered)}


def _aliases(found: Evaluation) -> Fields:
    if not found.draws:
        return {}
    names = ("draw", "salt", "aliases")
    draws = [{name: drawn.body[name] for name in names} for drawn in found.draws.values()]
    in_force = {} if found.drawn is None else {"draw": found.drawn.body["draw"]}
    return {"draws": draws, **in_force}


def _again(found: Evaluation, one: Again) -> Fields:
    body = one.ordered.body
    names = ("reevaluation", "ground", "reason", "cells", "objection")
    told: Fields = {name: body[name] for name in names if name in body}
    told |= {
        "report": "" if one.report is None else one.report.entry.body["facts"],
        "remarks": [
            {"seat": seat, "remarks": envelope_hash(one.given[seat])}
            for seat in found.seats
            if seat in one.given
        ],
        "locked": one.locked is not None,
    }
    return told if one.dropped is None else {**told, "dropped": one.dropped.body["reason"]}


def _report(found: Evaluation) -> Fields:
    drawn = found.report
    if drawn is None:
        return {}
    signed = [
        {"seat": seat, "opinion": opinion, "signature": envelope_hash(drawn.signatures[seat])}
        for seat, opinion in drawn.signed.items()
    ]
    body = drawn.entry.body
    return {"report": {"facts": body["facts"], "pdf": body["pdf"], "signed": signed}}


def envelope_hash(entry: Entry) -> str:
    """Return the hash of the envelope of an entry, its signatures included."""
    return hash_hex(canonical.write(entry.body["envelope"]))
