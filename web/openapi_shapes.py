"""The shapes of answers, as JSON Schema; what commands look like comes from their classes."""

from collections.abc import Mapping
from typing import Any, TypeAlias

Schema: TypeAlias = dict[str, Any]

TEXT: Schema = {"type": "string"}
FLAG: Schema = {"type": "boolean"}
COUNT: Schema = {"type": "integer", "minimum": 0}
MOMENT: Schema = {
    "type": "integer",
    "minimum": 0,
    "description": "milliseconds since 1970, UTC",
}
ID: Schema = {"type": "string", "pattern": "^[0-9a-f]{32}$"}
HASH: Schema = {"type": "string", "pattern": "^[0-9a-f]{64}$"}
HEX: Schema = {"type": "string", "pattern": "^([0-9a-f]{2})*$"}
ANYTHING: Schema = {"type": "object"}


def some(schema: Schema) -> Schema:
    """Return the shape of a list."""
    return {"type": "array", "items": schema}


def maybe(schema: Schema) -> Schema:
    """Return the shape of a value that may be null."""
    return {"anyOf": [schema, {"type": "null"}]}


def shape(
    fields: Mapping[str, Schema],
    optional: Mapping[str, Schema] | None = None,
    *,
    is_open: bool = False,
) -> Schema:
    """Return the shape of an object: the fields it has, those it may have, and whether others."""
    made: Schema = {
        "type": "object",
        "properties": {**fields, **(optional or {})},
        "required": list(fields),
    }
    return made if is_open else {**made, "additionalProperties": False}


def ref(name: str) -> Schema:
    """Return a reference to a shape by its name."""
    return {"$ref": f"#/components/schemas/{name}"}


def page_of(item: Schema) -> Schema:
    """Return the shape of one page of a list; `next` goes into `after`."""
    return shape({"items": some(item)}, {"next": TEXT})


EVENT = shape({"type": TEXT, "at": MOMENT, "command": TEXT}, is_open=True)
_SECTION = shape({"section": TEXT, "title": TEXT, "deadline": MOMENT, "phase": TEXT}, is_open=True)
_HEAD: dict[str, Schema] = {
    "project": ID,
    "number": TEXT,
    "title": TEXT,
    "tenderer": TEXT,
    "agency": maybe(TEXT),
    "currency": TEXT,
    "published": FLAG,
    "roles": some(TEXT),
    "sections": some(_SECTION),
}
_DOCUMENT = shape({"document": ID, "title": TEXT, "name": TEXT, "size": COUNT, "sha256": HASH})
_KEYS: Schema = {"type": "object", "additionalProperties": HEX}
_PARTICIPANT = shape(
    {
        "account": TEXT,
        "name": TEXT,
        "organisation": ID,
        "organisation_name": TEXT,
        "role": TEXT,
        "key": maybe(HEX),
        "keyid": maybe(HASH),
        "keys": _KEYS,
    }
)
_BID = shape(
    {
        "bid": ID,
        "section": TEXT,
        "envelope": COUNT,
        "revision": COUNT,
        "status": TEXT,
        "size": COUNT,
        "root": HASH,
        "at": MOMENT,
        "command": TEXT,
        "account": TEXT,
    }
)
_KEY = shape(
    {
        "section": TEXT,
        "envelope": COUNT,
        "sid": HASH,
        "key_id": HASH,
        "pk": HEX,
        "y_t": HEX,
        "y": some(HEX),
        "rehearsed": {"type": "object", "additionalProperties": MOMENT},
        "erased": FLAG,
    }
)
_APPLIED: dict[str, Schema] = {
    "at": MOMENT,
    "status": {"enum": ["open", "approved", "declined"]},
    "reason": TEXT,
    "decided": MOMENT,
}
_PLACED = shape({"section": TEXT, "envelope": COUNT}, is_open=True)
_CHANNEL: dict[str, Schema] = {"now": MOMENT, "ch": TEXT, "epoch": TEXT, "n": COUNT}

SHAPES: dict[str, Schema] = {
    "Problem": shape(
        {"type": TEXT, "title": TEXT, "status": COUNT, "code": TEXT, "detail": TEXT},
        {"problems": some(TEXT), "request": TEXT, "seconds": COUNT, "refusal": ANYTHING},
        is_open=True,
    ),
    "Event": EVENT,
    "Accepted": shape({"events": some(ref("Event")), "receipts": FLAG}),
    "Token": shape({"token": TEXT}),
    "Me": shape(
        {
            "account": TEXT,
            "name": TEXT,
            "organisation": shape({"organisation": ID, "name": TEXT}),
            "roles": some(TEXT),
            "language": TEXT,
            "keys": some(shape({"keyid": HASH, "key": HEX, "since": MOMENT})),
        }
    ),
    "Inbox": shape(
        {
            "unread": COUNT,
            "address": TEXT,
            "items": some(
                shape(
                    {
                        "entry": ID,
                        "at": MOMENT,
                        "project": ID,
                        "kind": TEXT,
                        "about": TEXT,
                        "text": TEXT,
                        "read": FLAG,
                    }
                )
            ),
        }
    ),
    "Invited": shape({"account": TEXT, "name": TEXT, "organisation_name": TEXT, "until": MOMENT}),
    "Sessions": page_of(
        shape(
            {
                "session": ID,
                "address": TEXT,
                "device": TEXT,
                "since": MOMENT,
                "seen": MOMENT,
                "current": FLAG,
            }
        )
    ),
    "Passkeys": page_of(shape({"passkey": HASH, "name": TEXT, "since": MOMENT, "used": MOMENT})),
    "Passkey": shape({"passkey": HASH}),
    "PasskeyAsked": shape({"challenge": TEXT}, is_open=True),
    "Reference": shape({"reference": TEXT}),
    "Applied": shape({"reference": TEXT, **_APPLIED}),
    "Applications": page_of(
        shape(
            {
                "application": ID,
                **_APPLIED,
                "organisation": TEXT,
                "code": TEXT,
                "person": TEXT,
                "account": TEXT,
                "phone": TEXT,
                "email": TEXT,
                "address": TEXT,
                "decider": TEXT,
                "known": maybe(ID),
                "known_name": maybe(TEXT),
                "opened": FLAG,
                "taken": FLAG,
            }
        )
    ),
    "Health": shape(
        {
            "now": MOMENT,
            "version": TEXT,
            "state": {"enum": ["good", "look", "bad"]},
            "parts": {
                "type": "object",
                "additionalProperties": shape(
                    {"state": {"enum": ["good", "look", "bad", "told"]}}, is_open=True
                ),
            },
        }
    ),
    "Preflight": shape(
        {
            "now": MOMENT,
            "timekeeper": shape({"is_set": FLAG, "size": COUNT, "seen": COUNT}, {"at": MOMENT}),
            "disk": shape({"free": COUNT, "reserve": COUNT}),
            "keys": some(
                shape(
                    {
                        "section": TEXT,
                        "envelope": COUNT,
                        "k": COUNT,
                        "erased": FLAG,
                        "custodians": some(shape({"name": TEXT}, {"at": MOMENT})),
                    }
                )
            ),
        }
    ),
    "Organisations": page_of(shape({"organisation": ID, "name": TEXT, "kind": TEXT, "code": TEXT})),
    "Accounts": page_of(
        shape(
            {
                "account": TEXT,
                "name": TEXT,
                "organisation": ID,
                "organisation_name": TEXT,
                "roles": some(TEXT),
                "signs": FLAG,
            },
            {"active": FLAG, "disabled": FLAG, "keys": some(TEXT)},
        )
    ),
    "Projects": page_of(shape(_HEAD)),
    "Project": shape(
        {
            **_HEAD,
            "now": MOMENT,
            "documents": some(_DOCUMENT),
            "participants": some(_PARTICIPANT),
            "clerk_keys": _KEYS,
            "attempts": some(_PLACED),
            "keys": some(_KEY),
            "bids": some(_BID),
            "sessions": some(_PLACED),
            "questions": some(shape({"question": ID, "section": TEXT}, is_open=True)),
        }
    ),
    "Receipt": shape({"v": {"const": 1}, "entry": TEXT, "proof": TEXT}),
    "NotWitnessed": shape(
        {"state": {"const": "not_witnessed"}, "detail": TEXT}, {"receipt": ref("Receipt")}
    ),
    "Proven": shape({"receipts": some(TEXT), "complete": FLAG}),
    "Brought": shape({"size": COUNT, "sha256": HASH}),
    "About": shape(
        {"name": TEXT, "origin": TEXT, "languages": some(TEXT), "empty": FLAG, "now": MOMENT}
    ),
    "ExpectedOrder": shape(
        {
            "project": ID,
            "section": TEXT,
            "envelope": COUNT,
            "key_id": HASH,
            "now": MOMENT,
            "bids": some(shape({"bid": ID, "seq": COUNT, "enc": HEX, "stmt": HASH})),
        }
    ),
    "Verification": shape(
        {
            "at": MOMENT,
            "size": COUNT,
            "holds": FLAG,
            "checks": {
                "type": "object",
                "additionalProperties": shape({"passed": COUNT, "found": COUNT, "left": COUNT}),
            },
            "findings": some(
                shape(
                    {"check": TEXT, "what": TEXT, "expected": TEXT, "found": TEXT},
                    {"entry": COUNT},
                )
            ),
            "not_checked": some(
                shape(
                    {"check": TEXT, "what": TEXT, "because": TEXT, "kind": TEXT, "why": TEXT},
                    {"entry": COUNT, "rests": TEXT},
                )
            ),
        }
    ),
    "Templates": shape(
        {
            "items": some(
                shape(
                    {"template": ID, "name": TEXT, "at": MOMENT, "by": TEXT, "terms": ANYTHING},
                )
            )
        }
    ),
    "Kept": shape({"template": ID}),
    "LogKeys": shape({"log": TEXT, "witness": TEXT, "service": HEX}),
    "Consistency": shape({"proof": some(HASH)}),
    "Ticket": shape({"ticket": TEXT, "epoch": TEXT}),
    "Watchers": shape({"watchers": COUNT}),
    "Channels": shape({"channels": some(TEXT), "epoch": TEXT}),
    "Snapshot": shape({**_CHANNEL, "view": ANYTHING}),
    "Frames": {
        "oneOf": [
            shape(
                {
                    "now": MOMENT,
                    "epoch": TEXT,
                    "n": COUNT,
                    "frames": some(
                        shape({"ch": TEXT, "n": COUNT, "event": ANYTHING, "patch": ANYTHING})
                    ),
                }
            ),
            shape({**_CHANNEL, "view": ANYTHING, "reset": {"const": True}}),
        ]
    },
}
