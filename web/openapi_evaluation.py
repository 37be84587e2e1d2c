"""What integrators are told of evaluations: examples of their commands, and the shape of a view.

As in `openapi_examples`, nothing here is signed by anybody.
"""

from typing import Any, get_args

from evaluation.clarification import question_hash
from evaluation.correction import Status
from evaluation.events import CorrectionGround
from evaluation.marking import rule_hash
from evaluation.messages import (
    Attached,
    BidMarks,
    ClarificationAnswer,
    Commitment,
    CorrectionAnswer,
    ItemMark,
    ReportSignature,
    ScoreSheet,
)
from evaluation.promise import promise_hash
from evaluation.scoring.rule import ScoringRule
from rooms.evaluation import Step
from web import openapi_discussion, openapi_reevaluation, openapi_result
from web import openapi_shapes as shapes
from web.openapi_examples import BID, HASH, HOUR, MOMENT, ORGANISATION, PROJECT, SECTION, signed
from web.openapi_shapes import COUNT, FLAG, ID, TEXT, Schema, shape, some

_RULE: dict[str, Any] = {
    "title": "综合评分法（低价优先）",
    "stages": [
        {
            "part": "qualification",
            "title": "资格评审",
            "items": [{"kind": "pass", "item": "licence", "title": "具备有效的营业执照"}],
        },
        {
            "part": "technical",
            "title": "技术评审",
            "items": [
                {
                    "kind": "points",
                    "item": "method",
                    "title": "施工方案与技术措施",
                    "highest": "70",
                    "step": "0.5",
                }
            ],
        },
    ],
    "price": {"family": "lowest_price", "weight": "30"},
}
_RULE_HASH = rule_hash(ScoringRule.model_validate(_RULE, strict=False))
_PLACES = ("市评标室 2", "县评标室 1")


def _member(seat: int) -> dict[str, str]:
    return {
        "seat": str(seat),
        "place": _PLACES[seat % 2],
        "account": f"expert.{seat}",
        "capacity": "tenderer" if seat == 5 else "expert",
    }


def _of(name: str, **told: Any) -> dict[str, Any]:
    return {"type": f"evaluation.{name}", "section": SECTION, **told}


_COMMITMENT = Commitment(v=1, project=PROJECT, section=SECTION, seat="1", text=promise_hash())
_SHEET = ScoreSheet(
    v=1,
    project=PROJECT,
    section=SECTION,
    seat="1",
    rule=_RULE_HASH,
    marks=(BidMarks(bid=BID, items=(ItemMark(item="method", mark="61.5"),)),),
)
_SIGNATURE = ReportSignature(
    v=1,
    project=PROJECT,
    section=SECTION,
    seat="1",
    facts=HASH,
    pdf=HASH,
    opinion="dissents",
    reasons="对第二候选人的技术得分有不同意见。",
)
_CORRECTION = "d1a2b3c4d5e6f708192a3b4c5d6e7f80"
_CLARIFICATION = "c1a2b3c4d5e6f708192a3b4c5d6e7f80"
_QUESTION = "施工方案第 3 章与进度计划的工期不一致，请说明以哪一处为准。"
_CONFIRMED = CorrectionAnswer(
    v=1,
    project=PROJECT,
    section=SECTION,
    correction=_CORRECTION,
    bid=BID,
    price=88_010_000,
    accepts=True,
)
_ANSWER = ClarificationAnswer(
    v=1,
    project=PROJECT,
    section=SECTION,
    clarification=_CLARIFICATION,
    question=question_hash(_QUESTION),
    text="以进度计划为准，投标工期不变。",
    attachments=(Attached(name="进度计划.pdf", sha256=HASH, size=182_144),),
)
_FILES = [one.model_dump() for one in _ANSWER.attachments or ()]
_FAILED = {"item": "licence", "passed": False, "reason": "营业执照已过有效期。"}

COMMANDS: dict[str, dict[str, Any]] = {
    "set the scoring rule of a section": _of("set_rule", rule=_RULE),
    "convene the committee": _of(
        "convene_committee", members=[_member(seat) for seat in range(1, 6)]
    ),
    "sit down and sign the commitment": _of("take_seat", message=signed(_COMMITMENT)),
    "declare ties before any name is shown": _of("declare_ties", ties=["某某勘察设计院"]),
    "confirm the names": _of("confirm_names"),
    "stand aside": _of("stand_aside", reason="近亲属在一投标人处任职。"),
    "replace a member": _of("replace_member", member=_member(3), reason="原成员回避。"),
    "vote for the chair": _of("vote_chair", choice="2"),
    "review a bid": _of("review_bid", bid=BID, verdicts=[_FAILED]),
    "open a vote": _of("open_vote", bid=BID, item="licence"),
    "vote on an item": _of("cast_vote", bid=BID, item="licence", passes=False),
    "close the review": _of("close_review", rejected={BID: "unqualified"}),
    "draft a question to a bidder": _of(
        "draft_clarification", bid=BID, text=_QUESTION, period=HOUR
    ),
    "want a question asked": _of("agree_clarification", clarification=_CLARIFICATION),
    "take a question back": _of("drop_clarification", clarification=_CLARIFICATION),
    "let a question out": _of("check_question", clarification=_CLARIFICATION),
    "answer the committee": _of("answer_clarification", message=signed(_ANSWER)),
    "give an answer back": _of(
        "check_answer", clarification=_CLARIFICATION, returned="答复没有回答所提的问题。"
    ),
    "judge the competition": _of(
        "judge_competition", lacking=False, reason="有效投标的报价有差异,具有竞争性。"
    ),
    "correct a price": _of(
        "propose_correction",
        bid=BID,
        ground="unit_price",
        price=88_010_000,
        reason="单价与数量的乘积之和与报价不一致。",
        period=HOUR,
    ),
    "agree to a correction": _of("vote_correction", correction=_CORRECTION, agrees=True),
    "confirm a corrected price": _of("answer_correction", message=signed(_CONFIRMED)),
    "say that the prices are checked": _of("check_prices"),
    "accept an answer": _of("judge_answer", clarification=_CLARIFICATION, accepts=True),
    "pause the evaluation": _of("pause", cause="overnight", reason="今日评标结束,隔夜继续。"),
    "resume the evaluation": _of("resume"),
    "say something to the committee": _of("say", text=openapi_discussion.SAID),
    "submit all marks": _of("submit_marks", message=signed(_SHEET)),
    "sign the report or dissent": _of("sign_report", message=signed(_SIGNATURE)),
    "let the report stand": _of("finish_report"),
    "publish the candidates": _of("publish_candidates", message=signed(openapi_result.CANDIDATES)),
    "object to the result": _of("object_to_result", text=openapi_result.OBJECTED),
    "answer an objection to the result": _of(
        "answer_result_objection", objection=_CLARIFICATION, answer=openapi_result.REPLIED
    ),
    "award the section": _of("award_section", bid=BID),
    **openapi_reevaluation.COMMANDS,
}

RULES: dict[str, Any] = {"items": [{"family": "lowest_price", "rule": _RULE}]}

PREVIEW: dict[str, Any] = {"rule": _RULE, "prices": ["8860000000"]}
_POINTS = {"name": "points", "formula": "30 x 88600000 / 88600000", "value": "30"}
PREVIEWED: dict[str, Any] = {
    "better": "higher",
    "together": [{"name": "lowest_price", "formula": "min(88600000)", "value": "88600000"}],
    "rows": [{"value": "30", "is_low": False, "steps": [_POINTS]}],
}

VIEW: dict[str, Any] = {
    "section": SECTION,
    "step": "report",
    "envelopes": 1,
    "rule": _RULE,
    "rule_hash": _RULE_HASH,
    "members": [
        {
            "seat": "1",
            "place": _PLACES[0],
            "name": "李某",
            "capacity": "expert",
            "standing": "confirmed",
        }
    ],
    "chair": "1",
    "ballot": {"round": 1, "voted": ["1"], "among": ["1"]},
    "progress": {"reviewed": {"1": 1}, "bids": 1, "marked": ["1"]},
    "seat": "1",
    "own": {"ties": [], "reviewed": [BID], "marks_submitted": True, "judged": True},
    "bidders": ["某某建设有限公司"],
    "bids": [{"bid": BID, "organisation": ORGANISATION, "name": "某某建设有限公司"}],
    "to_vote": [],
    "votes": [],
    "failed": [],
    "rejected": {},
    "clarifications": [
        {
            "clarification": _CLARIFICATION,
            "bid": BID,
            "seat": "2",
            "question": _QUESTION,
            "period": HOUR,
            "agreed": ["1"],
            "status": "shown",
            "judged": ["1", "2"],
            "due": MOMENT + HOUR,
            "answer": _ANSWER.text,
            "attachments": _FILES,
        }
    ],
    "corrections": [
        {
            "correction": _CORRECTION,
            "bid": BID,
            "seat": "2",
            "ground": "unit_price",
            "read_out": 88_000_000,
            "price": 88_010_000,
            "reason": "单价与数量的乘积之和与报价不一致。",
            "period": HOUR,
            "votes": {"2": True, "1": True, "3": True},
            "status": "asked",
            "due": MOMENT + HOUR,
        }
    ],
    "competition": {
        "judged": ["1"],
        "lacking": False,
        "votes": {"1": {"lacking": False, "reason": "有效投标的报价有差异,具有竞争性。"}},
    },
    "prices": [{"bid": BID, "read_out": 88_000_000, "price": 88_010_000}],
    "prices_checked": True,
    "said": 1,
    "paused": openapi_discussion.PAUSED,
    "valid": [BID],
    "marks": {BID: {"method": {"1": "61.5"}}},
    "report": {
        "facts": HASH,
        "pdf": HASH,
        "pdf_size": 48_000,
        "signed": {"1": "agrees"},
        "finished": False,
    },
    **openapi_reevaluation.VIEW,
}


CLARIFICATIONS: dict[str, Any] = {
    "items": [
        {
            "clarification": _CLARIFICATION,
            "bid": BID,
            "question": _QUESTION,
            "question_hash": question_hash(_QUESTION),
            "due": MOMENT + HOUR,
            "status": "sent",
            "returned": "答复没有回答所提的问题。",
            "answer": "详见投标文件。",
            "attachments": _FILES,
        }
    ]
}


CORRECTIONS: dict[str, Any] = {
    "items": [
        {
            "correction": _CORRECTION,
            "bid": BID,
            "ground": "unit_price",
            "read_out": 88_000_000,
            "price": 88_010_000,
            "due": MOMENT + HOUR,
            "status": "asked",
        }
    ]
}
ATTACHED: dict[str, Any] = {"size": 182_144, "sha256": HASH, "kind": "pdf"}


def _by(schema: Schema) -> Schema:
    """Return the shape of a map by seat, bid or item."""
    return {"type": "object", "additionalProperties": schema}


_MEMBER = shape({"seat": TEXT, "place": TEXT, "name": TEXT, "capacity": TEXT, "standing": TEXT})
_ITEM = {"bid": ID, "item": TEXT}
_GROUND: Schema = {"enum": list(get_args(CorrectionGround))}
_PRICE: Schema = {"type": ["integer", "null"]}
_ATTACHMENTS = some(shape({"name": TEXT, "sha256": shapes.HASH, "size": COUNT}))
RULES_SHAPE = shape({"items": some(shape({"family": TEXT, "rule": shapes.ANYTHING}))})
SHAPE = shape(
    {
        "section": TEXT,
        "step": {"enum": list(get_args(Step))},
        "envelopes": COUNT,
        "rule": shapes.ANYTHING,
        "rule_hash": shapes.HASH,
        "members": some(_MEMBER),
        "ballot": shape({"round": COUNT, "voted": some(TEXT), "among": some(TEXT)}),
        "progress": shape({"reviewed": _by(COUNT), "bids": COUNT, "marked": some(TEXT)}),
    },
    {
        "chair": TEXT,
        "seat": TEXT,
        "own": shape(
            {"ties": some(TEXT), "reviewed": some(ID), "marks_submitted": FLAG, "judged": FLAG}
        ),
        "bidders": some(TEXT),
        "bids": some(shape({"bid": ID, "organisation": ID, "name": TEXT})),
        "to_vote": some(shape(_ITEM)),
        "votes": some(shape({**_ITEM, "voted": some(TEXT), "outcome": TEXT})),
        "failed": some(ID),
        "rejected": _by(TEXT),
        "clarifications": some(
            shape(
                {
                    "clarification": ID,
                    "bid": ID,
                    "seat": TEXT,
                    "question": TEXT,
                    "period": COUNT,
                    "agreed": some(TEXT),
                    "status": TEXT,
                    "judged": some(TEXT),
                },
                {
                    "due": shapes.MOMENT,
                    "returned": TEXT,
                    "answer": TEXT,
                    "attachments": _ATTACHMENTS,
                },
            )
        ),
        "corrections": some(
            shape(
                {
                    "correction": ID,
                    "bid": ID,
                    "seat": TEXT,
                    "ground": _GROUND,
                    "read_out": _PRICE,
                    "price": COUNT,
                    "reason": TEXT,
                    "period": COUNT,
                    "votes": _by(FLAG),
                    "status": {"enum": list(get_args(Status))},
                },
                {"due": shapes.MOMENT},
            )
        ),
        "competition": shape(
            {"judged": some(TEXT)},
            {"lacking": FLAG, "votes": _by(shape({"lacking": FLAG, "reason": TEXT}))},
        ),
        "prices": some(shape({"bid": ID, "read_out": COUNT, "price": COUNT})),
        "prices_checked": FLAG,
        "said": COUNT,
        "paused": openapi_discussion.PAUSED_SHAPE,
        "valid": some(ID),
        "marks": _by(_by(_by(TEXT))),
        "blind": shape(
            {"draw": ID, "aliases": some(TEXT)},
            {"opened": some(shape({"draw": ID, "seats": some(TEXT), "bids": _by(ID)}))},
        ),
        "accounts": _by(TEXT),
        "stage": shape(
            {"passed": some(ID), "failed": some(shape({"organisation": ID, "why": TEXT}))}
        ),
        "report": shape(
            {
                "facts": shapes.HASH,
                "pdf": shapes.HASH,
                "pdf_size": COUNT,
                "signed": _by(TEXT),
                "finished": FLAG,
            }
        ),
        **openapi_reevaluation.SHAPES,
    },
)
"""What is there depends on the seat, and on how far its member and the committee have come."""

ASKED = shape(
    {
        "items": some(
            shape(
                {
                    "clarification": ID,
                    "bid": ID,
                    "question": TEXT,
                    "question_hash": shapes.HASH,
                    "due": shapes.MOMENT,
                    "status": {"enum": ["sent", "answered", "expired"]},
                },
                {
                    "returned": TEXT,
                    "answer": TEXT,
                    "attachments": _ATTACHMENTS,
                    "over": FLAG,
                    "paused": shapes.MOMENT,
                },
            )
        )
    }
)
"""What a bidder is asked; of an answer given back, the reason and what was answered.

Once the result is published or the section ended, that it is over.
"""

CORRECTED = shape(
    {
        "items": some(
            shape(
                {
                    "correction": ID,
                    "bid": ID,
                    "ground": _GROUND,
                    "read_out": _PRICE,
                    "price": COUNT,
                    "due": shapes.MOMENT,
                    "status": {"enum": ["asked", "accepted", "refused", "expired"]},
                },
                {"over": FLAG, "paused": shapes.MOMENT},
            )
        )
    }
)
"""What a bidder is asked to confirm; never the reason, nor who wanted it.

Once the result is published or the section ended, that it is over.
"""

DRAFT: dict[str, Any] = {
    "version": 3,
    "marks": {BID: {"method": "61."}},
    "review": {BID: {"licence": {"passed": False, "reason": "营业执照已过有效期。"}}},
}
FILES: dict[str, Any] = {
    "bid": BID,
    "envelopes": [{"envelope": 1, "bid": BID}],
    "items": [{"n": 0, "path": "投标文件.pdf", "size": 4096, "sha256": HASH, "kind": "pdf"}],
}
KEPT: dict[str, Any] = {"version": 4, "at": MOMENT}
DRAFT_KEPT: dict[str, Any] = {**DRAFT, **KEPT}
_OPENED: dict[str, Schema] = {
    "n": COUNT,
    "path": TEXT,
    "size": COUNT,
    "sha256": shapes.HASH,
    "kind": {"enum": ["pdf", "png", "jpeg", "text", "other"]},
}
_VERDICT = shape({"passed": {"type": ["boolean", "null"]}, "reason": TEXT})
_SUMS = some(shape({"name": TEXT, "formula": TEXT, "value": TEXT}))
SHAPES: dict[str, Schema] = {
    "Preview": shape(
        {},
        {
            "problems": some(TEXT),
            "impossible": TEXT,
            "better": {"enum": ["higher", "lower"]},
            "together": _SUMS,
            "rows": some(shape({"is_low": FLAG, "steps": _SUMS}, {"value": TEXT, "invalid": TEXT})),
        },
    ),
    "Evaluation": SHAPE,
    "Clarifications": ASKED,
    "OpenedFiles": shape(
        {
            "bid": ID,
            "envelopes": some(shape({"envelope": {"enum": [1, 2]}, "bid": ID})),
            "items": some(shape(_OPENED)),
        }
    ),
    "Corrections": CORRECTED,
    "Attached": shape({"size": COUNT, "sha256": shapes.HASH, "kind": TEXT}),
    "Discussion": openapi_discussion.SHAPE,
    "Result": openapi_result.SHAPE,
    "ScoringRules": RULES_SHAPE,
    "Draft": shape(
        {"version": COUNT, "marks": _by(_by(TEXT)), "review": _by(_by(_VERDICT))},
        {"at": COUNT, "draw": ID},
    ),
    "DraftKept": shape({"version": COUNT, "at": COUNT}),
}
