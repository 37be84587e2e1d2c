"""The fields of every message and of every event; docs/record-format.md says what they mean."""

from collections.abc import Mapping

from verifier import formats_evaluation
from verifier.shapes import Fields, Shape, fields, flag, hexed, integer, listed, matching, one_of
from verifier.values import (
    ACCOUNT,
    AMOUNT,
    BYTES,
    COUNT,
    CURRENCY,
    CUSTODIAN,
    ENVELOPE,
    HEX16,
    HEX32,
    INDEX,
    LINE,
    MANY,
    MILLIS,
    ONE,
    POINT33,
    POINT65,
    PROSE,
    ROLE,
    SECTION,
    SIGNED,
    SIZE,
    SPKI,
    SUITE,
    VKEY,
)

_PLACE: Fields = {"section": SECTION, "envelope": ENVELOPE}
_MEMBER = fields({"name": LINE, "organisation": LINE, "key": SPKI})
_TIMEKEEPER = fields({"name": LINE, "key": SPKI, "witness": VKEY})
_ORDERED = fields({"bid": HEX16, "seq": integer(1), "enc": POINT65, "stmt": HEX32})
_SHARES = listed(fields({"bid": HEX16, "share": hexed(131)}))
_DOCUMENT: Fields = {
    "document": HEX16, "title": LINE, "name": LINE, "size": SIZE, "sha256": HEX32,
}  # fmt: skip
_DOCUMENTS = listed(fields(_DOCUMENT))
_FORM = listed(
    fields(
        {
            "field": matching("[a-z][a-z0-9_]{0,31}"),
            "title": LINE,
            "kind": one_of("text", "amount", "integer", "decimal", "date"),
            "required": flag,
        }
    )
)
_WINDOWS = fields(dict.fromkeys(("sign_in", "secrets", "draw", "confirm", "objections"), MILLIS))
_PERIODS = fields(
    dict.fromkeys(("tender", "amendment", "outage", "decision", "publication?"), MILLIS)
)
_TERMS: Fields = {
    "section": SECTION, "title": LINE, "envelopes": ENVELOPE, "limit?": AMOUNT,
    "minimum_bidders": integer(1, 100), "max_size": SIZE, "co_open": flag,
    "question_deadline": MILLIS, "deadline": MILLIS, "windows": _WINDOWS, "periods": _PERIODS,
    "form": _FORM, "draw": listed(LINE),
}  # fmt: skip
_NOTICE_KEY = fields(
    {
        "envelope": ENVELOPE, "sid": HEX32, "key_id": HEX32, "key": POINT65,
        "fingerprint": listed(integer(0, 2047)), "k": MANY, "roster": listed(_MEMBER),
        "timekeeper": _TIMEKEEPER,
    }
)  # fmt: skip
_PARTY: Fields = {"v": ONE, "sid": HEX32, "i": INDEX}
_OPENING: Fields = {"v": ONE, "project": HEX16, "key_id": HEX32, "opening_id": HEX32}

MESSAGES: Mapping[str, Shape] = {
    "ceremony-start": fields(
        {
            "v": ONE, "project": HEX16, **_PLACE, "attempt": integer(1, 1000), "suite": SUITE,
            "n": MANY, "k": MANY, "roster": listed(_MEMBER), "timekeeper": _TIMEKEEPER,
            "join_by": MILLIS, "deal_by": MILLIS, "certify_by": MILLIS, "co_open": flag,
        }
    ),
    "ceremony-join": fields({**_PARTY, "commit": HEX32, "p?": POINT33}),
    "ceremony-deal": fields(
        {
            **_PARTY, "i": CUSTODIAN, "c": listed(POINT33), "pop": BYTES, "e": POINT33,
            "shares": listed(BYTES),
        }
    ),
    "ceremony-deal of the timekeeper": fields(
        {"v": ONE, "sid": HEX32, "i": integer(0, 0), "y": POINT33, "pop": BYTES}
    ),
    "ceremony-certify": fields({**_PARTY, "key_id": HEX32, "sig": BYTES}),
    "ceremony-abort": fields(
        {
            **_PARTY, "offender": INDEX,
            "cause": one_of("share", "kit", "timekeeper", "transcript"), "d?": HEX32,
        }
    ),
    "rehearsal": fields(
        {
            "v": ONE, "key_id": HEX32, "i": CUSTODIAN, "checkpoint": matching(".*", 4000),
            "sig": BYTES,
        }
    ),
    "bid": fields(
        {
            "v": ONE, "params": matching(".*", 4096), "enc": POINT65, "ct": hexed(48),
            "size": SIZE, "root": HEX32, "pok": hexed(65),
        }
    ),
    "bid-params": fields(
        {
            "v": ONE, "suite": SUITE, "project": HEX16, **_PLACE, "key": HEX32, "key_id": HEX32,
            "bidder": HEX16, "bid": HEX16, "revision": integer(1, 100_000), "supersedes?": HEX16,
            "bidder_secret_commit?": HEX32, "media_type": one_of("application/zip"),
            "created": MILLIS,
        }
    ),
    "withdraw": fields({"v": ONE, "project": HEX16, "bid": HEX16}),
    "opening-order": fields(
        {
            "v": ONE, "project": HEX16, **_PLACE, "key_id": HEX32, "scheduled_at": MILLIS,
            "bids": listed(_ORDERED),
        }
    ),
    "partial": fields({**_OPENING, "i": CUSTODIAN, "shares": _SHARES}),
    "release": fields({**_OPENING, "i": integer(0, 0), "shares": _SHARES}),
    "erase": fields({"v": ONE, "project": HEX16, "sid": HEX32, "key_id?": HEX32}),
    "refusal": fields(
        {
            "v": ONE, "project": HEX16, "code": matching(r"[a-z_]+\.[a-z0-9_]+"), "at": MILLIS,
            "received": HEX32,
        }
    ),
    "minutes": fields({"v": ONE, "project": HEX16, **_PLACE, "facts": HEX32, "pdf": HEX32}),
    "stage-decision": fields(
        {
            "v": ONE, "project": HEX16, "section": SECTION, "passed": listed(HEX16),
            "failed": listed(fields({"organisation": HEX16, "reason": LINE})),
        }
    ),
    "notice": fields(
        {
            "v": ONE, "project": HEX16, "number": LINE, "title": LINE, "tenderer": LINE,
            "agency?": LINE, "currency": CURRENCY, "documents": _DOCUMENTS,
            "sections": listed(fields({**_TERMS, "scoring?": HEX32, "keys": listed(_NOTICE_KEY)})),
            "remedy": PROSE,
        }
    ),
    "amendment": fields(
        {
            "v": ONE, "project": HEX16, "section": SECTION, "text": PROSE,
            "documents": _DOCUMENTS, "affects_bids": flag, "bids": one_of("stay", "replace"),
            "deadline": MILLIS,
        }
    ),
    **formats_evaluation.MESSAGES,
}  # fmt: skip

_ENVELOPED = fields({"envelope": SIGNED})
_WINDOW = {**_PLACE, "window": one_of("secrets", "draw", "confirm", "objections")}
_DRAW: Fields = {"draw": HEX16}
_ABOUT: Fields = {"section": SECTION}
_PERSON: Fields = {"account": ACCOUNT, "role": ROLE}
_PROBLEM = fields(
    {
        "field": LINE,
        "problem": one_of("missing", "invalid", "unknown", "capitals", "over_limit", "unreadable"),
    }
)

_HEAD: Fields = {"number": LINE, "title": LINE, "tenderer": LINE, "agency?": LINE}

EVENTS: Mapping[str, Shape] = {
    "project.project_created": fields({**_HEAD, "currency": CURRENCY}),
    "project.project_corrected": fields(_HEAD),
    "project.document_added": fields(_DOCUMENT),
    "project.document_removed": fields({"document": HEX16}),
    "project.notice_published": _ENVELOPED,
    "project.amended": _ENVELOPED,
    "project.document_fetched": fields({"document": HEX16, "organisation": HEX16}),
    "project.question_asked": fields(
        {"question": HEX16, "section": SECTION, "organisation": HEX16, "text": PROSE}
    ),
    "project.question_answered": fields(
        {"question": HEX16, "section": SECTION, "text": PROSE, "answer": PROSE}
    ),
    "project.outage_noted": fields(
        {"section": SECTION, "since": MILLIS, "until": MILLIS, "decide_by": MILLIS}
    ),
    "project.outage_decided": fields(
        {"section": SECTION, "decision": one_of("extend", "close"), "reason": LINE}
    ),
    "project.supervisor_notice_raised": fields(
        {"notice": HEX16, "section": SECTION, "text": PROSE, "pause": flag}
    ),
    "project.supervisor_notice_acknowledged": fields({"notice": HEX16, "reply": PROSE}),
    "project.record_viewed": fields(
        {
            "account": ACCOUNT,
            "subject": one_of("timeline", "addresses", "export", "hall", "files"),
            "hour": MILLIS,
        }
    ),
    "opening.participant_bound": fields(
        {
            **_PERSON, "name": LINE, "organisation": HEX16, "organisation_name": LINE,
            "organisation_code": LINE, "key?": SPKI, "keyid?": HEX32,
        }
    ),
    "opening.participant_released": fields({**_PERSON, "reason": LINE}),
    "opening.participant_key_changed": fields(
        {**_PERSON, "old": HEX32, "key": SPKI, "keyid": HEX32, "reason": LINE}
    ),
    "opening.terms_set": fields({**_TERMS, "currency": CURRENCY, "n": MANY, "k": MANY}),
    "opening.bids_opened_up": fields(_ABOUT),
    "opening.deadline_moved": fields({**_ABOUT, "deadline": MILLIS}),
    "opening.bids_superseded": fields(_ABOUT),
    "opening.section_suspended": fields({**_ABOUT, "reason": LINE}),
    "opening.section_resumed": fields({**_ABOUT, "shift": MILLIS}),
    "opening.section_terminated": fields({**_ABOUT, "reason": LINE}),
    "opening.bids_passed_on": fields({**_ABOUT, "organisations": listed(HEX16)}),
    "opening.ceremony_started": _ENVELOPED,
    "opening.ceremony_joined": _ENVELOPED,
    "opening.ceremony_dealt": _ENVELOPED,
    "opening.ceremony_certified": _ENVELOPED,
    "opening.ceremony_aborted": fields({"envelope": SIGNED, "offenders": listed(INDEX)}),
    "opening.ceremony_expired": fields(
        {"sid": HEX32, "step": one_of("join", "deal", "certify"), "missing": listed(INDEX)}
    ),
    "opening.key_made": fields(
        {"sid": HEX32, "key_id": HEX32, "pk": POINT65, "y_t": POINT33, "y": listed(POINT33)}
    ),
    "opening.key_rehearsed": _ENVELOPED,
    "opening.key_erased": _ENVELOPED,
    "opening.bid_admitted": _ENVELOPED,
    "opening.bid_refused": fields({"organisation": HEX16, "envelope": SIGNED, "answer": SIGNED}),
    "opening.bid_withdrawn": _ENVELOPED,
    "opening.bids_closed": fields(
        {**_PLACE, "key_id": HEX32, "deadline": MILLIS, "count": COUNT, "list": HEX32}
    ),
    "opening.section_failed": fields({**_ABOUT, "count": COUNT, "minimum": COUNT}),
    "opening.continuation_approved": fields({**_ABOUT, "approval": LINE, "reason": PROSE}),
    "opening.signed_in": fields({**_PLACE, **_PERSON, "organisation": HEX16}),
    "opening.files_checked": fields(
        {
            **_PLACE, "intact": listed(HEX16),
            "lost": listed(fields({"bid": HEX16, "found": one_of("missing", "size", "root")})),
        }
    ),
    "opening.session_announced": fields(
        {
            **_PLACE,
            "bidders": listed(fields({"organisation": HEX16, "name": LINE, "bid": HEX16})),
        }
    ),
    "opening.window_opened": fields({**_WINDOW, "until": MILLIS}),
    "opening.window_extended": fields({**_WINDOW, "until": MILLIS, "reason": LINE}),
    "opening.window_ended": fields(_WINDOW),
    "opening.secret_released": fields({"bid": HEX16, "secret": HEX32}),
    "opening.order_issued": _ENVELOPED,
    "opening.partial_posted": _ENVELOPED,
    "opening.key_released": _ENVELOPED,
    "opening.bid_opened": fields(
        {
            "bid": HEX16, "opening_id": HEX32, "package": HEX32, "size": SIZE, "manifest": HEX32,
            "files": COUNT, "form?": matching(".*"), "problems": listed(_PROBLEM),
        }
    ),
    "opening.bid_spoiled": fields(
        {
            "bid": HEX16,
            "cause": one_of(
                "secret_missing", "file_lost", "ciphertext", "commitment", "body", "package"
            ),
            "blame": one_of("bidder", "platform"), "detail": LINE,
        }
    ),
    "opening.decryption_ended": fields(_PLACE),
    "opening.bid_read_out": fields({"bid": HEX16}),
    "opening.draw_started": fields(
        {
            **_PLACE, **_DRAW, "purpose": LINE, "values": listed(LINE),
            "parties": listed(ACCOUNT), "attempt": COUNT,
        }
    ),
    "opening.draw_committed": fields({**_DRAW, "account": ACCOUNT, "commit": HEX32}),
    "opening.draw_sealed": fields({**_DRAW, "root": HEX32}),
    "opening.draw_revealed": fields({**_DRAW, "account": ACCOUNT, "secret": HEX32}),
    "opening.draw_defaulted": fields({**_DRAW, "accounts": listed(ACCOUNT)}),
    "opening.draw_ended": fields({**_DRAW, "seed": HEX32, "result": LINE}),
    "opening.line_confirmed": fields({"bid": HEX16, "account": ACCOUNT}),
    "opening.objection_raised": fields(
        {**_PLACE, "objection": HEX16, "organisation": HEX16, "text": PROSE}
    ),
    "opening.objection_answered": fields({"objection": HEX16, "answer": PROSE}),
    "opening.minutes_drawn_up": fields(
        {**_PLACE, "facts": HEX32, "pdf": HEX32, "pdf_size": SIZE}
    ),
    "opening.minutes_signed": fields(
        {
            "account": ACCOUNT, "role": one_of("clerk", "supervisor", "bidder"),
            "envelope": SIGNED,
        }
    ),
    "opening.session_ended": fields({**_PLACE, "unsigned": listed(HEX16)}),
    "opening.session_paused": fields({**_PLACE, "reason": LINE}),
    "opening.session_resumed": fields({**_PLACE, "shift": MILLIS}),
    "evaluation.stage_decided": fields({"section": SECTION, "envelope": SIGNED}),
    **formats_evaluation.EVENTS,
}  # fmt: skip

MESSAGE_OF: Mapping[str, str] = {
    "project.notice_published": "notice",
    "project.amended": "amendment",
    "opening.ceremony_started": "ceremony-start",
    "opening.ceremony_joined": "ceremony-join",
    "opening.ceremony_dealt": "ceremony-deal",
    "opening.ceremony_certified": "ceremony-certify",
    "opening.ceremony_aborted": "ceremony-abort",
    "opening.key_rehearsed": "rehearsal",
    "opening.key_erased": "erase",
    "opening.bid_admitted": "bid",
    "opening.bid_withdrawn": "withdraw",
    "opening.order_issued": "opening-order",
    "opening.partial_posted": "partial",
    "opening.key_released": "release",
    "opening.minutes_signed": "minutes",
    "evaluation.stage_decided": "stage-decision",
    "evaluation.member_signed_in": "commitment",
    "evaluation.clarification_answered": "clarification-answer",
    "evaluation.correction_answered": "correction-answer",
    "evaluation.candidates_published": "candidates",
    "evaluation.marks_submitted": "score-sheet",
    "evaluation.marks_given_again": "remarks",
    "evaluation.report_signed": "report",
}
"""Event -> the message its envelope holds. A refused bid's may be anything a bidder signed."""
