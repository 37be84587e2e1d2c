"""The result of a section as somebody may see it: what was published, and what came of it.

What is published is everybody's, what was and is withdrawn too; objections and their answers are
the objector's own, the clerk's and the supervisor's; what is still to be published, or marked again
before anything was, is the clerk's alone. It must not decide.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from evaluation.publication import LONGEST, PUBLISH_WITHIN, Publication, Result, ResultObjection
from evaluation.reevaluation import follows
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


@dataclass(frozen=True, slots=True)
class _Seer:
    """Who looks at the result of a section."""

    state: ProjectState
    section: str
    roles: frozenset[str]
    organisation: str

    def objections(self, published: Publication | None) -> View:
        """Return the objections that are seen; nothing for those who are told of none."""
        if not self.roles & (_SEES_ALL | {"bidder"}):
            return {}
        known = () if published is None else published.objections.values()
        seen = [
            _objection(self.state.opening, one)
            for one in known
            if self.roles & _SEES_ALL or one.organisation == self.organisation
        ]
        return {"objections": seen}

    def own_words(self, found: Evaluation, published: Publication | None) -> View:
        """Return the objections that are seen, and whether a bidder may object."""
        shown = self.objections(published)
        if "bidder" not in self.roles:
            return shown
        bidders = {self.state.opening.bids[bid].organisation for bid in found.review.bids}
        goes_on = published is not None and phase(self.state.opening, self.section) in _GOES_ON
        return {**shown, "may_object": goes_on and self.organisation in bidders}


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
    seer = _Seer(state, section, roles, organisation)
    if found.publication is not None:
        return _published(seer, found, found.publication)
    if "clerk" in roles and found.report.is_finished:
        return _to_publish(state, section, found)
    open_one = "clerk" in roles and found.reevaluation is not None
    return _withdrawn(seer, found) if open_one or _former(seer, found) else None


def _to_publish(state: ProjectState, section: str, found: Evaluation) -> View:
    """Return what a report that stands lets the clerk publish, and what that follows."""
    seer = _Seer(state, section, frozenset({"clerk"}), "")
    reevaluation, replaces = follows(found.reevaluations)
    told = {"reevaluation": reevaluation, "replaces": replaces}
    result = result_of(state.opening, found, state.evaluation.rules[section])
    period = state.opening.sections[section].terms.periods.publication
    return {
        **_result(state.opening, section, result),
        "step": "reported",
        "period": period,
        "longest": max(period, LONGEST),
        "publish_by": found.report.finished_at + PUBLISH_WITHIN,
        **{name: value for name, value in told.items() if value is not None},
        **_former(seer, found),
    }


def _withdrawn(seer: _Seer, found: Evaluation) -> View:
    """Return that nothing is published since the committee began to mark again."""
    last = [one for one in found.reevaluations if one.dropped is None][-1]
    shown: View = {"section": seer.section, "step": "withdrawn", "since": last.at}
    return shown | _former(seer, found) | seer.own_words(found, None)


def _former(seer: _Seer, found: Evaluation) -> View:
    """Return what was published and is withdrawn, with its objections as they may be seen."""
    rows = [
        {
            **_result(seer.state.opening, seer.section, one.publication.result),
            "at": one.publication.at,
            "until": one.publication.until,
            "withdrawn": one.at,
            **seer.objections(one.publication),
        }
        for one in found.reevaluations
        if one.publication is not None
    ]
    return {"former": rows} if rows else {}


def _published(seer: _Seer, found: Evaluation, published: Publication) -> View:
    state, section = seer.state, seer.section
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
    return shown | _former(seer, found) | seer.own_words(found, published)


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
