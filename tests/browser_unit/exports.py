"""Exports for the browser's reader of records, each with what Python's client says of it."""

import io
import json
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

from pydantic import BaseModel

from client import container, record_copy
from client.errors import ClientError
from client.opening_checks import check, check_partials
from client.profile import Trust
from crypto import signatures
from evaluation import messages as evaluation
from opening import messages, order
from opening.messages import BidParams, Message, TimekeeperDeal
from opening.stages import session_at
from opening.state import OpeningState, Place, SealedBid
from project.parse import EVENTS
from record.errors import Refused
from tests.forgeries import (
    of_dropped_bids,
    of_old_keys,
    of_the_log,
    of_the_record,
    of_the_story,
)
from tests.forgeries.forging import forged
from tests.opening.world import DEADLINE, FIRST, PROJECT, SECOND
from tests.verifier.logbook import Logbook, logbook, parts
from tests.verifier.stories import STORIES
from tests.verifier.told import LOG, SERVICE_KEY, WITNESS, Told

TRUST = Trust(
    LOG.verifier.encode(),
    WITNESS.verifier.encode(),
    signatures.public_spki(SERVICE_KEY).hex(),
)

FLIPS = 16
"""How many bytes of a record are flipped, one at a time."""


@dataclass(frozen=True)
class Export:
    """A record as a file, and the opening on it that is asked for."""

    name: str
    data: bytes
    place: Place = FIRST


def ordered() -> Told:
    """A session up to its order: what a custodian finds when it is asked for its shares."""
    world = Told(co_open=True, bidders=5, minimum=2, n=4, k=3)
    world.opened_up()
    bids = [world.last_of(number) for number in world.bidder]
    world.withdraw(5, bids[4])
    again = world.bid(2)
    world.at(DEADLINE)
    world.announce()
    world.window("secrets")
    for number, bid in ((1, bids[0]), (2, again), (3, bids[2])):
        world.release_secret(number, bid)
    world.at(world.session().windows["secrets"])
    world.order()
    return world


def exported(world: Told) -> bytes:
    return parts(logbook(world, files=False)).joined()


def exports() -> Iterator[Export]:
    """Give every story, and whatever is forged, cut or hidden that Python's client minds."""
    tell = cache(lambda story: STORIES[story]())
    for story in STORIES:
        yield Export(f"story/{story}", exported(tell(story)))
    yield Export("story/two_envelopes", exported(tell("two_envelopes")), SECOND)
    for export in _broken(tell):
        if verdict(export).get("warnings") != []:
            yield export


def _broken(tell: Callable[[str], Told]) -> Iterator[Export]:
    for name, (_, forge) in of_the_log.FORGERIES.items():
        yield Export(f"log/{name}", forge(tell("plain")))
    for name, (_, story, change) in of_the_record.FORGERIES.items():
        yield Export(f"record/{name}", forged(tell(story), change))
    for name, (_, told) in of_the_story.FORGERIES.items():
        yield Export(f"told/{name}", exported(told()))
    for name, (_, _, told) in of_dropped_bids.FORGERIES.items():
        yield Export(f"dropped/{name}", exported(told()))
    for name, (_, _, _, told) in of_old_keys.FORGERIES.items():
        yield Export(f"old/{name}", exported(told()))
    for name, what in (("sign-in", "opening.signed_in"), ("bid", "opening.bid_admitted")):
        yield Export(f"hidden/{name}", parts(_hiding(tell("plain"), what)).joined())
    plain = exported(tell("plain"))
    yield Export("cut/short", plain[: len(plain) // 2])
    yield Export("cut/nothing", b"")
    for at in range(len(plain) // FLIPS // 2, len(plain), len(plain) // FLIPS):
        flipped = bytearray(plain)
        flipped[at] ^= 1
        yield Export(f"flip/{at}", bytes(flipped))


def _hiding(world: Told, what: str) -> Logbook:
    book = logbook(world, files=False)
    book.hidden = lambda row: row.type == what
    return book


def verdict(export: Export) -> dict[str, Any]:
    """Return what Python's client says of an opening: what is on it, or why it is refused."""
    try:
        found = container.read(io.BytesIO(export.data), TRUST, PROJECT)
        copy = record_copy.copy_of(found, found.checkpoints[-1])
        opening = check(copy, export.place)
        posted = check_partials(copy, opening)
    except (ClientError, Refused, ValueError, KeyError) as error:
        return {"holds": False, "why": f"{type(error).__name__}: {error}"[:100]}
    return {
        "holds": True,
        "opening_id": opening.opening_id.hex(),
        "key_id": opening.order.key_id,
        "bids": [bid.model_dump() for bid in opening.order.bids],
        "left": left_off(copy.state.opening, export.place),
        "warnings": list(opening.warnings),
        "posted": list(posted),
    }


def left_off(state: OpeningState, place: Place) -> dict[str, str]:
    """Return every bid of a place that is not on its list, with the reason."""
    due = {bid.bid for bid in order.due_bids(state, place)}
    listed = {bid.bid for bid in order.opening_list(state, place)}
    lost = {one.bid for one in session_at(state, place).lost}
    return {
        bid.bid: _why_off(bid, due, lost)
        for bid in state.bids.values()
        if bid.place == place and bid.bid not in listed
    }


def _why_off(bid: SealedBid, due: set[str], lost: set[str]) -> str:
    if bid.status != "live":
        return bid.status
    if bid.bid not in due:
        return "not_passed_on"
    return "file_lost" if bid.bid in lost else "secret_missing"


def forms() -> dict[str, dict[str, list[str]]]:
    """Return the fields of every event and message; one that may be absent ends in `?`."""
    told = {**vars(messages), **vars(evaluation)}
    kinds = [one for one in told.values() if _is_message(one)]
    named = {kind.name: kind for kind in kinds if kind is not TimekeeperDeal}
    named |= {"timekeeper-deal": TimekeeperDeal, "bid-params": BidParams}
    return {
        "events": {name: _fields(kind, {"type"}) for name, kind in EVENTS.items()},
        "messages": {name: _fields(kind, set()) for name, kind in named.items()},
    }


def _is_message(one: object) -> bool:
    return isinstance(one, type) and issubclass(one, Message) and one is not Message


def _fields(kind: type[BaseModel], apart: set[str]) -> list[str]:
    return sorted(
        name if field.is_required() else f"{name}?"
        for name, field in kind.model_fields.items()
        if name not in apart
    )


def write(folder: Path, found: Iterator[Export], **more: Any) -> None:
    """Write exports and what is said of each into a folder."""
    told = []
    for number, export in enumerate(found):
        (folder / str(number)).write_bytes(export.data)
        section, envelope = export.place
        about = {"file": str(number), "name": export.name, "section": section}
        told.append({**about, "envelope": envelope, **verdict(export)})
    index = {
        "project": PROJECT,
        "log": TRUST.log,
        "timekeeper": TRUST.timekeeper,
        "exports": told,
        "faults": {
            f"old/{name}": fault for name, (_, _, fault, _) in of_old_keys.FORGERIES.items()
        },
        "forms": forms(),
        **more,
    }
    (folder / "index.json").write_text(json.dumps(index))
