"""A record as one file that proves itself; docs/record-format.md says what each byte is.

It must not decide who sees what: which entries are open is asked of a predicate it is given. What
the witness has not cosigned yet is left out, so an export can be checked to its last entry.
"""

import hashlib
import tempfile
from bisect import bisect_right
from collections.abc import AsyncIterator, Callable, Sequence
from dataclasses import dataclass
from typing import IO

from crypto import canonical
from crypto.notes import VerifierKey
from record import proofs, ustar
from record.entries import Entry
from record.store import Cosigned, Placed, Store

FORMAT = 1
PAGE = 200
CHUNK = 1 << 20


class ExportFailed(Exception):
    """What was to be exported is not as it was announced; the container is incomplete."""


@dataclass(frozen=True, slots=True)
class About:
    """Whose record it is, by which keys.

    Args:
        log: the log's key; its name is the installation's origin.
        witness: the key behind the cosignatures.
        service: SubjectPublicKeyInfo (DER) of the key that signs refusals.
    """

    log: VerifierKey
    witness: VerifierKey
    service: bytes


@dataclass(frozen=True, slots=True)
class Attachment:
    """A file beside the entries.

    Args:
        name: hex SHA-256 of a document; the bid's id for a sealed file.
        size: bytes, less than 8 GiB.
        read: gives the bytes, from the first on, each time it is called.
    """

    name: str
    size: int
    read: Callable[[], AsyncIterator[bytes]]


@dataclass(frozen=True, slots=True)
class Scope:
    """What of a record is shown.

    Args:
        shows: tells whether an entry is opened; else its leaf alone is there.
        traces: tells whether an opened entry's trace is shown too.
        documents: the files that events name.
        sealed: sealed files, for those entitled to them.
    """

    shows: Callable[[Entry], bool]
    traces: Callable[[Entry], bool] = lambda _entry: False
    documents: Sequence[Attachment] = ()
    sealed: Sequence[Attachment] = ()


async def export(store: Store, project: str, about: About, scope: Scope) -> AsyncIterator[bytes]:
    """Give the container's bytes, piece by piece.

    Raises:
        ExportFailed: an attachment gives more or fewer bytes than it said.
    """
    listed, count = await _list_checkpoints(store, project)
    documents, sealed = _sorted(scope.documents), _sorted(scope.sealed)
    yield _whole("record.json", _about(project, about, listed, count, (documents, sealed)))
    with tempfile.TemporaryFile() as spool:
        await _write_entries(store, project, scope, (listed, count), spool)
        size = spool.tell()
        yield ustar.header("entries.jsonl", size)
        spool.seek(0)
        while piece := spool.read(CHUNK):
            yield piece
        yield ustar.padding(size)
    yield _whole("checkpoints.jsonl", await _checkpoint_lines(store, listed))
    for folder, files in (("documents", documents), ("sealed", sealed)):
        for file in files:
            async for piece in _attached(f"{folder}/{file.name}", file):
                yield piece
    yield ustar.END


async def _list_checkpoints(store: Store, project: str) -> tuple[list[Cosigned], int]:
    """Return each cosigned checkpoint that is the first to hold an entry, and how many are held."""
    listed: list[Cosigned] = []
    count = 0
    while placed := await store.positions(project, count, PAGE):
        for place in placed:
            if not listed or place.position >= listed[-1].size:
                cosigned = await store.cosigned_holding(place.position)
                if cosigned is None:
                    return listed, count
                listed.append(cosigned)
            count = place.seq
    return listed, count


def _about(
    project: str,
    about: About,
    listed: Sequence[Cosigned],
    count: int,
    files: tuple[Sequence[Attachment], Sequence[Attachment]],
) -> bytes:
    return canonical.dumps(
        {
            "v": FORMAT,
            "project": project,
            "log": about.log.encode(),
            "witness": about.witness.encode(),
            "service": {
                "key": about.service.hex(),
                "keyid": hashlib.sha256(about.service).hexdigest(),
            },
            "entries": count,
            "checkpoints": len(listed),
            "documents": len(files[0]),
            "sealed": len(files[1]),
        }
    )


async def _write_entries(
    store: Store,
    project: str,
    scope: Scope,
    covered: tuple[Sequence[Cosigned], int],
    spool: IO[bytes],
) -> None:
    listed, count = covered
    sizes = [cosigned.size for cosigned in listed]
    done = 0
    while done < count:
        page = min(PAGE, count - done)
        entries = await store.entries(project, done, page)
        placed = await store.positions(project, done, page)
        places = [_place(place, sizes) for place in placed]
        paths = await proofs.inclusion(store, places)
        for entry, place, path in zip(entries, placed, paths, strict=True):
            spool.write(_entry_line(entry, place, path, scope) + b"\n")
        done += page


def _place(place: Placed, sizes: Sequence[int]) -> tuple[int, int]:
    """Return a leaf's index and the size of the first listed checkpoint that holds it."""
    return place.position, sizes[bisect_right(sizes, place.position)]


def _entry_line(entry: Entry, place: Placed, path: Sequence[bytes], scope: Scope) -> bytes:
    value: dict[str, canonical.JsonInput] = {
        "seq": entry.seq,
        "index": place.position,
        "proof": [step.hex() for step in path],
    }
    if not scope.shows(entry):
        return canonical.dumps({**value, "leaf": entry.leaf.hex()})
    value |= {
        "entry": entry.text.decode(),
        "salt": entry.salts.leaf.hex(),
        "place_salt": entry.salts.place.hex(),
    }
    if scope.traces(entry):
        value |= {"trace": entry.trace.decode(), "trace_salt": entry.salts.trace.hex()}
    return canonical.dumps(value)


async def _checkpoint_lines(store: Store, listed: Sequence[Cosigned]) -> bytes:
    lines = []
    for number, cosigned in enumerate(listed):
        value: dict[str, canonical.JsonInput] = {"checkpoint": cosigned.note.decode()}
        if number + 1 < len(listed):
            proof = await proofs.consistency(store, cosigned.size, listed[number + 1].size)
            value["proof"] = [step.hex() for step in proof]
        lines.append(canonical.dumps(value) + b"\n")
    return b"".join(lines)


async def _attached(name: str, file: Attachment) -> AsyncIterator[bytes]:
    yield ustar.header(name, file.size)
    given = 0
    async for piece in file.read():
        given += len(piece)
        yield piece
    if given != file.size:
        raise ExportFailed(name)
    yield ustar.padding(file.size)


def _whole(name: str, data: bytes) -> bytes:
    return ustar.header(name, len(data)) + data + ustar.padding(len(data))


def _sorted(files: Sequence[Attachment]) -> list[Attachment]:
    return sorted(files, key=lambda file: file.name)
