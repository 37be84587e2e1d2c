"""The publication of candidates 公示, objections to the result 异议, and the award; pure.

It must not read a bid or a mark: what the report found is given to it as a result.

Source: Law, article 45; Regulation, articles 54 and 55.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Final

from evaluation.messages import Candidate, Candidates, NoCandidate
from evaluation.result_events import (
    Awarded,
    CandidatesPublished,
    ResultEvent,
    ResultObjected,
    ResultObjectionAnswered,
)
from opening.envelopes import payload
from record.errors import NotAllowed, NotFound, NotValid, OutOfOrder, TooLate
from record.events import Signed

DAY: Final = 86_400_000
PUBLISH_WITHIN: Final = 3 * DAY
"""Within what time of the report the law wants it published, ms; told, never refused."""
ANSWER_WITHIN: Final = 3 * DAY
"""Within what time the law wants an objection answered, ms; told, never refused."""
LONGEST: Final = 90 * DAY
"""For how long candidates are published at the most, ms: what is published cannot be undone."""
MOST: Final = 3
"""Objections to the result that one bidder may make in a section."""


@dataclass(frozen=True, slots=True)
class Result:
    """What a finished report comes to: its candidates, or why there is none."""

    facts: str
    candidates: tuple[Candidate, ...]
    reason: NoCandidate | None = None


@dataclass(frozen=True, slots=True)
class Choice:
    """Whom the clerk names as the winner."""

    bid: str
    reason: str | None = None
    """Why it is not the first candidate; only there."""


@dataclass(frozen=True, slots=True)
class ResultObjection:
    """One objection to the result."""

    objection: str
    organisation: str
    text: str
    at: int
    due: int
    answer: str | None = None
    answered: int = 0
    """When it was answered, ms UTC."""


@dataclass(frozen=True, slots=True)
class Publication:
    """What was published of a section's result, and what came of it."""

    at: int
    until: int
    """Until when bidders may object, ms UTC; later by the time of a suspension."""
    result: Result
    objections: Mapping[str, ResultObjection] = field(default_factory=dict)
    """By id, in the order in which they came."""
    awarded: str | None = None
    """The bid that won."""
    reason: str | None = None
    """Why it was not the first candidate."""
    awarded_at: int = 0

    @property
    def unanswered(self) -> tuple[str, ...]:
        """The objections that wait for an answer."""
        return tuple(one.objection for one in self.objections.values() if one.answer is None)


def publish(
    before: Publication | None,
    result: Result,
    said: Candidates,
    *,
    now: int,
    period: int,
    follows: tuple[str | None, str | None],
    envelope: Signed,
) -> tuple[CandidatesPublished, ...]:
    """Publish exactly what the report found, once, for long enough.

    Args:
        before: what is published.
        result: what the report comes to.
        said: what the clerk signed.
        now: ms UTC.
        period: for how long it has to be published at the least, ms.
        follows: the re-evaluation it is of, and the facts of the result it replaces.
        envelope: with `said` in it.

    Refusals: publication.published, publication.other_report, publication.not_the_outcome,
    publication.follows, publication.period.
    """
    if before is not None:
        raise OutOfOrder("publication.published")
    if said.facts != result.facts:
        raise NotValid("publication.other_report")
    if (said.candidates, said.reason) != (result.candidates, result.reason):
        raise NotValid("publication.not_the_outcome")
    if (said.reevaluation, said.replaces) != follows:
        raise NotValid("publication.follows")
    if not now + period <= said.until <= now + max(period, LONGEST):
        latest = now + max(period, LONGEST)
        raise NotValid("publication.period", earliest=now + period, latest=latest)
    return (CandidatesPublished(section=said.section, envelope=envelope),)


def object_to(
    section: str,
    found: Publication | None,
    objection: ResultObjection,
    bidders: frozenset[str],
) -> tuple[ResultObjected, ...]:
    """Object to the result while it is published.

    Args:
        section: whose result.
        found: what was published.
        objection: as it came in, `at` its moment.
        bidders: the organisations whose bids were opened.

    Refusals: publication.none, publication.over, publication.not_a_bidder, publication.too_many.
    """
    published = _published(found)
    if objection.organisation not in bidders:
        raise NotAllowed("publication.not_a_bidder")
    if objection.at >= published.until:
        raise TooLate("publication.over", until=published.until)
    own = [
        one for one in published.objections.values() if one.organisation == objection.organisation
    ]
    if len(own) >= MOST:
        raise OutOfOrder("publication.too_many", most=MOST)
    return (
        ResultObjected(
            section=section,
            objection=objection.objection,
            organisation=objection.organisation,
            text=objection.text,
            due=objection.due,
        ),
    )


def answer(
    section: str, found: Publication | None, objection: str, text: str
) -> tuple[ResultObjectionAnswered, ...]:
    """Answer an objection, once.

    Refusals: publication.none, publication.no_such_objection, publication.answered.
    """
    one = _published(found).objections.get(objection)
    if one is None:
        raise NotFound("publication.no_such_objection")
    if one.answer is not None:
        raise OutOfOrder("publication.answered")
    return (ResultObjectionAnswered(section=section, objection=objection, answer=text),)


def award(
    section: str,
    found: Publication | None,
    former: Sequence[Publication],
    said: Choice,
    now: int,
) -> tuple[Awarded, ...]:
    """Name the winner once the publication is over and every objection is answered.

    Args:
        section: whose result.
        found: what is published.
        former: what was published before and withdrawn; objections to it are answered too.
        said: whom the clerk names.
        now: ms UTC.

    Refusals: publication.none, publication.running, publication.unanswered,
    publication.not_a_candidate, publication.reason.
    """
    published = _published(found)
    if now < published.until:
        raise OutOfOrder("publication.running", until=published.until)
    waiting = [one for each in (*former, published) for one in each.unanswered]
    if waiting:
        raise OutOfOrder("publication.unanswered", objections=waiting)
    candidates = [one.bid for one in published.result.candidates]
    if said.bid not in candidates:
        raise NotValid("publication.not_a_candidate")
    if (said.bid == candidates[0]) != (said.reason is None):
        raise NotValid("publication.reason")
    return (Awarded(section=section, bid=said.bid, reason=said.reason),)


def evolve_publication(
    found: Publication | None, event: ResultEvent, at: int
) -> Publication | None:
    """Fold one event in. Never refuses: what is in the record has happened."""
    if isinstance(event, CandidatesPublished):
        said = Candidates.read(payload(event.envelope))
        return Publication(at, said.until, Result(said.facts, said.candidates, said.reason))
    if found is None:
        return None
    match event:
        case ResultObjected():
            one = ResultObjection(event.objection, event.organisation, event.text, at, event.due)
            return replace(found, objections={**found.objections, event.objection: one})
        case ResultObjectionAnswered():
            return _answered(found, event, at)
        case Awarded():
            return replace(found, awarded=event.bid, reason=event.reason, awarded_at=at)


def resumed(found: Publication | None, since: int, shift: int) -> Publication | None:
    """Let a publication that ran when it was stopped end later by that time, ms.

    Args:
        found: what is published, or is again.
        since: when its section was suspended, or it was withdrawn, ms UTC.
        shift: for how long.
    """
    if found is None or since >= found.until:
        return found
    return replace(found, until=found.until + shift)


def _answered(found: Publication, event: ResultObjectionAnswered, at: int) -> Publication:
    one = found.objections.get(event.objection)
    if one is None:
        return found
    answered = replace(one, answer=event.answer, answered=at)
    return replace(found, objections={**found.objections, event.objection: answered})


def _published(found: Publication | None) -> Publication:
    if found is None:
        raise OutOfOrder("publication.none")
    return found
