"""What a seat is shown of an evaluation, whole: what it needs for its next act, and no more.

A member learns the bidders' names once its own ties are declared, and the bids once it confirmed;
what others said of a bid not before it has to be voted on or all agree, and nobody's marks before
everybody's are locked. The clerk sees how far the committee has come, and what it found once that
has to be acted on. While an evaluation is paused its members see no bid. Pure: it must not decide
anything.
"""

from collections.abc import Mapping
from dataclasses import replace
from typing import Any, Literal

from evaluation import blind, review
from evaluation.clarification import (
    Clarification,
    answer_text,
    attachments_of,
    question_hash,
)
from evaluation.committee import Seat, eligible, seat_of
from evaluation.competition import is_due, lacking
from evaluation.marking import rule_hash, rule_json, signed_marks
from evaluation.scoring.rule import ScoringRule
from evaluation.state import Evaluation
from evaluation.summary import passed_on
from opening.session import organisation_name
from opening.state import OpeningState
from project.state import ProjectState
from rooms.pauses import held_up, pause_view
from rooms.prices import competition_view, corrections_view, prices_view
from rooms.reevaluations import own_view, reevaluations_view

Viewer = Literal["clerk", "member", "supervisor"]
Step = Literal[
    "convened",
    "chair",
    "review",
    "competition",
    "prices",
    "marks",
    "locked",
    "report",
    "finished",
    "reevaluation",
]
View = dict[str, Any]


def view(state: ProjectState, section: str, viewer: Viewer, account: str) -> View:
    """Return an evaluation as somebody may see it.

    Args:
        state: the project; a committee of the section is convened.
        section: whose evaluation.
        viewer: as what the account looks.
        account: who looks; a member's own seat is found by it.

    Refusals: committee.not_a_member, of whoever looks as a member and is none.
    """
    found = state.evaluation.evaluations[section]
    rule = state.evaluation.rules[section]
    shown = _progress(state.opening, found, rule)
    if found.pause is not None:
        shown["paused"] = pause_view(found.pause)
    if viewer == "clerk":
        return shown | _for_clerk(state.opening, found, rule)
    own = seat_of(found.committee, account) if viewer == "member" else None
    if own is not None:
        shown |= _own(found, own)
        if found.pause is not None:
            return shown
    if own is None or own.standing in {"declared", "confirmed"}:
        shown["bidders"] = _bidders(state.opening, found)
    if own is None or own.standing == "confirmed":
        shown |= _inside(state.opening, found, is_supervisor=own is None)
        shown |= {} if own is None else own_view(found, own.member.seat)
    return shown


def clarifications_of(state: ProjectState, section: str, organisation: str) -> list[View]:
    """Return what a bidder is asked in a section, as it may see it; it is told of no person."""
    found = state.evaluation.evaluations.get(section)
    if found is None:
        return []
    bids = state.opening.bids
    held = held_up(state, section)
    return [
        _asked(one) | held
        for one in found.clarifications.values()
        if one.due and bids[one.bid].organisation == organisation
    ]


def _asked(one: Clarification) -> View:
    """Return a question as the bidder sees it; whether its answer counts is not told."""
    shown: View = {
        "clarification": one.clarification,
        "bid": one.bid,
        "question": one.text,
        "question_hash": question_hash(one.text),
        "due": one.due,
        "status": one.status if one.status in {"sent", "expired"} else "answered",
    }
    if one.returned is not None:
        shown["returned"] = one.returned
    return shown | (_answered(one) if one.answer is not None else {})


def _answered(one: Clarification) -> View:
    """Return an answer with what is attached to it."""
    attached = [each.model_dump() for each in attachments_of(one)]
    return {"answer": answer_text(one)} | ({"attachments": attached} if attached else {})


def step_of(opening: OpeningState, found: Evaluation) -> Step:
    """Return how far an evaluation has come; of two envelopes prices are checked after the marks.

    Args:
        opening: the sessions in which prices are opened.
        found: the evaluation.
    """
    if found.report.facts:
        return "finished" if found.report.is_finished else "report"
    if found.awaits_remarks:
        return "reevaluation"
    if not found.committee.is_quorate:
        return "convened"
    if found.committee.chair is None:
        return "chair"
    if not found.review.is_closed:
        return "review"
    return _scoring_step(opening, found)


def _scoring_step(opening: OpeningState, found: Evaluation) -> Step:
    """Return how far an evaluation has come after its review and before its report."""
    if found.lacks_competition:
        return "locked"
    if is_due(found.review) and lacking(found.committee, found.competition) is None:
        return "competition"
    section = found.committee.section
    envelopes = opening.sections[section].terms.envelopes
    last = opening.sessions.get((section, envelopes))
    is_marked = envelopes == 1 or found.marking.is_locked
    if is_marked and not found.prices_checked and last is not None and last.stage == "ended":
        return "prices"
    return "locked" if found.marking.is_locked else "marks"


def _progress(opening: OpeningState, found: Evaluation, rule: ScoringRule) -> View:
    committee = found.committee
    shown: View = {
        "section": committee.section,
        "step": step_of(opening, found),
        "envelopes": opening.sections[committee.section].terms.envelopes,
        "rule": rule_json(rule),
        "rule_hash": rule_hash(rule),
        "members": [_member(opening, seat) for seat in committee.seats.values()],
        "ballot": {
            "round": committee.ballot.round,
            "voted": list(committee.ballot.votes),
            "among": list(eligible(committee)),
        },
        "progress": {
            "reviewed": {
                seat: sum(1 for one, _ in found.review.verdicts if one == seat)
                for seat in committee.seats
            },
            "bids": len(found.review.bids),
            "marked": list(found.marking.sheets),
        },
    }
    return shown if committee.chair is None else {**shown, "chair": committee.chair}


def _member(opening: OpeningState, seat: Seat) -> View:
    bound = opening.known.get((seat.member.account, "expert"))
    return {
        "seat": seat.member.seat,
        "place": seat.member.place,
        "name": seat.member.account if bound is None else bound.name,
        "capacity": seat.member.capacity,
        "standing": seat.standing,
    }


def _for_clerk(opening: OpeningState, found: Evaluation, rule: ScoringRule) -> View:
    """Return what the clerk acts on: who sits where, who is passed on, and the report."""
    seats = found.committee.seats.items()
    shown: View = {"accounts": {number: seat.member.account for number, seat in seats}}
    terms = opening.sections[found.committee.section].terms
    if (found.marking.is_locked or found.lacks_competition) and terms.envelopes == 2:
        passed = passed_on(_as_first_marked(found), rule)
        why = "competition_lacking" if found.lacks_competition else "too_low"
        shown["stage"] = {
            "passed": [opening.bids[bid].organisation for bid in passed],
            "failed": [
                {
                    "organisation": opening.bids[bid].organisation,
                    "why": found.review.rejected.get(bid, why),
                }
                for bid in found.review.bids
                if bid not in passed
            ],
        }
    if found.report.is_finished:
        shown["report"] = _report(found)
    if found.reevaluations:
        shown["reevaluations"] = reevaluations_view(found, is_clerk=True)
    return shown


def _as_first_marked(found: Evaluation) -> Evaluation:
    """Return an evaluation by whose marks the second envelopes were let through."""
    return replace(found, marking=replace(found.marking, amended=()))


def _own(found: Evaluation, own: Seat) -> View:
    seat = own.member.seat
    return {
        "seat": seat,
        "own": {
            "ties": list(own.ties),
            "reviewed": [bid for one, bid in found.review.verdicts if one == seat],
            "marks_submitted": seat in found.marking.sheets,
            "judged": seat in found.competition.judged,
        },
    }


def _bidders(opening: OpeningState, found: Evaluation) -> list[str]:
    organisations = dict.fromkeys(opening.bids[bid].organisation for bid in found.review.bids)
    return [organisation_name(opening, one) for one in organisations]


def _inside(opening: OpeningState, found: Evaluation, *, is_supervisor: bool) -> View:
    """Return what is shown to whoever may see the bids."""
    committee, reviewed = found.committee, found.review
    outcomes = {
        bid: {item: review.outcome(committee, reviewed, bid, item) for item in reviewed.items}
        for bid in reviewed.bids
    }
    shown: View = {
        "bids": [_bid(opening, bid) for bid in reviewed.bids],
        "to_vote": [
            {"bid": bid, "item": item} for bid, item in review.disagreements(committee, reviewed)
        ],
        "votes": [
            {
                "bid": vote.bid,
                "item": vote.item,
                "voted": list(vote.votes),
                "outcome": outcomes[vote.bid][vote.item],
            }
            for vote in reviewed.votes.values()
        ],
        "failed": [bid for bid, items in outcomes.items() if "failed" in items.values()],
        "rejected": dict(reviewed.rejected),
    }
    if found.clarifications:
        shown["clarifications"] = [
            _clarified(one, is_supervisor=is_supervisor) for one in found.clarifications.values()
        ]
    if found.corrections:
        shown["corrections"] = corrections_view(opening, found)
    if committee.chair is not None:
        shown["said"] = len(found.said)
    if is_due(reviewed):
        shown["competition"] = competition_view(found)
    if step_of(opening, found) == "prices":
        shown["prices"] = prices_view(opening, found)
    shown["prices_checked"] = found.prices_checked
    if reviewed.is_closed:
        shown["valid"] = list(reviewed.valid)
    if found.marking.draw is not None:
        shown["blind"] = _aliases(found)
    return shown | _found(found)


def _found(found: Evaluation) -> View:
    """Return what is shown once marks are locked: they, what was marked again, and the report."""
    shown: View = {}
    if found.marking.is_locked:
        shown["marks"] = signed_marks(found.marking)
    if found.reevaluations:
        shown["reevaluations"] = reevaluations_view(found, is_clerk=False)
    if found.report.facts:
        shown["report"] = _report(found)
    return shown


def _aliases(found: Evaluation) -> View:
    """Return the aliases that blind parts are marked under, and whose they are after the lock."""
    marking = found.marking
    shown: View = {"draw": marking.draw, "aliases": list(blind.aliases_in_force(marking))}
    if marking.is_locked:
        used = blind.draws_used(marking)
        shown["opened"] = [
            {"draw": draw, "seats": list(seats), "bids": dict(marking.draws[draw])}
            for draw, seats in used.items()
        ]
    return shown


def _clarified(one: Clarification, *, is_supervisor: bool) -> View:
    """Return a question with who wants it; its answer once the supervisor let it through."""
    shown: View = {
        "clarification": one.clarification,
        "bid": one.bid,
        "seat": one.seat,
        "question": one.text,
        "period": one.period,
        "agreed": list(one.agreed),
        "status": one.status,
        "judged": list(one.judged),
    }
    if one.due:
        shown["due"] = one.due
    if one.returned is not None:
        shown["returned"] = one.returned
    if one.answer is not None and (is_supervisor or one.is_shown):
        shown |= _answered(one)
    return shown


def _bid(opening: OpeningState, bid: str) -> Mapping[str, str]:
    organisation = opening.bids[bid].organisation
    return {
        "bid": bid,
        "organisation": organisation,
        "name": organisation_name(opening, organisation),
    }


def _report(found: Evaluation) -> View:
    report = found.report
    return {
        "facts": report.facts,
        "pdf": report.pdf,
        "pdf_size": report.pdf_size,
        "signed": {seat: one.opinion for seat, one in report.signed.items()},
        "finished": report.is_finished,
    }
