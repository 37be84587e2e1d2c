"""What an event says, spelled out: its own fields, those of the message it holds, and names.

Everything an event could tell stands here; who may see which of it is `rooms.views` alone. Pure:
a function of the event and of the project's state around it.
"""

from collections.abc import Callable, Mapping
from dataclasses import asdict, dataclass
from typing import Any

from crypto import canonical, sealing
from evaluation import events as evaluation
from evaluation.marking import rule_hash
from evaluation.pause_events import Paused, Resumed
from evaluation.reevaluation import published
from evaluation.reevaluation_events import ReevaluationDropped
from evaluation.result_events import ResultObjectionAnswered
from evaluation.waiting import expiring
from opening import events as opening
from opening import terms
from opening.bid_form import read_form
from opening.capitals import chinese_capitals
from opening.envelopes import payload
from opening.forms import form_terms
from opening.participants import Participants
from opening.readout import objection_place
from opening.state import OpeningState, Place
from project import events as project
from project.state import ProjectState
from record.events import Event, Signed, Stamp
from rooms.pauses import paused_of, resumed_of

Facts = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Happened:
    """One entry of a record as rooms are told of it.

    Args:
        leaf: what stands for the entry in the log, hex; salted, so it tells nothing else.
    """

    event: Event
    stamp: Stamp
    leaf: str


def facts_of(happened: Happened, before: ProjectState, after: ProjectState) -> Facts:
    """Return all an event says, by name.

    Args:
        happened: the event and its stamp.
        before: the state it met; names somebody whom it takes out.
        after: the state it left.
    """
    event = happened.event
    said: dict[str, Any] = {}
    for signed in _envelopes(event):
        said |= _message(signed)
    said |= {name: value for name, value in _own(event).items() if not _is_envelope(event, name)}
    said |= _ids(event)
    said |= _about(said, after.opening)
    people = {**before.opening.participants, **after.opening.participants}
    said |= _names(said, people, happened.stamp)
    derive = _DERIVED.get(type(event))
    return said | (derive(event, after) if derive is not None else {})


def place_of(facts: Facts) -> Place | None:
    """Return the place that facts are about, where they are about one."""
    section, envelope = facts.get("section"), facts.get("envelope")
    if isinstance(section, str) and envelope in {1, 2}:
        return (section, 1 if envelope == 1 else 2)
    return None


def _own(event: Event) -> dict[str, Any]:
    return event.model_dump(mode="json", exclude={"type"}, exclude_none=True)


def _is_envelope(event: Event, name: str) -> bool:
    return isinstance(getattr(event, name), Signed)


def _envelopes(event: Event) -> tuple[Signed, ...]:
    """Return the signed messages of an event that can be believed to be well formed.

    What a refused bid sent is not: only the service's own answer to it is read.
    """
    if isinstance(event, opening.BidRefused):
        return (event.answer,)
    signed = getattr(event, "envelope", None)
    return (signed,) if isinstance(signed, Signed) else ()


def _message(signed: Signed) -> dict[str, Any]:
    value = canonical.loads(payload(signed), limit=16 << 20)
    if not isinstance(value, dict):
        return {}
    params = value.pop("params", None)
    if isinstance(params, str):
        inner = canonical.loads(params.encode())
        value |= inner if isinstance(inner, dict) else {}
        value["organisation"] = value.get("bidder", "")
    return value


def _ids(event: Event) -> dict[str, Any]:
    """Return ids that are hashes of a message."""
    if isinstance(event, opening.CeremonyStarted):
        return {"sid": sealing.sid(payload(event.envelope)).hex()}
    if isinstance(event, opening.OrderIssued):
        return {"opening_id": sealing.opening_id(payload(event.envelope)).hex()}
    return {}


def _about(said: Facts, state: OpeningState) -> dict[str, Any]:
    """Return section, envelope and organisation of what an event names by an id."""
    bid = state.bids.get(str(said.get("bid")))
    if bid is not None:
        return {"section": bid.place[0], "envelope": bid.place[1], "organisation": bid.organisation}
    if "section" in said:
        return {}
    found = _place(said, state)
    return {} if found is None else {"section": found[0], "envelope": found[1]}


def _place(said: Facts, state: OpeningState) -> Place | None:
    if "sid" in said:
        attempt = state.attempts.get(said["sid"])
        return None if attempt is None else (attempt.start.section, attempt.start.envelope)
    if "key_id" in said:
        places = (key.place for key in state.keys.values() if key.key_id == said["key_id"])
        return next(places, None)
    if "draw" in said:
        held = (place for place, found in state.sessions.items() if said["draw"] in found.draws)
        return next(held, None)
    if "objection" in said:
        return objection_place(state, said["objection"])
    return None


def _names(said: Facts, people: Participants, stamp: Stamp) -> dict[str, Any]:
    """Return who acted, and the names of the organisation and person an event is about."""
    names: dict[str, Any] = {"who": _who(people, stamp.actor.account)}
    account = said.get("account", stamp.actor.account)
    person = next((one for one in people.values() if one.account == account), None)
    if person is not None:
        names["name"] = said.get("name", person.name)
        names.setdefault("organisation_name", person.organisation_name)
    organisation = said.get("organisation")
    members = (one for one in people.values() if one.organisation == organisation)
    member = next(members, None)
    if member is not None:
        names["organisation_name"] = member.organisation_name
    return names


def _who(people: Participants, account: str) -> dict[str, str]:
    for one in people.values():
        if one.account == account:
            return {
                "name": one.name,
                "organisation_name": one.organisation_name,
                "role": one.role,
            }
    return {"role": "service"} if account == "service" else {"role": "account"}


def _after_pause(event: opening.SessionResumed, after: ProjectState) -> dict[str, Any]:
    session = after.opening.sessions.get((event.section, event.envelope))
    return {"windows": _windows(session.windows) if session is not None else {}}


def _after_suspension(event: terms.SectionResumed, after: ProjectState) -> dict[str, Any]:
    section = after.opening.sections.get(event.section)
    sessions = {
        str(place[1]): _windows(session.windows)
        for place, session in after.opening.sessions.items()
        if place[0] == event.section
    }
    found: dict[str, Any] = {"sessions": sessions}
    if section is not None:
        found["deadline"] = section.terms.deadline
    evaluation = after.evaluation.evaluations.get(event.section)
    if evaluation is not None:
        asked = evaluation.clarifications.items()
        found["answers_due"] = {name: one.due for name, one in asked if one.awaits_bidder}
        found["confirmations_due"] = dict(expiring(evaluation.corrections))
        if evaluation.publication is not None:
            found["published_until"] = evaluation.publication.until
    return found


def _withdrawn(event: opening.BidWithdrawn, after: ProjectState) -> dict[str, Any]:
    """Return every bid of the same bidder that a withdrawal took with it."""
    bid = after.opening.bids.get(str(_message(event.envelope).get("bid")))
    if bid is None:
        return {"bids": []}
    gone = [
        found.bid
        for found in after.opening.bids.values()
        if found.organisation == bid.organisation
        and found.place[0] == bid.place[0]
        and found.status == "withdrawn"
    ]
    return {"bids": gone}


def _unsigned(event: opening.SessionEnded, after: ProjectState) -> dict[str, Any]:
    people = after.opening.participants.values()
    names = {one.organisation: one.organisation_name for one in people}
    return {"unsigned": [names.get(one, one) for one in event.unsigned]}


def _ordered(event: opening.OrderIssued, _: ProjectState) -> dict[str, Any]:
    lines = _message(event.envelope).get("bids", [])
    return {"bids": [line["bid"] for line in lines]}


def _asked(event: project.QuestionAnswered, after: ProjectState) -> dict[str, Any]:
    found = after.questions.get(event.question)
    return {} if found is None else {"organisation": found.organisation}


def _opened(event: opening.BidOpened, after: ProjectState) -> dict[str, Any]:
    """Return what the form says, read as the opening reads it, with the price in capitals."""
    bid = after.opening.bids[event.bid]
    section = after.opening.sections[bid.place[0]]
    data = None if event.form is None else event.form.encode()
    form = read_form(data, form_terms(section.terms, bid.place[1])).form
    line = {name: value for name, value in asdict(form).items() if value not in (None, {})}
    for name in ("price", "security"):
        if name in line:
            line[name] = {part: value for part, value in line[name].items() if value is not None}
    price = form.price
    if price is not None and price.amount is not None and price.currency == "CNY":
        line["words"] = chinese_capitals(price.amount)
    return {"line": line}


def _windows(windows: Mapping[str, int]) -> dict[str, Any]:
    return {name: {"until": until} for name, until in windows.items()}


def _rule(event: evaluation.RuleSet, _: ProjectState) -> dict[str, Any]:
    return {"rule_hash": rule_hash(event.rule)}


def _convened(event: evaluation.CommitteeConvened, after: ProjectState) -> dict[str, Any]:
    return {"members": {one.seat: _member(one, after) for one in event.members}}


def _replaced(event: evaluation.MemberReplaced, after: ProjectState) -> dict[str, Any]:
    return {"seat": event.member.seat, "member": _member(event.member, after)}


def _member(member: evaluation.Member, after: ProjectState) -> dict[str, Any]:
    """Return a member by its name; its account is nobody's business."""
    bound = after.opening.known.get((member.account, "expert"))
    name = member.account if bound is None else bound.name
    return {"place": member.place, "capacity": member.capacity, "name": name}


def _closed(event: evaluation.ReviewClosed, after: ProjectState) -> dict[str, Any]:
    """Return whose marks and judgements count still: a review closed again may have voided some."""
    found = after.evaluation.evaluations.get(event.section)
    if found is None:
        return {"marked": [], "judged": []}
    return {"marked": sorted(found.marking.sheets), "judged": sorted(found.competition.judged)}


def _asked_of(event: Any, after: ProjectState) -> dict[str, Any]:
    """Return whose bid a clarification is about."""
    found = after.evaluation.evaluations.get(event.section)
    asked = None if found is None else found.clarifications.get(event.clarification)
    return {} if asked is None else {"organisation": after.opening.bids[asked.bid].organisation}


def _corrected_of(event: Any, after: ProjectState) -> dict[str, Any]:
    """Return whose bid a correction is of."""
    found = after.evaluation.evaluations.get(event.section)
    one = None if found is None else found.corrections.get(event.correction)
    return {} if one is None else {"organisation": after.opening.bids[one.bid].organisation}


def _objector(event: ResultObjectionAnswered, after: ProjectState) -> dict[str, Any]:
    """Return who made the objection that is answered."""
    found = after.evaluation.evaluations.get(event.section)
    known = () if found is None else published(found.reevaluations, found.publication)
    about = (each.objections.get(event.objection) for each in known)
    one = next(filter(None, about), None)
    return {} if one is None else {"organisation": one.organisation}


def _report(event: Any, after: ProjectState) -> dict[str, Any]:
    """Return which report stands now."""
    found = after.evaluation.evaluations.get(event.section)
    if found is None:
        return {}
    report = found.report
    return {"facts": report.facts, "pdf": report.pdf, "pdf_size": report.pdf_size}


def _report_again(event: ReevaluationDropped, after: ProjectState) -> dict[str, Any]:
    """Return which report stands again, and since when it had stood."""
    found = after.evaluation.evaluations.get(event.section)
    since = {} if found is None else {"finished": found.report.finished_at}
    return {**_report(event, after), **since}


_DERIVED: Mapping[type[Event], Callable[[Any, ProjectState], dict[str, Any]]] = {
    opening.BidOpened: _opened,
    opening.SessionResumed: _after_pause,
    opening.BidWithdrawn: _withdrawn,
    opening.SessionEnded: _unsigned,
    opening.OrderIssued: _ordered,
    terms.SectionResumed: _after_suspension,
    project.QuestionAnswered: _asked,
    evaluation.RuleSet: _rule,
    evaluation.CommitteeConvened: _convened,
    evaluation.MemberReplaced: _replaced,
    evaluation.ReviewClosed: _closed,
    evaluation.QuestionChecked: _asked_of,
    evaluation.ClarificationAnswered: _asked_of,
    evaluation.AnswerChecked: _asked_of,
    evaluation.ClarificationExpired: _asked_of,
    evaluation.CorrectionAsked: _corrected_of,
    evaluation.CorrectionAnswered: _corrected_of,
    evaluation.CorrectionExpired: _corrected_of,
    evaluation.ReportFinished: _report,
    ReevaluationDropped: _report_again,
    ResultObjectionAnswered: _objector,
    Paused: paused_of,
    Resumed: resumed_of,
}
