"""The result of a section as somebody may see it: what was published, and what came of it.

What is published is everybody's; objections and their answers are the objector's own, the clerk's
and the supervisor's; what is still to be published is the clerk's alone. It must not decide.
"""

from collections.abc import Mapping
from typing import Any

from evaluation.publication import LONGEST, PUBLISH_WITHIN, Publication, Result, ResultObjection
from evaluation.result import result_of
from evaluation.state import Evaluation
from opening.bid_form import read_form
from opening.forms import form_terms
from opening.session import organisation_name
from opening.state import OpeningState, Place, Session
from project.phases import Phase, phase
from project.state import ProjectState

View = dict[str, Any]
_SEES_ALL = frozenset({"clerk", "supervisor"})
_GOES_ON = frozenset({Phase.OPENED1, Phase.OPENED2})
"""Where an objection is taken: in no section that is suspended, ended or awarded."""


def result_view(
    state: ProjectState, section: str, roles: frozenset[str], organisation: str
) -> View | None:
    """Return a section's result as somebody may see it; None where there is nothing to see.

    Args:
        state: the project.
        section: which is defined.
        roles: as what somebody looks.
        organisation: for whom; its own objections are told by it.
    """
    found = state.evaluation.evaluations.get(section)
    if found is None:
        return None
    if found.publication is not None:
        return _published(state, section, found, found.publication, roles, organisation)
    if "clerk" not in roles or not found.report.is_finished:
        return None
    result = result_of(state.opening, found, state.evaluation.rules[section])
    period = state.opening.sections[section].terms.periods.publication
    return {
        **_result(state.opening, section, result),
        "step": "reported",
        "period": period,
        "longest": max(period, LONGEST),
        "publish_by": found.report.finished_at + PUBLISH_WITHIN,
    }


def _published(
    state: ProjectState,
    section: str,
    found: Evaluation,
    published: Publication,
    roles: frozenset[str],
    organisation: str,
) -> View:
    is_awarded = phase(state.opening, section) is Phase.AWARDED
    shown: View = {
        **_result(state.opening, section, published.result),
        "step": "awarded" if is_awarded else "published",
        "at": published.at,
        "until": published.until,
    }
    if published.awarded is not None:
        winner = state.opening.bids[published.awarded].organisation
        shown["award"] = {
            "bid": published.awarded,
            "name": organisation_name(state.opening, winner),
            "at": published.awarded_at,
        }
        if published.reason is not None:
            shown["award"]["reason"] = published.reason
    seen = [
        _objection(state.opening, one)
        for one in published.objections.values()
        if roles & _SEES_ALL or ("bidder" in roles and one.organisation == organisation)
    ]
    if roles & _SEES_ALL or "bidder" in roles:
        shown["objections"] = seen
    if "bidder" in roles:
        bidders = {state.opening.bids[bid].organisation for bid in found.review.bids}
        goes_on = phase(state.opening, section) in _GOES_ON
        shown["may_object"] = goes_on and organisation in bidders
    return shown


def _result(opening: OpeningState, section: str, result: Result) -> View:
    shown: View = {
        "section": section,
        "facts": result.facts,
        "by_rate": by_rate(opening, section),
        "candidates": [one.model_dump(mode="json") for one in result.candidates],
    }
    return shown if result.reason is None else {**shown, "reason": result.reason}


def _objection(opening: OpeningState, one: ResultObjection) -> Mapping[str, Any]:
    shown: View = {
        "objection": one.objection,
        "name": organisation_name(opening, one.organisation),
        "text": one.text,
        "at": one.at,
        "due": one.due,
    }
    if one.answer is not None:
        shown |= {"answer": one.answer, "answered": one.answered}
    return shown


def by_rate(opening: OpeningState, section: str) -> bool:
    """Tell whether the offers of a section are rates and no amounts of money."""
    terms = opening.sections[section].terms
    place: Place = (section, terms.envelopes)
    session = opening.sessions.get(place, Session())
    forms = (one.form for one in session.opened.values() if one.form is not None)
    read = (read_form(form.encode(), form_terms(terms, place[1])).form for form in forms)
    return any(form.price is not None and form.price.amount is None for form in read)
