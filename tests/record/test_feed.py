"""Following a record: from any number, through a restart of the follower, while it grows."""

import asyncio

import pytest

from record.desk import Desk, Recorded
from record.feed import follow
from record.store import Store
from tests.record.toy import Add, rules_for, submit


@pytest.fixture
def desk(store: Store) -> Desk:
    return Desk(store, rules_for)


async def take(desk: Desk, count: int, after: int = 0) -> list[Recorded]:
    taken: list[Recorded] = []
    async with follow(desk, "p1", after) as entries:
        async for recorded in entries:
            taken.append(recorded)
            if len(taken) == count:
                break
    return taken


async def test_a_follower_gets_old_and_new_entries_once_and_in_order(desk: Desk) -> None:
    await submit(desk, "p1", Add(coins=1, parts=3), "c1")
    following = asyncio.create_task(take(desk, 9))
    for number in range(2):
        await submit(desk, "p2", Add(coins=1), f"other{number}")
        await submit(desk, "p1", Add(coins=1, parts=3), f"more{number}")
    assert [recorded.stamp.seq for recorded in await following] == list(range(1, 10))


async def test_a_follower_goes_on_from_the_number_it_has(desk: Desk) -> None:
    await submit(desk, "p1", Add(coins=1, parts=5), "c1")
    assert [recorded.stamp.seq for recorded in await take(desk, 2, after=3)] == [4, 5]


async def test_a_follower_that_leaves_is_not_called_any_more(desk: Desk) -> None:
    await submit(desk, "p1", Add(coins=1), "c1")
    await take(desk, 1)
    assert desk._listeners == []


async def test_many_followers_see_the_same(desk: Desk) -> None:
    followers = [asyncio.create_task(take(desk, 8)) for _ in range(4)]
    await asyncio.gather(*[submit(desk, "p1", Add(coins=n), f"c{n}") for n in range(8)])
    seen = [[recorded.entry.leaf for recorded in await one] for one in followers]
    assert seen == [seen[0]] * 4
