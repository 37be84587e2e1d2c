"""The fields of an evaluation's messages and events; it must not know what they mean."""

from collections.abc import Mapping

from verifier.shapes import (
    Fields,
    Shape,
    fields,
    flag,
    integer,
    listed,
    matching,
    one_of,
    text,
    told_by,
)
from verifier.values import (
    ACCOUNT,
    HEX16,
    HEX32,
    LINE,
    MILLIS,
    NUMBER,
    ONE,
    PROSE,
    SECTION,
    SIGNED,
    SIZE,
)

SEAT = matching("[1-9][0-9]{0,2}")
ITEM = matching("[a-z0-9][a-z0-9-]{0,31}")
ALIAS = matching("[A-Z]{1,3}")
DECIMALS = integer(0, 6)
ROUND = integer(1, 100)

_COUNT = integer(0, 100)
_TRIM = fields({"least": _COUNT, "high": _COUNT, "low": _COUNT})
_ITEM: Fields = {"item": ITEM, "title": LINE}
_ITEMS = told_by(
    "kind",
    {
        "pass": fields({"kind": one_of("pass"), **_ITEM, "ground?": LINE}),
        "points": fields(
            {
                "kind": one_of("points"), **_ITEM, "lowest": NUMBER, "highest": NUMBER,
                "step": NUMBER, "objective": flag, "blind": flag,
            }
        ),
    },
)  # fmt: skip
_STAGE = fields(
    {
        "part": one_of("formal", "qualification", "responsive", "commercial", "technical"),
        "title": LINE,
        "items": listed(_ITEMS, 1, 100),
    }
)
_SLOPE = listed(fields({"points": NUMBER, "to?": NUMBER}), 1, 10)
_DEVIATION = fields(
    {
        "above": _SLOPE, "below": _SLOPE, "counted": one_of("exactly", "started", "whole"),
        "decimals?": DECIMALS, "cap?": NUMBER,
    }
)  # fmt: skip
_MEAN = fields({"trims": listed(_TRIM, 0, 10), "decimals?": DECIMALS})
_PART = matching(r"drawn|(0|[1-9][0-9]{0,17})(\.[0-9]{1,6})?")
_POINTS: Fields = {"weight": NUMBER, "decimals": DECIMALS}
_OFF_A_BASE: Fields = {**_POINTS, "deviation": _DEVIATION}
_OFF_THE_MEAN: Fields = {**_OFF_A_BASE, "mean": _MEAN, "base_decimals?": DECIMALS}
_FAMILIES: Mapping[str, Fields] = {
    "lowest_price": _POINTS,
    "mean_base": {**_OFF_THE_MEAN, "coefficient": _PART},
    "limit_and_mean": {**_OFF_THE_MEAN, "share": NUMBER, "lowering": _PART},
    "fixed_base": {**_OFF_A_BASE, "base": NUMBER},
    "evaluated_price": {},
    "quality_and_cost": {"quality_share": NUMBER, "price_share": NUMBER, "decimals": DECIMALS},
    "coefficient": {"decimals": DECIMALS},
    "between_limits": {**_POINTS, "full_at": NUMBER, "none_at": NUMBER},
}
_PRICE = told_by(
    "family",
    {name: fields({"family": one_of(name), **own}) for name, own in _FAMILIES.items()},
)
RULE = fields(
    {
        "v": ONE, "title": LINE, "stages": listed(_STAGE, 0, 12),
        "experts": fields(
            {
                "over": one_of("item", "part"), "trim?": _TRIM, "decimals": DECIMALS,
                "outlier_percent": NUMBER,
            }
        ),
        "price": _PRICE,
        "deductions": listed(fields({"deduction": ITEM, "title": LINE, "percent": NUMBER}), 0, 10),
        "full": NUMBER, "total_decimals": DECIMALS, "technical_minimum?": NUMBER,
        "low_percent_of_limit?": NUMBER, "low_percent_of_mean?": NUMBER,
        "ties": listed(one_of("price", "technical", "commercial", "earlier", "drawn"), 0, 5),
        "candidates": integer(1, 3),
    }
)  # fmt: skip

_ABOUT: Fields = {"section": SECTION}
_SEATED: Fields = {**_ABOUT, "seat": SEAT}
_SAID: Fields = {"v": ONE, "project": HEX16, **_SEATED}
_OF_ITEM: Fields = {**_ABOUT, "bid": HEX16, "item": ITEM}
_OF_QUESTION: Fields = {**_ABOUT, "clarification": HEX16}
_OF_CORRECTION: Fields = {**_ABOUT, "correction": HEX16}
_AGAIN: Fields = {**_ABOUT, "reevaluation": HEX16}
_AMOUNT = integer(1, (1 << 53) - 1)
_REASON = matching(r"[\s\S]{1,1000}")
_CHECKED: Fields = {**_OF_QUESTION, "due?": MILLIS, "returned?": LINE}
_MEMBER = fields(
    {"seat": SEAT, "place": LINE, "account": ACCOUNT, "capacity": one_of("expert", "tenderer")}
)
_OPINION = one_of("agrees", "dissents")
_GROUND = one_of(
    "unsigned", "consortium", "unqualified", "several_bids", "price_limit", "unresponsive",
    "collusion",
)  # fmt: skip

_STATEMENT = text(5_000)
_CANDIDATE = fields(
    {
        "place": integer(1, 1000), "bid": HEX16, "organisation": HEX16, "name": LINE,
        "price": LINE, "total": LINE,
    }
)  # fmt: skip
_GIVEN = listed(fields({"item": ITEM, "mark": NUMBER}), 0, 1000)
_MARKS = listed(fields({"bid": HEX16, "items": _GIVEN}), 0, 1000)
_BLIND = fields(
    {"draw": HEX16, "marks": listed(fields({"alias": ALIAS, "items": _GIVEN}), 0, 1000)}
)

_ATTACHED = fields({"name": text(200), "sha256": HEX32, "size": SIZE})

MESSAGES: Mapping[str, Shape] = {
    "commitment": fields({**_SAID, "text": HEX32}),
    "score-sheet": fields({**_SAID, "rule": HEX32, "marks": _MARKS, "blind?": _BLIND}),
    "clarification-answer": fields(
        {
            "v": ONE,
            "project": HEX16,
            **_OF_QUESTION,
            "question": HEX32,
            "text": PROSE,
            "attachments?": listed(_ATTACHED, 0, 100),
        }
    ),
    "correction-answer": fields(
        {
            "v": ONE, "project": HEX16, **_OF_CORRECTION, "bid": HEX16, "price": _AMOUNT,
            "accepts": flag,
        }
    ),
    "remarks": fields(
        {
            **_SAID,
            "reevaluation": HEX16,
            "rule": HEX32,
            "marks": listed(
                fields({"bid": HEX16, "item": ITEM, "mark": NUMBER, "reason?": _REASON}), 0, 1000
            ),
        }
    ),
    "report": fields(
        {**_SAID, "facts": HEX32, "pdf": HEX32, "opinion": _OPINION, "reasons?": PROSE}
    ),
    "candidates": fields(
        {
            "v": ONE,
            "project": HEX16,
            **_ABOUT,
            "facts": HEX32,
            "until": MILLIS,
            "candidates": listed(_CANDIDATE, 0, 1000),
            "reason?": one_of("no_valid_bid", "competition_lacking", "rule_inapplicable"),
            "reevaluation?": HEX16,
            "replaces?": HEX32,
        }
    ),
}  # fmt: skip

EVENTS: Mapping[str, Shape] = {
    "evaluation." + name: fields(table)
    for name, table in {
        "rule_set": {**_ABOUT, "rule": RULE},
        "committee_convened": {
            **_ABOUT, "members": listed(_MEMBER, 1, 99), "bids": listed(HEX16, 0, 1000),
            "shown_by?": one_of("name", "seat"),
        },
        "member_signed_in": {**_SEATED, "envelope": SIGNED},
        "ties_declared": {**_SEATED, "ties": listed(LINE, 0, 50)},
        "member_confirmed": _SEATED,
        "member_withdrew": {**_SEATED, "account": ACCOUNT, "reason": PROSE},
        "member_replaced": {**_ABOUT, "member": _MEMBER, "reason": PROSE},
        "chair_ballot_cast": {**_SEATED, "round": ROUND, "choice": SEAT},
        "chair_elected": _SEATED,
        "chair_tied": {**_ABOUT, "round": ROUND, "seats": listed(SEAT)},
        "bid_reviewed": {
            **_SEATED, "bid": HEX16,
            "verdicts": listed(
                fields({"item": ITEM, "passed": flag, "reason?": LINE}), 0, 1000
            ),
        },
        "vote_opened": _OF_ITEM,
        "vote_cast": {**_OF_ITEM, "seat": SEAT, "passes": flag},
        "bid_rejected": {**_ABOUT, "bid": HEX16, "ground": _GROUND, "items": listed(ITEM)},
        "review_closed": _ABOUT,
        "clarification_drafted": {
            **_OF_QUESTION, "seat": SEAT, "bid": HEX16, "text": PROSE, "period": MILLIS,
        },
        "clarification_agreed": {**_OF_QUESTION, "seat": SEAT},
        "clarification_dropped": {**_OF_QUESTION, "seat": SEAT},
        "question_checked": _CHECKED,
        "clarification_answered": {**_OF_QUESTION, "envelope": SIGNED},
        "answer_checked": _CHECKED,
        "answer_judged": {**_OF_QUESTION, "seat": SEAT, "accepts": flag},
        "clarification_expired": _OF_QUESTION,
        "competition_judged": {**_SEATED, "lacking": flag, "reason": _REASON},
        "correction_proposed": {
            **_OF_CORRECTION, "seat": SEAT, "bid": HEX16,
            "ground": one_of("opening_list", "words", "decimal", "unit_price"),
            "price": _AMOUNT, "reason": _REASON, "period": MILLIS,
        },
        "correction_voted": {**_OF_CORRECTION, "seat": SEAT, "agrees": flag},
        "correction_asked": {**_OF_CORRECTION, "due": MILLIS},
        "correction_answered": {**_OF_CORRECTION, "accepts": flag, "envelope": SIGNED},
        "correction_expired": _OF_CORRECTION,
        "prices_checked": _ABOUT,
        "aliases_drawn": {
            **_ABOUT, "draw": HEX16, "salt": HEX16,
            "aliases": listed(fields({"alias": ALIAS, "bid": HEX16}), 0, 1000),
        },
        "marks_submitted": {**_SEATED, "envelope": SIGNED},
        "marks_locked": _ABOUT,
        "report_drawn_up": {**_ABOUT, "facts": HEX32, "pdf": HEX32, "pdf_size": SIZE},
        "report_signed": {**_SEATED, "opinion": _OPINION, "envelope": SIGNED},
        "report_finished": {**_ABOUT, "unsigned": listed(SEAT)},
        "candidates_published": {**_ABOUT, "envelope": SIGNED},
        "reevaluation_ordered": {
            **_AGAIN,
            "ground": one_of("objective", "extreme", "criteria", "calculation"),
            "reason": _REASON,
            "cells": listed(fields({"bid": HEX16, "item": ITEM}), 1, 1000), "objection?": HEX16,
        },
        "marks_given_again": {**_AGAIN, "seat": SEAT, "envelope": SIGNED},
        "remarks_locked": _AGAIN,
        "reevaluation_dropped": {**_AGAIN, "reason": _REASON},
        "publication_withdrawn": _AGAIN,
        "publication_restored": {**_AGAIN, "until": MILLIS},
        "paused": {
            **_ABOUT, "cause": one_of("lunch", "overnight", "fault"), "reason": _REASON,
            "salt": HEX32, "state": HEX32,
        },
        "resumed": {**_ABOUT, "state": HEX32, "shift": MILLIS},
        "state_differed": {**_ABOUT, "state": HEX32},
        "said": {**_SEATED, "text": _REASON},
        "result_objected": {
            **_ABOUT, "objection": HEX16, "organisation": HEX16, "text": _STATEMENT, "due": MILLIS,
        },
        "result_objection_answered": {**_ABOUT, "objection": HEX16, "answer": _STATEMENT},
        "awarded": {**_ABOUT, "bid": HEX16, "reason?": PROSE},
    }.items()
}  # fmt: skip
