"""The export: one form, whole, checkable offline, and no byte of it free."""

import asyncio
import hashlib
import io
import tarfile
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from record.desk import Desk
from record.entries import Entry
from record.export import About, Attachment, ExportFailed, Scope, export
from record.memory import MemoryStore
from record.store import Store
from tests.record.reader import read, split
from tests.record.toy import Add, rules_for, submit
from tests.record.witnesses import LOG, PATIENCE, TIMEKEEPER, CountingWitness, sequencer_of

ABOUT = About(LOG.verifier, TIMEKEEPER.verifier, b"0\x2a the service's key in DER")
DOCUMENT = "招标文件".encode() * 60


def attachment(name: str, data: bytes, size: int | None = None) -> Attachment:
    async def pieces() -> AsyncIterator[bytes]:
        for start in range(0, len(data), 100):
            yield data[start : start + 100]

    return Attachment(name, len(data) if size is None else size, pieces)


def everything(_entry: Entry) -> bool:
    return True


def not_the_third(entry: Entry) -> bool:
    return entry.seq != 3


async def grown(store: Store, path: Path, commands: int = 6) -> None:
    """Fill two projects so that several checkpoints come to be cosigned."""
    desk = Desk(store, rules_for)
    async with sequencer_of(store, path, CountingWitness()) as sequencer:
        desk.subscribe(lambda _project, _entries: sequencer.wake())
        for number in range(commands):
            await submit(desk, "p1", Add(coins=number, note="投标"), f"c{number}")
            await submit(desk, "p2", Add(coins=number), f"c{number}")
            if number % 2:
                await sequencer.receipt("p1", number + 1, patience=PATIENCE)
        await sequencer.receipt("p1", commands, patience=PATIENCE)


async def exported(store: Store, scope: Scope, project: str = "p1") -> bytes:
    return b"".join([piece async for piece in export(store, project, ABOUT, scope)])


SCOPE = Scope(
    shows=not_the_third,
    traces=lambda entry: entry.seq % 2 == 0,
    documents=[attachment(hashlib.sha256(DOCUMENT).hexdigest(), DOCUMENT)],
    sealed=[attachment("b" * 32, bytes(512)), attachment("a" * 32, b"")],
)


async def test_an_export_holds_and_has_every_entry(store: Store, tmp_path: Path) -> None:
    await grown(store, tmp_path / "checkpoints")
    about, entries, checkpoints = read(await exported(store, Scope(everything)))
    assert about["entries"] == len(entries) == 6
    assert [line["entry"].encode() for line in entries] == [
        entry.text for entry in await store.entries("p1")
    ]
    assert len(checkpoints) >= 2
    assert all("trace" not in line for line in entries)


async def test_hidden_entries_show_their_leaf_alone(store: Store, tmp_path: Path) -> None:
    await grown(store, tmp_path / "checkpoints")
    _, entries, _ = read(await exported(store, SCOPE))
    assert [set(line) & {"entry", "leaf", "trace"} for line in entries] == [
        {"entry"}, {"entry", "trace"}, {"leaf"}, {"entry", "trace"}, {"entry"}, {"entry", "trace"},
    ]  # fmt: skip


async def test_files_follow_in_order_and_common_tools_read_them(tmp_path: Path) -> None:
    store = MemoryStore()
    await grown(store, tmp_path / "checkpoints")
    data = await exported(store, SCOPE)
    with tarfile.open(fileobj=io.BytesIO(data)) as tar:
        names = tar.getnames()
        member = tar.extractfile(names[3])
        assert member is not None
        assert member.read() == DOCUMENT
    assert names == [name for name, _ in split(data)]
    assert names[3:] == [
        "documents/" + hashlib.sha256(DOCUMENT).hexdigest(),
        "sealed/" + "a" * 32,
        "sealed/" + "b" * 32,
    ]


async def test_the_same_record_gives_the_same_bytes(tmp_path: Path) -> None:
    store = MemoryStore()
    await grown(store, tmp_path / "checkpoints")
    assert await exported(store, SCOPE) == await exported(store, SCOPE)


async def test_what_is_not_cosigned_is_left_out(store: Store, tmp_path: Path) -> None:
    await grown(store, tmp_path / "checkpoints")
    await submit(Desk(store, rules_for), "p1", Add(coins=1), "not in the log")
    about, _, _ = read(await exported(store, Scope(everything)))
    assert about["entries"] == 6
    await submit(Desk(store, rules_for), "p3", Add(coins=1), "c1")
    about, entries, checkpoints = read(await exported(store, Scope(everything), "p3"))
    assert (about["entries"], entries, checkpoints) == (0, [], [])


async def test_many_pages_are_one_record(tmp_path: Path) -> None:
    store = MemoryStore()
    desk = Desk(store, rules_for)
    await asyncio.gather(*[submit(desk, "p1", Add(coins=1, parts=5), f"c{n}") for n in range(90)])
    async with sequencer_of(store, tmp_path / "checkpoints", CountingWitness()) as sequencer:
        await sequencer.receipt("p1", 450, patience=PATIENCE)
    _, entries, _ = read(await exported(store, Scope(everything)))
    assert len(entries) == 450


@pytest.mark.parametrize("said", [11, 13])
async def test_a_file_of_another_length_than_it_said_fails(tmp_path: Path, said: int) -> None:
    store = MemoryStore()
    await grown(store, tmp_path / "checkpoints", 1)
    scope = Scope(everything, sealed=[attachment("a" * 32, bytes(12), said)])
    with pytest.raises(ExportFailed):
        await exported(store, scope)


async def test_any_flipped_byte_is_found(tmp_path: Path) -> None:
    store = MemoryStore()
    await grown(store, tmp_path / "checkpoints", 2)
    scope = Scope(
        lambda entry: entry.seq != 1,
        everything,
        documents=[attachment(hashlib.sha256(b"doc").hexdigest(), b"doc")],
    )
    data = await exported(store, scope)
    read(data)
    for position in range(len(data)):
        flipped = bytearray(data)
        flipped[position] ^= 1 << position % 8
        found = False
        try:
            read(bytes(flipped))
        except Exception:  # noqa: BLE001 - any finding will do; a verifier gives it its number
            found = True
        assert found, f"byte {position} may be anything"
