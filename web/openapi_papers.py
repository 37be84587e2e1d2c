"""What integrators are told of a member's own papers: drafts and notes on pages."""

from collections.abc import Mapping
from typing import Any

from web import openapi_evaluation as evaluation
from web import openapi_shapes as shapes
from web.drafts import DraftBody
from web.openapi_examples import BID, MOMENT
from web.openapi_row import Row, told
from web.openapi_shapes import COUNT, ID, TEXT, Schema, shape, some
from web.page_notes import NOTES, NoteBody

_PAGE: dict[str, Any] = {"bid": BID, "file": 0, "page": 12}
_TEXT = "工期与第 3 章不一致。"
_NOTE: dict[str, Any] = {
    **_PAGE,
    "judged": BID,
    "envelope": 1,
    "path": "投标文件.pdf",
    "text": _TEXT,
    "at": MOMENT,
}

ROWS: Mapping[tuple[str, str], Row] = {
    ("get", "/api/projects/{project}/sections/{section}/draft"): Row(
        "getDraft",
        {200: told("One's own draft, perhaps an empty one.", "Draft", evaluation.DRAFT_KEPT)},
    ),
    ("put", "/api/projects/{project}/sections/{section}/draft"): Row(
        "keepDraft",
        {200: told("Kept, and which version it is now.", "DraftKept", evaluation.KEPT)},
        takes=DraftBody,
        examples={"marks and a review under way": evaluation.DRAFT},
    ),
    ("get", NOTES): Row(
        "listPageNotes",
        {200: told("All of one's own notes.", "PageNotes", {"items": [_NOTE]})},
    ),
    ("put", NOTES): Row(
        "keepPageNote",
        {200: told("Kept, and when.", "PageNoteKept", {"at": MOMENT})},
        takes=NoteBody,
        examples={"a note on a page": {**_PAGE, "was": "", "text": _TEXT}},
    ),
}

SHAPES: Mapping[str, Schema] = {
    "PageNotes": shape(
        {
            "items": some(
                shape(
                    {
                        "bid": ID,
                        "judged": ID,
                        "envelope": {"enum": [1, 2]},
                        "file": COUNT,
                        "path": TEXT,
                        "page": COUNT,
                        "text": TEXT,
                        "at": shapes.MOMENT,
                    }
                )
            )
        }
    ),
    "PageNoteKept": shape({"at": shapes.MOMENT}),
}
