"""The facts of an evaluation's report 评标报告, made again from the record; it must not judge them.

Source: docs/record-format.md, The facts of the report.
"""

from typing import Any

from verifier import canonical
from verifier.committee import Again, Correction, Evaluation, Question, rule_hash
from verifier.facts import name_of
from verifier.forms import price
from verifier.scoring.engine import Case, outcome, passed
from verifier.scoring.marks import items_of
from verifier.scoring.sheet import Impossible
from verifier.state import State
from verifier.values import NUMBER

Fields = dict[str, Any]


def facts(state: State, found: Evaluation) -> bytes | None:
    """Return the facts of a report; None where the record lacks what they need.

    Args:
        state: up to the entry that draws it up.
        found: what its section's evaluation comes to.
    """
    section = found.convened.body["section"]
    known = all((seat.account, "expert") in state.known for seat in found.seats.values())
    if section not in state.sections or not known or set(found.bids) - state.bids.keys():
        return None
    asked, marks = Asked(state, found, section), found.marks()
    case = Case(
        rule=found.rule,
        offers=asked.offers,
        members=list(found.seats),
        marks=marks,
        limit=asked.limit,
        drawn=asked.drawn,
        submitted={bid: place for place, bid in enumerate(_by_seq(state, found.bids), 1)},
    )
    value = {
        "v": 1,
        "project": state.project,
        "section": section,
        "rule": rule_hash(found.rule),
        "chair": found.chair or "",
        "members": [_member(state, found, number) for number in found.seats],
        "gone": found.gone,
        "review": [_reviewed(state, found, bid) for bid in found.bids],
        "votes": [
            {
                "bid": bid,
                "item": item,
                "votes": [{"seat": seat, "passes": passes} for seat, passes in votes.items()],
            }
            for (bid, item), votes in found.votes.items()
        ],
        "clarifications": [_asked(one) for one in found.questions.values() if one.due],
        "corrections": [_correction(asked, one) for one in found.corrections.values()],
        "marks": [_marks(found, bid, marks.get(bid, {})) for bid in found.valid],
        "unpriced": asked.unpriced,
        "outcome": {} if found.lacks_competition else outcome(case),
    }
    told: Fields = {"limit": asked.limit, "drawn": asked.drawn}
    if found.lacks_competition:
        about = {"impossible": "competition_lacking", "about": found.valid}
        value |= {"marks": [], "unpriced": [], "outcome": about}
        told = {}
    used = _aliases(found)
    if used:
        told["blind"] = used
    told["pauses"] = found.pauses
    told["reevaluations"] = [_again(state, found, one) for one in found.again]
    if found.few:
        told["competition"] = _competition(found)
    return canonical.write({**value, **{name: one for name, one in told.items() if one}})


class Asked:
    """What the bids that are still in ask for, as their opened forms say."""

    def __init__(self, state: State, found: Evaluation, section: str) -> None:
        terms = state.sections[section].terms
        self._session = state.session((section, terms["envelopes"]))
        self._by_bidder = {
            state.bids[bid].organisation: entry
            for bid, entry in self._session.opened.items()
            if bid in state.bids
        }
        self._found, self._state = found, state
        self._let_through = _let_through(found, terms["envelopes"])
        corrected = [one for one in found.corrections.values() if one.status == "accepted"]
        self._corrected = {one.bid: str(one.proposed.body["price"]) for one in corrected}
        self.offers: list[Fields] = []
        self.unpriced: list[Fields] = []
        amounts = True
        for bid in found.valid:
            said = self._price(bid)
            if isinstance(said, str):
                self.unpriced.append({"bid": bid, "why": said})
            else:
                amounts = amounts and said[0]
                self.offers.append({"bid": bid, "price": said[1]})
        self.amounts = amounts
        self.limit = str(terms["limit"]) if amounts and "limit" in terms else None
        results = [one.result for one in self._session.draws.values() if one.result is not None]
        is_number = bool(results) and NUMBER(results[-1]) is None
        self.drawn = results[-1] if is_number else None

    def _price(self, bid: str) -> tuple[bool, str] | str:
        """Return a price and whether it is an amount, or why there is none."""
        if bid not in self._let_through:
            return "too_low"
        if bid in self._found.unconfirmed:
            return "not_confirmed"
        found = self.read_out(bid)
        if isinstance(found, str) or bid not in self._corrected:
            return found
        return True, self._corrected[bid]

    def read_out(self, bid: str) -> tuple[bool, str] | str:
        """Return the price that was read out and whether it is an amount, or why there is none."""
        opened = self._by_bidder.get(self._state.bids[bid].organisation)
        if opened is None:
            return "not_opened"
        found = price(opened.body.get("form"))
        return "unreadable" if found is None or NUMBER(found[1]) is not None else found

    def amount(self, bid: str) -> int | None:
        """Return the amount that a bid asks for as it stands; none where an offer is no amount."""
        of_bid = [one["price"] for one in self.offers if one["bid"] == bid]
        return int(of_bid[0]) if of_bid and self.amounts else None


def _let_through(found: Evaluation, envelopes: int) -> list[str]:
    if envelopes == 1:
        return found.valid
    if found.lacks_competition:
        return []
    try:
        return passed(found.rule, list(found.seats), found.marks(), found.valid)
    except Impossible:
        return []


def _by_seq(state: State, bids: list[str]) -> list[str]:
    return sorted(bids, key=lambda bid: state.bids[bid].seq)


def _member(state: State, found: Evaluation, number: str) -> Fields:
    seat = found.seats[number]
    return {
        "seat": number,
        "place": seat.place,
        "account": seat.account,
        "name": state.known[seat.account, "expert"].name,
        "capacity": seat.capacity,
        "ties": seat.ties,
    }


def _reviewed(state: State, found: Evaluation, bid: str) -> Fields:
    organisation = state.bids[bid].organisation
    row: Fields = {
        "bid": bid,
        "organisation": organisation,
        "name": name_of(state, organisation),
        "items": [{"item": item, "outcome": found.said(bid, item)} for item in found.items],
    }
    if bid in found.rejected:
        failed = [item for item in found.items if found.said(bid, item) == "failed"]
        row["rejected"] = {"ground": found.rejected[bid].body["ground"], "items": failed}
    return row


def _asked(one: Question) -> Fields:
    """Return a question that was sent and what became of it; an expired one has no answer."""
    body = one.drafted.body
    row: Fields = {
        "clarification": body["clarification"],
        "bid": body["bid"],
        "question": body["text"],
        "status": one.status,
        "judged": [{"seat": seat, "accepts": accepts} for seat, accepts in one.judged.items()],
    }
    if one.answer is not None and one.status in {"shown", "accepted", "not_accepted"}:
        row["answer"] = one.answer
        if one.attachments:
            row["attachments"] = one.attachments
    return row


def _correction(asked: Asked, one: Correction) -> Fields:
    """Return a correction beside the price that was read out."""
    body, read_out = one.proposed.body, asked.read_out(one.bid)
    row: Fields = {name: body[name] for name in ("correction", "bid", "seat", "ground", "reason")}
    if not isinstance(read_out, str) and read_out[0]:
        row["read_out"] = read_out[1]
    return {
        **row,
        "price": str(body["price"]),
        "status": one.status,
        "votes": [{"seat": seat, "agrees": agrees} for seat, agrees in one.votes.items()],
    }


def _competition(found: Evaluation) -> Fields:
    return {
        "votes": [
            {name: one.body[name] for name in ("seat", "lacking", "reason")}
            for one in found.judged.values()
        ],
        "lacking": found.lacks_competition,
    }


def _again(state: State, found: Evaluation, one: Again) -> Fields:
    """Return a re-evaluation with the report before it, and what it changed where it counts."""
    body = one.ordered.body
    names = ("reevaluation", "ground", "reason", "cells", "objection")
    row: Fields = {name: body[name] for name in names if name in body}
    former = state.former.get(body["section"], [])
    row |= {
        "at": one.ordered.at,
        "former": "" if one.report is None else one.report.entry.body["facts"],
        "published": any(each.withdrawn_for == one.name for each in former),
    }
    if one.dropped is not None:
        row["dropped"] = one.dropped.body["reason"]
    return {**row, "changes": _changes(found, one)} if one.counts else row


def _changes(found: Evaluation, one: Again) -> list[Fields]:
    """Return every mark with a reason, by cell, then by seat, beside the one before it."""
    marks = found.marks(before=one)
    given = {
        (row["bid"], row["item"], seat): row
        for seat, entry in one.given.items()
        for row in entry.message["marks"]
    }
    return [
        {
            "bid": cell["bid"],
            "item": cell["item"],
            "seat": seat,
            "before": marks[cell["bid"]][cell["item"]][seat],
            "after": row["mark"],
            "reason": row["reason"],
        }
        for cell in one.ordered.body["cells"]
        for seat in found.seats
        if "reason" in (row := given.get((cell["bid"], cell["item"], seat), {}))
    ]


def _aliases(found: Evaluation) -> list[Fields]:
    """Return the draws by which sheets go, with their seats, and whose parts the aliases were."""
    seats = {
        draw: [seat for seat in found.seats if seat in found.sheets and found.under[seat] == draw]
        for draw in found.draws
    }
    return [
        {"draw": draw, "seats": seats[draw], "aliases": entry.body["aliases"]}
        for draw, entry in found.draws.items()
        if seats[draw]
    ]


def _marks(found: Evaluation, bid: str, given: dict[str, dict[str, str]]) -> Fields:
    """Return every mark of a bid as it was signed, in the order of the rule and of the seats."""
    rows = [
        {
            "item": item["item"],
            "marks": [
                {"seat": seat, "mark": given[item["item"]][seat]}
                for seat in found.seats
                if seat in given.get(item["item"], {})
            ],
        }
        for _, item in items_of(found.rule, "points")
    ]
    return {"bid": bid, "items": rows}
