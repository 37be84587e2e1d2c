"""The sequencer: order, receipts, an absent witness, restarts and a database put back."""

import asyncio
import itertools
import shutil
from pathlib import Path
from typing import Any

import pytest

from crypto import canonical
from crypto.checkpoints import open_checkpoint, open_cosigned
from crypto.merkle import leaf_hash, verify_consistency, verify_inclusion
from crypto.receipts import check_receipt
from crypto.tlog_proof import parse_tlog_proof
from record import proofs
from record.checkpoint_file import CheckpointFile, CheckpointFileInvalid
from record.desk import Desk
from record.errors import NotFound
from record.memory import MemoryStore
from record.receipts import NotWitnessed
from record.sequencer import LogBehind
from record.sql import SqlStore
from record.store import Store, StoreAway, StoreLocked
from tests.record.toy import Add, rules_for, submit
from tests.record.witnesses import LOG, PATIENCE, TIMEKEEPER, CountingWitness, sequencer_of


@pytest.fixture
def desk(store: Store) -> Desk:
    return Desk(store, rules_for)


@pytest.fixture
def witness() -> CountingWitness:
    return CountingWitness()


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "checkpoints"


def check(receipt: bytes) -> dict[str, Any]:
    """Check a receipt offline and return the entry in it."""
    return check_receipt(receipt, LOG.verifier.encode(), TIMEKEEPER.verifier.encode()).entry


async def fill(desk: Desk, count: int, project: str = "p1", name: str = "c") -> None:
    tasks = [submit(desk, project, Add(coins=n), f"{name}{n}") for n in range(count)]
    await asyncio.gather(*tasks)


async def test_an_entry_has_a_receipt_that_holds_offline(
    store: Store, desk: Desk, witness: CountingWitness, path: Path
) -> None:
    async with sequencer_of(store, path, witness) as sequencer:
        desk.subscribe(lambda _project, _entries: sequencer.wake())
        await submit(desk, "p1", Add(coins=5), "c1")
        entry = check(await sequencer.receipt("p1", 1, patience=PATIENCE))
    assert entry["body"] == {"coins": 5}
    assert entry["project"] == "p1"


async def test_a_receipt_does_not_tell_its_number(
    store: Store, desk: Desk, witness: CountingWitness, path: Path
) -> None:
    async with sequencer_of(store, path, witness) as sequencer:
        desk.subscribe(lambda _project, _entries: sequencer.wake())
        await fill(desk, 7)
        entry = check(await sequencer.receipt("p1", 7, patience=PATIENCE))
    assert set(entry) == {
        "actor", "at", "body", "command", "place", "project", "trace", "type", "v",
    }  # fmt: skip


async def test_the_index_rises_with_the_number_in_every_project(
    store: Store, desk: Desk, witness: CountingWitness, path: Path
) -> None:
    async with sequencer_of(store, path, witness) as sequencer:
        desk.subscribe(lambda _project, _entries: sequencer.wake())
        await asyncio.gather(*[fill(desk, 12, f"p{n}") for n in range(3)])
        for name in range(3):
            await sequencer.receipt(f"p{name}", 12, patience=PATIENCE)
    for name in range(3):
        placed = await store.positions(f"p{name}", 0, 100)
        assert [place.seq for place in placed] == list(range(1, 13))
        indexes = [place.position for place in placed]
        assert indexes == sorted(set(indexes))


async def test_every_entry_is_in_the_log_under_its_leaf(
    store: Store, desk: Desk, witness: CountingWitness, path: Path
) -> None:
    await fill(desk, 30)
    async with sequencer_of(store, path, witness) as sequencer:
        await sequencer.receipt("p1", 30, patience=PATIENCE)
        head = sequencer.head
        assert head is not None
    size, root = head.checkpoint.size, head.checkpoint.root
    placed = await store.positions("p1", 0, 100)
    paths = await proofs.inclusion(store, [(place.position, size) for place in placed])
    for entry, place, path_ in zip(await store.entries("p1"), placed, paths, strict=True):
        verify_inclusion(leaf_hash(entry.leaf), place.position, size, path_, root)


async def test_while_the_witness_is_away_the_log_goes_on_and_receipts_follow(
    store: Store, desk: Desk, witness: CountingWitness, path: Path
) -> None:
    witness.is_away = True
    async with sequencer_of(store, path, witness) as sequencer:
        desk.subscribe(lambda _project, _entries: sequencer.wake())
        await submit(desk, "p1", Add(coins=1), "c1")
        await witness.asked.wait()
        with pytest.raises(NotWitnessed) as waiting:
            await sequencer.receipt("p1", 1, patience=0.0)
        assert waiting.value.receipt is not None
        proof = canonical.loads(waiting.value.receipt)
        assert isinstance(proof, dict)
        note = parse_tlog_proof(str(proof["proof"]).encode()).note
        assert open_checkpoint(note, LOG.verifier).size >= 1
        assert await sequencer.proven("p1", [1]) == {}
        witness.is_away = False
        check(await sequencer.receipt("p1", 1, patience=PATIENCE))
        assert set(await sequencer.proven("p1", [1, 2])) == {1}


async def test_a_cosignature_whose_answer_was_lost_is_asked_for_again(
    store: Store, desk: Desk, witness: CountingWitness, path: Path
) -> None:
    witness.loses_answers = 2
    async with sequencer_of(store, path, witness) as sequencer:
        desk.subscribe(lambda _project, _entries: sequencer.wake())
        await submit(desk, "p1", Add(coins=1), "c1")
        check(await sequencer.receipt("p1", 1, patience=PATIENCE))
        await submit(desk, "p1", Add(coins=1), "c2")
        check(await sequencer.receipt("p1", 2, patience=PATIENCE))


async def test_nobody_gets_a_receipt_for_what_is_not_there(
    store: Store, witness: CountingWitness, path: Path
) -> None:
    async with sequencer_of(store, path, witness) as sequencer:
        for seq in (0, 1, -1):
            with pytest.raises(NotFound):
                await sequencer.receipt("p1", seq, patience=PATIENCE)
        assert sequencer.head is None


async def test_a_second_sequencer_is_refused(
    store: Store, witness: CountingWitness, path: Path
) -> None:
    async with sequencer_of(store, path, witness):
        with pytest.raises(StoreLocked):
            async with sequencer_of(store, path, witness):
                pass


async def test_a_restart_goes_on_with_the_same_log(
    reopen: Any, witness: CountingWitness, path: Path
) -> None:
    sizes = []
    for round_ in range(4):
        store = await reopen()
        desk = Desk(store, rules_for)
        async with sequencer_of(store, path, witness) as sequencer:
            desk.subscribe(lambda _project, _entries, s=sequencer: s.wake())  # type: ignore[misc] # bound now
            await fill(desk, 3, name=f"r{round_}-")
            check(await sequencer.receipt("p1", 3 * round_ + 3, patience=PATIENCE))
            sizes.append(await store.tree_size())
    notes = [canonical.loads(line) for line in path.read_bytes().splitlines()]
    heads = [open_checkpoint(str(n["checkpoint"]).encode(), LOG.verifier) for n in notes]  # type: ignore[index,call-overload] # each line is an object
    assert heads[-1].size == sizes[-1]
    store = await reopen()
    for old, new in itertools.pairwise(heads):
        proof = await proofs.consistency(store, old.size, new.size)
        verify_consistency(old.size, old.root, new.size, new.root, proof)


async def test_what_was_signed_and_not_cosigned_before_a_restart_is_cosigned_after(
    reopen: Any, witness: CountingWitness, path: Path
) -> None:
    store = await reopen()
    witness.is_away = True
    await submit(Desk(store, rules_for), "p1", Add(coins=1), "c1")
    async with sequencer_of(store, path, witness):
        await witness.asked.wait()
    witness.is_away = False
    async with sequencer_of(await reopen(), path, witness) as sequencer:
        check(await sequencer.receipt("p1", 1, patience=PATIENCE))


async def test_an_entry_left_before_the_log_is_sequenced_at_the_next_start(
    reopen: Any, witness: CountingWitness, path: Path
) -> None:
    await submit(Desk(await reopen(), rules_for), "p1", Add(coins=1), "c1")
    async with sequencer_of(await reopen(), path, witness) as sequencer:
        check(await sequencer.receipt("p1", 1, patience=PATIENCE))


async def test_a_database_behind_the_file_is_refused(
    tmp_path: Path, witness: CountingWitness, path: Path
) -> None:
    where, saved = tmp_path / "record.db", tmp_path / "saved.db"
    for round_ in range(2):
        store = await SqlStore.open(f"sqlite:///{where}")
        await submit(Desk(store, rules_for), "p1", Add(coins=1), f"c{round_}")
        async with sequencer_of(store, path, witness) as sequencer:
            await sequencer.receipt("p1", round_ + 1, patience=PATIENCE)
        await store.close()
        if round_ == 0:
            shutil.copy(where, saved)
    shutil.copy(saved, where)
    store = await SqlStore.open(f"sqlite:///{where}")
    with pytest.raises(LogBehind, match="put back to an earlier state"):
        async with sequencer_of(store, path, witness):
            pass
    await store.close()


async def test_a_file_of_another_log_is_refused(witness: CountingWitness, path: Path) -> None:
    for count in (3, 3):
        store = MemoryStore()
        await fill(Desk(store, rules_for), count)
        sequencer = sequencer_of(store, path, witness)
        if not path.exists():
            async with sequencer:
                await sequencer.receipt("p1", count, patience=PATIENCE)
            continue
        with pytest.raises(LogBehind):
            async with sequencer:
                pass


async def test_a_file_behind_the_database_is_brought_up(
    reopen: Any, witness: CountingWitness, path: Path
) -> None:
    store = await reopen()
    await submit(Desk(store, rules_for), "p1", Add(coins=1), "c1")
    async with sequencer_of(store, path, witness) as sequencer:
        await sequencer.receipt("p1", 1, patience=PATIENCE)
    whole = path.read_bytes()
    for lost in (whole, whole[: len(whole) // 2]):
        path.write_bytes(whole[: len(whole) - len(lost)] + lost[: len(lost) // 2])
        async with sequencer_of(store, path, witness):
            assert path.read_bytes() == whole


async def test_a_file_whose_last_line_is_no_checkpoint_is_refused(path: Path) -> None:
    for line in (b"{}\n", b"[]\n", b"hello\n", b'{"checkpoint": "x"}\n'):
        path.write_bytes(line)
        with pytest.raises(CheckpointFileInvalid):
            CheckpointFile(path)


async def test_a_cosigned_checkpoint_tells_the_witness_s_time(
    store: Store, desk: Desk, witness: CountingWitness, path: Path
) -> None:
    await fill(desk, 1)
    async with sequencer_of(store, path, witness) as sequencer:
        await sequencer.receipt("p1", 1, patience=PATIENCE)
        newest = await sequencer.cosigned()
    assert newest is not None
    assert open_cosigned(newest.note, LOG.verifier, TIMEKEEPER.verifier).cosigned_at == 1_001


class Forgetful(MemoryStore):
    """A store that is away for the first tries to extend the log, before or after it happened."""

    tries = 0

    async def extend_log(self, *args: Any) -> None:
        self.tries += 1
        if self.tries == 1:
            raise StoreAway("gone before")
        await super().extend_log(*args)
        if self.tries == 2:
            raise StoreAway("gone after")


async def test_a_log_whose_store_was_away_is_whole(witness: CountingWitness, path: Path) -> None:
    store = Forgetful()
    await fill(Desk(store, rules_for), 5)
    async with sequencer_of(store, path, witness) as sequencer:
        for seq in range(1, 6):
            check(await sequencer.receipt("p1", seq, patience=PATIENCE))
    assert store.tries == 2
