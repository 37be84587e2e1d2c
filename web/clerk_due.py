"""What a project waits for its clerk to do, read from the state; it must not decide anything.

Nothing here tells how many bids or bidders there are: what a clerk may not see is not looked at.
"""

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Literal

from evaluation.publication import PUBLISH_WITHIN
from evaluation.reevaluation import published
from evaluation.state import Evaluation
from opening import transcripts
from opening.participants import Participant
from opening.state import Attempt, Place, Session
from project import outage
from project.phases import Phase, phase
from project.state import ProjectState
from rooms.evaluation import step_of

DAY = 86_400_000
Fact = str | int | tuple[str, ...]
Kind = Literal[
    "section",
    "custodians",
    "timekeeper",
    "supervisor",
    "documents",
    "ceremony",
    "again",
    "waiting",
    "publish",
    "near",
    "outage",
    "notice",
    "questions",
    "rehearsals",
    "preflight",
    "lobby",
    "announce",
    "session",
    "failed",
    "result",
    "committee",
    "replace",
    "resume",
    "evaluating",
    "candidates",
    "objections",
    "published",
    "award",
    "nobody",
    "suspended",
]


@dataclass(frozen=True, slots=True)
class Due:
    """One thing that waits for the clerk.

    Args:
        kind: which; the page has the words.
        where: the step of the clerk's pages, or a path that starts with a slash.
        section: its title; empty where it concerns the whole project.
        facts: for the words.
        is_waiting: others must act; the clerk can only remind them.
    """

    kind: Kind
    where: str
    section: str = ""
    facts: dict[str, Fact] = field(default_factory=dict)
    is_waiting: bool = False


def due_in(state: ProjectState, now: int) -> tuple[Due, ...]:
    """Return what waits for the clerk, what matters most first."""
    if state.notice is None:
        return tuple(_before_notice(state, now))
    found = [one for name in state.opening.sections for one in _in_section(state, name, now)]
    told = (*_notices(state), *found, *_open_questions(state))
    return tuple(sorted(told, key=lambda one: one.is_waiting))


def places(state: ProjectState, section: str) -> tuple[Place, ...]:
    """Return the places of a section."""
    envelopes = state.opening.sections[section].terms.envelopes
    return ((section, 1), (section, 2)) if envelopes == 2 else ((section, 1),)


def drafted(state: ProjectState) -> tuple[str, ...]:
    """Return the sections a notice would name."""
    sections = state.opening.sections.items()
    return tuple(name for name, found in sections if not found.terminated)


def is_keyed(state: ProjectState) -> bool:
    """Tell whether every place that a notice would name has its key."""
    wanted = [place for name in drafted(state) for place in places(state, name)]
    keys = state.opening.keys
    return bool(wanted) and all(place in keys and not keys[place].erased for place in wanted)


def last_attempt(state: ProjectState, place: Place) -> Attempt | None:
    """Return the newest attempt at the key of a place."""
    attempts = state.opening.attempts.values()
    here = [one for one in attempts if (one.start.section, one.start.envelope) == place]
    return max(here, key=lambda one: one.start.attempt, default=None)


def waited_for(attempt: Attempt) -> tuple[str, ...]:
    """Return the names of those an open attempt waits for."""
    start = attempt.start
    return tuple(
        start.timekeeper.name if party == 0 else start.roster[party - 1].name
        for party in transcripts.missing(attempt)
    )


def holders(state: ProjectState, role: str) -> tuple[Participant, ...]:
    """Return who is bound to a role."""
    bound = state.opening.participants.items()
    return tuple(found for (_, held), found in bound if held == role)


def _before_notice(state: ProjectState, now: int) -> Iterator[Due]:
    names = drafted(state)
    if not names:
        yield Due("section", "sections")
        return
    yield from _people(state, names)
    if not state.documents:
        yield Due("documents", "documents")
    for name in names:
        yield from _keys(state, name)
        terms = state.opening.sections[name].terms
        if terms.deadline < now + terms.periods.tender:
            facts: dict[str, Fact] = {"days": terms.periods.tender // DAY}
            yield Due("near", f"section-{name}", terms.title, facts)
    if is_keyed(state):
        yield Due("publish", "notice")


def _people(state: ProjectState, names: tuple[str, ...]) -> Iterator[Due]:
    wanted = max(state.opening.sections[name].terms.n for name in names)
    bound = len(holders(state, "custodian"))
    if bound < wanted:
        yield Due("custodians", "people", facts={"count": bound, "wanted": wanted})
    if not holders(state, "timekeeper"):
        yield Due("timekeeper", "people")
    if not holders(state, "supervisor"):
        yield Due("supervisor", "people")


def _keys(state: ProjectState, section: str) -> Iterator[Due]:
    terms = state.opening.sections[section].terms
    has_people = len(holders(state, "custodian")) >= terms.n and holders(state, "timekeeper")
    for place in places(state, section):
        attempt = last_attempt(state, place)
        if place in state.opening.keys or not has_people:
            continue
        if attempt is None:
            yield Due("ceremony", "keys", terms.title)
        elif attempt.status == "open":
            facts: dict[str, Fact] = {"names": waited_for(attempt)}
            yield Due("waiting", "keys", terms.title, facts, is_waiting=True)
        else:
            yield Due("again", "keys", terms.title)


def _in_section(state: ProjectState, section: str, now: int) -> Iterator[Due]:
    stands, terms = phase(state.opening, section), state.opening.sections[section].terms
    match stands:
        case Phase.OPEN:
            yield from _while_open(state, section, now)
        case Phase.CLOSED:
            yield Due("announce", _hall(state, (section, 1)), terms.title)
        case Phase.FAILED:
            yield Due("failed", "manage", terms.title)
        case Phase.OPENED1 | Phase.EVALUATING1 | Phase.OPENED2:
            yield from _in_evaluation(state, section, stands)
            yield from _of_result(state, section, now)
        case Phase.SUSPENDED:
            yield Due("suspended", "manage", terms.title)
        case Phase.TERMINATED:
            yield from _unanswered(state, section)
        case Phase.OPENING1 | Phase.OPENING2:
            yield from _in_session(state, (section, 1 if stands is Phase.OPENING1 else 2))
        case _:
            return


def _in_evaluation(state: ProjectState, section: str, stands: Phase) -> Iterator[Due]:
    """Tell what a committee waits for, or that there is none; only a rule asks for one."""
    found = state.evaluation.evaluations.get(section)
    title, where = state.opening.sections[section].terms.title, f"committee/{section}"
    if found is None:
        if section in state.evaluation.rules and stands is not Phase.OPENED2:
            yield Due("committee", where, title)
        elif stands is Phase.EVALUATING1:
            yield Due("result", "result", title)
        return
    seats = found.committee.seats.items()
    free = tuple(number for number, seat in seats if seat.standing == "gone")
    if found.pause is not None:
        yield Due("resume", where, title, {"at": found.pause.since})
    elif free:
        yield Due("replace", where, title, {"seats": free})
    elif stands is Phase.EVALUATING1 and (found.marking.is_locked or found.lacks_competition):
        yield Due("result", "result", title)
    elif not found.report.is_finished:
        step = step_of(state.opening, found)
        yield Due("evaluating", where, title, {"step": step}, is_waiting=True)


def _of_result(state: ProjectState, section: str, now: int) -> Iterator[Due]:
    """Tell what a report that stands waits for: its publication, answers, the award."""
    found = state.evaluation.evaluations.get(section)
    if found is None:
        return
    yield from _unanswered(state, section)
    if not found.report.is_finished:
        return
    title, where = state.opening.sections[section].terms.title, f"publication/{section}"
    last = found.publication
    if last is None:
        by: dict[str, Fact] = {"at": found.report.finished_at + PUBLISH_WITHIN}
        yield Due("candidates", where, title, by)
        return
    if now < last.until:
        yield Due("published", where, title, {"at": last.until}, is_waiting=True)
    elif not _waiting(found):
        yield Due("award" if last.result.candidates else "nobody", where, title)


def _unanswered(state: ProjectState, section: str) -> Iterator[Due]:
    """Tell which objections to the result wait for an answer, which the law wants in any case."""
    found = state.evaluation.evaluations.get(section)
    waiting = [] if found is None else _waiting(found)
    if not waiting:
        return
    facts: dict[str, Fact] = {"count": len(waiting), "at": min(waiting)}
    title = state.opening.sections[section].terms.title
    yield Due("objections", f"publication/{section}", title, facts)


def _waiting(found: Evaluation) -> list[int]:
    """Return until when objections without an answer are due, ms; to withdrawn results too."""
    known = published(found.reevaluations, found.publication)
    return [each.objections[one].due for each in known for one in each.unanswered]


def _in_session(state: ProjectState, place: Place) -> Iterator[Due]:
    session = state.opening.sessions.get(place, Session())
    title = state.opening.sections[place[0]].terms.title
    if session.stage in {"lobby", "closed"}:
        yield Due("announce", _hall(state, place), title)
    else:
        yield Due("session", _hall(state, place), title, {"stage": session.stage})


def _while_open(state: ProjectState, section: str, now: int) -> Iterator[Due]:
    terms = state.opening.sections[section].terms
    decide_by = outage.awaited(state, section, now)
    if decide_by is not None:
        yield Due("outage", "manage", terms.title, {"at": decide_by})
    if now >= terms.deadline - terms.windows.sign_in:
        yield Due("lobby", _hall(state, (section, 1)), terms.title)
    elif now >= terms.deadline - DAY:
        yield Due("preflight", "preflight", terms.title)
    for place in places(state, section):
        key = state.opening.keys.get(place)
        if key is None:
            continue
        start = state.opening.attempts[key.sid].start
        rows = enumerate(start.roster, 1)
        silent = [member.name for number, member in rows if number not in key.rehearsed]
        if silent:
            facts: dict[str, Fact] = {"names": tuple(silent)}
            yield Due("rehearsals", "keys", terms.title, facts, is_waiting=True)


def _notices(state: ProjectState) -> Iterator[Due]:
    for notice in state.notices.values():
        if notice.reply is None:
            yield Due("notice", "manage", state.opening.sections[notice.section].terms.title)


def _open_questions(state: ProjectState) -> Iterator[Due]:
    waiting = [
        one
        for one in state.questions.values()
        if one.answer is None and phase(state.opening, one.section) is Phase.OPEN
    ]
    if waiting:
        yield Due("questions", "questions", facts={"count": len(waiting)})


def _hall(state: ProjectState, place: Place) -> str:
    return f"/projects/{state.project}/hall/{place[0]}-{place[1]}"
