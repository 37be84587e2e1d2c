"""A published project on the record of a service that has not started yet, and bids for it."""

import asyncio
import base64
from pathlib import Path

from crypto import sealing, signatures
from crypto.hashing import H
from crypto.points import base_mul, decode65
from opening.commands import AdmitBid
from opening.events import KeyMade
from opening.messages import SUITE, BidParams
from opening.state import Key
from record.entries import GENESIS, Act, Salts, make_entry, trace_bytes
from record.events import Signed
from record.sql import SqlStore
from record.store import Append, CommandRow
from tests.opening import bidding
from tests.opening.bidding import Sealed
from tests.project import world
from tests.web.service import Person, Running

PROJECT = world.PROJECT
SECTION = world.SECTION
DEADLINE = world.DEADLINE


def put_record(folder: Path, made: world.World) -> None:
    """Write what happened in a world of the rules into the store a service will open."""
    head, entries, rows = GENESIS, [], []
    for event, stamp in made.told:
        name = f"seed-{stamp.seq}"
        act = Act(PROJECT, stamp.at, stamp.actor, name, trace_bytes({}))
        salts = Salts.cut(b"".join(H("id", name.encode(), bytes([n])) for n in range(3)))
        entry = make_entry(head, act, event.type, event.body(), salts)
        rows.append(CommandRow(name, bytes(32), entry.seq, entry.seq))
        entries.append(entry)
        head = entry.head

    async def write() -> None:
        store = await SqlStore.open(f"sqlite:///{folder / 'record.db'}")
        await store.append(Append(PROJECT, GENESIS, tuple(entries), tuple(rows)))
        await store.close()

    asyncio.run(write())


def published() -> world.World:
    """Return a published project whose one key is good for sealing; nobody knows its shares."""
    made = world.drafted()
    made.ceremony_started()
    sid = list(made.state.opening.attempts)[-1]
    share = base_mul(5).compressed().hex()
    made.happened(
        KeyMade(
            sid=sid,
            key_id=H("id", sid.encode()).hex(),
            pk=base_mul(7).uncompressed().hex(),
            y_t=share,
            y=(share, share),
        )
    )
    made.adds_document("tender.pdf")
    made.publishes()
    return made


def key_of(made: world.World) -> Key:
    return made.state.opening.keys[SECTION, 1]


def seal(key: Key, organisation: str, label: str, **changes: object) -> Sealed:
    """Seal a small bid as a bidder's client does."""
    values = {
        "v": 1,
        "suite": SUITE,
        "project": PROJECT,
        "section": SECTION,
        "envelope": 1,
        "key": sealing.key_hash(decode65(key.pk)).hex(),
        "key_id": key.key_id,
        "bidder": organisation,
        "bid": H("id", label.encode())[:16].hex(),
        "revision": 1,
        "media_type": "application/zip",
        "created": world.T0,
    }
    content = bidding.package(b"{}", {"a.txt": label.encode()})
    return bidding.seal(key, BidParams.model_validate({**values, **changes}), content, label)


def command(sealed: Sealed, bidder: Person, upload: str) -> dict[str, object]:
    """Sign a sealed bid and return the command that submits it."""
    message = sealed.bid
    signed = signatures.sign(message.payload_type(), message.payload(), bidder.key)
    envelope = Signed.model_validate_json(signatures.envelope_bytes(signed))
    return AdmitBid(message=envelope, upload=upload).model_dump(mode="json")


def upload(service: Running, bidder: Person, content: bytes) -> str:
    """Upload a sealed file in one request and return the upload's id."""
    told = {"project": PROJECT, "section": SECTION, "envelope": "1"}
    metadata = ",".join(
        f"{name} {base64.b64encode(value.encode()).decode()}" for name, value in told.items()
    )
    headers = bidder.headers(
        **{
            "tus-resumable": "1.0.0",
            "upload-length": str(len(content)),
            "upload-metadata": metadata,
            "content-type": "application/offset+octet-stream",
        }
    )
    answer = service.http.post("/api/uploads", content=content, headers=headers)
    assert answer.status_code == 201, answer.text
    return answer.headers["location"].rsplit("/", 1)[1]
