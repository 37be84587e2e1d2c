"""Who sees which field of which event: the one allow-list; what has no row here is shown to nobody.

Channels are audiences: `public` (everybody, once there is a notice), `hall` (whoever is signed in),
one of each bidder and of each section's committee, `clerk`, `custodians`, `timekeeper`,
`supervisor`. What all in the hall may see
stands in the row of the hall alone: a private channel carries only what is added to it.

Before the close nothing about bids, bidders, their sign-ins or what they fetched is in a row of
`public`, `hall`, `clerk`, or of another bidder. Of an evaluation neither public nor hall is told
anything but its result once that is published; objections to it are the objector's, the clerk's
and the supervisor's. Nobody is told a mark here, and the clerk sees how far it has come but not
what was found before the report stands. It must not decide anything else.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Final, Literal

from evaluation.events import AnswerChecked, QuestionChecked
from opening.events import SignedIn
from opening.participants import ParticipantBound, ParticipantKeyChanged, ParticipantReleased
from record.events import Event

Audience = Literal[
    "public", "hall", "bidder", "clerk", "custodians", "timekeeper", "supervisor", "committee"
]
Moment = Literal["closed", "read_out", "ended"]
"""Until when a part of an event stays hidden: the close of its place, the read-out of its bid, the
end of its session."""
Fields = tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Row:
    """What of one kind of event is shown.

    Args:
        now: audience -> the fields it sees at once.
        later: audience -> the moment it has to wait for, and what it sees then.
        nameless: audiences that are not told who acted.
    """

    now: Mapping[Audience, Fields] = field(default_factory=dict)
    later: Mapping[Audience, tuple[Moment, Fields]] = field(default_factory=dict)
    nameless: frozenset[Audience] = frozenset()


def kind_of(event: Event) -> str:
    """Return the row's name: the event's type, and for whom where that makes a difference."""
    if isinstance(event, ParticipantBound | ParticipantReleased | ParticipantKeyChanged):
        own = event.role in {"bidder", "expert"}
        return f"{event.type}/{event.role if own else 'office'}"
    if isinstance(event, QuestionChecked | AnswerChecked):
        return event.type + ("/passed" if event.returned is None else "/returned")
    return f"{event.type}/{event.role}" if isinstance(event, SignedIn) else event.type


def _hall(*fields: str) -> Row:
    return Row(now={"hall": fields})


def _all(*fields: str) -> Row:
    return Row(now={"public": fields, "hall": fields})


def _published(*fields: str) -> Row:
    """Shown in the hall at once, to the public when the session is over."""
    return Row(now={"hall": fields}, later={"public": ("ended", fields)})


def _signed_in(own: Audience) -> Row:
    fields = ("section", "envelope", "role", "name", "organisation_name")
    return Row(now={own: fields, "supervisor": fields}, later={"hall": ("closed", fields)})


def _evaluation(*fields: str) -> Row:
    """Shown to the committee and the supervisor."""
    return Row(now=dict.fromkeys(_INSIDE, fields))


def _progress(*fields: str) -> Row:
    """Shown to the clerk too: that somebody acted, never what was said."""
    return Row(now={"committee": fields, "supervisor": fields, "clerk": fields})


def _asked(*fields: str, about: Fields = ("section", "clarification")) -> Row:
    """Shown to the bidder who is asked, too, which is told of no person."""
    fields = (*about, *fields)
    seen = dict.fromkeys(_INSIDE, fields)
    return Row(now={**seen, "bidder": fields}, nameless=_NO_PERSON)


def _stopped(*fields: str) -> Row:
    """Shown to bidders that are asked something, too: that it is so and no more."""
    seen = ("section", *fields)
    return Row(
        now={**dict.fromkeys((*_INSIDE, "clerk"), seen), "bidder": ("section",)},
        nameless=_NO_PERSON,
    )


_NO_PERSON: Final = frozenset[Audience]({"bidder"})
_INSIDE: Final[tuple[Audience, ...]] = ("committee", "supervisor")
_ASKED: Final = ("section", "clarification")
_AGAIN: Final = ("section", "reevaluation")
_CORRECTED: Final = ("section", "correction")
_NOBODY_NAMED: Final = frozenset[Audience]({"public", "hall", "clerk"})
_PLACE: Final = ("section", "envelope")
_PROJECT: Final = ("number", "title", "tenderer", "agency", "currency")
_TERMS: Final = (
    "section", "title", "envelopes", "currency", "limit", "minimum_bidders", "max_size", "co_open",
    "question_deadline", "deadline", "windows", "form", "draw", "n", "k",
)  # fmt: skip
_PERSON: Final = ("role", "name", "organisation_name", "keyid")
_ATTEMPT: Final = (
    "sid", *_PLACE, "attempt", "n", "k", "roster", "timekeeper", "join_by", "deal_by",
    "certify_by", "co_open",
)  # fmt: skip
_BID: Final = ("bid", *_PLACE, "revision", "supersedes", "size", "root")
_WINDOW: Final = (*_PLACE, "window", "until")
_LINE: Final = (
    "bid", *_PLACE, "opening_id", "package", "size", "manifest", "files", "form", "problems",
    "line",
)  # fmt: skip
_OPENED: Final = ("bid", *_PLACE)
_SPOILED: Final = ("bid", *_PLACE, "cause", "blame", "detail")
_DRAW: Final = ("draw", *_PLACE)
_DOCUMENT: Final = ("facts", "pdf", "pdf_size")
_MINUTES: Final = (*_PLACE, *_DOCUMENT)
_SEAT: Final = ("section", "seat")
_OBJECTED: Final = ("section", "objection", "text", "due")

ROWS: Final[Mapping[str, Row]] = {
    # the project as a whole
    "project.project_created": _hall(*_PROJECT),
    "project.project_corrected": _hall(*_PROJECT[:-1]),
    "project.document_added": Row(now={"clerk": ("document", "title", "name", "size", "sha256")}),
    "project.document_removed": Row(now={"clerk": ("document",)}),
    "project.notice_published": _all(*_PROJECT, "documents", "sections", "remedy"),
    "project.amended": _all("section", "text", "documents", "affects_bids", "bids", "deadline"),
    "project.document_fetched": Row(now={"supervisor": ("document", "organisation_name")}),
    "project.question_asked": Row(
        now={
            "bidder": ("question", "section", "text"),
            "clerk": ("question", "section", "text"),
            "supervisor": ("question", "section", "text", "organisation_name"),
        },
        nameless=_NOBODY_NAMED,
    ),
    "project.question_answered": _all("question", "section", "text", "answer"),
    "project.outage_noted": _hall("section", "since", "until", "decide_by"),
    "project.outage_decided": _hall("section", "decision", "reason"),
    "project.supervisor_notice_raised": Row(
        now={
            "clerk": ("notice", "section", "text", "pause"),
            "supervisor": ("notice", "section", "text", "pause"),
        }
    ),
    "project.supervisor_notice_acknowledged": Row(
        now={"clerk": ("notice", "reply"), "supervisor": ("notice", "reply")}
    ),
    "project.record_viewed": Row(now={"supervisor": ("account", "subject", "hour", "name")}),
    # sections
    "opening.terms_set": _hall(*_TERMS),
    "opening.bids_opened_up": _hall("section"),
    "opening.deadline_moved": _all("section", "deadline"),
    "opening.bids_superseded": _hall("section"),
    "opening.section_suspended": _all("section", "reason"),
    "opening.section_resumed": Row(
        now={
            "public": ("section", "deadline", "published_until"),
            "hall": ("section", "deadline", "sessions", "published_until"),
            **dict.fromkeys(_INSIDE, ("section", "answers_due", "confirmations_due")),
        }
    ),
    "opening.section_terminated": _all("section", "reason"),
    "opening.section_failed": _all("section", "count", "minimum"),
    "opening.continuation_approved": _hall("section", "approval", "reason"),
    "opening.bids_passed_on": Row(),
    "evaluation.stage_decided": _hall("section", "passed", "failed"),
    "evaluation.rule_set": _hall("section", "rule_hash"),
    # the evaluation
    "evaluation.committee_convened": _progress("section", "members"),
    "evaluation.member_signed_in": _progress(*_SEAT),
    "evaluation.ties_declared": Row(
        now={"committee": _SEAT, "clerk": _SEAT, "supervisor": (*_SEAT, "ties")}
    ),
    "evaluation.member_confirmed": _progress(*_SEAT),
    "evaluation.member_withdrew": _progress(*_SEAT, "reason"),
    "evaluation.member_replaced": _progress("section", "member", "seat", "reason"),
    "evaluation.chair_ballot_cast": _progress(*_SEAT, "round"),
    "evaluation.chair_elected": _progress(*_SEAT),
    "evaluation.chair_tied": _evaluation("section", "round", "seats"),
    "evaluation.bid_reviewed": _progress(*_SEAT, "bid"),
    "evaluation.vote_opened": _evaluation("section", "bid", "item"),
    "evaluation.vote_cast": _evaluation(*_SEAT, "bid", "item"),
    "evaluation.bid_rejected": _evaluation("section", "bid", "ground", "items"),
    "evaluation.review_closed": Row(
        now={
            **dict.fromkeys(_INSIDE, ("section", "marked", "judged")),
            "clerk": ("section", "marked"),
        }
    ),
    "evaluation.clarification_drafted": _evaluation(*_ASKED, "seat", "bid"),
    "evaluation.clarification_agreed": _evaluation(*_ASKED, "seat"),
    "evaluation.clarification_dropped": _evaluation(*_ASKED, "seat"),
    "evaluation.question_checked/passed": _asked("due"),
    "evaluation.question_checked/returned": _evaluation(*_ASKED, "returned"),
    "evaluation.clarification_answered": _asked(),
    "evaluation.answer_checked/passed": _evaluation(*_ASKED),
    "evaluation.answer_checked/returned": _asked("due", "returned"),
    "evaluation.answer_judged": _evaluation(*_ASKED, "seat"),
    "evaluation.clarification_expired": _asked(),
    "evaluation.competition_judged": _evaluation(*_SEAT),
    "evaluation.correction_proposed": _evaluation(*_CORRECTED, "seat", "bid"),
    "evaluation.correction_voted": _evaluation(*_CORRECTED, "seat"),
    "evaluation.correction_asked": _asked("due", about=_CORRECTED),
    "evaluation.correction_answered": _asked("accepts", about=_CORRECTED),
    "evaluation.correction_expired": _asked(about=_CORRECTED),
    "evaluation.prices_checked": _progress("section"),
    "evaluation.aliases_drawn": _progress("section"),
    "evaluation.paused": _stopped("cause", "reason", "state"),
    "evaluation.resumed": Row(
        now={
            **dict.fromkeys(_INSIDE, ("section", "state", "answers_due", "confirmations_due")),
            "clerk": ("section", "state"),
            "bidder": ("section",),
        },
        nameless=_NO_PERSON,
    ),
    "evaluation.state_differed": _progress("section", "state"),
    # the text is read apart: who has not confirmed the names listens here too
    "evaluation.said": Row(now=dict.fromkeys(_INSIDE, _SEAT), nameless=frozenset({"committee"})),
    "evaluation.marks_submitted": _progress(*_SEAT),
    "evaluation.marks_locked": _progress("section"),
    "evaluation.report_drawn_up": _evaluation("section", *_DOCUMENT),
    "evaluation.report_signed": _evaluation(*_SEAT, "opinion"),
    "evaluation.report_finished": _progress("section", "unsigned", *_DOCUMENT),
    # marked again; which marks, with the evaluation, and what changed, with the report
    "evaluation.reevaluation_ordered": _progress(*_AGAIN, "ground"),
    "evaluation.marks_given_again": _progress(*_AGAIN, "seat"),
    "evaluation.remarks_locked": _progress(*_AGAIN),
    "evaluation.reevaluation_dropped": _progress(*_AGAIN, "reason", *_DOCUMENT, "finished"),
    # the result
    "evaluation.candidates_published": _all("section", "facts", "until", "candidates", "reason"),
    "evaluation.result_objected": Row(
        now={
            "bidder": _OBJECTED,
            "clerk": (*_OBJECTED, "organisation_name"),
            "supervisor": (*_OBJECTED, "organisation_name"),
        }
    ),
    "evaluation.result_objection_answered": Row(
        now=dict.fromkeys(("bidder", "clerk", "supervisor"), ("section", "objection", "answer"))
    ),
    "evaluation.publication_withdrawn": _all("section", "reevaluation"),
    "evaluation.publication_restored": _all("section", "reevaluation", "until"),
    "evaluation.awarded": _all("section", "bid", "organisation_name", "reason"),
    # who takes part
    "opening.participant_bound/office": _hall(*_PERSON),
    "opening.participant_released/office": _hall("role", "name", "reason"),
    "opening.participant_key_changed/office": _hall("role", "name", "keyid", "reason"),
    "opening.participant_bound/expert": Row(now={"clerk": _PERSON, "supervisor": _PERSON}),
    "opening.participant_released/expert": Row(
        now={"clerk": ("role", "name", "reason"), "supervisor": ("role", "name", "reason")}
    ),
    "opening.participant_key_changed/expert": Row(
        now={
            "clerk": ("role", "name", "keyid", "reason"),
            "supervisor": ("role", "name", "keyid", "reason"),
        }
    ),
    "opening.participant_bound/bidder": Row(now={"bidder": _PERSON, "supervisor": _PERSON}),
    "opening.participant_released/bidder": Row(
        now={"bidder": ("role", "name", "reason"), "supervisor": ("role", "name", "reason")}
    ),
    "opening.participant_key_changed/bidder": Row(
        now={
            "bidder": ("role", "name", "keyid", "reason"),
            "supervisor": ("role", "name", "keyid", "reason", "organisation_name"),
        }
    ),
    # keys
    "opening.ceremony_started": _hall(*_ATTEMPT),
    "opening.ceremony_joined": _hall("sid", *_PLACE, "i"),
    "opening.ceremony_dealt": _hall("sid", *_PLACE, "i"),
    "opening.ceremony_certified": _hall("sid", *_PLACE, "i"),
    "opening.ceremony_aborted": _hall("sid", *_PLACE, "i", "offenders", "cause"),
    "opening.ceremony_expired": _hall("sid", *_PLACE, "step", "missing"),
    "opening.key_made": _hall("sid", *_PLACE, "key_id", "pk"),
    "opening.key_rehearsed": Row(
        now={
            "clerk": ("key_id", *_PLACE, "i"),
            "custodians": ("key_id", *_PLACE, "i"),
            "supervisor": ("key_id", *_PLACE, "i"),
        }
    ),
    "opening.key_erased": _hall("sid", *_PLACE),
    # bids
    "opening.bid_admitted": Row(now={"bidder": _BID, "supervisor": (*_BID, "organisation_name")}),
    "opening.bid_refused": Row(
        now={"bidder": ("code",), "supervisor": ("code", "organisation_name")}
    ),
    "opening.bid_withdrawn": Row(
        now={
            "bidder": ("bid", "bids", *_PLACE),
            "supervisor": ("bid", "bids", *_PLACE, "organisation_name"),
        }
    ),
    "opening.bids_closed": _all(*_PLACE, "key_id", "deadline", "count", "list"),
    # the session
    "opening.signed_in/bidder": _signed_in("bidder"),
    "opening.signed_in/clerk": _signed_in("clerk"),
    "opening.signed_in/custodian": _signed_in("custodians"),
    "opening.signed_in/timekeeper": _signed_in("timekeeper"),
    "opening.signed_in/supervisor": _signed_in("supervisor"),
    "opening.files_checked": _hall(*_PLACE, "intact", "lost"),
    "opening.session_announced": _published(*_PLACE, "bidders"),
    "opening.window_opened": _hall(*_WINDOW),
    "opening.window_extended": _hall(*_WINDOW, "reason"),
    "opening.window_ended": _hall(*_PLACE, "window"),
    "opening.secret_released": _hall("bid", *_PLACE),
    "opening.order_issued": _hall(*_PLACE, "key_id", "opening_id", "scheduled_at", "bids"),
    "opening.partial_posted": _hall(*_PLACE, "key_id", "opening_id", "i"),
    "opening.key_released": _hall(*_PLACE, "key_id", "opening_id", "i"),
    "opening.bid_opened": Row(
        now={"hall": _OPENED, "bidder": _LINE, "clerk": _LINE, "supervisor": _LINE},
        later={"hall": ("read_out", _LINE), "public": ("ended", _LINE)},
    ),
    "opening.bid_spoiled": _published(*_SPOILED),
    "opening.decryption_ended": _hall(*_PLACE),
    "opening.bid_read_out": _published("bid", *_PLACE),
    "opening.draw_started": _published(*_DRAW, "purpose", "values", "parties", "attempt"),
    "opening.draw_committed": _published(*_DRAW, "account", "commit", "name"),
    "opening.draw_sealed": _published(*_DRAW, "root"),
    "opening.draw_revealed": _published(*_DRAW, "account", "secret", "name"),
    "opening.draw_defaulted": _published(*_DRAW, "accounts"),
    "opening.draw_ended": _published(*_DRAW, "seed", "result"),
    "opening.line_confirmed": _published("bid", *_PLACE),
    "opening.objection_raised": _published(*_PLACE, "objection", "organisation_name", "text"),
    "opening.objection_answered": _published(*_PLACE, "objection", "answer"),
    "opening.minutes_drawn_up": _published(*_MINUTES),
    "opening.minutes_signed": _hall(*_PLACE, "role", "name", "organisation_name"),
    "opening.session_ended": _all(*_PLACE, "unsigned"),
    "opening.session_paused": _hall(*_PLACE, "reason"),
    "opening.session_resumed": _hall(*_PLACE, "windows"),
}
"""One row for each kind of event; a test names those that are missing."""
