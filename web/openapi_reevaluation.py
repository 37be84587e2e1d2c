"""What integrators are told of re-evaluations: examples of their commands, and what is seen of one.

As in `openapi_examples`, nothing here is signed by anybody.
"""

from typing import Any, get_args

from evaluation.messages import Remark, Remarks
from evaluation.reevaluation_events import Fault
from web import openapi_shapes as shapes
from web.openapi_examples import BID, HASH, MOMENT, PROJECT, SECTION, signed
from web.openapi_shapes import COUNT, FLAG, ID, TEXT, Schema, shape, some

_NAME = "e1a2b3c4d5e6f708192a3b4c5d6e7f80"
_CELL = {"bid": BID, "item": "method"}
_GIVEN = Remarks(
    v=1,
    project=PROJECT,
    section=SECTION,
    reevaluation=_NAME,
    seat="1",
    rule=HASH,
    marks=(Remark(**_CELL, mark="52.5", reason="原评分未按评分标准扣分。"),),
)
_OF: dict[str, Any] = {"section": SECTION}
_WHY: dict[str, Any] = {"ground": "extreme", "reason": "施工方案一项评分畸高，请复核。"}
COMMANDS: dict[str, dict[str, Any]] = {
    "order a re-evaluation": {
        "type": "evaluation.order_reevaluation", **_OF, **_WHY, "cells": [_CELL],
    },
    "give marks again": {
        "type": "evaluation.give_marks_again", **_OF, "message": signed(_GIVEN),
    },
    "give a re-evaluation up": {
        "type": "evaluation.drop_reevaluation", **_OF, "reason": "一名成员住院，无法参加复评。",
    },
}  # fmt: skip
VIEW: dict[str, Any] = {
    "reevaluations": [
        {
            "reevaluation": _NAME,
            "step": "report",
            **_WHY,
            "at": MOMENT,
            "cells": [_CELL],
            "submitted": ["1", "2", "3", "4", "5"],
            "former": {"facts": HASH, "pdf": HASH, "pdf_size": 47_000, "finished_at": MOMENT},
            "changes": [
                {
                    **_CELL,
                    "seat": "1",
                    "before": "61.5",
                    "after": "52.5",
                    "reason": "原评分未按评分标准扣分。",
                }
            ],
        }
    ],
    "remarks": {
        "reevaluation": _NAME,
        "submitted": True,
        "marks": [{**_CELL, "mark": "52.5"}],
    },
}
"""Beside the rest of an evaluation."""

_AT: dict[str, Schema] = {"bid": ID, "item": TEXT}
_CHANGED = shape({**_AT, "seat": TEXT, "before": TEXT, "after": TEXT, "reason": TEXT})
SHAPES: dict[str, Schema] = {
    "reevaluations": some(
        shape(
            {
                "reevaluation": ID,
                "step": {"enum": ["marks", "report", "done", "dropped"]},
                "ground": {"enum": list(get_args(Fault))},
                "reason": TEXT,
                "at": shapes.MOMENT,
                "cells": some(shape(_AT)),
                "submitted": some(TEXT),
                "former": shape(
                    {
                        "facts": shapes.HASH,
                        "pdf": shapes.HASH,
                        "pdf_size": COUNT,
                        "finished_at": shapes.MOMENT,
                    }
                ),
            },
            {
                "objection": ID,
                "dropped": TEXT,
                "dropped_at": shapes.MOMENT,
                "changes": some(_CHANGED),
            },
        )
    ),
    "remarks": shape(
        {"reevaluation": ID, "submitted": FLAG, "marks": some(shape({**_AT, "mark": TEXT}))}
    ),
}
"""`changes` is shown once every member's marks are in, to the clerk once the new report stands."""
