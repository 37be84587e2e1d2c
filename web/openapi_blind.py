"""What integrators are told of blind parts 暗标.

No shape here has a bid in it.
"""

from collections.abc import Mapping
from typing import Any, Final

from web.blind_files import BLIND, BLIND_FILE
from web.openapi_row import Answer, Row, file, told
from web.openapi_shapes import COUNT, FLAG, TEXT, Schema, shape, some

_KIND: Schema = {"enum": ["pdf", "png", "jpeg", "text", "other"]}
_PART: Mapping[str, Schema] = {"ETag": TEXT, "Accept-Ranges": {"const": "bytes"}}
EXAMPLE: Final[dict[str, Any]] = {
    "items": [
        {
            "alias": "A",
            "files": [{"n": 0, "name": "A-1.pdf", "size": 4096, "kind": "pdf"}],
            "unreadable": False,
        }
    ]
}
SHAPES: Final[dict[str, Schema]] = {
    "BlindParts": shape(
        {
            "items": some(
                shape(
                    {
                        "alias": TEXT,
                        "files": some(
                            shape({"n": COUNT, "name": TEXT, "size": COUNT, "kind": _KIND})
                        ),
                        "unreadable": FLAG,
                    }
                )
            )
        }
    )
}
ROWS: Final[Mapping[tuple[str, str], Row]] = {
    ("get", BLIND): Row(
        "listBlindParts",
        {200: told("The blind parts, by their aliases.", "BlindParts", EXAMPLE)},
    ),
    ("head", BLIND_FILE): Row("askBlindFile", {200: Answer("Its size.", headers=_PART)}),
    ("get", BLIND_FILE): Row(
        "readBlindFile",
        {200: file("The file."), 206: file("The part that Range asks for.")},
        headers={"Range": (TEXT, False), "If-Range": (TEXT, False)},
    ),
}
