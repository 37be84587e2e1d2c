"""What integrators are told of a committee's discussion and pauses: examples and shapes."""

from typing import Any, get_args

from crypto.fingerprint import characters, words
from evaluation.pause_events import PauseCause
from web import openapi_shapes as shapes
from web.openapi_examples import HASH, MOMENT
from web.openapi_shapes import COUNT, TEXT, shape, some

SAID = "两家的施工组织设计差别较大,请各位先看第三章。"
DISCUSSION: dict[str, Any] = {
    "shown_by": "name",
    "count": 1,
    "items": [{"n": 1, "seat": "2", "name": "王芳", "at": MOMENT, "text": SAID}],
}
SHAPE = shape(
    {
        "shown_by": {"enum": ["name", "seat"]},
        "count": COUNT,
        "items": some(
            shape({"n": COUNT, "seat": TEXT, "at": shapes.MOMENT, "text": TEXT}, {"name": TEXT})
        ),
    }
)
"""Messages after the one that was asked for; names where members are shown by name."""

PAUSED: dict[str, Any] = {
    "since": MOMENT,
    "cause": "lunch",
    "reason": "午休",
    "state": HASH,
    "words": " ".join(words(bytes.fromhex(HASH))),
    "characters": "".join(characters(bytes.fromhex(HASH))),
}
PAUSED_SHAPE = shape(
    {
        "since": shapes.MOMENT,
        "cause": {"enum": list(get_args(PauseCause))},
        "reason": TEXT,
        "state": shapes.HASH,
        "words": TEXT,
        "characters": TEXT,
    },
    {"differed": shapes.HASH},
)
