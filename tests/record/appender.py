"""A process that appends, sequences and tells what it was answered; made to be killed.

Usage: appender.py URL CHECKPOINTS START...  (START: the first command number of each worker)
"""

import asyncio
import os
import sys
from pathlib import Path

from record.desk import Desk
from record.sql import SqlStore
from tests.record.toy import Add, rules_for, submit
from tests.record.witnesses import CountingWitness, sequencer_of


def tell(line: str) -> None:
    os.write(1, line.encode() + b"\n")


async def work(desk: Desk, worker: int, start: int) -> None:
    number = start
    while True:
        command = Add(coins=1, parts=1 + number % 2)
        outcome = await submit(desk, f"p{worker % 2}", command, f"{worker}/{number}")
        numbers = ",".join(str(recorded.stamp.seq) for recorded in outcome.entries)
        tell(f"{worker} {number} {numbers}")
        number += 1


async def main(url: str, path: Path, starts: list[int]) -> None:
    store = await SqlStore.open(url)
    desk = Desk(store, rules_for)
    async with sequencer_of(store, path, CountingWitness()) as sequencer:
        desk.subscribe(lambda _project, _entries: sequencer.wake())
        tell("ready")
        await asyncio.gather(*[work(desk, *each) for each in enumerate(starts)])


if __name__ == "__main__":
    asyncio.run(main(sys.argv[1], Path(sys.argv[2]), [int(start) for start in sys.argv[3:]]))
