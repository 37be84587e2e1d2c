"""The desk, on every store: order, conflict, idempotency, tickets and what listeners hear."""

import asyncio
from typing import Any

import pytest
from sqlalchemy import insert, select
from sqlalchemy.exc import IntegrityError

from record.desk import Desk, Outcome, Recorded
from record.entries import GENESIS, check_entry
from record.errors import Busy, NotValid, TooLate
from record.memory import MemoryStore
from record.store import Append, Store, StoreAway
from tests.record.tables import names
from tests.record.toy import (
    TRACE,
    Add,
    Close,
    CoinsAdded,
    Nothing,
    Take,
    digest,
    given,
    rules_for,
    submit,
)


@pytest.fixture
def desk(store: Store) -> Desk:
    return Desk(store, rules_for)


async def test_a_command_becomes_entries_and_state(desk: Desk, store: Store) -> None:
    outcome = await submit(desk, "p1", Add(coins=3, parts=2), "c1", received=7)
    assert [recorded.stamp.seq for recorded in outcome.entries] == [1, 2]
    assert outcome.entries[0].event == CoinsAdded(coins=3)
    assert outcome.entries[0].stamp.at == 7
    assert not outcome.replayed
    assert (await desk.state("p1")).coins == 6
    assert [entry.text for entry in await store.entries("p1")] == [
        recorded.entry.text for recorded in outcome.entries
    ]
    assert tuple(await desk.read("p1")) == outcome.entries


async def test_a_refusal_leaves_no_trace_and_may_be_tried_again(desk: Desk, store: Store) -> None:
    with pytest.raises(NotValid) as refused:
        await submit(desk, "p1", Take(coins=1), "c1")
    assert refused.value.code == "toy.overdrawn"
    assert await store.entries("p1") == []
    await submit(desk, "p1", Add(coins=1), "c2")
    await submit(desk, "p1", Take(coins=1), "c1")
    assert (await desk.state("p1")).coins == 0


async def test_the_same_command_again_answers_with_its_entries(desk: Desk, store: Store) -> None:
    first = await submit(desk, "p1", Add(coins=3, parts=3), "c1")
    again = await submit(desk, "p1", Add(coins=3, parts=3), "c1", received=9_999)
    elsewhere = await submit(Desk(store, rules_for), "p1", Add(coins=3, parts=3), "c1")
    assert again.replayed
    assert again.entries == elsewhere.entries == first.entries
    assert len(await store.entries("p1")) == 3


async def test_the_same_command_id_with_another_body_is_refused(desk: Desk) -> None:
    await submit(desk, "p1", Add(coins=3), "c1")
    with pytest.raises(NotValid) as refused:
        await submit(desk, "p1", Add(coins=4), "c1")
    assert refused.value.code == "record.command_id_reused"
    await submit(desk, "p2", Add(coins=4), "c1")


async def test_the_same_command_twice_at_once_happens_once(desk: Desk, store: Store) -> None:
    outcomes = await asyncio.gather(
        *[submit(desk, "p1", Add(coins=1), "c1") for _ in range(5)],
        submit(desk, "p1", Add(coins=2), "c1"),
        return_exceptions=True,
    )
    assert isinstance(outcomes[-1], NotValid)
    assert len({o.entries[0].entry.leaf for o in outcomes if isinstance(o, Outcome)}) == 1
    assert len(await store.entries("p1")) == 1


async def test_each_command_is_decided_on_the_state_with_those_before(desk: Desk) -> None:
    outcomes = await asyncio.gather(
        submit(desk, "p1", Add(coins=2), "c1"),
        *[submit(desk, "p1", Take(coins=1), f"t{n}") for n in range(4)],
        return_exceptions=True,
    )
    refused = [isinstance(outcome, NotValid) for outcome in outcomes]
    assert refused == [False, False, False, True, True]
    assert (await desk.state("p1")).coins == 0


async def test_two_desks_on_one_store_never_overdraw(store: Store) -> None:
    desks = [Desk(store, rules_for) for _ in range(3)]
    await submit(desks[0], "p1", Add(coins=20), "start")

    async def spend(desk: Desk, name: str) -> int:
        done = 0
        for number in range(10):
            try:
                await submit(desk, "p1", Take(coins=1), f"{name}/{number}")
                done += 1
            except NotValid:
                pass
        return done

    spent = await asyncio.gather(*[spend(desk, str(n)) for n, desk in enumerate(desks)])
    assert sum(spent) == 20
    head = GENESIS
    for entry in await store.entries("p1"):
        check_entry(entry, head)
        head = entry.head
    assert head.seq == 21


async def test_time_in_a_record_never_goes_back(desk: Desk) -> None:
    await submit(desk, "p1", Add(coins=1), "c1", received=500)
    late = await submit(desk, "p1", Add(coins=1), "c2", received=400)
    assert late.entries[0].stamp.at == 500


async def test_a_command_that_is_still_checked_comes_before_the_close(desk: Desk) -> None:
    with desk.ticket("p1") as ticket:
        closing = asyncio.create_task(submit(desk, "p1", Close(), "close", received=1_001))
        await submit(desk, "p2", Add(coins=1), "elsewhere")
        assert not closing.done()
        await submit(desk, "p1", Add(coins=1), "c1", received=999, ticket=ticket)
    closed = await closing
    assert closed.entries[0].stamp.seq == 2
    with pytest.raises(TooLate):
        await submit(desk, "p1", Add(coins=1), "c2")


async def test_a_dropped_ticket_lets_the_next_go_on(desk: Desk) -> None:
    with desk.ticket("p1"):
        closing = asyncio.create_task(submit(desk, "p1", Close(), "close"))
        await submit(desk, "p2", Add(coins=1), "elsewhere")
        assert not closing.done()
    assert (await closing).entries[0].stamp.seq == 1


async def test_commands_racing_with_a_close_come_in_the_order_of_their_tickets(
    desk: Desk,
) -> None:
    checks = [asyncio.Event() for _ in range(6)]

    async def checked(number: int) -> Any:
        with desk.ticket("p1") as ticket:
            await checks[number].wait()
            return await submit(desk, "p1", Add(coins=1), f"c{number}", ticket=ticket)

    before = [asyncio.create_task(checked(number)) for number in range(3)]
    await asyncio.sleep(0)
    closing = asyncio.create_task(submit(desk, "p1", Close(), "close"))
    await asyncio.sleep(0)
    after = [asyncio.create_task(checked(number)) for number in range(3, 6)]
    for number in (5, 3, 4, 2, 0, 1):
        checks[number].set()
        await asyncio.sleep(0)
    outcomes = await asyncio.gather(*before, closing, *after, return_exceptions=True)
    accepted = [o.entries[0].stamp.seq for o in outcomes if isinstance(o, Outcome)]
    assert accepted == [1, 2, 3, 4]
    assert [type(o) for o in outcomes[4:]] == [TooLate] * 3


async def test_a_ticket_is_used_once_and_for_its_own_project(desk: Desk) -> None:
    with desk.ticket("p1") as ticket:
        with pytest.raises(ValueError, match="another project"):
            await submit(desk, "p2", Add(coins=1), "c1", ticket=ticket)
        await submit(desk, "p1", Add(coins=1), "c1", ticket=ticket)
        with pytest.raises(RuntimeError):
            await submit(desk, "p1", Add(coins=1), "c2", ticket=ticket)


async def test_listeners_hear_every_entry_once_and_in_order(desk: Desk, store: Store) -> None:
    heard: list[int] = []

    def listener(project: str, entries: tuple[Recorded, ...]) -> None:
        assert project == "p1"
        heard.extend(recorded.stamp.seq for recorded in entries)

    def broken(_project: str, _entries: tuple[Recorded, ...]) -> None:
        raise KeyError("a listener's own trouble")

    desk.subscribe(broken)
    end = desk.subscribe(listener)
    other = Desk(store, rules_for)
    for number in range(4):
        await submit(desk, "p1", Add(coins=1, parts=2), f"a{number}")
        await submit(other, "p1", Add(coins=1), f"b{number}")
    await desk.catch_up("p1")
    assert heard == list(range(1, 13))
    end()
    await submit(desk, "p1", Add(coins=1), "last")
    assert heard == list(range(1, 13))


async def test_what_changes_beside_is_made_from_the_entries(desk: Desk, store: Store) -> None:
    def changes(entries: tuple[Recorded, ...]) -> list[Any]:
        return [insert(names).values(name=f"seq-{entries[0].stamp.seq}")]

    await submit(desk, "p1", Add(coins=1), "c1", changes=changes)
    assert await store.scalars(select(names.c.name)) == ["seq-1"]


async def test_a_change_that_fails_fails_its_command_alone(desk: Desk, store: Store) -> None:
    def changes(_entries: tuple[Recorded, ...]) -> list[Any]:
        return [insert(names).values(name="taken")]

    await submit(desk, "p1", Add(coins=1), "c0", changes=changes)
    outcomes = await asyncio.gather(
        submit(desk, "p1", Add(coins=1), "c1"),
        submit(desk, "p1", Add(coins=1), "c2", changes=changes),
        submit(desk, "p1", Add(coins=1), "c3"),
        return_exceptions=True,
    )
    assert [isinstance(outcome, Exception) for outcome in outcomes] == [False, True, False]
    assert isinstance(outcomes[1], IntegrityError)
    assert [entry.written.command for entry in await store.entries("p1")] == ["c0", "c1", "c3"]


async def test_a_rule_that_lets_nothing_happen_is_a_bug_and_told_as_one(desk: Desk) -> None:
    with pytest.raises(RuntimeError):
        await submit(desk, "p1", Nothing(), "c1")


async def test_the_trace_is_beside_the_entry_and_not_in_it(desk: Desk) -> None:
    recorded = (await submit(desk, "p1", Add(coins=1), "c1")).entries[0]
    assert b"192.0.2.7" not in recorded.entry.text
    assert recorded.entry.trace == b'{"address":"192.0.2.7","session":"s-1"}'


async def test_whoever_stops_waiting_before_its_turn_leaves_nothing(desk: Desk) -> None:
    with desk.ticket("p1"):
        waiting = asyncio.create_task(submit(desk, "p1", Add(coins=1), "c1"))
        await asyncio.sleep(0)
        waiting.cancel()
        await asyncio.wait([waiting])
    assert (await desk.state("p1")).entries == 0


async def test_closing_waits_for_what_was_submitted(desk: Desk, store: Store) -> None:
    tasks = [asyncio.create_task(submit(desk, "p1", Add(coins=1), f"c{n}")) for n in range(9)]
    await asyncio.sleep(0)
    await desk.close()
    assert all(task.done() for task in tasks) or len(await store.entries("p1")) == 9
    await asyncio.gather(*tasks)


class Flaky(MemoryStore):
    """A store whose answer gets lost: every other append happens and is not told."""

    calls = 0

    async def append(self, *appends: Append) -> None:
        self.calls += 1
        await super().append(*appends)
        if self.calls % 2:
            raise StoreAway("the line went dead")


async def test_after_an_unknown_outcome_a_retry_happens_once() -> None:
    store = Flaky()
    desk = Desk(store, rules_for)
    heard: list[int] = []
    desk.subscribe(lambda _, entries: heard.extend(r.stamp.seq for r in entries))
    for number in range(4):
        with pytest.raises(Busy):
            await submit(desk, "p1", Add(coins=1), f"c{number}")
        assert (await submit(desk, "p1", Add(coins=1), f"c{number}")).replayed
        await submit(desk, "p1", Take(coins=1), f"t{number}")
    assert (await desk.state("p1")).entries == 8
    assert heard[-6:] == [3, 4, 5, 6, 7, 8]


async def test_a_digest_is_compared_across_a_restart(desk: Desk, store: Store) -> None:
    await submit(desk, "p1", Add(coins=1), "c1")
    again = Desk(store, rules_for)
    with pytest.raises(NotValid):
        await again.submit(
            "p1", Add(coins=1), given("c1"), digest=digest(Add(coins=2)), trace=TRACE
        )
