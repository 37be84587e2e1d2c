"""One of several processes that append to the same projects of one PostgreSQL.

Usage: racer.py URL NAME COUNT
"""

import asyncio
import sys

from record.desk import Desk
from record.sql import SqlStore
from tests.record.toy import Add, rules_for, submit


async def main(url: str, name: str, count: int) -> None:
    store = await SqlStore.open(url)
    desk = Desk(store, rules_for)

    async def append(project: str) -> None:
        for number in range(count):
            await submit(desk, project, Add(coins=1), f"{name}/{number}")

    await asyncio.gather(append("p0"), append("p1"))
    await store.close()


if __name__ == "__main__":
    asyncio.run(main(sys.argv[1], sys.argv[2], int(sys.argv[3])))
