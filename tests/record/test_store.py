"""The contract of the store, on memory, SQLite and PostgreSQL alike."""

import asyncio
import hashlib
from dataclasses import replace

import pytest
from sqlalchemy import insert, select
from sqlalchemy.exc import IntegrityError

from crypto.merkle import Node
from record.entries import GENESIS, Act, Entry, Head, Salts, check_entry, make_entry
from record.events import Actor
from record.store import (
    Append,
    CommandRow,
    Cosigned,
    HeadMoved,
    LogMoved,
    Placed,
    Store,
    StoreLocked,
)
from tests.record.tables import names

ACT = Act("p1", 5_000, Actor("ann", "seat-3"), "c1", b'{"address":"192.0.2.7"}')
DIGEST = bytes(range(32))


def salts(number: int) -> Salts:
    return Salts.cut(hashlib.shake_256(number.to_bytes(8, "big")).digest(96))


def chain(head: Head, count: int, act: Act = ACT) -> tuple[Entry, ...]:
    made = []
    for number in range(count):
        body = b'{"n":%d,"text":"\xe6\x8a\x95\xe6\xa0\x87"}' % number
        made.append(make_entry(head, act, "toy.thing", body, salts(head.seq + number)))
        head = made[-1].head
    return tuple(made)


def growth(head: Head, count: int = 1, project: str = "p1", command: str = "c1") -> Append:
    entries = chain(head, count, replace(ACT, project=project, command=command))
    row = CommandRow(command, DIGEST, entries[0].seq, entries[-1].seq)
    return Append(project, head, entries, (row,))


async def test_a_record_that_has_not_begun_is_empty(store: Store) -> None:
    assert await store.head("p1") == GENESIS
    assert await store.entries("p1") == []
    assert await store.projects() == []
    assert await store.command("p1", "c1") is None


async def test_what_is_read_is_what_was_written_byte_for_byte(store: Store) -> None:
    append = growth(GENESIS, 5)
    await store.append(append)
    assert tuple(await store.entries("p1")) == append.entries
    assert await store.head("p1") == append.entries[-1].head
    assert await store.command("p1", "c1") == CommandRow("c1", DIGEST, 1, 5)
    assert await store.entries("p1", after=2, limit=2) == list(append.entries[2:4])


async def test_the_chain_that_is_read_back_holds(store: Store) -> None:
    await store.append(growth(GENESIS, 3))
    await store.append(growth(await store.head("p1"), 3, command="c2"))
    head = GENESIS
    for entry in await store.entries("p1"):
        check_entry(entry, head)
        head = entry.head
    assert head.seq == 6


async def test_a_head_that_moved_refuses_and_nothing_happens(store: Store) -> None:
    await store.append(growth(GENESIS, 2))
    before = await store.entries("p1")
    for stale in (GENESIS, Head(1, 5_000, before[0].leaf), Head(2, 5_000, bytes(32))):
        with pytest.raises(HeadMoved):
            await store.append(growth(stale, command="c9"))
    with pytest.raises(HeadMoved):
        await store.append(growth(Head(7, 5_000, bytes(32)), project="new", command="c9"))
    assert await store.entries("p1") == before
    assert await store.command("p1", "c9") is None
    assert await store.projects() == ["p1"]


async def test_several_projects_grow_together_or_not_at_all(store: Store) -> None:
    await store.append(growth(GENESIS, project="p2"))
    with pytest.raises(HeadMoved):
        await store.append(growth(GENESIS, project="p1"), growth(GENESIS, project="p2"))
    assert await store.projects() == ["p2"]
    await store.append(
        growth(GENESIS, project="p1"),
        growth(await store.head("p2"), project="p2", command="c2"),
    )
    assert (await store.head("p1")).seq == 1
    assert (await store.head("p2")).seq == 2


async def test_other_tables_change_with_the_entries_or_not_at_all(store: Store) -> None:
    first = replace(growth(GENESIS), changes=(insert(names).values(name="ann"),))
    await store.append(first)
    with pytest.raises(HeadMoved):
        await store.append(replace(growth(GENESIS), changes=(insert(names).values(name="bob"),)))
    head = await store.head("p1")
    again = replace(growth(head, command="c2"), changes=(insert(names).values(name="ann"),))
    with pytest.raises(IntegrityError):
        await store.append(again)
    assert await store.head("p1") == head
    assert await store.scalars(select(names.c.name)) == ["ann"]


async def test_tables_change_without_an_event_in_one_transaction(store: Store) -> None:
    with pytest.raises(IntegrityError):
        await store.change(*[insert(names).values(name="eve")] * 2)
    assert await store.rows(select(names)) == []
    await store.change(lambda connection: connection.execute(insert(names).values(name="eve")))
    assert await store.scalars(select(names.c.name)) == ["eve"]


async def test_the_record_that_was_written_to_last_comes_first(store: Store) -> None:
    assert await store.lengths() == {}
    for project, at in (("p1", 6_000), ("p2", 8_000), ("p3", 7_000)):
        entries = chain(GENESIS, 2, replace(ACT, project=project, received=at))
        await store.append(Append(project, GENESIS, entries, (CommandRow("c1", DIGEST, 1, 2),)))
    assert list((await store.lengths()).items()) == [("p2", 2), ("p3", 2), ("p1", 2)]


async def test_a_failure_beside_others_is_its_own(store: Store) -> None:
    good = [growth(GENESIS, project=f"p{n}") for n in range(5)]
    bad = replace(growth(GENESIS, project="bad"), changes=(insert(names).values(name=None),))
    results = await asyncio.gather(
        *[store.append(append) for append in (*good, bad, growth(GENESIS, project="p3"))],
        return_exceptions=True,
    )
    assert results[:5] == [None] * 5
    assert isinstance(results[5], IntegrityError)
    assert isinstance(results[6], HeadMoved)
    assert await store.projects() == [f"p{n}" for n in range(5)]


async def test_racing_tasks_make_one_chain(store: Store) -> None:
    async def writer(name: int) -> int:
        conflicts = 0
        for number in range(6):
            while True:
                head = await store.head("p1")
                try:
                    await store.append(growth(head, 2, command=f"{name}/{number}"))
                    break
                except HeadMoved:
                    conflicts += 1
        return conflicts

    await asyncio.gather(*[writer(name) for name in range(5)])
    entries = await store.entries("p1")
    assert [entry.seq for entry in entries] == list(range(1, 61))
    head = GENESIS
    for entry in entries:
        check_entry(entry, head)
        head = entry.head


async def test_what_waits_for_the_log_is_told_in_order_until_it_is_there(store: Store) -> None:
    await store.append(growth(GENESIS, 3))
    await store.append(growth(GENESIS, 2, project="p2"))
    waiting = await store.waiting(100)
    assert sorted((w.project, w.seq) for w in waiting) == [
        ("p1", 1), ("p1", 2), ("p1", 3), ("p2", 1), ("p2", 2),
    ]  # fmt: skip
    leaf = (await store.entries("p1"))[0].leaf
    assert next(w.leaf for w in waiting if (w.project, w.seq) == ("p1", 1)) == leaf
    placed = [Placed("p1", 1, 0), Placed("p1", 2, 2)]
    hashes = {Node(0, n): bytes([n]) * 32 for n in range(3)} | {Node(1, 0): bytes(32)}
    await store.extend_log(0, 3, placed, hashes)
    assert await store.tree_size() == 3
    assert sorted((w.project, w.seq) for w in await store.waiting(100)) == [
        ("p1", 3), ("p2", 1), ("p2", 2),
    ]  # fmt: skip
    assert await store.positions("p1", 0, 10) == placed
    assert await store.positions("p1", 1, 10) == placed[1:]
    assert await store.nodes([Node(0, 1), Node(1, 0)]) == {
        Node(0, 1): b"\1" * 32,
        Node(1, 0): bytes(32),
    }


async def test_a_log_of_another_size_is_not_extended(store: Store) -> None:
    await store.extend_log(0, 1, [], {Node(0, 0): bytes(32)})
    with pytest.raises(LogMoved):
        await store.extend_log(0, 1, [], {Node(0, 1): bytes(32)})
    assert await store.tree_size() == 1


async def test_the_first_cosigned_checkpoint_that_holds_a_leaf_is_found(store: Store) -> None:
    assert await store.newest_cosigned() is None
    assert await store.cosigned_holding(0) is None
    for size, note in ((3, b"three"), (7, b"seven"), (7, b"seven again")):
        await store.keep_cosigned(Cosigned(size, note))
    assert await store.cosigned_holding(2) == Cosigned(3, b"three")
    assert await store.cosigned_holding(3) == Cosigned(7, b"seven")
    assert await store.cosigned_holding(7) is None
    assert await store.newest_cosigned() == Cosigned(7, b"seven")
    assert [one.size for one in await store.latest_cosigned(5)] == [7, 3]
    assert await store.latest_cosigned(1) == [Cosigned(7, b"seven")]


async def test_there_is_one_sequencer(store: Store) -> None:
    async with store.sequencing():
        with pytest.raises(StoreLocked):
            async with store.sequencing():
                pass
    async with store.sequencing():
        pass
