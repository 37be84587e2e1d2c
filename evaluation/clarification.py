"""Clarifications 询标: what the committee asks a bidder, and what becomes of the answer; pure.

Only the committee begins one. A question goes out once the chair or most members want it and the
supervisor found neither a name nor a leading question in it; an answer is shown once the supervisor
let it through, and counts once most members accept it. What would change the substance of a bid is
not accepted. It must not read a bid.

Source: Law, article 39; Regulation, article 52; Order 12, articles 19 and 22.
"""

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Final, Literal

from evaluation.committee import Committee, seat_of
from evaluation.events import (
    AnswerChecked,
    AnswerJudged,
    ClarificationAgreed,
    ClarificationAnswered,
    ClarificationDrafted,
    ClarificationDropped,
    ClarificationEvent,
    ClarificationExpired,
    QuestionChecked,
)
from evaluation.marking import Marking
from evaluation.messages import Attached, ClarificationAnswer
from evaluation.review import Review
from evaluation.waiting import Said, Waiting
from opening.envelopes import payload
from record.errors import NotAllowed, NotFound, NotValid, OutOfOrder, TooLate
from record.events import Signed

MINUTE: Final = 60_000
SHORTEST, LONGEST = 5 * MINUTE, 7 * 24 * 60 * MINUTE
"""How long a bidder may be given, ms."""
MOST = 20
"""Questions a bid is asked at the most."""
Status = Literal[
    "drafted", "agreed", "sent", "answered", "shown", "accepted", "not_accepted", "expired",
    "dropped",
]  # fmt: skip


@dataclass(frozen=True, slots=True)
class Clarification(Waiting):
    """One question to one bidder."""

    clarification: str
    bid: str
    seat: str
    """Whose draft it is."""
    text: str
    period: int
    """How long the bidder has, ms from when it is sent."""
    agreed: tuple[str, ...] = ()
    status: Status = "drafted"
    due: int = 0
    """Until when it can be answered, ms UTC; from when it is sent."""
    answer: Signed | None = None
    """The bidder's; the committee is shown it once the supervisor let it through."""
    brought: tuple[str, ...] = ()
    """SHA-256 of every file that was attached to an answer, given back or not: they are kept."""
    returned: str | None = None
    """Why the supervisor gave question or answer back, the last time."""
    judged: Mapping[str, bool] = field(default_factory=dict)
    """Seat -> whether it accepts the answer."""

    @property
    def is_shown(self) -> bool:
        """Whether the supervisor let the answer through: the committee may read it."""
        return self.status in {"shown", "accepted", "not_accepted"}


Clarifications = Mapping[str, Clarification]
"""By id, in the order in which they were drafted."""


def draft(
    committee: Committee,
    review: Review,
    marking: Marking,
    found: Clarifications,
    *,
    account: str,
    asked: ClarificationDrafted,
    names: Sequence[str],
) -> tuple[ClarificationDrafted, ...]:
    """Draft a question to the bidder of a bid, before the first marks are in.

    Args:
        committee: quorate, with its chair.
        review: its bids.
        marking: nobody has submitted.
        found: what was asked before.
        account: the member's.
        asked: the draft; its seat is the member's.
        names: of the committee's members; a bidder sees "the committee" and no name.

    Refusals: committee.not_a_member, review.not_begun, review.no_such_bid, clarification.too_late,
    clarification.too_many, clarification.period, clarification.carries_name.
    """
    _seat(committee, account)
    if asked.bid not in review.valid:
        raise NotFound("review.no_such_bid", bid=asked.bid)
    if marking.sheets:
        raise OutOfOrder("clarification.too_late")
    if sum(1 for one in found.values() if one.bid == asked.bid) >= MOST:
        raise OutOfOrder("clarification.too_many", most=MOST)
    if not SHORTEST <= asked.period <= LONGEST:
        raise NotValid("clarification.period", shortest=SHORTEST, longest=LONGEST)
    check_names(asked.text, names)
    return (asked,)


def check_names(text: str, names: Sequence[str]) -> None:
    """Check that a text names nobody of the committee.

    Refusals: clarification.carries_name.
    """
    carried = carried_names(text, names)
    if carried:
        raise NotValid("clarification.carries_name", names=carried)


def carried_names(text: str, names: Sequence[str]) -> list[str]:
    """Return the names that a text carries, whatever the blanks and the case."""
    folded = "".join(text.split()).casefold()
    return [name for name in names if "".join(name.split()).casefold() in folded]


def agree(
    committee: Committee, found: Clarifications, account: str, clarification: str
) -> tuple[ClarificationAgreed, ...]:
    """Want a question asked; the chair alone, or most members, send it to the supervisor.

    Refusals: committee.not_a_member, review.not_begun, clarification.not_found,
    clarification.wrong_step, committee.has_voted.
    """
    seat = _seat(committee, account)
    one = _at(found, clarification, "drafted")
    if seat in one.agreed:
        raise OutOfOrder("committee.has_voted")
    return (ClarificationAgreed(section=committee.section, clarification=clarification, seat=seat),)


def drop(
    committee: Committee, found: Clarifications, account: str, clarification: str
) -> tuple[ClarificationDropped, ...]:
    """Take a question back before it is sent: whoever drafted it, or the chair.

    Refusals: committee.not_a_member, review.not_begun, clarification.not_found,
    clarification.wrong_step, clarification.not_yours.
    """
    seat = _seat(committee, account)
    one = _at(found, clarification, "drafted", "agreed")
    if seat not in {one.seat, committee.chair}:
        raise NotAllowed("clarification.not_yours")
    return (
        ClarificationDropped(section=committee.section, clarification=clarification, seat=seat),
    )


def check_question(
    section: str, found: Clarifications, clarification: str, *, now: int, returned: str | None
) -> tuple[QuestionChecked, ...]:
    """Let a question out, or give it back with the reason, as the supervisor does.

    Refusals: clarification.not_found, clarification.wrong_step.
    """
    one = _at(found, clarification, "agreed")
    due = now + one.period if returned is None else None
    return (
        QuestionChecked(section=section, clarification=clarification, returned=returned, due=due),
    )


def answer(
    section: str,
    found: Clarifications,
    told: ClarificationAnswer,
    said: Said,
) -> tuple[ClarificationAnswered, ...]:
    """Answer in writing, signed, within the time; again only where the supervisor gave it back.

    Args:
        section: whose evaluation.
        found: what was asked.
        told: what its envelope holds.
        said: who answers, when.

    Refusals: clarification.not_found, clarification.wrong_step, clarification.not_yours,
    clarification.expired, clarification.other_question.
    """
    one = _at(found, told.clarification, "sent")
    if said.owner != said.organisation:
        raise NotAllowed("clarification.not_yours")
    if told.question != question_hash(one.text):
        raise NotValid("clarification.other_question")
    if said.at >= one.due:
        raise TooLate("clarification.expired", due=one.due)
    return (
        ClarificationAnswered(
            section=section, clarification=told.clarification, envelope=said.envelope
        ),
    )


def question_hash(text: str) -> str:
    """Return what an answer names its question by: SHA-256 of the text in UTF-8, hex."""
    return hashlib.sha256(text.encode()).hexdigest()


def check_answer(
    section: str, found: Clarifications, clarification: str, *, now: int, returned: str | None
) -> tuple[AnswerChecked, ...]:
    """Show an answer to the committee, or give it back to the bidder with the reason.

    Whoever is given an answer back has the shortest time at the least to answer again.

    Refusals: clarification.not_found, clarification.wrong_step.
    """
    one = _at(found, clarification, "answered")
    due = None if returned is None else max(one.due, now + SHORTEST)
    return (
        AnswerChecked(section=section, clarification=clarification, returned=returned, due=due),
    )


def judge(
    committee: Committee,
    found: Clarifications,
    account: str,
    clarification: str,
    *,
    accepts: bool,
) -> tuple[AnswerJudged, ...]:
    """Accept an answer or not; most of all members decide.

    Refusals: committee.not_a_member, review.not_begun, clarification.not_found,
    clarification.wrong_step, committee.has_voted.
    """
    seat = _seat(committee, account)
    one = _at(found, clarification, "shown")
    if seat in one.judged:
        raise OutOfOrder("committee.has_voted")
    return (
        AnswerJudged(
            section=committee.section, clarification=clarification, seat=seat, accepts=accepts
        ),
    )


def expire(
    section: str, found: Clarifications, clarification: str, now: int
) -> tuple[ClarificationExpired, ...]:
    """Note that the time for an answer is over.

    Refusals: clarification.not_found, clarification.wrong_step, clarification.not_due.
    """
    one = _at(found, clarification, "sent")
    if now < one.due:
        raise OutOfOrder("clarification.not_due", due=one.due)
    return (ClarificationExpired(section=section, clarification=clarification),)


def evolve_clarifications(
    committee: Committee, found: Clarifications, event: ClarificationEvent
) -> Clarifications:
    """Fold one event in. Never refuses: what is in the record has happened."""
    if isinstance(event, ClarificationDrafted):
        one = Clarification(event.clarification, event.bid, event.seat, event.text, event.period)
        return {**found, event.clarification: one}
    before = found.get(event.clarification)
    if before is None:
        return found
    return {**found, event.clarification: _after(committee, before, event)}


def without(found: Clarifications, seat: str) -> Clarifications:
    """Return the clarifications without what a seat wanted or judged and is not decided yet."""
    return {
        name: replace(
            one,
            agreed=tuple(other for other in one.agreed if other != seat)
            if one.status == "drafted"
            else one.agreed,
            judged={other: said for other, said in one.judged.items() if other != seat}
            if one.status == "shown"
            else one.judged,
        )
        for name, one in found.items()
    }


def answer_text(one: Clarification) -> str:
    """Return what a bidder answered."""
    if one.answer is None:
        return ""
    return ClarificationAnswer.read(payload(one.answer)).text


def attachments_of(one: Clarification) -> tuple[Attached, ...]:
    """Return what a bidder attached to its answer."""
    if one.answer is None:
        return ()
    return ClarificationAnswer.read(payload(one.answer)).attachments or ()


_Followed = (
    ClarificationAgreed
    | ClarificationDropped
    | QuestionChecked
    | ClarificationAnswered
    | AnswerChecked
    | AnswerJudged
    | ClarificationExpired
)


def _after(committee: Committee, one: Clarification, event: _Followed) -> Clarification:
    match event:
        case ClarificationAgreed():
            return _agreed(committee, one, event.seat)
        case AnswerJudged():
            return _judged(committee, one, event)
        case QuestionChecked() | AnswerChecked():
            return _checked(one, event)
        case ClarificationAnswered():
            answered = replace(one, status="answered", answer=event.envelope)
            hashes = [each.sha256 for each in attachments_of(answered)]
            return replace(answered, brought=tuple(dict.fromkeys((*one.brought, *hashes))))
        case ClarificationDropped():
            return replace(one, status="dropped")
        case ClarificationExpired():
            return replace(one, status="expired")


def _checked(one: Clarification, event: QuestionChecked | AnswerChecked) -> Clarification:
    """Return a question or answer after the supervisor's check of it."""
    if isinstance(event, AnswerChecked) and event.returned is None:
        return replace(one, status="shown", returned=None)
    if isinstance(event, QuestionChecked) and event.returned is not None:
        return replace(one, status="drafted", agreed=(), returned=event.returned)
    return replace(one, status="sent", due=event.due or one.due, returned=event.returned)


def _agreed(committee: Committee, one: Clarification, seat: str) -> Clarification:
    agreed = (*one.agreed, seat)
    enough = seat == committee.chair or len(agreed) * 2 > len(committee.seats)
    return replace(one, agreed=agreed, status="agreed" if enough else one.status)


def _judged(committee: Committee, one: Clarification, event: AnswerJudged) -> Clarification:
    judged = {**one.judged, event.seat: event.accepts}
    counts = [sum(1 for said in judged.values() if said is wanted) for wanted in (True, False)]
    accepted, refused = (count * 2 > len(committee.seats) for count in counts)
    status: Status = "accepted" if accepted else "not_accepted" if refused else one.status
    return replace(one, judged=judged, status=status)


def _seat(committee: Committee, account: str) -> str:
    """Return the seat of a member of a committee that is at work."""
    seat = seat_of(committee, account).member.seat
    if committee.chair is None or not committee.is_quorate:
        raise OutOfOrder("review.not_begun")
    return seat


def _at(found: Clarifications, clarification: str, *statuses: Status) -> Clarification:
    one = found.get(clarification)
    if one is None:
        raise NotFound("clarification.not_found")
    if one.status not in statuses:
        raise OutOfOrder("clarification.wrong_step", status=one.status)
    return one
