"""What is worth telling somebody who does not look: whom an event asks or concerns; pure.

It must not tell more than a channel of that person shows: audience and fields come out of
`rooms.views`, and what has no row there is told to nobody.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any, Final, Literal

from evaluation.events import ClarificationAgreed
from opening.participants import Participant, Role
from opening.state import OpeningState, Place
from project.phases import Phase, phase
from project.state import ProjectState
from record.events import Event
from rooms.facts import Facts
from rooms.rights import AUDIENCE_OF
from rooms.views import ROWS, kind_of

Who = Literal["all", "own", "asked", "bidding"]
"""Of bidders: all of them, the one it is about, those that the committee waits for, or those with a
bid at the place. Of a committee: the one it is about, or else all its members."""

FIELDS: Final = frozenset(
    {"section", "envelope", "deadline", "window", "until", "due", "code", "reason"}
)
"""What a notice repeats of what its channel shows."""


@dataclass(frozen=True, slots=True)
class Told:
    """Who is told of one kind of event, as what.

    Args:
        kind: names the sentence.
        roles: who.
        which: which of them, where bidders or members of a committee are among those.
    """

    kind: str
    roles: tuple[Role, ...]
    which: Who = "all"


@dataclass(frozen=True, slots=True)
class Notice:
    """One thing to tell one account."""

    account: str
    kind: str
    facts: Mapping[str, Any] = field(default_factory=dict)


_EVERYBODY: Final[tuple[Role, ...]] = ("clerk", "custodian", "supervisor", "bidder")
TOLD: Final[Mapping[str, Told]] = {
    "project.notice_published": Told("notice", ("custodian", "supervisor")),
    "project.amended": Told("amendment", ("custodian", "supervisor", "bidder")),
    "project.question_asked": Told("question", ("clerk", "supervisor")),
    "project.question_answered": Told("answer", ("supervisor", "bidder")),
    "project.outage_noted": Told("outage", ("clerk",)),
    "project.outage_decided": Told("outage_decided", ("supervisor", "bidder")),
    "project.supervisor_notice_raised": Told("supervisor_notice", ("clerk",)),
    "project.supervisor_notice_acknowledged": Told("acknowledged", ("supervisor",)),
    "opening.ceremony_started": Told("ceremony", ("custodian",)),
    "opening.ceremony_aborted": Told("ceremony_failed", ("clerk", "custodian")),
    "opening.ceremony_expired": Told("ceremony_failed", ("clerk", "custodian")),
    "opening.key_made": Told("key", ("clerk", "supervisor")),
    "opening.section_suspended": Told("suspended", _EVERYBODY),
    "opening.section_resumed": Told("resumed", _EVERYBODY),
    "opening.section_terminated": Told("terminated", _EVERYBODY),
    "opening.section_failed": Told("failed", _EVERYBODY),
    "opening.deadline_moved": Told("deadline", ("custodian", "supervisor", "bidder")),
    "opening.bid_refused": Told("refusal", ("bidder",), "own"),
    "opening.bids_closed": Told("closed", ("clerk", "custodian", "supervisor", "bidder")),
    "opening.window_opened": Told("window", ("bidder",), "bidding"),
    "opening.order_issued": Told("release", ("custodian",)),
    "opening.objection_raised": Told("objection", ("clerk", "supervisor")),
    "opening.objection_answered": Told("objection_answered", ("bidder",), "bidding"),
    "opening.minutes_drawn_up": Told("minutes", ("clerk", "supervisor", "bidder"), "bidding"),
    "opening.session_ended": Told("ended", ("supervisor", "bidder"), "bidding"),
    "evaluation.committee_convened": Told("committee", ("expert",)),
    "evaluation.member_withdrew": Told("member_left", ("clerk", "supervisor")),
    "evaluation.member_replaced": Told("committee", ("expert",), "own"),
    "evaluation.clarification_agreed": Told("question_check", ("supervisor",)),
    "evaluation.question_checked/passed": Told("clarification", ("bidder",), "own"),
    "evaluation.clarification_answered": Told("answer_check", ("supervisor",)),
    "evaluation.answer_checked/returned": Told("clarification", ("bidder",), "own"),
    "evaluation.answer_checked/passed": Told("answer_shown", ("expert",)),
    "evaluation.correction_proposed": Told("correction_vote", ("expert",)),
    "evaluation.correction_asked": Told("correction", ("bidder",), "own"),
    "evaluation.correction_answered": Told("correction_answered", ("expert", "supervisor")),
    "evaluation.correction_expired": Told("correction_answered", ("expert", "supervisor")),
    "evaluation.prices_checked": Told("prices_checked", ("expert", "supervisor")),
    "evaluation.paused": Told("evaluation_paused", ("expert", "supervisor", "bidder"), "asked"),
    "evaluation.resumed": Told("evaluation_resumed", ("expert", "supervisor", "bidder"), "asked"),
    "evaluation.state_differed": Told("state_differed", ("clerk", "supervisor")),
    "evaluation.marks_locked": Told("locked", ("clerk", "supervisor", "expert")),
    "evaluation.report_drawn_up": Told("report", ("supervisor", "expert")),
    "evaluation.report_finished": Told("report_finished", ("clerk", "supervisor", "expert")),
    "evaluation.reevaluation_ordered": Told("reevaluation", ("supervisor", "expert")),
    "evaluation.remarks_locked": Told("remarks_locked", ("clerk", "supervisor", "expert")),
    "evaluation.reevaluation_dropped": Told("reevaluation_dropped", ("supervisor", "expert")),
    "evaluation.publication_withdrawn": Told(
        "result_withdrawn", ("supervisor", "bidder"), "bidding"
    ),
    "evaluation.publication_restored": Told("result_restored", ("supervisor", "bidder"), "bidding"),
    "evaluation.candidates_published": Told("candidates", ("supervisor", "bidder"), "bidding"),
    "evaluation.result_objected": Told("result_objection", ("clerk", "supervisor")),
    "evaluation.result_objection_answered": Told(
        "result_answered", ("supervisor", "bidder"), "own"
    ),
    "evaluation.awarded": Told("awarded", ("supervisor", "bidder"), "bidding"),
}
"""Event, or one of its kinds -> who is told of it. A ceremony's further steps are in `_steps`."""
_STEPS: Final[Mapping[str, str]] = {
    "opening.ceremony_joined": "joins",
    "opening.ceremony_dealt": "deals",
}
_NEXT: Final[Mapping[str, str]] = {"joins": "deal", "deals": "certify"}


def notices(state: ProjectState, event: Event, facts: Facts, actor: str) -> Iterator[Notice]:
    """Give whom an event is to be told to, by those rights the record gives after it.

    Args:
        state: with the event folded in.
        event: what happened.
        facts: of the event, as rooms know them.
        actor: who did it, and needs no telling.
    """
    steps = _STEPS.get(event.type)
    if steps is not None:
        yield from _step(state, facts, steps)
        return
    told = TOLD.get(kind_of(event)) or TOLD.get(event.type)
    if told is None or not _is_whole(state, event):
        return
    for one in state.opening.participants.values():
        if one.role not in told.roles or one.account == actor:
            continue
        if one.role == "bidder" and not _concerns(state.opening, one, told.which, facts):
            continue
        if one.role == "expert" and not _sits(state, one, told.which, facts):
            continue
        shown = shown_fields(event, one.role)
        if shown is not None:
            chosen = {name: facts[name] for name in sorted(shown & FIELDS) if name in facts}
            yield Notice(one.account, told.kind, chosen)


def _is_whole(state: ProjectState, event: Event) -> bool:
    """Tell whether an event is more than a part of something: a wish that is not yet enough."""
    if not isinstance(event, ClarificationAgreed):
        return True
    found = state.evaluation.evaluations[event.section].clarifications
    return found[event.clarification].status == "agreed"


def shown_fields(event: Event, role: Role) -> frozenset[str] | None:
    """Return which fields of an event somebody of a role is shown at once; None: not even it."""
    row = ROWS.get(kind_of(event))
    if row is None:
        return None
    own = AUDIENCE_OF[role]
    found = [fields for audience, fields in row.now.items() if audience in {"hall", own}]
    return frozenset().union(*found) if found else None


def deadlines(state: ProjectState, now: int, hours: int) -> Iterator[tuple[str, Notice]]:
    """Give whom a deadline within so many hours is to be told to, named by section and deadline.

    A section that took bids for less than that is told of by nothing but its notice.
    """
    span = hours * 3_600_000
    if state.notice is None:
        return
    for name, section in state.opening.sections.items():
        deadline = section.terms.deadline
        if phase(state.opening, name) is not Phase.OPEN or not deadline - span <= now < deadline:
            continue
        if state.notice.stamp.at > deadline - span:
            continue
        for one in state.opening.participants.values():
            if one.role not in {"timekeeper", "expert"}:
                facts = {"section": name, "deadline": deadline}
                yield f"{name}/{deadline}/{hours}", Notice(one.account, f"due_{hours}", facts)


def _step(state: ProjectState, facts: Facts, steps: str) -> Iterator[Notice]:
    """Tell custodians that their next step of a ceremony is due, once the last one is whole."""
    attempt = state.opening.attempts.get(str(facts["sid"]))
    if attempt is None or attempt.status != "open":
        return
    done = attempt.joins if steps == "joins" else attempt.deals
    if len(done) <= attempt.start.n:
        return
    listed = {member.key for member in attempt.start.roster}
    told = {"section": attempt.start.section, "envelope": attempt.start.envelope}
    for one in state.opening.participants.values():
        if one.role == "custodian" and listed & set(one.keys.values()):
            yield Notice(one.account, f"ceremony_{_NEXT[steps]}", told)


def _sits(state: ProjectState, one: Participant, who: Who, facts: Facts) -> bool:
    found = state.evaluation.evaluations.get(str(facts["section"]))
    if found is None:
        return False
    held = found.committee.held_by(one.account)
    return held is not None and (who != "own" or held.member.seat == facts["seat"])


def _concerns(state: OpeningState, one: Participant, who: Who, facts: Facts) -> bool:
    if who == "all":
        return True
    if who == "own":
        return bool(facts.get("organisation") == one.organisation)
    if who == "asked":
        return one.organisation in facts.get("organisations", ())
    place: Place = (str(facts["section"]), 2 if facts.get("envelope") == 2 else 1)
    return any(
        bid.organisation == one.organisation and bid.place == place and bid.status == "live"
        for bid in state.bids.values()
    )
