"""How a cheating service would change a told record: it re-signs what it holds the keys for.

A forgery changes rows of a logbook, which is then logged and cosigned anew, or parts of the
finished container; the log's keys are the forger's, the keys of people only where it says so.
"""

import base64
import json
from collections.abc import Callable
from dataclasses import replace
from typing import Any

from crypto import canonical, signatures
from record.events import Event, Signed
from tests.opening.parties import Party
from tests.verifier.logbook import Logbook, Parts, Row, logbook, parts
from tests.verifier.told import Told

Change = Callable[[Told, Logbook], None]
Fields = dict[str, Any]


def forged(world: Told, change: Change) -> bytes:
    """Return the export of a record that was changed before it was logged."""
    book = logbook(world)
    change(world, book)
    return parts(book).joined()


def mangled(world: Told, change: Callable[[Parts], None]) -> bytes:
    """Return an export that was changed after it was made."""
    made = parts(logbook(world))
    change(made)
    return made.joined()


def says(book: Logbook, event: str, nth: int = 0, /, **fields: Any) -> None:
    """Let an event say something else."""
    place = book.find(event, nth)
    row = book.rows[place]
    book.rows[place] = replace(row, body={**row.body, **fields})


def told(row: Row) -> Fields:
    """Return the message of a row."""
    fields: Fields = json.loads(base64.b64decode(row.body["envelope"]["payload"]))
    return fields


def signs(book: Logbook, event: str, who: Party, nth: int = 0, /, **fields: Any) -> None:
    """Let a message say something else, signed anew by somebody."""
    place = book.find(event, nth)
    row = book.rows[place]
    payload = {name: one for name, one in {**told(row), **fields}.items() if one is not None}
    envelope = row.body["envelope"]
    signed = who.sign_payload(envelope["payloadType"], canonical.dumps(payload))
    book.rows[place] = replace(row, body={**row.body, "envelope": plain(signed)})


def plain(signed: Signed) -> Fields:
    fields: Fields = json.loads(signed.model_dump_json())
    return fields


def drops(book: Logbook, event: str, nth: int = 0) -> None:
    """Leave an event out."""
    del book.rows[book.find(event, nth)]


def adds(book: Logbook, before: str, row: Row, nth: int = 0) -> None:
    """Put an event in before another."""
    book.rows.insert(book.find(before, nth), row)


def row_of(book: Logbook, near: str, event: Event, actor: str, nth: int = 0) -> Row:
    """Return a row for an event, at the moment of the row it stands before."""
    at = book.rows[book.find(near, nth)]
    body = canonical.loads(event.body(), limit=1 << 25)
    return Row(event.type, body, at.at, actor, f"forged-{event.type}", at.cosigned)


def flipped(hexed: str) -> str:
    """Return other bytes in hex."""
    return ("0" if hexed[0] != "0" else "1") + hexed[1:]


def signed_elsewhere(message: Signed, who: signatures.PrivateKey) -> Signed:
    """Return an envelope whose signature another key made in the name of the first."""
    payload = base64.b64decode(message.payload)
    made = signatures.sign(message.payloadType, payload, who)
    only = made["signatures"][0]
    assert isinstance(only, dict)
    named = {**only, "keyid": message.signatures[0].keyid}
    return Signed.model_validate_json(canonical.dumps({**made, "signatures": [named]}))
