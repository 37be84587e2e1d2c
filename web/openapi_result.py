"""What integrators are told of a section's result: examples of its messages, and its shape.

As in `openapi_examples`, nothing here is signed by anybody.
"""

from typing import Any

from evaluation.messages import Candidate, Candidates
from web import openapi_shapes as shapes
from web.openapi_examples import BID, HASH, HOUR, MOMENT, ORGANISATION, PROJECT, SECTION
from web.openapi_shapes import COUNT, FLAG, ID, TEXT, Schema, shape, some

_CANDIDATE = Candidate(
    place=1,
    bid=BID,
    organisation=ORGANISATION,
    name="某某市政工程有限公司",
    price="8860000000",
    total="93.27",
)
CANDIDATES = Candidates(
    v=1,
    project=PROJECT,
    section=SECTION,
    facts=HASH,
    until=MOMENT + 3 * 24 * HOUR,
    candidates=(_CANDIDATE,),
)
OBJECTED = "第一中标候选人项目负责人的业绩与公开信息不符，请核实。"
REPLIED = "经核实，业绩合同和验收文件齐全，异议不成立。"
RESULT: dict[str, Any] = {
    "section": SECTION,
    "step": "published",
    "facts": HASH,
    "by_rate": False,
    "candidates": [_CANDIDATE.model_dump(mode="json")],
    "at": MOMENT,
    "until": MOMENT + 3 * 24 * HOUR,
    "objections": [
        {
            "objection": "c1a2b3c4d5e6f708192a3b4c5d6e7f80",
            "name": "某某路桥有限公司",
            "text": OBJECTED,
            "at": MOMENT,
            "due": MOMENT + 3 * 24 * HOUR,
            "answer": REPLIED,
            "answered": MOMENT,
        }
    ],
    "may_object": True,
}
_CANDIDATE_SHAPE = shape(
    {
        "place": COUNT, "bid": ID, "organisation": ID, "name": TEXT, "price": TEXT, "total": TEXT,
    }
)  # fmt: skip
_OBJECTIONS = some(
    shape(
        {"objection": ID, "name": TEXT, "text": TEXT, "at": shapes.MOMENT, "due": shapes.MOMENT},
        {"answer": TEXT, "answered": shapes.MOMENT},
    )
)
_WHY_NONE: Schema = {"enum": ["no_valid_bid", "competition_lacking", "rule_inapplicable"]}
_FORMER = shape(
    {
        "section": TEXT,
        "facts": shapes.HASH,
        "by_rate": FLAG,
        "candidates": some(_CANDIDATE_SHAPE),
        "at": shapes.MOMENT,
        "until": shapes.MOMENT,
        "withdrawn": shapes.MOMENT,
    },
    {"reason": _WHY_NONE, "objections": _OBJECTIONS},
)
SHAPE = shape(
    {
        "section": TEXT,
        "step": {"enum": ["reported", "published", "withdrawn", "awarded"]},
    },
    {
        "facts": shapes.HASH,
        "by_rate": FLAG,
        "candidates": some(_CANDIDATE_SHAPE),
        "reason": _WHY_NONE,
        "reevaluation": ID,
        "replaces": shapes.HASH,
        "since": shapes.MOMENT,
        "former": some(_FORMER),
        "period": COUNT,
        "longest": COUNT,
        "publish_by": shapes.MOMENT,
        "at": shapes.MOMENT,
        "until": shapes.MOMENT,
        "award": shape({"bid": ID, "name": TEXT, "at": shapes.MOMENT}, {"reason": TEXT}),
        "objections": _OBJECTIONS,
        "may_object": FLAG,
    },
)
"""`reported` is what is still to be published, for the clerk; objections are one's own, or for
clerk and supervisor everybody's. `withdrawn`: the committee marks again, and nothing is published
but what is to come; `former` is what was."""
